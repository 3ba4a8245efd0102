"""AQI and water class as a expected: sentence by sentence, against the interpreter, over any cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.backtest.test_series import district, kind_of
from alerting.evaluation.rule_instance import rule_instances
from alerting.rules import documents
from alerting.rules.conditions.signal import EvaluationTarget, Readings
from alerting.rules.kinds.standard import Standard
from config.catalogue.shapes import WaterBody
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE
from tests.alerting import interpreter
from tests.alerting.signals import EVER, cuts, in_parts, plain, rows, whole
from tests.conftest import examples

PM25, OZONE, CARBON, WARMTH = "a34004", "a05024", "a21005", "a01001"
AMMONIA, OXYGEN, NITROGEN, PERMANGANATE = "w21003", "w01009", "w21001", "w01019"
Hourly = dict[str, Sequence[float | None]]
"""Code -> means of hours in a row from a midnight on; None: not valid."""


def midnight(day: str) -> int:
    """Of a day in Asia/Shanghai, UTC epoch ms."""
    return int(datetime.fromisoformat(day).replace(tzinfo=ZONE).timestamp()) * 1000


OLD, NEW = midnight("2026-02-10"), midnight("2026-03-10")
"""HJ 633-2012 is in force, and HJ 633-2026."""


def at(*codes: str, cadence_ms: int = HOUR_MS, body: WaterBody = "river") -> EvaluationTarget:
    """A station that measures these; where it is of water, class III should flow there."""
    catalogue = district({"it": list(codes)}, kind_of(codes[0]), cadence_ms)
    station = msgspec.structs.replace(catalogue.stations["it"], body=body)
    return EvaluationTarget(catalogue, station, "")


def hours(values: Sequence[float | None], begin: int) -> Readings:
    """Valid hours, as a look takes them."""
    kept = [(begin + n * HOUR_MS, value) for n, value in enumerate(values) if value is not None]
    return np.array([t for t, _ in kept], np.int64), np.array([v for _, v in kept], np.float64)


def said(signal: Standard, begin: int, means: Hourly) -> dict[int, float]:
    """The signal of a station that measures these, by hours since the midnight."""
    members = [hours(values, begin) for values in means.values()]
    found = whole(signal, at(*means), members)
    return {(t - begin) // HOUR_MS: value for t, value in found}


HOUR, DAY = Standard(), Standard(averaging="day")


def beyond(limit: float, signal: Standard = HOUR) -> Standard:
    """Of a rule whose lowest level has this limit."""
    return msgspec.structs.replace(signal, least=limit)


@pytest.mark.parametrize(
    ("why", "signal", "begin", "means", "expected"),
    [
        ("the AQI at the end of each hour", HOUR, NEW, {PM25: [35, 60, 115]}, {1: 50, 2: 100, 3: 150}),
        ("by the set in force on the hour's date", HOUR, OLD, {PM25: [75]}, {1: 100}),
        ("that of the worst item", HOUR, NEW, {PM25: [60, 115], OZONE: [300, 0]}, {1: 150, 2: 150}),
        ("no valid hour, no signal", HOUR, NEW, {PM25: [60, None, 60], OZONE: [0, None, 0]}, {1: 100, 3: 100}),
        ("with an item missing it is at least that", beyond(149), NEW, {PM25: [115], OZONE: [None]}, {1: 150}),
        ("which says nothing where no level lies below it", beyond(150), NEW, {PM25: [115], OZONE: [None]}, {}),
        ("a whole hour speaks below all levels too", beyond(150), NEW, {PM25: [35], OZONE: [0]}, {1: 50}),
        ("HJ 633-2026 gives no AQI up to 100 with an item missing",
         beyond(50), NEW, {PM25: [60], OZONE: [None]}, {}),
        ("HJ 633-2012 did", beyond(50), OLD, {PM25: [75], OZONE: [None]}, {1: 100}),
        ("a mean below nothing is none", beyond(149), NEW, {PM25: [115], OZONE: [-0.4]}, {1: 150}),
        ("so that the others say at least", beyond(150), NEW, {PM25: [115], OZONE: [-0.4]}, {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_of_air_the_signal_is_the_aqi(
    why: str, signal: Standard, begin: int, means: Hourly, expected: dict[int, float]
) -> None:
    """One sentence a row; hours count from a midnight."""
    assert said(signal, begin, means) == expected


@pytest.mark.parametrize(
    ("why", "signal", "means", "expected"),
    [
        ("none worse where the class is held", HOUR, {AMMONIA: [1.0], OXYGEN: [5.0]}, {1: 0}),
        ("two where V flows and III should", HOUR, {AMMONIA: [2.0], OXYGEN: [5.0]}, {1: 2}),
        ("worse than V is one more", HOUR, {AMMONIA: [2.1], OXYGEN: [5.0]}, {1: 3}),
        ("negative where it is better", HOUR, {AMMONIA: [0.15], OXYGEN: [7.5]}, {1: -2}),
        ("the worst item decides", HOUR, {AMMONIA: [0.1], OXYGEN: [2.9]}, {1: 2}),
        ("a rule's own class comes before the station's",
         Standard(target="II"), {AMMONIA: [2.0], OXYGEN: [5.0]}, {1: 3}),
        ("worse than V where V should flow", Standard(target="V"), {AMMONIA: [2.1]}, {1: 1}),
        ("with an item missing it is at least that", HOUR, {AMMONIA: [1.1], OXYGEN: [None]}, {1: 1}),
        ("which says nothing where no level lies below it", beyond(1), {AMMONIA: [1.1], OXYGEN: [None]}, {}),
        ("nor does what is held", HOUR, {AMMONIA: [1.0], OXYGEN: [None]}, {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_of_water_the_signal_is_its_class_less_the_one_to_be_held(
    why: str, signal: Standard, means: Hourly, expected: dict[int, float]
) -> None:
    """One sentence a row; III should flow."""
    assert said(signal, NEW, means) == expected


@pytest.mark.parametrize(
    ("why", "signal", "means", "expected"),
    [
        ("the mean of the day's hours, at its end", DAY, {PM25: [30] * 12 + [90] * 12}, {24: 100}),
        ("a day for itself", DAY, {PM25: [60] * 24 + [35] * 24}, {24: 100, 48: 50}),
        ("twenty valid hours make a day", DAY, {PM25: [60] * 20}, {24: 100}),
        ("nineteen do not", DAY, {PM25: [60] * 19}, {}),
        ("ozone by its largest mean of eight hours", DAY, {OZONE: [0] * 9 + [160] * 8 + [0] * 7}, {24: 100}),
        ("also of the last eight", DAY, {OZONE: [0] * 16 + [160] * 8}, {24: 100}),
        ("but only of those that lie within the day",
         DAY, {OZONE: [0] * 20 + [320] * 8 + [0] * 20}, {24: 100, 48: 100}),
        ("with an item missing it is at least that",
         beyond(149, DAY), {PM25: [115] * 24, OZONE: [0] * 9}, {24: 150}),
        ("or unknown", beyond(150, DAY), {PM25: [115] * 24, OZONE: [0] * 9}, {}),
        ("water by the means of the day", DAY, {AMMONIA: [0.5, 1.9] * 12}, {24: 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_day_is_judged_by_its_means(
    why: str, signal: Standard, means: Hourly, expected: dict[int, float]
) -> None:
    """One sentence a row."""
    assert said(signal, NEW, means) == expected


@pytest.mark.parametrize(("begin", "index"), [(OLD, 125), (NEW, 16)])
def test_ozone_of_a_day_counts_by_its_largest_hour_too_until_2026(begin: int, index: int) -> None:
    """An hour of 250 in a day whose largest 8 h mean is 31.25."""
    assert said(DAY, begin, {OZONE: [0] * 10 + [250] + [0] * 13}) == {24: index}


@pytest.mark.parametrize(("body", "worse"), [("river", -1), ("lake", 1), ("reservoir", 1)])
def test_phosphorus_is_judged_by_the_limits_of_the_water_it_is_in(
    body: WaterBody, worse: int
) -> None:
    """0.09 mg/L is class II in a river and IV in a lake or reservoir; total nitrogen is neither's."""
    target = at("w21011", NITROGEN, body=body)
    assert HOUR.members(target) == ("it/w21011",)
    assert whole(HOUR, target, [hours([0.09], NEW)]) == [(NEW + HOUR_MS, worse)]


