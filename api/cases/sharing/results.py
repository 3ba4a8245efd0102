"""Say the sender of a case how it ended here, and enter how it ended where a case was shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fastapi import Request
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.authentication.requests import account_of
from api.bodies import MAX_BODY_BYTES
from api.cases import repository as cases
from api.cases.changing import audited
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.records import LONGEST_WHY, OVER, RUNNING
from api.cases.sharing import repository
from api.cases.sharing.access import (
    kept_case,
    known,
    reason_for,
    received_of,
    share_of,
)
from api.cases.sharing.records import (
    LONGEST_NAME,
    MOST_DECISIONS,
    MOST_RESULT,
    RESULT_SCHEMA,
    VERSION,
    Decision,
    Ended,
    KeptResult,
    Openness,
    Received,
    Refused,
    Result,
    check_fits,
    openness_of,
    returned,
    secrecy_of,
    text,
    written,
)
from api.procedures import repository as procedures
from api.procedures.events import standing
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.web.declared import Declared
from config.vocabulary.time import day_of

MADE = "case.result"
ENTERED = "case.result-entered"


class NotConcluded(Declared):
    """The case that was opened of the package goes on."""

    status = 409
    words = "cases.sharing.refused-running"


class TooManyDecisions(Declared):
    """There are more decisions than a result may name."""

    status = 409
    words = "cases.sharing.refused-decisions"


@dataclass(frozen=True, slots=True)
class Handing:
    """Results of a package that came, the newest first, as far as the reader may know them; and
    what another one would say: the ``outcome`` of the case of it, a ``reason`` why it was not
    taken up, or nothing while that case is ``running``. ``closed``: the reader makes none.
    """

    results: Sequence[KeptResult]
    next: Literal["outcome", "reason", "running", "closed"]


def of_received(services: Services, account: Account, received: int) -> Handing:
    """How it stands with the result of a package that came. Whoever does not see the case that was
    opened of it sees no result.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        of = received_of(connection, account, received)
        decides = account.may(CasePermission.DECIDE)
        if of.case_id is None:
            found = repository.results_made(connection, received, account)
            return Handing(found, "reason" if decides else "closed")
        row = cases.case_to_keep(connection, account, f"{of.case_id}")
        if row is None:
            return Handing((), "closed")
        found = repository.results_made(connection, received, account)
        if repository.case_to_decide(connection, account, of.case_id) is None:
            return Handing(found, "closed")
    if row["state"] in RUNNING:
        return Handing(found, "running")
    return Handing(found, "reason" if row["state"] == OVER[-1] else "outcome")


def file(services: Services, account: Account, received: int) -> bytes:
    """result.json of a package that came, the newest.

    Raises:
        UnknownThing
    """
    found = of_received(services, account, received).results
    if not found:
        raise UnknownThing(f"no result of package {received}")
    return written(found[0].result)


def make(
    services: Services, account: Account, received: int, reason: str = "", internal_why: str = ""
) -> int:
    """Make the result of a package for its sender; its id, that of the newest where it would say
    the same. Where a case of it was concluded its outcome and decisions; where there is none, or
    it was dropped, ``reason``, why it was not taken up. ``services`` are those of the site.

    Raises:
        UnknownThing: no package that they see, or they do not decide on the case of it.
        NotConcluded, HoldsSecrets, TooManyDecisions
        Refused: ``reason`` is missing or long; or something is internal, and nobody says why.
    """
    with services.state.read() as connection:
        of = received_of(connection, account, received)
        row = _case(connection, account, of)
    if row is not None and row["state"] in RUNNING:
        raise NotConcluded(f"case {row['number']} goes on")
    if row is None or row["state"] == OVER[-1]:
        secrecy, why = secrecy_of(of.sheet.secrecy), None
        said = _Said("not-taken-up", text("reason", reason, LONGEST_WHY), ())
    else:
        _, secrecy = known(services, account, row)
        why = reason_for(secrecy, internal_why)
        said = _Said("concluded", row["outcome"], _decisions(services, row))
    with services.state.begin() as connection:
        of = received_of(connection, account, received)
        if _case(connection, account, of) != row:
            raise NotConcluded("the case was changed just now")
        last = next(iter(repository.results_made(connection, received)), None)
        # An outcome speaks of the package, also where the case of it was opened wider.
        openness = openness_of(max(secrecy, secrecy_of(of.sheet.secrecy)))
        result = _result(services, of, said, openness, last)
        if last is not None and last.result == result:
            return last.id
        return _keep(connection, account, of, result, why, services.now_ms())


