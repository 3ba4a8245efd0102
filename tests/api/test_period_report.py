"""Papers on water and air of a period: every figure is that of a calculation of our own from the
readings, standards are not mixed, and each form opens.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx
import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert import State
from api.accounts.records import Account
from api.kinds.reports import Paper, Table, Value
from api.platforms.environment.period_report.actions.making import make_due
from api.platforms.environment.period_report.actions.papers import (
    freeze_air,
    freeze_water,
    freeze_year,
)
from api.platforms.environment.period_report.records.periods import (
    SPANS,
    Chosen,
    ChosenYear,
    Span,
    ended_before,
    holding,
    period_of,
)
from config.settings import Settings, load
from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, begins_ms, day_of
from ingest.journal.columns import Columns
from tests.api.conftest import RunningCentre, spill
from tests.api.deadline_rules import core_of
from tests.api.papers import LIBRARIES, fonts_embedded, text_of_pdf, text_of_word

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
NOBODY = Account("x", "x")
AMMONIA, OXYGEN, PHOSPHORUS = "w21003", "w01009", "w21011"
LIMITS = {  # GB 3838-2002, table 1
    AMMONIA: [0.15, 0.5, 1.0, 1.5, 2.0],
    OXYGEN: [7.5, 6, 5, 3, 2],
    PHOSPHORUS: [0.02, 0.1, 0.2, 0.3, 0.4],
}
CLASSES = ["Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类"]
FINE, COARSE, SULPHUR, NITROGEN, CARBON, OZONE = (
    "a34004",
    "a34002",
    "a21026",
    "a21004",
    "a21005",
    "a05024",
)
SCALE = [0, 50, 100, 150, 200, 300, 400, 500]
BREAKPOINTS = {  # HJ 633-2012, table 1, means of a day and of 8 hours
    FINE: [0, 35, 75, 115, 150, 250, 350, 500],
    COARSE: [0, 50, 150, 250, 350, 420, 500, 600],
    SULPHUR: [0, 50, 150, 475, 800, 1600, 2100, 2620],
    NITROGEN: [0, 40, 80, 180, 280, 565, 750, 940],
    CARBON: [0, 2, 4, 14, 24, 36, 48, 60],
    OZONE: [0, 100, 160, 215, 265, 800],
}
CHANGED = {  # HJ 633-2026, table 3
    FINE: [0, 35, 60, 115, 150, 250, 350, 500],
    COARSE: [0, 50, 120, 250, 350, 420, 500, 600],
}
NEW = date(2026, 3, 1)
AIR = (50, 100, 150, 200, 300)
LEVELS = ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"]
Readings = dict[str, tuple[np.ndarray, np.ndarray]]


@pytest.fixture(scope="session")
def libraries(libraries: Path) -> Path:
    """With the fonts, as `make setup` installs them."""
    fonts = libraries / "@embedpdf"
    if not fonts.exists():
        fonts.symlink_to(LIBRARIES / "@embedpdf")
    return libraries


def put(centre: RunningCentre, series: str, first: date, hours: list[float]) -> None:
    """A value in each minute of hours one after the other; none of an hour that is NaN."""
    t = begins_ms(first) + np.arange(len(hours) * 60, dtype=np.int64) * MINUTE_MS
    value = np.repeat(np.array(hours), 60)
    t, value = t[np.isfinite(value)], value[np.isfinite(value)]
    zeros = np.zeros(len(t), np.int64)
    centre.kept += 1
    columns = Columns(
        names=(series,),
        series=zeros.astype(np.uint32),
        t=t,
        value=value,
        quality=zeros.astype(np.uint8) + quality_of(Cause.NORMAL),
        cause=zeros.astype(np.uint8) + Cause.NORMAL,
        received=t,
        boots=("0" * 32,),
        boot=zeros.astype(np.uint16),
        seq=np.arange(len(t), dtype=np.int64),
    )
    centre.services.store.append(centre.kept, columns)


def random_hours(seed: int, days: int, low: float, high: float) -> list[float]:
    """Of some days, a level for each, with gaps of some hours and one day without enough."""
    at = np.random.default_rng(seed)
    hours = np.repeat(at.uniform(low, high, days), 24) * at.uniform(0.8, 1.2, days * 24)
    hours[at.integers(0, len(hours), days)] = np.nan
    hours[24:30] = np.nan
    return [float(of) for of in np.round(hours, 3)]


@pytest.fixture
def water(centre: RunningCentre) -> RunningCentre:
    """Ten days of November at three sections, two of them the year before as well."""
    for n, station in enumerate(("tonglv-pingchao", "tonglv-jinsha", "xinjianghai-shigang")):
        for first in (date(2026, 10, 28), date(2025, 11, 10))[: 2 if n else 1]:
            for code, low, high in (
                (AMMONIA, 0.2 + n, 0.8 + n),
                (OXYGEN, 4 + n, 8 + n),
                (PHOSPHORUS, 0.05, 0.15),
            ):
                seed = n * 1000 + first.year + ord(code[-1])
                put(centre, f"{station}/{code}", first, random_hours(seed, 10, low, high))
    return centre


@pytest.fixture
def air(centre: RunningCentre) -> RunningCentre:
    """The days around 2026-03-01 at two stations, and the same days of the year before."""
    spans = {
        FINE: (40, 95),
        COARSE: (40, 180),
        SULPHUR: (5, 30),
        NITROGEN: (20, 90),
        CARBON: (0.4, 3),
        OZONE: (60, 190),
    }
    for n, station in enumerate(("air-jinsha", "air-pingchao")):
        for year in (2025, 2026):
            for code, (low, high) in spans.items():
                seed = year * 10 + n + ord(code[-1])
                hours = random_hours(seed, 14, low, high)
                put(centre, f"{station}/{code}", date(year, 2, 22), hours)
    return centre


# Our own calculation, out of nothing but the readings.


def days_of_series(
    centre: RunningCentre, series: str, *, ozone: bool = False
) -> dict[date, float]:
    """Valid means of its days, or the largest means of 8 hours within them."""
    track = centre.services.store.track(series, 0, centre.clock.now_ms)
    hours: dict[int, dict[int, float]] = defaultdict(dict)
    for t, value in zip(track.t.tolist(), track.value.tolist(), strict=True):
        hours[t // HOUR_MS][t // MINUTE_MS] = value
    valid = {at: math.fsum(of.values()) / len(of) for at, of in hours.items() if len(of) >= 45}
    by_day: dict[date, dict[int, float]] = defaultdict(dict)
    for at, value in valid.items():
        day = date.fromisoformat(day_of(at * HOUR_MS))
        by_day[day][(at * HOUR_MS - begins_ms(day)) // HOUR_MS] = value
    if not ozone:
        return {
            day: math.fsum(of.values()) / len(of) for day, of in by_day.items() if len(of) >= 20
        }
    found = {}
    for day, of in by_day.items():
        windows = [[of[at] for at in range(end - 7, end + 1) if at in of] for end in range(7, 24)]
        sliding = [sum(one) / len(one) for one in windows if len(one) >= 6]
        if len(sliding) >= 14 or round(max(sliding, default=0)) > 160:  # HJ 663, 6.1.2
            found[day] = max(sliding)
    return found


def hour_max(centre: RunningCentre, series: str) -> dict[date, float]:
    """Largest hours of days that are valid."""
    track = centre.services.store.track(series, 0, centre.clock.now_ms)
    highest: dict[date, float] = {}
    for t, value in zip(track.t.tolist(), track.value.tolist(), strict=True):
        day = date.fromisoformat(day_of(t))
        highest[day] = max(highest.get(day, 0), value)
    return {day: highest[day] for day in days_of_series(centre, series)}


def class_of(code: str, value: float) -> int:
    """Place of the class by one item."""
    limits = LIMITS[code]
    met = [value >= of if code == OXYGEN else value <= of for of in limits]
    return met.index(True) if True in met else len(limits)


def section(
    centre: RunningCentre, station: str, first: date, last: date
) -> tuple[dict[str, float], int] | None:
    """Means of a section and the place of its class."""
    means = {}
    for code in LIMITS:
        days = days_of_series(centre, f"{station}/{code}")
        own = [value for day, value in days.items() if first <= day <= last]
        if own:
            means[code] = sum(own) / len(own)
    worst = max((class_of(code, value) for code, value in means.items()), default=None)
    return None if worst is None else (means, worst)


def iaqi(value: float, points: list[int], *, whole: bool, decimals: int) -> int:
    """Index of a concentration; ``whole``: rounded first, as in 2026."""
    value = round(value, decimals) if whole else value
    n = next((n for n in range(1, len(points)) if value <= points[n]), None)
    if n is None:
        return SCALE[-1]
    share = (value - points[n - 1]) / (points[n] - points[n - 1])
    return math.ceil(round(share * (SCALE[n] - SCALE[n - 1]) + SCALE[n - 1], 6))


def indices(
    days: dict[str, dict[date, float]], hours: dict[date, float], day: date, on: date
) -> dict[str, int]:
    """IAQI of all items on a day by the standard of another."""
    whole = on >= NEW
    table = BREAKPOINTS | CHANGED if whole else BREAKPOINTS
    found = {
        code: iaqi(of[day], table[code], whole=whole, decimals=1 if code == CARBON else 0)
        for code, of in days.items()
        if day in of
    }
    if not whole and day in hours:
        points = [0, 160, 200, 300, 400, 800, 1000, 1200]
        found[OZONE] = max(found.get(OZONE, 0), iaqi(hours[day], points, whole=False, decimals=0))
    return found


def district(centre: RunningCentre) -> tuple[dict[str, dict[date, float]], dict[date, float]]:
    """Means of the stations' days."""
    stations = ("air-jinsha", "air-pingchao")
    found: dict[str, dict[date, float]] = {}
    for code in BREAKPOINTS:
        each = [days_of_series(centre, f"{of}/{code}", ozone=code == OZONE) for of in stations]
        found[code] = {
            day: float(np.mean([of[day] for of in each if day in of]))
            for day in set().union(*each)
        }
    highs = [hour_max(centre, f"{of}/{OZONE}") for of in stations]
    hours = {
        day: float(np.mean([of[day] for of in highs if day in of])) for day in set().union(*highs)
    }
    return found, hours


