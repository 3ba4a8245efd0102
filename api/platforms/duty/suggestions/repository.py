"""Obstacles of the steps of a suggestion, and columns that they write beside their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.platforms.duty.handling import repository as handling
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.ratings import repository as ratings
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.signing.records import text_hash
from api.platforms.duty.suggestions.records import SHORTEST_BODY, NotEarlier, Raised
from api.platforms.duty.tables import ANSWER, MARKS, SUGGESTION
from api.procedures.procedure import Given, Row
from api.web.forms import MOST_ID

MOST_RAISED = 50
_ENDED_UNSENT = ("discarded", "retracted")


def written(connection: Connection, before: Row, given: Given) -> None:
    """Keep the hash of the text that was given: signatures to another text hold no more; and the
    earlier suggestion that is raised again.

    Raises:
        NotEarlier
    """
    _set(
        connection,
        before,
        text_hash=text_hash(given["title"], given["body"]),
        raised_again=_earlier(connection, before["id"], given.get("raised_again", "")),
    )


def submitted(connection: Connection, before: Row, _given: Given) -> None:
    """As far as the deputy wishes it is known from now on."""
    secret = before["openness"] == "secret"
    _set(connection, before, secrecy=Secrecy.RESTRICTED if secret else Secrecy.INTERNAL)


def drafted(connection: Connection, before: Row, _given: Given) -> None:
    """Counts for nobody but its author and those who sign."""
    _set(connection, before, secrecy=Secrecy.RESTRICTED)


def returned(connection: Connection, before: Row, _given: Given) -> None:
    """One return more, and no unit in charge."""
    _set(connection, before, returns=before["returns"] + 1, unit=None)


def answered(connection: Connection, before: Row, given: Given) -> None:
    """One round more, with its reply."""
    number = before["round"] + 1
    connection.execute(
        sa.insert(ANSWER).values(
            suggestion=before["id"],
            round=number,
            unit=before["unit"],
            number=given["paper"],
            signer=given["signer"],
            result=given["result"],
            text=given["text"],
            day=date.fromisoformat(given["day"]),
            withdrawn=False,
        )
    )
    _set(connection, before, round=number)


def unanswered(connection: Connection, before: Row, _given: Given) -> None:
    """The reply was taken back: it stays, and what was said of it."""
    at = ANSWER.c
    same = sa.and_(at.suggestion == before["id"], at.round == before["round"] + 1)
    connection.execute(sa.update(ANSWER).where(same).values(withdrawn=True))


def number_taken(connection: Connection, number: str, but: int) -> bool:
    """Whether another suggestion has a number."""
    at = SUGGESTION.c
    query = sa.select(at.id).where(at.number == number, at.id != but)
    return connection.execute(query.limit(1)).first() is not None


def drafted_as(connection: Connection, draft_key: str) -> Row | None:
    """The suggestion that was begun with a key of a device."""
    query = sa.select(SUGGESTION).where(SUGGESTION.c.draft_key == draft_key)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def raised(connection: Connection, account: Account, row: Row) -> Raised:
    """The one that a suggestion raises again, and those that raised it again, if an account sees
    them.
    """
    at, seen = SUGGESTION.c, visible(account, DutyPermission.SEE, MARKS)
    related = sa.or_(at.id == row["raised_again"], at.raised_again == row["id"])
    query = sa.select(SUGGESTION).where(related, seen, at.state.not_in(_ENDED_UNSENT))
    found = connection.execute(query.order_by(at.id).limit(MOST_RAISED)).mappings()
    rows = [dict(of) for of in found]
    earlier = next((of for of in rows if of["id"] == row["raised_again"]), None)
    return Raised(earlier, [of for of in rows if of["raised_again"] == row["id"]])


def signers_of(connection: Connection, row: Row) -> Collection[str]:
    """Those whose signature holds, by username."""
    return signing.signers(connection, "suggestion", row["id"], row["text_hash"])


def too_short(_connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to submitting a text."""
    return "short" if len(row["body"].strip()) < SHORTEST_BODY else ""


def returned_once(_connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to granting a return: a second one is the committee's."""
    return "second-return" if row["returns"] else ""


def returned_never(_connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to passing a return to the committee: the office decides on a first one."""
    return "" if row["returns"] else "first-return"


def not_to_answer(connection: Connection, row: Row, at_ms: int) -> str:
    """The obstacle to an answer: nobody spoke with the deputy, or opinions are awaited."""
    if not handling.contacted(connection, row["id"]):
        return "no-contact"
    return "opinions" if handling.awaited(connection, row["id"], at_ms) else ""


def not_to_close(connection: Connection, row: Row, at_ms: int) -> str:
    """The obstacle to closing."""
    found = ratings.round_of(connection, row, at_ms)
    if not found.closed:
        return "window"
    return "dissatisfied" if found.dissatisfied else ""


def not_to_hand_back(connection: Connection, row: Row, at_ms: int) -> str:
    """The obstacle to another round: it is the second already, or nobody is dissatisfied."""
    return "second-round" if row["round"] > 1 else _not_dissatisfied(connection, row, at_ms)


def not_to_confer(connection: Connection, row: Row, at_ms: int) -> str:
    """The obstacle to a meeting of deputy and unit, which comes after the second round."""
    return "first-round" if row["round"] < 2 else _not_dissatisfied(connection, row, at_ms)


def _not_dissatisfied(connection: Connection, row: Row, at_ms: int) -> str:
    found = ratings.round_of(connection, row, at_ms)
    if not found.closed:
        return "window"
    return "" if found.dissatisfied else "satisfied"


def _earlier(connection: Connection, but: int, said: str) -> int | None:
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdecimal() and int(said) <= MOST_ID else 0
    at = SUGGESTION.c
    sent = at.state.not_in(("draft", *_ENDED_UNSENT))
    query = sa.select(at.id).where(at.id == number, at.id != but, sent)
    if connection.execute(query).first() is None:
        raise NotEarlier("raised_again: give the id of another suggestion that was submitted")
    return number


def _set(connection: Connection, row: Row, **values: Any) -> None:
    connection.execute(sa.update(SUGGESTION).where(SUGGESTION.c.id == row["id"]).values(values))
