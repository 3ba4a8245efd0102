"""Pages of appraisals: the list without results, one officer's appraisal, and the ballot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.ballots import answers as sheets
from api.ballots import wording as ballots
from api.ballots.questions import Answers
from api.ballots.refusals import UnknownPoll
from api.files import actions as files
from api.files import wording as file_wording
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.appraisals import actions, wording
from api.platforms.judicial.appraisals.procedure import PROCEDURE
from api.platforms.judicial.appraisals.records import NotAnswers, NotOpened
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import FILES, Written, forms, version_of
from api.procedures.part import Failed, failed_by, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/appraisals/{item_id}"
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Office = Annotated[Account, require(JudicialPermission.APPRAISE)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


async def _sent(request: Request) -> Mapping[str, Sequence[str]]:
    """The fields of a page that are text, each with all of its values."""
    found: dict[str, list[str]] = {}
    for name, value in (await request.form(max_files=0)).multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


Sent = Annotated[Mapping[str, Sequence[str]], Depends(_sent)]


@router.get("/appraisals", response_class=HTMLResponse)
def appraisals(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Appraisals that somebody sees, the newest first, without their results."""
    return page(
        request,
        services.words,
        "judicial/appraisals.html",
        **frame(request, services, account),
        rows=actions.listed(services, account),
        units=unit_names.every(services),
    )


@router.get("/appraisals/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form that plans one."""
    return _form(request, services, account, {}, {}, 200)


@router.post("/appraisals/new", response_model=None)
def plan(written: Written, request: Request, services: ServicesOf, account: Office) -> Response:
    """Plan it; with faults the form comes again with all that was written."""
    given = {need.name: written.get(need.name, "") for need in PROCEDURE.first.needs}
    try:
        made = actions.plan(services, account, given)
    except StepRefused as refused:
        wrong = dict(refused.wrong(services.words)) or {"office": refused.said(services.words)}
        return _form(request, services, account, written, wrong, refused.status_code)
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def appraisal(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """One officer's appraisal by itself, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/open", response_model=None)
def open_ballots(
    item_id: str, sent: Sent, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Open the ballots; with faults the form comes again with all that was chosen."""
    last_day = (sent.get("last_day") or ("",))[0]
    units = sent.get("units", ())
    version = version_of({name: values[0] for name, values in sent.items()})
    try:
        actions.open_ballots(services, account, item_id, last_day, units, version)
    except UnknownThing:
        raise
    except (NotOpened, StepRefused) as refused:
        wrong = {"last_day": refused.said(services.words)}
        chosen = {"last_day": last_day, "units": units}
        answer = _shown(request, services, account, item_id, None, wrong, chosen)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.post(f"{ADDRESS}/count", response_model=None)
def count_ballots(
    item_id: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Close and count the ballots."""
    try:
        actions.count_ballots(services, account, item_id, version_of(written))
    except UnknownThing:
        raise
    except StepRefused as refused:
        failed = failed_by(services, refused, "count", {})
        answer = _shown(request, services, account, item_id, failed)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(f"{ADDRESS}/ballot", response_class=HTMLResponse)
def ballot(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The ballot of somebody who is asked, or that it was given."""
    return _ballot(request, services, account, item_id, {}, {})


@router.post(f"{ADDRESS}/ballot", response_model=None)
def vote(
    item_id: str, sent: Sent, request: Request, services: ServicesOf, account: Reader
) -> Response:
    """Give it; with faults the page comes again with all that was chosen."""
    form = actions.appraisal(services, account, item_id).poll.form
    answers = sheets.read(form, sent)
    try:
        actions.vote(services, account, item_id, answers)
    except NotAnswers as refused:
        answer = _ballot(request, services, account, item_id, answers, refused.wrong)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, f"{ADDRESS.format(item_id=item_id)}/ballot"), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "judicial/appraisal_form.html",
        **frame(request, services, account),
        written={of.name: written.get(of.name, "") for of in PROCEDURE.first.needs},
        wrong=wrong,
        units=unit_names.present(services),
        needs={need.name: need for need in PROCEDURE.first.needs},
    )
    answer.status_code = status
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    wrong: Mapping[str, str] | None = None,
    chosen: Mapping[str, object] | None = None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    found = actions.appraisal(services, account, item_id)
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    listed = [of for of in part.following if of.step.name not in ("open", "count")]
    asked, answered = actions.counts(services, found)
    attaches = actions.ATTACHING.may(services, account, found.row)
    attached = files.of_subject(services, actions.subject(found.row))
    return page(
        request,
        services.words,
        "judicial/appraisal.html",
        **frame(request, services, account),
        part=replace(part, following=listed),
        found=found,
        unit=unit_names.every(services).get(found.row["unit"], found.row["unit"]),
        asked=asked,
        answered=answered,
        few=wording.few(found),
        results=wording.lines(services.words, found),
        opens=found.row["state"] == "reported" and account.may(JudicialPermission.APPRAISE),
        counts=found.row["state"] == "open" and account.may(JudicialPermission.APPRAISE),
        delegations=unit_names.present(services, "delegation"),
        today=day_of(services.now_ms()),
        wrong=wrong or {},
        chosen=chosen or {"last_day": "", "units": ()},
        lines=file_wording.lines(services, attached),
        accepted=file_wording.ACCEPTED,
        attach=f"{address}/files" if attaches else "",
        wrong_file=failed.said if failed and failed.step == FILES else "",
        most_mb=services.attachments.most_mb,
    )


def _ballot(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    answers: Answers,
    wrong: Mapping[str, str],
) -> HTMLResponse:
    found = actions.appraisal(services, account, item_id)
    if not found.asked:
        raise UnknownPoll(f"appraisal {item_id[:40]} does not ask {account.username}")
    takes = found.poll.takes_answers(day_of(services.now_ms())) and not found.voted
    return page(
        request,
        services.words,
        "judicial/appraisal_ballot.html",
        **frame(request, services, account),
        found=found,
        takes=takes,
        address=link(request, ADDRESS.format(item_id=item_id)),
        screen=ballots.screen(services.words, found.poll.form, answers, 1, wrong),
        wrong=wrong,
    )


PAGES = (
    router,
    actions.ATTACHING.form(ADDRESS, _shown),
    forms(PROCEDURE, ADDRESS, _shown),
)
