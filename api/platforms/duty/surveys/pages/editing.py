"""Surveys of the office: the list, one survey with its steps, and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin
from api.ballots.records import AUDIENCES, DESIGNS
from api.bodies import larger
from api.files import actions as files
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.duty.surveys import wording
from api.platforms.duty.surveys.actions import making as actions
from api.platforms.duty.surveys.pages.survey_page import (
    ADDRESS,
    Done,
    Office,
    SurveyId,
    back,
    find,
    shown,
)
from api.platforms.duty.surveys.records import (
    KINDS,
    Settings,
)
from api.procedures.part import Failed, failed_by
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import page
from config.vocabulary.errors import FaultyInput

router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Before = Annotated[int, Query(ge=0, le=MOST_ID)]


@router.get("", response_class=HTMLResponse)
def surveys(
    request: Request, services: ServicesOf, account: Office, before: Before = 0
) -> HTMLResponse:
    """All of them, the newest first."""
    found = actions.listed(services, account, before)
    here = found[: actions.A_PAGE]
    return page(
        request,
        services.words,
        "duty/surveys.html",
        **frame(request, services, account),
        lines=[wording.line(services, of, *actions.counts(services, of)) for of in here],
        before=before,
        following=here[-1].id if len(found) > len(here) else 0,
    )


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form of a new one."""
    return _new(request, services, account, Settings())


@router.post("/new", dependencies=[SameOrigin], response_model=None)
def create(
    written: Annotated[Settings, Form()], request: Request, services: ServicesOf, account: Office
) -> Response:
    """Begin a draft."""
    try:
        item_id = actions.create(services, account, written)
    except NotAccepted as refused:
        return _new(request, services, account, written, wording.wrong(services, refused))
    return back(request, item_id, "created")


@router.get("/{item_id}", response_class=HTMLResponse)
def survey(
    item_id: SurveyId, request: Request, services: ServicesOf, account: Office, done: Done = ""
) -> HTMLResponse:
    """A survey: how it stands, its questions, and what may be done next."""
    return shown(request, services, account, find(services, account, item_id), done=done)


@router.post("/{item_id}/settings", dependencies=[SameOrigin], response_model=None)
def settings(
    item_id: SurveyId,
    written: Annotated[Settings, Form()],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Change title, introduction, units and last day of a draft."""
    found = find(services, account, item_id)
    try:
        actions.edit(services, account, found, written)
    except NotAccepted as refused:
        wrong = wording.wrong(services, refused)
        return shown(request, services, account, found, written=written, wrong=wrong)
    except StepRefused as refused:
        failed = failed_by(services, refused, "edit", {})
        return shown(request, services, account, found, written=written, failed=failed)
    return back(request, item_id, "saved")


@router.post("/{item_id}/steps/{step}", dependencies=[SameOrigin], response_model=None)
def take(
    item_id: SurveyId,
    step: str,
    request: Request,
    services: ServicesOf,
    account: Office,
    version: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Open, end or drop a survey."""
    found = find(services, account, item_id)
    seen = int(version) if version.isascii() and version.isdecimal() else None
    try:
        actions.take(services, account, found, step, seen)
    except StepRefused as refused:
        failed = failed_by(services, refused, step, {})
        answer = shown(request, services, account, found, failed=failed)
        answer.status_code = refused.status_code
        return answer
    except FaultyInput as refused:
        failed = Failed(step, wording.faulty(services, found, refused.faults))
        return shown(request, services, account, found, failed=failed)
    return back(request, item_id, "")


@router.post("/{item_id}/versions", dependencies=[SameOrigin])
def version(
    item_id: SurveyId, request: Request, services: ServicesOf, account: Office
) -> RedirectResponse:
    """Begin another version of a survey."""
    found = find(services, account, item_id)
    return back(request, actions.new_version(services, account, found), "version")


@router.get("/{item_id}/preview", response_class=HTMLResponse)
def preview(
    item_id: SurveyId, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """All questions as people see them, on one page; nothing is kept."""
    found = find(services, account, item_id)
    return page(
        request,
        services.words,
        "duty/survey_answer.html",
        **frame(request, services, account),
        survey=found,
        screen=wording.every_question(found.poll.form),
        wrong="",
        action="",
        kept=False,
        lines=(),
        previewed=True,
    )


@router.post("/{item_id}/files", dependencies=[SameOrigin], response_model=None)
@larger(files.most_body_bytes)
def attach(
    item_id: SurveyId,
    file: UploadFile,
    title: Annotated[str, Form(max_length=200)],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Attach a paper, such as the draft on which opinions are called for."""
    found = find(services, account, item_id)
    try:
        files.attach(services, account, actions.subject(item_id), file, title)
    except FileRefused as refused:
        return shown(
            request, services, account, found, wrong={"file": refused.said(services.words)}
        )
    return back(request, item_id, "attached", "attachments")


@router.post("/{item_id}/files/{attachment_id}", dependencies=[SameOrigin])
def detach(
    item_id: SurveyId,
    attachment_id: SurveyId,
    why: Annotated[str, Form(max_length=500)],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> RedirectResponse:
    """Take a paper out."""
    find(services, account, item_id)
    for attachment in files.of_subject(services, actions.subject(item_id)):
        if attachment.id == attachment_id:
            files.remove(services, account, attachment, why)
    return back(request, item_id, "", "attachments")


def _new(
    request: Request,
    services: Services,
    account: Account,
    written: Settings,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found = page(
        request,
        services.words,
        "duty/survey_new.html",
        **frame(request, services, account),
        written=written,
        kinds=KINDS,
        designs=DESIGNS,
        audiences=AUDIENCES,
        units=actions.units(services),
        wrong=wrong or {},
    )
    found.status_code = 422 if wrong else 200
    return found
