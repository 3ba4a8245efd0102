"""The list of events, and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.alert import Verdict
from alerting.record.repository import AlreadyAcknowledged
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment import acts, charted, event_story
from api.platforms.environment.acts import Remark, role_of
from api.platforms.environment.charted import HOURS_BEFORE_MS
from api.platforms.environment.event_story import Seen
from api.platforms.environment.events import actions, wording
from api.platforms.environment.events.records import Asked, NewVerdict, state_of
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page

A_PAGE = 30
MOST_EXPORTED = 20_000
"""The story of each is written."""
router = APIRouter(prefix="/events", include_in_schema=False)
Answer = HTMLResponse | RedirectResponse
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Acknowledger = Annotated[Account, require(EnvironmentPermission.ACKNOWLEDGE_ALERTS)]
Taker = Annotated[Account, require(EnvironmentPermission.TAKE_EVENTS)]
Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_ALERTS)]


@router.get("", response_class=HTMLResponse)
def events(
    request: Request,
    services: ServicesOf,
    account: Viewer,
    asked: Annotated[Asked, Query()],
) -> HTMLResponse:
    """Events, what stands and waits first, a page at a time."""
    first = (asked.page - 1) * A_PAGE
    rows, total = actions.searched(services, account, asked, first=first, most=A_PAGE)
    return page(
        request,
        services.words,
        "environment/events.html",
        **frame(request, services, account),
        asked=asked,
        filters=wording.filters(services),
        total=total,
        pages=-(-total // A_PAGE),
        role=role_of(account),
        subjects=services.catalogue.subjects,
        rows=[(row, event_story.story(services, row.event, row.alerts)) for row in rows],
    )


@router.get(".{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """The events of all pages of a search, as a table for a spreadsheet."""
    rows, total = actions.searched(services, account, asked, first=0, most=MOST_EXPORTED)
    sheet = wording.table(services, rows)
    return tables.download(services.words, "events", form, sheet, total=total, most=MOST_EXPORTED)


@router.get("/{event_id}", response_class=HTMLResponse)
def event(
    event_id: str, request: Request, services: ServicesOf, account: Viewer, first: str = ""
) -> HTMLResponse:
    """One event: what, where, since when, how bad, who is on it, who was told, what comes next."""
    seen = find(services, event_id)
    return _shown(request, services, account, seen, Remark(), {}, somebody_was_first=bool(first))


@router.post("/{event_id}/acknowledge", dependencies=[SameOrigin], response_model=None)
def acknowledge(
    event_id: str,
    written: Annotated[Remark, Form()],
    request: Request,
    services: ServicesOf,
    account: Acknowledger,
) -> Answer:
    """Say that one knows of it; who said so before is shown that it is done."""

    def act() -> None:
        acts.acknowledge(services, event_id, account, note=written.optional())

    return _done(request, services, account, find(services, event_id), written, act)


@router.post("/{event_id}/take", dependencies=[SameOrigin], response_model=None)
def take(
    event_id: str,
    written: Annotated[Remark, Form()],
    request: Request,
    services: ServicesOf,
    account: Taker,
) -> Answer:
    """Take it; the second person is told who was first."""

    def act() -> None:
        acts.acknowledge(services, event_id, account, note=written.optional(), taken=True)

    return _done(request, services, account, find(services, event_id), written, act)


@router.post("/{event_id}/comments", dependencies=[SameOrigin], response_model=None)
def comment(
    event_id: str,
    written: Annotated[Remark, Form()],
    request: Request,
    services: ServicesOf,
    account: Acknowledger,
) -> Answer:
    """Write something beside it."""

    def act() -> None:
        acts.comment(services, event_id, account, written.needed())

    return _done(request, services, account, find(services, event_id), written, act)


@router.post("/{event_id}/review", dependencies=[SameOrigin], response_model=None)
def review(
    event_id: str,
    written: Annotated[NewVerdict, Form()],
    request: Request,
    services: ServicesOf,
    account: Reviewer,
) -> Answer:
    """Say of all its alerts that nobody has reviewed what they were found to be."""
    seen, wrong, status = find(services, event_id), {}, 422
    if written.seen != state_of(seen.unreviewed):
        wrong, status = {"seen": services.words("review.changed")}, 409
    else:
        alerts = [of.id for of in seen.unreviewed]
        try:
            acts.review_all(services, account, alerts, written.found(), written.optional())
        except NotAccepted as refused:
            wrong = {f"review-{refused.key}": services.words(f"alert.wrong-{refused.key}")}
    if not wrong:
        return RedirectResponse(link(request, f"/events/{event_id}"), 303)
    answer = _shown(request, services, account, seen, Remark(), wrong, reviewed=written)
    answer.status_code = status
    return answer


def find(services: Services, event_id: str) -> Seen:
    """One event.

    Raises:
        HTTPException: 404, there is none.
    """
    seen = event_story.find(services, event_id)
    if seen is None:
        raise HTTPException(404, f"unknown event {event_id!r}; see /api/v1/events")
    return seen


def _done(
    request: Request,
    services: Services,
    account: Account,
    seen: Seen,
    written: Remark,
    act: Callable[[], None],
) -> Answer:
    """The page anew after an act; what does not hold comes back with its words."""
    address = f"/events/{seen.event.id}"
    try:
        act()
    except NotAccepted as refused:
        wrong = {refused.faults[0].where: services.words(f"events.wrong-{refused.key}")}
        answer = _shown(request, services, account, seen, written, wrong)
        answer.status_code = 422
        return answer
    except AlreadyAcknowledged:
        return RedirectResponse(link(request, f"{address}?first=somebody"), 303)
    return RedirectResponse(link(request, address), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    seen: Seen,
    written: Remark,
    wrong: dict[str, str],
    *,
    somebody_was_first: bool = False,
    reviewed: NewVerdict | None = None,
) -> HTMLResponse:
    role, story = role_of(account), event_story.story(services, seen.event, seen.alerts)
    subjects, alert = services.catalogue.subjects, story.alert
    # Of the centre itself there is no curve.
    indicators = services.wording.concerned(alert) if alert else ()
    station = subjects[alert.station] if alert and indicators else None
    ended_ms = None if story.stands else seen.event.ended_ms
    return page(
        request,
        services.words,
        "environment/event.html",
        **frame(request, services, account),
        seen=seen,
        story=story,
        station=station,
        indicators=indicators,
        view=charted.around(
            indicators, story.began_ms, ended_ms, services.now_ms(), HOURS_BEFORE_MS
        ),
        asked=charted.Asked(),
        others=charted.beside(services, station) if station else (),
        chart_spans=charted.SPANS,
        alerts=[
            (alert, services.wording.sentences(alert, services.now_ms()))
            for alert in reversed(seen.alerts)
        ],
        subjects=subjects,
        own=acts.answer_of(seen.acts, account.username, seen.event),
        next=event_story.next_of(services, seen, role),
        ahead=event_story.ahead_of(services, seen, role),
        history=event_story.history(services, seen, role),
        somebody_was_first=somebody_was_first,
        said=event_story.said_of(seen.reviews),
        state=state_of(seen.unreviewed),
        verdicts=tuple(Verdict),
        reviewed=reviewed or NewVerdict(),
        written=written,
        wrong=wrong,
    )
