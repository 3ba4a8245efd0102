"""Begin a draft, change and submit it, have it signed, put files to it: each in a transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.engine import Connection
from starlette.datastructures import UploadFile

from api import audit, items
from api.accounts.records import Account, Secrecy
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.copies.records import Shown
from api.copies.wording import sentence
from api.files import actions as files
from api.files.repository import Attachment
from api.platforms.duty.frozen_items import actions as frozen_items
from api.platforms.duty.frozen_items import repository as frozen
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.handling import repository as handled
from api.platforms.duty.key_supervision import actions as key_supervision
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.ratings import actions as ratings
from api.platforms.duty.searched import actions as searched
from api.platforms.duty.signing import actions as signing
from api.platforms.duty.signing import repository as signatures
from api.platforms.duty.signing.actions import Signing
from api.platforms.duty.suggestions import repository
from api.platforms.duty.suggestions.procedure import KIND, PROCEDURE
from api.platforms.duty.suggestions.records import (
    SIGNED_IN,
    Draft,
    ExclusionsNotChecked,
    KeyTaken,
    NotWritable,
    Raised,
)
from api.ports import DraftKind, Frozen, Item, Json, Reference
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import day_of

Parts = Callable[[Services, Account, Row], Mapping[str, Any]]
PARTS: tuple[Parts, ...] = (
    handling.parts,
    key_supervision.parts,
    ratings.parts,
)
"""Of each further room that shows something on the page of a suggestion: the values of its
template.
"""
LONGEST_TITLE, LONGEST_SUMMARY = 100, 2000
TEXT = tuple(need.name for need in PROCEDURE.first.needs)
"""The fields that a deputy writes."""
SIGNING = Signing(PROCEDURE, SIGNED_IN)
"""Suggestions as deputies sign them."""
invite, sign, decline, signed = SIGNING.invite, SIGNING.sign, SIGNING.decline, SIGNING.signed
signable, todos = SIGNING.signable, SIGNING.todos


def begin(
    services: Services,
    account: Account,
    draft_key: str,
    given: Given,
    source: str = "",
    copies: Sequence[Frozen] = (),
) -> Draft:
    """Begin a draft, or find the one that this key has begun before: sent twice it is one. It
    keeps the ``copies`` of items that it is made of.

    Raises:
        KeyTaken
        Incomplete: fields are missing; those of a draft that is there already are not looked at.
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        known = repository.drafted_as(acting.connection, draft_key)
        if known is not None:
            if known["author"] != account.username:
                raise KeyTaken("draft_key: somebody else has this key; make a new one")
            return _draft(known, given, begun=False)
        item_id, _ = taking.begin(
            acting,
            given,
            draft_key=draft_key,
            author=account.username,
            lead=account.username,
            text_hash="",
            returns=0,
            round=0,
            secrecy=Secrecy.RESTRICTED,
            source=source or None,
        )
        frozen.keep(acting.connection, int(item_id), account.username, copies, acting.at_ms)
        row = procedures.row(acting.connection, PROCEDURE, item_id)
    assert row is not None
    return _draft(row, given, begun=True)


def begin_from(services: Services, account: Account, copies: Sequence[Frozen]) -> Reference:
    """Begin a draft out of items that somebody saw; it keeps them as they were.

    Raises:
        Incomplete: there is no item, or the texts are too long together.
    """
    contents = [msgspec.json.decode(of.body) for of in copies]
    title = contents[0]["title"] if contents else ""
    body = "\n\n".join(from_item(services, of["title"], of["content"]) for of in contents)
    given = {"title": title[:LONGEST_TITLE], "body": body, "openness": "public"}
    source = "/".join(msgspec.structs.astuple(copies[0].reference)) if copies else ""
    draft = begin(services, account, str(uuid.uuid4()), given, source, copies)
    return _reference(int(draft.item_id))


def from_item(services: Services, title: str, content: Json) -> str:
    """How the text of a suggestion begins that is made of an item."""
    said = sentence(content)[:LONGEST_SUMMARY]
    return services.words("duty.suggestions.from-item", title=title, said=said)


