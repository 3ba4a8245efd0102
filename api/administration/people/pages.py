"""The list of people, the form for a newcomer, and the end of a term."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.administration.appointed import roles_said, units_said
from api.administration.authority import OverPeople, OverRoles, Viewer, said
from api.administration.people import actions, wording
from api.administration.people.records import Asked, Newcomer, TermEnd
from api.administration.permission import AdministrationPermission
from api.authentication.requests import PermissionMissing, SameOrigin, SignedIn
from api.frame import frame
from api.services import Services, ServicesOf
from api.shape import Entry
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

A_PAGE = 50
router = APIRouter(include_in_schema=False)


@router.get("/", response_class=RedirectResponse)
def home(request: Request, account: SignedIn) -> RedirectResponse:
    """Lead to the first page here that the person sees."""
    menu: tuple[Entry, ...] = request.state.platform.menu
    for entry in menu:
        if entry.permission is None or account.may(entry.permission):
            return RedirectResponse(link(request, entry.path), 303)
    raise PermissionMissing(
        AdministrationPermission.SEE_PEOPLE,
        request.app.state.services.roles.having(AdministrationPermission.SEE_PEOPLE),
    )


@router.get("/people", response_class=HTMLResponse)
def people(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """People whom the reader sees, a page at a time."""
    found, units = actions.searched(services, account, asked, most=A_PAGE), actions.units(services)
    t = services.words
    return page(
        request,
        t,
        "administration/people.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services, units.values(), found.facets),
        total=found.total,
        pages=-(-found.total // A_PAGE),
        rows=[
            {
                "person": person,
                "units": units_said(t, units, person.memberships),
                "roles": roles_said(services, units, person.grants),
                "last": wording.last(services, person),
                "factor": wording.factor(t, person),
            }
            for person in found.people
        ],
    )


@router.get("/people.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """The people of all pages of a search, as a table for a spreadsheet."""
    found, total = actions.exported(services, account, asked, most=tables.MOST[form])
    sheet = wording.table(services, actions.units(services), found)
    return tables.download(services.words, "people", form, sheet, total=total)


@router.get("/people/new", response_class=HTMLResponse)
def form(
    request: Request, services: ServicesOf, account: SignedIn, _authority: OverPeople
) -> HTMLResponse:
    """The form for a newcomer."""
    return _form(request, services, account, {})


@router.post("/people", dependencies=[SameOrigin])
def create(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    authority: OverPeople,
    newcomer: Annotated[Newcomer, Form()],
) -> HTMLResponse:
    """Give an account to somebody, and show the first password this once."""
    try:
        password = actions.create(authority, newcomer)
    except NotAccepted as refused:
        given = newcomer.model_dump()
        answer = _form(request, services, account, given, _wrong(services, refused))
        answer.status_code = 422
        return answer
    return page(
        request,
        services.words,
        "administration/first_password.html",
        **frame(request, services, account),
        username=newcomer.username,
        name=newcomer.name,
        password=password,
    )


@router.get("/terms", response_class=HTMLResponse)
def terms(
    request: Request, services: ServicesOf, account: SignedIn, _authority: OverRoles
) -> HTMLResponse:
    """The form for the end of a term."""
    return _term(request, services, account, {})


@router.post("/terms", dependencies=[SameOrigin])
def listed(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    authority: OverRoles,
    given: Annotated[TermEnd, Form()],
) -> HTMLResponse:
    """The people whose role would end with a term; nothing is changed."""
    try:
        ending = actions.ending(authority, given.term())
    except NotAccepted as refused:
        return _term_refused(request, services, account, given, refused)
    return _term(request, services, account, given.model_dump(), ending=ending)


@router.post("/terms/end", dependencies=[SameOrigin])
def end_term(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    authority: OverRoles,
    given: Annotated[TermEnd, Form()],
) -> HTMLResponse:
    """End a term for those who are ticked."""
    try:
        ended = actions.end_term(authority, given.term(), given.usernames)
    except NotAccepted as refused:
        return _term_refused(request, services, account, given, refused)
    return _term(request, services, account, given.model_dump(), ended=ended)


def _form(
    request: Request,
    services: Services,
    account: Account,
    given: dict[str, Any],
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "administration/newcomer.html",
        **frame(request, services, account),
        choices=_choices(services),
        given=given,
        wrong=wrong or {},
    )


def _term(
    request: Request,
    services: Services,
    account: Account,
    given: dict[str, Any],
    *,
    wrong: dict[str, str] | None = None,
    ending: list[actions.Ending] | None = None,
    ended: int | None = None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "administration/term.html",
        **frame(request, services, account),
        choices=_choices(services),
        given=given,
        wrong=wrong or {},
        ending=ending,
        ended=ended,
    )


def _term_refused(
    request: Request,
    services: Services,
    account: Account,
    given: TermEnd,
    refused: NotAccepted,
) -> HTMLResponse:
    wrong = _wrong(services, refused)
    answer = _term(request, services, account, given.model_dump(), wrong=wrong)
    answer.status_code = 422
    return answer


def _choices(services: Services) -> dict[str, Any]:
    t, today = services.words, day_of(services.now_ms())
    units = actions.units(services).values()
    return {
        "role": [(of.id, of.said(t)) for of in services.roles.by_id.values()],
        "platform": [(slug, t(f"{slug}.title")) for slug in services.roles.platforms],
        "unit": [(of.id, t.name(of.name)) for of in units if of.span.holds(today)],
    }


def _wrong(services: Services, refused: NotAccepted) -> dict[str, str]:
    return {refused.faults[0].where: said(services.words, refused)}
