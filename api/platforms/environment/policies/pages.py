"""The list of escalation policies, and the form of one."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.alert import About
from alerting.escalation.policy import LEVELS, Target
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.escalation_wording import named, policy_said
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.policies import actions
from api.platforms.environment.policies.actions import Kept
from api.platforms.environment.policies.records import MOST_STEPS, ROLES, Written
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page

router = APIRouter(prefix="/policies", include_in_schema=False)
Answer = HTMLResponse | RedirectResponse
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_ALERTS)]
Manager = Annotated[Account, require(EnvironmentPermission.MANAGE_POLICIES)]


@router.get("", response_class=HTMLResponse)
def policies(
    request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """Every policy in sentences, in the order in which they are taken."""
    names = _names(services, account)
    return page(
        request,
        services.words,
        "environment/policies.html",
        **frame(request, services, account),
        rows=[
            (kept, policy_said(services, kept.policy, names)) for kept in actions.every(services)
        ],
        done=bool(done),
    )


@router.get("/new", response_class=HTMLResponse)
def blank(request: Request, services: ServicesOf, account: Manager) -> HTMLResponse:
    """The form of a new one."""
    return _form(request, services, account, Written(), None)


@router.post("/new", dependencies=[SameOrigin], response_model=None)
def make(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Manager
) -> Answer:
    """Keep a new one, or show what it would do."""
    return _saved(request, services, account, written, None)


@router.get("/{policy_id}", response_class=HTMLResponse)
def policy(
    policy_id: str, request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """One policy with its versions; those who may change it have its form."""
    kept = _find(services, policy_id)
    written = Written.of(kept.policy, kept.revision)
    return _form(request, services, account, written, kept)


@router.post("/{policy_id}", dependencies=[SameOrigin], response_model=None)
def change(
    policy_id: str,
    written: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Manager,
) -> Answer:
    """Keep a new version, or show what it would do."""
    kept = _find(services, policy_id)
    written = written.model_copy(update={"id": policy_id})
    return _saved(request, services, account, written, kept)


@router.post("/{policy_id}/retire", dependencies=[SameOrigin])
def retire(
    policy_id: str, request: Request, services: ServicesOf, account: Manager
) -> RedirectResponse:
    """Let new events no longer be escalated by it."""
    actions.retire(services, account, _find(services, policy_id))
    return RedirectResponse(link(request, "/policies?done=yes"), 303)


def _find(services: Services, policy_id: str) -> Kept:
    kept = actions.find(services, policy_id)
    if kept is None:
        raise HTTPException(404, f"unknown policy {policy_id!r}; see /api/v1/policies")
    return kept


def _names(services: Services, account: Account) -> dict[Target, str]:
    """Names of positions, and of people for those who may know whom a policy asks."""
    return named(services, people=account.may(EnvironmentPermission.MANAGE_POLICIES))


def _saved(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    kept: Kept | None,
) -> Answer:
    names = _names(services, account)
    try:
        found = written.policy(names)
        if written.do == "preview":
            said = policy_said(services, found, names)
            return _form(request, services, account, written, kept, preview=said)
        new = kept is None
        actions.save(services, account, found, written.revision if kept else None, new=new)
    except NotAccepted as refused:
        said = services.words(f"policies.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        answer = _form(request, services, account, written, kept, wrong=wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, "/policies?done=yes"), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    kept: Kept | None,
    *,
    wrong: dict[str, str] | None = None,
    preview: str = "",
) -> HTMLResponse:
    t, names = services.words, _names(services, account)
    return page(
        request,
        t,
        "environment/policy.html",
        **frame(request, services, account),
        kept=kept,
        said=policy_said(services, kept.policy, names) if kept else "",
        versions=[
            (version, policy_said(services, version.policy, names))
            for version in (kept.versions if kept else ())
        ],
        written=written,
        blanks=min(len(written.wait) + (1 if written.wait else 2), MOST_STEPS),
        roles=list(ROLES),
        abouts=[(of, t(f"policies.about-{of}")) for of in get_args(About)],
        levels=[(of, t(f"level.{of}")) for of in LEVELS],
        wrong=wrong or {},
        preview=preview,
    )
