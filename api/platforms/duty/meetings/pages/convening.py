"""Pages of those who convene: make, send, invite, decide on leave, list and minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin
from api.bodies import larger
from api.files import actions as files
from api.files.receiving import FileRefused
from api.meetings import actions as meetings
from api.meetings import wording as meeting_wording
from api.meetings.records import WANTS, Meeting, MeetingRefused
from api.platforms.duty.meetings import actions, wording
from api.platforms.duty.meetings.pages.meeting_page import (
    Convener,
    Id,
    faults,
    led,
    papers,
    shown,
)
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import (
    KINDS,
    PATH,
    Done,
    InviteGiven,
    MeetingGiven,
    RemovalGiven,
    TextGiven,
)
from api.procedures.pages import forms
from api.procedures.part import Failed, Part, failed_by, part_of
from api.procedures.refusals import Incomplete, StepRefused
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID
from api.web.rendering import link
from api.web.tables import Form as TableForm
from api.web.tables import download

ADDRESS = f"{PATH}/{{item_id}}"
GUEST = f"{PATH}/guests/{{item_id}}"
OWN_FORMS = ("edit", "change", "send")
"""Steps that have a form of their own on these pages."""
router = APIRouter(include_in_schema=False)
Given = Annotated[MeetingGiven, Form()]


@router.get(f"{PATH}/convened", response_class=HTMLResponse)
def convened(
    request: Request,
    services: ServicesOf,
    account: Convener,
    before: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
) -> HTMLResponse:
    """Meetings and notices, the newest first, with how many answered."""
    found, following = actions.convened_meetings(services, account, before)
    words = services.words
    lines = []
    for meeting, count in found:
        said = words.clauses(meeting_wording.figures(words, meeting, count))
        lines.append(wording.convened_line(words, meeting, said if count.invited else ""))
    values = {"lines": lines, "following": following, "before": before}
    return shown(request, services, account, "convened_meetings", **values)


@router.get(f"{PATH}/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Convener) -> HTMLResponse:
    """The form of a new one."""
    return _form(request, services, account, MeetingGiven(), None)


@router.post(f"{PATH}/new", dependencies=[SameOrigin], response_model=None)
def make(
    given: Given, request: Request, services: ServicesOf, account: Convener
) -> HTMLResponse | RedirectResponse:
    """Keep a draft."""
    try:
        made = meetings.make(services, MEETINGS, account, given.details())
    except (MeetingRefused, StepRefused) as refused:
        wrong = _wrong(services, refused)
        return _form(request, services, account, given, None, wrong)
    return led(request, f"/{made}", "saved")


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def edit(item_id: Id, request: Request, services: ServicesOf, account: Convener) -> HTMLResponse:
    """The form of a draft, or of the details of a meeting that may still change."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    return _form(request, services, account, _given(meeting), meeting)


