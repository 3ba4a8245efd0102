"""Where things that can be found are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.repositories.units import below
from api.accounts.visibility import Marks, visible
from api.ports import Reference
from api.search.postings import Postings, one_of
from api.search.records import Asked, Entry
from api.search.tables import CONCERNED, ENTRY, PERSON, TEXT
from ingest.state.database import State

MARKS = Marks(
    ENTRY.c.unit,
    ENTRY.c.secrecy,
    ENTRY.c.public,
    lambda units: ENTRY.c.id.in_(sa.select(CONCERNED.c.entry).where(CONCERNED.c.unit.in_(units))),
)
A_SLICE, A_SLICE_CHARACTERS = 20, 20_000
"""Entries, and characters of them, that one transaction writes or removes where many are to be."""
T = TypeVar("T")
DENSE = 8
"""Where one of so many entries is proposed, all are gone through rather than each found by id."""
MOST_TOGETHER = 100_000
"""Ids in one query."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that has every word."""

    id: int
    platform: str
    kind: str
    words: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The texts of an entry, as they were put and as they are compared."""

    subject: Reference
    part: str
    title: str
    path: str
    paragraphs: str
    folded_title: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A query, and the ids of what may answer it: all behind ``last``, and those proposed."""

    connection: Connection
    query: sa.Select[Any]
    most: int
    last: int
    proposed: Iterable[Sequence[int]]

    def answered(self) -> list[Candidate]:
        """So many are asked at a time as are likely to bring what is missing."""
        found, portion = self._found(ENTRY.c.id > self.last), self.most
        for ids in self.proposed:
            begin = 0
            while begin < len(ids) and len(found) < self.most:
                more = self._found(*self._among(ids[begin : begin + portion]))
                found += more
                begin += portion
                wanted = (self.most - len(found)) * portion * 5 // 4
                portion = min(max(wanted // max(len(more), 1), self.most), MOST_TOGETHER)
            if len(found) >= self.most:
                break
        return found[: self.most]

    def _among(self, ids: Sequence[int]) -> Iterator[sa.ColumnElement[bool]]:
        """Which entries are asked for the words themselves. ``ids`` fall."""
        yield ENTRY.c.id.between(ids[-1], ids[0])
        if len(ids) * DENSE > ids[0] - ids[-1]:
            # As another type it is no key: PostgreSQL goes through them, and compares by hash.
            yield one_of(self.connection, sa.cast(ENTRY.c.id, sa.BigInteger), ids)
        else:
            yield one_of(self.connection, ENTRY.c.id, ids)

    def _found(self, *which: sa.ColumnElement[bool]) -> list[Candidate]:
        rows = self.connection.execute(self.query.where(*which).limit(self.most)).all()
        return [Candidate(*row) for row in rows]


class Repository:
    """Entries in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._embedded = state.engine.dialect.name == "sqlite"
        self._postings = Postings(state)

    def known(self, connection: Connection, subject: Reference, part: str) -> tuple[int, str]:
        """Id and digest of an entry; 0 where there is none."""
        query = sa.select(ENTRY.c.id, ENTRY.c.digest).where(
            ENTRY.c.platform == subject.platform,
            ENTRY.c.kind == subject.kind,
            ENTRY.c.subject == subject.id,
            ENTRY.c.part == part,
        )
        row = connection.execute(query).first()
        return (row.id, row.digest) if row else (0, "")

    def add(self, connection: Connection, entry: Entry, digest: str, text: Sequence[str]) -> None:
        """Write an entry. ``text`` are its title and its paragraphs as they are compared."""
        subject = entry.subject
        values = {
            "platform": subject.platform,
            "kind": subject.kind,
            "subject": subject.id,
            "part": entry.part,
            "permission": str(entry.permission),
            "unit": entry.unit,
            "secrecy": int(entry.secrecy),
            "public": entry.public,
            "words": entry.words,
            "at_ms": entry.at_ms,
            "digest": digest,
        }
        kept = connection.execute(sa.insert(ENTRY).values(values))
        (entry_id,) = kept.inserted_primary_key or (0,)
        for unit in sorted(entry.concerned):
            connection.execute(sa.insert(CONCERNED).values(entry=entry_id, unit=unit))
        people = [{"entry": entry_id, "username": of} for of in sorted(entry.people)]
        if people:
            connection.execute(sa.insert(PERSON), people)
        texts = {
            "entry": entry_id,
            "title": entry.title,
            "path": entry.path,
            "paragraphs": "\n".join(entry.paragraphs),
            "folded_title": text[0],
            "folded": "\n".join(text),
        }
        connection.execute(sa.insert(TEXT).values(texts))

    def remove(self, connection: Connection, entry_id: int) -> None:
        """Let go of an entry."""
        connection.execute(sa.delete(TEXT).where(TEXT.c.entry == entry_id))
        connection.execute(sa.delete(CONCERNED).where(CONCERNED.c.entry == entry_id))
        connection.execute(sa.delete(PERSON).where(PERSON.c.entry == entry_id))
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.id == entry_id))

    def empty(self, platform: str) -> None:
        """Let go of all of a platform, in slices."""
        of_platform = ENTRY.c.platform == platform
        for some in slices(self._sizes(of_platform), _size):
            with self.state.begin() as connection:
                for entry_id, _ in some:
                    self.remove(connection, entry_id)

    def count(self, connection: Connection, platform: str) -> int:
        """How many entries it has."""
        query = sa.select(sa.func.count()).select_from(ENTRY).where(ENTRY.c.platform == platform)
        return connection.scalar(query) or 0

    def complete(self) -> int:
        """Make the segments that are due; how many entries are in them."""
        return self._postings.complete()

    def freeze(self, connection: Connection) -> None:
        """Let a connection see the database as of one instant."""
        if not self._embedded:
            connection.execution_options(isolation_level="REPEATABLE READ")

    def _sizes(self, wanted: sa.ColumnElement[bool]) -> list[tuple[int, int]]:
        """Ids of entries, each with the characters that it has."""
        query = sa.select(ENTRY.c.id, sa.func.length(TEXT.c.folded)).where(wanted)
        query = query.join(TEXT, TEXT.c.entry == ENTRY.c.id).order_by(ENTRY.c.id)
        with self.state.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def having(
        self,
        connection: Connection,
        account: Account,
        asked: Asked,
        words: Sequence[str],
        most: int,
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Entries that somebody sees and that have every word in their titles, and those that have
        them anywhere; of both the last ones written first, ``most`` of either. Where there are so
        many of the first, the second are not asked for.
        """
        segments = self._postings.segments(connection)
        query = sa.select(
            ENTRY.c.id, ENTRY.c.platform, ENTRY.c.kind, ENTRY.c.words, ENTRY.c.at_ms
        ).where(seen(account), *_narrowed(asked))
        titled, whole = (
            _Question(
                connection,
                query.where(self._has(column, words)).order_by(ENTRY.c.id.desc()),
                most,
                segments[0].last if segments else 0,
                self._postings.proposed(connection, segments, words, titled=of),
            )
            for column, of in ((TEXT.c.folded_title, True), (TEXT.c.folded, False))
        )
        in_titles = titled.answered()
        return in_titles, [] if len(in_titles) >= most else whole.answered()

    def _has(self, text: sa.ColumnElement[str], words: Sequence[str]) -> sa.ColumnElement[bool]:
        """Whether an entry's text has every word. A subquery of its own for each entry: no plan
        reads all texts for the sake of a few.
        """
        within = sa.func.instr if self._embedded else sa.func.strpos
        has = sa.select(sa.and_(*(within(text, word) > 0 for word in words)))
        return has.where(TEXT.c.entry == ENTRY.c.id).scalar_subquery()

    def counts(
        self, connection: Connection, ids: Collection[int], words: Sequence[str]
    ) -> dict[int, int]:
        """How often the words stand in each of some entries."""
        often: Any = sa.literal(0)
        length, text = sa.func.length, TEXT.c.folded
        for word in words:
            without = sa.func.replace(text, word, "")
            often = often + (length(text) - length(without)) / len(word)
        query = sa.select(TEXT.c.entry, often).where(TEXT.c.entry.in_(ids))
        return {row[0]: int(row[1]) for row in connection.execute(query)}

    def texts(self, connection: Connection, ids: Collection[int]) -> dict[int, Kept]:
        """By id those of some entries."""
        query = sa.select(ENTRY, TEXT).join(TEXT, TEXT.c.entry == ENTRY.c.id)
        rows = connection.execute(query.where(ENTRY.c.id.in_(ids)))
        return {row.id: _kept(row) for row in rows}


def slices(things: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Things in slices, none of which keeps other writers waiting for long."""
    some: list[T] = []
    characters = 0
    for thing in things:
        length = size(thing)
        if some and (len(some) == A_SLICE or characters + length > A_SLICE_CHARACTERS):
            yield some
            some, characters = [], 0
        some.append(thing)
        characters += length
    if some:
        yield some


def _size(of: tuple[int, int]) -> int:
    return of[1]


def seen(account: Account) -> sa.ColumnElement[bool]:
    """Whether an account sees an entry: the predicate of lists, for the permission that each entry
    asks for, or because it names the person. Permissions that the same reaches have share one.
    """
    alike: dict[tuple[int, ...], list[Permission]] = {}
    for permission in sorted({of for reach in account.reaches for of in reach.permissions}):
        having = [at for at, of in enumerate(account.reaches) if permission in of.permissions]
        alike.setdefault(tuple(having), []).append(permission)
    conditions = (
        sa.and_(
            ENTRY.c.permission.in_([str(of) for of in permissions]),
            visible(account, permissions[0], MARKS),
        )
        for permissions in alike.values()
    )
    named = sa.select(PERSON.c.entry).where(PERSON.c.username == account.username)
    return sa.or_(ENTRY.c.id.in_(named), *conditions)


def _narrowed(asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    if asked.platform:
        yield ENTRY.c.platform == asked.platform
    if asked.kind:
        yield ENTRY.c.kind == asked.kind
    if asked.from_ms is not None:
        yield ENTRY.c.at_ms >= asked.from_ms
    if asked.until_ms is not None:
        yield ENTRY.c.at_ms < asked.until_ms
    if asked.unit:
        yield ENTRY.c.unit.in_(below((asked.unit,)))


def _kept(row: Row[Any]) -> Kept:
    subject = Reference(row.platform, row.kind, row.subject)
    return Kept(
        subject, row.part, row.title, row.path, row.paragraphs, row.folded_title, row.folded
    )
