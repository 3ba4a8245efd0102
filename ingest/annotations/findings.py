"""Findings of the checks: spans of readings with a flag and a cause. The only SQL of them.

Like corrections they lie beside the store and are laid over what is read of it; corrections are
laid over them. They change when later or late readings say otherwise, and each change has a
revision, drawn from the same numbers as those of corrections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from config.vocabulary.quality import Cause, Quality
from ingest.annotations.corrections import dropped, grow, month_of
from ingest.annotations.tables import CHANGE, FINDING, FLAGGING
from ingest.state.database import State

MOST_ROWS = 200
"""Judgements and their findings in one transaction, but for a judgement that has more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The readings of ``from_ms <= t < to_ms`` of a series deserve this flag, if what they came
    with is no worse. Those of a layer do not overlap; ``at_ms`` is when it was found.
    """

    series: str
    layer: int
    from_ms: int
    to_ms: int
    quality: Quality
    cause: Cause
    at_ms: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that a layer of checks finds in the readings of ``from_ms <= t < to_ms`` of a series, in
    the order of time, as of the wall time ``at_ms``.
    """

    series: str
    layer: int
    from_ms: int
    to_ms: int
    found: tuple[Finding, ...]
    at_ms: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something else is said of the readings of ``from_ms <= t < to_ms`` than before."""

    revision: int
    series: str
    from_ms: int
    to_ms: int
    at_ms: int


class Findings:
    """Findings in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def of(self, series: str, from_ms: int, to_ms: int) -> list[Finding]:
        """Those that touch a span of a series, half open; by layer and time."""
        with self.state.read() as connection:
            return _touching(connection, from_ms, to_ms, FINDING.c.series == series)

    def touching(
        self, from_ms: int, to_ms: int, series: Sequence[str] | None = None
    ) -> dict[str, list[Finding]]:
        """Those of every series, or of some, that touch a span, half open; of each by layer and
        time.
        """
        which = sa.true() if series is None else FINDING.c.series.in_(series)
        with self.state.read() as connection:
            rows = _touching(connection, from_ms, to_ms, which)
        found: dict[str, list[Finding]] = {}
        for row in rows:
            found.setdefault(row.series, []).append(row)
        return found

    def since(self, revision: int) -> list[Change]:
        """Changes after a revision."""
        query = sa.select(CHANGE).where(CHANGE.c.revision > revision)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(CHANGE.c.revision)).mappings().all()
        return [Change(**row) for row in rows]

    def say(self, judgements: Sequence[Judgement]) -> bool:
        """Say what was judged, a few judgements a transaction, as alerts wait for it; False, and
        nothing is written, where it was all said before. One process says it, in one thread.
        """
        if not judgements:
            return False
        span = (min(of.from_ms for of in judgements), max(of.to_ms for of in judgements))
        said = self.touching(*span, list({of.series for of in judgements}))
        news = [of for of in judgements if any(_differing(_within(of, said), of))]
        if not news:
            return False
        for some in _in_slices(news):
            with self.state.begin() as connection:
                for judgement in some:
                    _say(connection, judgement)
        return True

    def position(self) -> int:
        """The journal number up to which readings are judged."""
        with self.state.read() as connection:
            return connection.execute(sa.select(FLAGGING.c.n)).scalar() or 0

    def keep_position(self, n: int) -> None:
        """Remember it."""
        with self.state.begin() as connection:
            if not connection.execute(sa.update(FLAGGING).values(n=n)).rowcount:
                connection.execute(sa.insert(FLAGGING).values(id=1, n=n))

    def drop_before(self, before_ms: int) -> None:
        """Forget those of months (UTC) that were over at an instant."""
        for table in (FINDING, CHANGE):
            for _ in dropped(self.state, table, table.c.to_ms <= month_of(before_ms)):
                pass