@router.post(f"{ADDRESS}/edit", dependencies=[SameOrigin], response_model=None)
def save(
    item_id: Id, given: Given, request: Request, services: ServicesOf, account: Convener
) -> HTMLResponse | RedirectResponse:
    """Change it."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    step = "edit" if meeting.state == "draft" else "change"
    details = given.details() if step == "edit" else given.changes()
    try:
        meetings.take(
            services, MEETINGS.meeting, account, str(item_id), step, details, given.version
        )
    except (MeetingRefused, StepRefused) as refused:
        wrong = _wrong(services, refused)
        return _form(request, services, account, given, meeting, wrong)
    return led(request, f"/{item_id}", "saved")


def _wrong(services: Services, refused: MeetingRefused | StepRefused) -> dict[str, str]:
    if isinstance(refused, MeetingRefused):
        return faults(services, refused)
    if isinstance(refused, Incomplete):
        return dict(refused.wrong(services.words))
    return {"version": refused.said(services.words)}


def _given(meeting: Meeting) -> MeetingGiven:
    return MeetingGiven(
        title=meeting.title,
        kind=meeting.kind,
        wants=meeting.wants,
        text=meeting.text,
        begin=meeting_wording.local(meeting.from_ms),
        until=meeting_wording.local(meeting.until_ms),
        location=meeting.location,
        link=meeting.link,
        agenda=meeting.agenda,
        units=list(meeting.invited.units),
        people=list(meeting.invited.people),
        version=meeting.version,
    )


def _form(
    request: Request,
    services: Services,
    account: Account,
    given: MeetingGiven,
    meeting: Meeting | None,
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    return shown(
        request,
        services,
        account,
        "meeting_form",
        given=given,
        meeting=meeting,
        kinds=KINDS,
        wants=WANTS,
        **_choices(services),
        wrong=wrong or {},
    )


def _choices(services: Services) -> dict[str, Any]:
    return {
        "units": list(actions.units(services).items()),
        "people": meetings.able(services, MEETINGS),
    }


@router.get(ADDRESS, response_class=HTMLResponse)
def meeting(
    item_id: Id,
    request: Request,
    services: ServicesOf,
    account: Convener,
    done: Annotated[Done, Query()] = "",
) -> HTMLResponse:
    """A meeting with its answers, list, minutes and opinions."""
    return _meeting(request, services, account, str(item_id), None, done=done)


def _meeting(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    *,
    done: Done = "",
    wrong: dict[str, str] | None = None,
    written: str = "",
) -> HTMLResponse:
    found = actions.convened(services, account, item_id)
    meeting, words = found.meeting, services.words
    units = actions.units(services)
    address = link(request, ADDRESS.format(item_id=item_id))
    return shown(
        request,
        services,
        account,
        "meeting",
        found=found,
        meeting=meeting,
        kind=wording.kind(words, meeting),
        when=meeting_wording.when(words, meeting),
        where=meeting_wording.where(words, meeting),
        meant=len(meetings.people_of(services, MEETINGS, meeting.invited)),
        figures=meeting_wording.figures(words, meeting, found.count),
        guests=wording.guest_lines(words, meeting, found.guests, units, found.away),
        address=address,
        part=_part(services, account, item_id, address, failed),
        papers=papers(services, account, meeting),
        **(_choices(services) if meeting.takes_answers else {"units": [], "people": []}),
        done=done,
        wrong=wrong or {},
        written=written,
    )


def _part(
    services: Services, account: Account, item_id: str, address: str, failed: Failed | None
) -> Part:
    part = part_of(services, account, MEETINGS.meeting, item_id, address=address, failed=failed)
    others = [of for of in part.following if of.step.name not in OWN_FORMS]
    invited = services.words(f"{MEETINGS.meeting.words}.need-invited")
    moments = [replace(of, said=[it for it in of.said if it[0] != invited]) for of in part.moments]
    return replace(part, following=others, moments=moments)


@router.post(f"{ADDRESS}/send", dependencies=[SameOrigin], response_model=None)
def send(
    item_id: Id, request: Request, services: ServicesOf, account: Convener
) -> HTMLResponse | RedirectResponse:
    """Send it: everybody who is meant is invited."""
    try:
        meetings.take(services, MEETINGS.meeting, account, str(item_id), "send", {}, None)
        meeting = meetings.convened(services, MEETINGS, account, str(item_id))
        meetings.invite(services, MEETINGS, account, meeting)
    except StepRefused as refused:
        failed = failed_by(services, refused, "send", {})
        answer = _meeting(request, services, account, str(item_id), failed)
        answer.status_code = refused.status_code
        return answer
    except MeetingRefused as refused:
        wrong = faults(services, refused)
        return _meeting(request, services, account, str(item_id), None, wrong=wrong)
    return led(request, f"/{item_id}", "sent")


@router.post(f"{ADDRESS}/invite", dependencies=[SameOrigin], response_model=None)
def invite(
    item_id: Id,
    given: Annotated[InviteGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: Convener,
) -> HTMLResponse | RedirectResponse:
    """Invite further people; with none named, those who are still missing."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    try:
        if given.units or given.people:
            meetings.invite_more(services, MEETINGS, account, meeting, given.invited)
        else:
            meetings.invite(services, MEETINGS, account, meeting)
    except MeetingRefused as refused:
        wrong = faults(services, refused)
        return _meeting(request, services, account, str(item_id), None, wrong=wrong)
    return led(request, f"/{item_id}", "invited")


