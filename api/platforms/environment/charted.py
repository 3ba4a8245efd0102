"""The view of a chart of a station: which indicator, of when, and what beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import HTTPException
from pydantic import BaseModel, Field

from api.services import Services
from api.web.forms import LAST_MS
from config.catalogue.shapes import Station
from config.vocabulary.indicators import Indicator
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, ZONE
from ingest.annotations.cadences import CadenceRecord
from ingest.standards.cadences import Cadences, cadences_of

LONGEST_MS = 400 * DAY_MS
MINUTES_AROUND_MS, HOURS_BEFORE_MS = 5 * MINUTE_MS, 3 * HOUR_MS
MOST_BESIDE = 20
SPANS = (1, 6, 24, 168, 720, 8760)
"""Hours of the spans that are chosen by one touch."""
Drawn = Literal["readings", "hour", "day"]
Wish = Literal["auto", "readings", "hour", "day"]


@dataclass(frozen=True, slots=True)
class View:
    """The view of a chart at first: up to now where ``to_ms`` is None. ``wrong`` names what of the
    address does not hold.
    """

    code: str
    hours: int = 1
    from_ms: int | None = None
    to_ms: int | None = None
    drawn: Wish = "auto"
    beside: str = ""
    wrong: str = ""

    def span(self, now_ms: int) -> tuple[int, int]:
        """UTC epoch ms, half open."""
        end = now_ms + 1 if self.to_ms is None else self.to_ms
        begin = end - self.hours * HOUR_MS if self.from_ms is None else self.from_ms
        return max(begin, 0), end


class Asked(BaseModel):
    """A view as its form writes it into an address that can be sent to somebody; ``begin`` and
    ``end`` in the district's time.
    """

    code: Annotated[str, Field(max_length=20)] = ""
    hours: Annotated[int, Field(ge=1, le=LONGEST_MS // HOUR_MS)] = 1
    begin: Annotated[str, Field(max_length=40)] = ""
    end: Annotated[str, Field(max_length=40)] = ""
    drawn: Wish = "auto"
    beside: Annotated[str, Field(max_length=120)] = ""

    def view(self, first: str, now_ms: int) -> View:
        """The view that is asked for; ``first`` is the indicator where none is named."""
        plain = View(self.code or first, self.hours, drawn=self.drawn, beside=self.beside)
        try:
            end = _instant(self.end) if self.end else None
            begin = _instant(self.begin) if self.begin else None
        except ValueError:
            return replace(plain, wrong="time")
        found = replace(plain, from_ms=begin, to_ms=end)
        first_ms, behind_ms = found.span(now_ms)
        if first_ms >= behind_ms:
            return replace(plain, wrong="order")
        if behind_ms - first_ms > LONGEST_MS:
            return replace(plain, wrong="long")
        return found


def _instant(text: str) -> int:
    """UTC epoch ms of a time in the district.

    Raises:
        ValueError: it is none, or the calendar of the stores does not have it.
    """
    try:
        found = round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)
    except OverflowError:
        found = -1
    if not 0 <= found <= LAST_MS:
        raise ValueError(text)
    return found


def charted(services: Services, station: Station) -> list[Indicator]:
    """The indicators of a station, those that a rule watches first."""
    watched = [rule.indicator for rule in services.rules if rule.scope.names(station)]
    return sorted(
        services.catalogue.indicators(station.id),
        key=lambda row: watched.index(row.code) if row.code in watched else len(watched),
    )


def around(
    indicators: Sequence[Indicator],
    began_ms: int,
    ended_ms: int | None,
    now_ms: int,
    before_ms: int = MINUTES_AROUND_MS,
) -> View:
    """The time of what happened, some time before it and minutes behind; while it stands, up to
    now. Of what lasted longer than a chart may, the last part.
    """
    code = indicators[0].code if indicators else ""
    behind_ms = None if ended_ms is None else ended_ms + MINUTES_AROUND_MS
    # Less than the longest by a day: an open page goes on until somebody loads it again.
    earliest_ms = (now_ms if behind_ms is None else behind_ms) - LONGEST_MS + DAY_MS
    return View(code, from_ms=max(began_ms - before_ms, earliest_ms, 0), to_ms=behind_ms)


def beside(services: Services, station: Station) -> list[Station]:
    """The stations with whose curves one compares: the nearest of the same kind."""
    east, north = station.position
    others = [
        of
        for of in services.catalogue.stations.values()
        if of.kind == station.kind and of.id != station.id
    ]
    others.sort(key=lambda of: (of.position[0] - east) ** 2 + (of.position[1] - north) ** 2)
    return others[:MOST_BESIDE]


def measured(services: Services, station_id: str, code: str) -> tuple[Station, Indicator]:
    """A station and one of its indicators.

    Raises:
        HTTPException: 404, there is no such station, or it does not measure that.
    """
    station = services.catalogue.stations.get(station_id)
    if station is None:
        raise HTTPException(404, f"unknown station {station_id!r}; see /api/v1/stations")
    found = next((of for of in services.catalogue.indicators(station.id) if of.code == code), None)
    if found is None:
        codes = ", ".join(services.catalogue.plans[station.id])
        raise HTTPException(404, f"code {code!r} is not measured here; use one of {codes}")
    return station, services.words.indicators[code]


def cadences(services: Services, station: Station, code: str) -> Cadences:
    """How often an indicator was measured."""
    dated = CadenceRecord(services.state).dated(services.catalogue)
    return cadences_of(dated, station.id, code)
