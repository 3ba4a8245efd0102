"""Filings in the state database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.deadlines.records import Standing
from api.deadlines.tables import DEADLINE
from api.files.tables import ATTACHMENT, FILE
from api.platforms.documents.filings.records.checking import Given, Reading, Sheet
from api.platforms.documents.filings.records.facts import (
    A_PAGE,
    KIND,
    Asked,
    AskedReturns,
    Line,
    NotRegistered,
    Official,
    Registered,
    Returned,
    facts_of,
    number_of_id,
)
from api.platforms.documents.filings.tables import (
    ENTRY,
    FILING,
    HANDOUT,
    HANDOUT_MARKS,
    MARKS,
    OFFICIAL,
    PAPER,
)
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import repository as texts
from api.platforms.documents.texts.tables import TEXT
from api.procedures.procedure import Given as Values
from api.procedures.procedure import Row
from api.procedures.tables import EVENT
from config.vocabulary.time import begins_ms, day_of

FILE_TERM = "rev.file.shanghai"
MOST_RETURNS = 5000
_AT = FILING.c


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A file at a filing: its row, the attachment, and the content."""

    id: int
    code: str
    attachment: int
    name: str
    sha256: str
    size: int
    content_kind: str
    virus: bool
    unreadable: str
    reading: Reading | None

    @property
    def sheet(self) -> Sheet:
        """As it is checked."""
        return Sheet(self.code, self.name, self.virus, bool(self.unreadable), self.reading)


def add_paper(
    connection: Connection,
    filing: int,
    code: str,
    attachment: int,
    reading: Reading | None,
    unreadable: str,
) -> None:
    """Write which paper a file is."""
    said = msgspec.json.encode(reading).decode() if reading else ""
    values: dict[str, object] = {"filing": filing, "code": code, "attachment": attachment}
    values |= {"reading": said, "unreadable": unreadable[:1000]}
    connection.execute(sa.insert(PAPER).values(values))


def papers(connection: Connection, filing: int) -> Sequence[KeptPaper]:
    """The papers of a filing that stand there, in the order in which they came."""
    at = ATTACHMENT.c
    query = (
        sa.select(PAPER, at.name, at.sha256, FILE.c.size, FILE.c.kind, FILE.c.scan)
        .join(ATTACHMENT, at.id == PAPER.c.attachment)
        .join(FILE, FILE.c.sha256 == at.sha256)
        .where(PAPER.c.filing == filing, at.removed_ms.is_(None))
        .order_by(PAPER.c.id)
    )
    return [_paper(row) for row in connection.execute(query)]


def given(connection: Connection, row: Row, at_ms: int) -> Given:
    """All of a filing that is checked."""
    found = papers(connection, row["id"])
    text = next((of for of in found if of.code == "text"), None)
    known = texts.of_content(connection, text.sha256) if text else None
    amends = row["amends"] or ""
    return Given(
        facts_of(row),
        [of.sheet for of in found],
        day_of(at_ms),
        amends,
        known[0] if known and str(known[0]) != amends else None,
        (amends,) if amends and _own(connection, row["unit"], amends) else (),
    )


def own_texts(connection: Connection, unit: str) -> Mapping[str, str]:
    """Titles of the kept texts of a maker that hold, by id, the newest first."""
    at = TEXT.c
    query = sa.select(at.id, at.title, at.number).where(at.unit == unit, at.repealed.is_(None))
    rows = connection.execute(query.order_by(at.id.desc()).limit(500))
    return {str(row.id): f"{row.title} {row.number}".strip() for row in rows}


def check_entered(connection: Connection, before: Row, values: Values) -> None:
    """Whether the entry in the register is of this filing.

    Raises:
        NotRegistered
    """
    number = number_of_id(values["entry"])
    query = sa.select(ENTRY.c.filing).where(ENTRY.c.id == number)
    if number is None or connection.scalar(query) != before["id"]:
        raise NotRegistered("entry: register it by POST …/register, which keeps the text too")


def check_handed(connection: Connection, before: Row, _values: Values) -> None:
    """Whether the document is in the hands of a committee.

    Raises:
        NotRegistered
    """
    query = sa.select(HANDOUT.c.id).where(HANDOUT.c.filing == before["id"]).limit(1)
    if connection.scalar(query) is None:
        raise NotRegistered("units: hand it out by POST …/distribute")


def enter(connection: Connection, of: Registered, at_ms: int) -> int:
    """Write the entry of a filing in the register; its id."""
    values: dict[str, object] = {
        "filing": of.filing,
        "year": of.year,
        "number": of.number,
        "text": of.text,
    }
    values |= {"text_version": of.text_version, "receipt": of.receipt, "day": of.day}
    made = connection.execute(sa.insert(ENTRY).values(values | {"by": of.by, "at_ms": at_ms}))
    (entry,) = made.inserted_primary_key or (0,)
    return int(entry)


