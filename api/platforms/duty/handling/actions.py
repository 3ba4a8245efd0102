"""Log contacts, confirm or deny them, and show what units do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.deadlines import wording as term_wording
from api.deadlines.opening import deadlines_of
from api.platforms.duty import centre, messages, terms
from api.platforms.duty import repository as suggestions
from api.platforms.duty.handling import repository, wording
from api.platforms.duty.handling.procedure import PROCEDURE
from api.platforms.duty.handling.records import (
    CONTACT_STATES,
    LONGEST_SAID,
    WAYS,
    Contact,
    Logged,
    Word,
)
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.signing import repository as signing
from api.ports import Reference
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from api.web.declared import Declared, SomebodyWasFirst
from api.web.forms import FIRST_DAY, LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import begins_ms, day_of


class NotAtWork(Declared):
    """The unit does not handle the suggestion now."""

    status = 409
    words = "duty.contact.not-at-work"


class NotASigner(Declared):
    """Only who signed the suggestion says whether a unit spoke with them."""

    status = 403
    words = "duty.contact.not-a-signer"


class SaidBefore(SomebodyWasFirst):
    """A word that was given stands."""

    words = "duty.contact.said-before"


def parts(services: Services, account: Account, row: Row) -> Mapping[str, Any]:
    """Values of ``duty/_contacts.html``, ``duty/_contributions.html``, ``duty/_replies.html`` and
    ``duty/_joint.html``.
    """
    with services.state.read() as connection:
        contacts = repository.contacts(connection, row["id"])
        contributions = repository.contributions(connection, row["id"], account)
        replies = repository.replies(connection, row["id"])
        together = repository.joint(connection, account, row)
        signers = {row["lead"], *_signers(connection, row)}
        handles = suggestions.suggestion_to_act_on(
            connection, account, str(row["id"]), DutyPermission.HANDLE
        )
    units, own_terms = unit_names(services), _terms(services, contributions)
    return {
        "contacts": [
            wording.contact_line(
                services.words, units, of, may_say=_may_say(account, row, of, signers)
            )
            for of in contacts
        ],
        "may_contact": handles is not None and row["state"] in CONTACT_STATES,
        "contributions": [
            wording.contribution_line(services.words, units, of, own_terms.get(of["id"]))
            for of in contributions
        ],
        "replies": wording.reply_lines(services.words, services.district, units, replies),
        "joint": together,
    }


def seen(services: Services, account: Account, item_id: str) -> Row | None:
    """The row of a suggestion that an account sees."""
    with services.state.read() as connection:
        return suggestions.suggestion(connection, account, item_id)


def handled(services: Services, account: Account, item_id: str) -> Row | None:
    """The row of a suggestion that an account handles."""
    with services.state.read() as connection:
        return suggestions.suggestion_to_act_on(
            connection, account, item_id, DutyPermission.HANDLE
        )


def contribution_line(services: Services, row: Row) -> wording.ContributionLine:
    """The part of a further unit as it stands."""
    return wording.contribution_line(
        services.words, unit_names(services), row, _terms(services, [row]).get(row["id"])
    )


def unit_names(services: Services) -> Mapping[str, str]:
    """Every unit's name by its id."""
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}


def follow_lead(services: Services, suggestion: int) -> None:
    """Let the parts of further units follow the unit in charge: what is told of them is told
    there.
    """
    today = day_of(services.now_ms())
    standing = [of.id for of in Units(services.state).all() if of.span.holds(today)]
    with services.state.read() as connection:
        if not repository.of_former_lead(connection, suggestion, standing):
            return
    with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
        found = repository.of_former_lead(acting.connection, suggestion, standing)
        for part, unit in found.items():
            given = {"lead_unit": unit} if unit else {}
            taking.take(acting, str(part), "follow-lead", given)


