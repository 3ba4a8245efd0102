"""The rules, and the page on which one is changed over the past."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from alerting import spelling
from alerting.rules import Rule
from api.accounts.door import OnPage
from api.accounts.records import Account
from api.parts import PartsOf
from api.platforms.environment.menu import frame
from api.platforms.environment.tuning import actions, wording
from api.platforms.environment.tuning.records import COUNTED
from api.web.rendering import page

router = APIRouter(include_in_schema=False)


def _officer(account: OnPage) -> Account:
    if account.role != "officer":
        raise HTTPException(403, "rules are seen and changed by officers; ask one")
    return account


Officer = Annotated[Account, Depends(_officer)]


@router.get("/rules", response_class=HTMLResponse)
def rules(request: Request, parts: PartsOf, account: Officer) -> HTMLResponse:
    """Every rule in force with its levels, and the version that waits, if one does."""
    rows = [
        (
            rule,
            wording.looked_at(parts, rule),
            wording.scope(parts, rule),
            [(limit, wording.level(parts, rule, limit)) for limit in rule.limits],
            parts.rulebook.versions(rule.id)[-1],
        )
        for rule in parts.rules
    ]
    return page(request, parts.words, "rules.html", **frame(parts, account), rows=rows)


@router.get("/rules/{rule_id}", response_class=HTMLResponse)
def tuning(
    rule_id: str, request: Request, parts: PartsOf, account: Officer, done: str = ""
) -> HTMLResponse:
    """A rule with its past, what another one would have made of it, and its versions."""
    rule = actions.rule_of(parts, rule_id)
    if rule is None:
        raise HTTPException(404, f"unknown rule {rule_id!r}")
    form = spelling.form(rule)
    places = rule.places(parts.catalogue)
    return page(
        request,
        parts.words,
        "tuning.html",
        **frame(parts, account),
        rule=rule,
        form=form,
        counted=form in COUNTED,
        seen=wording.seen(parts, rule),
        looked_at=wording.looked_at(parts, rule),
        scope=wording.scope(parts, rule),
        shape=_shape(rule, form),
        look=spelling.own(rule),
        controls=wording.controls(parts, rule),
        stations={place.station.id: place.station for place in places}.values(),
        last=parts.rulebook.versions(rule_id)[-1].version,
        versions=wording.told(parts, rule_id),
        saved=done == "saved",
        now_ms=parts.now_ms(),
    )


def _shape(rule: Rule, form: str) -> str:
    """How a chart draws what a rule sees: as a line, single points, lanes of states, or steps from
    an instant on ("steps") or up to one ("ends").
    """
    if rule.kind == "standard":
        return "ends" if form in COUNTED else "line"
    if form == "within":
        return "points"
    return {"absence": "steps", "combined": "steps", "state": "lanes"}.get(rule.kind, "line")