def levels(
    centre: RunningCentre, first: date, last: date, on: date | None = None
) -> tuple[Counter[str], Counter[str]]:
    """Days by level, and by first pollutant."""
    days, hours = district(centre)
    by: Counter[str] = Counter()
    primary: Counter[str] = Counter()
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        rule = on or day
        found = indices(days, hours, day, rule)
        aqi = max(found.values(), default=0)
        if not found or (rule >= NEW and len(found) < len(BREAKPOINTS) and aqi <= 100):
            continue
        by[LEVELS[sum(aqi > of for of in AIR)]] += 1
        if aqi > 50:
            primary.update(code for code, one in found.items() if one == aqi)
    return by, primary


def column(table: Table, name: str) -> list[Value]:
    """The values below a heading."""
    at = next(n for n, of in enumerate(table.columns) if of.name == name)
    return [row[at].value for row in table.rows]


def test_water_classes_deciding_items_and_targets_are_those_of_the_readings(
    water: RunningCentre,
) -> None:
    """The month and the year before; readings of October are in neither."""
    found = freeze_water(water.services, NOBODY, Chosen("2026-11"))
    own, old = (
        {
            of: section(water, of, date(year, 11, 1), date(year, 11, 30))
            for of in water.services.catalogue.stations
        }
        for year in (2026, 2025)
    )
    expected, before = (Counter(of[1] for of in one.values() if of) for one in (own, old))
    assert (expected.total(), before.total()) == (3, 2)
    classes = found.tables["classes"]
    good = sum(n for at, n in expected.items() if at < 3)
    assert column(classes, "sections") == [*(expected[n] for n in range(6)), good]
    assert column(classes, "share")[-1] == good / 3
    assert column(classes, "sections-before")[:6] == [before[n] for n in range(6)]
    met = sum(1 for of in own.values() if of and of[1] <= 2)
    assert found.figures["water-rate"].value == met / 3
    sections = found.tables["sections"]
    by_name = dict(zip(column(sections, "station"), sections.rows, strict=True))
    for station, of in own.items():
        if water.services.catalogue.stations[station].kind != "water":
            continue
        row = by_name[water.services.catalogue.stations[station].name]
        cells = dict(zip((one.name for one in sections.columns), row, strict=True))
        assert cells["class"].value == (CLASSES[of[1]] if of else "")
        if of is None:
            continue
        means, worst = of
        deciding = [
            code for code in LIMITS if code in means and class_of(code, means[code]) == worst
        ]
        for code in deciding:
            assert water.services.words.indicators[code].name in str(cells["deciding"].value)
        over = (means[AMMONIA] - LIMITS[AMMONIA][2]) / LIMITS[AMMONIA][2]
        assert (over > 0) == (f"{over:.2f} 倍" in str(cells["exceeding"].value))


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3)),
        ("2026-W44", date(2026, 10, 26), date(2026, 11, 1)),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_water_of_every_span_is_that_of_its_readings(
    water: RunningCentre, code: str, first: date, last: date
) -> None:
    """Classes of the sections, and their days."""
    found = freeze_water(water.services, NOBODY, Chosen(code))
    own = {
        of.name: section(water, name, first, last)
        for name, of in water.services.catalogue.stations.items()
        if of.kind == "water"
    }
    sections = found.tables["sections"]
    said = zip(column(sections, "station"), column(sections, "class"), strict=True)
    assert dict(said) == {name: CLASSES[of[1]] if of else "" for name, of in own.items()}
    counts = Counter(of[1] for of in own.values() if of)
    assert counts
    assert column(found.tables["classes"], "sections")[:6] == [counts[n] for n in range(6)]


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("2026-02-25", [(date(2026, 2, 25), date(2026, 2, 25))]),
        ("2026-03-02", [(date(2026, 3, 2), date(2026, 3, 2))]),
        ("2026-W09", [(date(2026, 2, 23), date(2026, 2, 28)), (NEW, NEW)]),
        ("2026-02", [(date(2026, 2, 1), date(2026, 2, 28))]),
        ("2026", [(date(2026, 1, 1), date(2026, 2, 28)), (NEW, date(2026, 12, 31))]),
    ],
)
def test_air_of_every_span_is_that_of_its_readings(
    air: RunningCentre, code: str, parts: list[tuple[date, date]]
) -> None:
    """Levels and first pollutants of each part; both standards are named where it has two."""
    found = freeze_air(air.services, NOBODY, Chosen(code))
    counts: list[Value] = []
    primary: Counter[str] = Counter()
    for first, last in parts:
        by, first_ones = levels(air, first, last)
        assert by
        counts += [*(by[name] for name in LEVELS), by["优"] + by["良"]]
        primary += first_ones
    assert column(found.tables["levels"], "days-n") == counts
    said: Counter[str] = Counter()
    table = found.tables["primary"]
    for item, n in zip(column(table, "item"), column(table, "days-n"), strict=True):
        said[str(item)] += int(n or 0)
    t = air.services.words
    assert +said == {t.indicators[of].name: n for of, n in primary.items()}
    text = "".join(found.sections[0].text)
    assert ("HJ 633-2012" in text, "HJ 633-2026" in text) == (
        parts[0][0] < NEW,
        parts[-1][-1] >= NEW,
    )


