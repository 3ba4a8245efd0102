"""Keep and remove addresses for messages."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.own_account.contacts.records import MOST, Added
from api.own_account.contacts.repository import Contact, Contacts
from api.own_account.owner import Owner
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def kept(owner: Owner) -> tuple[Contact, ...]:
    """Those of the person."""
    return Contacts(owner.services.state).of_person(owner.username)


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
