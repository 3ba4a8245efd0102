"""Freeze the report on one topic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast

from api.accounts.records import Account
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.budget.findings import wording as finding_wording
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.ledger.records import names
from api.platforms.budget.payments.actions import together
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import actions as projects
from api.platforms.budget.projects import repository as project_repository
from api.platforms.budget.projects import wording as project_wording
from api.platforms.budget.projects.records import oldest
from api.platforms.budget.special import repository, wording
from api.platforms.budget.special.records import (
    MOST_YEARS,
    Asked,
    Chosen,
    Counted,
    Topic,
    by_quarter,
    by_year,
    concerns,
    last_paid,
    matching,
    parts,
    payees,
    selected,
    vouchers,
)
from api.services import Services
from api.web.forms import NotAccepted
from budget.ledger import Ledger, equal
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def suggested(means: Means, _account: Account) -> Topic:
    """The year that runs and the two before it, about everything."""
    year = int(day_of(means.now_ms())[:4])
    return Topic(means.words("budget.special.some-topic"), year - 2, year)


def freeze(means: Means, account: Account, topic: Topic) -> Paper:
    """The report on a topic; of findings those that whoever screens sees.

    Raises:
        NotAccepted: a unit or project is nowhere, the years do not hold, or the sums of payments
            are being made anew.
    """
    _check(topic)
    if not up_to_date(means.state):
        fault = Fault("title", "payments are being added up anew", "ask again in a minute")
        raise NotAccepted(fault, "being-made")
    return wording.paper(means.words, means.catalogue.site.name, counted(means, account, topic))


def counted(means: Means, account: Account, topic: Topic) -> Counted:
    """All that a report says.

    Raises:
        NotAccepted: a unit or project that is asked for is nowhere.
    """
    with means.state.read() as connection:
        ledger = repository.payments(connection)
        units, known_projects = repository.names(connection)
        budgets = repository.budgets(connection, topic.years)
        first, last = f"{topic.from_year}-01-01", f"{topic.to_year}-12-31"
        changes = repository.adjustments(connection, first, last)
        registered = project_repository.registered(connection)
    units = names(ledger, "unit") | units
    known_projects = names(ledger, "project") | known_projects
    known_projects |= {code: of.name for code, of in registered.items()}
    chosen = Chosen(
        _matching("units", topic.units, units),
        _matching("projects", topic.projects, known_projects),
    )
    mask = selected(ledger, topic, chosen)
    own = [of for of in budgets if chosen.suits(of.unit, of.project)]
    years = by_year(ledger, mask, topic, own)
    of_topic = {ledger.texts["unit"].values[of] for of in set(ledger.texts["unit"].codes[mask])}
    concerned = {units[of] for of in {*of_topic, *(of.unit for of in own)} if of in units}
    if not topic.budgeted:
        changes = []
    return Counted(
        topic=topic,
        chosen=chosen,
        years=years,
        quarters=by_quarter(ledger, mask, years),
        payees=together(payees(ledger, mask)),
        payments=int(mask.sum()),
        last_paid=last_paid(ledger, mask),
        adjustments=[of for of in changes if chosen.suits(of.unit, of.project)],
        findings=_findings(means, account, (topic, chosen), concerned, vouchers(ledger, mask)),
        effects=_effects(means, topic, chosen, ledger),
    )


def _check(topic: Topic) -> None:
    if topic.to_year < topic.from_year or len(topic.years) > MOST_YEARS:
        remedy = f"give a first and a last year, {MOST_YEARS} years at most"
        raise NotAccepted(Fault("to_year", "does not hold", remedy), "years")


def _matching(field: str, said: str, known: Mapping[str, str]) -> dict[str, str] | None:
    asked = parts(said)
    if not asked:
        return None
    found, missing = matching(asked, known)
    if missing:
        remedy = "give codes or names as budgets and payments have them"
        raise NotAccepted(Fault(field, f"has nothing of {', '.join(missing)}", remedy), "unknown")
    return found


def _findings(
    means: Means,
    account: Account,
    about: tuple[Topic, Chosen],
    units: set[str],
    numbers: set[str],
) -> list[Asked]:
    with means.state.read() as connection:
        rows = repository.findings(connection, account, units)
    return [
        Asked(
            row["id"],
            row["unit_name"],
            finding_wording.asked(means.words, row),
            row["amount"],
            means.words(f"budget.question.state-{row['state']}"),
        )
        for row in rows
        if concerns(row, json.loads(row["payments"]), numbers, *about)
    ]


def _effects(means: Means, topic: Topic, chosen: Chosen, ledger: Ledger) -> list[str]:
    """Of each station of each chosen project: its worst indicator before the first payment and at
    the end of the span.
    """
    services = cast(Services, means)  # the report is made by people alone, never by a job
    said = []
    until = date(topic.to_year + 1, 1, 1)
    with means.state.read() as connection:
        registered = project_repository.registered(connection)
    for code in chosen.projects or {}:
        of = registered.get(code)
        if of is None or not of.environmental:
            continue
        paid_first = oldest(ledger, equal(ledger.texts["project"], code))
        for station in of.stations:
            found = projects.compared_at(services, station, paid_first, until)
            said.append(project_wording.water(services, found))
    return said


def _drafted(paper: Paper) -> Mapping[str, str]:
    """The words that the office changes: those that the centre wrote, or its own of before."""
    return {"text": "\n".join(paper.sections[0].text)}


KIND = ReportKind(
    name="special",
    words="budget.special.kind",
    permission=BudgetPermission.SCREEN,
    parameters=Topic,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "special.docx",
    inputs={"from_year": "number", "to_year": "number", "text": "textarea"},
    drafted=_drafted,
    empty=lambda means: wording.empty(means.words),
)
