"""Means of the items of an AQI in words."""

from __future__ import annotations

from functools import partial

import numpy as np

from alerting.wording.sentences import figure
from api.platforms.environment.stations.records import Average, Averages
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import Means, daily, daily_8h_max, hourly, hours_of
from ingest.standards.air import air_items
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Mean, bucket_ms

OZONE, OZONE_WINDOWS = "a05024", 17
"""Its day is the largest of so many 8 h means."""


def averages(services: Services, station: Station) -> list[Averages]:
    """Of each item of an AQI its newest means, with how complete they are; of water none."""
    if station.kind != "air":
        return []
    hour = services.now_ms() // HOUR_MS * HOUR_MS
    today = bucket_ms(hour, 24)
    codes = [code for code in air_items() if code in services.catalogue.plans[station.id]]
    means: dict[str, list[Mean]] = {f"{station.id}/{code}": [] for code in codes}
    for row in services.store.means(list(means), today - DAY_MS, hour):
        means[row.series].append(row)
    dated = CadenceRecord(services.state).dated(services.catalogue)
    found = []
    for code, (series, rows) in zip(codes, means.items(), strict=True):
        cadences = cadences_of(dated, station.id, code)
        hours = hours_of(rows, cadences, partial(services.store.good, series))
        ozone = code == OZONE
        days = daily_8h_max(hours, hour) if ozone else daily(hours)
        unit, of = ("windows", OZONE_WINDOWS) if ozone else ("hours", 24)
        found.append(
            Averages(
                services.words.indicators[code],
                services.words("station.largest-8h") if ozone else "",
                _average(services, code, hourly(hours), hour - HOUR_MS, ("minutes", 60)),
                _average(services, code, days, today, (unit, of)),
                _average(services, code, days, today - DAY_MS, (unit, of)),
            )
        )
    return found


def _average(
    services: Services, code: str, means: Means, begin_ms: int, of: tuple[str, int]
) -> Average:
    unit, whole = of
    at = int(np.searchsorted(means.begin_ms, begin_ms))
    there = at < len(means) and means.begin_ms[at] == begin_ms
    share = float(means.share[at]) if there else 0.0
    complete = services.words(f"station.complete-{unit}", n=round(share * whole), of=whole)
    if not there or np.isnan(means.value[at]):
        return Average("—", complete, valid=False)
    value = figure(float(means.value[at]), INDICATORS[code])
    return Average(value, complete, bool(means.valid[at]))
