"""Filings, texts and reviews as comparisons need them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.documents.filings.records.facts import PRIVATE
from api.platforms.documents.filings.tables import ENTRY, FILING
from api.platforms.documents.reviews.records import OVER
from api.platforms.documents.reviews.tables import POINT, REVIEW
from api.platforms.documents.texts.tables import TEXT, VERSION
from documents.text.records import Document

A_READ = 100
"""Documents that are read at once."""


def texts(connection: Connection, since_ms: int, since: str) -> Sequence[Row[Any]]:
    """Texts that stand, or were kept or repealed since; each with the id of its newest version."""
    at = TEXT.c
    columns = (
        *(at.id, at.title, at.unit, at.passed, at.published, at.kept_ms, at.repealed),
        VERSION.c.id.label("version_id"),
    )
    both = sa.and_(VERSION.c.text == at.id, VERSION.c.version == at.version)
    lasts = sa.or_(at.kept_ms >= since_ms, at.repealed.is_(None), at.repealed >= since)
    query: sa.Select[Any] = sa.select(*columns).join(VERSION, both).where(lasts).order_by(at.id)
    return connection.execute(query).all()


def documents(connection: Connection, versions: Collection[int]) -> Mapping[int, Document]:
    """Whole documents, by the ids of their versions."""
    at = VERSION.c
    query = sa.select(at.id, at.content).where(at.id.in_(versions))
    return {
        row.id: msgspec.json.decode(row.content, type=Document)
        for row in connection.execute(query)
    }


def filings(connection: Connection) -> Sequence[Row[Any]]:
    """Filings that were sent, each with its text where it is registered."""
    at = FILING.c
    columns = (at.id, at.title, at.unit, at.basis, at.passed, at.published, ENTRY.c.text)
    query: sa.Select[Any] = sa.select(*columns).outerjoin(ENTRY, ENTRY.c.filing == at.id)
    return connection.execute(query.where(at.state.not_in(PRIVATE)).order_by(at.id)).all()


def reviews(connection: Connection, since: date) -> Sequence[Row[Any]]:
    """Reviews that were opened or decided from a day on, or are not over."""
    at = REVIEW.c
    columns = (
        *(at.id, at.text, at.title, at.unit, at.reason, at.opinion, at.opened_day),
        *(at.decided_day, at.handled_day),
    )
    lasts = sa.or_(at.opened_day >= since, at.decided_day >= since, at.state.not_in(OVER))
    query: sa.Select[Any] = sa.select(*columns).where(lasts)
    return connection.execute(query.order_by(at.id)).all()


def points(connection: Connection) -> Mapping[int, Sequence[Row[Any]]]:
    """Laws and words of points, by review."""
    at = POINT.c
    found: dict[int, list[Row[Any]]] = {}
    query: sa.Select[Any] = sa.select(at.review, at.law, at.words, at.why).order_by(at.id)
    for row in connection.execute(query):
        found.setdefault(row.review, []).append(row)
    return found
