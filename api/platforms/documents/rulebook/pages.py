"""The page of a text's hits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.rulebook import actions, wording
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted, Typed
from api.web.rendering import link, page

router = APIRouter(prefix="/texts", include_in_schema=False, dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Judge = Annotated[Account, require(DocumentsPermission.REVIEW)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Version = Annotated[int | None, Query(ge=1, le=MOST_ID)]
Field = Annotated[Typed, Form()]
NOTHING: Mapping[str, str] = {}


@router.get("/{number}/checks", response_class=HTMLResponse)
def hits(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    version: Version = None,
) -> HTMLResponse:
    """Hits of the checks in force in a text, each with its rule and what was said of it."""
    return _shown(request, services, account, number, version, NOTHING, NOTHING)


@router.post("/{number}/checks", response_model=None)
def judge(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Judge,
    hit: Field = "",
    verdict: Field = "",
    reason: Field = "",
) -> Response:
    """Write whether a hit is worth a review."""
    try:
        actions.judge(services, account, number, hit, verdict, reason)
    except NotAccepted as refused:
        said = services.words(f"documents.hits.wrong-{refused.key}", **refused.values)
        wrong = {f"{refused.faults[0].where}-{hit}": said}
        written = {"hit": hit, "reason": reason}
        return _shown(request, services, account, number, None, wrong, written)
    return RedirectResponse(link(request, f"/texts/{number}/checks#hit-{hit}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    number: int,
    version: int | None,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    found = actions.examined(services, number, version)
    newest = found.version.version == found.kept.version
    answer = page(
        request,
        services.words,
        "documents/text_checks.html",
        **frame(request, services, account),
        found=found,
        newest=newest,
        groups=wording.groups(services.words, found),
        judging=newest and account.may(DocumentsPermission.REVIEW),
        wrong=wrong,
        written={"hit": "", "reason": "", **written},
    )
    answer.status_code = 422 if wrong else 200
    return answer


PAGES = (router,)