def test_air_levels_are_counted_by_each_standard_apart(air: RunningCentre) -> None:
    """A quarter that crosses 2026-03-01: two rows of each, and no figure of both together."""
    found = freeze_air(air.services, NOBODY, Chosen("2026-Q1"))
    table = found.tables["levels"]
    standards = column(table, "standard")
    assert "HJ 633-2012" in str(standards[0])
    assert "HJ 633-2026" in str(standards[-1])
    assert len(set(standards)) == 2
    own: list[Value] = []
    before: list[Value] = []
    then: list[Value] = []
    for first, last in ((date(2026, 2, 22), date(2026, 2, 28)), (NEW, date(2026, 3, 7))):
        of, _ = levels(air, first, last)
        old, _ = levels(air, first.replace(year=2025), last.replace(year=2025), first)
        as_then, _ = levels(air, first.replace(year=2025), last.replace(year=2025))
        for counts, into in ((of, own), (old, before), (as_then, then)):
            into += [*(counts[name] for name in LEVELS), counts["优"] + counts["良"]]
    assert column(table, "days-n") == own
    assert column(table, "days-before") == before
    assert column(table, "days-then") == then
    assert before != then, "the standard makes a difference"
    assert all(of.value is None for of in found.figures.values())
    text = "".join(found.sections[0].text)
    assert "跨越 2026-03-01" in text
    assert "不合并" in text


