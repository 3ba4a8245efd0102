"""Keep, confirm and remove addresses for messages."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Code, Entry
from alerting.notify.readers import personal
from alerting.notify.repository import Delivery
from api.accounts.credentials import contact_codes
from api.accounts.credentials.contact_codes import GOOD_MS, MOST_TRIES, SPAN_MS
from api.accounts.limits import TooManyAttempts
from api.own_account.contacts.records import MOST, Added
from api.own_account.contacts.repository import Asked, Contact, Contacts
from api.own_account.owner import Owner, Slowed
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def kept(owner: Owner) -> tuple[Contact, ...]:
    """Those of the person."""
    return Contacts(owner.services.state).of_person(owner.username)


def confirmable(owner: Owner) -> frozenset[str]:
    """Kinds of addresses to which the site can send a code."""
    return frozenset(personal(owner.services.channels).values()) - {"screen", "push"}


def on_their_way(owner: Owner) -> dict[int, Delivery | None]:
    """By address the code that is good now, as the way of its message stands; None where nobody
    knows that any more.
    """
    services = owner.services
    with services.state.read() as connection:
        asked = Contacts(services.state).asked(
            connection, owner.username, services.now_ms() - GOOD_MS
        )
        found = services.messages.deliveries(connection, [of.message_id for of in asked])
    return {
        of.contact: next(iter(found.get(of.message_id, ())), None)
        for of in asked
        if of.tries < MOST_TRIES
    }


def send_code(owner: Owner, contact_id: int) -> None:
    """Send a code to an address, by the first channel that reaches such addresses.

    Raises:
        NotAccepted: there is no such address, it is confirmed, the site cannot send there, or
            there were too many codes lately.
    """
    services, contacts = owner.services, Contacts(owner.services.state)
    contact = _unconfirmed(owner, contact_id)
    ways = [name for name, kind in personal(services.channels).items() if kind == contact.kind]
    if not ways:
        fault = Fault("code", f"no channel reaches a {contact.kind}", "ask the administrator")
        raise NotAccepted(fault, "account.no-channel")
    now = services.now_ms()

    def work(connection: Connection) -> None:
        _not_too_often(owner, contacts.asked(connection, owner.username, now - SPAN_MS), contact)
        nonce = contact_codes.fresh_nonce()
        body = Code(contact.id, nonce)
        entry = Entry(nonce, "code", Level.CRITICAL, now, body, None, owner.username)
        message = services.messages.hand(connection, entry, ways[0], now)
        asked = Asked(nonce, contact.id, now, 0, message.id)
        contacts.keep_code(connection, owner.username, asked, now - SPAN_MS)

    owner.change(work, action="contact.code", detail=contact.kind)


def confirm(owner: Owner, contact_id: int, code: str) -> None:
    """Confirm an address by the newest code that was sent there.

    Raises:
        NotAccepted: it is not that code, or good no more, or was tried too often.
    """
    services, contacts = owner.services, Contacts(owner.services.state)
    contact, now = _unconfirmed(owner, contact_id), owner.services.now_ms()
    with services.state.begin() as connection:
        asked = contacts.asked(connection, owner.username, now - GOOD_MS)
        newest = next((of for of in reversed(asked) if of.contact == contact.id), None)
        left = newest is not None and contacts.count_try(connection, newest.nonce, MOST_TRIES)
    if newest is None or not left:
        fault = Fault("code", "is good no more", "have a new one sent")
        raise NotAccepted(fault, "account.wrong-code-spent")
    key = services.site_key.of(contact_codes.PURPOSE)
    right = contact_codes.code_of(key, contact.id, contact.value, newest.nonce)
    if not contact_codes.is_right(right, code):
        fault = Fault("code", "is not right", "give the newest code that was sent")
        raise NotAccepted(fault, "account.wrong-code")
    owner.change(
        lambda connection: contacts.confirm(connection, contact.id, now),
        action="contact.confirm",
        detail=contact.kind,
    )


def _unconfirmed(owner: Owner, contact_id: int) -> Contact:
    for of in kept(owner):
        if of.id == contact_id and of.confirmed_ms is None:
            return of
    fault = Fault("code", "no such address of this account waits for one", "choose another")
    raise NotAccepted(fault, "account.wrong-contact")


def _not_too_often(owner: Owner, lately: list[Asked], contact: Contact) -> None:
    of_contact = [of for of in lately if of.contact == contact.id]
    for asked, most in (
        (of_contact, contact_codes.MOST_OF_CONTACT),
        (lately, contact_codes.MOST_OF_PERSON),
    ):
        if len(asked) >= most:
            wait_ms = asked[-most].made_ms + SPAN_MS - owner.services.now_ms()
            raise Slowed("code", TooManyAttempts(wait_ms), owner.services)


def add(owner: Owner, added: Added) -> int:
    """Keep one; its id.

    Raises:
        NotAccepted: it is no address, or known, or there are too many, or the password is not
            right.
    """
    value, contacts = added.address(), Contacts(owner.services.state)
    owner.confirm(added.password)

    def work(connection: Connection) -> int:
        before = contacts.read(connection, owner.username)
        if (added.kind, value) in {(of.kind, of.value) for of in before}:
            raise NotAccepted(Fault("value", "is here", "give another"), "account.wrong-known")
        if len(before) >= MOST:
            fault = Fault("value", f"would be one more than {MOST}", "remove one first")
            raise NotAccepted(fault, "account.wrong-many", most=MOST)
        return contacts.add(connection, owner.username, added.kind, value)

    return owner.change(work, action="contact.add", detail=added.kind)


def remove(owner: Owner, contact_id: int, password: str) -> None:
    """Remove one.

    Raises:
        NotAccepted: there is none of this id, or the password is not right.
    """
    contacts = Contacts(owner.services.state)
    if contact_id not in {of.id for of in contacts.of_person(owner.username)}:
        raise NotAccepted(
            Fault("contact", "is none of this account", "choose one"), "account.wrong-contact"
        )
    owner.confirm(password, "password-remove")
    owner.change(
        lambda connection: contacts.remove(connection, owner.username, contact_id),
        action="contact.remove",
    )
