"""Prepare what the public shall read of a suggestion, give it other words, and list releases."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.duty import repository as suggestions
from api.platforms.duty.publication import repository, wording
from api.platforms.duty.publication.procedure import PROCEDURE
from api.platforms.duty.publication.records import FIELDS, Mark, NotToPrepare, clean, marks
from api.platforms.duty.publication.wording import ReleaseLine
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.events import Event, standing
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services

_SIGNS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 8
"""Of a public number: without signs that look alike. It says nothing of what is in the house."""
SHOWN: Mapping[str, Sequence[str]] = {
    "prepared": ("prepared",),
    "released": ("released",),
    "over": ("recalled", "dropped"),
}


def listed(services: Services, account: Account, show: str) -> Sequence[ReleaseLine]:
    """Releases, the newest first."""
    with services.state.read() as connection:
        found = repository.listed(connection, account, SHOWN[show])
    return [wording.line(services.words, of) for of in found]


def candidates(services: Services, account: Account) -> Sequence[Row]:
    """Suggestions that may be prepared: closed, to be public, without a release that stands."""
    with services.state.read() as connection:
        return repository.candidates(connection, account)


def prefilled(services: Services, account: Account, item_id: str) -> tuple[Row, Mapping[str, str]]:
    """The row of a suggestion, and the fields that a release of it begins with: from the
    suggestion and its last reply, without signs that nobody sees.

    Raises:
        UnknownThing
        NotToPrepare: it is not to be made public, or not yet.
    """
    with services.state.read() as connection:
        row = suggestions.suggestion(connection, account, item_id)
        if row is None:
            raise UnknownThing(f"unknown suggestion {item_id[:40]}")
        new = {"id": 0, "suggestion": row["id"]}
        against = repository.not_to_release(connection, new, services.now_ms())
        reply = repository.last_reply(connection, row["id"])
    if against or reply is None:
        raise NotToPrepare(f"suggestion {item_id[:40]} is not prepared for the public: {against}")
    unit = Units(services.state).get(reply.unit)
    return row, {
        "title": clean(row["title"]),
        "body": clean(row["body"]),
        "answer": clean(reply.text),
        "unit_name": services.words.name(unit.name) if unit else "",
        "result": reply.result,
        "answered_day": reply.day.isoformat(),
    }


def found_in(services: Services, written: Mapping[str, str]) -> Sequence[Mark]:
    """Everything in the fields of a form that may point at a person."""
    with services.state.read() as connection:
        names = repository.people(connection)
    return marks({field: clean(written.get(field, "")) for field in FIELDS}, names)


def prepare(services: Services, account: Account, item_id: str, written: Mapping[str, str]) -> str:
    """Prepare a release; its id.

    Raises:
        UnknownThing, NotToPrepare
        StepRefused: see :func:`api.procedures.taking.begin`.
        MarksUnanswered
    """
    row, _ = prefilled(services, account, item_id)
    with taking.acts(services, PROCEDURE, account) as acting:
        made, _ = taking.begin(
            acting,
            _cleaned(written),
            suggestion=row["id"],
            preparer=account.username,
            public_number="".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)),
            unit=row["unit"],
            secrecy=row["secrecy"],
        )
    return made


def edit(
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    version: int | None,
) -> Event:
    """Give a release other words, before it is decided.

    Raises:
        StepRefused, MarksUnanswered
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        return taking.take(acting, item_id, "edit", _cleaned(written), version)


def row_for(services: Services, account: Account, item_id: str) -> Row:
    """A release that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown release {item_id[:40]}")
    return row


def kept(events: Sequence[Event]) -> str:
    """The marks in a release of which somebody said that they may be public, a line each."""
    said = [of.given for of in standing(events) if of.step in ("prepare", "edit")]
    return said[-1].get("kept", "") if said else ""


def _cleaned(written: Mapping[str, str]) -> Mapping[str, str]:
    fields = {name: clean(of) if name in FIELDS else of for name, of in written.items()}
    return fields | {"kept": written.get("kept", "").replace("\r", "")}
