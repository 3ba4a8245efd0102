"""The list of alerts and the page of one."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.alert import Verdict
from alerting.record.repository import AlreadyAcknowledged, Kept
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment import acts, charted, event_story, silenced
from api.platforms.environment.acts import Written
from api.platforms.environment.alerts import actions, wording
from api.platforms.environment.alerts.records import Asked, Chosen
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page

A_PAGE = 30
router = APIRouter(include_in_schema=False)


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Acknowledger = Annotated[Account, require(EnvironmentPermission.ACKNOWLEDGE_ALERTS)]
Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_ALERTS)]


@router.get("/alerts", response_class=HTMLResponse)
def alerts(
    request: Request,
    services: ServicesOf,
    account: Viewer,
    asked: Annotated[Asked, Query()],
    done: Annotated[int, Query(ge=0, le=actions.MOST_REVIEWED)] = 0,
) -> HTMLResponse:
    """Alerts by their events, what stands first, a page at a time."""
    return _listed(request, services, account, asked, Chosen(), {}, done=done)


@router.post("/alerts/review", dependencies=[SameOrigin], response_model=None)
def review_many(
    written: Annotated[Chosen, Form()],
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    asked: Annotated[Asked, Query()],
) -> HTMLResponse | RedirectResponse:
    """Review the alerts that were chosen, or all that the search finds, whole or not at all."""
    try:
        done = actions.review_many(services, account, asked, written)
    except NotAccepted as refused:
        key = refused.key
        family = "alert" if key in ("verdict", "note") else "alerts"
        most = {"most": actions.MOST_REVIEWED} if key == "many" else {}
        wrong = {refused.faults[0].where: services.words(f"{family}.wrong-{key}", **most)}
        answer = _listed(request, services, account, asked, written, wrong)
        answer.status_code = 409 if key == "changed" else 422
        return answer
    return RedirectResponse(link(request, f"/alerts?{asked.query(done=str(done))}"), 303)


def _listed(
    request: Request,
    services: Services,
    account: Account,
    asked: Asked,
    written: Chosen,
    wrong: dict[str, str],
    *,
    done: int = 0,
) -> HTMLResponse:
    first = (asked.page - 1) * A_PAGE
    found, cards = actions.cards(services, account, asked, first=first, most=A_PAGE)
    in_force = silenced.in_force(services)
    return page(
        request,
        services.words,
        "environment/alerts.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services),
        found=found,
        pages=-(-found.total // A_PAGE),
        rows=[
            (card, services.wording.sentences(card.first.alert, services.now_ms()))
            for card in cards
        ],
        subjects=services.catalogue.subjects,
        silences={
            card.group.key: silenced.silence_of(services, in_force, card.first.alert)
            for card in cards
        },
        most=actions.MOST_REVIEWED,
        verdicts=tuple(Verdict),
        written=written,
        wrong=wrong,
        done=done,
    )


@router.get("/alerts.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """The alerts of all pages of a search, as a table for a spreadsheet."""
    found = actions.searched(services, account, asked, first=0, most=tables.MOST[form])
    sheet = wording.table(services, found.rows)
    return tables.download(services.words, "alerts", form, sheet, total=found.total)


@router.get("/alerts/{alert_id}", response_class=HTMLResponse)
def alert(alert_id: str, request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """One alert: what, where, since when, how far above which standard, and who was told."""
    kept = _find(services, alert_id)
    return _shown(request, services, account, kept, Written(), {})


@router.post("/alerts/{alert_id}/acknowledge", dependencies=[SameOrigin])
def acknowledge(
    alert_id: str, request: Request, services: ServicesOf, account: Acknowledger
) -> RedirectResponse:
    """Acknowledge the event of an alert, each person once, and show the page anew."""
    kept = _find(services, alert_id)
    with suppress(AlreadyAcknowledged):  # the page shows it
        acts.acknowledge_alert(services, kept.alert, account)
    return RedirectResponse(link(request, f"/alerts/{alert_id}"), 303)


@router.post("/alerts/{alert_id}/review", dependencies=[SameOrigin], response_model=None)
def review(
    alert_id: str,
    written: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Reviewer,
) -> HTMLResponse | RedirectResponse:
    """Review; what does not hold comes back with its words and all that was written."""
    kept = _find(services, alert_id)
    try:
        actions.review(services, alert_id, account, written.found(), written.optional())
    except NotAccepted as refused:
        wrong = {refused.faults[0].where: services.words(f"alert.wrong-{refused.key}")}
        answer = _shown(request, services, account, kept, written, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/alerts/{alert_id}"), 303)


def _find(services: Services, alert_id: str) -> Kept:
    found = actions.find(services, alert_id)
    if found is None:
        raise HTTPException(404, f"unknown alert {alert_id!r}")
    return found


def _shown(
    request: Request,
    services: Services,
    account: Account,
    kept: Kept,
    written: Written,
    wrong: dict[str, str],
) -> HTMLResponse:
    end = kept.alert.resolved_ms or services.now_ms()
    station = services.catalogue.subjects[kept.alert.station]
    indicators = services.wording.concerned(kept.alert)
    role, seen = acts.role_of(account), actions.event_seen(services, kept)
    doubting = [] if kept.event else actions.doubting(services)
    reviews = account.may(EnvironmentPermission.REVIEW_ALERTS)
    windows = silenced.windows_over(services, kept.alert) if reviews else []
    if windows and not (written.verdict or kept.review):
        written = written.model_copy(update={"verdict": Verdict.PLANNED})
    return page(
        request,
        services.words,
        "environment/alert.html",
        **frame(request, services, account),
        kept=kept,
        alert=kept.alert,
        said=services.wording.sentences(kept.alert, services.now_ms()),
        next=event_story.concluded(services, [kept.review] if kept.review else [], kept.alert)
        or services.wording.next(kept.alert, role),
        lasted=services.wording.duration(end - kept.alert.began_ms),
        station=station,
        history=wording.history(services, kept, seen, role),
        own=seen.event and acts.answer_of(seen.acts, account.username, seen.event),
        untold="" if kept.event else wording.untold(services, kept.alert, doubting),
        indicators=indicators,
        view=charted.around(
            indicators, kept.alert.began_ms, kept.alert.resolved_ms, services.now_ms()
        ),
        asked=charted.Asked(),
        others=charted.beside(services, station) if indicators else (),
        chart_spans=charted.SPANS,
        silence=silenced.silence_of(services, silenced.in_force(services), kept.alert),
        windows=windows,
        ruled=any(rule.id == kept.alert.rule_id for rule in services.rules),
        verdicts=tuple(Verdict),
        written=written,
        wrong=wrong,
    )
