"""Observations out of the store: a span at a time, never a whole series in memory."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import chain, islice
from math import isnan
from typing import Any

from api.platforms.environment.sensorthings.actions.entities import Entities
from api.platforms.environment.sensorthings.records.expressions import (
    Call,
    Literal,
    Node,
    Path,
    conjuncts,
    instant,
    paths,
    value_of,
)
from api.platforms.environment.sensorthings.records.kinds import DATASTREAM, OBSERVATION, Entity
from api.platforms.environment.sensorthings.records.options import Options
from api.platforms.environment.sensorthings.records.ordering import key_of
from api.platforms.environment.sensorthings.records.refusals import BadOption, NotOffered
from api.services import Services
from config.vocabulary.detection import limit_of
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import DAY_MS, FOR_EVER_MS, MINUTE_MS, begins_ms
from ingest.store.protocol import Track

MOST_READ = 600_000
"""Readings that a request may look through: a year of minutes, a week of seconds."""
MOST_SORTED = 10_000
MOST_SERIES = 200
"""That a request may look through."""
MOST_AT_ONCE = 50_000
"""Readings that are in memory."""
LONGEST_MS = 32 * DAY_MS
FIRST_YEAR = 2000
FIRST_FOR_MS = 10 * MINUTE_MS
"""The first reading of a series is looked for anew after this time: older records may come."""
_QUALITY = {int(of): of.name.lower() for of in Quality}
_CAUSE = {int(of): of.name.lower() for of in Cause}
_TIMES = ("phenomenonTime", "resultTime")
_INSTANT = re.compile("[0-9]{1,15}")
_BOUNDS: Mapping[str, tuple[int | None, int | None]] = {
    "gt": (1, None),
    "ge": (0, None),
    "lt": (None, 0),
    "le": (None, 1),
    "eq": (0, 1),
}
"""Comparison -> from and to of the span, ms behind the instant."""


@dataclass(slots=True)
class _Asked:
    """The Datastreams that can hold what is asked for, the span, and what each reading must be."""

    streams: list[Entity]
    from_ms: int = 0
    to_ms: int = FOR_EVER_MS
    rest: list[Node] = field(default_factory=list)
    newest_first: bool = False
    wanted: int = 1
    """Readings that are wanted of all that fit."""


class Observations:
    """Of a request."""

    def __init__(self, services: Services, entities: Entities) -> None:
        self._store, self._shared, self._now_ms = (
            services.store,
            services.shared,
            services.now_ms(),
        )
        self._entities = entities
        self._series: frozenset[str] | None = None
        self._latest: Mapping[str, int] | None = None
        self._read = self._searched = 0

    def one(self, of: str) -> Entity | None:
        """The Observation with an id: Datastream and instant."""
        known, t_ms = self._apart(of)
        if known is None:
            return None
        track = self._store.track(_series(known), t_ms, t_ms + 1)
        return next(_entities(known, track), None)

    def page(self, streams: Sequence[Entity], options: Options) -> tuple[list[Entity], bool]:
        """Observations of some Datastreams as options choose them, and whether there are more.

        Raises:
            BadOption, NotOffered
        """
        asked = self._asked(streams, options)
        if by_time(options):
            if options.orderby and len(asked.streams) > 1:
                said = "ask one Datastream: /Datastreams('id')/Observations"
                raise NotOffered("$orderby", said)
            found = self._matching(asked, options.after, options.skip)
            rows = list(islice(found, options.top + 1))
        else:
            if options.skip > MOST_SORTED:
                said = f"with $orderby of another property skip at most {MOST_SORTED}"
                raise BadOption("$skip", said)
            everything = self._matching(asked, "", 0)
            keyed = key_of(options.orderby, self._entities.related)
            wanted = options.skip + options.top + 1
            rows = heapq.nsmallest(wanted, everything, key=keyed)[options.skip :]
        return rows[: options.top], len(rows) > options.top

    def count(self, streams: Sequence[Entity], options: Options) -> int:
        """All that are chosen.

        Raises:
            BadOption
        """
        asked = self._asked(streams, options)
        return sum(
            sum(self._fits(asked.rest, one) for one in _entities(stream, track))
            if asked.rest
            else len(track)
            for stream in asked.streams
            for track in self._tracks(stream, asked)
        )

    def span(self, datastream: Entity) -> str:
        """The first and last instant of which there is a reading; empty where there is none."""
        first = self._first_ms(_series(datastream))
        if first is None:
            return ""
        if self._latest is None:
            self._latest = {row.series: row.t_ms for row in self._store.latest()}
        last = self._latest.get(_series(datastream))
        if last is None:
            asked = _Asked([datastream], newest_first=True)
            last = next((int(track.t[-1]) for track in self._tracks(datastream, asked)), first)
        return f"{instant(first)}/{instant(last)}"

    def _apart(self, of: str) -> tuple[Entity | None, int]:
        """The Datastream and the instant of an id."""
        stream, _, at = of.rpartition(":")
        if not _INSTANT.fullmatch(at):
            return None, 0
        return self._entities.found(DATASTREAM, stream), int(at)

    def _asked(self, streams: Sequence[Entity], options: Options) -> _Asked:
        found = _Asked(list(streams), wanted=options.skip + options.top + 1)
        if options.orderby:
            found.newest_first = options.orderby[0][1]
        for node in conjuncts(options.filter):
            navigated = [bool(path.navigations) for path in paths(node)]
            if navigated and all(navigated):
                # Of all Observations of a Datastream alike: asked once.
                found.streams = [of for of in found.streams if self._fits([node], _any_of(of))]
            elif not _narrowed(found, node):
                found.rest.append(node)
        return found

    def _fits(self, conditions: Sequence[Node], one: Entity) -> bool:
        return all(value_of(node, one, self._entities.related) is True for node in conditions)

    def _matching(self, asked: _Asked, after: str, skip: int) -> Iterator[Entity]:
        streams, behind_ms = asked.streams, None
        if after:
            known, behind_ms = self._apart(after)
            if known is None or known not in streams:
                raise BadOption("$skiptoken", "is none of ours; follow @iot.nextLink as it is")
            streams = streams[streams.index(known) :]
        for stream in streams:
            for track in self._tracks(stream, asked, behind_ms):
                if not asked.rest and skip >= len(track):
                    skip -= len(track)
                    continue
                for one in _entities(stream, track, newest_first=asked.newest_first):
                    if not self._fits(asked.rest, one):
                        continue
                    if skip:
                        skip -= 1
                    else:
                        yield one
            behind_ms = None

    def _tracks(
        self, stream: Entity, asked: _Asked, behind_ms: int | None = None
    ) -> Iterator[Track]:
        series = _series(stream)
        first = self._first_ms(series)
        if first is None:
            return
        self._searched += 1
        if self._searched > MOST_SERIES:
            said = f"more than {MOST_SERIES} series would be read; name one by Datastream/id"
            raise BadOption("$filter", said)
        begin, end = max(asked.from_ms, first), min(asked.to_ms, self._now_ms + DAY_MS)
        if behind_ms is not None and asked.newest_first:
            end = min(end, behind_ms)
        elif behind_ms is not None:
            begin = max(begin, behind_ms + 1)
        cadence_ms = round(1000 * stream.properties["properties"]["cadence_s"])
        most_ms = min(MOST_AT_ONCE * cadence_ms, LONGEST_MS)
        width_ms = min(max(asked.wanted * cadence_ms, MINUTE_MS), most_ms)
        spans: Iterator[tuple[int, int]] = iter(())
        if asked.newest_first and end > self._now_ms + 1:
            # Of clocks that run ahead, if anything.
            spans, end = iter([(max(begin, self._now_ms + 1), end)]), self._now_ms + 1
        parts = _spans(begin, end, width_ms, most_ms, newest_first=asked.newest_first)
        for span in chain(spans, parts):
            track = self._store.track(series, *span)
            self._read += len(track)
            if self._read > MOST_READ:
                said = f"more than {MOST_READ} readings would be read; narrow phenomenonTime"
                raise BadOption("$filter", said)
            if len(track):
                yield track

    def _first_ms(self, series: str) -> int | None:
        if self._series is None:
            self._series = frozenset(self._store.series())
        if series not in self._series:
            return None
        name, moment = ("environment.sensorthings.first", series), self._now_ms // FIRST_FOR_MS
        return self._shared.get(name, moment, partial(self._found_first, series))

    def _found_first(self, series: str) -> int | None:
        for year in range(FIRST_YEAR, int(instant(self._now_ms)[:4]) + 2):
            begin, end = begins_ms(date(year, 1, 1)), begins_ms(date(year + 1, 1, 1))
            if days := self._store.means([series], begin, end, 24):
                first = min(day.begin_ms for day in days)
                return int(self._store.track(series, first, first + DAY_MS).t[0])
        return None


def _series(datastream: Entity) -> str:
    return f"{datastream.station}/{datastream.code}"


def _any_of(datastream: Entity) -> Entity:
    return Entity(OBSERVATION, "", {}, datastream.station, datastream.code)


def by_time(options: Options) -> bool:
    """Whether Observations are asked for in the order in which the store has them."""
    return all(path.name in _TIMES and not path.navigations for path, _ in options.orderby)


def _narrowed(asked: _Asked, node: Node) -> bool:
    """Whether a condition on the instant is one on the span from here on."""
    match node:
        case Call(name, _, (Path((), of, ()), Literal(str(text)))) if of in _TIMES:
            try:
                t_ms = round(datetime.fromisoformat(text).timestamp() * 1000)
            except ValueError:
                return False
        case _:
            return False
    if name not in _BOUNDS:
        return False
    lower, upper = _BOUNDS[name]
    if lower is not None:
        asked.from_ms = max(asked.from_ms, t_ms + lower)
    if upper is not None:
        asked.to_ms = min(asked.to_ms, t_ms + upper)
    return True


def _spans(
    begin: int, end: int, width: int, most: int, *, newest_first: bool
) -> Iterator[tuple[int, int]]:
    """Parts of a span, each twice as wide as the one before: who wants few readings waits for
    few, and gaps cost little.
    """
    while begin < end:
        part = min(width, end - begin)
        yield (end - part, end) if newest_first else (begin, begin + part)
        begin, end = (begin, end - part) if newest_first else (begin + part, end)
        width = min(2 * width, most)


def _entities(stream: Entity, track: Track, *, newest_first: bool = False) -> Iterator[Entity]:
    step = -1 if newest_first else 1
    columns = (track.t, track.value, track.quality, track.cause, track.received)
    for t_ms, value, quality, cause, received in zip(
        *(column[::step].tolist() for column in columns), strict=True
    ):
        present = None if isnan(value) else value
        at = instant(t_ms)
        more = {"received": instant(received)}
        below = limit_of(present, cause)
        named: dict[str, Any] = {
            "phenomenonTime": at,
            "resultTime": at,
            "result": present,
            "resultQuality": {"flag": _QUALITY[quality], "cause": _CAUSE[cause]},
            "parameters": more if below is None else {**more, "below": below},
        }
        yield Entity(OBSERVATION, f"{stream.id}:{t_ms}", named, stream.station, stream.code)
