"""Checks in force with their versions, hits as they are kept, and what people said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.documents.laws import repository as laws
from api.platforms.documents.rulebook.records import Book, Judgement, Precision, Version
from api.platforms.documents.rulebook.tables import CHECK, HITS, JUDGEMENT
from api.platforms.documents.texts.tables import TEXT, VERSION
from config.vocabulary.errors import FaultyInput
from documents.checks.documents import deserialised, load, serialised
from documents.checks.records import CheckDocument, Faulty, Hit

_NEWEST = sa.and_(VERSION.c.text == TEXT.c.id, VERSION.c.version == TEXT.c.version)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of a text: the id of its row, and that of the text."""

    id: int
    text: int
    title: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Hits of a check in all texts, made by the check as it is in force: those that nothing
    excuses, those that something does, and how many texts have any of the former.
    """

    found: int = 0
    excused: int = 0
    texts: int = 0


def book(connection: Connection, on: date) -> Book:
    """All by which hits are made on a day."""
    checks = tuple(current(of).document for of in all_versions(connection).values())
    return Book(checks, laws.table(connection), on, faulty(connection))


def current(versions: Sequence[Version]) -> Version:
    """That in force, of versions in their order."""
    return next(of for of in reversed(versions) if of.holds)


def all_versions(connection: Connection) -> Mapping[str, Sequence[Version]]:
    """Versions of every check by id, the oldest first, which is that of the product."""
    saved: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(sa.select(CHECK).order_by(CHECK.c.id, CHECK.c.version)):
        saved[row.id].append(row)
    return {
        of.id: [Version(of), *(_version(of, row) for row in saved[of.id])] for of in _of_product()
    }


def save(connection: Connection, check: CheckDocument, account: str, saved_ms: int) -> None:
    """Keep a version; its number is the caller's to have reckoned in the same transaction."""
    connection.execute(
        sa.insert(CHECK).values(
            id=check.id,
            version=check.version,
            document=serialised(check).decode(),
            author=check.author,
            account=account,
            reason=check.reason,
            saved_ms=saved_ms,
        )
    )


def kept(connection: Connection, version: int) -> Mapping[str, tuple[str, tuple[Hit, ...]]]:
    """Of a version of a text, by the id of its row: the stamp and the hits of each check."""
    query = sa.select(HITS).where(HITS.c.text_version == version)
    return {
        row.check_id: (row.stamp, msgspec.json.decode(row.content, type=tuple[Hit, ...]))
        for row in connection.execute(query)
    }


def keep(
    connection: Connection,
    version: int,
    found: Mapping[str, tuple[str, Sequence[Hit]]],
    made_ms: int,
) -> None:
    """Put the hits of some checks in place of those of before."""
    if not found:
        return
    old = sa.and_(HITS.c.text_version == version, HITS.c.check_id.in_(found))
    connection.execute(sa.delete(HITS).where(old))
    rows = [
        {
            "text_version": version,
            "check_id": check,
            "stamp": stamp,
            "found": sum(of.excluded is None for of in hits),
            "excused": sum(of.excluded is not None for of in hits),
            "content": msgspec.json.encode(hits).decode(),
            "made_ms": made_ms,
        }
        for check, (stamp, hits) in found.items()
    ]
    connection.execute(sa.insert(HITS), rows)


def forget_older(connection: Connection, checks: Iterable[str]) -> None:
    """Take out hits of versions that another one followed, and of checks that are off."""
    newest = sa.select(VERSION.c.id).join(TEXT, _NEWEST)
    gone = sa.or_(HITS.c.text_version.not_in(newest), HITS.c.check_id.not_in(list(checks)))
    connection.execute(sa.delete(HITS).where(gone))


def unmade(connection: Connection, stamps: Iterable[str], most: int) -> Sequence[Newest]:
    """Newest versions of texts that lack hits of some of these stamps, the newest first."""
    wanted = list(stamps)
    made = sa.and_(HITS.c.text_version == VERSION.c.id, HITS.c.stamp.in_(wanted))
    query = (
        sa.select(VERSION.c.id, VERSION.c.text, VERSION.c.title)
        .join(TEXT, _NEWEST)
        .outerjoin(HITS, made)
        .group_by(VERSION.c.id, VERSION.c.text, VERSION.c.title)
        .having(sa.func.count(HITS.c.check_id) < len(wanted))
        .order_by(VERSION.c.id.desc())
        .limit(most)
    )
    return [Newest(*row) for row in connection.execute(query)]


