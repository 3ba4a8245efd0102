"""Pretended instruments as an independent master sees them, and lines that cannot be had."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Station
from config.vocabulary.errors import Refused
from simulators import instruments, lines
from simulators.district import District
from tests.conftest import free_port, need

NOW_MS = 1_795_513_600_000


@pytest.fixture(params=["tcp", "serial"])
def placement(request: pytest.FixtureRequest, tmp_path: Path) -> Placement:
    """Unit 3 of the lines that mbpoll speaks on."""
    if request.param == "serial":
        return Placement("probe", 3, serial=str(tmp_path / "ttyS1"))
    return Placement("probe", 3, "127.0.0.1", free_port())


def mbpoll(placement: Placement, *what: str) -> list[float]:
    """What Debian's mbpoll reads at once; no value where it gets no answer."""
    how = ["-m", "tcp", "-p", str(placement.port)]
    if placement.serial:
        how = ["-m", "rtu", "-b", str(placement.baud), "-P", "none"]
    command = [need("mbpoll"), *how, "-a", str(placement.unit), "-1", "-o", "0.5", *what]
    found = subprocess.run(
        [*command, placement.serial or placement.host], capture_output=True, text=True, check=False
    )
    return [
        float(value) for value in re.findall(r"^\[\d+\]:\s+(-?[\d.]+)", found.stdout, re.MULTILINE)
    ]


def served(placement: Placement, make: Instrument, work: Callable[[], object]) -> None:
    """The make, every value of which is 1234.5, while ``work`` runs on a thread."""

    async def run() -> None:
        line = await lines.serve(
            placement, [instruments.device(placement, make, lambda _: 1234.5)]
        )
        try:
            await asyncio.to_thread(work)
        finally:
            await line.shutdown()

    asyncio.run(run())


def test_another_master_reads_what_the_map_says(placement: Placement) -> None:
    """Floats and tenths by functions 3 and 4, bits by 1 and 2; a manual that counts from 1."""
    rows = [
        Register("w01010", 1, "float32"),
        Register("w01001", 3, "uint32", scale=0.1),
        Register("w01009", 5, "int16", scale=-1.0, function="input"),
        Register("w01014", 20, "bit", function="coil"),
        Register("w01003", 7, "bit", function="discrete"),
    ]
    make = Instrument("probe", "Make", "Model", "holding", 1, "ABCD", rows)

    def ask() -> None:
        assert mbpoll(placement, "-t", "4:float", "-B", "-r", "1") == [1234.5]
        assert mbpoll(placement, "-t", "4:int", "-B", "-r", "3") == [12345]
        assert mbpoll(placement, "-t", "3", "-r", "5")[0] in (64302, -1234)
        assert mbpoll(placement, "-t", "0", "-r", "19", "-c", "2") == [0, 1]
        assert mbpoll(placement, "-t", "1", "-r", "7") == [1]

    served(placement, make, ask)


def test_another_master_gets_no_value_of_a_unit_that_is_not_there(placement: Placement) -> None:
    """Silence on RTU, a gateway's answer on TCP."""
    make = Instrument(
        "probe", "Make", "Model", "holding", 1, "ABCD", [Register("w01010", 1, "float32")]
    )

    def ask() -> None:
        assert mbpoll(replace(placement, unit=4), "-t", "4:float", "-B", "-r", "1") == []

    served(placement, make, ask)


def test_a_file_of_that_name_is_no_place_for_a_serial_device(tmp_path: Path) -> None:
    """Nobody's file is taken away."""
    name = tmp_path / "ttyS1"
    name.write_text("kept")
    with pytest.raises(Refused, match=r"ttyS1: File exists; .*stations\.toml"):
        asyncio.run(lines.serve(Placement("x", 1, serial=str(name)), []))
    assert name.read_text() == "kept"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the remedy."""
    name = tmp_path / "nowhere" / "ttyS1"
    with pytest.raises(Refused, match=r"nowhere/ttyS1: No such file"):
        asyncio.run(lines.serve(Placement("x", 1, serial=str(name)), []))


def test_a_pretended_serial_device_knows_no_parity(tmp_path: Path) -> None:
    """NoticeKind at once; the agent could not even open it."""
    with pytest.raises(Refused, match='parity = "N"'):
        asyncio.run(lines.serve(Placement("x", 1, serial=str(tmp_path / "ttyS1"), parity="E"), []))


def test_what_a_killed_simulator_left_behind_is_taken_over(tmp_path: Path) -> None:
    """Its link hangs in the air; ours goes when the line goes."""
    name = tmp_path / "ttyS1"
    name.symlink_to("/dev/pts/99999")

    async def run() -> None:
        line = await lines.serve(Placement("x", 1, serial=str(name)), [])
        assert name.exists()
        await line.shutdown()

    asyncio.run(run())
    assert not name.is_symlink()


def test_a_district_answers_on_serial_lines_too(catalogue: Catalogue, tmp_path: Path) -> None:
    """Three instruments of one station share a line."""
    station = catalogue.stations["tonglv-jinsha"]
    at = [
        Placement(placement.instrument, placement.unit, serial=str(tmp_path / "ttyS1"))
        for placement in station.instruments
    ]
    moved: dict[str, Station] = {station.id: replace(station, instruments=at, loggers=[])}
    found = District(replace(catalogue, stations=moved), seed=3, now_ms=lambda: NOW_MS)
    expected = found.truth(moved[station.id], "w01010", NOW_MS)

    async def run() -> None:
        async with found.serving():
            (value, *_) = await asyncio.to_thread(
                mbpoll, replace(at[0], unit=1), "-t", "4:float", "-B", "-r", "1"
            )
            assert value == pytest.approx(expected, rel=1e-4)

    asyncio.run(run())
