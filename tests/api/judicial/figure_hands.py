"""Monthly tables of bodies, as a form and as the API give them."""

from __future__ import annotations

from collections.abc import Mapping

from api.accounts.records import Account, Reach
from api.platforms.judicial.figures.actions import reading, sending
from api.platforms.judicial.figures.records.templates import (
    FLOW,
    TOTAL,
    cell,
    column_of,
    row_of,
    templates,
)
from api.platforms.judicial.permission import JudicialPermission
from tests.api.conftest import RunningCentre

OFFICE = Account(
    "office",
    "人大",
    reaches=(Reach(frozenset({JudicialPermission.SEE, JudicialPermission.CHECK})),),
)
COURT = Account(
    "court-clerk",
    "书记员",
    reaches=(Reach(frozenset({JudicialPermission.SEE, JudicialPermission.SUBMIT}), "court"),),
)
PETITIONS = Account(
    "petition-clerk",
    "信访员",
    reaches=(Reach(frozenset({JudicialPermission.SEE, JudicialPermission.SUBMIT}), "petitions"),),
)
DEPUTY = Account("deputy", "代表", reaches=(Reach(frozenset({JudicialPermission.SEE})),))
Flow = tuple[int, int, int]
"""Old, new and closed of a row."""
CIVIL: Flow = (400, 834, 900)
"""Of the court's table below, so that 334 are pending."""


def counted(body: str, rows: Mapping[str, Flow]) -> dict[str, int]:
    """Counts by cell that hold; rows that are not given have none."""
    template = templates()[body]
    found: dict[str, int] = {}
    for row in template.rows:
        old, new, closed = rows.get(row, (0, 0, 0))
        flow = dict(zip(FLOW, (old, new, closed, old + new - closed), strict=True))
        parts = dict.fromkeys(template.parts, 0) | dict.fromkeys(template.parts[:1], closed)
        found |= {cell(row, of): count for of, count in (flow | parts).items()}
    totals = {
        cell(TOTAL, column): sum(found[cell(row, column)] for row in template.rows)
        for column in template.columns
    }
    return found | totals


def form(body: str, month: str, rows: Mapping[str, Flow], **fields: str) -> dict[str, str]:
    """A month as the form gives it; ``fields`` beside the cells."""
    counts = {name: str(count) for name, count in counted(body, rows).items()}
    return counts | {"month": month, "why": ""} | fields


def nested(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Counts by row and column, as the API takes them."""
    found: dict[str, dict[str, int]] = {}
    for name, count in counts.items():
        found.setdefault(row_of(name), {})[column_of(name)] = count
    return found


def court(month: str = "2026-10", civil: Flow = CIVIL, **fields: str) -> dict[str, str]:
    """The table of a court, all of it civil cases but for some criminal ones."""
    return form("court", month, {"civil": civil, "criminal": (160, 400, 400)}, **fields)


def accepted(centre: RunningCentre, who: Account, body: str, written: Mapping[str, str]) -> None:
    """A table that was sent and accepted."""
    sending.send(centre.services, who, body, written)
    newest = reading.series(centre.services, OFFICE, body).versions
    waiting = next(of for of in newest if of["state"] == "sent")
    sending.decide(centre.services, OFFICE, waiting["id"], accept=True, reason="")