@pytest.mark.parametrize(("count", "known"), [(5, [NEW + DAY_MS]), (4, [])])
def test_an_hour_of_a_slow_instrument_stands_for_more(count: int, known: list[int]) -> None:
    """One that measures every four hours has six in a day; five are enough."""
    means = hours([60.0, None, None, None] * count, NEW)
    found = whole(DAY, at(PM25, cadence_ms=4 * HOUR_MS), [means])
    assert [t for t, _ in found] == known


def test_instants_are_ends_of_hours_and_days() -> None:
    """After the one, up to and with the other."""
    target, members = at(PM25), [hours([60.0] * 72, NEW)]
    for signal, span in ((HOUR, HOUR_MS), (DAY, DAY_MS)):
        found = signal.compute(target, members, NEW + span, NEW + 3 * span)
        assert rows(found) == [(NEW + 2 * span, 100), (NEW + 3 * span, 100)]
        found = signal.compute(target, members, NEW + span - 1, NEW + 2 * span - 1)
        assert rows(found) == [(NEW + span, 100)]


@pytest.mark.parametrize(
    ("why", "target", "codes"),
    [
        ("of air what an AQI is made of, in the plan's order", at(WARMTH, OZONE, PM25), [OZONE, PM25]),
        ("of water what its class is made of", at(NITROGEN, OXYGEN, AMMONIA), [OXYGEN, AMMONIA]),
        ("nothing where nothing of that is measured", at(NITROGEN), []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_members_are_what_the_standard_judges(
    why: str, target: EvaluationTarget, codes: list[str]
) -> None:
    assert HOUR.members(target) == tuple(f"it/{code}" for code in codes)


def test_water_without_a_class_to_be_held_is_judged_only_by_one_that_the_rule_names() -> None:
    target = at(AMMONIA)
    aimless = msgspec.structs.replace(target.station, target=None)
    target = EvaluationTarget(target.catalogue, aimless, "")
    assert HOUR.members(target) == ()
    assert Standard(target="IV").members(target) == ("it/w21003",)
    assert whole(Standard(target="IV"), target, [hours([2.0], NEW)]) == [(NEW + HOUR_MS, 1)]


@pytest.mark.parametrize(
    ("signal", "cadence_ms", "expected"),
    [(HOUR, 1000, HOUR_MS), (HOUR, 4 * HOUR_MS, 4 * HOUR_MS), (DAY, 4 * HOUR_MS, DAY_MS)],
)
def test_its_step_is_the_hour_or_the_day_or_a_slower_stations(
    signal: Standard, cadence_ms: int, expected: int
) -> None:
    assert signal.cadences(at(PM25, cadence_ms=cadence_ms)).one(0) == expected


CHANGE = midnight("2026-02-27")
"""Two days before HJ 633-2026 comes into force."""
NATURE: dict[str, list[float]] = {
    PM25: [10, 35, 60, 75, 76, 115],
    OZONE: [0, 100, 160, 161, 215, 320],
    CARBON: [0.4, 2.0, 2.1, 5.0, 14.0, 14.1],
    AMMONIA: [0.15, 0.5, 1.0, 1.01, 2.0, 2.4],
    OXYGEN: [8.0, 6.0, 5.0, 4.99, 2.0, 1.0],
    PERMANGANATE: [2.0, 4.0, 6.0, 6.1, 15.0, 16.0],
}
"""Means at the limits, beside and between them."""
AIR, WATER = (PM25, OZONE, CARBON), (AMMONIA, OXYGEN, PERMANGANATE)
level, hour = st.integers(0, 5), st.integers(0, 23)
days = st.lists(
    st.tuples(level, level, hour, st.sampled_from([0, 0, 0, 1, 4, 5, 10, 24]), hour),
    min_size=4,
    max_size=4,
)
pasts = st.tuples(days, days, days)


def lived(code: str, history: list[tuple[int, int, int, int, int]]) -> Readings:
    """Days with a level, another one for eight hours from an hour on, and hours that are lost."""
    of = NATURE[code]
    return hours(
        [
            None if (h - gap) % 24 < lost else of[spill if (h - since) % 24 < 8 else usual]
            for usual, spill, since, lost, gap in history
            for h in range(24)
        ],
        CHANGE,
    )


looks = st.builds(
    Standard,
    averaging=st.sampled_from(["hour", "day"]),
    target=st.sampled_from(["station", "II"]),
    least=st.sampled_from([0.0, 1.0, 50.0, 100.0]),
)
plans = st.sampled_from([AIR, WATER])
cadences = st.sampled_from([HOUR_MS, 4 * HOUR_MS])


@given(pasts, looks, plans, cadences)
def test_the_interpreter_finds_the_same(
    history: tuple[list[tuple[int, int, int, int, int]], ...],
    signal: Standard,
    plan: tuple[str, ...],
    cadence_ms: int,
) -> None:
    members = [lived(code, of) for code, of in zip(plan, history, strict=True)]
    found = whole(signal, at(*plan, cadence_ms=cadence_ms), members)
    target = None if plan == AIR else "III" if signal.target == "station" else signal.target
    expected = interpreter.standard(
        dict(zip(plan, map(plain, members), strict=True)),
        cadence_ms,
        EVER,
        "hourly" if signal.averaging == "hour" else "daily",
        target,
        signal.least,
    )
    assert found == list(expected)


@settings(max_examples=examples(25))
@given(pasts, looks, plans, cuts)
def test_any_cut_gives_the_same_rows_from_what_the_lookback_reaches(
    history: tuple[list[tuple[int, int, int, int, int]], ...],
    signal: Standard,
    plan: tuple[str, ...],
    edges: Iterable[int],
) -> None:
    """Instants between two cuts see nothing older or newer."""
    target = at(*plan)
    members = [lived(code, of) for code, of in zip(plan, history, strict=True)]
    assert in_parts(signal, target, members, edges) == whole(signal, target, members)


@pytest.mark.parametrize(("count", "seen"), [(44, []), (45, [1])])
def test_of_a_quick_station_thin_hours_count_by_their_minutes(
    count: int, seen: list[int], tmp_path: Path
) -> None:
    """A history of minutes behind a station that samples every two seconds; class III should
    flow, and 1.4 mg/L of ammonia make it IV (GB 3838 table 1).
    """
    catalogue = district({"it": [AMMONIA]}, "water", 2000)
    document = tmp_path / "rules.toml"
    document.write_text(
        '[[rule]]\nid = "r"\nname = "n"\nreason = "why"\nkind = "standard"\n'
        'stations = { kind = "water" }\nlevel = [{ level = "warning" }]\n',
        encoding="utf-8",
    )
    [rule] = documents.load(document, catalogue)
    [instance] = rule_instances(rule, catalogue)
    readings = (NEW + np.arange(count) * 60_000, np.full(count, 1.4))

    _, found = instance.of_history([readings], NEW - 1, NEW + HOUR_MS)

    assert found.tolist() == seen