def test_first_pollutants_and_days_above_limits_are_those_of_the_readings(
    air: RunningCentre,
) -> None:
    """Of March alone, by one standard, with its figures."""
    found = freeze_air(air.services, NOBODY, Chosen("2026-03"))
    days, _ = district(air)
    by, primary = levels(air, NEW, date(2026, 3, 31))
    t = air.services.words
    rows = dict(
        zip(
            column(found.tables["primary"], "item"),
            column(found.tables["primary"], "days-n"),
            strict=True,
        )
    )
    assert {of: n for of, n in rows.items() if n} == {
        t.indicators[code].name: n for code, n in primary.items()
    }
    share = (by["优"] + by["良"]) / by.total()
    assert found.figures["air-share"].value == share
    limits = {FINE: 60, COARSE: 120, SULPHUR: 150, NITROGEN: 80, CARBON: 4, OZONE: 160}
    over = found.tables["over"]
    for code, row in zip(BREAKPOINTS, over.rows, strict=True):
        cells = dict(zip((one.name for one in over.columns), row, strict=True))
        assert cells["item"].value == t.indicators[code].name
        decimals = 1 if code == CARBON else 0
        own = [round(of, decimals) for day, of in days[code].items() if day >= NEW]
        assert cells["over-days"].value == sum(of > limits[code] for of in own)
        multiple = (max(own) - limits[code]) / limits[code]
        expected = pytest.approx(multiple, abs=0.0051) if multiple > 0 else None
        assert cells["worst-multiple"].value == expected
    values = dict(
        zip(
            column(found.tables["concentrations"], "item"),
            column(found.tables["concentrations"], "value"),
            strict=True,
        )
    )
    for code in BREAKPOINTS:
        own = [of for day, of in days[code].items() if day >= NEW]
        whole = {CARBON: 95, OZONE: 90}.get(code)
        figure = np.mean(own) if whole is None else np.percentile(own, whole)
        said = f"{figure:.{t.indicators[code].decimals}f}"
        assert values[t.indicators[code].name] == said


