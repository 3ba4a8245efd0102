"""Rate a reply, and show ratings to whom they are open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.opening import deadlines_of
from api.platforms.duty import repository as suggestions
from api.platforms.duty import terms
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.ratings import repository, wording
from api.platforms.duty.ratings.records import (
    LONGEST_NAME,
    LONGEST_REASON,
    Grade,
    Rating,
    Round,
)
from api.platforms.duty.ratings.repository import Rated
from api.ports import Reference, Todo
from api.procedures.procedure import Row
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import begins_ms

FIELDS = ("attitude", "outcome", "reason", "asked_by")


class NothingToRate(Declared):
    """There is no reply that waits for ratings."""

    status = 409
    words = "duty.rating.nothing"


class TooLate(Declared):
    """The window is closed."""

    status = 409
    words = "duty.rating.late"


class NotASigner(Declared):
    """Only signers rate."""

    status = 403
    words = "duty.rating.not-a-signer"


def parts(services: Services, account: Account, row: Row) -> Mapping[str, Any]:
    """Values of ``duty/_ratings.html``.

    Until the window is closed the office sees all ratings, each signer the own, others none.
    """
    now_ms = services.now_ms()
    with services.state.read() as connection:
        found = repository.round_of(connection, row, now_ms)
        rounds = repository.rounds(connection, row["id"])
        office = _is_office(connection, account, row)
    people = {found.lead, *found.signers, *(who for of in rounds for who in of.ratings)}
    names = People(services.state).names(sorted(people))
    lines = [_lines(services, account, row, of, found, names, office=office) for of in rounds]
    running = row["state"] == "answered" and not found.over
    mine = account.username in (found.lead, *found.signers)
    own = found.ratings.get(account.username) if running else None
    return {"ratings": lines, "may_rate": running and mine, "own_rating": own}


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Replies that somebody may rate who signed: the lead has a term for it."""
    if not account.may(DutyPermission.WRITE):
        return ()
    now_ms, note = services.now_ms(), services.words("duty.rating.rate")
    with services.state.read() as connection:
        found = repository.unrated(connection, account.username)
        running = [of for of in found if not repository.round_of(connection, of, now_ms).over]
    return [
        Todo(
            of["title"],
            f"/duty/suggestions/{of['id']}/rate",
            begins_ms(of["answered_day"]),
            note=note,
        )
        for of in running
    ]


def open_to_all(row: Row, round_number: int) -> bool:
    """Whether the ratings of a round are open to everybody who sees the suggestion."""
    return bool(round_number < row["round"] or row["state"] != "answered")


def published(services: Services, row: Row) -> Mapping[int, str]:
    """The official rating of each round that is open to everybody, in words; silence too."""
    with services.state.read() as connection:
        found = repository.rounds(connection, row["id"])
    return {
        of.round: wording.said(services.words, of.ratings.get(row["lead"]))
        for of in found
        if open_to_all(row, of.round)
    }


def rate(
    services: Services, account: Account, item_id: str, given: Mapping[str, str]
) -> Row | None:
    """Keep the rating of a signer; the lead's ends the term. The row of the suggestion, None where
    the account sees none such.

    Raises:
        NotAccepted: a field does not hold.
        NotASigner, NothingToRate, TooLate
    """
    at_ms = services.now_ms()
    with services.state.begin() as connection:
        row = suggestions.suggestion(connection, account, item_id)
        if row is None:
            return None
        found = repository.round_of(connection, row, at_ms)
        if account.username not in (found.lead, *found.signers):
            raise NotASigner("only the signers rate a reply")
        _check_open(row, found)
        answer = repository.rounds(connection, row["id"])[-1].answer
        rating = _rating(account, given, at_ms)
        repository.add(connection, answer, rating)
        if account.username == found.lead:
            reference = Reference("duty", "suggestion", str(row["id"]))
            deadlines_of(services).end(
                connection, (reference, terms.RATE), at_ms, actor=account.actor, at_ms=at_ms
            )
        # Everybody who sees the suggestion may come to see this row: it holds no grade.
        audit.record(
            connection,
            by=account.actor,
            action="duty.rate",
            subject=f"duty/suggestion/{row['id']}",
            detail=json.dumps({"round": row["round"]}),
            at_ms=at_ms,
        )
    return row


def _check_open(row: Row, found: Round) -> None:
    if row["state"] == "answered" and not found.over:
        return
    if row["round"]:
        raise TooLate("the window for ratings is closed; late ones do not count")
    raise NothingToRate(f"suggestion {row['id']} is {row['state']}: no reply waits for ratings")


def _is_office(connection: Connection, account: Account, row: Row) -> bool:
    item_id = str(row["id"])
    may = suggestions.suggestion_to_act_on(connection, account, item_id, DutyPermission.CHECK)
    return may is not None and account.may(DutyPermission.CHECK)


def _lines(
    services: Services,
    account: Account,
    row: Row,
    rated: Rated,
    found: Round,
    names: Mapping[str, str],
    *,
    office: bool,
) -> wording.RatedLines:
    shown = open_to_all(row, rated.round)
    everybody = dict.fromkeys((found.lead, *found.signers, *rated.ratings))
    lines = [
        wording.rating_line(
            services.words,
            wording.named(names, who),
            rated.ratings.get(who),
            rated.ratings.get(found.lead) if shown or office else None,
            lead=who == found.lead,
            hidden=not (shown or office or who == account.username),
            running=not shown,
        )
        for who in everybody
    ]
    return wording.RatedLines(rated.round, shown, lines)


def _rating(account: Account, given: Mapping[str, str], at_ms: int) -> Rating:
    attitude, outcome = _grade(given, "attitude"), _grade(given, "outcome")
    reason, asked_by = (given.get(name, "").strip() for name in ("reason", "asked_by"))
    if outcome == "dissatisfied" and not reason:
        fault = Fault("reason", "is missing", "say what you are dissatisfied with")
        raise NotAccepted(fault, "reason")
    for name, said, most in (
        ("reason", reason, LONGEST_REASON),
        ("asked_by", asked_by, LONGEST_NAME),
    ):
        if len(said) > most or "\0" in said:
            fault = Fault(name, "is too long", f"give {most} signs at most")
            raise NotAccepted(fault, "long", most=most)
    return Rating(account.username, attitude, outcome, reason, account.signed, at_ms, asked_by)


def _grade(given: Mapping[str, str], name: str) -> Grade:
    grades: tuple[Grade, ...] = get_args(Grade)
    found = next((of for of in grades if of == given.get(name)), None)
    if found is None:
        fault = Fault(name, "is no grade", f"give one of {grades}")
        raise NotAccepted(fault, "grade")
    return found
