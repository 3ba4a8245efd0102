"""Pages of the office: the list, sums, and entering what came on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.open_forms.sending import Fields, new_key
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import wording
from api.platforms.documents.proposals.actions import handling, own, receiving
from api.platforms.documents.proposals.pages.form import LONGEST, written
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import (
    BY_OFFICE,
    KINDS,
    PROPOSERS,
    SHOWS,
    Asked,
    NotReceived,
    Year,
)
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.declared import Declared
from api.web.rendering import page
from config.vocabulary.time import day_of

Office = Annotated[Account, require(DocumentsPermission.HANDLE_PROPOSALS)]
OfYear = Annotated[Year | None, Query()]
router = APIRouter(prefix="/proposals", include_in_schema=False, dependencies=[SameOrigin])


@router.get("", response_class=HTMLResponse)
def proposals(
    request: Request, services: ServicesOf, account: Office, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Proposals and demands, the newest first."""
    lines, count, following = handling.listed(services, account, asked)
    return page(
        request,
        services.words,
        "documents/proposals.html",
        **frame(request, services, account),
        asked=asked,
        shows=SHOWS,
        kinds=KINDS,
        count=count,
        following=following,
        rows=wording.shown(services.words, lines),
        by=services.words(f"documents.proposal.proposer-{asked.by}") if asked.by else "",
        state=_state(services, asked),
    )


@router.get(".{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Office, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of the list as a table for a spreadsheet."""
    lines, count = handling.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services.words, lines)
    return tables.download(services.words, "proposals", form, sheet, total=count)


@router.get("/statistics", response_class=HTMLResponse)
def statistics(
    request: Request, services: ServicesOf, account: Office, year: OfYear = None
) -> HTMLResponse:
    """Sums of a year, by kind and proposer: how many were received, and what came of them."""
    wanted = year or int(day_of(services.now_ms())[:4])
    return page(
        request,
        services.words,
        "documents/proposal_statistics.html",
        **frame(request, services, account),
        year=wanted,
        sums=handling.statistics(services, account, wanted),
        outcomes=wording.OUTCOMES,
    )


@router.get("/statistics.{form}")
def exported_statistics(
    form: tables.Form, services: ServicesOf, account: Office, year: OfYear = None
) -> Response:
    """The same as a table for a spreadsheet."""
    wanted = year or int(day_of(services.now_ms())[:4])
    found = handling.statistics(services, account, wanted)
    sheet = wording.counted_table(services.words, found)
    name = "proposal-statistics"
    return tables.download(services.words, name, form, sheet, total=len(found))


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form of what came on paper, by phone or in person, and of a demand."""
    return _form(request, services, account, {"received": day_of(services.now_ms())}, None)


@router.post("/new")
def record(
    fields: Fields, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """Keep it and show the receipt, this once; or the form with all that was written."""
    if "find" in fields:
        return _form(request, services, account, fields, None)
    try:
        item_id, receipt = receiving.record(services, account, written(fields))
    except (NotReceived, StepRefused) as refused:
        return _form(request, services, account, fields, refused)
    return page(
        request,
        services.words,
        "documents/proposal_receipt.html",
        **frame(request, services, account),
        receipt=receipt,
        proposal=item_id,
    )


def _state(services: Services, asked: Asked) -> str:
    """A state by which the list was asked, in words; one that there is not is left out."""
    known = any(of.name == asked.state for of in PROCEDURE.states)
    return services.words(f"documents.proposal.state-{asked.state}") if known else ""


def _form(
    request: Request,
    services: Services,
    account: Account,
    fields: Mapping[str, str],
    refused: Declared | None,
) -> HTMLResponse:
    q = fields.get("q", "")[:100]
    answer = page(
        request,
        services.words,
        "documents/proposal_form.html",
        **frame(request, services, account),
        written=fields,
        key=fields.get("key") or new_key(),
        q=q,
        found=own.found(services, q),
        chosen=own.chosen(services, fields.get("text", "")),
        bodies=own.bodies(services),
        ways=BY_OFFICE,
        kinds=KINDS,
        proposers=PROPOSERS,
        today=day_of(services.now_ms()),
        needs={need.name: need for need in PROCEDURE.first.needs},
        longest=LONGEST,
        days=own.own(services.district).forget_identity,
        wrong=refused.wrong if isinstance(refused, NotReceived) else {},
        refused=refused.said(services.words) if refused else "",
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


PAGES = (router,)