def test_completeness_is_the_share_of_valid_hours_and_what_is_missing_is_named(
    air: RunningCentre,
) -> None:
    """Seven of 31 days, with gaps; a station without any day is named."""
    found = freeze_air(air.services, NOBODY, Chosen("2026-03"))
    data = found.tables["air-data"]
    valid = 0
    for code in BREAKPOINTS:
        track = air.services.store.track(
            f"air-jinsha/{code}", begins_ms(NEW), begins_ms(date(2026, 4, 1))
        )
        valid += len(np.unique(track.t // HOUR_MS))
    row = dict(zip((of.name for of in data.columns), data.rows[0], strict=True))
    assert row["valid-share"].value == pytest.approx(valid / (6 * 31 * 24), abs=1e-9)
    assert "石港空气站" in "".join(found.sections[0].text)
    assert "GB 3095-2026 第 6.4 条" in data.note


def test_of_a_period_in_which_nothing_was_the_paper_says_so(centre: RunningCentre) -> None:
    """No share is made of nothing."""
    for freeze in (freeze_water, freeze_air):
        found = freeze(centre.services, NOBODY, Chosen("2026-W45"))
        assert all(of.value in (None, 0) for of in found.figures.values())
        text = "".join(found.sections[0].text)
        assert "没有任何有效日均值的站点" in text
        assert "没有去年同期的数据" in text
        assert "NaN" not in str(found)


def test_alerts_of_the_medium_stand_with_level_and_state(centre: RunningCentre) -> None:
    """Alerts of equipment, of the other medium and of other periods do not."""
    at = begins_ms(date(2026, 11, 3))
    centre.put(spill(id="1" * 20, fired_ms=at))
    centre.put(spill(id="2" * 20, fired_ms=at, state=State.RESOLVED, resolved_ms=at + 1))
    centre.put(spill(id="3" * 20, fired_ms=at, about="maintenance"))
    centre.put(spill(id="4" * 20, fired_ms=at - 30 * DAY_MS))
    water = freeze_water(centre.services, NOBODY, Chosen("2026-11"))
    assert [cell.value for cell in water.tables["water-alert-levels"].rows[1]][1:] == [1, 1, 2]
    assert sorted(map(str, column(water.tables["water-alerts"], "state"))) == ["已解除", "未解除"]
    other = freeze_air(centre.services, NOBODY, Chosen("2026-11"))
    assert not other.tables["air-alerts"].rows


def test_while_a_period_goes_on_only_whole_days_count_and_as_many_of_the_year_before(
    water: RunningCentre,
) -> None:
    """The paper says how many."""
    water.clock.now_ms = begins_ms(date(2026, 11, 5)) + HOUR_MS
    found = freeze_water(water.services, NOBODY, Chosen("2026-11"))
    assert "只统计已过完的 4 天" in "".join(found.sections[0].text)
    assert set(column(found.tables["water-data"], "days")) == {4}
    assert set(column(found.tables["classes"], "sections-before")) == {None}, "begins on the 10th"


def test_the_yearly_paper_holds_reached_shares_against_targets(water: RunningCentre) -> None:
    """And the words of the office; without a target nothing is compared."""
    chosen = ChosenYear(2026, water_target="50", problems="甲\n\n乙")
    found = freeze_year(water.services, NOBODY, chosen)
    row, *airs = found.tables["targets"].rows
    year = freeze_water(water.services, NOBODY, Chosen("2026"))
    reached = year.figures["water-good"].value
    assert isinstance(reached, float)
    assert [cell.value for cell in row[2:5]] == [reached, 0.5, reached - 0.5]
    assert row[5].value == ("达标" if reached >= 0.5 else "未达标")
    assert len(airs) == 2, "the year crosses a standard"
    assert all(of[5].value == "" for of in airs)
    assert found.sections[-2].text == ("甲", "乙")
    assert "第三十条" in found.sections[0].text[0]


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("water-period", {"period": "2026-11"}),
        ("air-period", {"period": "2026-Q1"}),
        ("environment-year", {"year": 2026, "water_target": "85"}),
    ],
)
def test_each_form_opens_with_the_figures_of_the_paper_and_its_own_fonts(
    water: RunningCentre, air: RunningCentre, officer: httpx.Client, kind: str, parameters: dict
) -> None:
    """Word, workbook and PDF, and the page; made again of the same data it is the same."""
    body = {"kind": f"environment.{kind}", "parameters": parameters}
    answers = [officer.post("/api/v1/reports", json=body) for _ in range(2)]
    assert [of.status_code for of in answers] == [201, 201], answers[0].text
    first, second = (of.json() for of in answers)
    assert first["sha256"] == second["sha256"]
    assert first["id"] != second["id"], "made again it is another version"
    address = f"/reports/{first['id']}"
    page = officer.get(address).text
    if kind != "water-period":
        assert 'id="unchanged"' not in page, "a quarter and a year are compared when that is asked"
        page = officer.get(re.findall(f'href="({address}.compare=true)"', page)[0]).text
    assert 'id="unchanged"' in page
    files = {
        form: officer.get(f"{address}/paper.{form}").content for form in ("docx", "xlsx", "pdf")
    }
    fonts = fonts_embedded(files["pdf"])
    assert fonts
    assert all(embedded for _, embedded in fonts)
    whole = officer.get(f"/api/v1/reports/{first['id']}").json()["paper"]
    sheets = openpyxl.load_workbook(io.BytesIO(files["xlsx"])).worksheets
    tables = [table for of in whole["sections"] for table in of.get("tables", ())]
    assert len(sheets) == 1 + len(tables)
    said = [of["title"] for of in whole["sections"]] + [of["title"] for of in tables]
    for text in (text_of_pdf(files["pdf"]), "".join(text_of_word(files["docx"]).split())):
        for one in said:
            assert "".join(one.split()) in text, one
        if kind != "water-period":
            assert "HJ633-2012" in text
            assert "HJ633-2026" in text


