"""Announce occasions and read them; what the platform hands on of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from alerting.duty.ical import Event
from api.accounts.records import Account, Secrecy
from api.deadlines.opening import deadlines_of
from api.platforms.judicial import unit_names
from api.platforms.judicial.hearings import repository, wording
from api.platforms.judicial.hearings.actions.settling import settle
from api.platforms.judicial.hearings.procedure import PROCEDURE
from api.platforms.judicial.hearings.records import (
    PATH,
    Asked,
    HearingRefused,
    Kind,
    Listed,
    ends_ms,
    kinds,
)
from api.platforms.judicial.hearings.wording import HearingLine
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Json, Summary
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.refusals import UnknownThing
from api.services import Services

SHOWS = ("", "announced", "allotted", "held", "decided")


def bodies(account: Account) -> Sequence[str]:
    """The units for which somebody may announce."""
    return [of.unit for of in account.reaches if JudicialPermission.SUBMIT in of.permissions]


def offered(account: Account) -> Sequence[Kind]:
    """The kinds that somebody's body may announce."""
    mine = set(bodies(account))
    return [of for of in kinds().values() if mine & set(of.bodies)]


def make(services: Services, account: Account, given: Given) -> str:
    """Begin a draft in the name of the account's body; its id. The seed of the order is drawn now,
    before anybody asks for a seat.

    Raises:
        HearingRefused: the body announces none of this kind, or it does not hold together.
        TextRefused: a text names a person or a case.
        StepRefused
    """
    kind = kinds().get(given.get("kind", ""))
    unit = next((of for of in bodies(account) if kind is None or of in kind.bodies), None)
    if unit is None:
        raise HearingRefused("kind", "kind", "is not announced by this body", "give another")
    notice = _notice_days(services, kind) if kind else 0
    with taking.acts(services, PROCEDURE, account) as acting:
        made, _ = taking.begin(
            acting,
            given,
            unit=unit,
            made_by=account.username,
            seed=secrets.token_hex(8),
            notice_days=notice,
            secrecy=int(Secrecy.INTERNAL),
        )
    return made


def _notice_days(services: Services, kind: Kind) -> int:
    rulebook = deadlines_of(services).rulebook
    with services.state.read() as connection:
        rule = rulebook.one(connection, kind.notice).rule
    if rule.unit != "day":
        # A district's rule in other units still runs as a term; the reason asked for late
        # notice is of whole days.
        return 0
    return rule.amount


def edit(
    services: Services, account: Account, item_id: str, given: Given, version: int | None
) -> None:
    """Give a draft other words.

    Raises:
        StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "edit", given, version)


def seen(services: Services, account: Account, item_id: str) -> Row:
    """An occasion that an account may see.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown hearing {item_id[:40]}")
    return row


def draft_for(services: Services, account: Account, item_id: str) -> Row:
    """A draft of the account's own body.

    Raises:
        UnknownThing
    """
    row = seen(services, account, item_id)
    if row["state"] != "draft" or row["unit"] not in bodies(account):
        raise UnknownThing(f"no draft {item_id[:40]} of one's own")
    return row


def done(services: Services, item_id: str) -> None:
    """Whatever follows a step of an occasion."""
    settle(services, int(item_id))


def listed(
    services: Services, account: Account, asked: Asked
) -> tuple[Sequence[HearingLine], Listed]:
    """A page of the occasions that an account sees, as lines and as it was found."""
    with services.state.read() as connection:
        found = repository.listed(connection, account, asked)
        ids = [row["id"] for row in found.rows]
        mine = repository.own_seats(connection, account.username, ids)
    words, names = services.words, unit_names.every(services)
    return [wording.line(words, row, names, mine.get(row["id"], "")) for row in found.rows], found


def content(services: Services, row: Row) -> Json:
    """An occasion as other platforms read it."""
    words = services.words
    return {
        "kind": words(f"judicial.hearing.kind-{row['kind']}"),
        "body": unit_names.every(services).get(row["unit"], row["unit"]),
        "matter": row["matter"],
        "from_ms": row["from_ms"],
        "until_ms": row["until_ms"],
        "location": row["location"] or "",
        "public": row["openness"] == "open",
        "seats": int(row["seats"]),
        "outcome": words(f"judicial.hearing.outcome-{row['outcome']}") if row["outcome"] else "",
    }


def summaries(services: Services, account: Account) -> Sequence[Summary]:
    """That there are occasions of which somebody may ask a seat."""
    if not account.may(JudicialPermission.ATTEND):
        return []
    with services.state.read() as connection:
        number = repository.announced(connection, account)
    if not number:
        return []
    text = services.words("judicial.hearings.may-ask", n=number)
    return [Summary(text, f"{PATH}?show=announced", "calm")]


def appointments(services: Services, username: str) -> Sequence[Event]:
    """The occasions at which somebody has a seat."""
    words, site = services.words, services.catalogue.site.id
    with services.state.read() as connection:
        rows = repository.appointments(connection, username)
    return [
        Event(
            f"hearing-{row['id']}@{site}",
            row["from_ms"],
            ends_ms(row),
            row["title"],
            wording.where(words, row),
            sequence=row["version"],
        )
        for row in rows
    ]
