"""Alert events over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from alerting.alert import Alert, Verdict
from alerting.events.event import AlertEvent
from alerting.events.repository import Marks, Show
from alerting.record.repository import AlreadyAcknowledged, Review
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment import acts, event_story
from api.platforms.environment.acts import NewReview, role_of
from api.platforms.environment.event_story import Seen
from api.platforms.environment.events import actions
from api.platforms.environment.events.records import AboutGiven, Asked, LevelGiven
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web.declared import SomebodyWasFirst
from api.web.forms import LONGEST_WHY

router = APIRouter(prefix="/events", tags=["events"], dependencies=[SameOrigin])
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WHY, pattern="^[^\0]*$")
]
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Acknowledger = Annotated[Account, require(EnvironmentPermission.ACKNOWLEDGE_ALERTS)]
Taker = Annotated[Account, require(EnvironmentPermission.TAKE_EVENTS)]
Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_ALERTS)]


class NewNote(BaseModel):
    """Something written beside an act; it may be empty."""

    model_config = ConfigDict(strict=True, extra="forbid")
    note: Note = ""


class NewComment(BaseModel):
    """Something written beside an event."""

    model_config = ConfigDict(strict=True, extra="forbid")
    text: Annotated[Note, StringConstraints(min_length=1)]


class ReviewOfEvent(BaseModel):
    """The verdict that somebody gave at once on ``alerts`` alerts of an event, and when; ``note``
    may be empty. ``account`` is the username of ``by``, who was called so then.
    """

    verdict: Verdict
    by: str
    account: str | None
    at_ms: int
    note: str
    alerts: int


class EventState(BaseModel):
    """An alert event. ``kind`` is its rule or its kind of pollution, ``location`` its station,
    river or area; ``ended_ms`` is since when none of its alerts stands. Of the escalation:
    ``round`` is counted from 1, ``step`` is the one that comes next, from 0, at ``step_ms``.
    Of ``unreviewed`` alerts nobody has said what they were found to be.
    """

    id: str
    name: str
    kind: str
    about: str
    location: str
    state: str
    level: str
    began_ms: int
    ended_ms: int | None
    times: int
    stations: list[str]
    alerts: list[str]
    summary: str
    policy: str
    round: int
    step: int
    step_ms: int | None
    acknowledged_by: str | None
    acknowledged_account: str | None
    acknowledged_ms: int | None
    taken_by: str | None
    taken_account: str | None
    taken_ms: int | None
    reviews: list[ReviewOfEvent]
    unreviewed: int


class ActState(BaseModel):
    """Something done about an event: by a person, or by its escalation, which has no name."""

    kind: Literal["acknowledged", "taken", "comment", "step", "nobody-answered"]
    at_ms: int
    by: str
    account: str
    role: str
    note: str
    by_link: bool
    round: int
    step: int


class MomentState(BaseModel):
    """A line of the timeline, in the reader's words."""

    at_ms: int
    title: str
    note: str


class EventPage(BaseModel):
    """Events that are asked for, what stands and waits first, and how many there are."""

    events: list[EventState]
    total: int


