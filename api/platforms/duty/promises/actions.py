"""Make promises with a reply, watch their evidence, and keep the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.deadlines import wording as term_wording
from api.evidence import watching
from api.evidence.records import Evidence
from api.platforms.duty import centre
from api.platforms.duty import repository as suggestions
from api.platforms.duty.promises import repository, wording
from api.platforms.duty.promises.procedure import PROCEDURE
from api.platforms.duty.promises.records import (
    LONGEST_MEASURE,
    MOST,
    Promised,
    Show,
)
from api.platforms.duty.promises.wording import PromiseLine
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.taking import Acting
from api.services import Services
from api.shape import CoreServices, Platform
from api.web.forms import LAST_DAY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of the ledger, with how many there are by each filter."""

    lines: Sequence[PromiseLine]
    counts: Mapping[Show, int]
    pages: int


def parts(
    services: Services, account: Account, row: Row, roster: Sequence[Platform] = ()
) -> Mapping[str, Any]:
    """Values of ``duty/_promises.html``. Without a roster the evidence is not said in words."""
    with services.state.read() as connection:
        found = repository.of_suggestion(connection, account, row["id"])
    return {"promises": _lines(services, roster, found)}


def ledger(
    services: Services, account: Account, roster: Sequence[Platform], show: Show, page: int
) -> Ledger:
    """The promises that concern an account."""
    with services.state.read() as connection:
        found, counts = repository.listed(connection, account, show, services.now_ms(), page)
    pages = max(1, -(-counts[show] // repository.PAGE))
    return Ledger(_lines(services, roster, found), counts, pages)


def make(acting: Acting, suggestion: Row, promised: Sequence[Promised]) -> None:
    """Write the promises of the reply that was given just now, in the transaction of its step."""
    answer = repository.last_reply(acting.connection, suggestion["id"])
    making = replace(acting, procedure=PROCEDURE)
    for one in promised:
        taking.begin(
            making,
            one.given,
            suggestion=suggestion["id"],
            title=f"{suggestion['title']}：{one.measure}"[:LONGEST_TITLE],
            unit=suggestion["unit"],
            answer=answer,
            lead=suggestion["lead"],
            watched_ms=acting.at_ms if one.evidence else None,
            secrecy=suggestion["secrecy"],
        )


def promised(
    services: Services, roster: Sequence[Platform], given: Sequence[Mapping[str, str]]
) -> Sequence[Promised]:
    """The promises of a form: rows without a measure and a day are left out. A row has
    ``measure``, ``due_day``, ``evidence`` (platform and kind, or empty), and the fields of that
    kind as ``{platform}/{kind}/{field}``.

    Raises:
        NotAccepted: where a field does not hold; its fault names it with the row, from 0.
    """
    rows = [
        (number, of)
        for number, of in enumerate(given)
        if of.get("measure", "").strip() or of.get("due_day", "").strip()
    ]
    if len(rows) > MOST:
        fault = Fault("promises", "are too many", f"give {MOST} at most")
        raise NotAccepted(fault, "many", most=MOST)
    today = day_of(services.now_ms())
    return [_promised(services, roster, number, of, today) for number, of in rows]


def watch(core: CoreServices) -> None:
    """The job that looks after promises: those whose evidence is there are reported, those of a
    reply that was taken back are void, and those of a lead deputy who left go to the successor.
    """
    services = core.acting
    with core.state.read() as connection:
        void = repository.void(connection)
    for promise in void:
        _take(services, promise, "void", {})
    name_leads(services)
    with core.state.read() as connection:
        watched = repository.watched(connection)
    for row in watched:
        report = watching.proved(services, core.roster, Evidence.of(row["evidence"]))
        if report is not None:
            _take(services, row["id"], "evidence-met", {"report": report})


def name_leads(services: Services) -> None:
    """Let open promises follow the lead deputy of their suggestion."""
    with services.state.read() as connection:
        leads = repository.of_former_lead(connection)
    for promise, lead in leads.items():
        _take(services, promise, "name-lead", {"lead": lead})


def line_of(services: Services, roster: Sequence[Platform], row: Row) -> PromiseLine:
    """A promise as it stands."""
    (found,) = _lines(services, roster, [row])
    return found


def _take(services: Services, promise: int, step: str, given: Mapping[str, str]) -> None:
    with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
        taking.take(acting, str(promise), step, given)


def _lines(
    services: Services, roster: Sequence[Platform], promises: Sequence[Row]
) -> Sequence[PromiseLine]:
    units = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    with services.state.read() as connection:
        ids = [of["id"] for of in promises]
        terms = suggestions.last_terms(connection, repository.KIND, ids)
    now_ms, words = services.now_ms(), services.words
    shown = {of: term_wording.line(words, term, now_ms) for of, term in terms.items()}
    return [wording.line(services, roster, units, of, shown.get(of["id"])) for of in promises]


def _promised(
    services: Services,
    roster: Sequence[Platform],
    number: int,
    given: Mapping[str, str],
    today: str,
) -> Promised:
    measure, said = given.get("measure", "").strip(), given.get("due_day", "").strip()
    if not measure or len(measure) > LONGEST_MEASURE or "\0" in measure:
        fault = Fault(f"measure-{number}", "is missing or long", "say what will be done")
        raise NotAccepted(fault, "measure", most=LONGEST_MEASURE)
    try:
        due = date.fromisoformat(said).isoformat()
    except ValueError:
        due = ""
    if not today <= due <= LAST_DAY:
        fault = Fault(f"due_day-{number}", f"{said!r} is no day to come", f"from {today} on")
        raise NotAccepted(fault, "due-day")
    kept = watching.chosen(services, roster, f"evidence-{number}", given)
    return Promised(measure, date.fromisoformat(due), kept)
