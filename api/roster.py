"""The platforms in menu order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from api.accounts import roles
from api.accounts.roles import Roles
from api.administration.manifest import PLATFORM as ADMINISTRATION
from api.ballots.manifest import PLATFORM as BALLOTS
from api.cases.manifest import PLATFORM as CASES
from api.deadlines.manifest import PLATFORM as DEADLINES
from api.exchange.manifest import PLATFORM as EXCHANGE
from api.files.manifest import PLATFORM as FILES
from api.help.manifest import PLATFORM as HELP
from api.imports.manifest import PLATFORM as IMPORTS
from api.meetings.manifest import PLATFORM as MEETINGS
from api.notifications.manifest import PLATFORM as NOTIFICATIONS
from api.own_account.manifest import PLATFORM as OWN_ACCOUNT
from api.platforms.budget.manifest import PLATFORM as BUDGET
from api.platforms.documents.manifest import PLATFORM as DOCUMENTS
from api.platforms.duty.manifest import PLATFORM as DUTY
from api.platforms.environment.manifest import PLATFORM as ENVIRONMENT
from api.platforms.judicial.manifest import PLATFORM as JUDICIAL
from api.procedures.manifest import PLATFORM as PROCEDURES
from api.reports.manifest import PLATFORM as REPORTS
from api.search.manifest import PLATFORM as SEARCH
from api.shape import Platform
from api.wall.manifest import PLATFORM as WALL
from api.workbench.manifest import PLATFORM as WORKBENCH

ROSTER: tuple[Platform, ...] = (
    WORKBENCH,
    ENVIRONMENT,
    DUTY,
    BUDGET,
    JUDICIAL,
    DOCUMENTS,
    CASES,
    EXCHANGE,
    WALL,
    ADMINISTRATION,
    OWN_ACCOUNT,
    NOTIFICATIONS,
    DEADLINES,
    SEARCH,
    FILES,
    IMPORTS,
    MEETINGS,
    PROCEDURES,
    BALLOTS,
    REPORTS,
    HELP,
)


def words_of(roster: Iterable[Platform]) -> Mapping[str, Path]:
    """By slug the folders of words that platforms bring."""
    return {platform.slug: platform.words for platform in roster if platform.words}


def roles_of(roster: Iterable[Platform], district: Path) -> Roles:
    """The roles of a site: those of the product, as its platforms and its district have them.

    Raises:
        FaultyInput: with every fault of the files at once.
    """
    declared = {each.slug: (each.folder, each.permissions) for each in roster}
    return roles.load(declared, district)