def enter(services: Services, account: Account, item_id: str, share_id: int, body: bytes) -> None:
    """Enter the result of a share; one that was entered before changes nothing, a later one is
    kept beside those before it.

    Raises:
        UnknownThing
        Refused: the result is none, of another package, or older than one that was entered, with
            the field.
    """
    result = returned(body, Result, "result", MOST_RESULT)
    with services.state.begin() as connection:
        row = kept_case(connection, account, item_id)
        of = share_of(connection, row, share_id)
        at_ms = services.now_ms()
        check_fits(of, result, at_ms)
        if any(f"{one.day}" > day_of(result.made_ms) for one in result.decisions):
            why = "has a decision of a later day; ask for another"
            raise Refused("decisions", why, "result-decisions")
        known_ones = [one.result for one in repository.results(connection, of.id)]
        if result in known_ones:
            return
        if any(one.made_ms >= result.made_ms for one in known_ones):
            raise Refused("made_ms", "is not later than that entered before", "result-older")
        repository.add_result(connection, of.id, result, who=account.username, at_ms=at_ms)
        detail = {"share": of.sheet.number, "state": result.state, "centre": result.centre}
        audited(connection, account, ENTERED, f"case/{row['id']}", detail, at_ms)


def most_result_bytes(request: Request) -> int:
    """The bound of a form with a result in it; of somebody who has not signed in none is read."""
    return MAX_BODY_BYTES + (MOST_RESULT if account_of(request) else 0)


@dataclass(frozen=True, slots=True)
class _Said:
    state: Ended
    text: str
    decisions: tuple[Decision, ...]


def _case(connection: Connection, account: Account, of: Received) -> Row | None:
    """The case that was opened of a package, None where there is none."""
    if of.case_id is None:
        return None
    row = repository.case_to_decide(connection, account, of.case_id)
    if row is None:
        raise UnknownThing(f"the case of package {of.id} is none on which they decide")
    return row


def _decisions(services: Services, row: Row) -> tuple[Decision, ...]:
    with services.state.read() as connection:
        events = procedures.events(connection, PROCEDURE, f"{row['id']}")
    given = [of.given for of in standing(events) if of.step == "decide"]
    if len(given) > MOST_DECISIONS:
        raise TooManyDecisions(f"{len(given)} decisions")
    return tuple(
        Decision(of["meeting"], date.fromisoformat(of["day"]), of["result"]) for of in given
    )


def _result(
    services: Services, of: Received, said: _Said, secrecy: Openness, last: KeptResult | None
) -> Result:
    """The last one itself, where nothing is different."""
    made_ms = services.now_ms()
    result = Result(
        RESULT_SCHEMA,
        VERSION,
        of.sheet.id,
        of.hash,
        # A sender takes the later one of two by this.
        made_ms if last is None else max(made_ms, last.result.made_ms + 1),
        services.catalogue.site.name[:LONGEST_NAME],
        secrecy,
        said.state,
        said.text,
        said.decisions,
    )
    if last is None or replace(result, made_ms=last.result.made_ms) != last.result:
        return result
    return last.result


def _keep(
    connection: Connection,
    account: Account,
    of: Received,
    result: Result,
    why: str | None,
    at_ms: int,
) -> int:
    made_id = repository.add_result_made(
        connection, of.id, result, internal_why=why, who=account.username, at_ms=at_ms
    )
    detail = {"share": of.sheet.number, "state": result.state}
    audited(connection, account, MADE, f"received/{of.id}", detail, at_ms)
    return made_id
