"""What pretended instruments answer, read by a real client and decoded by hand."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU

from config.catalogue.oddities import Oddities
from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, WordOrder
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from simulators import instruments, lines
from simulators.district import District
from simulators.incidents import Breakdown
from tests.conftest import free_port

NOW_MS = 1_795_513_600_000
ORDERS: tuple[WordOrder, ...] = ("ABCD", "BADC", "CDAB", "DCBA")
FORMATS = {"uint16": ">H", "int16": ">h", "uint32": ">I", "int32": ">i", "float32": ">f"}
ENDS = {
    "uint16": (0, 65_535),
    "int16": (-32_768, 32_767),
    "uint32": (0, 4_294_967_295),
    "int32": (-2_147_483_648, 2_147_483_647),
}
Ask = Callable[[int, int], Awaitable[ModbusPDU]]


def decoded(words: Sequence[int], register: Register, order: WordOrder) -> float:
    """A raw value, put together letter by letter: A is the highest byte of the value."""
    arrived = b"".join(struct.pack(">H", word) for word in words)
    letters = [letter for letter in order if letter in "ABCD"[: len(arrived)]]
    named = dict(zip(letters, arrived, strict=True))
    data = bytes(named[letter] for letter in sorted(named))
    return float(struct.unpack(FORMATS[register.type], data)[0])


def asked(make: Instrument, work: Callable[[Ask, Ask], Awaitable[None]], **how: object) -> None:
    """Serve one instrument, and hand ``work`` its own function and the other one."""

    async def run() -> None:
        port = free_port()
        placement = Placement(make.id, unit=7, host="127.0.0.1", port=port)
        device = instruments.device(placement, make, truth, **how)  # type: ignore[arg-type]
        server = await lines.serve(placement, [device])
        client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=60, retries=0)
        try:
            assert await client.connect()
            holding = bound(client.read_holding_registers)
            inputs = bound(client.read_input_registers)
            await work(*((holding, inputs) if make.function == "holding" else (inputs, holding)))
        finally:
            client.close()
            await server.shutdown()

    asyncio.run(run())


def bound(read: Callable[..., Awaitable[ModbusPDU]]) -> Ask:
    return lambda address, count: read(address, count=count, device_id=7)


def truth(code: str) -> float:
    return {"w01010": 12.5, "w01001": 7.42, "w21003": 4.831, "w21011": 0.118, "w01019": 3.97}.get(
        code, 21.3
    )


@pytest.fixture(
    params=["hengtai-mn3", "hengtai-nh4", "lanhe-wq500", "qingfeng-aq6", "tianyun-ws5"]
)
def make(request: pytest.FixtureRequest, catalogue: Catalogue) -> Instrument:
    return catalogue.instruments[request.param]


def test_every_register_of_every_make_reads_back_as_nature_has_it(make: Instrument) -> None:
    """Function, first address, word order, scale and offset are those of the map."""

    async def work(ask: Ask, _other: Ask) -> None:
        for row in make.registers:
            answer = await ask(row.address - make.first_address, row.words)
            raw = decoded(answer.registers, row, make.word_order)
            value = raw * row.scale + row.offset
            tolerance = 1e-5 if row.type == "float32" else row.scale / 2 + 1e-9
            assert value == pytest.approx(truth(row.indicator), abs=tolerance)

    asked(make, work)


def test_a_whole_block_reads_as_its_parts(catalogue: Catalogue) -> None:
    """Holes between registers are readable and hold nothing."""
    make = catalogue.instruments["lanhe-wq500"]

    async def work(ask: Ask, _other: Ask) -> None:
        block = (await ask(0, 40)).registers
        for row in make.registers:
            at = row.address - 1
            assert (await ask(at, 2)).registers == block[at : at + 2]
        assert block[6:8] == [0, 0]

    asked(make, work)


def test_the_wrong_function_is_refused(make: Instrument) -> None:
    """An agent that asks with function 4 for what 3 holds learns so."""

    async def work(_ask: Ask, other: Ask) -> None:
        first = make.registers[0].address - make.first_address
        assert (await other(first, 1)).isError()
        assert (await other(0, 1)).isError()

    asked(make, work)


def test_declared_oddities_are_held(catalogue: Catalogue) -> None:
    """Too long a request and a forbidden address are refused, what lies beside them is not."""
    odd = msgspec.structs.replace(
        catalogue.instruments["lanhe-wq500"],
        oddities=Oddities(most_registers=4, forbidden=[(7, 8)]),
    )

    async def work(ask: Ask, _other: Ask) -> None:
        assert not (await ask(0, 4)).isError()
        assert (await ask(0, 5)).isError()
        assert (await ask(4, 3)).isError()
        assert not (await ask(4, 2)).isError()

    asked(odd, work)


@pytest.mark.parametrize(
    ("name", "cause", "word"),
    [
        ("hengtai-nh4", Cause.NORMAL, 1),
        ("hengtai-nh4", Cause.MAINTENANCE, 4),
        ("lanhe-wq500", Cause.CALIBRATION, 1),
        # Bytes of this make are swapped in every register, its state's too.
        ("qingfeng-aq6", Cause.FAULT, 0x0900),
        ("hengtai-nh4", Cause.FAULT, 0xEEEE),
    ],
)
def test_the_state_register_says_what_the_instrument_does(
    catalogue: Catalogue, name: str, cause: Cause, word: int
) -> None:
    """A state that the make has no word for is one that no manual lists."""
    make = catalogue.instruments[name]
    assert make.state is not None
    at = make.state.address - make.first_address

    async def work(ask: Ask, _other: Ask) -> None:
        assert (await ask(at, 1)).registers == [word]

    asked(make, work, state=lambda: cause)


def test_an_instrument_without_values_answers_its_sentinels(make: Instrument) -> None:
    """No value is a number of the make's own, or NaN where a float has none."""

    async def work(ask: Ask, _other: Ask) -> None:
        for row in make.registers:
            answer = await ask(row.address - make.first_address, row.words)
            raw = decoded(answer.registers, row, make.word_order)
            assert raw in row.sentinels or (not row.sentinels and math.isnan(raw))

    asked(make, work, state=lambda: Cause.SENTINEL)


