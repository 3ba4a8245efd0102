"""Scenarios out of readable files: what happens, when, and with which label."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue, Logger
from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from simulators import scenarios
from simulators.district import District

BEGAN_MS = 1_795_492_800_000
LOGGER = Logger("A110000_0001", "123456", "2017", 9212, "127.0.0.1", ["w01010"])
ALL = """
[[event]]
kind = "spill"
river = "tonglv"
after = "20s"
[[event]]
kind = "bloom"
stations = ["tonglv-jinsha"]
after = "1h"
lasts = "6h"
[[event]]
kind = "dust"
stations = ["air-jinsha", "air-shigang"]
after = "0s"
lasts = "2h"
[[event]]
kind = "drift"
station = "tonglv-erjia"
indicator = "w21003"
after = "0s"
lasts = "10h"
size = 0.05
[[event]]
kind = "stuck"
station = "tonglv-erjia"
indicator = "w01010"
after = "1h"
lasts = "1h"
[[event]]
kind = "noise"
station = "tonglv-erjia"
indicator = "w01001"
after = "0s"
lasts = "1h"
size = 2.0
[[event]]
kind = "calibration"
station = "air-jinsha"
instrument = "qingfeng-aq6"
after = "30s"
lasts = "2m"
"""


def district(folder: Path, catalogue: Catalogue, text: str = ALL) -> District:
    """With everything of a file in it."""
    file = folder / "scenario.toml"
    file.write_text(text, encoding="utf-8")
    script = scenarios.load(file, catalogue, BEGAN_MS)
    return District(
        catalogue,
        seed=1,
        now_ms=lambda: BEGAN_MS,
        incidents=script.incidents,
        breakdowns=script.breakdowns,
        faults=script.faults,
    )


def test_nature_is_changed_by_what_happens_in_it_and_nowhere_else(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """A bloom at its height, a dust storm, and a station that they do not reach."""
    calm, lively = district(tmp_path, catalogue, "event = []"), district(tmp_path, catalogue)
    jinsha, erjia = catalogue.stations["tonglv-jinsha"], catalogue.stations["tonglv-erjia"]
    height = BEGAN_MS + 4 * HOUR_MS
    assert lively.truth(jinsha, "w01001", height) > calm.truth(jinsha, "w01001", height) + 1
    assert lively.truth(jinsha, "w01009", height) > 1.5 * calm.truth(jinsha, "w01009", height)
    assert lively.truth(erjia, "w01001", height) == calm.truth(erjia, "w01001", height)
    air = catalogue.stations["air-shigang"]
    assert lively.truth(air, "a34002", BEGAN_MS + HOUR_MS) > 600
    assert lively.truth(air, "a34002", BEGAN_MS + 3 * HOUR_MS) < 200


def test_a_faulty_sensor_lies_while_nature_stays_as_it_is(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """Drift grows by the hour, a stuck one shows one value, noise jumps; then all is well again."""
    lively, station = district(tmp_path, catalogue), catalogue.stations["tonglv-erjia"]

    def off(code: str, t_ms: int) -> float:
        return lively.shown(station, code, t_ms) - lively.truth(station, code, t_ms)

    assert off("w21003", BEGAN_MS + 4 * HOUR_MS) == pytest.approx(0.2)
    assert off("w21003", BEGAN_MS + 10 * HOUR_MS) == 0
    held = {lively.shown(station, "w01010", BEGAN_MS + HOUR_MS + m * MINUTE_MS) for m in range(60)}
    assert len(held) == 1
    jumps = [abs(off("w01001", BEGAN_MS + s * 1000)) for s in range(60)]
    assert max(jumps) > 1
    assert off("w01001", BEGAN_MS + 2 * HOUR_MS) == 0


def test_the_same_seed_gives_the_same_data_and_every_event_has_its_label(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """In the order of time."""
    one, other = district(tmp_path, catalogue), district(tmp_path, catalogue)
    station = catalogue.stations["tonglv-erjia"]
    for code in catalogue.plans[station.id]:
        t_ms = BEGAN_MS + 77_000
        assert one.shown(station, code, t_ms) == other.shown(station, code, t_ms)
    labels = scenarios.load(tmp_path / "scenario.toml", catalogue, BEGAN_MS).labels
    assert [(label["kind"], int(label["began"]) - BEGAN_MS) for label in labels] == [
        ("dust", 0), ("drift", 0), ("noise", 0), ("spill", 20_000), ("calibration", 30_000),
        ("bloom", HOUR_MS), ("stuck", HOUR_MS),
    ]  # fmt: skip
    (calibration,) = one.breakdowns
    assert calibration.cause is Cause.CALIBRATION


TROUBLES = """
[[event]]
kind = "power-cut"
station = "tonglv-erjia"
after = "1m"
[[event]]
kind = "line-loss"
station = "tonglv-erjia"
instrument = "hengtai-nh4"
after = "2m"
[[event]]
kind = "slow"
station = "tonglv-erjia"
after = "3m"
size = 1500
[[event]]
kind = "corrupt"
station = "air-jinsha"
after = "4m"
share = 0.3
[[event]]
kind = "clock-jump"
station = "tonglv-jinsha"
after = "5m"
size = -3600
[[event]]
kind = "broker-loss"
after = "6m"
lasts = "3m"
[[event]]
kind = "broker-silence"
after = "7m"
"""


def test_troubles_of_lines_clocks_and_broker_have_their_labels(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """Each says whom it strikes, from when on and until when."""
    jinsha = replace(catalogue.stations["tonglv-jinsha"], loggers=[LOGGER])
    catalogue = replace(catalogue, stations=catalogue.stations | {jinsha.id: jinsha})
    file = tmp_path / "scenario.toml"
    file.write_text(TROUBLES, encoding="utf-8")
    script = scenarios.load(file, catalogue, 0)
    assert script.labels[1] == {
        "station": "tonglv-erjia", "instrument": "hengtai-nh4", "kind": "line-loss",
        "began": 2 * MINUTE_MS, "ended": 12 * MINUTE_MS,
    }  # fmt: skip
    assert script.labels[5] == {
        "kind": "broker-loss",
        "began": 6 * MINUTE_MS,
        "ended": 9 * MINUTE_MS,
    }
    assert [of.kind for of in script.troubles] == [str(row["kind"]) for row in script.labels]
    assert [(of.size, of.share) for of in script.troubles[2:5]] == [
        (1500, 0),
        (0, 0.3),
        (-3600, 0),
    ]


def event(kind: str, *lines: str) -> str:
    """One event of a file, after a second."""
    return "\n".join(["[[event]]", f'kind = "{kind}"', 'after = "1s"', *lines, ""])


AIR, WATER = 'station = "air-jinsha"', 'station = "tonglv-erjia"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (event("slow", AIR), r"event\[1\]\.size: is missing; write how many ms"),
        (event("slow", AIR, "size = -1"), r"size: cannot be -1; write how many ms"),
        (event("slow", AIR, "size = inf"), r"size: cannot be inf; write how many ms"),
        (event("slow", AIR, "size = 5", "share = 0.1"), r"share: is no field of 'slow'; leave it"),
        (event("corrupt", AIR), r"share: is missing; write which of all answers"),
        (event("corrupt", AIR, "share = 2.0"), r"share: cannot be 2; write which of all answers"),
        (event("clock-jump", AIR), r"size: is missing; write how many seconds"),
        (event("clock-jump", AIR, "size = 60"), r"station: 'air-jinsha' has no logger; name a"),
        (event("clock-jump", AIR, "size = nan"), r"size: cannot be nan; write how many seconds"),
        (event("power-cut"), r"station: is missing; use one of tonglv-pingchao"),
        (
            event("line-loss", AIR, 'instrument = "x"'),
            r"instrument: unknown 'x'; use one of qingf",
        ),
        (event("broker-loss", AIR), r"station: is no field of 'broker-loss'; leave it out"),
        (event("flood"), r"event\[1\]: Invalid enum value 'flood' .*kind.*; see docs/scenarios"),
        (event("power-cut", AIR, "speed = 3"), r"unknown field `speed`; see docs/scenarios.md"),
        (event("spill"), r"river: is missing; use one of tonglv"),
        (event("spill", 'river = "tonglv"', 'lasts = "1h"'), r"lasts: is no field of 'spill'"),
        (
            event("power-cut", AIR, 'lasts = "soon"'),
            r"lasts: 'soon' is not a duration; write e.g.",
        ),
        (event("dust", "stations = []"), r"stations: is missing; use one of air-jinsha"),
        (
            event("dust", 'stations = ["tonglv-erjia"]'),
            r"stations: unknown 'tonglv-erjia'; use on",
        ),
        (
            event("stuck", AIR, 'indicator = "w01001"'),
            r"indicator: unknown 'w01001'; use one of a",
        ),
        (
            event("drift", WATER, 'indicator = "w01001"'),
            r"size: is missing; write what it adds an",
        ),
        (event("fault", AIR, 'instrument = "x"'), r"instrument: unknown 'x'; use one of qingfeng"),
        (event("fault", AIR), r"instrument: is missing; use one of qingfeng"),
        ("event", r"is not TOML"),
        ("event = 3", r"holds something else than events; write \[\[event\]\]"),
        ("[[events]]", r"holds something else than events; write \[\[event\]\]"),
    ],
)
def test_a_faulty_scenario_is_named_by_its_place(
    tmp_path: Path, catalogue: Catalogue, text: str, message: str
) -> None:
    """With what to use instead."""
    with pytest.raises(FaultyInput, match=message):
        district(tmp_path, catalogue, text)


def test_every_fault_of_every_event_is_named_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """Also behind one that cannot be read at all."""
    text = event("flood") + event("slow", 'station = "x"', 'lasts = "soon"') + event("spill")
    with pytest.raises(FaultyInput) as faulty:
        district(tmp_path, catalogue, text)
    assert [fault.where.partition(": ")[2] for fault in faulty.value.faults] == [
        "event[1]", "event[2].station", "event[2].size", "event[2].lasts", "event[3].river",
    ]  # fmt: skip
