"""Tells a clock of the centre that is wrong from clocks of stations that are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from config.vocabulary.time import MINUTE_MS

TOGETHER_MS = 5 * MINUTE_MS
"""Clocks that show wrong within this do so for one reason."""
WAIT_MS = 3 * MINUTE_MS
"""So long the first one waits for others: the quickest message of two spans of a minute tells."""
LEAST_STATIONS = 3


@dataclass(slots=True)
class FleetClock:
    """Judges all clocks at once. More than half of at least three stations that show wrong within
    the same minutes are the centre's own clock, and nothing is said of theirs.
    """

    _since_ms: dict[str, int] = field(default_factory=dict)
    _excused: frozenset[str] = frozenset()
    _core_ms: int | None = None
    """When the centre's clock was last found wrong."""

    def judged(
        self, clocks: Mapping[str, bool | None], now_ms: int
    ) -> tuple[bool | None, dict[str, bool | None]]:
        """Whether the centre's clock is wrong, and whether each station's is, given what each
        shows; None where that is not known.
        """
        self._note(clocks, now_ms)
        known = sum(off is not None for off in clocks.values())
        group = _most_together(self._since_ms)
        if known >= LEAST_STATIONS and 2 * len(group) > known:
            self._core_ms, self._excused = now_ms, frozenset(group)
        settling = self._core_ms is not None and now_ms - self._core_ms < WAIT_MS
        if not settling:
            self._excused = frozenset()
        core = True if self._core_ms == now_ms else None if settling else False
        unsaid = self._excused | (self._waiting(now_ms) if known >= LEAST_STATIONS else set())
        return core, {
            station: None if off and station in unsaid else off for station, off in clocks.items()
        }

    def _waiting(self, now_ms: int) -> set[str]:
        """Stations that show wrong for so short that others may follow."""
        return {name for name, at_ms in self._since_ms.items() if now_ms - at_ms < WAIT_MS}

    def _note(self, clocks: Mapping[str, bool | None], now_ms: int) -> None:
        for station, off in clocks.items():
            if off:
                self._since_ms.setdefault(station, now_ms)
            elif off is False:
                self._since_ms.pop(station, None)


def _most_together(since_ms: Mapping[str, int]) -> Collection[str]:
    """The most of them that began within the same minutes."""
    groups = (
        [name for name, at_ms in since_ms.items() if 0 <= at_ms - first_ms <= TOGETHER_MS]
        for first_ms in since_ms.values()
    )
    return max(groups, key=len, default=[])
