"""Pages of releases: the list, the form with its checklist, and one release."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.publication import actions, wording
from api.platforms.duty.publication.procedure import PROCEDURE
from api.platforms.duty.publication.records import FIELDS, NEEDS, MarksUnanswered
from api.platforms.duty.suggestions.records import RESULTS
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID
from api.web.rendering import link, page

ADDRESS = "/releases/{item_id}"
Checker = Annotated[Account, require(DutyPermission.CHECK)]
Preparer = Annotated[Account, require(DutyPermission.RELEASE)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


async def _written(request: Request) -> AsyncIterator[Mapping[str, str]]:
    """The fields of a form; ``kept`` is a line for each box that was ticked."""
    async with form_of(request) as form:
        found = {name: of for name in (*NEEDS, "version") if isinstance(of := form.get(name), str)}
        ticked = [of for of in form.getlist("kept") if isinstance(of, str)]
        yield found | {"kept": "\n".join(ticked)}


Sending = Annotated[Mapping[str, str], Depends(_written)]


@router.get("/releases", response_class=HTMLResponse)
def releases(
    request: Request,
    services: ServicesOf,
    account: Checker,
    show: Literal["prepared", "released", "over"] = "prepared",
) -> HTMLResponse:
    """Releases that are prepared, that stand, or that are over."""
    return page(
        request,
        services.words,
        "duty/releases.html",
        **frame(request, services, account),
        lines=actions.listed(services, account, show),
        candidates=actions.candidates(services, account),
        show=show,
        shows=list(actions.SHOWN),
    )


@router.get("/suggestions/{item_id}/release", response_class=HTMLResponse)
def preparing(
    item_id: str, request: Request, services: ServicesOf, account: Preparer
) -> HTMLResponse:
    """The form, with what the suggestion and its reply say."""
    _, fields = actions.prefilled(services, account, item_id)
    return _form(request, services, account, f"/suggestions/{item_id}", "release", fields)


@router.post("/suggestions/{item_id}/release")
def prepare(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Preparer
) -> Response:
    """Prepare a release; what does not hold comes back with all that was written."""
    given = {name: of for name, of in written.items() if name != "version"}
    try:
        made = actions.prepare(services, account, item_id, given)
    except UnknownThing:
        raise
    except (StepRefused, MarksUnanswered) as refused:
        back = f"/suggestions/{item_id}"
        return _form(request, services, account, back, "release", written, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(
    item_id: str, request: Request, services: ServicesOf, account: Preparer
) -> HTMLResponse:
    """The form with a release in it."""
    row = actions.row_for(services, account, item_id)
    fields = dict(wording.texts(row)) | {"version": str(row["version"])}
    back = ADDRESS.format(item_id=item_id)
    part = part_of(services, account, PROCEDURE, item_id)
    fields["kept"] = actions.kept(part.events)
    return _form(request, services, account, back, "edit", fields)


@router.post(f"{ADDRESS}/edit")
def edit(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Preparer
) -> Response:
    """Give a release other words."""
    given = {name: of for name, of in written.items() if name != "version"}
    said = written.get("version", "")[:10]
    version = int(said) if said.isascii() and said.isdecimal() and int(said) <= MOST_ID else None
    back = ADDRESS.format(item_id=item_id)
    try:
        actions.edit(services, account, item_id, given, version)
    except UnknownThing:
        raise
    except (StepRefused, MarksUnanswered) as refused:
        return _form(request, services, account, back, "edit", written, refused)
    return RedirectResponse(link(request, back), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def release(
    item_id: str, request: Request, services: ServicesOf, account: Checker
) -> HTMLResponse:
    """A release: what the public reads or shall read, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    back: str,
    ending: str,
    written: Mapping[str, str],
    refused: Declared | None = None,
) -> HTMLResponse:
    wrong = refused.wrong(services.words) if isinstance(refused, StepRefused) else {}
    kept = written.get("kept", "")
    answer = page(
        request,
        services.words,
        "duty/release_form.html",
        **frame(request, services, account),
        back=link(request, back),
        address=link(request, f"{back}/{ending}"),
        written={name: written.get(name, "") for name in (*NEEDS, "version")},
        needs={need.name: need for need in PROCEDURE.first.needs},
        fields=FIELDS,
        results=RESULTS,
        lines=wording.mark_lines(services.words, actions.found_in(services, written), kept),
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
    found = actions.found_in(services, wording.texts(part.row))
    return page(
        request,
        services.words,
        "duty/release.html",
        **frame(request, services, account),
        part=part,
        lines=wording.mark_lines(services.words, found, actions.kept(part.events)),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
