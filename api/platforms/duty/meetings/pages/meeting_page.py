"""The parts that all pages of meetings share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.meetings.records import Meeting, MeetingRefused
from api.platforms.duty.meetings import actions
from api.platforms.duty.meetings.records import PATH, Done
from api.platforms.duty.permission import DutyPermission
from api.services import Services
from api.web.forms import MOST_ID
from api.web.rendering import link, page

Convener = Annotated[Account, require(DutyPermission.CONVENE)]
Attendant = Annotated[Account, require(DutyPermission.ATTEND)]
Id = Annotated[int, Path(ge=1, le=MOST_ID)]


def shown(
    request: Request, services: Services, account: Account, template: str, **values: Any
) -> HTMLResponse:
    """A page of this feature; ``wrong`` are faults by field."""
    wrong: Mapping[str, str] = values.setdefault("wrong", {})
    values.setdefault("done", "")
    around = frame(request, services, account)
    answer = page(request, services.words, f"duty/{template}.html", **around, **values)
    if wrong:
        answer.status_code = 422
    return answer


def led(request: Request, path: str, done: Done = "") -> RedirectResponse:
    """To another page of this feature, which says what was done."""
    return RedirectResponse(link(request, f"{PATH}{path}{f'?done={done}' if done else ''}"), 303)


def faults(services: Services, refused: MeetingRefused) -> dict[str, str]:
    """A refusal as its field shows it."""
    return {refused.field: refused.said(services.words)}


def papers(services: Services, account: Account, meeting: Meeting) -> dict[str, Any]:
    """The files at a meeting as the macro of files shows them."""
    return {
        "lines": file_wording.lines(services, actions.papers(services, meeting)),
        "accepted": file_wording.ACCEPTED,
        "most_mb": services.attachments.most_mb,
        "sees_hidden": account.may(FilePermission.SEE_HIDDEN),
    }
