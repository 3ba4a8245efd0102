"""Published tables in the state database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.budget.disclosure.records import (
    Checked,
    Kept,
    KeptFigure,
    KeptTable,
    Proposed,
    Whole,
)
from api.platforms.budget.disclosure.tables import FIGURE, MEANING, SET, TABLE
from budget.detection.books import PublishedBreak, PublishedFigure, PublishedSet, Stage
from budget.published.meaning import Meaning
from budget.published.records import Break, PublishedTable, cell_name
from ingest.state.database import State

_COLUMNS = tuple(column for column in SET.c if column.name not in ("ordinal", "checked"))
_TEXTS = {
    column.name: column.type.length
    for table in (SET, TABLE, FIGURE, MEANING)
    for column in table.c
    if isinstance(column.type, sa.String) and column.type.length
}


def add(
    connection: Connection,
    digest: str,
    proposed: Proposed,
    checked: Checked,
    tables: Sequence[PublishedTable],
    meanings: Sequence[Meaning],
    sent: tuple[str, int],
) -> int:
    """Write a draft with all of its figures; its id. ``sent`` is by whom, and when."""
    who, at_ms = sent
    values = {
        "digest": digest,
        "state": "draft",
        "department": _cut("department", proposed.department),
        "unit": proposed.unit,
        "year": proposed.year,
        "stage": proposed.stage,
        "tables": len(tables),
        "breaks": len(checked.breaks),
        "deferred": len(checked.deferred),
        "checked": msgspec.json.encode(checked).decode(),
        "sent_by": who,
        "sent_ms": at_ms,
        "confirmed_by": "",
        "withdrawn_by": "",
        "why": "",
    }
    number = _made(connection.execute(sa.insert(SET).values(values)))
    for table in tables:
        _add_table(connection, number, table)
    rows = [
        {**{name: _cut(name, value) for name, value in asdict(of).items() if name != "file"},
         "published": number}
        for of in meanings
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(MEANING), rows)
    return number


def _add_table(connection: Connection, number: int, table: PublishedTable) -> None:
    values = {
        "file": table.file,
        "sheet": table.sheet,
        "title": table.title,
        "kind": table.kind.id,
        "unit": table.unit,
        "unit_from": table.unit_from,
    }
    cut = {name: _cut(name, value) for name, value in values.items()}
    made = connection.execute(sa.insert(TABLE).values(cut | {"published": number}))
    rows = _figures(_made(made), table)
    if rows:
        connection.execute(sa.insert(FIGURE), rows)


def _figures(number: int, table: PublishedTable) -> list[dict[str, Any]]:
    headings = {column.position: column.full for column in table.columns}
    return [
        {
            "table": number,
            "side": side_number,
            "row": line.row,
            "position": position,
            "cell": cell_name((line.row, position)),
            "label": _cut("label", line.label),
            "code": _cut("code", line.code),
            "heading": _cut("heading", headings.get(position, "")),
            "is_total": line.is_total,
            "fen": table.figures[line.row, position].fen,
            "step": table.figures[line.row, position].step,
        }
        for side_number, side in enumerate(table.sides)
        for line in side.lines
        for position in line.at
        if (line.row, position) in table.figures
    ]


def _made(result: sa.CursorResult[Any]) -> int:
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


def _cut(name: str, value: Any) -> Any:
    """A text as long as its column; PostgreSQL takes no NUL."""
    if isinstance(value, str) and name in _TEXTS:
        return value.replace("\0", "")[: _TEXTS[name]]
    return value


def one(connection: Connection, number: int) -> Kept | None:
    """A set."""
    row = connection.execute(_sets().where(SET.c.id == number)).mappings().first()
    return _kept(row) if row else None


def of_content(connection: Connection, digest: str) -> Kept | None:
    """The set of a content that waits or stands."""
    found = [
        _kept(row) for row in connection.execute(_sets().where(SET.c.digest == digest)).mappings()
    ]
    return next((of for of in found if of.state == "draft" or of.stands), None)


def standing(connection: Connection, year: int | None = None) -> list[Kept]:
    """The sets that stand, of a year or all."""
    query = _sets().where(_stands())
    query = query.where(SET.c.year == year) if year is not None else query
    return [_kept(row) for row in connection.execute(query.order_by(SET.c.id)).mappings()]


def drafts(connection: Connection) -> list[Kept]:
    """Those that nobody has confirmed yet, the newest first."""
    query = _sets().where(SET.c.state == "draft").order_by(SET.c.id.desc())
    return [_kept(row) for row in connection.execute(query).mappings()]


def of_same_owner(connection: Connection, of: Kept) -> list[Kept]:
    """All that were ever confirmed in the stead of a set, the newest first."""
    owner = (
        SET.c.year == of.year,
        SET.c.stage == of.stage,
        _owner(SET) == (of.unit or of.department),
    )
    query = _sets().where(SET.c.ordinal.is_not(None), *owner).order_by(SET.c.ordinal.desc())
    return [_kept(row) for row in connection.execute(query).mappings()]


def years(connection: Connection) -> list[int]:
    """Years of which a set stands, the latest first."""
    query = sa.select(SET.c.year).where(_stands()).distinct().order_by(SET.c.year.desc())
    return [year for year in connection.scalars(query) if year is not None]


def whole(connection: Connection, kept: Kept) -> Whole:
    """A set with its tables and figures."""
    checked = connection.scalar(sa.select(SET.c.checked).where(SET.c.id == kept.id)) or "{}"
    tables = sa.select(TABLE).where(TABLE.c.published == kept.id).order_by(TABLE.c.id)
    own = list(connection.execute(tables))
    query = sa.select(FIGURE).where(FIGURE.c.table.in_([row.id for row in own]))
    figures = connection.execute(query.order_by(FIGURE.c.id)).mappings()
    return Whole(
        kept,
        msgspec.json.decode(checked, type=Checked),
        [
            KeptTable(row.id, row.file, row.sheet, row.title, row.kind, row.unit, row.unit_from)
            for row in own
        ],
        [KeptFigure(**{name: row[name] for name in KeptFigure.__slots__}) for row in figures],
    )


def confirm(connection: Connection, number: int, origin: Proposed, by: str, at_ms: int) -> bool:
    """Let a draft stand for a department, year and stage; whether it was one still."""
    newest = connection.scalar(sa.select(sa.func.max(SET.c.ordinal))) or 0
    values = {
        "state": "confirmed",
        **asdict(origin),
        "ordinal": newest + 1,
        "confirmed_by": by,
        "confirmed_ms": at_ms,
    }
    draft = SET.c.id == number, SET.c.state == "draft"
    return bool(connection.execute(sa.update(SET).where(*draft).values(values)).rowcount)


def withdraw(connection: Connection, number: int, why: str, by: str, at_ms: int) -> bool:
    """Take a set out; whether it was confirmed still."""
    values = {"state": "withdrawn", "why": why, "withdrawn_by": by, "withdrawn_ms": at_ms}
    confirmed = SET.c.id == number, SET.c.state == "confirmed"
    return bool(connection.execute(sa.update(SET).where(*confirmed).values(values)).rowcount)


def drop(connection: Connection, number: int) -> bool:
    """Let go of a draft and all that is in it; whether it was one still."""
    draft = sa.select(SET.c.id).where(SET.c.id == number, SET.c.state == "draft")
    if connection.scalar(draft) is None:
        return False
    own = sa.select(TABLE.c.id).where(TABLE.c.published == number)
    connection.execute(sa.delete(FIGURE).where(FIGURE.c.table.in_(own)))
    connection.execute(sa.delete(TABLE).where(TABLE.c.published == number))
    connection.execute(sa.delete(MEANING).where(MEANING.c.published == number))
    connection.execute(sa.delete(SET).where(SET.c.id == number))
    return True


def withdrawn(state: State, number: int) -> bool:
    """Whether a set was withdrawn."""
    with state.read() as connection:
        found = connection.scalar(sa.select(SET.c.state).where(SET.c.id == number))
    return found == "withdrawn"


def published(state: State, number: int | None = None) -> tuple[PublishedSet, ...]:
    """The sets that stand, or one of any state, as rules see them."""
    chosen = _stands() if number is None else SET.c.id == number
    with state.read() as connection:
        sets = connection.execute(sa.select(SET).where(chosen).order_by(SET.c.id)).all()
        numbers = [row.id for row in sets]
        meanings = sa.select(MEANING).where(MEANING.c.published.in_(numbers))
        figures = connection.execute(meanings.order_by(MEANING.c.id)).all()
        tables = connection.execute(sa.select(TABLE).where(TABLE.c.published.in_(numbers))).all()
    titles = {(row.published, row.file, row.sheet, row.kind): row.title for row in tables}
    return tuple(
        PublishedSet(
            id=row.id,
            department=row.department,
            year=row.year or 0,
            stage=_stage(row.stage),
            figures=tuple(_figure(of) for of in figures if of.published == row.id),
            breaks=tuple(
                _break(of, titles.get((row.id, of.file, of.sheet, of.kind), ""))
                for of in msgspec.json.decode(row.checked, type=Checked).breaks
            ),
        )
        for row in sets
    )


def _stage(text: str) -> Stage:
    return "accounts" if text == "accounts" else "budget"


def _figure(row: Row[Any]) -> PublishedFigure:
    return PublishedFigure(
        means=row.means,
        label=row.label,
        money=row.money,
        cents=row.fen,
        step=row.step,
        sheet=row.sheet,
        cell=row.cell,
    )


def _break(of: Break, title: str) -> PublishedBreak:
    return PublishedBreak(
        check=of.check,
        title=title or of.sheet or of.file,
        sheet=of.sheet,
        cell=of.cell,
        label=of.label,
        says=of.says,
        should=of.should,
        unit=of.unit,
        cents=of.difference_fen,
    )


def _sets() -> sa.Select[Any]:
    return sa.select(*_COLUMNS, _stands().label("stands"))


def _owner(table: Any) -> sa.ColumnElement[str]:
    """The department: by the register where it is there, else by its name."""
    owner: sa.ColumnElement[str] = sa.func.coalesce(table.c.unit, table.c.department)
    return owner


def _stands() -> sa.ColumnElement[bool]:
    newer = SET.alias()
    replaced = sa.select(sa.literal(1)).where(
        newer.c.state == "confirmed",
        newer.c.year == SET.c.year,
        newer.c.stage == SET.c.stage,
        _owner(newer) == _owner(SET),
        newer.c.ordinal > SET.c.ordinal,
    )
    return sa.and_(SET.c.state == "confirmed", ~replaced.correlate(SET).exists())


def _kept(row: sa.RowMapping) -> Kept:
    return Kept(**{**row, "stands": bool(row["stands"])})
