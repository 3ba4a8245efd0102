"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.platforms.judicial.figures import pages as figure_pages
from api.platforms.judicial.figures import routes as figure_routes
from api.platforms.judicial.figures.tables import MIGRATIONS as FIGURES
from api.platforms.judicial.hearings import routes as hearing_routes
from api.platforms.judicial.hearings.actions import announcing as hearings
from api.platforms.judicial.hearings.actions import commenting, settling
from api.platforms.judicial.hearings.pages import attendance, occasions, seats
from api.platforms.judicial.hearings.procedure import OWN as SEAT
from api.platforms.judicial.hearings.procedure import PROCEDURE as HEARING
from api.platforms.judicial.hearings.tables import MIGRATIONS as HEARINGS
from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Todo
from api.procedures.ports import item_kind, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (HEARING, SEAT)


def _todos(services: Services, account: Account) -> list[Todo]:
    found = [*commenting.todos(services, account)]
    for procedure in PROCEDURES:
        found += todos(services, account, procedure)
    return found


PLATFORM = Platform(
    slug="judicial",
    folder=Path(__file__).parent,
    permissions=JudicialPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *figure_pages.PAGES,
        *attendance.PAGES,
        *occasions.PAGES,
        *seats.PAGES,
    ),
    api=(*figure_routes.API, *hearing_routes.API),
    migrations=(FIGURES, HEARINGS),
    items=(item_kind(HEARING, hearings.content),),
    jobs=(Job("settle hearings", settling.follow, every_minutes=5),),
    calendar=hearings.appointments,
    todos=_todos,
    summaries=hearings.summaries,
    words=Path(__file__).parent / "words",
    by_unit=True,
)
