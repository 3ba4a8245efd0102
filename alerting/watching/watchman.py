"""Watches over those who tell people: shows an outer watch each minute that they work, and sees
what keeps messages from arriving.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path

from alerting.channels.http import Provider, refusal
from alerting.channels.protocol import Later
from alerting.notify.dispatcher import ChannelState
from alerting.notify.repository import Messages
from alerting.wording.sentences import CHANNEL_FAILING, DISK_FULL, DUTY_GAP, OUTBOX_OLD
from config.vocabulary.time import MINUTE_MS
from ingest.loops import Loop, is_bad

EVERY_S = 60.0
OLD_MS = 10 * MINUTE_MS
"""A message that nobody has taken for so long is late."""
HANGS_MS = 10 * MINUTE_MS
"""A loop that has done nothing for so long does not come back."""
LEAST_FREE, ENOUGH_FREE = 0.05, 0.07
"""Share of the disk below which it is full, and from which on it is not any more."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watchman:
    """``loops`` are those that tell people, ``channels`` how each channel does, ``gaps`` the times
    in which nobody is on duty, ``folder`` that of the data. Without ``heartbeat_url`` nobody
    outside watches.
    """

    loops: Callable[[], Iterable[Loop]]
    channels: Callable[[], Sequence[ChannelState]]
    messages: Messages
    gaps: Callable[[int], Sized]
    folder: Path
    heartbeat_url: str
    now_ms: Callable[[], int]
    provider: Provider = field(default_factory=lambda: Provider(private=True))
    """Whoever watches may be in the own network."""
    loop: Loop = field(default_factory=lambda: Loop("watchman"))
    _seen: Mapping[str, bool | None] = field(default_factory=dict)
    _is_silent: bool = False
    """Whether the last heartbeat was not taken."""

    def run(self, stop: threading.Event) -> None:
        """Watch until told to stop."""
        self.loop.run(stop, lambda: self._turn(stop))

    def _turn(self, stop: threading.Event) -> None:
        self.step()
        stop.wait(EVERY_S)

    def step(self) -> None:
        """See how all do, and say outside that they work."""
        self._seen = self._looked()
        if self.heartbeat_url and self.all_work():
            self._beat()

    def seen(self) -> dict[tuple[str, str], bool | None]:
        """By cause, of the centre itself, whether it stood when it was last seen to; nothing
        before that.
        """
        return {(cause, ""): stands for cause, stands in self._seen.items()}

    def all_work(self) -> bool:
        """Whether every loop that tells people goes round."""
        now = self.now_ms()
        return all(_works(loop, now) for loop in self.loops())

    def _looked(self) -> dict[str, bool | None]:
        now = self.now_ms()
        _, since_ms = self.messages.waiting()
        states = self.channels()
        return {
            CHANNEL_FAILING: _fails(states),
            OUTBOX_OLD: since_ms is not None and now - since_ms > OLD_MS,
            DUTY_GAP: len(self.gaps(now)) > 0,
            DISK_FULL: _is_full(self.folder),
        }

    def _beat(self) -> None:
        """Say so outside. Its address is a secret: whoever has it can speak for us."""
        answer = self.provider.ask("GET", self.heartbeat_url, None, {})
        is_silent = isinstance(answer, Later) or refusal(answer) is not None
        if is_silent and not self._is_silent:
            log.warning("nobody took the heartbeat; it is tried again each minute")
        self._is_silent = is_silent


def _fails(states: Sequence[ChannelState]) -> bool | None:
    if any(of.circuit == "open" for of in states):
        return True
    return None if any(of.failures for of in states) else False


def _works(loop: Loop, now_ms: int) -> bool:
    failing = loop.failing is not None and is_bad(loop.failing, now_ms)
    return not failing and now_ms - loop.turned_ms < HANGS_MS


def _is_full(folder: Path) -> bool | None:
    disk = shutil.disk_usage(folder)
    free = disk.free / disk.total
    return True if free < LEAST_FREE else False if free >= ENOUGH_FREE else None