def copies_of(
    roster: Sequence[Platform], services: Services, account: Account, source: str
) -> list[Frozen]:
    """The copy to keep of the item that a suggestion comes from, as far as the account sees it;
    none of no item. ``services`` are those of the site.
    """
    found = items.copied(roster, services, account, _source(source))
    return [found] if found else []


def save(
    services: Services,
    account: Account,
    draft_key: str,
    given: Given,
    source: str = "",
    copies: Sequence[Frozen] = (),
) -> str:
    """Begin a draft, or give the one of this key other words; its id.

    Raises:
        KeyTaken, StepRefused
    """
    draft = begin(services, account, draft_key, given, source, copies)
    if not draft.same:
        edit(services, account, draft.item_id, given, draft.version)
    return draft.item_id


def edit(
    services: Services, account: Account, item_id: str, given: Given, version: int | None
) -> None:
    """Give a draft other words; whoever signed the old ones is asked again.

    Raises:
        StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "edit", given, version)
        thing = signable(_row(acting.connection, item_id))
        signing.ask_again(services, acting.connection, thing)


def submit(
    services: Services,
    account: Account,
    item_id: str,
    given: Given,
    version: int | None,
    *,
    none_of_grounds: bool,
) -> None:
    """Submit a draft: today, where nobody says that it was submitted on paper before.
    ``none_of_grounds``: the deputy says that it is none of what is kept as a letter; the audit
    keeps that.

    Raises:
        ExclusionsNotChecked, StepRefused
    """
    if not none_of_grounds:
        raise ExclusionsNotChecked(
            "none_of_grounds: read the grounds, and send true where none holds",
            field="none_of_grounds",
        )
    with taking.acts(services, PROCEDURE, account) as acting:
        day = given.get("submitted", "").strip() or day_of(acting.at_ms)
        event = taking.take(acting, item_id, "submit", {**given, "submitted": day}, version)
        audit.record(
            acting.connection,
            by=account.actor,
            action="duty.no-ground",
            subject=f"duty/{KIND}/{item_id}",
            detail=event.after_hash,
            at_ms=acting.at_ms,
        )


def done(services: Services, item_id: str) -> None:
    """After a step: it is found as it is now, further units belong to the unit in charge, and
    whoever signed another text is asked again.
    """
    item = int(item_id)
    handling.follow_lead(services, item)
    searched.put(services, item)
    with services.state.read() as connection:
        thing = signable(_row(connection, item_id))
        stale = signatures.stale(connection, KIND, item, thing.text_hash)
    if stale and thing.open:
        with services.state.begin() as connection:
            signing.ask_again(services, connection, signable(_row(connection, item_id)))


def row_for(services: Services, account: Account, item_id: str) -> Row:
    """The row of a suggestion that somebody sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        return _seen(connection, account, item_id)


def raised(services: Services, account: Account, row: Row) -> Raised:
    """The one that a suggestion raises again, and those that raised it again, if an account sees
    them.
    """
    with services.state.read() as connection:
        return repository.raised(connection, account, row)


def attach(
    services: Services, account: Account, item_id: str, upload: UploadFile, title: str = ""
) -> int:
    """Put a file to a draft; the same content once more is the one that is there.

    Raises:
        UnknownThing, NotWritable, FileRefused
    """
    subject = _writable(services, account, item_id)
    stored = files.receiver(services).received(upload.filename or "", upload.file)
    for one in files.of_subject(services, subject):
        if one.sha256 == stored.sha256:
            return one.id
    with services.state.begin() as connection:
        made = files.attach_stored(services, connection, account, subject, stored, title)
    if stored.verdict.scan == "infected":
        files.tell_infected(services, made)
    return made


def detach(
    services: Services, account: Account, item_id: str, attachment_id: int, why: str
) -> None:
    """Take a file from a draft; nothing where there is none such.

    Raises:
        UnknownThing, NotWritable
    """
    subject = _writable(services, account, item_id)
    for one in files.of_subject(services, subject):
        if one.id == attachment_id:
            files.remove(services, account, one, why)


