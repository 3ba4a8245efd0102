"""Pages of rules: all of them, and one that is tried on a year and saved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of
from api.frame import frame
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rulebook.wording import in_language, rule_name
from api.platforms.budget.rules import actions, wording
from api.platforms.budget.rules.actions import Kept
from api.platforms.budget.rules.records.parts import Typed
from api.platforms.budget.rules.records.reading import Unfit, read, written
from api.platforms.budget.rules.records.trials import SHOWN, Trial
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page
from budget.yuan import yuan

router = APIRouter(prefix="/rules", include_in_schema=False, dependencies=[SameOrigin])
Viewer = Annotated[Account, require(BudgetPermission.SEE_RULES)]
Tuner = Annotated[Account, require(BudgetPermission.SAVE_RULES)]
NO_WRONG: Mapping[str, str] = {}
MORE = "more-"
"""Before the path of a list that shall have one more row."""


async def _typed(request: Request) -> AsyncIterator[Typed]:
    async with form_of(request) as form:
        yield {
            name: tuple(
                of.replace("\r\n", "\n") for of in form.getlist(name) if isinstance(of, str)
            )
            for name in form
        }


Sent = Annotated[Typed, Depends(_typed)]


@router.get("", response_class=HTMLResponse)
def rules(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every rule with its source, its parameters, and who changed it last."""
    t = services.words
    rows = [
        {
            "rule": in_language(t, of.rule),
            "name": rule_name(t, of.rule.kind),
            "values": wording.values(t, of.rule),
            "exclusions": wording.exclusions(t, of.rule),
            "versions": wording.version_lines(t, of.versions, of.rule),
        }
        for of in actions.every(services)
    ]
    return page(request, t, "budget/rules.html", **frame(request, services, account), rows=rows)


@router.get("/{rule_id}", response_class=HTMLResponse)
def rule(
    rule_id: str,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    version: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
    done: str = "",
) -> HTMLResponse:
    """A rule with its form, filled as it is in force or as a version was."""
    kept = actions.find(services, rule_id)
    of = [one.document for one in kept.versions if one.holds and one.document.version == version]
    typed = {**written(of[0] if of else kept.rule), "version": (str(kept.last),)}
    return _shown(request, services, account, kept, typed, saved=done == "saved")


@router.post("/{rule_id}")
@costs(HEAVY)
def change(
    rule_id: str, typed: Sent, request: Request, services: ServicesOf, account: Tuner
) -> Response:
    """Try what was typed, save it, or show one more row; nothing that was typed is lost."""
    kept = actions.find(services, rule_id)
    act = _text(typed, "do")
    if act.startswith(MORE):
        opened = act.removeprefix(MORE)
        return _shown(request, services, account, kept, typed, opened=opened)
    try:
        draft = read(kept.rule, typed)
        if act != "save":
            found = actions.trial(services, kept, draft, _text(typed, "year"))
            return _shown(request, services, account, kept, typed, trial=found)
        after = _number(typed, "version")
        actions.save(services, account, draft, after=after, reason=_text(typed, "reason"))
    except Unfit as refused:
        wrong = wording.wrongs(services.words, kept.rule, refused.wrongs)
        return _shown(request, services, account, kept, typed, wrong=wrong)
    except NotAccepted as refused:
        said = services.words(f"budget.rules.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        return _shown(request, services, account, kept, typed, wrong=wrong)
    return RedirectResponse(link(request, f"/rules/{rule_id}?done=saved"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    kept: Kept,
    typed: Typed,
    *,
    wrong: Mapping[str, str] = NO_WRONG,
    trial: Trial | None = None,
    saved: bool = False,
    opened: str = "",
) -> HTMLResponse:
    t = services.words
    answer = page(
        request,
        t,
        "budget/rule.html",
        **frame(request, services, account),
        rule=in_language(t, kept.rule),
        name=rule_name(t, kept.rule.kind),
        form=wording.asked(t, kept.rule, typed, wrong),
        values=wording.values(t, kept.rule),
        exclusions=wording.exclusions(t, kept.rule),
        opened=opened,
        version=_text(typed, "version"),
        versions=wording.version_lines(t, kept.versions, kept.rule),
        years=actions.years(services),
        year=_text(typed, "year"),
        reason=_text(typed, "reason"),
        trial=trial,
        compared=wording.compared(t, trial) if trial else [],
        missing=wording.missing(t, trial.draft.missing) if trial else "",
        fresh=wording.questions(t, trial, trial.fresh) if trial else [],
        gone=wording.questions(t, trial, trial.gone) if trial else [],
        shown=SHOWN,
        yuan=yuan,
        wrong=wrong,
        saved=saved,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _text(typed: Typed, name: str) -> str:
    return "".join(typed.get(name, ())[:1])


def _number(typed: Typed, name: str) -> int:
    """A number that the page gave along; 0 where somebody sent something else."""
    text = _text(typed, name)[:10]
    return int(text) if text.isascii() and text.isdecimal() else 0


PAGES = (router,)
