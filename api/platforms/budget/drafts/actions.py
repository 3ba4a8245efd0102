"""Compare a draft of a budget with the years before it, freeze the paper on its first review, and
write points of review.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alerting.formats import day
from api.accounts.permission import Permission
from api.accounts.records import Account, Secrecy
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.kinds.reports import Means, Paper, ReportKind
from api.kinds.tables import TableKind
from api.platforms.budget.drafts import repository, wording
from api.platforms.budget.drafts.procedure import PROCEDURE
from api.platforms.budget.drafts.records import (
    AskedLines,
    Compared,
    Comparing,
    Draft,
    Question,
    Row,
    Thresholds,
)
from api.platforms.budget.drafts.tables import DRAFT_FIELDS, DRAFT_LINE
from api.platforms.budget.execution.records import in_official_order
from api.platforms.budget.findings import wording as finding_wording
from api.platforms.budget.ledger import repository as ledgers
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.ledger.records import Narrowing, narrowed
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects.records import newest
from api.procedures import taking
from api.procedures.procedure import Given
from api.procedures.procedure import Row as Point
from api.services import Services
from api.web.forms import NotAccepted
from budget.ledger import Ledger
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import day_of

TABLE = TableKind(
    name="budget.draft-lines",
    words="budget.kind.draft-lines",
    permission=BudgetPermission.LOAD,
    table=DRAFT_LINE,
    fields=DRAFT_FIELDS,
)
_SHIPPED = Path(__file__).parent / "data" / "drafts.toml"
_OWN = Path("budget") / "drafts.toml"
"""Below the folder of the district."""
_NUMBERS = {"changed_percent": 1000, "changed_yuan": 10**9, "slow_percent": 100}
"""The most that each may be."""


@cache
def thresholds(district: Path) -> Thresholds:
    """Those of the product, or of the district where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or a value does not hold.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product")
    for name, most in _NUMBERS.items():
        value = found.get(name)
        if not isinstance(value, int) or not 0 <= value <= most:
            remedy = f"give a whole number from 0 to {most}"
            raise FaultyInput([Fault(f"{path.name}: {name}", "does not hold", remedy)])
    return Thresholds(found["changed_percent"], found["changed_yuan"] * 100, found["slow_percent"])


def years(means: Means) -> list[int]:
    """Those of which there is a draft, the latest first."""
    with means.state.read() as connection:
        return repository.years(connection)


def payments(services: Services) -> Ledger:
    """The payments that stand; read anew when a load came into force or was withdrawn."""
    with services.state.read() as connection:
        numbers = ledgers.in_force(connection)

    def read() -> Ledger:
        with services.state.read() as connection:
            return repository.payments(connection)

    return services.shared.get("budget.drafts.payments", numbers, read)


def lines(services: Services, asked: AskedLines) -> list[Row]:
    """Lines of a draft and of the budgets beside it that are asked for."""
    with services.state.read() as connection:
        found = repository.lines(connection, asked.year)
    return [of for of in found if asked.suits(of)]


def compared(
    means: Means, account: Account, permission: Permission, year: int, ledger: Ledger
) -> Compared:
    """A draft beside the years before it, with findings that an account sees by a permission."""
    with means.state.read() as connection:
        rows = repository.lines(connection, year)
        units = {of.unit: of.unit_name for of in rows}
        indicators = repository.indicators(connection, year - 1)
        problems = repository.problems(connection, units)
        names = sorted(set(units.values()))
        asked = repository.questions(connection, account, permission, names)
    comparing = Comparing(year, rows, ledger)
    official = [of.name for of in Units(means.state).all()]
    running = narrowed(ledger, Narrowing(period=str(year - 1)))
    of_year = Ledger(ledger.ids[running], ledger.cents[running], ledger.days[running])
    last = newest(of_year, day(means.now_ms()))
    return Compared(
        year,
        last.isoformat() if last else "",
        thresholds(means.district),
        comparing.whole(),
        {
            "unit": in_official_order(comparing.lines("unit"), units, official),
            "function": comparing.lines("function"),
            "project": comparing.lines("project"),
        },
        comparing.funds(indicators),
        comparing.expenses(),
        [_question(means, of) for of in asked],
        problems,
    )


def shown(services: Services, account: Account, year: int) -> Paper:
    """The paper as it would be now for a reader, with the findings that the reader sees, and
    without points, which stand beside it.
    """
    found = compared(services, account, BudgetPermission.SEE_FINDINGS, year, payments(services))
    return wording.paper(services.words, services.catalogue.site.name, found, None)


def suggested(means: Means, _account: Account) -> Draft:
    """The latest draft, else that of the next year."""
    return Draft(next(iter(years(means)), int(day_of(means.now_ms())[:4]) + 1))


def freeze(means: Means, account: Account, draft: Draft) -> Paper:
    """The paper on the first review, with the points that the office took up.

    Raises:
        NotAccepted: there is no such draft, or the sums of payments are being made anew.
    """
    known = years(means)
    if draft.year not in known:
        remedy = f"load the draft first; there are those of {known}"
        raise NotAccepted(Fault("year", "has no draft", remedy), "no-draft")
    if not up_to_date(means.state):
        fault = Fault("year", "payments are being added up anew", "ask again in a minute")
        raise NotAccepted(fault, "being-made")
    with means.state.read() as connection:
        ledger = repository.payments(connection)
        points = repository.taken_up(connection, draft.year)
    found = compared(means, account, BudgetPermission.SCREEN, draft.year, ledger)
    return wording.paper(means.words, means.catalogue.site.name, found, points)


def points(services: Services, account: Account, year: int) -> list[wording.PointLine]:
    """Points of the review of a draft that an account sees, the first one first."""
    with services.state.read() as connection:
        rows = repository.points(connection, account, year)
    names = People(services.state).names(sorted({of["author"] for of in rows}))
    return [wording.point(services.words, of, names) for of in rows]


def add(services: Services, account: Account, year: int, given: Given) -> str:
    """Write a point; one of the office is taken up at once. Its id.

    Raises:
        NotAccepted: there is no draft of that year.
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    known = years(services)
    if year not in known:
        raise NotAccepted(Fault("year", "has no draft", f"give one of {known}"), "no-draft")
    with taking.acts(services, PROCEDURE, account) as acting:
        made, _ = taking.begin(
            acting,
            given,
            year=year,
            author=account.username,
            secrecy=int(Secrecy.INTERNAL),
        )
        if account.may(BudgetPermission.SCREEN):
            taking.take(acting, made, "adopt", {})
    return made


def content(services: Services, row: Point) -> dict[str, object]:
    """A point as other platforms copy it."""
    names = People(services.state).names([row["author"]])
    return {
        "year": row["year"],
        "text": row["what"],
        "basis": row["basis"],
        "addressee": row["addressee"],
        "author": names.get(row["author"], row["author"]),
        "reason": row["reason"],
    }


def _question(means: Means, row: Point) -> Question:
    return Question(
        row["id"],
        row["unit_name"],
        finding_wording.asked(means.words, row),
        row["amount"],
        means.words(f"budget.question.state-{row['state']}"),
    )


KIND = ReportKind(
    name="draft-review",
    words="budget.drafts.kind",
    permission=BudgetPermission.SCREEN,
    parameters=Draft,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "draft-review.docx",
    inputs={"year": "number"},
    empty=lambda means: wording.empty(means.words),
)
