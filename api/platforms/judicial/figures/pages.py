"""Pages of monthly figures: the bodies in the official order, and one body by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.judicial.figures import actions
from api.platforms.judicial.figures.actions import Series, TableRefused, UnknownBody
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written
from api.services import Services, ServicesOf
from api.web.rendering import link, page

FIELDS = ("month", "why", "id", "reason")
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Sender = Annotated[Account, require(JudicialPermission.SUBMIT)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
Refused = TableRefused | TextRefused
router = APIRouter(prefix="/figures", include_in_schema=False, dependencies=[SameOrigin])


@router.get("", response_class=HTMLResponse)
def figures(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The bodies, by name alone."""
    around = frame(request, services, account)
    found = actions.bodies(services)
    return page(request, services.words, "judicial/figures.html", **around, bodies=found)


@router.get("/{body}", response_class=HTMLResponse)
def one(body: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """One body over time."""
    return _shown(request, services, account, body, {})


@router.post("/{body}/send")
def send(
    body: str, written: Written, request: Request, services: ServicesOf, account: Sender
) -> Response:
    """Send a month; with faults the form comes again with all that was written."""
    try:
        actions.send(services, account, body, written)
    except UnknownBody as unknown:
        raise HTTPException(404) from unknown
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused)
    return RedirectResponse(link(request, f"/figures/{body}"), 303)


@router.post("/{body}/decide")
def decide(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Accept a version, or return it with a reason."""
    number = written.get("id", "")
    try:
        accept = written.get("decision") == "accept"
        table_id = int(number) if number.isascii() and number.isdecimal() else 0
        reason = written.get("reason", "")
        actions.decide(services, account, table_id, accept=accept, reason=reason)
    except UnknownBody as unknown:
        raise HTTPException(404) from unknown
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused)
    return RedirectResponse(link(request, f"/figures/{body}"), 303)


@router.post("/{body}/break")
def mark(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Mark where the figures begin to count otherwise."""
    month, reason = written.get("month", "").strip(), written.get("reason", "")
    try:
        actions.mark(services, account, body, month, reason)
    except UnknownBody as unknown:
        raise HTTPException(404) from unknown
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused)
    return RedirectResponse(link(request, f"/figures/{body}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    body: str,
    written: Mapping[str, str],
    refused: Refused | None = None,
) -> HTMLResponse:
    try:
        series = actions.series(services, account, body)
    except UnknownBody as unknown:
        raise HTTPException(404) from unknown
    answer = page(
        request,
        services.words,
        "judicial/body.html",
        **frame(request, services, account),
        series=series,
        body=body,
        sends=account.may(JudicialPermission.SUBMIT) and actions.may_send(account, body),
        checks=account.may(JudicialPermission.CHECK),
        written=dict.fromkeys((*FIELDS, *series.template.columns), "") | dict(written),
        wrong=_wrong(services, refused),
        curves=_curves(series),
    )
    answer.status_code = 422 if refused else 200
    return answer


def _wrong(services: Services, refused: Refused | None) -> Mapping[str, str]:
    if isinstance(refused, TextRefused):
        return refused.wrong(services.words)
    return {
        of.field: services.words(
            f"judicial.figures.wrong-{of.key}", expected=of.expected, given=of.given
        )
        for of in (refused.wrong if refused else ())
    }


def _curves(series: Series) -> Sequence[str]:
    """Pending counts over time as points of lines, one a run; where a count is hidden, none."""
    every = [of for run in series.runs for of in run]
    if len(every) < 2 or series.template.small:
        return []
    most = max(of.values["pending"] for of in every) or 1
    at = {of.month: 100 * place / (len(every) - 1) for place, of in enumerate(every)}
    return [
        " ".join(f"{at[of.month]:.1f},{100 - 100 * of.values['pending'] / most:.1f}" for of in run)
        for run in series.runs
        if len(run) > 1
    ]


PAGES = (router,)