def log_contact(
    services: Services, account: Account, item_id: str, given: Mapping[str, str]
) -> Row | None:
    """Write that the unit spoke with the deputies; the first contact ends its term. The row of the
    suggestion, None where the account handles none such.

    Raises:
        NotAccepted: a field does not hold.
        NotAtWork: the unit has not signed for it, or it is over.
    """
    at_ms = services.now_ms()
    with services.state.begin() as connection:
        row = suggestions.suggestion_to_act_on(connection, account, item_id, DutyPermission.HANDLE)
        if row is None:
            return None
        if row["state"] not in CONTACT_STATES:
            raise NotAtWork(f"suggestion {item_id} is {row['state']}: sign for it first")
        logged = _logged(given, day_of(at_ms))
        repository.add_contact(connection, row, logged, account, at_ms)
        reference = Reference("duty", "suggestion", str(row["id"]))
        deadlines_of(services).end(
            connection,
            (reference, terms.CONTACT),
            min(begins_ms(logged.day), at_ms),
            actor=account.actor,
            at_ms=at_ms,
        )
        audit.record(
            connection,
            by=account.actor,
            action="duty.contact",
            subject=f"duty/suggestion/{row['id']}",
            detail=json.dumps({"way": logged.way, "day": logged.day.isoformat()}),
            at_ms=at_ms,
        )
        readers = {row["lead"], *_signers(connection, row)}
        messages.tell(services, connection, account, row, "contact", readers)
    return row


def say(
    services: Services, account: Account, contact: int, *, confirmed: bool, note: str
) -> Row | None:
    """Confirm or deny a contact, once each; the lead's word counts. A first contact that the lead
    denies lets its term run on. The row of the suggestion, None where the account sees none such.

    Raises:
        NotASigner, SaidBefore
        NotAccepted: the note is long.
    """
    at_ms, note = services.now_ms(), note.strip()
    if len(note) > LONGEST_WHY:
        fault = Fault("note", "is long", f"give {LONGEST_WHY} signs at most")
        raise NotAccepted(fault, "note")
    with services.state.begin() as connection:
        found = repository.contact_of(connection, contact)
        row = suggestions.suggestion(connection, account, str(found)) if found else None
        if row is None:
            return None
        lead = account.username == row["lead"]
        if not lead and account.username not in _signers(connection, row):
            raise NotASigner("only the signers say whether a unit spoke with them")
        said = Word(account.username, confirmed, note, account.signed, at_ms)
        if not repository.add_word(connection, contact, said, lead=lead):
            raise SaidBefore("the word on this contact was given before and stands")
        if lead and not confirmed:
            _owe_contact(services, connection, account, row, at_ms)
        audit.record(
            connection,
            by=account.actor,
            action="duty.contact-word",
            subject=f"duty/suggestion/{row['id']}",
            detail=json.dumps({"contact": contact, "confirmed": confirmed}),
            at_ms=at_ms,
        )
        occasion = "confirmed" if confirmed else "denied"
        messages.tell(services, connection, account, row, occasion, (), terms.unit(row))
    return row


def _owe_contact(
    services: Services, connection: Connection, account: Account, row: Row, at_ms: int
) -> None:
    if row["state"] != "handling" or repository.contacted(connection, row["id"]):
        return
    deadlines, term = deadlines_of(services), repository.contact_term(connection, row["id"])
    if term is not None:
        why = services.words("duty.contact.standing-denied")
        deadlines.reopen(connection, term, why, actor=account.actor, at_ms=at_ms)


def _signers(connection: Connection, row: Row) -> tuple[str, ...]:
    return signing.signers(connection, "suggestion", row["id"], row["text_hash"])


def _may_say(account: Account, row: Row, contact: Contact, signers: set[str]) -> bool:
    if account.username == row["lead"]:
        return contact.lead is None
    return account.username in signers and account.username not in contact.others


def _terms(services: Services, rows: Sequence[Row]) -> Mapping[int, term_wording.Line]:
    """How the terms of contributions stand, by id."""
    with services.state.read() as connection:
        ids = [of["id"] for of in rows]
        found = suggestions.last_terms(connection, repository.CONTRIBUTION_KIND, ids)
    now_ms, words = services.now_ms(), services.words
    return {of: term_wording.line(words, term, now_ms) for of, term in found.items()}


def _logged(given: Mapping[str, str], today: str) -> Logged:
    way = next((of for of in WAYS if of == given.get("way")), None)
    if way is None:
        raise NotAccepted(Fault("way", "is no way", f"give one of {WAYS}"), "way")
    text = given.get("text", "").strip()
    if not text or len(text) > LONGEST_SAID or "\0" in text:
        fault = Fault("text", "is missing or long", f"give 1 to {LONGEST_SAID} signs")
        raise NotAccepted(fault, "text", most=LONGEST_SAID)
    said = given.get("day", "")
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day.isoformat() <= today:
        raise NotAccepted(Fault("day", f"{said!r} is no day", f"give one until {today}"), "day")
    return Logged(way, day, text)
