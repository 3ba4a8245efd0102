"""A week of stations: worst mean, days beyond the class, days with too little data."""

from __future__ import annotations

from datetime import date

from api.platforms.environment.week import wording
from api.platforms.environment.week.records import DayMean, judged, of_area
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
OXYGEN, AMMONIA, ACIDITY, OZONE, FINE = "w01009", "w21003", "w01001", "a05024", "a34004"


def test_given_water_then_the_worst_mean_is_that_of_the_worst_class_and_nearest_its_limit(
    catalogue: Catalogue,
) -> None:
    """Oxygen is bad where it is low; pH has no single limit and is beyond both ends."""
    station = catalogue.stations["tonglv-jinsha"]
    fine = [DayMean(OXYGEN, MONDAY, 5.1), DayMean(AMMONIA, MONDAY, 0.7)]
    week = judged(station, fine, 7)
    assert week.worst is not None
    assert (week.worst.mean.code, week.exceeded, week.silent) == (OXYGEN, 0, 6)
    low = judged(station, [*fine, DayMean(OXYGEN, TUESDAY, 2.5)], 7)
    assert low.worst is not None
    assert (low.worst.mean.day, low.worst.class_name) == (TUESDAY, "V")
    sour = judged(station, [*fine, DayMean(ACIDITY, MONDAY, 4.0)], 7)
    assert sour.worst is not None
    assert (sour.worst.mean.code, sour.exceeded, sour.worst.limit) == (ACIDITY, 1, None)


def test_given_air_then_a_day_is_beyond_class_two_once_however_many_items_are(
    catalogue: Catalogue,
) -> None:
    """By the index of each item, so that items of other units compare."""
    station = catalogue.stations["air-jinsha"]
    means = [
        DayMean(OZONE, MONDAY, 170.0),
        DayMean(FINE, MONDAY, 120.0),
        DayMean(FINE, TUESDAY, 9),
    ]
    week = judged(station, means, 2)
    assert week.worst is not None
    assert (week.worst.mean.code, week.exceeded, week.silent) == (FINE, 1, 0)
    said = wording.said(Words.load("zh-CN"), station.name, week, 2)
    assert "限值 " in said
    assert "2 天中有 1 天未达到空气质量二级标准" in said


def test_given_a_delegation_then_its_stations_are_those_of_its_town(catalogue: Catalogue) -> None:
    """One without a station hears how many of the district there are."""
    every = catalogue.stations.values()
    assert [of.id for of in of_area(every, ["二甲镇代表团"])] == ["tonglv-erjia"]
    assert of_area(every, ["五接镇代表团", "区人大常委会"]) == []
    weeks = [judged(of, [], 7) for of in every]
    said = wording.of_district(Words.load("zh-CN"), weeks)
    assert said == (
        "您所在的区域没有监测站点。全区 10 个站点中，0 个有未达标的日子，10 个有数据不足的日子。"
    )
