"""The log of a process that runs on: lines on stderr that say when, how grave, where and what."""

from __future__ import annotations

import logging
import math
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TextIO

OURS = ("api", "alerting", "broker", "edge_agent", "ingest", "qingyuan")
"""Rooms that may say what is no trouble too."""
SPARED_S = 60.0
"""For so long the same trouble is only counted."""


class Line(logging.Formatter):
    """Instants in UTC; what a message holds stays on its line, so nobody can write another one. A
    traceback follows on lines of its own.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as it is called
        """With every control character as its escape."""
        record.message = "".join(
            one if one.isprintable() else one.encode("unicode_escape").decode()
            for one in record.message
        )
        return super().formatMessage(record)


@dataclass(slots=True)
class _Said:
    """The line that stands in the log for its like."""

    record: logging.LogRecord
    until_s: float
    more: int = 0


class Sparing(logging.StreamHandler[TextIO]):
    """Who brings about the same unexpected error again and again fills no disk: the first of a
    minute is written, the others are a number in one line behind it.
    """

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock_s = clock_s
        self._said: dict[Hashable, _Said] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, or count it."""
        now_s = self._clock_s()
        self._say_counts(now_s)
        trouble = _trouble(record)
        if trouble in self._said:
            self._said[trouble].more += 1
            return
        if trouble is not None:
            self._said[trouble] = _Said(record, now_s + SPARED_S)
        super().emit(record)

    def close(self) -> None:
        """The process ends: what was counted is said."""
        self._say_counts(math.inf)
        super().close()

    def _say_counts(self, now_s: float) -> None:
        for trouble, said in list(self._said.items()):
            if said.until_s <= now_s:
                del self._said[trouble]
                if said.more:
                    super().emit(_count(said))


def _count(said: _Said) -> logging.LogRecord:
    first = said.record
    values = (first.getMessage(), said.more)
    return logging.LogRecord(
        first.name,
        first.levelno,
        first.pathname,
        first.lineno,
        "%s: %d more like it",
        values,
        None,
    )


def _trouble(record: logging.LogRecord) -> Hashable:
    """Where in the code an error arose, and by which of our own lines; of what a library says, the
    line that says it. None: each is written.
    """
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        is_own = record.name.partition(".")[0] in OURS
        return None if is_own else (record.name, record.lineno)
    places = [
        (frame.f_globals.get("__name__", "").partition(".")[0] in OURS, frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    own = [place for place in places if place[0]]
    return (record.name, type(error), *places[-1:], *own[-1:])


def begin() -> None:
    """From here on the process logs like this."""
    handler = Sparing()
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    for room in OURS:
        logging.getLogger(room).setLevel(logging.INFO)
