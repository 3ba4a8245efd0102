"""Pages of monthly figures: the bodies in the official order, and one body by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.deadlines import wording as deadline_wording
from api.deadlines.opening import deadlines_of
from api.frame import frame
from api.platforms.judicial.figures import wording
from api.platforms.judicial.figures.actions import reading, sending, terms
from api.platforms.judicial.figures.actions.reading import Row, Series
from api.platforms.judicial.figures.actions.sending import TableRefused
from api.platforms.judicial.figures.records.ranges import MEASURES
from api.platforms.judicial.figures.records.series import Month, make_up
from api.platforms.judicial.figures.records.templates import TOTAL, month_before
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID
from api.web.rendering import link, page

FIELDS = ("month", "why", "id", "reason", "measure", "low", "high", "source", "day")
Reader = Annotated[Account, require(JudicialPermission.SEE)]
Sender = Annotated[Account, require(JudicialPermission.SUBMIT)]
Office = Annotated[Account, require(JudicialPermission.CHECK)]
Asked = Annotated[str, Query(max_length=7)]
Refused = TableRefused | TextRefused
NOTHING: Mapping[str, str] = {}
router = APIRouter(prefix="/figures", include_in_schema=False, dependencies=[SameOrigin])


@router.get("", response_class=HTMLResponse)
def figures(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """The bodies, by name alone."""
    around = frame(request, services, account)
    found = reading.bodies(services)
    return page(request, services.words, "judicial/figures.html", **around, bodies=found)


@router.get("/{body}.{form}")
def exported(body: str, form: tables.Form, services: ServicesOf, account: Reader) -> Response:
    """The months of one body that count, as a table for a spreadsheet."""
    found = reading.series(services, account, body)
    sheet = wording.table(services.words, found.template, found.name, found.months, found.earlier)
    total = len(found.months) * len(found.template.lines)
    return tables.download(services.words, body, form, sheet, total=total)


@router.get("/{body}", response_class=HTMLResponse)
def one(
    body: str, request: Request, services: ServicesOf, account: Reader, month: Asked = ""
) -> HTMLResponse:
    """One body over time, and the make-up of one of its months."""
    return _shown(request, services, account, body, {"shown": month})


@router.post("/{body}/send")
def send(
    body: str, written: Written, request: Request, services: ServicesOf, account: Sender
) -> Response:
    """Send a month; with faults the form comes again with all that was written."""
    try:
        sending.send(services, account, body, written)
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused, form="send")
    return _back(request, body)


@router.post("/{body}/decide")
def decide(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Accept a version, or return it with a reason."""
    accept, reason = written.get("decision") == "accept", written.get("reason", "")
    try:
        sending.decide(services, account, _number(written), accept=accept, reason=reason)
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused, form="decide")
    return _back(request, body)


@router.post("/{body}/inspect", response_class=HTMLResponse)
def inspect(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """A version with low counts that waits for a decision; that it was seen is recorded."""
    row = reading.inspect(services, account, body, _number(written))
    return _shown(request, services, account, body, NOTHING, inspected=row)


@router.post("/{body}/break")
def mark(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Mark where the figures begin to count otherwise."""
    month, reason = written.get("month", "").strip(), written.get("reason", "")
    try:
        sending.mark(services, account, body, month, reason)
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused, form="break")
    return _back(request, body)


@router.post("/{body}/range")
def enter(
    body: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Enter a reference range with its source."""
    try:
        sending.enter_range(services, account, body, written)
    except (TableRefused, TextRefused) as refused:
        return _shown(request, services, account, body, written, refused, form="range")
    return _back(request, body)


def _number(written: Mapping[str, str]) -> int:
    number = written.get("id", "")
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:11]) <= MOST_ID):
        raise HTTPException(404)
    return int(number[:11])


def _back(request: Request, body: str) -> Response:
    return RedirectResponse(link(request, f"/figures/{body}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    body: str,
    written: Mapping[str, str],
    refused: Refused | None = None,
    inspected: Row | None = None,
    form: str = "",
) -> HTMLResponse:
    """The page of a body; ``form`` is the one that was refused and keeps what was written."""
    series = reading.series(services, account, body)
    month = series.month(written.get("shown", "") or "")
    answer = page(
        request,
        services.words,
        "judicial/body.html",
        **frame(request, services, account),
        series=series,
        body=body,
        month=month,
        then=series.earlier.get(month.month) if month else None,
        shares=make_up(series.template, month) if month else {},
        ranges=_ranges(services, series, month),
        behind=terms.lacking(services, body),
        terms=_terms(services, body),
        sends=account.may(JudicialPermission.SUBMIT) and reading.may_send(account, body),
        checks=account.may(JudicialPermission.CHECK),
        counts=reading.sees_counts(account, series),
        inspected=inspected,
        names=People(services.state).names([of["sent_by"] for of in series.versions]),
        rows={row: wording.row(services.words, series.template, row)
              for row in series.template.lines},
        measures=MEASURES,
        form=form,
        written=dict.fromkeys((*FIELDS, *series.template.cells), "") | dict(written),
        **_wrong(services, series, refused),
        curves=_curves(series),
        total=TOTAL,
    )  # fmt: skip
    answer.status_code = 422 if refused else 200
    return answer


def _wrong(services: Services, series: Series, refused: Refused | None) -> Mapping[str, Any]:
    """By field what does not hold, and of cells where they are."""
    if refused is None:
        return {"wrong": {}, "faults": []}
    if isinstance(refused, TextRefused):
        return {"wrong": refused.wrong(services.words), "faults": []}
    words, template = services.words, series.template
    faults = [(of.field, wording.position(words, template, of), wording.fault(words, of))
              for of in refused.wrong if of.row]  # fmt: skip
    wrong = {of.field: wording.fault(words, of) for of in refused.wrong}
    return {"wrong": wrong, "faults": faults}


def _ranges(
    services: Services, series: Series, month: Month | None
) -> Sequence[Mapping[str, Any]]:
    words = services.words
    return [
        {
            "said": wording.range_said(words, of.range),
            "value": None if of.value is None else wording.percent(of.value),
            "within": of.within,
        }
        for of in (reading.ranged(series, month) if month else ())
    ]


def _terms(services: Services, body: str) -> Sequence[deadline_wording.Line]:
    """The running terms of the last two months."""
    newest = month_before(reading.this_month(services))
    found = [
        of
        for month in (newest, month_before(newest))
        for of in deadlines_of(services).of_subject(reading.reference(body, month))
    ]
    return [
        deadline_wording.line(services.words, of, services.now_ms()) for of in found if of.open
    ]


def _curves(series: Series) -> Sequence[str]:
    """Pending counts over time as points of lines, one a run; where a count is hidden, none."""
    every = [of for run in series.runs for of in run]
    known = {of.month: count for of in every if (count := of.shown(TOTAL, "pending")) is not None}
    if len(every) < 2 or len(known) < len(every):
        return []
    most = max(known.values()) or 1
    at = {of.month: 100 * number / (len(every) - 1) for number, of in enumerate(every)}
    return [
        " ".join(f"{at[of.month]:.1f},{100 - 100 * known[of.month] / most:.1f}" for of in run)
        for run in series.runs
        if len(run) > 1
    ]


PAGES = (router,)
