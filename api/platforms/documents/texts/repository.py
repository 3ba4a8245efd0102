"""Texts in the state database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.documents.texts.records import (
    A_PAGE,
    Asked,
    Facts,
    Kept,
    KeptArticle,
    Validity,
    Version,
    articles_of,
    named,
)
from api.platforms.documents.texts.tables import ARTICLE, TEXT, VERSION
from documents.text.records import Article, Document

_LIGHT = tuple(column for column in VERSION.c if column.name != "content")
By = tuple[str, int]
"""A username, and the instant, UTC epoch ms."""


def add(connection: Connection, facts: Facts, by: By) -> int:
    """Write a text that has no version yet; its id."""
    who, at_ms = by
    values = {"version": 0, "why": "", "kept_by": who, "kept_ms": at_ms}
    return _made(connection.execute(sa.insert(TEXT).values(values | _newest(facts))))


def add_version(
    connection: Connection,
    text: int,
    after: int,
    facts: Facts,
    document: Document,
    original: tuple[str, str],
    by: By,
) -> bool:
    """Write the version that follows ``after``, with its articles; False where another one came
    first. ``original`` are hash and name of its file.
    """
    holds = sa.and_(TEXT.c.id == text, TEXT.c.version == after, TEXT.c.repealed.is_(None))
    changed = sa.update(TEXT).where(holds).values(_newest(facts) | {"version": after + 1})
    if connection.execute(changed).rowcount != 1:
        return False
    values = _values(facts) | {
        "text": text,
        "version": after + 1,
        "sha256": original[0],
        "file_name": original[1][:300],
        "content": msgspec.json.encode(document).decode(),
        "kept_by": by[0],
        "kept_ms": by[1],
    }
    version = _made(connection.execute(sa.insert(VERSION).values(values)))
    rows = [_row(version, at, of) for at, of in enumerate(articles_of(document))]
    if rows:
        connection.execute(sa.insert(ARTICLE), rows)
    return True


def repeal(connection: Connection, text: int, day: str, why: str) -> bool:
    """Write since when a text holds no more; False where that is written already."""
    holds = sa.and_(TEXT.c.id == text, TEXT.c.repealed.is_(None))
    done = connection.execute(sa.update(TEXT).where(holds).values(repealed=day, why=why))
    return done.rowcount == 1


def one(connection: Connection, text: int) -> Kept | None:
    """A text with the facts of its newest version."""
    row = connection.execute(sa.select(TEXT).where(TEXT.c.id == text)).first()
    return _kept(row) if row else None


def versions(connection: Connection, text: int) -> Sequence[Version]:
    """The versions of a text, the newest first."""
    query = sa.select(*_LIGHT).where(VERSION.c.text == text).order_by(VERSION.c.version.desc())
    return [_version(row) for row in connection.execute(query)]


def document(connection: Connection, version: int) -> Document:
    """The whole document of a version, by the id of its row."""
    content = connection.scalar(sa.select(VERSION.c.content).where(VERSION.c.id == version))
    return msgspec.json.decode(content or "", type=Document)


def articles(
    connection: Connection, text: int, version: int | None = None
) -> Sequence[KeptArticle]:
    """The articles of a version, counted from 1, in their order; without it of the newest."""
    which = VERSION.c.version == version if version else VERSION.c.version == TEXT.c.version
    query = (
        sa.select(ARTICLE)
        .join(VERSION, ARTICLE.c.text_version == VERSION.c.id)
        .join(TEXT, VERSION.c.text == TEXT.c.id)
        .where(TEXT.c.id == text, which)
        .order_by(ARTICLE.c.position)
    )
    return [_article(row) for row in connection.execute(query)]


def of_content(connection: Connection, sha256: str) -> tuple[int, int] | None:
    """The text that has this file, by id, and the version that it is."""
    at = VERSION.c
    query = sa.select(at.text, at.version).where(at.sha256 == sha256).order_by(at.id)
    row = connection.execute(query.limit(1)).first()
    return (row.text, row.version) if row else None


def known_as(connection: Connection, said: str) -> Kept | None:
    """The newest text with this 文号 or title."""
    called = sa.or_(TEXT.c.number == said, TEXT.c.named == named(said))
    query = sa.select(TEXT).where(called).order_by(TEXT.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return _kept(row) if row else None


def by_titles(connection: Connection, titles: Collection[str]) -> dict[str, int]:
    """The newest text of each title that others cite."""
    wanted = {title: named(title) for title in titles}
    query = sa.select(TEXT.c.named, sa.func.max(TEXT.c.id)).group_by(TEXT.c.named)
    rows = connection.execute(query.where(TEXT.c.named.in_(set(wanted.values()))))
    known = {row[0]: int(row[1]) for row in rows}
    return {title: known[plain] for title, plain in wanted.items() if plain in known}


def listed(connection: Connection, asked: Asked, day: str) -> tuple[Sequence[Kept], int]:
    """A page of a question, the latest publication first, and how many there are."""
    count = connection.scalar(
        sa.select(sa.func.count()).select_from(TEXT).where(_asked(asked, day))
    )
    query = _ordered(asked, day).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    return [_kept(row) for row in connection.execute(query)], count or 0


def every(connection: Connection, asked: Asked, day: str, most: int) -> Sequence[Kept]:
    """All pages of a question."""
    return [_kept(row) for row in connection.execute(_ordered(asked, day).limit(most))]


def following(connection: Connection, after: int, most: int) -> Sequence[Kept]:
    """Texts behind an id."""
    query = sa.select(TEXT).where(TEXT.c.id > after).order_by(TEXT.c.id).limit(most)
    return [_kept(row) for row in connection.execute(query)]


def _ordered(asked: Asked, day: str) -> sa.Select[Any]:
    known = sa.func.coalesce(TEXT.c.published, "")
    return sa.select(TEXT).where(_asked(asked, day)).order_by(known.desc(), TEXT.c.id.desc())


def _asked(asked: Asked, day: str) -> sa.ColumnElement[bool]:
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if asked.q:
        of = (TEXT.c.title, TEXT.c.number)
        conditions.append(sa.or_(*(column.contains(asked.q, autoescape=True) for column in of)))
    if asked.maker:
        conditions.append(TEXT.c.unit == asked.maker)
    if asked.kind:
        conditions.append(TEXT.c.kind == asked.kind)
    if asked.validity:
        conditions.append(_stands(asked.validity, day))
    return sa.and_(*conditions)


def _stands(validity: Validity, day: str) -> sa.ColumnElement[bool]:
    """As ``Kept.validity`` tells it."""
    at = TEXT.c
    repealed = sa.and_(at.repealed.is_not(None), at.repealed <= day)
    expired = sa.and_(at.valid_until.is_not(None), at.valid_until < day)
    coming = sa.and_(at.in_force.is_not(None), at.in_force > day)
    if validity == "repealed":
        return repealed
    if validity == "expired":
        return sa.and_(sa.not_(repealed), expired)
    if validity == "coming":
        return sa.and_(sa.not_(repealed), sa.not_(expired), coming)
    unstated = at.valid_until.is_(None)
    said = unstated if validity == "unstated" else sa.not_(unstated)
    return sa.and_(sa.not_(repealed), sa.not_(expired), sa.not_(coming), said)


def _values(facts: Facts) -> dict[str, object]:
    return {
        "unit": facts.maker,
        "kind": facts.kind,
        "title": facts.title,
        "number": facts.number,
        "passed": facts.passed,
        "published": facts.published,
        "in_force": facts.in_force,
        "valid_until": facts.valid_until,
    }


def _newest(facts: Facts) -> dict[str, object]:
    return _values(facts) | {"named": named(facts.title)}


def _row(version: int, position: int, article: Article) -> dict[str, object]:
    return {
        "text_version": version,
        "position": position,
        "number": article.number,
        "inserted": article.inserted,
        "label": article.label,
        "book": article.book,
        "chapter": article.chapter,
        "section": article.section,
        "text": article.text,
    }


def _facts(row: Row[Any]) -> Facts:
    return Facts(
        row.unit, row.kind, row.title, row.number, row.passed, row.published, row.in_force,
        row.valid_until,
    )  # fmt: skip


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.id, row.version, _facts(row), row.repealed, row.why, row.kept_by, row.kept_ms)


def _version(row: Row[Any]) -> Version:
    return Version(
        row.id, row.text, row.version, _facts(row), row.sha256, row.file_name, row.kept_by,
        row.kept_ms,
    )  # fmt: skip


def _article(row: Row[Any]) -> KeptArticle:
    article = Article(
        row.number, row.inserted, row.label, row.text, book=row.book, chapter=row.chapter,
        section=row.section,
    )  # fmt: skip
    return KeptArticle(row.id, row.position, article)


def _made(result: sa.CursorResult[Any]) -> int:
    (number,) = result.inserted_primary_key or (0,)
    return int(number)
