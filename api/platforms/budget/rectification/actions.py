"""Hand problems of an audit to units, and see how their rectification stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from api.accounts.records import Account, Secrecy
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.files.repository import Attachment
from api.imports.standing import loads_in_force
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.budget.books import repository as books
from api.platforms.budget.books.records import numbers, unit_of
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rectification import repository, wording
from api.platforms.budget.rectification.procedure import PROCEDURE
from api.platforms.budget.rectification.records import (
    LONGEST_TITLE,
    Asked,
    Listed,
    OfYear,
    Problem,
    Returned,
    Tally,
    Waiting,
    tallied,
    together,
)
from api.platforms.budget.rectification.wording import Filter, Line
from api.platforms.budget.rulebook import repository as rulebook
from api.ports import Json, Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.pages import Attaching
from api.procedures.ports import todos as todos_of
from api.procedures.procedure import Given, Row
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from budget.detection.budgets import audits
from budget.detection.documents import checked
from config.vocabulary.errors import Fault
from config.vocabulary.time import begins_ms, day_of

MOST_IN_PAPER = 5000
ATTACHING = Attaching(
    PROCEDURE, ("open", "reported"), (BudgetPermission.EXPLAIN, BudgetPermission.SCREEN)
)


class UnknownProblem(Declared):
    """No problem of this number stands."""

    status = 404
    words = "budget.rectification.unknown"


class OpenedBefore(Declared):
    """The problem was handed to a unit, and that was not taken back."""

    status = 409
    words = "budget.rectification.opened-before"


@dataclass(frozen=True, slots=True)
class Seen:
    """A rectification on its page: the problem as its table has it today, None where it stands no
    more, like problems of earlier audits, and its files.
    """

    line: Line
    now: Problem | None
    before: Sequence[Returned]
    attached: Sequence[Attachment]


def is_office(account: Account) -> bool:
    """Whether somebody hands problems to units."""
    return account.may(BudgetPermission.SCREEN)


def today(services: Services) -> str:
    """The day in the district, ISO text."""
    return day_of(services.now_ms())


def listed(services: Services, account: Account, asked: Asked) -> Listed:
    """A page of a year, with what is counted of it."""
    day = today(services)
    with services.state.read() as connection:
        every = repository.problems(connection) if account.may(BudgetPermission.SEE) else []
        unopened = repository.without_live(connection, every) if every else []
        years = sorted(
            {*repository.years(connection, account), *(of.year for of in every)}, reverse=True
        )
        year = int(asked.year) if asked.year else next(iter(years), None)
        if year is None:
            return Listed(None, (), (), 0, Tally(), ())
        rows = repository.listed(connection, account, asked, year, day)
        total = repository.count(connection, account, asked, year, day)
        tallies = tallied(repository.counted(connection, account, year), day)
    unopened = [of for of in unopened if of.year == year]
    by_unit = _with_unopened(services, tallies, unopened)
    return Listed(year, years, rows, total, together(tallies.values(), unopened), by_unit)


def _with_unopened(
    services: Services, tallies: Mapping[str, Tally], unopened: Sequence[Problem]
) -> list[Tally]:
    proposed = proposals(services, {of.unit_code for of in unopened})
    found: dict[str, list[Problem]] = defaultdict(list)
    for of in unopened:
        found[proposed.get(of.unit_code, "")].append(of)
    return [
        replace(together([tallies[unit]] if unit in tallies else [], found[unit]), unit=unit)
        for unit in (*tallies, *(unit for unit in found if unit not in tallies))
    ]


def lines(services: Services, rows: Sequence[Row]) -> list[Line]:
    """Rectifications as they stand, held against the tables of today."""
    return wording.lines(services, rows, problems_now(services, rows), today(services))


def problems_now(services: Services, rows: Sequence[Row]) -> dict[str, Problem]:
    """Their problems that stand today, by number."""
    with services.state.read() as connection:
        found = repository.problems(connection, [of["number"] for of in rows])
    return {of.number: of for of in found}


def every(services: Services, account: Account, asked: Asked, most: int) -> tuple[list[Line], int]:
    """All pages of a question, ``most`` rows at most, and how many there are."""
    found = listed(services, account, asked)
    if found.year is None:
        return [], 0
    with services.state.read() as connection:
        rows = repository.every(connection, account, asked, found.year, today(services), most)
    return lines(services, rows), found.total


def filters(services: Services, account: Account) -> list[Filter]:
    """The form of the list, with the units of what somebody sees."""
    with services.state.read() as connection:
        return wording.filters(services, repository.units(connection, account))


def units_to_ask(services: Services) -> list[tuple[str, str]]:
    """Units of today by id with their names, for the form."""
    found, day = Units(services.state).all(), today(services)
    return [(of.id, services.words.name(of.name)) for of in found if of.span.holds(day)]


def waiting(services: Services, year: int) -> list[Waiting]:
    """Problems of a year that no unit was asked to put right, by number."""
    with services.state.read() as connection:
        found = [of for of in repository.unopened(connection) if of.year == year]
    names = unit_names(services)
    proposed, before = proposals(services, {of.unit_code for of in found}), returned(services)
    return [
        Waiting(
            of,
            names.get(of.unit_code, of.unit_code),
            proposed.get(of.unit_code, ""),
            before.get(of.number, ()),
        )
        for of in found
    ]


def one_waiting(services: Services, number: str) -> Waiting:
    """A problem that may be handed to a unit.

    Raises:
        UnknownProblem, OpenedBefore
    """
    with services.state.read() as connection:
        found = repository.problems(connection, [number])
        _, _, stands = repository.opened(connection).get(number, (0, 0, False))
    if not found:
        raise UnknownProblem(f"no problem {number[:40]} stands")
    if stands:
        raise OpenedBefore(f"problem {number[:40]} was handed to a unit; see its rectification")
    return next(of for of in waiting(services, found[0].year) if of.problem.number == number)


def unit_names(services: Services) -> Mapping[str, str]:
    """Names by the codes of units, read anew when budgets or indicators were loaded."""
    with services.state.read() as connection:
        loads = loads_in_force(connection, ("budget.lines", "budget.indicators"))

    def read() -> Mapping[str, str]:
        with services.state.read() as connection:
            return books.names_of_units(connection)

    return services.shared.get("budget.rectification.units", loads, read)


def proposals(services: Services, codes: Iterable[str]) -> dict[str, str]:
    """Ids of the register by the codes of units: as the office gave them last, or as findings get
    their unit.
    """
    with services.state.read() as connection:
        given = repository.named_units(connection)
    mapped = {**numbers(services.district).units, **given}
    names, register = unit_names(services), Units(services.state).all()
    found = ((code, unit_of(mapped, register, code, names.get(code, ""))) for code in codes)
    return {code: unit for code, unit in found if unit}


def suggested_day(services: Services, problem: Problem) -> str:
    """Until when a problem is to be put right: as its table says, or until the government's report
    to the standing committee; empty where neither is known.
    """
    return problem.due or str(report_due(services) or "")


def report_due(services: Services) -> date | None:
    """Until when the standing committee hears what was put right (监督法 art. 27)."""
    with services.state.read() as connection:
        return repository.report_due(connection)


def open_problem(services: Services, account: Account, number: str, given: Given) -> str:
    """Hand a problem to a unit; the id of its rectification.

    Raises:
        UnknownProblem, OpenedBefore, Incomplete
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        problem = next(iter(repository.problems(acting.connection, [number])), None)
        if problem is None:
            raise UnknownProblem(f"no problem {number[:40]} stands")
        _, edition, stands = repository.opened(acting.connection).get(number, (0, 0, False))
        if stands:
            raise OpenedBefore(f"problem {number[:40]} was handed to a unit")
        item_id, _ = taking.begin(
            acting,
            given,
            number=number,
            edition=edition + 1,
            year=problem.year,
            title=problem.text[:LONGEST_TITLE],
            text=problem.text,
            category=problem.category,
            amount=problem.amount,
            load=problem.load,
            unit_code=problem.unit_code,
            opened_ms=acting.at_ms,
            secrecy=int(Secrecy.INTERNAL),
        )
    return item_id


