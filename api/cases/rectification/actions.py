"""List what is to be put right in the name of a case, watch its evidence, see how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.accounts.records import Account, Reach, Secrecy
from api.cases import repository as cases
from api.cases.permission import CasePermission
from api.cases.questions import actions as questions
from api.cases.rectification import repository
from api.cases.rectification.procedure import PROCEDURE
from api.cases.rectification.records import RUNNING
from api.evidence import watching
from api.evidence.records import Evidence
from api.ports import Json
from api.procedures import taking
from api.procedures.pages import Attaching
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import CoreServices, Platform

ATTACHING = Attaching(PROCEDURE, RUNNING, (CasePermission.ANSWER, CasePermission.KEEP))
TEXTS = ("title", "text", "unit", "due_day")


def of_case(services: Services, account: Account, case_id: int) -> Sequence[Row]:
    """The list of a case as far as an account sees it."""
    with services.state.read() as connection:
        return repository.of_case(connection, account, case_id)


def listed(services: Services, account: Account, case: str) -> Sequence[Row]:
    """The list of a case.

    Raises:
        UnknownThing: they do not see the case.
    """
    with services.state.read() as connection:
        row = cases.case_to_see(connection, account, case)
        if row is None:
            raise UnknownThing(f"unknown case {case[:40]}")
        return repository.of_case(connection, account, row["id"])


def put_on_list(
    services: Services,
    roster: Sequence[Platform],
    account: Account,
    case: str,
    given: Mapping[str, str],
) -> str:
    """Put a point on the list of a case; its id. ``given`` has the texts and the evidence as
    ``api.evidence.watching.chosen`` takes it.

    Raises:
        UnknownThing, CaseNotRunning, Incomplete
        NotAccepted: of the evidence.
    """
    row = questions.asked_in(services, account, case)
    evidence = watching.chosen(services, roster, "evidence", given)
    said = {name: given.get(name, "") for name in TEXTS}
    if evidence is not None:
        said["evidence"] = evidence.text
    with taking.acts(services, PROCEDURE, account) as acting:
        item_id, _ = taking.begin(acting, said, case_id=row["id"], listed_ms=acting.at_ms)
    return item_id


def content(_services: Services, row: Row) -> Json:
    """A point as an item for other platforms."""
    return {
        "title": row["title"],
        "text": row["text"],
        "due_day": row["due_day"].isoformat(),
        "report": row["report"],
    }


def watch(core: CoreServices) -> None:
    """The job: points whose evidence is there by now are reported by the centre itself."""
    services = core.acting
    with core.state.read() as connection:
        watched = repository.watched(connection)
    reach = Reach(frozenset({CasePermission.SEE, CasePermission.KEEP}), secrecy=Secrecy.RESTRICTED)
    centre = Account("", core.words("cases.centre"), reaches=(reach,))
    for row in watched:
        report = watching.proved(services, core.roster, Evidence.of(row["evidence"]))
        if report is not None:
            with taking.acts(services, PROCEDURE, centre) as acting:
                taking.take(acting, str(row["id"]), "evidence-met", {"report": report})
