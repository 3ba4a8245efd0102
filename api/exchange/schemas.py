"""The exchange as programs read it. Instants are UTC epoch ms."""

from __future__ import annotations

from pydantic import BaseModel

from api.exchange.actions import Receipt
from api.exchange.wording import AskedLine, ReceiptLine, SentLine
from api.imports import schemas as loads
from api.imports.records import Load, Report
from api.imports.schemas import LoadWhole
from config.catalogue.words import Words


class AskedState(BaseModel):
    """Something a body is asked for; ``due_day`` is ISO text, null without a term, ``path`` that
    of its page, empty where the caller may open none.
    """

    kind: str
    title: str
    unit: str
    due_day: str | None
    left: str
    path: str


class AskedPage(BaseModel):
    """A page of what bodies are asked for, the first due first."""

    asked: list[AskedState]
    total: int
    page: int


class SentState(BaseModel):
    """Something that came: the number of its receipt, and ``receipt``, its address below
    ``/api/v1/exchange``. Rows are those of a table, else null.
    """

    number: str
    receipt: str
    kind: str
    title: str
    unit: str
    came_ms: int
    state: str
    rows: int | None
    refused: int | None
    faults: int | None


class SentPage(BaseModel):
    """A page of what came, the newest first."""

    sent: list[SentState]
    total: int
    page: int


class ReceiptState(BaseModel):
    """A receipt. ``sha256`` is that of the file of a table, else of ``received`` in UTF-8: an
    answer as canonical JSON with the SHA-256 of the file that came with it.
    """

    number: str
    kind: str
    title: str
    unit: str
    came_ms: int
    sha256: str
    entered_by: str
    taken_by: str
    state: str
    received: str
    load: LoadWhole | None


def asked_state(line: AskedLine) -> AskedState:
    """Something a body is asked for."""
    return AskedState(
        kind=line.kind, title=line.title, unit=line.unit, due_day=line.due or None,
        left=line.left, path=line.path,
    )  # fmt: skip


def sent_state(line: SentLine) -> SentState:
    """Something that came."""
    load = line.load
    return SentState(
        number=line.entry.number,
        receipt=line.path,
        kind=line.kind,
        title=line.title,
        unit=line.unit,
        came_ms=line.entry.at_ms,
        state=line.state,
        rows=load.rows if load else None,
        refused=load.refused if load else None,
        faults=load.faults if load else None,
    )


def receipt_state(words: Words, line: ReceiptLine, found: Receipt) -> ReceiptState:
    """A receipt, of a table with its report."""
    came, whole = found.came, None
    if isinstance(came, Load):
        whole = loads.whole(words, came, found.report or Report(), list(found.faults))
    fields = {name: getattr(line, name) for name in ReceiptLine.__dataclass_fields__}
    return ReceiptState(**fields, load=whole)
