"""Pages of deputy and office: the list, one opinion, and entering one that came on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.open_forms.sending import Fields, new_key
from api.platforms.duty.opinions import actions, wording
from api.platforms.duty.opinions.pages.form import written
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import (
    BY_OFFICE,
    LONGEST_NAME,
    LONGEST_PHONE,
    SHOWS,
    Asked,
    Identity,
    NotReceived,
)
from api.platforms.duty.permission import DutyPermission
from api.procedures import taking
from api.procedures.pages import forms
from api.procedures.part import Failed, failed_by, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web import tables
from api.web.declared import Declared
from api.web.forms import MOST_ID
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/opinions/{item_id}"
Reader = Annotated[Account, require(DutyPermission.SEE_OPINIONS)]
Answerer = Annotated[Account, require(DutyPermission.ANSWER_VOTERS)]
Office = Annotated[Account, require(DutyPermission.FORWARD_OPINIONS)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/opinions", response_class=HTMLResponse)
def opinions(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Of a deputy the own ones, of the office all, the newest first."""
    lines, count, following = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "duty/opinions.html",
        **frame(request, services, account),
        asked=asked,
        shows=SHOWS,
        count=count,
        following=following,
        rows=wording.shown(services, lines),
        own=actions.own_deputy(services, account),
    )


@router.get("/opinions.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of the list as a table for a spreadsheet."""
    lines, count = actions.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services, lines)
    return tables.download(services.words, "opinions", form, sheet, total=count)


@router.get("/opinions/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form of an opinion that came on paper, by phone or at a station of deputies."""
    return _form(request, services, account, {"received": day_of(services.now_ms())}, None)


@router.post("/opinions/new")
def record(
    fields: Fields, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """Keep it and show the voter's code, this once; or the form with all that was written."""
    try:
        item_id, receipt = actions.record(
            services, account, fields.get("deputy", ""), written(fields)
        )
    except NotReceived as refused:
        return _form(request, services, account, fields, refused)
    return page(
        request,
        services.words,
        "duty/opinion_receipt.html",
        **frame(request, services, account),
        receipt=receipt,
        opinion=item_id,
    )


@router.get(ADDRESS, response_class=HTMLResponse)
def opinion(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """An opinion, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/identity")
def identify(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """The same with who wrote it; it is recorded that somebody asked."""
    identity = actions.identify(services, account, item_id)
    return _shown(request, services, account, item_id, None, identity)


@router.get(f"{ADDRESS}/suggest", response_class=HTMLResponse)
def suggesting(
    item_id: str, request: Request, services: ServicesOf, account: Answerer
) -> HTMLResponse:
    """The text with which the suggestion would begin."""
    row = actions.opinion(services, account, item_id)
    return page(
        request,
        services.words,
        "duty/opinion_suggest.html",
        **frame(request, services, account),
        row=row,
        text=actions.prepared(services, row),
        address=link(request, ADDRESS.format(item_id=item_id)),
    )


@router.post(f"{ADDRESS}/suggest")
def suggest(
    item_id: str, fields: Fields, request: Request, services: ServicesOf, account: Answerer
) -> Response:
    """Begin the draft, and lead to its form."""
    try:
        made = actions.suggest(services, account, item_id, _version(fields))
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _refused(request, services, account, item_id, "suggest", refused)
    return RedirectResponse(link(request, f"/suggestions/{made}/edit"), 303)


@router.get(f"{ADDRESS}/reassign", response_class=HTMLResponse)
def reassigning(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The deputies who may be given the opinion."""
    return _choice(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/reassign")
def reassign(
    item_id: str, fields: Fields, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Give it to another deputy."""
    given = {"deputy": fields.get("deputy", "")}
    try:
        with taking.acts(services, PROCEDURE, account) as acting:
            taking.take(acting, item_id, "reassign", given, _version(fields))
    except UnknownThing:
        raise
    except Declared as refused:
        return _choice(request, services, account, item_id, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _version(fields: Mapping[str, str]) -> int | None:
    """Of the row that the form stood on; one that nobody wrote is none."""
    said = fields.get("version", "")[:10]
    known = said.isascii() and said.isdecimal() and int(said) <= MOST_ID
    return int(said) if known else None


def _form(
    request: Request,
    services: Services,
    account: Account,
    fields: Mapping[str, str],
    refused: NotReceived | None,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "duty/opinion_form.html",
        **frame(request, services, account),
        written=fields,
        key=fields.get("key") or new_key(),
        deputies=actions.deputies(services),
        ways=BY_OFFICE,
        today=day_of(services.now_ms()),
        needs={need.name: need for need in PROCEDURE.first.needs},
        longest={"name": LONGEST_NAME, "phone": LONGEST_PHONE},
        days=actions.retention(services.district).forget_identity,
        wrong=refused.wrong if refused else {},
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _choice(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    refused: Declared | None,
) -> HTMLResponse:
    row = actions.opinion(services, account, item_id)
    answer = page(
        request,
        services.words,
        "duty/opinion_reassign.html",
        **frame(request, services, account),
        row=row,
        deputies=actions.colleagues(services, row),
        address=link(request, ADDRESS.format(item_id=item_id)),
        refused=refused.said(services.words) if refused else "",
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _refused(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    step: str,
    refused: StepRefused,
) -> HTMLResponse:
    failed = failed_by(services, refused, step, {})
    answer = _shown(request, services, account, item_id, failed)
    answer.status_code = refused.status_code
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    identity: Identity | None = None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    shown = [of for of in part.following if of.step.name != "suggest" or of.against]
    listed = [of for of in shown if of.own or of.step.awaited]
    username = part.row["deputy"]
    return page(
        request,
        services.words,
        "duty/opinion.html",
        **frame(request, services, account),
        part=replace(part, following=listed),
        suggests=len(shown) < len(part.following),
        deputy=People(services.state).names([username]).get(username, username),
        number=wording.numbered(services.words, part.row["id"]),
        identifies=actions.may_identify(services, account, part.row),
        identity=identity,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
