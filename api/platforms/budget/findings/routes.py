"""Findings over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files.schemas import FileState, file_state
from api.platforms.budget.findings import wording
from api.platforms.budget.findings.actions import evidence, listing, screening
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import Asked
from api.platforms.budget.findings.schemas import (
    FindingsState,
    FindingState,
    PrecisionsState,
    ScreeningState,
    finding_state,
    precision_state,
)
from api.platforms.budget.permission import BudgetPermission
from api.procedures.part import part_of
from api.procedures.routes import routes
from api.services import Services, ServicesOf

Reader = Annotated[Account, require(BudgetPermission.SEE_FINDINGS)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
router = APIRouter(tags=["budget"], dependencies=[SameOrigin])


@router.get("/findings")
def findings(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> FindingsState:
    """Findings that the caller sees, the gravest first."""
    question = listing.chosen(account, asked)
    found = listing.listed(services, account, question)
    return FindingsState(
        findings=[finding_state(of) for of in wording.lines(services, found.rows)],
        counts={str(name): of for name, of in found.counts.items()},
        total=found.total,
        reaching=found.reaching,
        page=question.page,
        pages=found.pages,
    )


@router.get("/findings/precision")
def precision(services: ServicesOf, account: Office) -> PrecisionsState:
    """How well each rule asked."""
    found = listing.precision(services, account)
    return PrecisionsState(rules=[precision_state(of) for of in found])


@router.get("/findings/screening")
def last(services: ServicesOf, _account: Office) -> ScreeningState | None:
    """The run of the rules that was asked for last; null where there is none."""
    return _last(services)


@router.post("/findings/screening", status_code=202)
def screen(services: ServicesOf, account: Office) -> ScreeningState | None:
    """Have the rules run on the loads in force, within a minute."""
    screening.ask(services, account)
    return _last(services)


@router.get("/findings/{item_id}")
def finding(item_id: str, services: ServicesOf, account: Reader) -> FindingState:
    """A finding."""
    part = part_of(services, account, PROCEDURE, item_id)
    (line,) = wording.lines(services, [part.row])
    return finding_state(line)


@router.get("/findings/{item_id}/files")
def attached(item_id: str, services: ServicesOf, account: Reader) -> list[FileState]:
    """The files that the unit put to a finding."""
    part = part_of(services, account, PROCEDURE, item_id)
    found = evidence.of_finding(services, part.row)
    return [file_state(of, served=files.is_served(services, of)) for of in found]


@router.post("/findings/{item_id}/files", status_code=201)
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
) -> FileState:
    """Put a file to a finding that the caller is to explain or rectify; sent again it is there
    once.
    """
    made = evidence.attach(services, account, item_id, file, title)
    found = attached(item_id, services, account)
    return next(of for of in found if of.id == made)


def _last(services: Services) -> ScreeningState | None:
    found = listing.last_screening(services)
    return ScreeningState(**asdict(found)) if found else None


API = (router, routes(PROCEDURE, "/findings/{item_id}"))