@router.get(f"{ADDRESS}/list.{{form}}", response_class=Response)
def export(item_id: Id, form: TableForm, services: ServicesOf, account: Convener) -> Response:
    """The list of those invited with answers and attendance, as a table."""
    found = actions.convened(services, account, str(item_id))
    words, units = services.words, actions.units(services)
    rows = wording.rows(words, found.meeting, found.guests, units)
    sheet = wording.HEADS.sheet(words, words("duty.meetings.list"), rows)
    name = f"{found.meeting.title[:60]}-{words('duty.meetings.list')}"
    return download(words, name, form, sheet, total=len(found.guests), whole=True)


@router.post(f"{ADDRESS}/minutes", dependencies=[SameOrigin], response_model=None)
def write_minutes(
    item_id: Id,
    given: Annotated[TextGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: Convener,
) -> HTMLResponse | RedirectResponse:
    """Write a version of the minutes."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    try:
        meetings.write_minutes(services, MEETINGS, account, meeting, given.text)
    except MeetingRefused as refused:
        wrong = faults(services, refused)
        return _meeting(
            request, services, account, str(item_id), None, wrong=wrong, written=given.text
        )
    return led(request, f"/{item_id}", "minutes")


@router.post(f"{ADDRESS}/files", dependencies=[SameOrigin], response_model=None)
@larger(files.most_body_bytes)
def attach(
    item_id: Id,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Convener,
    title: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse | RedirectResponse:
    """Attach material."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    try:
        files.attach(services, account, actions.reference(meeting), file, title)
    except FileRefused as refused:
        wrong = {"file": refused.said(services.words)}
        return _meeting(request, services, account, str(item_id), None, wrong=wrong)
    return led(request, f"/{item_id}", "attached")


@router.post(f"{ADDRESS}/files/{{attachment_id}}", dependencies=[SameOrigin])
def remove(
    item_id: Id,
    attachment_id: Id,
    given: Annotated[RemovalGiven, Form()],
    request: Request,
    services: ServicesOf,
    account: Convener,
) -> RedirectResponse:
    """Take material out."""
    meeting = meetings.convened(services, MEETINGS, account, str(item_id))
    for attachment in actions.papers(services, meeting):
        if attachment.id == attachment_id:
            files.remove(services, account, attachment, given.why)
    return led(request, f"/{item_id}")


@router.get(GUEST, response_class=HTMLResponse)
def guest(item_id: Id, request: Request, services: ServicesOf, account: Convener) -> HTMLResponse:
    """The answer of somebody invited, with the steps of those who convene."""
    return _guest(request, services, account, str(item_id), None)


def _guest(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, GUEST.format(item_id=item_id))
    part = part_of(services, account, MEETINGS.invitation, item_id, address=address, failed=failed)
    found = actions.convened(services, account, str(part.row["meeting"]))
    (one,) = (of for of in found.guests if of.id == part.row["id"])
    away = found.away.get(one.username, 0)
    return shown(
        request,
        services,
        account,
        "guest",
        meeting=found.meeting,
        when=meeting_wording.when(services.words, found.meeting),
        guest=one,
        fact=wording.fact(services.words, away),
        part=replace(part, following=[of for of in part.following if not of.step.person]),
    )


PAGES = (
    router,
    forms(MEETINGS.meeting, ADDRESS, _meeting),
    forms(MEETINGS.invitation, GUEST, _guest),
)
