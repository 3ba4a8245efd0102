"""The declaration of a platform in the roster; docs/platforms.md shows how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter

from alerting.duty.ical import Event as CalendarEvent
from alerting.events.event import Grouping
from alerting.notify.repository import Messages
from alerting.wording.sentences import Wording
from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.roles import Roles
from api.kinds.reports import ReportKind
from api.kinds.tables import TableKind
from api.live import LiveEvent
from api.ports import DraftKind, EvidenceKind, Figure, ItemKind, SeriesKind, Summary, Todo
from api.services import Services
from api.traces.records import Name, Traced
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import AttachmentSettings, ImportSettings
from config.working_days import WorkingDays
from ingest.state.database import Migrations, State
from ingest.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a key of the words, where it leads below the platform's address, and the
    permission to see it; None: everybody who has signed in. Pages ``below`` other paths belong to
    it too.
    """

    words: str
    path: str
    icon: str
    permission: Permission | None
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoreServices:
    """The means of a job of a platform. ``publish`` sends a live event's message."""

    state: State
    store: Store
    catalogue: Catalogue
    now_ms: Callable[[], int]
    publish: Callable[[bytes], object]
    words: Words
    roles: Roles
    working_days: WorkingDays
    files: Path
    """The folder of the contents of files."""
    district: Path
    """The folder of the district's catalogue."""
    wording: Wording
    grouping: Grouping
    roster: Sequence[Platform] = ()
    """All platforms, for rooms that serve what these declare."""
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    imports: ImportSettings = field(default_factory=ImportSettings)
    report_periods: str = ""
    """Spans of which papers are made by themselves, apart by commas."""

    @property
    def messages(self) -> Messages:
        """The outbox."""
        return Messages(self.state)

    @property
    def acting(self) -> Services:
        """The same parts for steps of procedures and for evidence, which are written for pages:
        they ask for nothing that a job has not.
        """
        return cast(Services, self)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that the core does once a day, at ``minute`` past ``hour`` in Asia/Shanghai; or, with
    ``every_minutes``, again and again.
    """

    name: str
    work: Callable[[CoreServices], None]
    hour: int = 0
    minute: int = 0
    every_minutes: int = 0


def nothing_more(_services: Services, _account: Account) -> Mapping[str, Any]:
    """Of a platform whose pages share no values of their own."""
    return {}


def nothing_waits(_services: Services, _account: Account) -> Sequence[Todo]:
    """Of a platform where nothing waits for anybody."""
    return ()


def nothing_to_say(_services: Services, _account: Account) -> Sequence[Summary]:
    """Of a platform that has no state of its own."""
    return ()


def no_figures(_services: Services, _account: Account) -> Sequence[Figure]:
    """Of a platform that the wall shows no numbers of."""
    return ()


def nothing_of_week(
    _core: CoreServices, _readers: Mapping[str, Words], _since_ms: int, _until_ms: int
) -> Mapping[str, Sequence[str]]:
    """Of a platform that says nothing of a week."""
    return {}


def nothing_traced(_services: Services, _since_ms: int) -> Iterable[Traced]:
    """Of a platform whose things are not compared with those of others."""
    return ()


def nothing_named(_services: Services) -> Iterable[Name]:
    """Of a platform that knows no names beside those of the district."""
    return ()


def nothing_dated(_services: Services, _username: str) -> Sequence[CalendarEvent]:
    """Of a platform that nobody has appointments on."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One of the five platforms.

    Its pages lie below ``/{slug}``, its API below ``/api/v1/{slug}``. Its name is the word
    ``{slug}.title``. Templates in any room of ``folder`` are found as ``{slug}/name.html``.
    ``roles.toml`` there says which roles have which ``permissions``. ``frame`` gives values that
    all of its pages share; ``counts`` among them stand beside entries of the menu, by path.
    ``caches`` are classes of which a process keeps one each, for :func:`api.web.caches.cache`.
    """

    slug: str
    folder: Path
    permissions: type[Permission]
    menu: tuple[Entry, ...] = ()
    pages: tuple[APIRouter, ...] = ()
    at_root: tuple[APIRouter, ...] = ()
    """Pages whose addresses go out in messages: short, and not below the slug."""
    api: tuple[APIRouter, ...] = ()
    api_prefix: str = ""
    """Where the API lies instead, if programs know it by an older address."""
    root: bool = False
    """Whether its pages lie at the very root."""
    frame: Callable[[Services, Account], Mapping[str, Any]] = nothing_more
    caches: tuple[type, ...] = ()
    words: Path | None = None
    """A folder of ``{language}*.toml``, whose keys lie below ``{slug}.``; None where the words of
    the product hold them.
    """
    migrations: tuple[Migrations, ...] = ()
    jobs: tuple[Job, ...] = ()
    live: tuple[LiveEvent, ...] = ()
    """Events on which open pages of the platform ask for themselves anew."""
    beside: bool = False
    """Reached by the name in the header, and not among the platforms."""
    by_unit: bool = False
    """Whether its things belong to units, so that a role may be held for one unit alone."""
    items: tuple[ItemKind, ...] = ()
    evidence: tuple[EvidenceKind[Any], ...] = ()
    drafts: tuple[DraftKind, ...] = ()
    series: tuple[SeriesKind, ...] = ()
    """Rows that combined views set beside those of other platforms."""
    searched: Callable[[CoreServices], object] | None = None
    """Puts all that is found of it into the search, which has forgotten it."""
    todos: Callable[[Services, Account], Sequence[Todo]] = nothing_waits
    """Things that wait for a person, for the workbench."""
    summaries: Callable[[Services, Account], Sequence[Summary]] = nothing_to_say
    """How things stand for a person, in a sentence or two, for the workbench."""
    figures: Callable[[Services, Account], Sequence[Figure]] = no_figures
    """Its numbers on the wall, without personal data; none for whoever may not see what they
    count.
    """
    weekly: Callable[
        [CoreServices, Mapping[str, Words], int, int], Mapping[str, Sequence[str]]
    ] = nothing_of_week
    """Sentences of how a span of whole days was, from one instant to before another, UTC epoch ms:
    for each of some people by username, in the words of each. For the weekly message.
    """
    calendar: Callable[[Services, str], Sequence[CalendarEvent]] = nothing_dated
    """A person's appointments, by username, for the calendar to which a phone subscribes."""
    traced: Callable[[Services, int], Iterable[Traced]] = nothing_traced
    """Things of kinds with copies that began or ended after an instant, UTC epoch ms, or go on,
    whoever may see them: for proposals of what belongs together. A few queries, never one a row.
    """
    named: Callable[[Services], Iterable[Name]] = nothing_named
    """Names by which texts of other platforms mean things of this one, such as payees."""
    tables: tuple[TableKind, ...] = ()
    reports: tuple[ReportKind[Any], ...] = ()

    @property
    def address(self) -> str:
        """Below which its pages lie."""
        return "" if self.root else f"/{self.slug}"

    @property
    def api_address(self) -> str:
        """Below which the routes of the API lie."""
        return self.api_prefix or f"/api/v1/{self.slug}"
