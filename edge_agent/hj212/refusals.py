"""Refusals of a station's loggers, and what was read though it was not as it should be, with the
first packet of each reason to look at. Bounded, and kept beside the spool.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from config.files import write_whole
from config.vocabulary import bounds, wire
from config.vocabulary.errors import Fault, FaultyInput

MOST_REASONS = 40
"""Of one logger; what is beyond is counted as ``OTHERS``."""
MOST_KEPT = 1200
"""Bytes of a packet that are kept: more than the standard lets it have."""
EVERY_MS = 5000
"""So often the file is written at most."""
OTHERS = "other reasons"
_PASSWORD = re.compile(r"(PW\s*=\s*)[^;&]*", re.IGNORECASE)

log = logging.getLogger(__name__)


class Entry(msgspec.Struct):
    """One reason, with how often and the first packet; ``taken``: it was read all the same."""

    what: str
    why: str
    taken: bool
    count: int = 0
    first_ms: int = 0
    last_ms: int = 0
    caller: str = ""
    """Address of whoever sent that packet."""
    packet: Annotated[str, Meta(max_length=4 * MOST_KEPT)] = ""
    """Bytes that are no printable ASCII as ``\\xNN``, the password as ``***``."""


class Kept(msgspec.Struct):
    """The file: by MN."""

    v: int
    loggers: dict[str, list[Entry]]


def file_of(spool: Path) -> Path:
    """Where the refusals of the station with this spool lie."""
    return spool.with_name(f"{spool.stem}.refused.json")


def read(file: Path) -> dict[str, list[Entry]]:
    """Reasons by MN; nothing where there is no file.

    Raises:
        FaultyInput: it is torn, or cannot be read.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Kept).loggers
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        remedy = "delete it; the agent writes it anew"
        raise FaultyInput([Fault(str(file), f"cannot be read ({error})", remedy)]) from error


def shown(data: bytes) -> str:
    """Bytes as they can be read and kept, without the password."""
    text = data[:MOST_KEPT].decode("ascii", "backslashreplace")
    plain = "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
    return _PASSWORD.sub(r"\1***", plain)


class Refusals:
    """The reasons of one logger."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.changed = False

    def note(
        self,
        what: str,
        why: str,
        count: int,
        now_ms: int,
        *,
        data: bytes,
        caller: str,
        taken: bool,
    ) -> None:
        """One more of a reason."""
        key = (what, why)
        if key not in self.entries and len(self.entries) >= MOST_REASONS:
            key = (OTHERS, "")
        entry = self.entries.get(key)
        if entry is None:
            what, why = key
            entry = Entry(what, bounds.cut(why), taken, 0, now_ms, now_ms, caller, shown(data))
            self.entries[key] = entry
        entry.count += count
        entry.last_ms = now_ms
        self.changed = True


class RefusalsFile:
    """Keeps what is known of all loggers of a station; ``file`` None keeps nothing."""

    def __init__(self, file: Path | None, loggers: Mapping[str, Refusals]) -> None:
        self._file, self._loggers = file, loggers
        self._written_ms = 0
        if file is None:
            return
        try:
            for mn, entries in read(file).items():
                if mn in loggers:
                    loggers[mn].entries |= {(one.what, one.why): one for one in entries}
        except FaultyInput as error:
            log.warning("%s", error)

    def keep(self, now_ms: int, *, ending: bool = False) -> None:
        """Write it where something has changed and it was not written just now. A disk that takes
        nothing is tried again.
        """
        if self._file is None or not any(one.changed for one in self._loggers.values()):
            return
        if not ending and 0 <= now_ms - self._written_ms < EVERY_MS:
            return
        self._written_ms = now_ms
        loggers = {mn: list(one.entries.values()) for mn, one in self._loggers.items()}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(
                self._file, msgspec.json.encode(Kept(wire.VERSION, loggers)), durable=False
            )
        except OSError:
            return
        for one in self._loggers.values():
            one.changed = False