def next_number(connection: Connection, year: int) -> int:
    """The register number that comes next in a year."""
    last = connection.scalar(sa.select(sa.func.max(ENTRY.c.number)).where(ENTRY.c.year == year))
    return (last or 0) + 1


def entry(connection: Connection, filing: int) -> Registered | None:
    """The entry of a filing in the register."""
    row = connection.execute(sa.select(ENTRY).where(ENTRY.c.filing == filing)).first()
    return _entry(row) if row else None


def entry_of_text(connection: Connection, text: int, version: int) -> Registered | None:
    """The entry under which a version of a text was filed, for other rooms."""
    at = ENTRY.c
    query = sa.select(ENTRY).where(at.text == text, at.text_version == version).order_by(at.id)
    row = connection.execute(query).first()
    return _entry(row) if row else None


def handouts(connection: Connection, filing: int, account: Account | None = None) -> Sequence[Row]:
    """The rows of a filing's hand-outs, the first one first: all, or as an account sees."""
    query = sa.select(HANDOUT).where(HANDOUT.c.filing == filing).order_by(HANDOUT.c.id)
    if account is not None:
        query = query.where(visible(account, DocumentsPermission.SEE, HANDOUT_MARKS))
    return [dict(row) for row in connection.execute(query).mappings()]


def seen_handouts(connection: Connection, account: Account) -> Sequence[Row]:
    """Hand-outs that an account sees, those that wait first and the newest before others."""
    see = visible(account, DocumentsPermission.SEE, HANDOUT_MARKS)
    waits = sa.case((HANDOUT.c.state == "waiting", 0), else_=1)
    query = sa.select(HANDOUT).where(see).order_by(waits, HANDOUT.c.id.desc()).limit(200)
    return [dict(row) for row in connection.execute(query).mappings()]


def add_official(connection: Connection, filing: int, of: Official) -> None:
    """Write a receipt of the province's platform."""
    values = {"filing": filing, "number": of.number, "link": of.link, "day": of.day}
    values |= {"source": of.source, "by": of.by, "at_ms": of.at_ms}
    connection.execute(sa.insert(OFFICIAL).values(values))


def official(connection: Connection, filing: int) -> Official | None:
    """The receipt of the province's platform that came last."""
    query = sa.select(OFFICIAL).where(OFFICIAL.c.filing == filing)
    row = connection.execute(query.order_by(OFFICIAL.c.id.desc()).limit(1)).first()
    return Official(row.number, row.link, row.day, row.source, row.by, row.at_ms) if row else None


def listed(connection: Connection, account: Account, asked: Asked) -> tuple[Sequence[Line], int]:
    """A page of a question, the last entered first, and how many there are."""
    query = _lines(_asked(account, asked)).limit(A_PAGE).offset((asked.page - 1) * A_PAGE)
    rows = connection.execute(query)
    return [_line(row) for row in rows], count(connection, account, asked)


def every(connection: Connection, account: Account, asked: Asked, most: int) -> Sequence[Line]:
    """All pages of a question."""
    query = _lines(_asked(account, asked)).limit(most)
    return [_line(row) for row in connection.execute(query)]


def count(connection: Connection, account: Account, asked: Asked) -> int:
    """How many a question means."""
    query = sa.select(sa.func.count()).select_from(FILING).where(_asked(account, asked))
    return connection.scalar(query) or 0


def returns(connection: Connection, account: Account, asked: AskedReturns) -> Sequence[Returned]:
    """Each return of filings that an account sees, the last first, without those taken back."""
    at, back = EVENT.c, EVENT.alias()
    undone = sa.select(back.c.number).where(
        back.c.platform == at.platform,
        back.c.kind == at.kind,
        back.c.item == at.item,
        back.c.takes_back == at.number,
    )
    query: sa.Select[Any] = (
        sa.select(_AT.id, _AT.unit, _AT.title, at.given, at.at_ms)
        .join(EVENT, at.item == sa.cast(_AT.id, sa.String(100)))
        .where(*_of_kind(), at.step == "return", ~undone.exists())
        .where(visible(account, DocumentsPermission.SEE, MARKS))
    )
    if asked.maker:
        query = query.where(_AT.unit == asked.maker)
    if asked.year:
        query = query.where(_in_year(at.at_ms, int(asked.year)))
    rows = connection.execute(query.order_by(at.at_ms.desc(), _AT.id.desc()).limit(MOST_RETURNS))
    found = [_returned(row) for row in rows]
    return [of for of in found if not asked.reason or of.reason == asked.reason]


