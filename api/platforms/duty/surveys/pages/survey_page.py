"""The office's page of a survey, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.ballots.refusals import UnknownPoll
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys import wording
from api.platforms.duty.surveys.actions import making as actions
from api.platforms.duty.surveys.procedure import PROCEDURE
from api.platforms.duty.surveys.records import Settings, Survey
from api.procedures.part import Failed, Part, part_of
from api.services import Services
from api.web.forms import MOST_ID
from api.web.rendering import link, page

ADDRESS = "/surveys"
Done = Literal["", "saved", "created", "version", "attached"]
Office = Annotated[Account, require(DutyPermission.SURVEY)]
SurveyId = Annotated[int, Path(ge=1, le=MOST_ID)]


def find(services: Services, account: Account, item_id: int) -> Survey:
    """A survey that somebody of the office sees.

    Raises:
        UnknownPoll
    """
    found = actions.find(services, account, item_id)
    if found is None:
        raise UnknownPoll(f"unknown survey {item_id}")
    return found


def back(request: Request, item_id: int, done: Done, part: str = "") -> RedirectResponse:
    """To the page of a survey, or a part of it."""
    query, anchor = f"?done={done}" if done else "", f"#{part}" if part else ""
    return RedirectResponse(link(request, f"{ADDRESS}/{item_id}{query}{anchor}"), 303)


def shown(
    request: Request,
    services: Services,
    account: Account,
    survey: Survey,
    *,
    done: Done = "",
    failed: Failed | None = None,
    written: Settings | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page, with what was refused on it."""
    address = link(request, f"{ADDRESS}/{survey.id}")
    part = _steps(
        part_of(services, account, PROCEDURE, str(survey.id), address=address, failed=failed)
    )
    asked, answered = actions.counts(services, survey)
    found = page(
        request,
        services.words,
        "duty/survey.html",
        **frame(request, services, account),
        survey=survey,
        part=part,
        line=wording.line(services, survey, asked, answered),
        faults=wording.faults(services, survey, actions.opening_faults(services, survey))
        if survey.state == "draft"
        else [],
        questions=wording.questions(services, survey.poll.form),
        silent=actions.silent(services, survey) if survey.state == "open" else [],
        versions=actions.versions(services, survey),
        address=address,
        public_link=_public_link(request, services, survey),
        units=actions.units(services),
        written=written or wording.settings_of(survey),
        done=done,
        wrong=wrong or {},
        lines=file_wording.lines(services, files.of_subject(services, actions.subject(survey.id))),
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
    )
    found.status_code = 422 if wrong or failed else 200
    return found


def _steps(part: Part) -> Part:
    """The steps with a button up here: title and day have their form further down, and a draft is
    dropped behind a second click.
    """
    shown = [of for of in part.following if of.step.name not in ("edit", "drop")]
    return replace(part, following=shown)


def _public_link(request: Request, services: Services, survey: Survey) -> str:
    if survey.poll.audience != "public" or survey.state != "open":
        return ""
    return (
        f"{services.public.url or str(request.base_url)}".rstrip("/") + f"/s/{survey.poll.token}"
    )
