"""Ask bodies in the name of a case, and see what they answered."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.records import Account
from api.cases import repository as cases
from api.cases.permission import CasePermission
from api.cases.questions import repository
from api.cases.questions.procedure import PROCEDURE
from api.cases.questions.records import A_PAGE, RUNNING, Asked
from api.cases.records import RUNNING as CASE_RUNS
from api.ports import Json
from api.procedures import taking
from api.procedures.pages import Attaching
from api.procedures.procedure import Given, Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.web.declared import Declared

ATTACHING = Attaching(PROCEDURE, RUNNING, (CasePermission.ANSWER, CasePermission.KEEP))


class CaseNotRunning(Declared):
    """Nothing is asked in the name of a case that is over."""

    status = 409
    words = "cases.refused-not-running"


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Row], int]:
    """A page of the questions that an account sees, and how many there are on all."""
    with services.state.read() as connection:
        return repository.listed(connection, account, asked)


def pages(total: int) -> int:
    """How many pages a list has, at least one."""
    return max(1, -(-total // A_PAGE))


def every(services: Services, account: Account, asked: Asked, most: int) -> Sequence[Row]:
    """All pages of a question, ``most`` rows at most."""
    with services.state.read() as connection:
        return repository.every(connection, account, asked, most)


def of_case(services: Services, account: Account, case_id: int) -> Sequence[Row]:
    """The questions of a case that an account sees."""
    with services.state.read() as connection:
        return repository.of_case(connection, account, case_id)


def asked_in(services: Services, account: Account, case: str) -> Row:
    """The row of a case in whose name somebody asks.

    Raises:
        UnknownThing: they do not keep it.
        CaseNotRunning
    """
    with services.state.read() as connection:
        row = cases.case_to_keep(connection, account, case)
    if row is None:
        raise UnknownThing(f"no case {case[:40]} that they keep")
    if row["state"] not in CASE_RUNS:
        raise CaseNotRunning(f"case {row['number']} is {row['state']}")
    return row


def ask(services: Services, account: Account, case: str, given: Given) -> str:
    """Put a question to a body; its id.

    Raises:
        UnknownThing, CaseNotRunning, Incomplete
    """
    row = asked_in(services, account, case)
    with taking.acts(services, PROCEDURE, account) as acting:
        item_id, _ = taking.begin(acting, given, case_id=row["id"], asked_ms=acting.at_ms)
    return item_id


def case_of(services: Services, account: Account, row: Row) -> Row | None:
    """The case of a question, None where the account may not see it, such as a body's."""
    with services.state.read() as connection:
        return cases.case_to_see(connection, account, str(row["case_id"]))


def content(_services: Services, row: Row) -> Json:
    """A question as an item for other platforms."""
    return {
        "title": row["title"],
        "text": row["text"],
        "due_day": row["due_day"].isoformat(),
        "answer": row["answer"],
    }
