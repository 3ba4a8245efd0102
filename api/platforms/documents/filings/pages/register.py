"""Pages of the register, of returns, of packages that come, and of hand-outs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.frame import frame
from api.platforms.documents.filings import wording
from api.platforms.documents.filings.actions import filings, handing, packages
from api.platforms.documents.filings.pages.fields import wrong_of
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.records.facts import (
    A_PAGE,
    REASONS,
    STATES,
    Asked,
    AskedReturns,
)
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.records import KINDS
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page

HANDED = "/handouts/{item_id}"
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Reviewer = Annotated[Account, require(DocumentsPermission.REVIEW)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/filings", response_class=HTMLResponse)
def listed(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Filings, the last entered first: of a maker the own ones."""
    found, count = filings.listed(services, account, asked)
    makers = filings.names(services)
    return page(
        request,
        services.words,
        "documents/filings.html",
        **frame(request, services, account),
        asked=asked,
        rows=[wording.row(services.words, of, makers) for of in found],
        count=count,
        pages=-(-count // A_PAGE),
        makers=makers,
        kinds=KINDS,
        states=STATES,
        years=filings.years(services),
        files=account.may(DocumentsPermission.FILE),
    )


@router.get("/filings.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    found, count = filings.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services.words, found, filings.names(services))
    return tables.download(services.words, "filings", form, sheet, total=count)


@router.get("/filings/returns", response_class=HTMLResponse)
def returns(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedReturns, Query()],
) -> HTMLResponse:
    """Returns by maker and reason; each number leads to its rows."""
    words, makers = services.words, filings.names(services)
    every = filings.returns(services, account, AskedReturns(year=asked.year))
    chosen = bool(asked.maker or asked.reason)
    return page(
        request,
        words,
        "documents/filing_returns.html",
        **frame(request, services, account),
        asked=asked,
        counts=wording.counts(words, every, makers, AskedReturns(year=asked.year)),
        reasons=wording.reasons(words),
        codes=REASONS,
        chosen=chosen,
        rows=filings.returns(services, account, asked) if chosen else (),
        makers=makers,
    )


@router.get("/filings/returns.{form}")
def returns_exported(
    form: tables.Form,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedReturns, Query()],
) -> Response:
    """Returns as a table for a spreadsheet."""
    found = filings.returns(services, account, asked)
    sheet = wording.returns_table(services.words, found, filings.names(services))
    return tables.download(services.words, "returns", form, sheet, total=len(found))


@router.get("/filings/take-in", response_class=HTMLResponse)
def taking_in(request: Request, services: ServicesOf, account: Maker) -> HTMLResponse:
    """The form that takes a package."""
    return _package_form(request, services, account, "", {})


@router.post("/filings/take-in", response_model=None)
@larger(packages.most_body_bytes)
def take_in(
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Maker,
    maker: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Begin a filing out of a package; a refusal names the file in it."""
    try:
        item_id = packages.take_in(services, account, maker, file.file)
    except (NotAccepted, StepRefused) as refused:
        wrong = wrong_of(services, refused)
        return _package_form(request, services, account, maker, wrong)
    return RedirectResponse(link(request, f"/filings/{item_id}"), 303)


@router.get("/handouts", response_class=HTMLResponse)
def handouts(request: Request, services: ServicesOf, account: Reviewer) -> HTMLResponse:
    """Documents in the hands of committees, those that wait first."""
    return page(
        request,
        services.words,
        "documents/handouts.html",
        **frame(request, services, account),
        rows=handing.seen(services, account),
        names=filings.names(services),
    )


@router.get(HANDED, response_class=HTMLResponse)
def handout(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A document in the hands of a committee, and its answer."""
    return _handout(request, services, account, item_id, None)


def _package_form(
    request: Request,
    services: Services,
    account: Account,
    maker: str,
    wrong: Mapping[str, str],
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "documents/filing_take_in.html",
        **frame(request, services, account),
        makers={of.id: of.name for of in filings.makers(services, account)},
        maker=maker,
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _handout(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
) -> HTMLResponse:
    address = link(request, HANDED.format(item_id=item_id))
    part = part_of(services, account, HANDOUT, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "documents/handout.html",
        **frame(request, services, account),
        part=part,
        committee=filings.names(services).get(part.row["unit"], part.row["unit"]),
    )


PAGES = (router, forms(HANDOUT, HANDED, _handout))
