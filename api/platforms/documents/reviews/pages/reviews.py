"""The list of reviews, the forms that open one, and a review on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import items
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import wording
from api.platforms.documents.reviews.actions import opening, reviewing
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import (
    A_PAGE,
    BY_HAND,
    LONGEST_NAME,
    LONGEST_REASON,
    MODES,
    STAGES,
    Asked,
    Shown,
)
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts.records import Asked as AskedTexts
from api.ports import Reference
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.declared import Declared
from api.web.forms import MOST_ID, NotAccepted, RowId, Typed
from api.web.rendering import link, page

ADDRESS = "/reviews/{item_id}"
HAND_OUT = "hand-out"
"""The step that asks a committee; its form stands on the page of the review."""
FIRST_YEAR = 2020
FIELDS = ("mode", "reason", "asked_by", "opened")
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Reviewer = Annotated[Account, require(DocumentsPermission.REVIEW)]
Field = Annotated[Typed, Form()]
Long = Annotated[str, Form(max_length=2 * LONGEST_REASON)]
TextId = Annotated[int, Query(ge=0, le=MOST_ID)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/reviews", response_class=HTMLResponse)
def listed(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Reviews that somebody may see, the newest first."""
    rows, count, terms = reviewing.listed(services, account, asked)
    words, units, now_ms = services.words, unit_names(services), services.now_ms()
    return page(
        request,
        words,
        "documents/reviews.html",
        **frame(request, services, account),
        asked=asked,
        lines=[wording.line(words, of, units, terms.get(of["id"]), now_ms) for of in rows],
        count=count,
        pages=-(-count // A_PAGE),
        units=units,
        modes=MODES,
        stages=tuple(STAGES),
        specials=reviewing.specials(services, account),
        years=range(int(texts.today(services)[:4]), FIRST_YEAR - 1, -1),
        reviewer=account.may(DocumentsPermission.REVIEW),
    )


@router.get("/reviews.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows, count, terms = reviewing.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services.words, rows, unit_names(services), terms)
    return tables.download(services.words, "reviews", form, sheet, total=count)


@router.get("/reviews/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Reviewer, text: TextId = 0) -> Response:
    """The form that opens the review of a text."""
    return _form(request, services, account, text, {})


@router.post("/reviews/new", response_model=None)
def begin(
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    text: Annotated[int, Form(ge=0, le=MOST_ID)] = 0,
    mode: Field = "",
    reason: Long = "",
    asked_by: Field = "",
    opened: Field = "",
) -> Response:
    """Open a review; with faults all that was written stays."""
    given = {"mode": mode, "reason": reason, "asked_by": asked_by, "opened": opened}
    try:
        made = opening.begin(services, account, text, given)
    except Declared as refused:
        return _form(request, services, account, text, given, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get("/reviews/waiting", response_class=HTMLResponse)
def waiting(request: Request, services: ServicesOf, account: Reviewer) -> HTMLResponse:
    """Registered documents of which no review was opened, the longest waiting first."""
    return page(
        request,
        services.words,
        "documents/reviews_waiting.html",
        **frame(request, services, account),
        found=reviewing.unreviewed(services, account),
        units=unit_names(services),
        today=texts.today(services),
    )


@router.get("/reviews/special", response_class=HTMLResponse)
def new_special(
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """The form that opens a special review of several texts."""
    return _special(request, services, account, {"q": q}, ())


@router.post("/reviews/special", response_model=None)
def begin_special(
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    chosen: Annotated[list[RowId], Form(alias="texts")] = [],  # noqa: B006 - FastAPI copies it
    title: Field = "",
    reason: Long = "",
    q: Field = "",
) -> Response:
    """Open it; with faults all that was written stays."""
    written = {"title": title, "reason": reason, "q": q}
    try:
        made = opening.begin_special(services, account, title, reason, chosen)
    except NotAccepted as refused:
        said = services.words(f"documents.reviews.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        return _special(request, services, account, written, chosen, wrong)
    except Declared as refused:
        wrong = {"texts": refused.said(services.words)}
        return _special(request, services, account, written, chosen, wrong)
    return RedirectResponse(link(request, f"/reviews?special={made}"), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def review(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A review on a page: what stands where, and who must do what by when."""
    return shown_with(request, services, account, item_id, None)


def unit_names(services: Services) -> Mapping[str, str]:
    """Of all units, in the official order."""
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}


def shown_with(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
) -> HTMLResponse:
    """A review with a step, or a question to a committee, that was refused just now."""
    address = link(request, ADDRESS.format(item_id=item_id))
    asking = failed if failed and failed.step == HAND_OUT else None
    step = None if asking else failed
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=step)
    shown = reviewing.shown(services, account, item_id)
    return page(
        request,
        services.words,
        "documents/review.html",
        **frame(request, services, account),
        part=part,
        asking=asking,
        given={"unit": "", "question": "", "day": texts.today(services)}
        | dict(asking.given if asking else {}),
        **_values(request, services, account, shown),
    )


def _values(
    request: Request, services: Services, account: Account, shown: Shown
) -> Mapping[str, Any]:
    words, units, row = services.words, unit_names(services), shown.row
    maker = units.get(row["unit"], row["unit"])
    return {
        "shown": shown,
        "maker": maker,
        "now": wording.now(words, row, maker),
        "points": wording.points(words, shown),
        "held": wording.held(words, shown.held, row),
        "consultations": wording.consultations(words, shown.consultations, units),
        "differ": wording.differ(shown.consultations),
        "origin": _origin(request, services, account, row["origin"]),
        "reviewer": account.may(DocumentsPermission.REVIEW),
        "running": row["state"] in STAGES["running"],
        "units": units,
        "today": texts.today(services),
    }


def _origin(
    request: Request, services: Services, account: Account, origin: str | None
) -> tuple[str, str] | None:
    """Title and page of what it began with, where the reader may see it."""
    if not origin:
        return None
    reference = Reference(*origin.split("/"))
    found = items.read(request.app.state.roster, services, account, reference)
    return (found.title, f"/{reference.platform}{found.path}") if found else None


def _form(
    request: Request,
    services: Services,
    account: Account,
    text: int,
    given: Mapping[str, str],
    refused: Declared | None = None,
) -> HTMLResponse:
    wrong = refused.wrong(services.words) if isinstance(refused, StepRefused) else {}
    kept = texts.shown(services, text).kept if text else None
    answer = page(
        request,
        services.words,
        "documents/review_new.html",
        **frame(request, services, account),
        kept=kept,
        maker=unit_names(services).get(kept.facts.maker, "") if kept else "",
        modes=BY_HAND,
        needs={need.name: need for need in PROCEDURE.first.needs},
        written=dict.fromkeys(FIELDS, "")
        | {"mode": "own", "opened": texts.today(services)}
        | {name: given[name] for name in FIELDS if name in given},
        wrong=wrong,
        refused=refused.said(services.words) if refused and not wrong else "",
        today=texts.today(services),
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _special(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    chosen: Sequence[int],
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found, _ = texts.listed(services, AskedTexts(q=written["q"][:100]))
    answer = page(
        request,
        services.words,
        "documents/review_special.html",
        **frame(request, services, account),
        found=found,
        chosen=set(chosen),
        units=unit_names(services),
        written={"title": "", "reason": ""} | dict(written),
        wrong=wrong or {},
        longest_title=LONGEST_NAME,
        longest_reason=LONGEST_REASON,
    )
    answer.status_code = 422 if wrong else 200
    return answer


PAGES = (router, forms(PROCEDURE, ADDRESS, shown_with))
