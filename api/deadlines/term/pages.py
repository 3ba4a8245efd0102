"""The page of one deadline, and its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn, require
from api.deadlines.permission import DeadlinePermission
from api.deadlines.records import Deadline
from api.deadlines.term import actions
from api.deadlines.term.records import DONE, ByReason, Done, Ending, Explained, Extending
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page

DeadlineId = Annotated[int, Path(ge=1, le=MOST_ID)]
Officer = Annotated[Account, require(DeadlinePermission.CHANGE_TERMS)]
router = APIRouter(include_in_schema=False)


@router.get("/{deadline_id}", response_class=HTMLResponse)
def deadline(
    deadline_id: DeadlineId,
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    done: Done = "",
) -> HTMLResponse:
    """How it came about, what happened, and what may be done."""
    return _shown(request, services, account, _find(request, services, account, deadline_id), done)


@router.post("/{deadline_id}/extend", dependencies=[SameOrigin], response_model=None)
def extend(
    deadline_id: DeadlineId,
    given: Annotated[Extending, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Make its term longer."""
    found = _find(request, services, account, deadline_id)

    def act() -> None:
        actions.extend(services, account, found, given)

    return _answered(request, services, account, found, act, "extended", given.model_dump())


@router.post("/{deadline_id}/end", dependencies=[SameOrigin], response_model=None)
def end(
    deadline_id: DeadlineId,
    given: Annotated[Ending, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Write that the thing was done."""
    found = _find(request, services, account, deadline_id)

    def act() -> None:
        actions.end(services, account, found, given)

    return _answered(request, services, account, found, act, "ended", {})


@router.post("/{deadline_id}/{act}", dependencies=[SameOrigin], response_model=None)
def act_by_reason(
    deadline_id: DeadlineId,
    act: ByReason,
    given: Annotated[Explained, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Let it stand still or go on, write that nothing is to be done any more, or take back that
    it is over.
    """
    found = _find(request, services, account, deadline_id)

    def acts() -> None:
        actions.act_by_reason(services, account, found, act, given)

    return _answered(request, services, account, found, acts, DONE[act], {})


def _answered(
    request: Request,
    services: Services,
    account: Account,
    found: Deadline,
    act: Callable[[], None],
    done: Done,
    written: dict[str, object],
) -> HTMLResponse | RedirectResponse:
    """Lead back to the page; where the act was refused, show it with the words at the field."""
    try:
        act()
    except NotAccepted as refused:
        form = request.url.path.rpartition("/")[2]
        said = services.words(f"deadlines.wrong-{refused.key}", **refused.values)
        wrong = {f"{form}-{refused.faults[0].where}": said}
        answer = _shown(request, services, account, found, "", wrong, written)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/{found.id}?done={done}"), 303)


def _find(request: Request, services: Services, account: Account, deadline_id: int) -> Deadline:
    found = actions.find(request.app.state.roster, services, account, deadline_id)
    if found is None:
        raise HTTPException(404, f"unknown deadline {deadline_id}")
    return found


def _shown(
    request: Request,
    services: Services,
    account: Account,
    found: Deadline,
    done: Done,
    wrong: dict[str, str] | None = None,
    written: dict[str, object] | None = None,
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "deadlines/deadline.html",
        **frame(request, services, account),
        shown=actions.shown(services, account, found),
        deadline=found,
        done=done,
        wrong=wrong or {},
        written={"until": "", "amount": "", "why": ""} | (written or {}),
    )