@given(
    value=st.floats(-1e9, 1e9),
    kind=st.sampled_from(["uint16", "int16", "uint32", "int32"]),
    order=st.sampled_from(ORDERS),
    scale=st.sampled_from([0.001, 0.1, 1.0, -0.5]),
    offset=st.sampled_from([0.0, -50.0]),
)
def test_an_integer_register_holds_the_nearest_it_can(
    value: float, kind: str, order: WordOrder, scale: float, offset: float
) -> None:
    """Within its ends the error is half a step; beyond them it stands still at the end."""
    row = msgspec.convert(
        {"indicator": "x", "address": 0, "type": kind, "scale": scale, "offset": offset}, Register
    )
    raw = decoded(instruments.encoded(value, row, order), row, order)
    low, high = ENDS[kind]
    wanted = min(max((value - offset) / scale, low), high)
    assert abs(raw - wanted) <= 0.5 + abs(wanted) * 1e-12


def test_a_port_in_use_is_named_with_its_remedy() -> None:
    """The person reads which port and where to change it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=rf"port {port} .*in use; .*stations\.toml"):
            asyncio.run(lines.serve(Placement("x", 1, "127.0.0.1", port), []))


def test_a_host_of_another_machine_is_named() -> None:
    """An address that is not ours is no port in use."""
    with pytest.raises(Refused, match=r"port 15021 .*198\.51\.100\.7.*stations\.toml"):
        asyncio.run(lines.serve(Placement("x", 1, "198.51.100.7", 15021), []))


def test_a_district_answers_for_every_placement(
    catalogue: Catalogue, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each station's line answers with nature of that station now; nothing is said on stderr."""
    moved = with_free_ports(catalogue)
    broken = Breakdown("tonglv-erjia", "hengtai-mn3", 0, NOW_MS + 1)
    district = District(moved, seed=3, now_ms=lambda: NOW_MS, breakdowns=[broken])

    async def run() -> None:
        async with district.serving():
            for station in moved.stations.values():
                for placement in station.instruments:
                    await check(district, moved, station.id, placement)

    asyncio.run(run())
    assert capfd.readouterr().err == ""


async def check(district: District, catalogue: Catalogue, name: str, placement: Placement) -> None:
    make = catalogue.instruments[placement.instrument]
    row = make.registers[0]
    client = AsyncModbusTcpClient(placement.host, port=placement.port, timeout=60, retries=0)
    assert await client.connect()
    read = (
        client.read_holding_registers
        if make.function == "holding"
        else client.read_input_registers
    )
    answer = await read(
        row.address - make.first_address, count=row.words, device_id=placement.unit
    )
    client.close()
    raw = decoded(answer.registers, row, make.word_order)
    if (name, make.id) == ("tonglv-erjia", "hengtai-mn3"):
        assert raw == -9999
        return
    expected = district.truth(catalogue.stations[name], row.indicator, NOW_MS)
    assert raw * row.scale + row.offset == pytest.approx(expected, abs=max(row.scale / 2, 1e-3))


def with_free_ports(catalogue: Catalogue) -> Catalogue:
    replace = msgspec.structs.replace
    stations = {}
    for name, station in catalogue.stations.items():
        port = free_port()
        placements = [replace(placement, port=port) for placement in station.instruments]
        stations[name] = replace(station, instruments=placements)
    return Catalogue(catalogue.site, catalogue.rivers, stations, catalogue.instruments)