def seen(services: Services, row: Row) -> Seen:
    """A rectification as it stands."""
    now = problems_now(services, [row])
    (line,) = wording.lines(services, [row], now, today(services))
    before = returned(services).get(row["number"], ())
    attached = files.of_subject(services, procedures.reference(PROCEDURE, str(row["id"])))
    return Seen(line, now.get(row["number"]), before, attached)


def returned(services: Services) -> Mapping[str, Sequence[Returned]]:
    """Like problems of earlier audits of the unit by the number of the later one, the closest, as
    the rule audit-problem-returns in force finds them; nothing where it is off.
    """
    with services.state.read() as connection:
        loads = loads_in_force(connection, ("budget.problems",))
        rules = [
            of
            for of in rulebook.in_force(connection)
            if of.on and of.kind == audits.AUDIT_PROBLEM_RETURNS.name
        ]
    names = unit_names(services)
    moment = loads, tuple((of.id, of.version) for of in rules), tuple(sorted(names.items()))

    def reckoned() -> Mapping[str, Sequence[Returned]]:
        problems = books.problems(services.state)
        found: dict[str, list[Returned]] = defaultdict(list)
        for rule in rules:
            by = checked(rule)
            assert isinstance(by, audits.Parameters)
            for of in audits.returned(problems, names, by):
                facts = of.facts
                first = Returned(
                    str(facts["first"]), int(facts["first_year"]), str(facts["first_text"])
                )
                found[str(facts["problem"])].append(first)
        return found

    return services.shared.get("budget.rectification.returned", moment, reckoned)


