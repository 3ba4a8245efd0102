"""Ask people to sign a thing, sign it, decline, and ask again after its text was changed: row,
audit and message in the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api import audit
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.records import Responsible
from api.platforms.duty.deputies import repository as register
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.signing import repository, wording
from api.platforms.duty.signing.records import (
    NotDeputy,
    NotInvited,
    NotLead,
    Signable,
    Signature,
    SigningOver,
    TextChanged,
)
from api.platforms.duty.signing.wording import SigningPart
from api.ports import Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Procedure, Row
from api.procedures.refusals import UnknownThing
from api.procedures.taking import Acting
from api.services import Services, into
from api.web.language import language_for
from config.vocabulary.time import day_of

LONGEST_TITLE = 300
MOST_INVITED = 400
"""At once: a district has fewer deputies."""


@dataclass(frozen=True, slots=True)
class Signing:
    """A kind of things that deputies sign, in some states; its rows have columns title, text_hash
    and lead.
    """

    procedure: Procedure
    states: Collection[str]

    def signable(self, row: Row) -> Signable:
        """A thing as deputies sign it."""
        of = self.procedure
        return Signable(
            of.kind,
            row["id"],
            row["title"],
            of.path(row),
            row["text_hash"],
            row["lead"],
            row["state"] in self.states,
        )

    def invite(
        self, services: Services, account: Account, item_id: str, usernames: Collection[str]
    ) -> Sequence[str]:
        """Ask deputies to sign; those who had not been asked before.

        Raises:
            UnknownThing, NotLead, NotDeputy, SigningOver
        """
        with taking.acts(services, self.procedure, account) as acting:
            thing = self._thing(acting, item_id)
            return invite(services, acting.connection, account, thing, usernames)

    def sign(self, services: Services, account: Account, item_id: str, read_hash: str) -> None:
        """Sign the text that was read.

        Raises:
            UnknownThing, NotInvited, TextChanged, SigningOver
        """
        with taking.acts(services, self.procedure, account) as acting:
            thing = self._thing(acting, item_id)
            sign(services, acting.connection, account, thing, read_hash)

    def decline(self, services: Services, account: Account, item_id: str) -> None:
        """Not sign, or take the own signature back.

        Raises:
            UnknownThing, NotInvited, SigningOver
        """
        with taking.acts(services, self.procedure, account) as acting:
            decline(services, acting.connection, account, self._thing(acting, item_id))

    def signed(self, services: Services, row: Row) -> tuple[Signature, ...]:
        """Everybody who was asked to sign a thing."""
        with services.state.read() as connection:
            kind = self.procedure.kind
            return repository.of_item(connection, kind, row["id"], row["text_hash"])

    def part(self, services: Services, account: Account, row: Row) -> SigningPart:
        """The values of ``duty/_signing.html`` for somebody."""
        found = self.signed(services, row)
        names = People(services.state).names([of.username for of in found])
        is_open = self.signable(row).open
        invitable: Mapping[str, str] = {}
        if is_open and row["lead"] == account.username and account.may(DutyPermission.WRITE):
            with services.state.read() as connection:
                everybody = deputies(services, connection)
            out = {row["lead"], *(of.username for of in found)}
            invitable = {of: name for of, name in everybody.items() if of not in out}
        return SigningPart(
            text_hash=row["text_hash"],
            open=is_open,
            own=next((of for of in found if of.username == account.username), None),
            lines=wording.lines(services.words, found, names),
            valid=sum(of.valid for of in found),
            invitable=invitable,
        )

    def todos(self, services: Services, account: Account) -> list[Todo]:
        """Things that wait for the own signature."""
        if not account.may(DutyPermission.WRITE):
            return []
        of = self.procedure
        with services.state.read() as connection:
            waiting = repository.waiting(
                connection, of.table, of.kind, self.states, account.username
            )
        return [
            Todo(
                one.title,
                of.path({"id": one.item}),
                one.invited_ms,
                note=services.words(f"duty.signing.todo-{'again' if one.again else 'sign'}"),
            )
            for one in waiting
        ]

    def _thing(self, acting: Acting, item_id: str) -> Signable:
        of = self.procedure
        row = procedures.row_for(acting.connection, of, item_id, acting.account, of.see)
        if row is None:
            raise UnknownThing(f"unknown {of.kind} {item_id[:40]}")
        return self.signable(row)


def deputies(services: Services, connection: Connection) -> Mapping[str, str]:
    """Everybody who may sign today, of the deputies of the term as far as they are registered:
    names by username, in the order of the names.
    """
    today = day_of(services.now_ms())
    everybody = staff(connection, services.roles, today)
    found = everybody.who(Responsible("", DutyPermission.WRITE))
    term = register.term_on(connection, date.fromisoformat(today))
    members = {of.username for of in register.of_term(connection, term)} if term else set()
    names = People(services.state).names([of for of in found if of in members or not members])
    return dict(sorted(names.items(), key=lambda of: (of[1], of[0])))


def invite(
    services: Services,
    connection: Connection,
    account: Account,
    thing: Signable,
    usernames: Collection[str],
) -> list[str]:
    """Ask deputies to sign; those who had not been asked before, who are sent a message.

    Raises:
        NotLead, SigningOver
        NotDeputy: somebody among them cannot sign, or leads the signers.
    """
    if thing.lead != account.username:
        raise NotLead("the one who leads the signers asks them")
    _check_open(thing)
    known = deputies(services, connection)
    wrong = [of for of in usernames if of not in known or of == thing.lead]
    if wrong or not usernames:
        detail = "usernames: give those of other deputies who may sign"
        raise NotDeputy(detail, field="usernames", wrong=wrong[:MOST_INVITED])
    at_ms = services.now_ms()
    fresh = repository.invite(connection, thing.kind, thing.item, usernames, at_ms)
    if fresh:
        _note(connection, account, "duty.invite", thing, ", ".join(fresh), at_ms)
        _tell(services, connection, thing, fresh, "asked", who=account.signed)
    return fresh


def sign(
    services: Services, connection: Connection, account: Account, thing: Signable, read_hash: str
) -> None:
    """Sign the text whose hash is ``read_hash``, as the person has read it.

    Raises:
        NotInvited, SigningOver
        TextChanged: it is another text by now.
    """
    _check_open(thing)
    if read_hash != thing.text_hash:
        raise TextChanged("the text was changed: read it, and give its hash", now=thing.text_hash)
    at_ms = services.now_ms()
    same = (thing.kind, thing.item, account.username)
    if not repository.answer(connection, *same, "signed", thing.text_hash, account.signed, at_ms):
        raise NotInvited("the one who leads the signers has to ask you first")
    _note(connection, account, "duty.sign", thing, thing.text_hash, at_ms)
    _tell(services, connection, thing, [thing.lead], "signed", who=account.signed)


def decline(services: Services, connection: Connection, account: Account, thing: Signable) -> None:
    """Not sign, or take the own signature back.

    Raises:
        NotInvited, SigningOver
    """
    _check_open(thing)
    at_ms = services.now_ms()
    same = (thing.kind, thing.item, account.username)
    if not repository.answer(
        connection, *same, "declined", thing.text_hash, account.signed, at_ms
    ):
        raise NotInvited("nobody has asked you to sign")
    _note(connection, account, "duty.decline", thing, thing.text_hash, at_ms)
    _tell(services, connection, thing, [thing.lead], "declined", who=account.signed)


def ask_again(services: Services, connection: Connection, thing: Signable) -> None:
    """Whoever signed another text is asked for the one of now, once for each text."""
    if not thing.open:
        return
    stale = repository.stale(connection, thing.kind, thing.item, thing.text_hash)
    _tell(services, connection, thing, stale, "again", who="")


def _check_open(thing: Signable) -> None:
    if not thing.open:
        raise SigningOver("it was signed until it had been checked; a later signature is void")


def _note(
    connection: Connection, account: Account, action: str, thing: Signable, detail: str, at_ms: int
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=f"duty/{thing.kind}/{thing.item}",
        detail=detail,
        at_ms=at_ms,
    )


def _tell(
    services: Services,
    connection: Connection,
    thing: Signable,
    readers: Collection[str],
    news: str,
    *,
    who: str,
) -> None:
    """A message to each reader in the own language; the same about the same text only once."""
    if not readers:
        return
    at_ms = services.now_ms()
    languages = staff(connection, services.roles, day_of(at_ms)).languages
    for reader in sorted(readers):
        language = language_for(languages.get(reader, ""), "", services.words.language)
        words = into(services, language).words
        text = words(f"duty.signing.news-{news}", who=who)
        note = Note(thing.title[:LONGEST_TITLE], text, thing.path)
        named = f"{thing.kind}|{thing.item}|{thing.text_hash}|{news}|{who}|{reader}"
        key = f"signing-{hashlib.blake2b(named.encode(), digest_size=10).hexdigest()}"
        entry = Entry(key, "note", Level.NOTICE, at_ms, note, reader=reader)
        services.messages.post(connection, entry)
