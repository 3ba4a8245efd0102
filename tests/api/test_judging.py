"""The page that says how a station is judged, and the same on chart and station page."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

import config
from api.platforms.environment.judging import actions
from api.platforms.environment.judging.records import confidence_key
from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS, ZONE
from ingest.standards.limits import Source
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_alerts import text_of

WATER, AIR = "tonglv-pingchao", "air-jinsha"
STANDARDS = Path(config.__file__).parent / "data" / "standards"
SETS = [
    (file.name, row)
    for file in sorted(STANDARDS.glob("*.toml"))
    for table in ("set", "limits")
    for row in tomllib.loads(file.read_text(encoding="utf-8")).get(table, [])
]


def at(*day: int) -> int:
    """Midnight in the district."""
    return int(datetime(*day, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[misc, arg-type]


def test_water_is_judged_by_the_class_of_its_target(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The limit of today, where it stands, how sure it is, and all five classes."""
    text = text_of(deputy.get(f"/environment/stations/{WATER}/judging"))
    for words in (
        "Ⅲ类标准 ≤ 1 mg/L",
        "Ⅲ类标准 ≥ 5 mg/L",
        "数值越低越差",
        "6 至 9",
        "GB 3838-2002 表 1",
        "自 2002-06-01 起施行",
        "尚未与标准原文逐字核对",
        "本断面目标",
        "只作参考，没有限值，不参与评价",
        "超出合理范围",
    ):
        assert words in text


def test_air_is_judged_by_the_set_of_its_day(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Today's limits, what moved on 2026-03-01 and will move in 2031, and what a mean needs."""
    text = text_of(deputy.get(f"/environment/stations/{AIR}/judging"))
    for words in (
        "24 小时平均 ≤ 60 μg/m³",
        "GB 3095-2026（过渡期）",
        "HJ 633-2026 表 3",
        "自2026-03-01起",
        "24 小时平均二级限值由 75 改为 60 μg/m³",
        "自2031-01-01起",
        "24 小时平均二级限值由 60 改为 50 μg/m³",
        "至少有 45 分钟有效数据",
        "至少有 20 个有效的小时均值",
    ):
        assert words in text
    centre.clock.now_ms = at(2026, 2, 28)
    assert "24 小时平均 ≤ 75 μg/m³" in text_of(deputy.get(f"/environment/stations/{AIR}/judging"))


def test_every_station_says_how_it_is_judged(centre: RunningCentre, deputy: httpx.Client) -> None:
    """With a link from its page, and one beside each limit."""
    for station in centre.services.catalogue.stations.values():
        assert deputy.get(f"/environment/stations/{station.id}/judging").status_code == 200
        assert (
            f'href="/environment/stations/{station.id}/judging"'
            in deputy.get(f"/environment/stations/{station.id}").text
        )
    assert (
        f"/environment/stations/{WATER}/judging#w21003"
        in deputy.get(f"/environment/stations/{WATER}").text
    )
    assert deputy.get("/environment/stations/nowhere/judging").status_code == 404


@pytest.mark.parametrize(("file", "row"), SETS)
def test_how_sure_a_figure_is_can_be_said_in_words(file: str, row: dict[str, str]) -> None:
    """Whatever note a set of standards carries."""
    source = Source(row["name"], row["clause"], row["confidence"], None, None)
    assert confidence_key(source)


def test_the_checks_are_those_that_the_catalogue_sets(centre: RunningCentre) -> None:
    """Each with what it asks and the flag that it gives."""
    station = centre.services.catalogue.stations[AIR]
    rows = {row.name: row for row in actions.checks(centre.services, station, "a34004")}
    assert rows["超出合理范围"].asks == "0 至 2000 μg/m³"
    assert rows["超出合理范围"].flag == "无效"
    assert rows["与同站其他指标矛盾"].asks == "可吸入颗粒物"
    assert rows["长时间不变"].flag == "可疑"


def test_a_series_names_flags_and_causes(centre: RunningCentre, deputy: httpx.Client) -> None:
    """All of them: a live reading may bring one that was not there before."""
    centre.measured(f"{WATER}/w21003", [0.5], cause=Cause.FLAT_LINE)
    found = deputy.get(f"/api/v1/stations/{WATER}/series/w21003").json()
    assert found["flags"] == {"1": "有效", "2": "未评价", "3": "可疑", "4": "无效", "9": "缺测"}
    assert found["causes"]["46"] == "长时间不变"
    assert found["causes"].keys() == {str(int(cause)) for cause in Cause}


@pytest.mark.parametrize(
    ("series", "span", "found"),
    [
        (f"{AIR}/series/a34004", (at(2026, 2, 1), at(2026, 4, 1)), [date(2026, 3, 1)]),
        (f"{AIR}/series/a34004", (at(2026, 3, 1), at(2026, 4, 1)), []),
        (f"{AIR}/series/a34004", (at(2030, 12, 1), at(2031, 2, 1)), [date(2031, 1, 1)]),
        (f"{AIR}/series/a01001", (at(2026, 2, 1), at(2026, 4, 1)), []),
        (f"{WATER}/series/w21003", (at(2026, 2, 1), at(2026, 4, 1)), []),
    ],
)
def test_a_chart_shows_where_the_standard_changed(
    centre: RunningCentre,
    deputy: httpx.Client,
    series: str,
    span: tuple[int, int],
    found: list[date],
) -> None:
    """With the date, and a sentence that says what changed."""
    path = f"/api/v1/stations/{series}?from_ms={span[0]}&to_ms={span[1]}"
    rows = deputy.get(path).json()["changes"]
    assert [row["t"] for row in rows] == [at(on.year, on.month, on.day) for on in found]
    for row, on in zip(rows, found, strict=True):
        assert row["words"] == f"{on} 起执行新标准"
        assert "24 小时平均二级限值由" in row["why"]


def test_means_say_how_complete_they_are(centre: RunningCentre, deputy: httpx.Client) -> None:
    """An hour needs 45 minutes, a day 20 hours; ozone's day is its largest 8 h mean."""
    centre.clock.now_ms = NOW_MS - 1
    for _hour in range(6):
        centre.measured(f"{AIR}/a34004", [38] * 6)
        centre.clock.now_ms -= HOUR_MS
    centre.measured(f"{AIR}/a05024", [100] * 6)
    centre.clock.now_ms = NOW_MS
    stations = centre.services.catalogue.stations
    stations[AIR] = replace(stations[AIR], cadence_ms=600_000)

    text = " ".join(text_of(deputy.get(f"/environment/stations/{AIR}")).split())
    table = text[text.index("均值与有效数据") :]
    assert "38 有效 60/60 分钟" in table
    assert "38 有效 6/24 小时未满一天，暂不评价" in table
    assert "— 有效 0/24 小时数据不足，不评价" in table
    assert "日值为最大 8 小时均值" in table
    assert "均值与有效数据" not in text_of(deputy.get(f"/environment/stations/{WATER}"))
