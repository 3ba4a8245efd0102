"""See which steps the chosen means asks for, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from api.accounts.records import Account
from api.cases import repository as cases
from api.cases.means import repository
from api.cases.means.procedure import PROCEDURE
from api.cases.means.records import RUNNING
from api.cases.permission import CasePermission
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.ports import Json
from api.procedures import repository as procedures
from api.procedures.pages import Attaching
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services

ATTACHING = Attaching(PROCEDURE, RUNNING, (CasePermission.ANSWER, CasePermission.KEEP))


def of_case(services: Services, account: Account, case_id: int) -> Sequence[Row]:
    """The measures of a case as far as an account sees it."""
    with services.state.read() as connection:
        return repository.of_case(connection, account, case_id)


def listed(services: Services, account: Account, case: str) -> Sequence[Row]:
    """The measures of a case.

    Raises:
        UnknownThing: they do not see the case.
    """
    row = case_of(services, account, case)
    if row is None:
        raise UnknownThing(f"unknown case {case[:40]}")
    return of_case(services, account, row["id"])


def term(services: Services, row: Row) -> Deadline | None:
    """The last term of a measure, None where it never had one."""
    subject = procedures.reference(PROCEDURE, str(row["id"]))
    return max(deadlines_of(services).of_subject(subject), key=lambda of: of.id, default=None)


def case_of(services: Services, account: Account, case: str) -> Row | None:
    """A case, None where the account may not see it, such as a body's."""
    with services.state.read() as connection:
        return cases.case_to_see(connection, account, case)


def content(_services: Services, row: Row) -> Json:
    """A measure as an item for other platforms."""
    return {
        "title": row["title"],
        "note": row["note"],
        "done_day": row["done_day"].isoformat() if row["done_day"] else None,
    }
