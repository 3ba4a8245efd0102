"""Pages of findings: the list, its table, one of them with the answer of the unit and its files,
and the button that runs the rules.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile as Sent

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of, larger
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.budget.findings import wording
from api.platforms.budget.findings.actions import evidence, listing, screening
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import (
    A_PAGE,
    ANSWERED_BY,
    TEXTS,
    Asked,
    published_in,
)
from api.platforms.budget.permission import BudgetPermission
from api.procedures import taking
from api.procedures.pages import forms, version_of
from api.procedures.part import Failed, NextStep, Part, failed_by, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web import tables
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, RowId
from api.web.rendering import link, page
from budget.yuan import yuan

ADDRESS = "/findings/{item_id}"
Reader = Annotated[Account, require(BudgetPermission.SEE_FINDINGS)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as its form was sent: its texts by field, and the files that came with it."""

    fields: Mapping[str, str]
    files: Sequence[Sent]


async def _written(request: Request) -> AsyncIterator[Written]:
    async with form_of(request) as form:
        texts = {
            name: of.replace("\r\n", "\n") for name, of in form.items() if isinstance(of, str)
        }
        sent = [of for of in form.getlist("files") if isinstance(of, Sent) and of.filename]
        yield Written(texts, sent)


Sending = Annotated[Written, Depends(_written)]


@router.get("/findings", response_class=HTMLResponse)
def findings(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Findings that somebody sees, the gravest first; before the office lie the month's."""
    question = listing.chosen(account, asked)
    found = listing.listed(services, account, question)
    lines = wording.lines(services, found.rows)
    begun = (question.page - 1) * A_PAGE
    first = max(0, found.reaching - begun) if _is_queue(question) else 0
    office = listing.is_office(account)
    return page(
        request,
        services.words,
        "budget/findings.html",
        **frame(request, services, account),
        asked=question,
        office=office,
        shows=wording.shows(services.words, office=office),
        filters=listing.filters(services, account),
        found=found,
        this_month=lines[:first],
        lines=lines[first:],
        queue=_is_queue(question),
        precision=listing.precision(services, account),
        screening=listing.last_screening(services) if office else None,
    )


@router.get("/findings.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    question = listing.chosen(account, asked)
    rows, total = listing.every(services, account, question, tables.MOST[form])
    sheet = wording.table(services, rows)
    return tables.download(services.words, "findings", form, sheet, total=total)


@router.post("/findings/screening", dependencies=[SameOrigin])
def screen(request: Request, services: ServicesOf, account: Office) -> Response:
    """Have the rules run on the loads in force."""
    screening.ask(services, account)
    return RedirectResponse(link(request, "/findings"), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def finding(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A finding, its payments, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/steps/explain", dependencies=[SameOrigin])
@larger(files.most_body_bytes)
def explain(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Reader
) -> Response:
    """The unit explains, with files."""
    return _answered(request, services, account, item_id, "explain", written)


@router.post(f"{ADDRESS}/steps/report", dependencies=[SameOrigin])
@larger(files.most_body_bytes)
def report(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Reader
) -> Response:
    """The unit reports that it rectified, with files."""
    return _answered(request, services, account, item_id, "report", written)


@router.post(f"{ADDRESS}/files/{{attachment_id}}", dependencies=[SameOrigin])
def detach(
    item_id: str,
    attachment_id: RowId,
    why: Annotated[str, Form(max_length=LONGEST_WHY)],
    request: Request,
    services: ServicesOf,
    account: Reader,
) -> Response:
    """Take out a file that no step went with yet."""
    evidence.detach(services, account, item_id, attachment_id, why)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _answered(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    step: str,
    written: Written,
) -> Response:
    """Keep the files, then take the step; what was refused is said beside all that was written."""
    given = {name: of for name, of in written.fields.items() if name != "version"}
    refused: Declared
    try:
        for file in written.files:
            evidence.attach(services, account, item_id, file)
        with taking.acts(services, PROCEDURE, account) as acting:
            taking.take(acting, item_id, step, given, version_of(written.fields))
    except UnknownThing:
        raise
    except FileRefused as error:
        said = error.said(services.words)
        refused, failed = error, Failed(step, said, {"files": said}, given)
    except StepRefused as error:
        refused, failed = error, failed_by(services, error, step, given)
    else:
        return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)
    answer = _shown(request, services, account, item_id, failed)
    answer.status_code = refused.status_code
    return answer


def _answer(part: Part) -> NextStep | None:
    """The step of the unit, of which the page has its own form; None where it is not its turn."""
    name = ANSWERED_BY.get(part.row["state"])
    found = (of for of in part.following if of.step.name == name and of.against is None)
    return next(found, None)


def _is_queue(question: Asked) -> bool:
    return question.show == "waiting" and not question.narrowed


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    answer = _answer(part)
    # That others may withdraw it as well is no news to whoever reads it.
    others = [of for of in part.following if of is not answer and (of.own or of.step.awaited)]
    return page(
        request,
        services.words,
        "budget/finding.html",
        **frame(request, services, account),
        part=replace(part, following=others),
        answer=answer,
        texts=TEXTS,
        lines=file_wording.lines(services, evidence.of_finding(services, part.row)),
        removable={of.id for of in evidence.removable(services, account, part.row)},
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
        seen=listing.seen(services, part.row),
        office=listing.is_office(account),
        published=published_in(part.row["facts"]),
        yuan=yuan,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
