"""The stations' reports of themselves, and whether two agents speak as one station."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from config.vocabulary import reports
from config.vocabulary.bounds import MOST
from config.vocabulary.reading import CLOCK_OFF_MS
from ingest.arrival.batch import Book
from ingest.arrival.sequence_ledger import SequenceLedger

DOUBTFUL_MS = 300_000
"""So long two boots must speak in turns before it counts as two agents, and as over."""
MOST_VOICES = 16
"""Boots of a station, those that spoke last: two agents are two."""
CLOCK_RIGHT_MS = 30_000
"""A clock that was wrong is right again when it is nearer than this."""
LEAST_OF_MS = 60_000
"""The span within which, and within the one before it, the quickest live message tells most of a
clock: on the way a message only loses time.
"""


@dataclass(slots=True)
class _Quickest:
    """The least time of a station's live messages between sending, by its clock, and arrival, by
    ours; since an instant, and before it.
    """

    since_ms: int
    ms: int
    before_ms: int


@dataclass(slots=True)
class _Voices:
    """The boots of one station that spoke live, and since when they take turns."""

    last_ms: dict[str, int] = field(default_factory=dict)
    since_ms: int = 0
    again_ms: int | None = None


class _HeldBack(NamedTuple):
    """Messages beyond the budget, and when there was a further one."""

    messages: int
    last_ms: int


class StationMonitor:
    """The stations as they show themselves beside their samples."""

    def __init__(self) -> None:
        self._said: dict[str, reports.Status] = {}
        self._voices: dict[str, _Voices] = {}
        self._quickest: dict[str, _Quickest] = {}
        self._held_back: dict[str, _HeldBack] = {}

    def hear(self, said: Mapping[str, reports.Status]) -> None:
        """Take what stations say; the last one heard stands, the station's will included."""
        self._said.update(said)

    def note_held_back(self, messages: Mapping[str, int], now_ms: int) -> None:
        """How many came of each station beyond its budget, since the process began."""
        for station, n in messages.items():
            if self._held_back.get(station, _HeldBack(0, 0)).messages != n:
                self._held_back[station] = _HeldBack(n, now_ms)

    def note_turns(self, turns: Iterable[Book], now_ms: int) -> None:
        """Boots that spoke live after another one of their station, in their order."""
        for station, boot in turns:
            voices = self._voices.setdefault(station, _Voices())
            before = voices.last_ms.pop(boot, None)
            if before is not None and now_ms - before <= DOUBTFUL_MS:
                if voices.again_ms is None or now_ms - voices.again_ms > DOUBTFUL_MS:
                    voices.since_ms = now_ms
                voices.again_ms = now_ms
            voices.last_ms[boot] = now_ms
            if len(voices.last_ms) > MOST_VOICES:
                del voices.last_ms[next(iter(voices.last_ms))]

    def note_took(self, took: Mapping[str, int], now_ms: int) -> None:
        """Live messages came; by station the ms from sending, by its clock, to arrival, by ours.
        The time that a message waited at the centre afterwards is no part of it.
        """
        for station, took_ms in took.items():
            known = self._quickest.setdefault(station, _Quickest(now_ms, took_ms, took_ms))
            if not 0 <= now_ms - known.since_ms < LEAST_OF_MS:
                known.since_ms, known.before_ms, known.ms = now_ms, known.ms, took_ms
            known.ms = min(known.ms, took_ms)

    def behind_ms(self, station: str) -> int | None:
        """How far a station's clock is behind the centre's, and a message's way at its quickest;
        below zero where it is ahead. None where nothing came that tells.
        """
        known = self._quickest.get(station)
        return None if known is None else min(known.ms, known.before_ms)

    def clock_off(self, station: str) -> bool | None:
        """Whether its clock is wrong; None where that is not known, or it is neither."""
        behind_ms = self.behind_ms(station)
        if behind_ms is None or CLOCK_RIGHT_MS <= abs(behind_ms) <= CLOCK_OFF_MS:
            return None
        return abs(behind_ms) > CLOCK_OFF_MS

    def two_agents(self, station: str, now_ms: int) -> bool:
        """Whether two boots have been speaking in turns for five minutes, or the agent says so of
        two senders that call it as one logger. An agent that is started again never gives the word
        back to the boot before it.
        """
        said = self._said.get(station)
        if said is not None and said.online and said.senders:
            return True
        voices = self._voices.get(station)
        if voices is None or voices.again_ms is None or now_ms - voices.again_ms > DOUBTFUL_MS:
            return False
        return voices.again_ms - voices.since_ms >= DOUBTFUL_MS

    def over_budget(self, station: str, now_ms: int) -> bool:
        """Whether it sent more than an agent can, within the last five minutes."""
        found = self._held_back.get(station)
        return found is not None and now_ms - found.last_ms <= DOUBTFUL_MS

    def pulse(self, station: str, ledger: SequenceLedger, now_ms: int) -> reports.StationPulse:
        """All of a station in numbers."""
        said = self._said.get(station)
        held = {row.b: (row.low, row.high) for row in said.held} if said else {}
        waiting, missing = ledger.missing(station, held, said.further) if said else (0, 0)
        return reports.StationPulse(
            arrived=ledger.arrived(station),
            lost=min(ledger.lost(station) + missing, MOST),
            waiting=waiting,
            repeated=ledger.repeated(station),
            online=bool(said and said.online),
            stalled=bool(said and said.stalled),
            two_agents=self.two_agents(station, now_ms),
            behind_ms=self.behind_ms(station),
            heard_ms=said.t if said else None,
            held_back=self._held_back.get(station, _HeldBack(0, 0)).messages,
            over_budget=self.over_budget(station, now_ms),
            mishaps=said.mishaps if said else [],
        )