def content(services: Services, row: Row) -> Json:
    """A rectification as an item for other platforms."""
    return wording.content(seen(services, row).line)


def todos(services: Services, account: Account) -> list[Todo]:
    """Rectifications with a next step, and for the office the problems of the newest year that
    nobody was asked to put right, as one line.
    """
    found = list(todos_of(services, account, PROCEDURE))
    if is_office(account):
        with services.state.read() as connection:
            years = [of.year for of in repository.unopened(connection)]
        if years:
            year, n = max(years), years.count(max(years))
            said = services.words("budget.rectification.to-open", year=year, n=n)
            since_ms = begins_ms(date.fromisoformat(today(services)))
            found.append(Todo(said, f"/budget/rectification?year={year}", since_ms))
    return found


def freeze(means: Means, account: Account, of: OfYear) -> Paper:
    """The report on what was put right of a year's problems.

    Raises:
        NotAccepted: no problem of that year is known.
    """
    with means.state.read() as connection:
        unopened = [one for one in repository.unopened(connection) if one.year == of.year]
        found = repository.every(connection, account, Asked(), of.year, "", MOST_IN_PAPER)
    rows = [row for row in found if row["state"] != "withdrawn"]
    if not unopened and not rows:
        fault = Fault("year", "has no problems", "choose a year of which they were imported")
        raise NotAccepted(fault, "none")
    units = wording.names(means)
    tallies = tallied(rows, "")
    known = [replace(tallies[unit], unit=name) for unit, name in units.items() if unit in tallies]
    rows = [{**row, "unit_name": units.get(row["unit"], row["unit"])} for row in rows]
    tail = [together((), unopened)] if unopened else []
    return wording.paper(means.words, means.catalogue.site.name, of.year, [*known, *tail], rows)


def suggested(means: Means, _account: Account) -> OfYear:
    """The newest year of which problems stand, or this one."""
    with means.state.read() as connection:
        years = [of.year for of in repository.problems(connection) if of.year]
    return OfYear(max(years, default=int(day_of(means.now_ms())[:4])))


KIND = ReportKind(
    name="rectification",
    words="budget.rectification.kind",
    permission=BudgetPermission.SEE,
    parameters=OfYear,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "rectification.docx",
    inputs={"year": "number"},
)
