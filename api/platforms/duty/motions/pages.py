"""Pages of motions: the list, writing one, having it signed, what the presidium decided."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of
from api.frame import frame
from api.platforms.duty.motions import actions, wording
from api.platforms.duty.motions.procedure import PROCEDURE
from api.platforms.duty.motions.records import TEXT
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.signing.pages import FORMS, signing_forms
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID
from api.web.rendering import link, page

ADDRESS = "/motions/{item_id}"
FIELDS = ("level", *TEXT)
Reader = Annotated[Account, require(DutyPermission.SEE)]
Writer = Annotated[Account, require(DutyPermission.WRITE)]
Office = Annotated[Account, require(DutyPermission.CHECK)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was sent."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def given(self, *names: str) -> Mapping[str, str]:
        """Some fields."""
        return {name: self.fields.get(name, "") for name in names}

    @property
    def version(self) -> int | None:
        """Of the row that the form stood on; one that nobody wrote is none."""
        said = self.fields.get("version", "")[:10]
        known = said.isascii() and said.isdecimal() and int(said) <= MOST_ID
        return int(said) if known else None


async def _written(request: Request) -> AsyncIterator[Written]:
    async with form_of(request) as form:
        texts = {name: of for name, of in form.items() if isinstance(of, str)}
        yield Written({name: of.replace("\r\n", "\n") for name, of in texts.items()})


Sending = Annotated[Written, Depends(_written)]


@router.get("/motions", response_class=HTMLResponse)
def motions(
    request: Request, services: ServicesOf, account: Reader, *, mine: bool = False
) -> HTMLResponse:
    """Motions that somebody may see, the newest first."""
    return page(
        request,
        services.words,
        "duty/motions.html",
        **frame(request, services, account),
        lines=actions.listed(services, account, mine=mine),
        mine=mine,
    )


@router.get("/motions/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Writer) -> HTMLResponse:
    """An empty form."""
    return _form(request, services, account, Written({"level": "district"}))


@router.post("/motions/new")
def begin(written: Sending, request: Request, services: ServicesOf, account: Writer) -> Response:
    """Begin a motion; what does not hold comes back with all that was written."""
    try:
        made = actions.begin(services, account, written.given(*FIELDS))
    except Declared as refused:
        return _form(request, services, account, written, refused=refused)
    return _to(request, made)


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(item_id: str, request: Request, services: ServicesOf, account: Writer) -> HTMLResponse:
    """The form with a draft in it."""
    row = actions.draft_for(services, account, item_id)
    fields = {name: row[name] for name in FIELDS} | {"version": str(row["version"])}
    return _form(request, services, account, Written(fields), item_id)


@router.post(f"{ADDRESS}/edit")
def edit(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Writer
) -> Response:
    """Give a draft other words."""
    try:
        actions.edit(services, account, item_id, written.given(*TEXT), written.version)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _form(request, services, account, written, item_id, refused=refused)
    return _to(request, item_id)


@router.get(ADDRESS, response_class=HTMLResponse)
def motion(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A motion: its three parts, who signed, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.get(f"{ADDRESS}/convert", response_class=HTMLResponse)
def converting(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The form of the decision that it becomes a suggestion."""
    return _decision(request, services, account, item_id, {})


@router.post(f"{ADDRESS}/convert")
def convert(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Make a suggestion of it, and lead there."""
    given = written.given("meeting", "day")
    try:
        made = actions.convert(services, account, item_id, given, written.version)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _decision(request, services, account, item_id, given, refused)
    return RedirectResponse(link(request, f"/suggestions/{made}"), 303)


def _to(request: Request, item_id: str) -> RedirectResponse:
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    item_id: str = "",
    *,
    refused: Declared | None = None,
) -> HTMLResponse:
    wrong = refused.wrong(services.words) if isinstance(refused, StepRefused) else {}
    address = ADDRESS.format(item_id=item_id) + "/edit" if item_id else "/motions/new"
    answer = page(
        request,
        services.words,
        "duty/motion_form.html",
        **frame(request, services, account),
        written=written.given(*FIELDS, "version"),
        item_id=item_id,
        address=link(request, address),
        levels=wording.levels(services.district),
        needs={need.name: need for need in PROCEDURE.first.needs},
        wrong=wrong,
        refused=refused.said(services.words) if refused and not wrong else "",
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _decision(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    given: Mapping[str, str],
    refused: StepRefused | None = None,
) -> HTMLResponse:
    part = part_of(services, account, PROCEDURE, item_id)
    wrong = refused.wrong(services.words) if refused else {}
    answer = page(
        request,
        services.words,
        "duty/motion_convert.html",
        **frame(request, services, account),
        part=part,
        address=link(request, ADDRESS.format(item_id=item_id)),
        written={"meeting": "", "day": ""} | dict(given),
        wrong=wrong,
        refused=refused.said(services.words) if refused and not wrong else "",
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    row = part.row
    names = People(services.state).names([row["lead"]])
    return page(
        request,
        services.words,
        "duty/motion.html",
        **frame(request, services, account),
        part=replace(part, failed=None) if failed and failed.step in FORMS else part,
        failed=failed,
        lead=names.get(row["lead"], row["lead"]),
        signing=actions.SIGNING.part(services, account, row),
    )


PAGES = (
    router,
    signing_forms(actions.SIGNING, ADDRESS, _shown),
    forms(PROCEDURE, ADDRESS, _shown),
)
