"""Stations on the overview, on their own page, and over the API."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import httpx
import pytest

from config.vocabulary.quality import Cause
from config.vocabulary.time import HOUR_MS
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.test_alerts import text_of

STATION = "tonglv-pingchao"
CLEAN = {"w01001": 7.5, "w01009": 7.0, "w21003": 0.4, "w21011": 0.15, "w01019": 3.0}
AIR = {"a34004": 40, "a34002": 60, "a21026": 9, "a21004": 30, "a21005": 0.7, "a05024": 90}


def state_of(client: httpx.Client, station: str) -> dict[str, Any]:
    """What the API says of a station."""
    found: dict[str, Any] = client.get(f"/api/v1/stations/{station}").json()
    return found


def clean_water(centre: RunningCentre, station: str = STATION, **changes: float) -> None:
    """A station of class III or better but for what is changed."""
    for code, value in (CLEAN | changes).items():
        centre.measured(f"{station}/{code}", [value])


def test_pages_stand_without_any_reading(centre: RunningCentre, deputy: httpx.Client) -> None:
    """A first start shows every station, and says that nothing is known, not that all is well."""
    text = text_of(deputy.get("/environment/"))
    assert "各站点都没有最新数据" in text
    assert "目前没有污染报警" not in text
    for station in centre.services.catalogue.stations.values():
        assert station.name in text
        assert "暂无评价" not in deputy.get(f"/environment/stations/{station.id}").text
    assert state_of(deputy, STATION)["label"] == "—"


@pytest.mark.parametrize(
    ("ammonia", "label"),
    [(0.4, "Ⅲ类"), (1.0, "Ⅲ类"), (1.001, "Ⅳ类"), (1.8, "Ⅴ类"), (2.4, "劣Ⅴ类")],
)
def test_a_water_class_is_the_worst_of_its_items(
    centre: RunningCentre, deputy: httpx.Client, ammonia: float, label: str
) -> None:
    """One bad item decides."""
    clean_water(centre, w21003=ammonia)
    assert state_of(deputy, STATION)["label"] == label


def test_a_class_says_what_it_had_to_do_without(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """An instrument under calibration neither decides nor disappears silently."""
    clean_water(centre)
    centre.clock.now_ms += 1000
    centre.measured(f"{STATION}/w21003", [9.0], cause=Cause.CALIBRATION)
    state = state_of(deputy, STATION)
    assert state["label"] == "Ⅲ类"
    assert state["basis"].endswith("缺氨氮")
    assert "仪器校准中" in text_of(deputy.get(f"/environment/stations/{STATION}"))


def test_a_reading_left_over_from_before_decides_no_class(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """An item that fell silent an hour ago is missing, however good it was."""
    clean_water(centre, w21003=9.0)
    centre.clock.now_ms += HOUR_MS
    for code in CLEAN.keys() - {"w21003"}:
        centre.measured(f"{STATION}/{code}", [CLEAN[code]])
    assert state_of(deputy, STATION)["label"] == "Ⅲ类"
    assert "氨氮" in state_of(deputy, STATION)["basis"]


def test_an_aqi_is_that_of_the_last_full_hour(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Its hour and standard are named; the readings of the current hour do not count."""
    centre.clock.now_ms -= 60_000
    for code, value in AIR.items():
        centre.measured(f"air-jinsha/{code}", [value] * 6)
    centre.clock.now_ms += 20 * 60_000
    centre.measured("air-jinsha/a34004", [500])
    state = state_of(deputy, "air-jinsha")
    assert re.fullmatch(r"AQI \d+", state["label"])
    thin = "；有的指标有效数据不足 45 分钟，仅供参考"
    assert state["basis"] == f"HJ 633-2026，11:00—11:59 小时均值{thin}"
    assert state["word"] in {"优", "良"}


