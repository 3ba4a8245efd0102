"""A station's judgement in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from alerting.formats import water_class
from api.platforms.environment.stations.records import Judged, newest
from api.platforms.environment.stations.wording import deciding
from api.services import Services
from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.quality import Quality
from config.vocabulary.time import HOUR_MS, ZONE
from ingest.standards.aggregates import hourly, hours_of
from ingest.standards.air import AirJudgement, air_limit, air_quality, sensitive_groups
from ingest.standards.cadences import cadences_of
from ingest.standards.limits import completeness
from ingest.standards.water import WaterJudgement, water_quality
from ingest.store.protocol import Latest, Mean

AQI_OF_CLASS_II = 100
_WATER_TONES = {"I": "blue", "II": "blue", "III": "green", "IV": "yellow", "V": "orange"}


def judged(
    services: Services,
    dated: Catalogue,
    station: Station,
    latest: dict[str, Latest],
    means: dict[str, Mean],
) -> Judged:
    """A water station by its newest readings, an air station by the means of the last hour and
    the cadences of ``dated``.
    """
    if station.kind == "air":
        return _judge_air(services, dated, station, means)
    on = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).date()
    found = water_quality(
        values(services, station, latest), on=on, target=station.target, lake=station.lake
    )
    basis = services.words(f"station.basis-{station.body}", standard=found.standard)
    return of_water(services, found, basis + _lacking(services, found.missing))


def of_water(services: Services, found: WaterJudgement, basis: str) -> Judged:
    """A class in words, whatever it is the class of."""
    if found.class_name is None or found.level is None:
        return _unknown(services)
    return Judged(
        water_class(services.words, found.class_name),
        services.words.name(found.level),
        _WATER_TONES.get(found.class_name, "red"),
        basis,
        bool(found.exceeding),
        deciding.of_water(services.words, found),
    )


def of_air(services: Services, found: AirJudgement, basis: str) -> Judged:
    """An AQI in words, whatever it is the AQI of."""
    if found.aqi is None or found.class_name is None or found.colour is None:
        return _unknown(services)
    return Judged(
        f"AQI {found.aqi}",
        services.words.name(found.class_name),
        found.colour,
        basis,
        found.aqi > AQI_OF_CLASS_II,
        deciding.of_air(services.words, found),
    )


def _judge_air(
    services: Services, dated: Catalogue, station: Station, means: dict[str, Mean]
) -> Judged:
    hour = services.now_ms() // HOUR_MS * HOUR_MS - HOUR_MS
    on = datetime.fromtimestamp(hour / 1000, ZONE).date()
    items = {
        code: means[key].mean if (key := f"{station.id}/{code}") in means else None
        for code in services.catalogue.plans[station.id]
        if air_limit(code, on=on, averaging="daily")
    }
    judged = air_quality(items, on=on, averaging="hourly", plan=items)
    begun = datetime.fromtimestamp(hour / 1000, ZONE)
    basis = services.words(
        "station.basis-air", standard=judged.standard, hour=f"{begun:%H}:00—{begun:%H}:59"
    )
    basis += _lacking(services, judged.missing)
    basis += _thin(services, dated, station, means, judged.iaqi) + _careful(services, judged)
    return of_air(services, judged, basis)


def values(
    services: Services, station: Station, latest: dict[str, Latest]
) -> dict[str, float | None]:
    """Of each indicator the value that a judgement may rest on."""
    newest_ms = newest(row.t_ms for row in latest.values()) or 0
    return {
        code: _counted(latest.get(code), newest_ms - station.late_after_ms)
        for code in services.catalogue.plans[station.id]
    }


def _counted(row: Latest | None, earliest_ms: int) -> float | None:
    """The value that a class may rest on: good, and not left over from before."""
    if row is None or row.quality is not Quality.GOOD or row.t_ms < earliest_ms:
        return None
    return row.value


def _lacking(services: Services, codes: Sequence[str]) -> str:
    """The figures that a judgement lacks, in words."""
    if not codes:
        return ""
    names = services.words.listed(services.words.indicators[code].name for code in codes)
    return services.words("station.lacking", names=names)


def _thin(
    services: Services,
    dated: Catalogue,
    station: Station,
    means: dict[str, Mean],
    used: Collection[str],
) -> str:
    """That an hour is measured too thinly for the standard, where it is."""
    hours = [
        hours_of(
            [means[f"{station.id}/{code}"]],
            cadences_of(dated, station.id, code),
            partial(services.store.good, f"{station.id}/{code}"),
        )
        for code in used
    ]
    if all(hourly(of).valid.all() for of in hours):
        return ""
    return services.words("station.thin", minutes=completeness().hour_minutes)


def _careful(services: Services, judged: AirJudgement) -> str:
    """The people who should take care first, where an item's index says so."""
    found = [who for code, index in judged.iaqi.items() for who in sensitive_groups(code, index)]
    groups = services.words.listed(map(services.words.name, dict.fromkeys(found)))
    return services.words("station.sensitive", groups=groups) if groups else ""


def _unknown(services: Services) -> Judged:
    return Judged("—", services.words("station.no-judgement"), "gray", "")
