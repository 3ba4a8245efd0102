"""The list of silences, and the form of a new one with what it would cover."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.escalation.policy import LEVELS
from alerting.silences.silence import Silence, SilenceKind
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.silences import actions, wording
from api.platforms.environment.silences.records import (
    FIELDS,
    PRESETS,
    Draft,
    Renewed,
    Written,
    end_of,
)
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page

ADDRESS = "/silences"
Done = Literal["", "saved", "ended", "renewed", "over"]
Before = Annotated[int, Query(ge=0, le=MOST_ID)]
SilenceId = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_SILENCES)]
Manager = Annotated[Account, require(EnvironmentPermission.MANAGE_SILENCES)]


@router.get("", response_class=HTMLResponse)
def silences(
    request: Request, services: ServicesOf, account: Viewer, before: Before = 0, done: Done = ""
) -> HTMLResponse:
    """Those in force, those to come, and those that are over."""
    return _list(request, services, account, before=before, done=done)


@router.get("/new", response_class=HTMLResponse)
def new(
    request: Request,
    services: ServicesOf,
    account: Manager,
    kind: SilenceKind = "silence",
    event: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """The form, filled in from an alert event where one is given."""
    written = actions.of_window(services) if kind == "maintenance" else Written()
    if event:
        written = actions.of_event(services, event) or written
    return _form(request, services, account, written)


@router.post("/check", dependencies=[SameOrigin])
def check(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Manager
) -> HTMLResponse:
    """The silence in words and the alerts that it covers now; nothing is saved."""
    try:
        draft = _draft(services, written)
    except NotAccepted as refused:
        return _refused(request, services, account, written, refused)
    return _form(request, services, account, written, draft=draft)


@router.post("", dependencies=[SameOrigin], response_model=None)
def create(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Manager
) -> HTMLResponse | RedirectResponse:
    """Save it."""
    try:
        actions.create(services, account, _draft(services, written))
    except NotAccepted as refused:
        return _refused(request, services, account, written, refused)
    return RedirectResponse(link(request, f"{ADDRESS}?done=saved"), 303)


@router.post("/{silence_id}/end", dependencies=[SameOrigin])
def end(
    silence_id: SilenceId, request: Request, services: ServicesOf, account: Manager
) -> RedirectResponse:
    """End it early."""
    ended = actions.end(services, account, _find(services, silence_id))
    return RedirectResponse(link(request, f"{ADDRESS}?done={'ended' if ended else 'over'}"), 303)


@router.post("/{silence_id}/renew", dependencies=[SameOrigin], response_model=None)
def renew(
    silence_id: SilenceId,
    renewed: Annotated[Renewed, Form()],
    request: Request,
    services: ServicesOf,
    account: Manager,
) -> HTMLResponse | RedirectResponse:
    """Let it go on, as a new one."""
    silence = _find(services, silence_id)
    try:
        begins = max(silence.from_ms, services.now_ms())
        until = end_of(renewed.ends, renewed.until, begins)
        actions.renew(services, account, silence, until)
    except NotAccepted as refused:
        said = services.words(f"silences.wrong-{refused.key}")
        answer = _list(request, services, account, wrong={f"renew-{silence_id}": said})
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS}?done=renewed"), 303)


def _draft(services: Services, written: Written) -> Draft:
    return written.draft(actions.choices(services), services.now_ms())


def _find(services: Services, silence_id: int) -> Silence:
    found = actions.find(services, silence_id)
    if found is None:
        raise HTTPException(404, f"unknown silence {silence_id}")
    return found


def _refused(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    refused: NotAccepted,
) -> HTMLResponse:
    said = services.words(f"silences.wrong-{refused.key}")
    answer = _form(request, services, account, written, wrong={refused.faults[0].where: said})
    answer.status_code = 422
    return answer


def _list(
    request: Request,
    services: Services,
    account: Account,
    *,
    before: int = 0,
    done: Done = "",
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    found, choices = actions.listed(services, before), actions.choices(services)
    return page(
        request,
        services.words,
        "environment/silences.html",
        **frame(request, services, account),
        groups=[
            (name, wording.lines(services, choices, rows))
            for name, rows in (
                ("in-force", found.in_force),
                ("to-come", found.to_come),
                ("past", found.over),
            )
        ],
        before=before,
        following=found.following,
        presets=PRESETS[:-1],
        done=done,
        wrong=wrong or {},
    )


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    *,
    draft: Draft | None = None,
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    choices = actions.choices(services)
    alerts = actions.covered(services, draft) if draft else []
    return page(
        request,
        services.words,
        "environment/silence.html",
        **frame(request, services, account),
        written=written,
        fields=[(name, choices[name], getattr(written, name)) for name in FIELDS],
        levels=list(LEVELS),
        presets=PRESETS,
        draft=draft,
        scope=wording.scope_in_words(services, choices, draft.scope) if draft else "",
        upto=wording.level_in_words(services, draft.level) if draft else "",
        span=wording.span_in_words(services, draft) if draft else "",
        covered=[
            (alert, services.wording.sentences(alert, services.now_ms())) for alert in alerts
        ],
        wrong=wrong or {},
    )
