"""Readers whom a link lets in, the event that it opens, and their acts there.

No session is made: a link opens one event, and nothing else of the product.
"""

from __future__ import annotations

from dataclasses import dataclass

from alerting.events.event import EventState
from alerting.events.repository import Act
from alerting.notify.links import Opening
from alerting.record.repository import AlreadyAcknowledged
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.repositories.readers import Readers
from api.platforms.environment import acts, event_story
from api.platforms.environment.event_story import Seen
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services
from config.catalogue.words import LanguageTag
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Opened:
    """An event that a link opens now, for a person who may see it."""

    opening: Opening
    account: Account
    language: LanguageTag
    seen: Seen

    @property
    def answer(self) -> Act | None:
        """The answer of the person in its round."""
        return acts.answer_of(self.seen.acts, self.account.username, self.seen.event)


def opened(services: Services, opening: Opening) -> Opened | None:
    """The event behind a link; None where the link is too old, its event is over, or the person
    may not sign in any more or see alerts.
    """
    now = services.now_ms()
    if now >= opening.until_ms:
        return None
    person = Readers(services.state, services.words.language).person(opening.username, now)
    if person is None:
        return None
    with services.state.read() as connection:
        grants = People(services.state).grants(connection, opening.username, day_of(now))
    account = Account(person.username, person.name, reaches=services.roles.reaches(grants))
    seen = event_story.find(services, opening.event)
    if seen is None or seen.event.state is EventState.OVER:
        return None
    may = account.may(EnvironmentPermission.SEE_ALERTS)
    return Opened(opening, account, person.language, seen) if may else None


def answer(services: Services, opened: Opened, note: str, *, taken: bool) -> bool:
    """Acknowledge the event, or take it; False where the person has, or somebody else took it."""
    try:
        acts.acknowledge(
            services, opened.seen.event.id, opened.account, note=note, taken=taken, by_link=True
        )
    except AlreadyAcknowledged:
        return False
    return True


def comment(services: Services, opened: Opened, text: str) -> None:
    """Write something beside the event."""
    acts.comment(services, opened.seen.event.id, opened.account, text, by_link=True)


def note_read(services: Services, opened: Opened) -> None:
    """Note that the person has read what was told of the event."""
    messages = {
        telling.message_id
        for _, tellings in opened.seen.notices.entries
        for telling in tellings
        if telling.reader == opened.account.username and telling.message_id
    }
    if messages:
        with services.state.begin() as connection:
            services.messages.opened(connection, sorted(messages), services.now_ms())
