"""Metrics of the centre in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.vocabulary.reports import Pulse, StationPulse
from ingest.state.database import Holds


def _behind(said: StationPulse) -> float | None:
    return None if said.behind_ms is None else said.behind_ms / 1000


_CENTRE: tuple[tuple[str, str, str, Callable[[Pulse], float]], ...] = (
    ("journal_entries", "counter", "Journal entries that are settled", lambda p: p.journal),
    ("store_lag_entries", "gauge", "Entries that the store lacks", lambda p: p.journal - p.stored),
    ("rules_lag_entries", "gauge", "Entries not yet judged", lambda p: p.journal - p.judged),
    ("store_away", "gauge", "1 while the store does not answer", lambda p: p.store_away),
    ("turned_away_messages", "counter", "Left to be sent again", lambda p: p.turned_away),
    ("dead_letters", "gauge", "Refused, kept with a reason", lambda p: p.deadletters),
    ("loops_failing", "gauge", "Loops of the core that fail now", lambda p: len(p.failing)),
    ("state_longest_transaction_seconds", "gauge", "Of the core", lambda p: p.held_ms / 1000),
    (
        "state_long_transactions",
        "counter",
        "Of the core, longer than 0.1 s",
        lambda p: p.held_over,
    ),
    (
        "audit_broken",
        "gauge",
        "1 while the audit's chain is",
        lambda p: bool(p.audit and p.audit.fault),
    ),
    ("pulse_timestamp_seconds", "gauge", "When the core spoke last", lambda p: p.t / 1000),
)
_PAGES = (
    ("pages_state_longest_transaction_seconds", "gauge", "Of the process of the pages"),
    ("pages_state_long_transactions", "counter", "Of it, longer than 0.1 s"),
)
_STATION: tuple[tuple[str, str, str, Callable[[StationPulse], float | None]], ...] = (
    ("samples_arrived", "counter", "Samples that are settled", lambda s: s.arrived),
    ("samples_lost", "gauge", "Samples that nobody has any more", lambda s: s.lost),
    ("samples_waiting", "gauge", "Samples still at the station", lambda s: s.waiting),
    ("samples_repeated", "counter", "Samples that arrived again", lambda s: s.repeated),
    ("station_online", "gauge", "1 while its agent is connected", lambda s: s.online),
    ("station_stalled", "gauge", "1 while nothing of it is settled", lambda s: s.stalled),
    ("station_clock_behind_seconds", "gauge", "How far its clock is behind", _behind),
    ("station_held_back", "counter", "Messages beyond its budget", lambda s: s.held_back),
    ("station_two_agents", "gauge", "1 while two agents speak as it", lambda s: s.two_agents),
)


def text(pulse: Pulse | None, *, present: bool, holds: Holds) -> str:
    """Every figure; ``present`` is whether the core spoke lately, ``holds`` of this process."""
    lines = _head("core_up", "gauge", "1 while the core speaks")
    lines.append(f"qingyuan_core_up {int(present)}")
    for head, value in zip(_PAGES, (holds.longest_ms / 1000, holds.over), strict=True):
        lines += _of_centre(head, value)
    if pulse is not None:
        lines += [line for row in _CENTRE for line in _of_centre(row[:3], row[3](pulse))]
        for name, kind, purpose, figure in _STATION:
            lines += _head(name, kind, purpose)
            lines += [
                f'qingyuan_{name}{{station="{station}"}} {float(found)!r}'
                for station, said in sorted(pulse.stations.items())
                if (found := figure(said)) is not None
            ]
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, purpose: str) -> list[str]:
    return [f"# HELP qingyuan_{name} {purpose}", f"# TYPE qingyuan_{name} {kind}"]


def _of_centre(head: tuple[str, str, str], value: float) -> Iterator[str]:
    yield from _head(*head)
    yield f"qingyuan_{head[0]} {float(value)!r}"
