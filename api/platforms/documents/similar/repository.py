"""Signatures in the state database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.documents.similar.tables import SIGNATURE
from api.platforms.documents.texts.tables import TEXT, VERSION

_NEWEST = sa.and_(VERSION.c.text == TEXT.c.id, VERSION.c.version == TEXT.c.version)


@dataclass(frozen=True, slots=True)
class Signed:
    """The newest version of a text, by the id of its row, with the signature of its clauses."""

    version: int
    text: int
    title: str
    content: bytes


def signed(connection: Connection, engine: str) -> Sequence[Signed]:
    """Every newest version that has a signature by an engine."""
    at = SIGNATURE.c
    query = (
        sa.select(VERSION.c.id, VERSION.c.text, VERSION.c.title, at.content)
        .join(TEXT, _NEWEST)
        .join(SIGNATURE, sa.and_(at.text_version == VERSION.c.id, at.engine == engine))
        .order_by(VERSION.c.id)
    )
    return [Signed(*row) for row in connection.execute(query)]


def unsigned(connection: Connection, engine: str, most: int) -> Sequence[tuple[int, int, str]]:
    """Newest versions without one, the newest first: id of the row, id and title of the text."""
    at = SIGNATURE.c
    query = (
        sa.select(VERSION.c.id, VERSION.c.text, VERSION.c.title)
        .join(TEXT, _NEWEST)
        .outerjoin(SIGNATURE, sa.and_(at.text_version == VERSION.c.id, at.engine == engine))
        .where(at.text_version.is_(None))
        .order_by(VERSION.c.id.desc())
        .limit(most)
    )
    return [(row.id, row.text, row.title) for row in connection.execute(query)]


def sign(connection: Connection, version: int, engine: str, content: bytes) -> None:
    """Put the signature of a version in place of the one of before."""
    connection.execute(sa.delete(SIGNATURE).where(SIGNATURE.c.text_version == version))
    values = {"text_version": version, "engine": engine, "content": content}
    connection.execute(sa.insert(SIGNATURE).values(values))


def forget_older(connection: Connection) -> None:
    """Take out signatures of versions that another one followed."""
    newest = sa.select(VERSION.c.id).join(TEXT, _NEWEST)
    connection.execute(sa.delete(SIGNATURE).where(SIGNATURE.c.text_version.not_in(newest)))
