"""The register of assets as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.imports.standing import standing
from api.platforms.budget.assets.records import A_PAGE, Asked, Asset, Sum
from api.platforms.budget.tables import ASSET

By = Literal["unit", "category", "year"]
_AT = ASSET.c
_OF: dict[By, sa.ColumnElement[Any]] = {
    "unit": sa.func.coalesce(_AT.unit_code, ""),
    "category": sa.func.coalesce(_AT.category, ""),
    "year": sa.func.substr(sa.func.coalesce(_AT.bought, ""), 1, 4),
}


def rows(connection: Connection, asked: Asked) -> list[Asset]:
    """A page of things, the dearest first."""
    return list(_rows(connection, asked, A_PAGE, (asked.page - 1) * A_PAGE))


def every(connection: Connection, asked: Asked, most: int) -> list[Asset]:
    """All pages, ``most`` rows at most."""
    return list(_rows(connection, asked, most, 0))


def whole(connection: Connection, asked: Asked) -> Sum:
    """Of all pages."""
    sums = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_AT.value), 0))
    count, worth = connection.execute(sums.where(*_conditions(asked))).one()
    return Sum("", count, int(worth))


def sums(connection: Connection, by: By, asked: Asked) -> list[Sum]:
    """Of all pages by unit (its code), category or year of purchase, in order of these."""
    of = _OF[by]
    query = sa.select(of, sa.func.count(), sa.func.sum(_AT.value)).where(*_conditions(asked))
    found = connection.execute(query.group_by(of))
    return sorted((Sum(row[0], row[1], int(row[2])) for row in found), key=lambda of: of.value)


def _rows(connection: Connection, asked: Asked, most: int, skipped: int) -> Iterator[Asset]:
    query = sa.select(ASSET).where(*_conditions(asked)).order_by(_AT.value.desc(), _AT.id)
    for row in connection.execute(query.limit(most).offset(skipped)):
        yield Asset(
            row.number,
            row.unit_code or "",
            row.name,
            row.category or "",
            row.bought or "",
            row.value,
            row.voucher or "",
            row.load,
        )


def _conditions(asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    yield standing(ASSET)
    chosen: tuple[tuple[By, str], ...] = (
        ("unit", asked.unit),
        ("category", asked.category),
        ("year", asked.year),
    )
    for by, value in chosen:
        if value:
            yield _OF[by] == value
    if asked.q:
        part = asked.q.casefold()
        yield sa.or_(
            sa.func.lower(_AT.name).contains(part, autoescape=True),
            sa.func.lower(_AT.number).contains(part, autoescape=True),
        )