def attached(services: Services, row: Row) -> list[Attachment]:
    """The files at a suggestion."""
    return files.of_subject(services, _reference(row["id"]))


def writes(account: Account, row: Row) -> bool:
    """Whether somebody writes at a draft."""
    return bool(row["state"] == "draft" and row["lead"] == account.username)


def origin(
    roster: Sequence[Platform], services: Services, account: Account, source: str
) -> tuple[str, Item] | None:
    """An item that a suggestion came from, with the address of its page; None where there is none
    that the account may see.
    """
    reference = _source(source)
    found = items.read(tuple(roster), services, account, reference) if reference.id else None
    return (f"/{reference.platform}{found.path}", found) if found else None


def kept_items(
    roster: Sequence[Platform], services: Services, account: Account, row: Row
) -> list[Shown]:
    """Items that a suggestion was made of, as they were then, as far as the account may see them;
    ``services`` are those of the site.
    """
    return frozen_items.shown(roster, services, account, row)


def content(services: Services, row: Row) -> Json:
    """A suggestion as other platforms copy it: names beside ids, and of ratings the official
    ones of closed windows alone.
    """
    official = ratings.published(services, row)
    with services.state.read() as connection:
        replies = handled.replies(connection, row["id"])
    words = services.words
    units = {of.id: words.name(of.name) for of in Units(services.state).all()}
    who = [of.username for of in signed(services, row) if of.valid]
    names = People(services.state).names([row["lead"], *who])

    def choice(name: str, value: str | None) -> str | None:
        return words(f"duty.suggestion.{name}-{value}") if value else None

    def day(value: Any) -> str | None:
        return value.isoformat() if value else None

    return {
        "number": row["number"],
        "title": row["title"],
        "text": row["body"],
        "text_hash": row["text_hash"],
        "topic": choice("topic", row["topic"]),
        "town": units.get(row["town"] or ""),
        "location": row["location"],
        "lead": names.get(row["lead"], row["lead"]),
        "signers": [names.get(of, of) for of in who],
        "session": choice("session", row["session"]),
        "submitted": day(row["submitted_day"]),
        "assigned": day(row["assigned_day"]),
        "unit": row["unit"],
        "unit_name": units.get(row["unit"] or ""),
        "answered": day(row["answered_day"]),
        "result": choice("result", row["result"]),
        "replies": [
            {
                "round": of.round,
                "unit": of.unit,
                "unit_name": units.get(of.unit, of.unit),
                "number": of.number,
                "signer": of.signer,
                "day": of.day.isoformat(),
                "result": choice("result", of.result),
                "text": of.text,
                "rating": official.get(of.round),
            }
            for of in replies
        ],
    }


def _source(said: str) -> Reference:
    platform, _, rest = said.partition("/")
    kind, _, item_id = rest.partition("/")
    return Reference(platform, kind, item_id)


def _draft(row: Row, given: Given, *, begun: bool) -> Draft:
    said = {name: str(row[name] or "") for name in TEXT}
    same = all(said[name] == given.get(name, "").strip() for name in TEXT)
    return Draft(str(row["id"]), row["state"], row["version"], begun, begun or same)


def _row(connection: Connection, item_id: str) -> Row:
    row = procedures.row(connection, PROCEDURE, item_id)
    assert row is not None, "it was there in the same transaction"
    return row


def _seen(connection: Connection, account: Account, item_id: str) -> Row:
    row = procedures.row_for(connection, PROCEDURE, item_id, account, DutyPermission.SEE)
    if row is None:
        raise UnknownThing(f"unknown {KIND} {item_id[:40]}")
    return row


def _writable(services: Services, account: Account, item_id: str) -> Reference:
    row = row_for(services, account, item_id)
    if not writes(account, row):
        raise NotWritable("files are put to a draft by whoever leads its signers")
    return _reference(row["id"])


def _reference(item: int) -> Reference:
    return Reference("duty", KIND, str(item))


DRAFT = DraftKind(
    "suggestion",
    begin_from,
    permission=DutyPermission.WRITE,
    form="/suggestions/new",
    words="duty.suggestions.ask",
)
"""A suggestion that is made of items of any platform."""
