"""Measures that go with the steps of their case: planned with the choice of a means, moved with
the day of the meeting, void with another choice or without a case.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.accounts.records import Account, Reach, Secrecy
from api.cases.means import repository
from api.cases.means.procedure import PROCEDURE
from api.cases.means.records import REQUIRED, Required
from api.cases.permission import CasePermission
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.taking import Acting
from api.services import Services

LONGEST_TITLE = 200


def chosen(
    services: Services, connection: Connection, case: Row, given: Given, at_ms: int
) -> None:
    """A means was chosen: what is open of another one is void, and its own steps begin. What was
    done of the same means is not asked for again. ``body`` is the unit supervised, ``topic`` all
    that it reads of the case.
    """
    acting = _acting(services, connection, at_ms)
    _void(acting, case)
    done = repository.done(connection, case["id"], case["means"])
    for step in REQUIRED[case["means"]]:
        if step.name not in done:
            _plan(acting, case, step, given)


def scheduled(
    services: Services, connection: Connection, case: Row, _given: Given, at_ms: int
) -> None:
    """The meeting is on another day: open terms that count back from it move."""
    acting = _acting(services, connection, at_ms)
    day = case["meeting_day"].isoformat()
    for row in repository.planned(connection, case["id"]):
        if row["start_day"] != case["meeting_day"]:
            taking.take(acting, str(row["id"]), "move", {"start_day": day})


def dropped(
    services: Services, connection: Connection, case: Row, _given: Given, at_ms: int
) -> None:
    """The case is over without a result: nothing more is asked for."""
    _void(_acting(services, connection, at_ms), case)


def _acting(services: Services, connection: Connection, at_ms: int) -> Acting:
    """The centre, which takes these steps by itself."""
    reach = Reach(frozenset({CasePermission.SEE, CasePermission.KEEP}), secrecy=Secrecy.RESTRICTED)
    centre = Account("", services.words("cases.centre"), reaches=(reach,))
    return Acting(services, connection, PROCEDURE, centre, at_ms)


def _void(acting: Acting, case: Row) -> None:
    for row in repository.planned(acting.connection, case["id"]):
        taking.take(acting, str(row["id"]), "void", {})


def _plan(acting: Acting, case: Row, step: Required, given: Given) -> None:
    """The law of the land is in Chinese, and so are the titles of its steps."""
    topic = given.get("topic", "")
    units = {"office": "", "committee": case["unit"] or "", "unit": given.get("body", "")}
    taking.begin(
        acting,
        {},
        case_id=case["id"],
        means=case["means"],
        name=step.name,
        title=f"{topic}：{step.title_zh}"[:LONGEST_TITLE] if topic else step.title_zh,
        unit=units[step.who],
        start_day=case["meeting_day"],
    )