def test_a_preview_says_what_the_paper_would_and_keeps_nothing(
    water: RunningCentre, officer: httpx.Client, administrator: httpx.Client
) -> None:
    """What does not hold comes back as where one is made; who may make none sees none."""
    given = {"kind": "environment.water-period", "period": "2026-11"}
    page = officer.post("/reports/preview", data=given)
    assert page.status_code == 200
    found = freeze_water(water.services, NOBODY, Chosen("2026-11"))
    assert found.title in page.text
    assert found.sections[0].text[-1] in page.text
    group = '<th scope="rowgroup" colspan="6">GB 3838-2002</th>'
    assert page.text.count(group) == 1, "a standard stands once above the classes"
    assert 'name="period" value="2026-11"' in page.text, "it can be made from there"
    assert officer.get("/api/v1/reports").json()["total"] == 0
    assert officer.post("/reports/preview", data=given | {"period": "2027"}).status_code == 422
    assert administrator.post("/reports/preview", data=given).status_code == 404


def test_who_may_not_see_alerts_makes_no_paper_of_them(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Nor is told that there is one."""
    body = {"kind": "environment.water-period", "parameters": {"period": "2026-11"}}
    assert administrator.post("/api/v1/reports", json=body).status_code == 404


@pytest.mark.parametrize("period", ["2026-13", "2026-02-30", "2026-W54", "2027", "2003", "x"])
def test_of_a_period_that_is_none_or_to_come_there_is_no_paper(
    centre: RunningCentre, officer: httpx.Client, period: str
) -> None:
    """The page says what to write."""
    given = {"kind": "environment.water-period", "period": period}
    answer = officer.post("/reports/", data=given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_papers_of_periods_that_ended_are_made_once_where_something_was_measured(
    water: RunningCentre,
) -> None:
    """The month and the year before, of water alone, each for everybody; the year's paper too."""
    water.clock.now_ms = begins_ms(date(2026, 11, 4)) + 8 * HOUR_MS
    core = replace(core_of(water), report_periods="day,week,month,quarter,year")
    for _ in range(2):
        make_due(core)
    with water.services.state.read() as connection:
        rows = connection.exec_driver_sql(
            "select kind, parameters, made_by from report_snapshot order by id"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("water-period", '{"period":"2026-11-03"}', ""),
        ("water-period", '{"period":"2026-W44"}', ""),
        ("water-period", '{"period":"2026-10"}', ""),
        ("water-period", '{"period":"2025"}', ""),
        (
            "environment-year",
            '{"advice":"","air_target":"","problems":"","water_target":"","year":2025}',
            "",
        ),
    ]


def test_by_default_no_day_and_no_week_is_made() -> None:
    """A list that nobody reads buries the others."""
    assert Settings().report_periods == "month,quarter,year"
    with pytest.raises(FaultyInput):
        load(None, {"QINGYUAN_REPORT_PERIODS": "decade"})


@given(st.dates(date(2004, 1, 1), date(2099, 12, 31)), st.sampled_from(SPANS))
def test_given_any_day_then_its_period_holds_it_has_one_name_and_follows_another(
    day: date, span: Span
) -> None:
    """Without a gap; the year before is as long, but for a leap day."""
    period = holding(span, day)
    assert period.first <= day <= period.last
    assert period_of(period.code) == period
    before = ended_before(span, period.first)
    assert before.last + timedelta(days=1) == period.first
    first, last = period.year_before(period.first, period.last)
    assert first <= last < period.first or span == "year"
    assert abs((last - first) - (period.last - period.first)) <= timedelta(days=1)


def test_the_paper_is_a_function_of_the_data_and_not_of_the_hour(water: RunningCentre) -> None:
    """Of an hour later it is the same."""
    papers: list[Paper] = []
    for _ in range(2):
        papers.append(freeze_water(water.services, NOBODY, Chosen("2026-10")))
        water.clock.now_ms += HOUR_MS
    assert papers[0] == papers[1]
