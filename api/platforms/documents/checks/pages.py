"""Pages of checks: all of them, and one that is tried on all kept texts and saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.open_forms.sending import Fields
from api.platforms.documents.checks import actions, wording
from api.platforms.documents.checks.actions import Kept
from api.platforms.documents.checks.records.form import Typed, Unfit, read, written
from api.platforms.documents.checks.records.trials import SHOWN, Trial
from api.platforms.documents.checks.repository import MOST_LINES
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.rulebook.wording import precision
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page

router = APIRouter(prefix="/checks", include_in_schema=False, dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Tuner = Annotated[Account, require(DocumentsPermission.SAVE_RULES)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Maybe = Annotated[int | None, Query(ge=1, le=MOST_ID)]
NO_WRONG: Mapping[str, str] = {}


@router.get("", response_class=HTMLResponse)
def checks(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Every check with its rule, what it finds, and how often it was right."""
    t = services.words
    rows = [
        {
            "check": of.check,
            "rule": wording.rule(of.check),
            "tally": of.tally,
            "precision": precision(t, of.precision),
        }
        for of in actions.every(services)
    ]
    return page(
        request, t, "documents/checks.html", **frame(request, services, account), rows=rows
    )


@router.get("/{check_id}", response_class=HTMLResponse)
def check(
    check_id: str,
    request: Request,
    services: ServicesOf,
    account: Viewer,
    version: Maybe = None,
    trial: Maybe = None,
    done: str = "",
) -> HTMLResponse:
    """A check with its form, filled as it is in force, as a version was, or as it was tried."""
    kept = actions.find(services, check_id)
    tried = actions.tried(services, trial, check_id) if trial else None
    old = [of for of in kept.versions if of.holds and of.document.version == version]
    drawn = tried.draft if tried else old[0].document if old else kept.check
    typed = {**written(drawn), "version": str(tried.base if tried else kept.last)}
    if tried:
        typed |= {"trial": str(tried.id), "reason": tried.reason}
    return _shown(request, services, account, kept, typed, trial=tried, saved=done == "saved")


@router.post("/{check_id}")
@costs(HEAVY)
def change(
    check_id: str, typed: Fields, request: Request, services: ServicesOf, account: Tuner
) -> Response:
    """Try what was typed on all kept texts, save it, or show one more row; nothing that was typed
    is lost.
    """
    kept = actions.find(services, check_id)
    act = typed.get("do", "")
    if act.startswith("more-"):
        opened = act.removeprefix("more-")
        return _shown(request, services, account, kept, typed, opened=opened)
    try:
        draft = read(kept.check, typed)
        if act != "save":
            found = actions.try_(services, account, check_id, draft, typed.get("reason", ""))
            return RedirectResponse(
                link(request, f"/checks/{check_id}?trial={found.id}#trial"), 303
            )
        after, trial = _number(typed, "version"), _number(typed, "trial")
        reason = typed.get("reason", "")
        actions.save(services, account, draft, after=after, reason=reason, trial=trial)
    except Unfit as refused:
        wrong = wording.wrongs(services.words, refused.wrongs)
        return _shown(request, services, account, kept, typed, wrong=wrong)
    except NotAccepted as refused:
        said = services.words(f"documents.checks.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        return _shown(request, services, account, kept, typed, wrong=wrong)
    return RedirectResponse(link(request, f"/checks/{check_id}?done=saved"), 303)


@router.post("/{check_id}/trials/{number}/go-on")
def go_on(
    check_id: str, number: Number, request: Request, services: ServicesOf, _account: Tuner
) -> Response:
    """Examine further texts of a trial that has not ended."""
    actions.go_on(services, actions.tried(services, number, check_id).id)
    return RedirectResponse(link(request, f"/checks/{check_id}?trial={number}#trial"), 303)


@router.get("/{check_id}/trials/{number}.{form}")
def exported(
    check_id: str, number: Number, form: tables.Form, services: ServicesOf, _account: Viewer
) -> Response:
    """All lines of a trial as a table for a spreadsheet."""
    trial = actions.tried(services, number, check_id)
    lines = actions.lines(services, number, None, MOST_LINES)
    sheet = wording.table(services.words, lines)
    return tables.download(
        services.words, f"{check_id}-{number}", form, sheet, total=trial.changed, most=MOST_LINES
    )


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
    lines = actions.lines(services, trial.id, None, MOST_LINES) if trial else ()
    answer = page(
        request,
        t,
        "documents/check.html",
        **frame(request, services, account),
        check=kept.check,
        tally=kept.tally,
        rule=wording.rule(kept.check),
        precision=precision(t, kept.precision),
        form=wording.asked(t, kept.check, typed, wrong),
        values=wording.values(t, kept.check),
        exclusions=wording.exclusions(t, kept.check),
        opened=opened,
        ticked=[name for name in typed if name.endswith(".remove")],
        version=typed.get("version", ""),
        reason=typed.get("reason", ""),
        trial_id=typed.get("trial", ""),
        versions=wording.version_lines(t, kept.versions, kept.check),
        trial=trial,
        old=trial is not None and actions.is_old(services, trial),
        compared=wording.compared(t, trial) if trial else [],
        parts=wording.parts(t, trial, lines) if trial else [],
        shown=SHOWN,
        wrong=wrong,
        saved=saved,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _number(typed: Typed, name: str) -> int:
    """A number that the page gave along; 0 where somebody sent something else."""
    text = typed.get(name, "")[:9]
    return int(text) if text.isascii() and text.isdecimal() else 0


PAGES = (router,)
