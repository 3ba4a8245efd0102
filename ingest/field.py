"""What stations say of themselves, and whether two agents speak as one station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from config.vocabulary import wire
from ingest.gathering import Book
from ingest.ledger import Ledger

DOUBTFUL_MS = 300_000
"""So long two boots must speak in turns before it counts as two agents, and as over."""


@dataclass(slots=True)
class _Voices:
    """Of one station the boots that spoke live, and since when they take turns."""

    last_ms: dict[str, int] = field(default_factory=dict)
    since_ms: int = 0
    again_ms: int | None = None


class Field:
    """The stations as they show themselves beside their samples."""

    def __init__(self) -> None:
        self._said: dict[str, wire.Status] = {}
        self._voices: dict[str, _Voices] = {}

    def hear(self, station: str, payload: bytes) -> None:
        """Take a status; the last one heard stands, the station's will included."""
        try:
            status = msgspec.json.decode(payload, type=wire.Status)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return  # says nothing of itself; its samples are judged by themselves
        self._said[station] = status

    def note_turns(self, turns: Iterable[Book], now_ms: int) -> None:
        """Boots that spoke live after another one of their station, in their order."""
        for station, boot in turns:
            voices = self._voices.setdefault(station, _Voices())
            before = voices.last_ms.get(boot)
            if before is not None and now_ms - before <= DOUBTFUL_MS:
                if voices.again_ms is None or now_ms - voices.again_ms > DOUBTFUL_MS:
                    voices.since_ms = now_ms
                voices.again_ms = now_ms
            voices.last_ms[boot] = now_ms

    def two_agents(self, station: str, now_ms: int) -> bool:
        """Whether two boots have been speaking in turns for five minutes. An agent that is started
        again never gives the word back to the boot before it.
        """
        voices = self._voices.get(station)
        if voices is None or voices.again_ms is None or now_ms - voices.again_ms > DOUBTFUL_MS:
            return False
        return voices.again_ms - voices.since_ms >= DOUBTFUL_MS

    def pulse(self, station: str, ledger: Ledger, now_ms: int) -> wire.StationPulse:
        """All of a station in numbers."""
        said = self._said.get(station)
        held = {row.b: (row.low, row.high) for row in said.held} if said else {}
        waiting, missing = ledger.missing(station, held) if said else (0, 0)
        return wire.StationPulse(
            arrived=ledger.arrived(station),
            lost=ledger.lost(station) + missing,
            waiting=waiting,
            repeated=ledger.repeated(station),
            online=bool(said and said.online),
            stalled=bool(said and said.stalled),
            two_agents=self.two_agents(station, now_ms),
            heard_ms=said.t if said else None,
            mishaps=said.mishaps if said else [],
        )
