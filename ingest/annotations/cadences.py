"""The record of cadences: those of the catalogue by date, and those of imports. The only SQL of
them.

What it says of the past is judged anew when it grows, so it draws its revisions from the same
numbers as corrections do. A folder of data that is older than this record begins with the
catalogue's cadence for ever back: by that it was judged, so nothing is judged anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.catalogue.cadences import CadenceSpan, Origin
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import HOUR_MS
from ingest.annotations.corrections import grow
from ingest.annotations.tables import CADENCE
from ingest.state.database import State

_CATALOGUE: Origin = "catalogue"
_IMPORT: Origin = "import"
_AT_FIRST = 0
"""Revision of what was always so."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A span on record of a station."""

    station: str
    span: CadenceSpan


class CadenceRecord:
    """Cadences in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def changes(self) -> int:
        """How often it changed; only the core changes it, which asks often."""
        return self.state.changed[CADENCE.name]

    def dated(self, catalogue: Catalogue) -> Catalogue:
        """A catalogue that knows the cadences of all times."""
        spans: dict[str, tuple[CadenceSpan, ...]] = {}
        for row in self.since(-1):
            if row.station in catalogue.stations:
                spans[row.station] = (*spans.get(row.station, ()), row.span)
        return msgspec.structs.replace(catalogue, cadences=spans)

    def since(self, revision: int) -> list[Recorded]:
        """The spans that were recorded, or ended, after a revision, in their order."""
        query = sa.select(CADENCE).where(CADENCE.c.revision > revision)
        order = (CADENCE.c.revision, CADENCE.c.station, CADENCE.c.indicator, CADENCE.c.from_ms)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(*order)).mappings().all()
        names = CadenceSpan.__struct_fields__
        return [Recorded(row["station"], CadenceSpan(*(row[of] for of in names))) for row in rows]

    def keep_up(self, catalogue: Catalogue, at_ms: int) -> None:
        """Note where a catalogue differs from what holds: from the hour of an instant on, UTC
        epoch ms. Asked at each start, in little time.
        """
        hour_ms = at_ms // HOUR_MS * HOUR_MS
        with self.state.begin() as connection:
            query = sa.select(CADENCE).where(_open())
            known = {row["station"]: row for row in connection.execute(query).mappings()}
            for name, station in catalogue.stations.items():
                row = known.get(name)
                if row is None:
                    span = CadenceSpan("", 0, None, station.cadence_ms, _CATALOGUE)
                    _add(connection, name, span, _AT_FIRST)
                elif row["cadence_ms"] != station.cadence_ms:
                    begin_ms = max(hour_ms, row["from_ms"])
                    span = CadenceSpan("", begin_ms, None, station.cadence_ms, _CATALOGUE)
                    _follow(connection, name, span)
        self.state.changed[CADENCE.name] += 1

    def brought(self, station: str, spans: Sequence[CadenceSpan]) -> None:
        """Note the spans of an import. One of the same span of time as an earlier one takes its
        place; what is known already is not noted again.
        """
        with self.state.begin() as connection:
            fresh = [span for span in spans if not _known(connection, station, span)]
            if not fresh:
                return
            revision = grow(connection)
            for span in fresh:
                connection.execute(sa.delete(CADENCE).where(_same(station, span)))
                _add(connection, station, span, revision)
        self.state.changed[CADENCE.name] += 1


def _follow(connection: Connection, station: str, span: CadenceSpan) -> None:
    """End the cadence of the catalogue that holds, and begin another one."""
    revision = grow(connection)
    this = sa.and_(_open(), CADENCE.c.station == station)
    connection.execute(sa.update(CADENCE).where(this).values(to_ms=span.from_ms))
    empty = sa.and_(CADENCE.c.station == station, CADENCE.c.from_ms == CADENCE.c.to_ms)
    connection.execute(sa.delete(CADENCE).where(empty))
    _add(connection, station, span, revision)


def _add(connection: Connection, station: str, span: CadenceSpan, revision: int) -> None:
    row = msgspec.structs.asdict(span) | {"station": station, "revision": revision}
    connection.execute(sa.insert(CADENCE).values(row))


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(CADENCE.c.origin == _CATALOGUE, CADENCE.c.to_ms.is_(None))


def _same(station: str, span: CadenceSpan) -> sa.ColumnElement[bool]:
    """Of the same readings, whatever the cadence."""
    pairs = {
        CADENCE.c.station: station,
        CADENCE.c.indicator: span.indicator,
        CADENCE.c.from_ms: span.from_ms,
        CADENCE.c.to_ms: span.to_ms,
        CADENCE.c.origin: _IMPORT,
    }
    return sa.and_(*(column == value for column, value in pairs.items()))


def _known(connection: Connection, station: str, span: CadenceSpan) -> bool:
    query = sa.select(CADENCE.c.cadence_ms).where(_same(station, span))
    return connection.scalar(query) == span.cadence_ms
