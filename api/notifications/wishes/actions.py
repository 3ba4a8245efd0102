"""Read and keep one's wishes."""

from __future__ import annotations

from dataclasses import dataclass

from alerting.notify.readers import Reader, personal, reader_of
from alerting.notify.wishes import Quiet, Wishes
from api.accounts.repositories.readers import Readers
from api.notifications.wishes import wording
from api.notifications.wishes.records import Choices, Wished, written
from api.own_account.owner import Owner


@dataclass(frozen=True, slots=True)
class Standing:
    """The wishes of a person as they are, what can be wished for, and what will be heard."""

    written: Wished
    choices: Choices
    heard: list[str]


def standing(owner: Owner) -> Standing | None:
    """Of somebody who is told of alerts at all; None of others."""
    wishes = owner.services.messages.wishes_of(owner.username)
    found = _reader(owner, wishes)
    if found is None:
        return None
    reader, night, choices = found
    said = wording.heard(owner.services, reader, night, choices)
    return Standing(written(wishes, night), choices, said)


def save(owner: Owner, wished: Wished) -> None:
    """Be told so from now on.

    Raises:
        NotAccepted: with the field that does not hold.
    """
    found = _reader(owner, Wishes())
    if found is None:
        return
    wishes, services = wished.wishes(found[2]), owner.services
    with services.state.begin() as connection:
        services.messages.save_wishes(connection, owner.username, wishes, services.now_ms())


def _reader(owner: Owner, wishes: Wishes) -> tuple[Reader, Quiet, Choices] | None:
    services = owner.services
    readers = Readers(services.state, services.words.language)
    person = readers.person(owner.username, services.now_ms())
    if person is None or not person.roles:
        return None
    reader = reader_of(person, wishes, personal(services.channels), on_duty=False)
    choices = wording.choices(services, reader.role, person.reachable)
    return reader, services.night.of(reader), choices
