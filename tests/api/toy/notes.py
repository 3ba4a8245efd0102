"""Notes of the toy platform: their table, what a person may do with them, and what they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import Marks, visible
from api.live import LiveEvent
from api.ports import DraftKind, Frozen, Item, ItemKind, Reference
from api.search.index import Entry, SearchIndex
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from config.vocabulary.time import DAY_MS
from ingest.state.database import Migrations
from tests.api.toy.permission import ToyPermission

METADATA = sa.MetaData()
NOTE = sa.Table(
    "toy_note",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
)
NOTE_UNIT = sa.Table(
    "toy_note_unit",
    METADATA,
    sa.Column("note", sa.Integer, sa.ForeignKey("toy_note.id"), primary_key=True),
    sa.Column("unit", sa.String(40), primary_key=True),
)
MARKS = Marks(
    NOTE.c.unit,
    NOTE.c.secrecy,
    NOTE.c.public,
    lambda units: NOTE.c.id.in_(sa.select(NOTE_UNIT.c.note).where(NOTE_UNIT.c.unit.in_(units))),
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


@dataclass(frozen=True, slots=True)
class Note:
    """A note, the unit it belongs to, and others that it concerns."""

    text: str
    unit: str | None = None
    secrecy: Secrecy = Secrecy.OPEN
    public: bool = False
    concerned: frozenset[str] = frozenset()


def write(services: Services, note: Note) -> int:
    """Keep a note; open pages hear of it."""
    if len(note.text) > LONGEST:
        raise TooLong(f"a note has at most {LONGEST} characters", longest=LONGEST)
    at_ms = services.now_ms()
    values = {
        "text": note.text,
        "at_ms": at_ms,
        "unit": note.unit,
        "secrecy": int(note.secrecy),
        "public": note.public,
    }
    with services.state.begin() as connection:
        kept = connection.execute(sa.insert(NOTE).values(values))
        (note_id,) = kept.inserted_primary_key or (0,)
        for unit in note.concerned:
            connection.execute(sa.insert(NOTE_UNIT).values(note=note_id, unit=unit))
        SearchIndex(services.state).put(connection, _entry(note_id, note, at_ms))
    WRITTEN.tell(services.publish, {"id": note_id})
    return int(note_id)


def seen(account: Account, text: str = "") -> sa.ColumnElement[bool]:
    """The one condition of everything below."""
    found = visible(account, ToyPermission.READ, MARKS)
    return sa.and_(found, NOTE.c.text.contains(text, autoescape=True))


def listing(services: Services, account: Account, text: str = "") -> Sequence[tuple[int, str]]:
    """Every note that somebody sees, with a text in it."""
    query = sa.select(NOTE.c.id, NOTE.c.text).where(seen(account, text)).order_by(NOTE.c.id)
    with services.state.read() as connection:
        return [(row.id, row.text) for row in connection.execute(query)]


def count(services: Services, account: Account, text: str = "") -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(NOTE).where(seen(account, text))
    with services.state.read() as connection:
        return connection.scalar(query) or 0


def facets(services: Services, account: Account) -> Mapping[str | None, int]:
    """How many there are of each unit."""
    query = sa.select(NOTE.c.unit, sa.func.count()).where(seen(account)).group_by(NOTE.c.unit)
    with services.state.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def one(services: Services, account: Account, note_id: int) -> str | None:
    """The text of a note that somebody sees."""
    query = sa.select(NOTE.c.text).where(NOTE.c.id == note_id, seen(account))
    with services.state.read() as connection:
        text: str | None = connection.scalar(query)
    return text


def found_as(services: Services, note_id: int) -> Entry:
    """A note as it is found; its files have the same marks."""
    units = sa.select(NOTE_UNIT.c.unit).where(NOTE_UNIT.c.note == note_id)
    with services.state.read() as connection:
        row = connection.execute(sa.select(NOTE).where(NOTE.c.id == note_id)).one()
        concerned = frozenset(connection.scalars(units))
    note = Note(row.text, row.unit, Secrecy(row.secrecy), row.public, concerned)
    return _entry(note_id, note, row.at_ms)


def forget(core: CoreServices) -> None:
    """The job: notes of the day before go."""
    with core.state.begin() as connection:
        old = NOTE.c.at_ms < core.now_ms() - DAY_MS
        gone = sa.select(NOTE.c.id).where(old)
        for note_id in connection.scalars(gone).all():
            SearchIndex(core.state).remove(connection, _reference(note_id))
        connection.execute(sa.delete(NOTE_UNIT).where(NOTE_UNIT.c.note.in_(gone)))
        connection.execute(sa.delete(NOTE).where(old))
    WRITTEN.tell(core.publish, {"id": 0})


def _reference(note_id: int) -> Reference:
    return Reference("toy", "note", str(note_id))


def _entry(note_id: int, note: Note, at_ms: int) -> Entry:
    return Entry(
        subject=_reference(note_id),
        permission=ToyPermission.READ,
        words="toy.note",
        title=note.text[:20],
        path="/toy/",
        paragraphs=note.text.splitlines(),
        unit=note.unit,
        secrecy=note.secrecy,
        public=note.public,
        concerned=note.concerned,
        at_ms=at_ms,
    )


def _read(services: Services, account: Account, note_id: str) -> Item | None:
    text = one(services, account, int(note_id))
    return None if text is None else Item(text[:20], "/", {"text": text})


def _begin(services: Services, account: Account, items: Sequence[Frozen]) -> Reference:
    lines = [f"{account.name}:", *(f"{of.reference.id} {of.hash}" for of in items)]
    return _reference(write(services, Note("\n".join(lines))))


ITEMS = (ItemKind("note", ToyPermission.READ, _read),)
DRAFTS = (DraftKind("note", _begin),)
