"""The chain of changes by people: append-only. A row enters in the transaction of its change and
waits for nobody; one sequencer then gives it a position and chains it to the row before by
SHA-256.

The chain shows any row that was changed, taken out or moved. The newest rows may still be cut off
unseen, so the head (position and hash) is kept beside the database, see docs/audit.md.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import AUDIT
from config.files import write_whole
from config.vocabulary.reports import AuditPulse
from config.vocabulary.time import DAY_MS
from ingest.loops import Loop
from ingest.state.database import State

FILE = "audit.head"
"""In the data directory of the core."""
ROWS_CHAINED, ROWS_READ = 200, 1000
"""In one transaction, and in one query of a check."""
LOOK_S = 1.0


class Head(msgspec.Struct, frozen=True):
    """The last row of a chain; position 0 before the first."""

    position: int = 0
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """``head`` is the last row up to which all is whole, ``row`` the id of the first that is not,
    None where there is none, with ``fault`` in words.
    """

    head: Head
    fault: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by username, and for whom they act; empty: for themselves."""

    who: str
    on_behalf: str = ""


def record(
    connection: Connection, *, by: Actor, action: str, subject: str, detail: str, at_ms: int
) -> None:
    """Add a row in the caller's transaction, so that no change stands without it."""
    row = asdict(by) | {"at_ms": at_ms, "action": action, "subject": subject, "detail": detail}
    connection.execute(sa.insert(AUDIT).values(row))


def unchained(state: State) -> int:
    """How many rows wait for the sequencer: theirs is no position yet."""
    query = sa.select(sa.func.count()).where(AUDIT.c.position.is_(None))
    with state.read() as connection:
        return connection.scalar(query) or 0


def chain(state: State) -> Head | None:
    """Chain rows that are there, some of them where there are many; the new head, None where there
    was none. Two at once wait for each other. A row whose transaction ends later, though its id is
    smaller, gets a later position.
    """
    if not unchained(state):
        return None
    waiting = sa.select(AUDIT).where(AUDIT.c.position.is_(None))
    last = sa.select(AUDIT.c.position, AUDIT.c.chain).where(AUDIT.c.position.is_not(None))
    with state.begin() as connection:
        found = connection.execute(last.order_by(AUDIT.c.position.desc()).limit(1)).first()
        head, links = Head(*found) if found else Head(), []
        for row in connection.execute(waiting.order_by(AUDIT.c.id).limit(ROWS_CHAINED)):
            head = _next(head, row)
            links.append({"of": row.id, "position": head.position, "chain": head.chain})
        if links:
            changed = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("of"))
            connection.execute(changed, links)
    return head


def check(state: State, kept: Head | None = None) -> Checked:
    """Follow the chain to its end; ``kept`` is a head of before, which must lie on it."""
    head, behind = Head(), sa.select(AUDIT).order_by(AUDIT.c.position).limit(ROWS_READ)
    while True:
        with state.read() as connection:
            rows = connection.execute(behind.where(AUDIT.c.position > head.position)).all()
        for row in rows:
            due = _next(head, row)
            if row.position != due.position:
                return Checked(head, f"position {due.position} is missing", row.id)
            if row.chain != due.chain:
                fault = f"row {row.id} at position {row.position} is not as it was chained"
                return Checked(head, fault, row.id)
            if kept and kept.position == due.position and kept.chain != due.chain:
                fault = f"row {row.id} at position {row.position} is not that of the kept head"
                return Checked(head, fault, row.id)
            head = due
        if not rows:
            break
    if kept and kept.position > head.position:
        return Checked(head, f"positions {head.position + 1} to {kept.position} are missing")
    return Checked(head)


def kept_head(folder: Path) -> Head | None:
    """The head that the sequencer kept in a data directory; None where it kept none."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Head)
    except FileNotFoundError:
        return None


@dataclass(slots=True)
class Sequencer:
    """Chains what enters, and checks the whole chain at its start and once a day. One core has it;
    ``folder`` is that one's data directory, ``checked`` what was found last.
    """

    state: State
    folder: Path
    now_ms: Callable[[], int]
    loop: Loop = field(default_factory=lambda: Loop("audit"))
    checked: AuditPulse | None = None

    def run(self, stop: threading.Event) -> None:
        """Chain until told to stop."""
        self.loop.run(stop, lambda: None if self.step() else stop.wait(LOOK_S))

    def step(self) -> bool:
        """Check where it is time, then chain; whether there was anything to chain. A kept head
        that is not in the database any more stays: it alone shows what was cut off.
        """
        now, kept = self.now_ms(), kept_head(self.folder)
        if self.checked is None or not 0 <= now - self.checked.checked_ms < DAY_MS:
            self._check(now, kept)
        head = chain(self.state)
        if head is None:
            return False
        if kept is None or _holds(self.state, kept):
            write_whole(self.folder / FILE, msgspec.json.encode(head))
        else:
            self._check(now, kept)
        return True

    def _check(self, now: int, kept: Head | None) -> None:
        found = check(self.state, kept)
        self.checked = AuditPulse(now, found.head.position, found.fault)


def _holds(state: State, head: Head) -> bool:
    query = sa.select(AUDIT.c.chain).where(AUDIT.c.position == head.position)
    with state.read() as connection:
        return connection.scalar(query) == head.chain


def _next(head: Head, row: sa.Row[tuple[object, ...]]) -> Head:
    """The head when a row follows. A person acted for enters only where there is one: rows of
    before had none, and a list of other length is another list.
    """
    fields = [row.at_ms, row.who, row.action, row.subject, row.detail]
    fields += [row.on_behalf] if row.on_behalf else []
    text = json.dumps([head.chain, *fields], ensure_ascii=False)
    return Head(head.position + 1, hashlib.sha256(text.encode()).hexdigest())
