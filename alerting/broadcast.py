"""Tells open pages of each change of the record, behind its transaction.

Nothing of it is kept: after a crash the changes of the last minutes are told once more, and a page
that was not there asks for itself anew anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from alerting.alert import Alert, Change
from alerting.record.repository import Repository
from alerting.wording.sentences import Wording
from ingest.loops import Loop

PATIENCE_S = 0.5
REPEATED = 20
"""Transitions that are told once more after a start."""


@dataclass(slots=True)
class Broadcast:
    """Follows the transitions. Each of ``ways`` leads to some of the pages, and says whether a
    message went out; one that does not work holds up no other. ``news`` wakes it.
    """

    repository: Repository
    wording: Wording
    ways: Sequence[Callable[[bytes], bool]]
    now_ms: Callable[[], int]
    news: threading.Event
    loop: Loop = field(default_factory=lambda: Loop("broadcast"))
    _heard: list[int] = field(default_factory=list)
    """Of each way the transition up to which it has heard."""

    def run(self, stop: threading.Event) -> None:
        """Follow the record until told to stop."""
        self.loop.run(stop, self._turn)

    def _turn(self) -> None:
        self.news.wait(PATIENCE_S)
        self.news.clear()
        self.step()

    def step(self) -> None:
        """Tell what is new."""
        if not self._heard:
            begin = max(self.repository.last_transition() - REPEATED, 0)
            self._heard = [begin] * len(self.ways)
        for begin in set(self._heard):
            working = [way for way, heard in enumerate(self._heard) if heard == begin]
            for number, change, at_ms, alert in self.repository.since(begin):
                message = self._message(change, at_ms, alert)
                working = [way for way in working if self.ways[way](message)]
                if not working:
                    break
                for way in working:
                    self._heard[way] = number

    def _message(self, change: Change, at_ms: int, alert: Alert) -> bytes:
        said = self.wording.sentences(alert, self.now_ms())
        return msgspec.json.encode(
            {
                "id": alert.id,
                "station": alert.station,
                "indicator": alert.indicator,
                "level": alert.level.name.lower(),
                "state": str(alert.state),
                "kind": alert.about,
                "change": str(change),
                "summary": said.summary,
                "at_ms": at_ms,
            }
        )
