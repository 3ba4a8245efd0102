"""The rules, and the page on which one is changed over the past."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from alerting.rules import serialising
from alerting.rules.registry import kind_of
from alerting.wording.fitness import remarks
from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.tuning import actions, wording
from api.platforms.environment.tuning.records import COUNTED
from api.services import ServicesOf
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_RULES)]
Tuner = Annotated[Account, require(EnvironmentPermission.TUNE_RULES)]


@router.get("/rules", response_class=HTMLResponse)
def rules(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every rule in force with its levels, and the version that waits, if one does."""
    rows = [
        (
            rule,
            wording.looked_at(services, rule),
            wording.scope(services, rule),
            [(limit, wording.level(services, rule, limit)) for limit in rule.limits],
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
def tuning(
    rule_id: str, request: Request, services: ServicesOf, account: Tuner, done: str = ""
) -> HTMLResponse:
    """A rule with its past, what another one would have made of it, and its versions."""
    rule = actions.rule_of(services, rule_id)
    if rule is None:
        raise HTTPException(404, f"unknown rule {rule_id!r}")
    form = serialising.form(rule)
    targets = rule.targets(services.catalogue)
    return page(
        request,
        services.words,
        "environment/tuning.html",
        **frame(request, services, account),
        rule=rule,
        form=form,
        counted=form in COUNTED,
        seen=wording.seen(services, rule),
        looked_at=wording.looked_at(services, rule),
        scope=wording.scope(services, rule),
        shape=kind_of(rule).shape(rule),
        by_levels=kind_of(rule).by_levels,
        signal=serialising.own(rule),
        controls=wording.fields(services, rule),
        stations={target.station.id: target.station for target in targets}.values(),
        last=services.rule_repository.versions(rule_id)[-1].version,
        versions=wording.version_lines(services, rule_id),
        remarks=list(remarks(rule, services.catalogue, services.words)),
        saved=done == "saved",
        now_ms=services.now_ms(),
    )
