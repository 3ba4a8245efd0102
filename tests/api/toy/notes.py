"""Notes of the toy platform: their table, what a person may do with them, and what they declare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Account
from api.live import LiveEvent
from api.ports import DraftKind, Frozen, Item, ItemKind, Reference
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from config.vocabulary.time import DAY_MS
from ingest.state.database import Migrations

METADATA = sa.MetaData()
NOTE = sa.Table(
    "toy_note",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
MIGRATIONS = Migrations("toy", Path(__file__).parent / "migrations", METADATA)
WRITTEN = LiveEvent("toy.written")
LONGEST = 2000


class TooLong(Declared):
    """A note that nobody would read."""

    status = 409
    words = "toy.too-long"


class Visits:
    """A cache: how often the list was shown."""

    def __init__(self) -> None:
        self.count = 0


def write(services: Services, text: str) -> int:
    """Keep a note; open pages hear of it."""
    if len(text) > LONGEST:
        raise TooLong(f"a note has at most {LONGEST} characters", longest=LONGEST)
    with services.state.begin() as connection:
        kept = connection.execute(sa.insert(NOTE).values(text=text, at_ms=services.now_ms()))
        (note_id,) = kept.inserted_primary_key or (0,)
    WRITTEN.tell(services.publish, {"id": note_id})
    return int(note_id)


def listing(services: Services) -> Sequence[tuple[int, str]]:
    """Every note."""
    with services.state.read() as connection:
        return [(row.id, row.text) for row in connection.execute(sa.select(NOTE))]


def forget(core: CoreServices) -> None:
    """The job: notes of the day before go."""
    with core.state.begin() as connection:
        old = NOTE.c.at_ms < core.now_ms() - DAY_MS
        connection.execute(sa.delete(NOTE).where(old))
    WRITTEN.tell(core.publish, {"id": 0})


def _read(services: Services, _account: Account, note_id: str) -> Item | None:
    text = {str(known): text for known, text in listing(services)}.get(note_id)
    return None if text is None else Item(text[:20], "/", {"text": text})


def _begin(services: Services, account: Account, items: Sequence[Frozen]) -> Reference:
    lines = [f"{account.name}:", *(f"{of.reference.id} {of.hash}" for of in items)]
    return Reference("toy", "note", str(write(services, "\n".join(lines))))


ITEMS = (ItemKind("note", _read),)
DRAFTS = (DraftKind("note", _begin),)