def _in_slices(judgements: Sequence[Judgement]) -> list[list[Judgement]]:
    slices: list[list[Judgement]] = []
    rows = MOST_ROWS
    for judgement in judgements:
        rows += 1 + len(judgement.found)
        if rows > MOST_ROWS:
            slices.append([])
            rows = 1 + len(judgement.found)
        slices[-1].append(judgement)
    return slices


def _touching(
    connection: Connection, from_ms: int, to_ms: int, which: sa.ColumnElement[bool]
) -> list[Finding]:
    query = sa.select(FINDING).where(which, FINDING.c.to_ms > from_ms, FINDING.c.from_ms < to_ms)
    rows = connection.execute(query.order_by(FINDING.c.series, FINDING.c.layer, FINDING.c.from_ms))
    return [
        Finding(**{**row, "quality": Quality(row["quality"]), "cause": Cause(row["cause"])})
        for row in rows.mappings()
    ]


def _row(finding: Finding) -> dict[str, object]:
    return asdict(finding) | {"quality": int(finding.quality), "cause": int(finding.cause)}


def _known(connection: Connection, of: Judgement) -> list[Finding]:
    mine = sa.and_(FINDING.c.series == of.series, FINDING.c.layer == of.layer)
    return _touching(connection, of.from_ms, of.to_ms, mine)


def _within(of: Judgement, said: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    return [
        row
        for row in said.get(of.series, ())
        if row.layer == of.layer and row.to_ms > of.from_ms and row.from_ms < of.to_ms
    ]


def _say(connection: Connection, judgement: Judgement) -> None:
    known = _known(connection, judgement)
    begins = [row.from_ms for row in known]
    mine = (FINDING.c.series == judgement.series, FINDING.c.layer == judgement.layer)
    connection.execute(sa.delete(FINDING).where(*mine, FINDING.c.from_ms.in_(begins)))
    rows = [_row(finding) for finding in (*_outside(known, judgement), *judgement.found)]
    if rows:
        connection.execute(sa.insert(FINDING), rows)
    spans = list(_differing(known, judgement))
    first = grow(connection, len(spans)) - len(spans) + 1
    changes = [
        asdict(Change(first + row, judgement.series, begin, end, judgement.at_ms))
        for row, (begin, end) in enumerate(spans)
    ]
    if changes:
        connection.execute(sa.insert(CHANGE), changes)


def _outside(known: Sequence[Finding], of: Judgement) -> Iterator[Finding]:
    """The outer parts of findings that reach over an edge of a span."""
    for row in known:
        if row.from_ms < of.from_ms:
            yield replace(row, to_ms=of.from_ms)
        if row.to_ms > of.to_ms:
            yield replace(row, from_ms=of.to_ms)


def _differing(known: Sequence[Finding], of: Judgement) -> Iterator[tuple[int, int]]:
    """Spans within which it is not what was said before, as few as there are."""
    ends = (at for row in (*known, *of.found) for at in (row.from_ms, row.to_ms))
    edges = {max(of.from_ms, min(of.to_ms, at)) for at in ends}
    before, after = _Said(known), _Said(of.found)
    begin: int | None = None
    for low, _ in pairwise(sorted(edges | {of.from_ms, of.to_ms})):
        if before(low) != after(low):
            begin = low if begin is None else begin
            continue
        if begin is not None:
            yield begin, low
        begin = None
    if begin is not None:
        yield begin, of.to_ms


class _Said:
    """The finding at an instant among rows in order; asked with growing instants."""

    def __init__(self, rows: Sequence[Finding]) -> None:
        self._rows, self._row_of = rows, 0

    def __call__(self, at_ms: int) -> tuple[Quality, Cause] | None:
        while self._row_of < len(self._rows) and self._rows[self._row_of].to_ms <= at_ms:
            self._row_of += 1
        if self._row_of == len(self._rows) or self._rows[self._row_of].from_ms > at_ms:
            return None
        row = self._rows[self._row_of]
        return row.quality, row.cause
