"""The engine's memory between two processes."""

from __future__ import annotations

from msgspec import Struct

from alerting.rules.conditions.run import Run


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
    """Stations of which a reading came within a day of its measurement: only their silence is
    one. None: kept before this was, when every station was taken to be heard.
    """

    @property
    def stations_heard(self) -> set[str]:
        """``heard``, of a snapshot of before as well."""
        if self.heard is None:
            self.heard = {name.partition("/")[0] for name in self.positions}
        return self.heard
