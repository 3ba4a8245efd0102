"""The list of rules, one rule with what the office may decide, and a new one."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.deadlines.kept.rulebook import Held
from api.deadlines.permission import DeadlinePermission
from api.deadlines.rules import actions, wording
from api.deadlines.rules.records import (
    Adding,
    Asked,
    Changing,
    Confirming,
    Done,
    Standing,
    Written,
    changeable,
    units_for,
)
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.catalogue.words import Words
from config.law import Mark, Topic

ADDRESS = "/rules"
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]
Officer = Annotated[Account, require(DeadlinePermission.CONFIRM_RULES)]


@router.get("", response_class=HTMLResponse)
def rules(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Every rule by topic, with clause, law, source and how sure it is."""
    t, found = services.words, actions.listed(services, asked)
    return page(
        request,
        t,
        "deadlines/rules.html",
        **frame(request, services, account),
        asked=asked,
        topics=get_args(Topic),
        lines=[wording.line(t, held) for held in found],
        filters=[
            ("topic", t("deadlines.topic"), _options(t, "topic", get_args(Topic))),
            ("mark", t("deadlines.mark"), _options(t, "mark", get_args(Mark))),
            ("standing", t("deadlines.standing"), _options(t, "standing", get_args(Standing))),
        ],
    )


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Officer) -> HTMLResponse:
    """The form of a rule of one's own."""
    return _form(request, services, account, Written(), {})


@router.post("", dependencies=[SameOrigin], response_model=None)
def add(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Officer
) -> HTMLResponse | RedirectResponse:
    """Add it."""
    wrong: dict[str, str] = {}
    try:
        held = actions.add(services, account, Adding.model_validate(written.model_dump()))
        return RedirectResponse(link(request, f"{ADDRESS}/{held.rule.id}?done=added"), 303)
    except ValidationError as refused:
        for error in refused.errors():
            wrong[str(error["loc"][0])] = services.words("deadlines.wrong-empty")
    except NotAccepted as refused:
        wrong[refused.faults[0].where] = services.words(f"deadlines.wrong-{refused.key}")
    answer = _form(request, services, account, written, wrong)
    answer.status_code = 422
    return answer


@router.get("/{rule_id}", response_class=HTMLResponse)
def rule(
    rule_id: str, request: Request, services: ServicesOf, account: Viewer, done: Done = ""
) -> HTMLResponse:
    """One rule, its versions, and what may be decided."""
    return _one(request, services, account, _find(services, rule_id), done=done)


@router.post("/{rule_id}/confirm", dependencies=[SameOrigin], response_model=None)
def confirm(
    rule_id: str,
    given: Annotated[Confirming, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Stand for it, or take another region's over."""
    held = _find(services, rule_id)
    try:
        actions.confirm(services, account, held, given)
    except NotAccepted as refused:
        return _refused(request, services, account, held, "confirm", refused)
    return RedirectResponse(link(request, f"{ADDRESS}/{rule_id}?done=confirmed"), 303)


@router.post("/{rule_id}/change", dependencies=[SameOrigin], response_model=None)
def change(
    rule_id: str,
    given: Annotated[Changing, Form()],
    request: Request,
    services: ServicesOf,
    account: Officer,
) -> HTMLResponse | RedirectResponse:
    """Give another amount."""
    held = _find(services, rule_id)
    try:
        actions.change(services, account, held, given)
    except NotAccepted as refused:
        return _refused(request, services, account, held, "change", refused)
    return RedirectResponse(link(request, f"{ADDRESS}/{rule_id}?done=changed"), 303)


@router.post("/{rule_id}/recompute", dependencies=[SameOrigin])
def recompute(
    rule_id: str, request: Request, services: ServicesOf, account: Officer
) -> RedirectResponse:
    """Reckon running deadlines anew with the newest version."""
    actions.recompute(services, account, _find(services, rule_id))
    return RedirectResponse(link(request, f"{ADDRESS}/{rule_id}?done=recomputed"), 303)


def _refused(
    request: Request,
    services: Services,
    account: Account,
    held: Held,
    form: str,
    refused: NotAccepted,
) -> HTMLResponse:
    said = services.words(f"deadlines.wrong-{refused.key}")
    wrong = {f"{form}-{refused.faults[0].where}": said}
    answer = _one(request, services, account, held, wrong=wrong)
    answer.status_code = 422
    return answer


def _one(
    request: Request,
    services: Services,
    account: Account,
    held: Held,
    *,
    done: Done = "",
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    versions = actions.versions(services, held.rule.id)
    return page(
        request,
        services.words,
        "deadlines/rule.html",
        **frame(request, services, account),
        line=wording.line(services.words, held),
        rule=held.rule,
        extensions=wording.extensions(services.words, held),
        versions=[(one, wording.line(services.words, one)) for one in versions],
        names=People(services.state).names(sorted({one.who for one in versions} - {""})),
        older=actions.older(services, held),
        changeable=changeable(held.rule),
        units=units_for(held.rule.unit),
        done=done,
        wrong=wrong or {},
    )


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    wrong: dict[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "deadlines/new_rule.html",
        **frame(request, services, account),
        written=written,
        topics=get_args(Topic),
        units=(*units_for("day"), *units_for("hour")),
        wrong=wrong,
    )


def _options(t: Words, kind: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", t("deadlines.any")), *((of, t(f"deadlines.{kind}-{of}")) for of in values)]


def _find(services: Services, rule_id: str) -> Held:
    found = actions.find(services, rule_id)
    if found is None:
        raise HTTPException(404, f"there is no rule {rule_id!r}; see /deadlines/rules")
    return found
