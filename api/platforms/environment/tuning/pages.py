"""The rules, and the page of one: to read it, or to change it over the past."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.proposals.repository import DecidedMeanwhile, Proposal, Proposals
from alerting.rules import serialising
from alerting.rules.registry import kind_of
from alerting.rules.repository import SavedMeanwhile
from alerting.rules.rule import Rule
from alerting.wording.fitness import remarks
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.tuning import actions, wording
from api.platforms.environment.tuning.records import COUNTED
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted, RowId
from api.web.rendering import link, page

router = APIRouter(include_in_schema=False)


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_RULES)]
Tuner = Annotated[Account, require(EnvironmentPermission.TUNE_RULES)]


DONE = ("saved", "proposed", "confirmed", "withdrawn", "decided")
"""Outcomes that the page tells when it is shown anew."""


@router.get("/rules", response_class=HTMLResponse)
def rules(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every rule in force with its levels, and the version or the proposal that waits, if one
    does.
    """
    rows = [
        (
            rule,
            wording.looked_at(services, rule),
            wording.scope(services, rule),
            wording.levels(services, rule),
            services.rule_repository.versions(rule.id)[-1],
        )
        for rule in services.rules
    ]
    return page(
        request,
        services.words,
        "environment/rules.html",
        **frame(request, services, account),
        rows=rows,
        proposed=Proposals(services.state).awaited(),
    )


@router.get("/rules/{rule_id}", response_class=HTMLResponse)
def rule(
    rule_id: str, request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """A rule and its versions in words; for who may change it, with its past and a draft."""
    found = actions.rule_of(services, rule_id)
    if found is None:
        raise HTTPException(404, f"unknown rule {rule_id!r}")
    tunes = account.may(EnvironmentPermission.TUNE_RULES)
    more = (
        _drafting(services, found, done) if tunes else {"levels": wording.levels(services, found)}
    )
    return page(
        request,
        services.words,
        "environment/tuning.html" if tunes else "environment/rule.html",
        **frame(request, services, account),
        rule=found,
        looked_at=wording.looked_at(services, found),
        scope=wording.scope(services, found),
        proposals=wording.proposal_lines(services, rule_id, account),
        versions=wording.version_lines(services, rule_id),
        **more,
    )


def _drafting(services: Services, rule: Rule, done: str) -> dict[str, Any]:
    """The values of the page on which a draft is tried, beside those of reading."""
    form = serialising.form(rule)
    targets = rule.targets(services.catalogue)
    return {
        "form": form,
        "counted": form in COUNTED,
        "seen": wording.seen(services, rule),
        "shape": kind_of(rule).shape(rule),
        "by_levels": kind_of(rule).by_levels,
        "signal": serialising.own(rule),
        "controls": wording.fields(services, rule),
        "stations": {target.station.id: target.station for target in targets}.values(),
        "last": services.rule_repository.versions(rule.id)[-1].version,
        "remarks": list(remarks(rule, services.catalogue, services.words)),
        "done": done if done in DONE else "",
        "now_ms": services.now_ms(),
    }


@router.post("/rules/{rule_id}/proposals/{proposal_id}/confirm", dependencies=[SameOrigin])
def confirm(
    rule_id: str, proposal_id: RowId, request: Request, services: ServicesOf, account: Tuner
) -> RedirectResponse:
    """Confirm what another person proposed, and show the rule anew."""
    found = _proposal(services, rule_id, proposal_id)
    try:
        actions.confirm(services, account, found)
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from None
    except (DecidedMeanwhile, SavedMeanwhile):
        return _shown(request, rule_id, "decided")
    return _shown(request, rule_id, "confirmed")


@router.post("/rules/{rule_id}/proposals/{proposal_id}/withdraw", dependencies=[SameOrigin])
def withdraw(
    rule_id: str, proposal_id: RowId, request: Request, services: ServicesOf, account: Tuner
) -> RedirectResponse:
    """Take back a proposal, or refuse another person's, and show the rule anew."""
    try:
        actions.withdraw(services, account, _proposal(services, rule_id, proposal_id))
    except DecidedMeanwhile:
        return _shown(request, rule_id, "decided")
    return _shown(request, rule_id, "withdrawn")


def _proposal(services: Services, rule_id: str, proposal_id: int) -> Proposal:
    found = actions.proposal_of(services, rule_id, proposal_id)
    if found is None:
        raise HTTPException(404, f"unknown proposal {proposal_id}")
    return found


def _shown(request: Request, rule_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(link(request, f"/rules/{rule_id}?done={done}"), 303)
