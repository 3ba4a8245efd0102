"""The rules, and the page on which a threshold is moved over the past."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from api.accounts.door import OnPage
from api.accounts.records import Account
from api.parts import PartsOf
from api.platforms.environment.menu import frame
from api.platforms.environment.tuning import actions
from api.web.rendering import page
from config.vocabulary.indicators import INDICATORS

router = APIRouter(include_in_schema=False)


def _officer(account: OnPage) -> Account:
    if account.role != "officer":
        raise HTTPException(403, "rules are seen and changed by officers; ask one")
    return account


Officer = Annotated[Account, Depends(_officer)]


@router.get("/rules", response_class=HTMLResponse)
def rules(request: Request, parts: PartsOf, account: Officer) -> HTMLResponse:
    """Every rule in force with its levels."""
    rows = [
        (
            rule,
            actions.looked_at(parts, rule),
            actions.scope(parts, rule),
            [(limit, actions.level(parts, rule, limit)) for limit in rule.limits],
        )
        for rule in parts.rules
    ]
    return page(request, parts.words, "rules.html", **frame(parts, account), rows=rows)


@router.get("/rules/{rule_id}", response_class=HTMLResponse)
def tuning(
    rule_id: str, request: Request, parts: PartsOf, account: Officer, done: str = ""
) -> HTMLResponse:
    """A threshold with its past, what other limits would have made of it, and its versions."""
    rule = actions.rule_of(parts, rule_id)
    if rule is None or rule.kind != "threshold":
        raise HTTPException(404, f"no threshold rule {rule_id!r}")
    series = rule.series(parts.catalogue)
    return page(
        request,
        parts.words,
        "tuning.html",
        **frame(parts, account),
        rule=rule,
        seen=actions.looked_at(parts, rule),
        scope=actions.scope(parts, rule),
        indicator=INDICATORS[rule.indicator],
        stations=[parts.catalogue.stations[name.partition("/")[0]] for name in series],
        last=parts.rulebook.versions(rule_id)[-1].version,
        versions=actions.told(parts, rule_id),
        saved=done == "saved",
        now_ms=parts.now_ms(),
    )
