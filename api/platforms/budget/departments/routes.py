"""Tables of departments over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.budget.departments.actions import describing, listing
from api.platforms.budget.departments.records.descriptions import kind_name
from api.platforms.budget.departments.records.form import reasoned
from api.platforms.budget.departments.records.questions import AskedRows, AskedTables
from api.platforms.budget.departments.schemas import (
    ClassificationState,
    CodeState,
    Describing,
    DescriptionState,
    RowsState,
    RowState,
    TableState,
    classification_state,
    description_state,
    row_state,
)
from api.platforms.budget.permission import BudgetPermission
from api.services import ServicesOf
from api.web.forms import NotAccepted
from config.classifications import classifications
from config.vocabulary.time import day_of

Reader = Annotated[Account, require(BudgetPermission.SEE)]
Office = Annotated[Account, require(BudgetPermission.LOAD)]
router = APIRouter(tags=["budget"], dependencies=[SameOrigin])


@router.get("/departments")
def tables(
    services: ServicesOf, _account: Reader, asked: Annotated[AskedTables, Query()]
) -> list[TableState]:
    """The tables of the sixteen departments, with rows of all units or of one."""
    return [
        TableState(
            department=of.description.department,
            kind=kind_name(of.description.department),
            name=of.description.name,
            version=of.version.version,
            due=of.description.due,
            due_days=of.description.due_days,
            last_load=of.last.id if of.last else None,
            last_loaded_ms=of.last.loaded_ms if of.last else None,
            rows=of.rows.rows,
            amount_fen=of.rows.amount,
            missed=[period.label for period in of.missed],
        )
        for of in listing.tables(services, asked)
    ]


@router.get("/departments/{unit_id}")
def rows(
    unit_id: str, services: ServicesOf, _account: Reader, asked: Annotated[AskedRows, Query()]
) -> RowsState:
    """Rows of a department by unit, project, period and words, the newest period first."""
    found = listing.found(services, unit_id, asked)
    return RowsState(
        rows=[_row(of) for of in found.rows],
        count=found.whole.rows,
        amount_fen=found.whole.amount,
        pages=found.pages,
    )


@router.get("/departments/{unit_id}/description")
def description(unit_id: str, services: ServicesOf, _account: Reader) -> DescriptionState:
    """The description of a department's table that is in force."""
    return description_state(describing.versions(services, unit_id)[0], kind_name(unit_id))


@router.post("/departments/{unit_id}/description")
def describe(
    unit_id: str, body: Describing, services: ServicesOf, account: Office
) -> DescriptionState:
    """Change the description; later loads are read by it."""
    try:
        why, given = reasoned(body.why), body.description(unit_id)
        after = describing.describe(services, account, given, body.version, why)
    except NotAccepted as refused:
        raise HTTPException(422, [str(of) for of in refused.faults]) from refused
    return description_state(after, kind_name(unit_id))


@router.get("/classifications")
def codes(
    services: ServicesOf, _account: Reader, day: date | None = None
) -> list[ClassificationState]:
    """Classifications of expenditure as they are valid on a day, today unless another is given."""
    on = day or date.fromisoformat(day_of(services.now_ms()))
    return [
        classification_state(
            of,
            [
                CodeState(
                    code=one.code,
                    name=one.name,
                    mark=one.mark or of.mark,
                    source=one.source or of.source,
                )
                for one in of.valid(on)
            ],
        )
        for of in classifications().values()
    ]


def _row(of: listing.Shown) -> RowState:
    return row_state(of.row, of.unit, of.project)


API = (router,)
