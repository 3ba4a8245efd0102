"""Comments of deputies on procedure and conduct, once there was a judgment or decision."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from api import audit
from api.accounts.records import Account
from api.meetings import repository as meeting_rows
from api.platforms.judicial import texts
from api.platforms.judicial.hearings import repository
from api.platforms.judicial.hearings.actions.announcing import bodies, seen
from api.platforms.judicial.hearings.records import (
    HOLDS,
    LONGEST_COMMENT,
    PATH,
    Comment,
    Comments,
    HearingRefused,
    checked_answers,
    summed,
)
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Todo
from api.procedures.refusals import UnknownThing
from api.services import Services
from config.vocabulary.time import begins_ms


def may(services: Services, account: Account, item_id: str) -> str:
    """The name of what stands against a comment of the account; empty: nothing.

    Raises:
        UnknownThing: the account does not see the occasion, or has no seat at it.
    """
    row = seen(services, account, item_id)
    with services.state.read() as connection:
        seat = repository.own_seat(connection, row["id"], account.username)
        if seat is None or seat.state not in HOLDS:
            raise UnknownThing(f"no seat at hearing {item_id[:40]}")
        meeting = repository.meeting_at(connection, row["id"])
        guest = (
            meeting_rows.guest_by_name(connection, meeting, account.username) if meeting else None
        )
        if row["state"] != "decided":
            return "undecided"
        if guest is None or guest.present_ms is None:
            return "not-there"
        return "commented" if repository.commented(connection, seat.id) else ""


def give(services: Services, account: Account, item_id: str, given: Mapping[str, str]) -> None:
    """Give a comment: ``signed`` is "yes" where the author wishes to be named with it.

    Raises:
        HearingRefused: it does not hold, or the person may not comment now.
        TextRefused, ConclusionRefused: the text names a person or a case, or how one should end.
        UnknownThing
    """
    if against := may(services, account, item_id):
        fault = "may not be given now"
        raise HearingRefused("comment", against, fault, "see the page of the occasion")
    answers = checked_answers(given)
    text = given.get("text", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_COMMENT or "\0" in text:
        remedy = f"give {LONGEST_COMMENT} signs at most"
        raise HearingRefused("text", "long", "is too long", remedy)
    texts.check({"text": text})
    signed = account.signed if given.get("signed") == "yes" else ""
    comment = Comment(answers, text, signed)
    with services.state.begin() as connection:
        seat = repository.own_seat(connection, int(item_id), account.username)
        if seat is None or seat.state not in HOLDS or repository.commented(connection, seat.id):
            raise HearingRefused("comment", "commented", "was given", "one is taken")
        repository.add_comment(connection, int(item_id), seat.id, secrets.token_hex(16), comment)
        audit.record(
            connection,
            by=account.actor,
            action="judicial.comment",
            subject=f"judicial/hearing/{item_id}",
            detail="",
            at_ms=services.now_ms(),
        )


def read(services: Services, account: Account, item_id: str) -> Comments | None:
    """The comments, for the body itself and for the office; None for others.

    Raises:
        UnknownThing
    """
    row = seen(services, account, item_id)
    if not (account.may(JudicialPermission.CHECK) or row["unit"] in bodies(account)):
        return None
    if row["state"] != "decided":
        return None
    with services.state.read() as connection:
        return summed(repository.comments(connection, row["id"]))


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Occasions on which somebody may comment and has not."""
    if not account.may(JudicialPermission.ATTEND):
        return []
    note = services.words("judicial.hearings.comment-wanted")
    with services.state.read() as connection:
        rows = repository.to_comment(connection, account.username)
    return [
        Todo(
            row["title"],
            f"{PATH}/{row['id']}/comment",
            begins_ms(row["outcome_day"]),
            note=note,
        )
        for row in rows
    ]