@router.get("")
def events(
    services: ServicesOf,
    who: Viewer,
    show: Show = "all",
    level: LevelGiven = "",
    about: AboutGiven = "",
    most: Annotated[int, Query(ge=1, le=200)] = 50,
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> EventPage:
    """Events from number ``first`` on. ``show`` waiting: those that stand and of which nobody of
    one's role has said anything.
    """
    asked = Asked(show=show, level=level, about=about)
    rows, total = actions.searched(services, who, asked, first=first, most=most)
    found = [_state(services, row.event, row.marks, row.alerts, row.reviews) for row in rows]
    return EventPage(events=found, total=total)


@router.get("/{event_id}")
def event(event_id: str, services: ServicesOf, _who: Viewer) -> EventState:
    """One event."""
    return _of(services, _find(services, event_id))


@router.get("/{event_id}/acts")
def acts_of(event_id: str, services: ServicesOf, _who: Viewer) -> list[ActState]:
    """Acts of people and of its escalation, the earliest first."""
    return [
        ActState(
            kind=act.kind, at_ms=act.at_ms, by=act.name, account=act.username, role=act.role,
            note=act.note, by_link=act.by_link, round=act.round, step=act.step,
        )
        for act in _find(services, event_id).acts
    ]  # fmt: skip


@router.get("/{event_id}/timeline")
def timeline(event_id: str, services: ServicesOf, who: Viewer) -> list[MomentState]:
    """Everything that happened, as the page tells it to one's role."""
    seen = _find(services, event_id)
    return [
        MomentState(at_ms=of.at_ms, title=of.title, note=of.note)
        for of in event_story.history(services, seen, role_of(who))
    ]


@router.post("/{event_id}/acknowledge")
def acknowledge(
    event_id: str, services: ServicesOf, who: Acknowledger, body: NewNote | None = None
) -> EventState:
    """Say that one knows of it; 409 where one has said so."""
    return _answered(services, event_id, who, body, taken=False)


@router.post("/{event_id}/take")
def take(
    event_id: str, services: ServicesOf, who: Taker, body: NewNote | None = None
) -> EventState:
    """Take it; 409 with the name of the person who was first."""
    return _answered(services, event_id, who, body, taken=True)


@router.post("/{event_id}/comments", status_code=201)
def comment(
    event_id: str, body: NewComment, services: ServicesOf, who: Acknowledger
) -> EventState:
    """Write something beside it."""
    _find(services, event_id)
    acts.comment(services, event_id, who, body.text)
    return _of(services, _find(services, event_id))


@router.post("/{event_id}/review")
def review(event_id: str, body: NewReview, services: ServicesOf, who: Reviewer) -> EventState:
    """Say of all its alerts that nobody has reviewed what they were found to be; reviews of others
    stay.
    """
    alerts = [of.id for of in _find(services, event_id).unreviewed]
    acts.review_all(services, who, alerts, body.verdict, body.note)
    return _of(services, _find(services, event_id))


def _answered(
    services: Services, event_id: str, who: Account, body: NewNote | None, *, taken: bool
) -> EventState:
    _find(services, event_id)
    try:
        acts.acknowledge(services, event_id, who, note=body.note if body else "", taken=taken)
    except AlreadyAcknowledged as first:
        raise SomebodyWasFirst(str(first), by=first.by, at_ms=first.at_ms) from first
    return _of(services, _find(services, event_id))


def _find(services: Services, event_id: str) -> Seen:
    seen = event_story.find(services, event_id)
    if seen is None:
        raise HTTPException(404, f"unknown event {event_id!r}; see /api/v1/events")
    return seen


def _of(services: Services, seen: Seen) -> EventState:
    return _state(services, seen.event, seen.marks, seen.alerts, seen.reviews)


def _state(
    services: Services,
    event: AlertEvent,
    marks: Marks,
    alerts: Sequence[Alert],
    reviews: Mapping[str, Review],
) -> EventState:
    own = {alert.id: reviews[alert.id] for alert in alerts if alert.id in reviews}
    story = event_story.story(services, event, alerts)
    return EventState(
        id=event.id,
        name=story.name,
        kind=event.kind,
        about=event.about,
        location=story.location,
        state=story.state,
        level=story.level.name.lower(),
        began_ms=event.began_ms,
        ended_ms=event.ended_ms,
        times=event.times,
        stations=sorted({alert.station for alert in alerts}),
        alerts=[alert.id for alert in alerts],
        summary=story.said.summary if story.said else "",
        policy=event.policy,
        round=event.round,
        step=event.step,
        step_ms=event.step_ms,
        acknowledged_by=marks.acknowledged_by,
        acknowledged_account=marks.acknowledged_account,
        acknowledged_ms=marks.acknowledged_ms,
        taken_by=marks.taken_by,
        taken_account=marks.taken_account,
        taken_ms=marks.taken_ms,
        reviews=[
            ReviewOfEvent(**asdict(of.review), alerts=of.alerts) for of in event_story.said_of(own)
        ],
        unreviewed=len(event_story.unreviewed(alerts, reviews)),
    )