def test_who_should_take_care_is_named_where_the_air_is_bad(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The sensitive groups of the items whose index is above 100, each once."""
    centre.clock.now_ms -= 60_000
    for code, value in AIR.items():
        centre.measured(f"air-jinsha/{code}", [180 if code == "a34004" else value] * 6)
    centre.clock.now_ms += 20 * 60_000

    basis = state_of(deputy, "air-jinsha")["basis"]

    assert (
        "心血管疾病患者、呼吸系统疾病患者、青少年儿童、户外活动频繁者、老年人减少户外活动" in basis
    )


def test_a_station_that_fell_silent_says_so(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Its colour turns grey, its word is not that of its last class, and nobody claims calm."""
    for station in centre.services.catalogue.stations.values():
        if station.kind == "water":
            clean_water(centre, station.id)
        else:
            centre.measured(f"{station.id}/a34004", [40])
    assert "全区各站点目前没有污染报警" in text_of(deputy.get("/environment/"))
    centre.clock.now_ms += 10 * 60_000
    for station in list(centre.services.catalogue.stations.values())[1:]:
        centre.measured(f"{station.id}/{'w01001' if station.kind == 'water' else 'a34004'}", [7])
    text = text_of(deputy.get("/environment/"))
    assert "其余站点目前没有污染报警。1 个站点数据中断，情况不明。" in text
    assert state_of(deputy, STATION)["late"] is True


def test_the_overview_is_not_calm_beside_a_station_that_misses_its_target(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Water worse than its class, air beyond an AQI of 100; both are counted in words."""
    everywhere(centre)
    assert "全区各站点目前没有污染报警" in text_of(deputy.get("/environment/"))
    centre.clock.now_ms += 1000
    clean_water(centre, w21011=0.5)
    centre.measured("air-jinsha/a34004", [240.0] * 12)
    page = deputy.get("/environment/").text
    assert "2 个站点的水质或空气质量未达到目标" in page
    assert "banner calm" not in page

    centre.put(spill())
    assert (
        "1 个站点有污染报警尚未解除，请查看。另有 1 个站点的水质或空气质量未达到目标"
        in text_of(deputy.get("/environment/"))
    )


def test_a_station_whose_readings_are_all_bad_is_without_data(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """It sends, but nothing that a judgement may rest on."""
    everywhere(centre)
    centre.clock.now_ms += 1000
    for code in CLEAN:
        centre.measured(f"{STATION}/{code}", [1.0], cause=Cause.CALIBRATION)
    page = deputy.get("/environment/").text
    assert "其余站点目前没有污染报警。1 个站点没有有效数据，情况不明。" in page
    assert "banner calm" not in page


def everywhere(centre: RunningCentre) -> None:
    """Every station measures, and all is well."""
    for station in centre.services.catalogue.stations.values():
        for code, value in (CLEAN if station.kind == "water" else AIR).items():
            centre.measured(f"{station.id}/{code}", [value] * 12)


def test_the_overview_counts_stations_and_not_alerts(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Three alerts at one station are one station in trouble."""
    for number in "abc":
        centre.put(spill(id=number * 20))
    assert "1 个站点有污染报警尚未解除" in text_of(deputy.get("/environment/"))


def test_a_fault_of_a_link_is_no_pollution(centre: RunningCentre, deputy: httpx.Client) -> None:
    """A maintenance alert turns nothing red."""
    centre.put(
        spill(
            rule_id="station-silent",
            level=2,
            about="maintenance",
            indicator="",
            peak=None,
            last_value=None,
        )
    )
    page = deputy.get("/environment/").text
    assert "污染报警，请查看" not in page
    assert "flag bad" not in page


def test_the_map_reads_how_a_station_stands_in_words_beside_its_colour(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Colour is never the only sign; its geography says which are water and which air."""
    clean_water(centre)
    page = deputy.get("/environment/").text
    mark = re.search(f'<li data-key="{STATION}" [^>]*>[^<]*', page)
    assert mark
    assert mark[0].endswith('data-tone="green" data-standing="calm" data-area="平潮镇">Ⅲ类')
    drawn = deputy.get("/api/v1/map").json()["features"]
    kinds = Counter(one["properties"]["kind"] for one in drawn)
    assert (kinds["water"], kinds["air"]) == (6, 4)
    (place,) = (one for one in drawn if one["id"] == f"water/{STATION}")
    assert place["geometry"]["coordinates"] == [120.925, 32.052]


def listed(client: httpx.Client, query: str = "") -> list[str]:
    """Stations of the list and, behind them, those on the map, by id."""
    page = client.get(f"/environment/?{query}").text
    rows, marks = page.partition('id="stations"')[2], page.partition('id="stations"')[0]
    shown = re.findall('<li data-key="([^"]+)"', rows)
    assert sorted(shown) == sorted(re.findall('<li data-key="([^"]+)"', marks))
    return shown


def test_given_a_river_a_town_a_kind_or_a_state_then_list_map_and_table_have_these_stations(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The worst comes first; whoever asks for another order gets it."""
    everywhere(centre)
    centre.clock.now_ms += 1000
    clean_water(centre, "xinjianghai-xingdong", w21011=0.5)
    centre.put(spill())
    assert listed(deputy)[:2] == [STATION, "xinjianghai-xingdong"]
    assert listed(deputy, "standing=worse") == ["xinjianghai-xingdong"]
    assert listed(deputy, "kind=air&town=jinsha") == ["air-jinsha"]
    names = {of.id: of.name for of in centre.services.catalogue.stations.values()}
    along = listed(deputy, "river=tonglv&order=name")
    assert [names[of] for of in along] == sorted(names[of] for of in along)
    assert {of.partition("-")[0] for of in along} == {"tonglv"}
    table = deputy.get("/environment/stations.csv?standing=worse").text
    assert names["xinjianghai-xingdong"] in table
    assert names[STATION] not in table
    assert "没有符合条件的站点" in deputy.get("/environment/?river=none").text


@pytest.mark.parametrize("query", ["kind=soil", "standing=good", "order=x", "page=0"])
def test_given_a_choice_that_there_is_not_then_the_list_says_so(
    deputy: httpx.Client, query: str
) -> None:
    """As every other list."""
    assert deputy.get(f"/environment/?{query}").status_code == 422


def test_a_reading_stands_beside_its_limit(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Beyond an upper limit or under a lower one it is marked."""
    clean_water(centre, w21003=1.5, w01009=4.0)
    page = deputy.get(f"/environment/stations/{STATION}")
    text = text_of(page)
    assert "Ⅲ类标准 ≤ 1" in text
    assert "Ⅲ类标准 ≥ 5" in text
    assert page.text.count('class="over">超标') == 2


def test_a_series_comes_with_the_lines_of_its_limits(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Values in columns, a missing one as null, limits of rules with their level."""
    centre.measured(f"{STATION}/w21003", [0.5, None, 2.5])
    found = deputy.get(f"/api/v1/stations/{STATION}/series/w21003").json()
    assert found["value"] == [0.5, None, 2.5]
    assert found["t"] == [NOW_MS - 1_200_000, NOW_MS - 600_000, NOW_MS]
    assert [(line["value"], line["level"]) for line in found["lines"]] == [
        (1.0, "alarm"),
        (2.0, "critical"),
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/stations/nowhere", 404),
        ("/api/v1/stations/nowhere/series/w21003", 404),
        (f"/api/v1/stations/{STATION}/series/a34004", 404),
        (f"/api/v1/stations/{STATION}/series/w21003?from_ms=5&to_ms=5", 422),
        (f"/api/v1/stations/{STATION}/series/w21003?from_ms=x", 422),
        (f"/api/v1/stations/{STATION}/series/w21003?from_ms=0", 422),
        (f"/api/v1/stations/{STATION}/series/w21003?points=true", 422),
        (f"/api/v1/stations/{STATION}/series/w21003?points=1000000", 422),
    ],
)
def test_a_wrong_question_is_refused(deputy: httpx.Client, path: str, status: int) -> None:
    """With a status and words, never a stack."""
    answer = deputy.get(path)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_station_that_is_silent_for_days_shows_the_day_of_its_last_data(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """And of data of another year the year; today the time is enough."""
    centre.clock.now_ms = NOW_MS - 400 * 86_400_000
    centre.measured("tonglv-jinsha/w21003", [0.4])
    centre.clock.now_ms = NOW_MS
    centre.measured(f"{STATION}/w21003", [0.4])
    said = []
    for days in (0, 3):
        centre.clock.now_ms = NOW_MS + days * 86_400_000
        said.append(
            re.findall(
                "更新于 ([^—]*?\\d\\d:\\d\\d:\\d\\d)",
                text_of(deputy.get("/environment/?order=heard")),
            )
        )
    year = "2025年10月20日 12:00:00"
    assert said == [[year, "12:00:00"], [year, "11月24日 12:00:00"]]
