"""The page of a station: its last 30 days, what makes its class, its neighbours and instruments.

Figures are those of the calculation of our own that papers on periods are held against.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from math import acos, cos, radians, sin

import httpx
import pytest
from msgspec.structs import replace

from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, HOUR_MS, begins_ms, day_of
from tests.api.conftest import RunningCentre
from tests.api.test_period_report import (  # noqa: F401
    AMMONIA,
    BREAKPOINTS,
    CLASSES,
    LIMITS,
    NEW,
    OXYGEN,
    OZONE,
    air,
    class_of,
    days_of_series,
    hour_max,
    indices,
    libraries,
    put,
    water,
)
from tests.api.test_stations import AIR, clean_water

WATER, ROOFTOP = "tonglv-pingchao", "air-jinsha"
_DAY = re.compile(r'href="[^"]*/days/([\d-]+)" title="([^"]*)">(.*?)</li>', re.DOTALL)


def days_on(page: httpx.Response) -> dict[date, str]:
    """Of each day of the calendar its text, with what a pointer shows."""
    assert page.status_code == 200
    return {
        date.fromisoformat(day): " ".join(re.sub(r"<[^>]+>", " ", title + inner).split())
        for day, title, inner in _DAY.findall(page.text)
    }


def text_of(page: httpx.Response) -> str:
    """The text of a page, with one space between its pieces."""
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def last_days(centre: RunningCentre) -> list[date]:
    """Thirty days, of which the last is yesterday."""
    today = date.fromisoformat(day_of(centre.clock.now_ms))
    return [today - timedelta(days=n) for n in range(30, 0, -1)]


def test_given_ten_days_of_water_then_each_has_the_class_of_its_worst_item(
    water: RunningCentre,  # noqa: F811
    deputy: httpx.Client,
) -> None:
    """Days without a valid mean say so; days beyond the target have a sign beside the colour."""
    target = water.services.catalogue.stations[WATER].target
    means = {code: days_of_series(water, f"{WATER}/{code}") for code in LIMITS}

    shown = days_on(deputy.get(f"/environment/stations/{WATER}"))

    assert list(shown) == last_days(water)
    judged = 0
    for day, text in shown.items():
        places = [class_of(code, of[day]) for code, of in means.items() if day in of]
        if not places:
            assert "没有数据" in text or "无法评价" in text
            continue
        judged += 1
        assert CLASSES[max(places)] in text
        assert ("▲" in text) == (max(places) > ["I", "II", "III", "IV", "V"].index(str(target)))
        assert ("缺项" in text) == (len(places) < len(water.services.catalogue.plans[WATER]))
    assert judged >= 8


def test_given_days_around_a_new_standard_then_each_has_the_aqi_of_its_own(
    air: RunningCentre,  # noqa: F811
    deputy: httpx.Client,
) -> None:
    """HJ 633-2012 up to the last of February, HJ 633-2026 from March on, with first pollutants."""
    air.clock.now_ms = begins_ms(date(2026, 3, 10)) + 12 * HOUR_MS
    means = {
        code: days_of_series(air, f"{ROOFTOP}/{code}", ozone=code == OZONE) for code in BREAKPOINTS
    }
    highs = hour_max(air, f"{ROOFTOP}/{OZONE}")
    names = {of.code: of.name for of in air.services.catalogue.indicators(ROOFTOP)}

    page = deputy.get(f"/environment/stations/{ROOFTOP}")
    shown = days_on(page)

    judged = set()
    for day, text in shown.items():
        found = indices(means, highs, day, day)
        aqi = max(found.values(), default=0)
        if not found or (day >= NEW and len(found) < len(BREAKPOINTS) and aqi <= 100):
            assert "AQI" not in text.split("▲")[0].replace("AQI 大于 100", "")
            continue
        judged.add(day >= NEW)
        assert f"AQI {aqi} " in text
        first = [names[code] for code, one in found.items() if one == aqi and aqi > 50]
        assert all(name in text for name in first)
        assert ("▲" in text) == (aqi > 100)
    assert judged == {False, True}


def test_given_a_day_then_its_page_has_means_classes_and_hours_and_the_readings(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Twenty hours are a day, nineteen are none: the mean is left out and the hours are said."""
    day = date(2026, 11, 20)
    nan = float("nan")
    put(centre, f"{WATER}/{AMMONIA}", day, [1.32] * 20 + [nan] * 4)
    put(centre, f"{WATER}/{OXYGEN}", day, [3.0] * 19 + [nan] * 5)

    page = deputy.get(f"/environment/stations/{WATER}/days/{day}")
    text = text_of(page)

    assert "定类指标：氨氮；超标指标（目标Ⅲ类）：氨氮（0.32 倍）" in text
    assert re.search(r"氨氮 mg/L 1\.320 Ⅳ类 有效 20/24 小时 CSV", text)
    assert re.search(r"溶解氧 mg/L — — 有效 19/24 小时 数据不足，不评价", text)
    assert (
        "溶解氧、总磷、高锰酸盐指数有效数据不足" in text
        or "溶解氧" in text.split("有效数据不足")[0]
    )
    link = re.search(rf'href="([^"]*{AMMONIA}/readings[^"]*)"', page.text)
    assert link
    lines = deputy.get(link[1].replace("&amp;", "&")).text.splitlines()
    assert len(lines) == 1 + 20 * 60


