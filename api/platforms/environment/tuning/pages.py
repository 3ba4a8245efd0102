"""The rules, and the page of one: to read it, or to change it over the past."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from alerting.rules import serialising
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from alerting.wording.fitness import remarks
from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.tuning import actions, wording
from api.platforms.environment.tuning.records import COUNTED
from api.services import Services, ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_RULES)]


@router.get("/rules", response_class=HTMLResponse)
def rules(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every rule in force with its levels, and the version that waits, if one does."""
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
        "saved": done == "saved",
        "now_ms": services.now_ms(),
    }