def following(connection: Connection, after: int, most: int) -> Sequence[Newest]:
    """Newest versions of texts whose rows lie behind an id."""
    query = sa.select(VERSION.c.id, VERSION.c.text, VERSION.c.title).join(TEXT, _NEWEST)
    query = query.where(VERSION.c.id > after).order_by(VERSION.c.id).limit(most)
    return [Newest(*row) for row in connection.execute(query)]


def count(connection: Connection, after: int = 0) -> int:
    """How many newest versions lie behind an id."""
    query = sa.select(sa.func.count(VERSION.c.id)).join(TEXT, _NEWEST)
    return connection.scalar(query.where(VERSION.c.id > after)) or 0


def tallies(connection: Connection, stamps: Iterable[str]) -> Mapping[str, Tally]:
    """By check, of hits that were made by these stamps."""
    at = HITS.c
    texts = sa.func.sum(sa.case((at.found > 0, 1), else_=0))
    query = sa.select(at.check_id, sa.func.sum(at.found), sa.func.sum(at.excused), texts)
    query = query.where(at.stamp.in_(list(stamps))).group_by(at.check_id)
    return {row[0]: Tally(*(int(of) for of in row[1:])) for row in connection.execute(query)}


def judge(connection: Connection, of: Judgement, version: int, account: str) -> None:
    """Write a person's word on a hit."""
    connection.execute(
        sa.insert(JUDGEMENT).values(
            text=of.text,
            text_version=version,
            check_id=of.check,
            hit=of.hit,
            verdict=of.verdict,
            reason=of.reason,
            label=of.label,
            words=of.words,
            title=of.title,
            author=of.author,
            account=account,
            made_ms=of.made_ms,
        )
    )


def judged(connection: Connection, text: int) -> Mapping[str, Judgement]:
    """The last word on each hit of a text, by the hit's key; none where it was taken back."""
    found = _last(connection, JUDGEMENT.c.text == text)
    return {of.hit: of for of in found}


def faulty(connection: Connection) -> Sequence[tuple[int, Faulty]]:
    """Clauses found faulty, each with the id of its text, in an order that does not tell when
    people found them.
    """
    found = _last(connection, JUDGEMENT.c.verdict == "fault")
    ordered = sorted(found, key=lambda of: (of.text, of.check, of.hit))
    return [(of.text, Faulty(of.words, of.title, of.reason)) for of in ordered]


def precisions(connection: Connection) -> Mapping[str, Precision]:
    """By check, over all texts."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for of in _last(connection, sa.true()):
        counts[of.check][of.verdict == "clear"] += 1
    return {check: Precision(*of) for check, of in counts.items()}


def _last(connection: Connection, condition: sa.ColumnElement[bool]) -> Sequence[Judgement]:
    at = JUDGEMENT.c
    last = sa.select(sa.func.max(at.id)).group_by(at.text, at.check_id, at.hit)
    query = sa.select(JUDGEMENT).where(at.id.in_(last), condition, at.verdict != "open")
    return [_judgement(row) for row in connection.execute(query.order_by(at.id))]


def _judgement(row: sa.Row[Any]) -> Judgement:
    return Judgement(
        row.text, row.check_id, row.hit, row.verdict, row.reason, row.label, row.words, row.title,
        row.author, row.made_ms,
    )  # fmt: skip


@cache
def _of_product() -> tuple[CheckDocument, ...]:
    return load()


def _version(of: CheckDocument, row: sa.Row[Any]) -> Version:
    """Title, law and mark are the product's of today; parameters that came to the kind since then
    are so, too.
    """
    saved = msgspec.json.decode(row.document, type=CheckDocument)
    document = msgspec.structs.replace(
        of,
        parameters={**of.parameters, **saved.parameters},
        exclusions=saved.exclusions,
        false_alarms=saved.false_alarms,
        on=saved.on,
        version=row.version,
        author=row.author,
        reason=row.reason,
    )
    return Version(document, row.account, row.saved_ms, _holds(document))


def _holds(document: CheckDocument) -> bool:
    try:
        deserialised(serialised(document))
    except FaultyInput:
        return False
    return True