def years(connection: Connection) -> Sequence[int]:
    """Years of the register, the last one first."""
    query = sa.select(ENTRY.c.year).distinct().order_by(ENTRY.c.year.desc())
    return [int(of) for of in connection.execute(query).scalars()]


def _own(connection: Connection, unit: str, amends: str) -> bool:
    number = number_of_id(amends)
    kept = texts.one(connection, number) if number is not None else None
    return kept is not None and kept.facts.maker == unit and not kept.repealed


def _of_kind() -> tuple[sa.ColumnElement[bool], ...]:
    return EVENT.c.platform == "documents", EVENT.c.kind == KIND


def _in_year(column: sa.ColumnElement[Any], year: int) -> sa.ColumnElement[bool]:
    first, end = (begins_ms(date(of, 1, 1)) for of in (year, year + 1))
    return sa.and_(column >= first, column < end)


def _first_sent() -> sa.ScalarSelect[Any]:
    at = EVENT.c
    own = sa.and_(*_of_kind(), at.item == sa.cast(_AT.id, sa.String(100)))
    return (
        sa.select(sa.func.min(at.at_ms))
        .where(own, at.step.in_(("send", "receive")))
        .correlate(FILING)
        .scalar_subquery()
    )


def _late() -> sa.ColumnElement[bool]:
    """Whether it was filed after its term: the term says itself when it was met."""
    at = DEADLINE.c
    return (
        sa.select(at.id)
        .where(
            at.platform == "documents",
            at.kind == KIND,
            at.subject == sa.cast(_AT.id, sa.String(100)),
            at.rule == FILE_TERM,
            at.state == Standing.ENDED,
            at.met_ms > at.due_ms,
        )
        .correlate(FILING)
        .exists()
    )


def _asked(account: Account, asked: Asked) -> sa.ColumnElement[bool]:
    conditions = [visible(account, DocumentsPermission.SEE, MARKS)]
    if asked.q:
        of = (_AT.title, _AT.number)
        conditions.append(sa.or_(*(column.contains(asked.q, autoescape=True) for column in of)))
    if asked.maker:
        conditions.append(_AT.unit == asked.maker)
    if asked.kind:
        conditions.append(_AT.kind == asked.kind)
    if asked.state:
        conditions.append(_AT.state == asked.state)
    if asked.year:
        entered = sa.select(ENTRY.c.id).where(ENTRY.c.filing == _AT.id)
        entered = entered.where(ENTRY.c.year == int(asked.year)).correlate(FILING)
        conditions.append(entered.exists())
    if asked.sent:
        conditions += [_in_year(_first_sent(), int(asked.sent)), _AT.state != "draft"]
    if asked.late:
        conditions.append(_late() if asked.late == "1" else ~_late())
    return sa.and_(*conditions)


def _lines(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    last = sa.select(OFFICIAL.c.number).where(OFFICIAL.c.filing == _AT.id)
    last = last.order_by(OFFICIAL.c.id.desc()).limit(1)
    return (
        sa.select(
            FILING,
            _first_sent().label("sent_ms"),
            _late().label("late"),
            ENTRY.c.year.label("entry_year"),
            ENTRY.c.number.label("entry_number"),
            ENTRY.c.day.label("entry_day"),
            last.correlate(FILING).scalar_subquery().label("official"),
        )
        .outerjoin(ENTRY, ENTRY.c.filing == _AT.id)
        .where(condition)
        .order_by(_AT.id.desc())
    )


def _line(row: sa.Row[Any]) -> Line:
    registered = (row.entry_year, row.entry_number) if row.entry_year else None
    return Line(
        row.id, row.unit, row.kind, row.title, row.number or "", row.published, row.state,
        row.sent_ms, bool(row.late), registered, row.entry_day or "", row.official or "", row.way,
    )  # fmt: skip


def _returned(row: sa.Row[Any]) -> Returned:
    said = json.loads(row.given)
    remark = said.get("remark", "")
    return Returned(row.id, row.unit, row.title, said["reason"], remark, row.at_ms)


def _entry(row: sa.Row[Any]) -> Registered:
    return Registered(
        row.filing, row.year, row.number, row.text, row.text_version, row.receipt, row.day, row.by
    )


def _paper(row: sa.Row[Any]) -> KeptPaper:
    reading = msgspec.json.decode(row.reading, type=Reading) if row.reading else None
    return KeptPaper(
        row.id, row.code, row.attachment, row.name, row.sha256, row.size, row.kind,
        row.scan == "infected", row.unreadable, reading,
    )  # fmt: skip
