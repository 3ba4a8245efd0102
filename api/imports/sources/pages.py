"""Pages of the register: every source with its due date, one source, and its form."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.imports import actions as loads
from api.imports.loading.parts import Parts
from api.imports.permission import ImportPermission
from api.imports.sources import actions, wording
from api.imports.sources.forms import Changed, New, Reason, Written, written_of
from api.imports.sources.periods import PERIODS
from api.imports.sources.records import DUE_UNITS, WAYS, Source
from api.imports.sources.taking import said
from api.imports.sources.ways.offers import Unreached
from api.imports.sources.ways.opening import FETCHED, check
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, RowId
from api.web.rendering import link, page
from config.vocabulary.errors import Fault

ADDRESS = "/sources"
T = TypeVar("T", bound=BaseModel)
MOST_PERIODS = 40
MOST_LOADS = 20
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Viewer = Annotated[Account, require(ImportPermission.SEE_LOADS)]
Officer = Annotated[Account, require(ImportPermission.MANAGE_SOURCES)]


@router.get("", response_class=HTMLResponse)
def sources(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every source: who owes what until when, what came last, what did not come."""
    parts, register = _parts(request, services), actions.register_of(services)
    kinds = loads.named(parts, account)
    found = register.sources.all(list(kinds))
    known, t = wording.names(services, found), services.words
    lines = [wording.line(services, register, known, of, kinds[of.kind].named(t)) for of in found]
    return page(
        request,
        t,
        "imports/sources.html",
        **frame(request, services, account),
        lines=sorted(lines, key=lambda of: (not of.source.active, not of.missed)),
    )


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Officer, kind: str = "") -> HTMLResponse:
    """The form of a source to register."""
    return _form(request, services, account, None, Written(kind=kind))


@router.post("", dependencies=[SameOrigin], response_model=None)
def add(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Officer
) -> HTMLResponse | RedirectResponse:
    """Register it."""
    parts = _parts(request, services)
    try:
        given = _read(New, written)
        choices = actions.offered(services, parts, account)
        source_id = actions.add(services, parts, account, given, choices)
    except NotAccepted as refused:
        return _form(request, services, account, None, written, refused)
    return RedirectResponse(link(request, f"{ADDRESS}/{source_id}"), 303)


@router.get("/{source_id}", response_class=HTMLResponse)
def one(
    source_id: RowId, request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """A source with its periods, loads and attempts."""
    found = _found(request, services, account, source_id)
    return _one(request, services, account, found, done=done if done == "asked" else "")


@router.get("/{source_id}/edit", response_class=HTMLResponse)
def edit(
    source_id: RowId, request: Request, services: ServicesOf, account: Officer
) -> HTMLResponse:
    """The form of its terms."""
    found = _found(request, services, account, source_id)
    return _form(request, services, account, found, written_of(found))


@router.post("/{source_id}/edit", dependencies=[SameOrigin], response_model=None)
def change(
    source_id: RowId,
    written: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Give it other terms."""
    found, parts = _found(request, services, account, source_id), _parts(request, services)
    try:
        given = _read(Changed, written)
        choices = actions.offered(services, parts, account)
        actions.change(services, account, found, given, choices)
    except NotAccepted as refused:
        return _form(request, services, account, found, written, refused)
    return RedirectResponse(link(request, f"{ADDRESS}/{source_id}"), 303)


@router.post("/{source_id}/check", dependencies=[SameOrigin])
def go_and_see(
    source_id: RowId, request: Request, services: ServicesOf, account: Officer
) -> HTMLResponse:
    """Go to where it lies, take nothing, and say what was found."""
    found = _found(request, services, account, source_id)
    if found.terms.way not in FETCHED:
        raise HTTPException(409, "nothing is fetched from this source")
    try:
        count = check(services.imports, found.terms)
    except Unreached as error:
        return _one(request, services, account, found, unreached=said(services.words, error))
    return _one(request, services, account, found, reached=count)


@router.post("/{source_id}/ask", dependencies=[SameOrigin])
def ask(
    source_id: RowId, request: Request, services: ServicesOf, account: Officer
) -> RedirectResponse:
    """Let the core fetch from it within the minute."""
    actions.ask(services, account, _found(request, services, account, source_id))
    return RedirectResponse(link(request, f"{ADDRESS}/{source_id}?done=asked"), 303)


@router.post("/{source_id}/stop", dependencies=[SameOrigin], response_model=None)
def stop(
    source_id: RowId,
    reason: Annotated[Reason, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Let it owe nothing any more."""
    found = _found(request, services, account, source_id)
    try:
        actions.stop(services, account, found, reason.reasoned())
    except NotAccepted as refused:
        answer = _one(request, services, account, found, unreached=_said(services, refused))
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS}/{source_id}"), 303)


@router.post("/{source_id}/go-on", dependencies=[SameOrigin])
def go_on(
    source_id: RowId, request: Request, services: ServicesOf, account: Officer
) -> RedirectResponse:
    """Let it owe again."""
    actions.go_on(services, account, _found(request, services, account, source_id))
    return RedirectResponse(link(request, f"{ADDRESS}/{source_id}"), 303)


def _parts(request: Request, services: Services) -> Parts:
    return loads.parts_of(services, request.app.state.roster)


def _found(request: Request, services: Services, account: Account, source_id: RowId) -> Source:
    found = actions.one(services, _parts(request, services), account, source_id)
    if found is None:
        raise HTTPException(404, f"unknown source {source_id}")
    return found


def _read(form: type[T], written: Written) -> T:
    """The form as its fields say.

    Raises:
        NotAccepted: one of them is none of its kind.
    """
    given = {name: of for name, of in written.model_dump().items() if name in form.model_fields}
    try:
        return form.model_validate(given)
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        fault = Fault(where, "does not fit", "choose or write another value")
        raise NotAccepted(fault, "value") from error


def _said(services: Services, refused: NotAccepted) -> str:
    return services.words(f"sources.wrong-{refused.key}", **refused.values)


def _form(
    request: Request,
    services: Services,
    account: Account,
    source: Source | None,
    written: Written,
    refused: NotAccepted | None = None,
) -> HTMLResponse:
    wrong = {refused.faults[0].where: _said(services, refused)} if refused else {}
    answer = page(
        request,
        services.words,
        "imports/source_form.html",
        **frame(request, services, account),
        source=source,
        written=written,
        wrong=wrong,
        offered=actions.offered(services, _parts(request, services), account),
        periods=PERIODS,
        due_units=DUE_UNITS,
        ways=WAYS,
    )
    if refused:
        answer.status_code = 422
    return answer


def _one(
    request: Request,
    services: Services,
    account: Account,
    source: Source,
    *,
    done: str = "",
    unreached: str = "",
    reached: int | None = None,
) -> HTMLResponse:
    t, register = services.words, actions.register_of(services)
    kind = _parts(request, services).kind(source.kind)
    known = wording.names(services, [source])
    mapping = _parts(request, services).loads.mapping(source.kind, source.name)
    columns = mapping.columns if mapping else {}
    return page(
        request,
        t,
        "imports/source.html",
        **frame(request, services, account),
        line=wording.line(services, register, known, source, kind.named(t)),
        source=source,
        history=wording.history(services, register, source, MOST_PERIODS),
        loads=register.sources.loads(source, MOST_LOADS),
        attempts=register.sources.attempts(source.id),
        mapped=[(of.named(t), columns[of.name]) for of in kind.fields if columns.get(of.name)],
        fetched=source.terms.way in FETCHED,
        done=done,
        unreached=unreached,
        reached=reached,
    )
