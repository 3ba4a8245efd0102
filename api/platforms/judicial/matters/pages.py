"""Pages of matters: the list by kind with its table, the form of a new one, and one by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.matters import actions, wording
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.platforms.judicial.matters.records import Asked, KindName, least_cases
from api.platforms.judicial.papers import at_turn
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written, forms
from api.procedures.part import Failed, failed_by, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import LONGEST_WHY, RowId
from api.web.rendering import link, page

ADDRESS = "/matters/{kind}/{item_id}"
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/matters", response_class=HTMLResponse)
def matters(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Matters that somebody sees, by kind."""
    found = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "judicial/matters.html",
        **frame(request, services, account),
        asked=asked,
        kinds=wording.kinds_named(services.words),
        shows=wording.shows(services.words),
        filters=wording.filters(services, actions.bodies(services, account)),
        found=found,
        lines=wording.lines(services, found.rows),
        office=account.may(JudicialPermission.CHECK),
    )


@router.get("/matters.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows, total = actions.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services, rows)
    return tables.download(services.words, "matters", form, sheet, total=total)


@router.get("/matters/new", response_class=HTMLResponse)
def form_of_new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form that begins a matter."""
    return _form(request, services, account, {}, None)


@router.post("/matters/new")
def begin(written: Written, request: Request, services: ServicesOf, account: Office) -> Response:
    """Begin a matter; with faults the form comes again with all that was written."""
    given = {name: written.get(name, "") for name in ("title", "unit")}
    kind = written.get("kind", "")
    try:
        item_id = actions.begin(services, account, kind, given)
    except StepRefused as refused:
        failed = failed_by(services, refused, "open", written)
        answer = _form(request, services, account, written, failed)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/matters/{kind}/{item_id}"), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def matter(
    kind: KindName, item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A matter, its way, what waits for whom, and what may be done next."""
    return _shown(kind, request, services, account, item_id, None)


@router.post(f"{ADDRESS}/files")
@larger(files.most_body_bytes)
def attach(
    kind: KindName,
    item_id: str,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Reader,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
) -> Response:
    """Put a paper to a matter."""
    try:
        actions.PAPERS[kind].attach(services, account, item_id, file, title)
    except (FileRefused, TextRefused) as refused:
        said = refused.said(services.words)
        answer = _shown(kind, request, services, account, item_id, None, said)
        answer.status_code = refused.status_code
        return answer
    return _back(request, kind, item_id)


@router.post(f"{ADDRESS}/files/{{attachment_id}}")
def detach(
    kind: KindName,
    item_id: str,
    attachment_id: RowId,
    why: Annotated[str, Form(max_length=LONGEST_WHY)],
    request: Request,
    services: ServicesOf,
    account: Reader,
) -> Response:
    """Take out a paper that went with no step."""
    actions.detach(services, account, kind, item_id, attachment_id, why)
    return _back(request, kind, item_id)


def _back(request: Request, kind: str, item_id: str) -> Response:
    address = ADDRESS.format(kind=kind, item_id=item_id)
    return RedirectResponse(link(request, address), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    failed: Failed | None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "judicial/matter_new.html",
        **frame(request, services, account),
        kinds=wording.kinds_named(services.words),
        bodies=unit_names.present(services),
        written=dict.fromkeys(("kind", "title", "unit"), "") | dict(written),
        wrong=failed.wrong if failed else {},
        said=failed.said if failed and not failed.wrong else "",
    )


def _shown(
    kind: str,
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    wrong_file: str = "",
) -> HTMLResponse:
    address = link(request, ADDRESS.format(kind=kind, item_id=item_id))
    procedure = PROCEDURES[kind]
    part = part_of(services, account, procedure, item_id, address=address, failed=failed)
    found = actions.seen(services, part.row)
    return page(
        request,
        services.words,
        "judicial/matter.html",
        **frame(request, services, account),
        part=part,
        seen=found,
        least=least_cases(),
        papers=file_wording.lines(services, found.papers),
        removable={of.id for of in actions.removable(services, account, part.row)},
        attaches=at_turn(part),
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
        wrong_file=wrong_file,
    )


PAGES = (
    router,
    *(
        forms(of, f"/matters/{kind}/{{item_id}}", partial(_shown, kind))
        for kind, of in PROCEDURES.items()
    ),
)