def test_given_a_review_then_the_calendar_follows_at_once(
    water: RunningCentre,  # noqa: F811
    deputy: httpx.Client,
) -> None:
    """What was measured is otherwise read once an hour."""
    address = f"/environment/stations/{WATER}"
    shown = days_on(deputy.get(address))
    day = next(day for day, text in shown.items() if "缺项" in text)
    with water.services.state.begin() as connection:
        for code in LIMITS:
            water.services.corrections.add(
                connection,
                f"{WATER}/{code}",
                begins_ms(day),
                begins_ms(day) + DAY_MS,
                quality=Quality.BAD,
                by="officer",
                account="huanbao",
                why="ice",
                at_ms=water.clock.now_ms,
            )
    assert "无法评价" in days_on(deputy.get(address))[day]


def test_given_a_day_that_is_not_over_then_there_is_no_page_of_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Nor of one before all standards, nor of a station that nobody knows."""
    for path in (
        f"{WATER}/days/2026-11-24",
        f"{WATER}/days/1999-01-01",
        "nowhere/days/2026-11-01",
    ):
        assert deputy.get(f"/environment/stations/{path}").status_code == 404
    assert centre.services.now_ms() < begins_ms(date(2026, 11, 25))


def test_given_the_newest_readings_then_what_makes_class_and_aqi_is_named(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Of water the deciding items and the multiple beyond the target, of air the first one."""
    clean_water(centre, WATER, w21003=1.8)
    assert "定类指标：氨氮；超标指标（目标Ⅲ类）：氨氮（0.80 倍）" in text_of(
        deputy.get(f"/environment/stations/{WATER}")
    )
    centre.clock.now_ms -= 60_000
    for code, value in AIR.items():
        centre.measured(f"{ROOFTOP}/{code}", [180 if code == "a34004" else value] * 6)
    centre.clock.now_ms += 20 * 60_000
    centre.measured(f"{ROOFTOP}/a34004", [180])
    assert "首要污染物：细颗粒物" in text_of(deputy.get(f"/environment/stations/{ROOFTOP}"))


@pytest.mark.parametrize("station", [WATER, ROOFTOP])
def test_given_a_station_then_its_neighbours_stand_there_with_their_distance(
    centre: RunningCentre, deputy: httpx.Client, station: str
) -> None:
    """Along the river those above and below; of air the nearest. Reckoned by another formula."""
    known = centre.services.catalogue.stations
    here = known[station]

    def km(other: str) -> float:
        (east, north), (x, y) = (map(radians, known[of].position) for of in (station, other))
        angle = sin(north) * sin(y) + cos(north) * cos(y) * cos(x - east)
        return 6371.0 * acos(min(1.0, angle))

    page = deputy.get(f"/environment/stations/{station}")
    near = page.text.split('id="near"')[1].split("</section>")[0]
    shown = re.findall(r'href="/environment/stations/([^"]+)"', near)

    if here.river:
        along = [of for of in known.values() if of.river == here.river]
        order = sorted(along, key=lambda of: of.order or 0)
        place = order.index(here)
        assert shown == [
            *(of.id for of in order[max(place - 1, 0) : place]),
            *(of.id for of in order[place + 1 : place + 2]),
        ]
    else:
        same = [of.id for of in known.values() if of.kind == here.kind and of.id != station]
        assert shown == sorted(same, key=km)[:3]
    assert shown
    for other in shown:
        assert f"直线 {km(other):.1f} 公里" in near


def test_given_the_catalogue_then_the_page_says_how_each_item_is_measured(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Instrument, cadence and detection limit; what nobody wrote down says so."""
    station = centre.services.catalogue.stations[WATER]
    centre.services.catalogue.stations[WATER] = replace(station, cadence_ms=14_400_000)
    text = text_of(deputy.get(f"/environment/stations/{WATER}")).split("怎样监测")[1]
    assert re.search(r"氨氮 mg/L 恒泰分析 NP-2000 氨氮总磷 4 小时 0.02 mg/L 未登记", text)
    assert re.search(r"水温 ℃ 蓝河仪器 WQ-500 五参数 4 小时 未登记 未登记", text)
    assert "分析方法和检定日期目录中没有登记" in text
