"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.accounts.records import Account
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice import pages as advice_pages
from api.platforms.judicial.advice import routes as advice_routes
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.platforms.judicial.advice.tables import MIGRATIONS as ADVICE_TABLES
from api.platforms.judicial.appraisals import actions as appraisals
from api.platforms.judicial.appraisals import pages as appraisal_pages
from api.platforms.judicial.appraisals import routes as appraisal_routes
from api.platforms.judicial.appraisals.procedure import PROCEDURE as APPRAISAL
from api.platforms.judicial.appraisals.tables import MIGRATIONS as APPRAISALS
from api.platforms.judicial.draws import actions as draws
from api.platforms.judicial.draws import pages as draw_pages
from api.platforms.judicial.draws import routes as draw_routes
from api.platforms.judicial.draws.procedure import PROCEDURE as DRAW
from api.platforms.judicial.draws.tables import MIGRATIONS as DRAWS
from api.platforms.judicial.figures import pages as figure_pages
from api.platforms.judicial.figures import routes as figure_routes
from api.platforms.judicial.figures.actions import loading as figure_tables
from api.platforms.judicial.figures.actions import reading as figures
from api.platforms.judicial.figures.actions import terms as figure_terms
from api.platforms.judicial.figures.tables import MIGRATIONS as FIGURES
from api.platforms.judicial.hearings import routes as hearing_routes
from api.platforms.judicial.hearings.actions import announcing as hearings
from api.platforms.judicial.hearings.actions import commenting, settling
from api.platforms.judicial.hearings.pages import attendance, occasions, seats
from api.platforms.judicial.hearings.procedure import OWN as SEAT
from api.platforms.judicial.hearings.procedure import PROCEDURE as HEARING
from api.platforms.judicial.hearings.tables import MIGRATIONS as HEARINGS
from api.platforms.judicial.letters import actions as letters
from api.platforms.judicial.letters import pages as letter_pages
from api.platforms.judicial.letters import routes as letter_routes
from api.platforms.judicial.letters.procedure import PROCEDURE as LETTER
from api.platforms.judicial.letters.tables import MIGRATIONS as LETTERS
from api.platforms.judicial.low_counts import LEAST
from api.platforms.judicial.matters import actions as matters
from api.platforms.judicial.matters import pages as matter_pages
from api.platforms.judicial.matters import routes as matter_routes
from api.platforms.judicial.matters.procedure import PROCEDURES as MATTERS
from api.platforms.judicial.matters.tables import MIGRATIONS as MATTER_TABLES
from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.series.actions import SERIES
from api.platforms.judicial.suits import actions as suits
from api.platforms.judicial.suits import pages as suit_pages
from api.platforms.judicial.suits import routes as suit_routes
from api.platforms.judicial.suits.tables import MIGRATIONS as SUITS
from api.platforms.judicial.traced import actions as traced
from api.ports import Figure, Summary, Todo
from api.procedures.ports import count, item_kind, running, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (HEARING, SEAT, *MATTERS.values(), ADVICE, LETTER, DRAW, APPRAISAL)


def _todos(services: Services, account: Account) -> list[Todo]:
    own = (HEARING, SEAT, ADVICE, LETTER, DRAW, APPRAISAL)
    return [
        *figure_terms.todos(services, account),
        *commenting.todos(services, account),
        *matters.todos(services, account),
        *appraisals.todos(services, account),
        *(one for procedure in own for one in todos(services, account, procedure)),
    ]


def _summaries(services: Services, account: Account) -> Sequence[Summary]:
    return [
        *figure_terms.summaries(services, account),
        *hearings.summaries(services, account),
    ]


def _figures(services: Services, account: Account) -> list[Figure]:
    """Letters are written by persons, so a low count of them stays hidden."""
    if not account.may(JudicialPermission.SEE):
        return []
    handled = sum(running(services, account, of) for of in MATTERS.values())
    coming = count(services, account, HEARING, ("announced", "allotted"))
    found = [
        Figure("judicial.wall.matters", handled, "wall.unit-item", "/judicial/matters"),
        Figure("judicial.wall.hearings", coming, "wall.unit-sitting", "/judicial/hearings"),
    ]
    if account.may(JudicialPermission.SEE_LETTERS):
        of_letters = running(services, account, LETTER)
        shown = of_letters if of_letters >= LEAST else None
        path = "/judicial/letters"
        found.append(Figure("judicial.wall.letters", shown, "wall.unit-thing", path, LEAST))
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
        *matter_pages.PAGES,
        *advice_pages.PAGES,
        *letter_pages.PAGES,
        *draw_pages.PAGES,
        *appraisal_pages.PAGES,
        *suit_pages.PAGES,
    ),
    api=(
        *figure_routes.API,
        *hearing_routes.API,
        *matter_routes.API,
        *advice_routes.API,
        *letter_routes.API,
        *draw_routes.API,
        *appraisal_routes.API,
        *suit_routes.API,
    ),
    migrations=(
        FIGURES,
        HEARINGS,
        MATTER_TABLES,
        ADVICE_TABLES,
        LETTERS,
        DRAWS,
        APPRAISALS,
        SUITS,
    ),
    words=Path(__file__).parent / "words",
    by_unit=True,
    items=(
        figures.ITEM,
        item_kind(HEARING, hearings.content, "seen"),
        matters.ITEM,
        advice.ITEM,
        item_kind(LETTER, letters.content),
        item_kind(DRAW, draws.content),
        item_kind(APPRAISAL, appraisals.content),
    ),
    jobs=(
        Job("terms of monthly figures", figure_terms.follow, every_minutes=10),
        Job("settle hearings", settling.follow, every_minutes=5),
        Job("forget petitioners", letters.forget, hour=3, minute=40),
    ),
    tables=(figure_tables.KIND, suits.KIND),
    series=SERIES,
    calendar=hearings.appointments,
    todos=_todos,
    summaries=_summaries,
    figures=_figures,
    traced=traced.traced,
)
