"""The parts that all pages of occasions share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.hearings import wording
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused
from api.services import Services
from api.web.rendering import link, page

Reader = Annotated[Account, require(JudicialPermission.SEE)]
Body = Annotated[Account, require(JudicialPermission.SUBMIT)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
Attendant = Annotated[Account, require(JudicialPermission.ATTEND)]


def shown(
    request: Request,
    services: Services,
    account: Account,
    template: str,
    refused: StepRefused | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page of this feature; ``refused`` is said at its field, or above all."""
    wrong = refused.wrong(services.words) if refused else {}
    answer = page(
        request,
        services.words,
        f"judicial/{template}.html",
        **frame(request, services, account),
        wrong=wrong,
        refused=refused.said(services.words) if refused else "",
        **values,
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def led(request: Request, path: str) -> RedirectResponse:
    """To another page of this feature."""
    return RedirectResponse(link(request, path), 303)


def details(services: Services, row: Row) -> dict[str, Any]:
    """An occasion as everybody reads it."""
    words = services.words
    return {
        "row": row,
        "body": unit_names.every(services).get(row["unit"], row["unit"]),
        "when": wording.when(words, row),
        "where": wording.where(words, row),
        "notices": wording.notice(words, row),
        "outcome": wording.outcome(words, row),
    }
