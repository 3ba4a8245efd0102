"""The engine's memory between two processes."""

from __future__ import annotations

from msgspec import Struct

from alerting.rules.conditions.run import Run
from config.vocabulary.time import FOR_EVER_MS


class Snapshot(Struct):
    """All that the engine must remember between two processes."""

    upto_ms: int = 0
    positions: dict[str, int] = {}
    """Series -> its last reading that was fed, ms."""
    passed: dict[str, int] = {}
    """Series -> its last reading that is not good, ms."""
    seen: dict[str, int] = {}
    """Sight -> the instant up to which its signal was made, ms."""
    runs: dict[str, Run] = {}
    """Of those that are not idle, and of absences."""
    standing: dict[str, str] = {}
    """Binding -> id of its firing alert; a moved alert keeps the id it was first given."""
    late: dict[str, int] = {}
    """Place to be re-evaluated -> the earliest reading that came late or was decided on, ms."""
    reach: dict[str, int] = {}
    """Series of which something was decided -> the end of that, ms. It may lie beyond the
    position: readings that were passed over may have become good.
    """
    rules: int = 0
    """Revision of the rules by which the runs were judged."""
    revision: int = 0
    """Revision of the corrections that are in the runs, or marked as late."""
    heard: set[str] | None = None
    """Of a snapshot of before ``first_heard``: stations that were heard. None: kept before this
    was, when every station was taken to be heard.
    """
    first_heard: dict[str, int] | None = None
    """Station -> the first of its readings that came within a day of their measurement, ms. From
    then on its silence is one; what lies before are old records, and their gaps are none.
    """

    def __post_init__(self) -> None:
        """Of a snapshot of before every station that was heard was heard long ago."""
        if self.first_heard is None:
            every = {name.partition("/")[0] for name in self.positions}
            self.first_heard = dict.fromkeys(every if self.heard is None else self.heard, 0)
            self.heard = None

    @property
    def heard_from(self) -> dict[str, int]:
        """``first_heard``, which is there once this is made."""
        assert self.first_heard is not None
        return self.first_heard

    def heard_ms(self, station: str) -> int:
        """From when on silence of a station is one; never, where it is not heard. An engine that
        has read nothing knows of none, and counts all.
        """
        return self.heard_from.get(station, FOR_EVER_MS) if self.positions else 0
