"""The local switch: the operation states that people at a station say its instruments are in.

It lies in a file beside the spool. The command writes it whole or not at all, the agent looks at
it whenever it takes a sample. A state that ended is remembered for a year, so that a packet that a
logger sends again gets the state that it got the first time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from config.files import write_whole
from config.vocabulary import bounds, wire
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.health import Declared
from config.vocabulary.quality import DECLARED, overruled
from config.vocabulary.reading import Measured, Sample
from config.vocabulary.time import DAY_MS

ALL = "all"
"""Stands for every instrument and logger of the station."""
KEPT_MS = 366 * DAY_MS
LONGEST_MINUTES = 7 * 1440

log = logging.getLogger(__name__)


class _Body(msgspec.Struct, frozen=True):
    v: int
    declared: list[Declared]


def read(file: Path) -> list[Declared]:
    """Declared states, the oldest first; nothing where there is no file.

    Raises:
        FaultyInput: the file is torn, or cannot be read.
    """
    try:
        declared = msgspec.json.decode(file.read_bytes(), type=_Body).declared
        if strange := {one.state for one in declared} - set(DECLARED):
            raise msgspec.ValidationError(f"{min(strange).name.lower()} is no state of it")
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        remedy = "set the state again: qingyuan edge state"
        raise FaultyInput([Fault(str(file), f"cannot be read ({error})", remedy)]) from error
    return declared


def write(file: Path, declared: Sequence[Declared], now_ms: int) -> None:
    """Keep it, on disk when this returns; what ended long ago is left out.

    Raises:
        OSError: the disk does not take it; what stood before still stands.
    """
    kept = [one for one in declared if one.until_ms > now_ms - KEPT_MS]
    write_whole(file, msgspec.json.encode(_Body(wire.VERSION, kept)))


def standing(declared: Sequence[Declared], at_ms: int) -> list[Declared]:
    """Those that hold at an instant, the newest last."""
    return [one for one in declared if one.since_ms <= at_ms < one.until_ms]


def ended(declared: Sequence[Declared], instrument: str | None, now_ms: int) -> list[Declared]:
    """The same with what was said of an instrument, or of ``ALL`` as such, at an end; None ends
    everything.
    """
    return [
        msgspec.structs.replace(one, until_ms=now_ms)
        if one.until_ms > now_ms and instrument in (None, one.instrument)
        else one
        for one in declared
    ]


class OperationStates:
    """As a running agent sees it; used by several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, ...] | None = None
        self._declared: list[Declared] = []
        self.fault = ""
        """Why the file cannot be read; the states read before go on until their end."""

    def standing(self, at_ms: int) -> list[Declared]:
        """The state at an instant, by the file as it is now."""
        self._reload()
        return standing(self._declared, at_ms)

    def laid_over(self, name: str, sample: Sample) -> Sample:
        """A sample of one instrument or logger with the state that was declared for it."""
        found = self.over(name, sample.readings, sample.taken_ms)
        return sample if found is sample.readings else replace(sample, readings=found)

    def clock_moved(self, by_ms: int, now_ms: int) -> None:
        """The clock was set, and shows this now: what stood until then goes on for as long as it
        would have.
        """
        stood = self.standing(now_ms - by_ms)
        if not stood:
            return
        moved = [
            msgspec.structs.replace(
                one,
                since_ms=max(one.since_ms + by_ms, 0),
                until_ms=min(one.until_ms + by_ms, bounds.MOST),
            )
            if one in stood
            else one
            for one in self._declared
        ]
        try:
            write(self._file, moved, now_ms)
        except OSError as error:
            log.error("%s: not moved with the clock: %s", self._file, error)  # noqa: TRY400

    def over(
        self, name: str, readings: Mapping[str, Measured], taken_ms: int
    ) -> Mapping[str, Measured]:
        """Readings of one instrument or logger; the newest that names it, or all, counts."""
        found = [one for one in self.standing(taken_ms) if one.instrument in (ALL, name)]
        if not found:
            return readings
        state = found[-1].state
        return {
            code: one._replace(cause=overruled(one.cause, state)) for code, one in readings.items()
        }

    def _reload(self) -> None:
        try:
            found = self._file.stat()
            seen: tuple[int, ...] = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            seen = ()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._declared, self.fault = read(self._file), ""
        except FaultyInput as error:
            self.fault = str(error)
            log.error("%s", error)  # noqa: TRY400
