"""Conditions of the environment that other platforms may wait for."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

import msgspec
from msgspec import Meta

from alerting.formats import water_class
from api.ports import EvidenceKind, EvidenceState
from api.services import Services
from config.catalogue.shapes import WaterClass
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import DAY_MS, ZONE
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.aggregates import daily, hours_of
from ingest.standards.cadences import cadences_of
from ingest.standards.water import water_items, water_quality
from ingest.store.protocol import bucket_ms


class InRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An indicator stays in range at a station for ``days`` days on end; none of them began before
    ``after_ms``, UTC epoch ms. The range is a class of GB 3838 by the standard of each day, or
    values in the indicator's unit, both included.
    """

    station: str
    indicator: str
    days: Annotated[int, Meta(ge=1, le=366)]
    after_ms: Annotated[int, Meta(ge=0)]
    target: WaterClass | None = None
    lowest: float | None = None
    highest: float | None = None

    def __post_init__(self) -> None:
        values = self.lowest is not None or self.highest is not None
        if (self.target is None) is not values:
            raise ValueError("give either a target class, or a lowest or highest value")
        if self.indicator not in (water_items() if self.target else INDICATORS):
            raise ValueError(f"indicator {self.indicator!r} has no such range")

    def holds(self, value: float, day_ms: int, *, lake: bool) -> bool:
        """Whether a day's mean is in range, of a river's water or of a lake's."""
        if self.target:
            on = datetime.fromtimestamp(day_ms / 1000, ZONE).date()
            of = {self.indicator: value}
            judged = water_quality(of, on=on, target=self.target, lake=lake)
            return not judged.exceeding
        above = self.lowest is None or value >= self.lowest
        return above and (self.highest is None or value <= self.highest)


def _check(services: Services, asked: InRange, now_ms: int) -> EvidenceState:
    """By the means of whole days. One with too little data ends the row: it proves nothing."""
    station = services.catalogue.stations.get(asked.station)
    if station is None:
        return EvidenceState(False)
    today = bucket_ms(now_ms, 24)
    first = max(bucket_ms(asked.after_ms + DAY_MS - 1, 24), today - asked.days * DAY_MS)
    series = f"{asked.station}/{asked.indicator}"
    means = services.store.means([series], first, today) if first < today else []
    dated = CadenceRecord(services.state).dated(services.catalogue)
    cadences = cadences_of(dated, asked.station, asked.indicator)
    found = daily(hours_of(means, cadences, partial(services.store.good, series)))
    days = zip(found.begin_ms.tolist(), found.value.tolist(), found.valid.tolist(), strict=True)
    good = {
        begin
        for begin, value, valid in days
        if valid and asked.holds(value, begin, lake=station.lake)
    }
    since = today
    while since - DAY_MS in good:
        since -= DAY_MS
    if since == today:
        return EvidenceState(False)
    until = since + asked.days * DAY_MS
    return EvidenceState(until <= today, since, until)


def _said(services: Services, asked: InRange) -> str:
    station = services.catalogue.stations.get(asked.station)
    indicator = services.words.indicators[asked.indicator]
    values = {
        "station": station.name if station else asked.station,
        "indicator": indicator.name,
        "days": asked.days,
    }
    if asked.target:
        name = water_class(services.words, asked.target)
        return services.words("environment.evidence.class", name=name, **values)
    ends = {"lowest": asked.lowest, "highest": asked.highest}
    limits = services.words.listed(
        services.words(f"environment.evidence.{end}", value=f"{value:g}", unit=indicator.unit)
        for end, value in ends.items()
        if value is not None
    )
    return services.words("environment.evidence.values", limits=limits, **values)


EVIDENCE = (EvidenceKind("in-range", InRange, _check, _said),)
