"""The services of the pages: every part they may use, made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends, Request

from alerting.duty.repository import DutyRepository
from alerting.escalation.repository import Policies
from alerting.events.event import Grouping
from alerting.events.repository import Events
from alerting.notify.links import Links
from alerting.notify.repository import Messages
from alerting.notify.routing import Night
from alerting.record.repository import Repository
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.silences.repository import Silences
from alerting.wording.sentences import Wording
from api.accounts.oidc.relying_party import RelyingParty
from api.accounts.roles import Roles
from api.centre import Centre
from api.live import LiveFeed
from api.web.public_address import PublicAddress
from api.web.shared import Shared
from config.catalogue.shapes import Catalogue
from config.catalogue.words import LanguageTag, Words
from config.map_tiles import MapSettings
from config.settings import AttachmentSettings, ChannelSettings, ImportSettings
from config.site_key import SiteKey
from config.working_days import WorkingDays
from config.working_days import load as load_working_days
from ingest.annotations.corrections import Corrections
from ingest.journal.refusal import Chosen, Letter, Outcome
from ingest.state.database import State
from ingest.store.protocol import Store

MOMENT_MS = 2000


class DeadLetterAccess(Protocol):
    """All that pages may do with the dead letters, which are the core's. Every call raises
    ``OutOfReach`` where that is another process and does not answer.
    """

    def listed(self, chosen: Chosen, most: int) -> list[Letter]:
        """The newest of those that are meant."""

    def replay(self, chosen: Chosen) -> Outcome:
        """Send the oldest of those that are meant through the intake once more."""

    def forget(self, chosen: Chosen) -> Outcome:
        """Remove the oldest of those that are meant."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person of a demonstration, whom anybody at this machine may be; ``role`` is one's slug,
    ``unit`` a name.
    """

    username: str
    password: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Services:
    """One process's parts; ``store`` is overlaid with ``corrections``, ``libraries`` the folder of
    the pages' npm packages.
    """

    catalogue: Catalogue
    rule_repository: RuleRepository
    store: Store
    state: State
    alerts: Repository
    wording: Wording
    words: Words
    live: LiveFeed
    libraries: Path
    files: Path
    """The folder of the contents of files."""
    district: Path
    """The folder of the district's catalogue."""
    now_ms: Callable[[], int]
    centre: Centre
    corrections: Corrections
    deadletters: DeadLetterAccess
    roles: Roles
    site_key: SiteKey
    grouping: Grouping
    links: Links
    channels: Sequence[ChannelSettings]
    """The ways by which messages leave, in their order."""
    night: Night = field(default_factory=lambda: Night("22:00", "07:00"))
    """The hours in which people are spared who wish no others."""
    relying_party: RelyingParty | None = None
    """A government's own sign-in, where there is one."""
    metrics_token: str = ""
    public: PublicAddress = field(default_factory=PublicAddress)
    publish: Callable[[bytes], object] = lambda _message: None
    """Sends the message of a live event to every open page."""
    forget_first_passwords: Callable[[], None] = lambda: None
    """Takes first passwords that were used off the disk."""
    shared: Shared = field(default_factory=Shared)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    imports: ImportSettings = field(default_factory=ImportSettings)
    map: MapSettings = field(default_factory=MapSettings)
    roster: Sequence[object] = ()
    """All platforms, for rooms that serve what these declare; of the type that api.shape gives."""
    visitors: Sequence[Visitor] = ()
    """Offered on the sign-in page of a demonstration."""
    calendar: Callable[[], WorkingDays] = field(default=cache(load_working_days))
    """The days off as they are known now: also those that the office entered."""

    @property
    def working_days(self) -> WorkingDays:
        """Of the site, as they are known now."""
        return self.calendar()

    @property
    def events(self) -> Events:
        """Alert events and what people did about them."""
        return Events(self.state)

    @property
    def messages(self) -> Messages:
        """The outbox, messages and deliveries."""
        return Messages(self.state)

    @property
    def silences(self) -> Silences:
        """Silences and maintenance windows."""
        return Silences(self.state)

    @property
    def duty(self) -> DutyRepository:
        """Duty calendars."""
        return DutyRepository(self.state)

    @property
    def policies(self) -> Policies:
        """Escalation policies."""
        return Policies(self.state)

    @property
    def moment(self) -> tuple[int, int]:
        """Changes with each pulse of the core, about every two seconds; where it is silent, with
        what is stored.
        """
        pulse = self.centre.pulse
        stored = pulse.t if pulse and self.centre.present else self.store.position()
        return stored, self.now_ms() // MOMENT_MS

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force now."""
        return self.rule_repository.current(self.now_ms())


def services_of(request: Request) -> Services:
    """The parts, with words and names in the reader's language."""
    return into(request.app.state.services, request.app.state.language_of(request))


def into(services: Services, language: LanguageTag) -> Services:
    """The parts, with words and names in a language."""
    wording = services.wording.into(language)
    return replace(services, wording=wording, words=wording.words, catalogue=wording.catalogue)


ServicesOf = Annotated[Services, Depends(services_of)]
