"""The declaration of the platform of deputy duty work."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.open_forms.sending import Visits
from api.platforms.duty.assignment import pages as assignment_pages
from api.platforms.duty.assignment import routes as assignment_routes
from api.platforms.duty.briefing import actions as briefing
from api.platforms.duty.briefing import pages as briefing_pages
from api.platforms.duty.briefing import routes as briefing_routes
from api.platforms.duty.briefing.procedure import PROCEDURE as DOCUMENT
from api.platforms.duty.briefing.tables import MIGRATIONS as BRIEFING
from api.platforms.duty.closing import actions as closing
from api.platforms.duty.closing import pages as closing_pages
from api.platforms.duty.closing import routes as closing_routes
from api.platforms.duty.deputies import pages as deputy_pages
from api.platforms.duty.deputies import routes as deputy_routes
from api.platforms.duty.deputies.tables import MIGRATIONS as DEPUTIES
from api.platforms.duty.duty_records import actions as duty_records
from api.platforms.duty.duty_records import pages as duty_record_pages
from api.platforms.duty.duty_records import routes as duty_record_routes
from api.platforms.duty.duty_records.procedure import PROCEDURE as FACT
from api.platforms.duty.duty_records.tables import MIGRATIONS as DUTY_RECORDS
from api.platforms.duty.figures import actions as figures
from api.platforms.duty.figures import pages as figure_pages
from api.platforms.duty.figures import routes as figure_routes
from api.platforms.duty.figures.procedure import PROCEDURE as FIGURE
from api.platforms.duty.figures.tables import MIGRATIONS as FIGURES
from api.platforms.duty.frozen_items.tables import MIGRATIONS as FROZEN_ITEMS
from api.platforms.duty.handling import pages as handling_pages
from api.platforms.duty.handling import routes as handling_routes
from api.platforms.duty.handling.procedure import PROCEDURE as CONTRIBUTION
from api.platforms.duty.key_supervision import pages as key_supervision_pages
from api.platforms.duty.key_supervision import routes as key_supervision_routes
from api.platforms.duty.key_supervision.procedure import PROCEDURE as KEY_SUPERVISION
from api.platforms.duty.listing import pages as listing_pages
from api.platforms.duty.listing import routes as listing_routes
from api.platforms.duty.meetings import actions as meetings
from api.platforms.duty.meetings import routes as meeting_routes
from api.platforms.duty.meetings.pages import checking_in, convening, invitation
from api.platforms.duty.menu import MENU
from api.platforms.duty.motions import actions as motions
from api.platforms.duty.motions import pages as motion_pages
from api.platforms.duty.motions import routes as motion_routes
from api.platforms.duty.motions.procedure import PROCEDURE as MOTION
from api.platforms.duty.motions.tables import MIGRATIONS as MOTIONS
from api.platforms.duty.opinions import actions as opinions
from api.platforms.duty.opinions import routes as opinion_routes
from api.platforms.duty.opinions.pages import codes as opinion_codes
from api.platforms.duty.opinions.pages import handling as opinion_handling
from api.platforms.duty.opinions.pages import public as opinion_public
from api.platforms.duty.opinions.procedure import PROCEDURE as OPINION
from api.platforms.duty.opinions.records import OpinionMeter
from api.platforms.duty.opinions.tables import MIGRATIONS as OPINIONS
from api.platforms.duty.overview import pages as overview_pages
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises import actions as promises
from api.platforms.duty.promises import pages as promise_pages
from api.platforms.duty.promises import routes as promise_routes
from api.platforms.duty.promises.procedure import PROCEDURE as PROMISE
from api.platforms.duty.publication import pages as publication_pages
from api.platforms.duty.publication import routes as publication_routes
from api.platforms.duty.publication.procedure import PROCEDURE as RELEASE
from api.platforms.duty.ratings import actions as ratings
from api.platforms.duty.released import pages as released_pages
from api.platforms.duty.released import routes as released_routes
from api.platforms.duty.replies import pages as reply_pages
from api.platforms.duty.replies import routes as reply_routes
from api.platforms.duty.searchable import actions as searchable
from api.platforms.duty.searchable import pages as searchable_pages
from api.platforms.duty.searched import actions as searched
from api.platforms.duty.series.actions import SERIES
from api.platforms.duty.sessions import pages as session_pages
from api.platforms.duty.sessions import routes as session_routes
from api.platforms.duty.sessions.tables import MIGRATIONS as SESSIONS
from api.platforms.duty.similarity import pages as similarity_pages
from api.platforms.duty.similarity import routes as similarity_routes
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.statistics import actions as statistics
from api.platforms.duty.statistics import pages as statistics_pages
from api.platforms.duty.statistics import routes as statistics_routes
from api.platforms.duty.statistics.tables import MIGRATIONS as COUNTED
from api.platforms.duty.succession import pages as succession_pages
from api.platforms.duty.succession import routes as succession_routes
from api.platforms.duty.suggestions import actions as suggestion_actions
from api.platforms.duty.suggestions import pages as suggestion_pages
from api.platforms.duty.suggestions import routes as suggestion_routes
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.platforms.duty.surveys import routes as survey_routes
from api.platforms.duty.surveys.actions import waiting as survey_waiting
from api.platforms.duty.surveys.actions.papers import KIND as SURVEY_PAPER
from api.platforms.duty.surveys.pages import answering as survey_answering
from api.platforms.duty.surveys.pages import asking as survey_asking
from api.platforms.duty.surveys.pages import editing as survey_editing
from api.platforms.duty.surveys.pages import public as survey_public
from api.platforms.duty.surveys.pages import seeing as survey_seeing
from api.platforms.duty.surveys.procedure import PROCEDURE as SURVEY
from api.platforms.duty.surveys.tables import MIGRATIONS as SURVEY_MIGRATIONS
from api.platforms.duty.tables import MIGRATIONS
from api.platforms.duty.traced import actions as traced
from api.ports import Figure, ItemKind, Todo
from api.procedures.ports import item_kind, running, todos
from api.services import Services
from api.shape import CoreServices, Job, Platform

PROCEDURES = (
    CONTRIBUTION,
    DOCUMENT,
    FACT,
    FIGURE,
    KEY_SUPERVISION,
    MOTION,
    OPINION,
    PROMISE,
    RELEASE,
    SUGGESTION,
    SURVEY,
)


def _todos(services: Services, account: Account) -> list[Todo]:
    found = [*meetings.todos(services, account), *suggestion_actions.todos(services, account)]
    found += [*motions.todos(services, account), *ratings.todos(services, account)]
    for procedure in PROCEDURES:
        found += todos(services, account, procedure)
    return [*found, *survey_waiting.todos(services, account)]


def _fill(core: CoreServices) -> None:
    searched.fill(core)
    searchable.fill(core)


def _figures(services: Services, account: Account) -> list[Figure]:
    if not account.may(DutyPermission.SEE):
        return []
    suggestions, promises, key = (
        running(services, account, of) for of in (SUGGESTION, PROMISE, KEY_SUPERVISION)
    )
    return [
        Figure("duty.wall.suggestions", suggestions, "wall.unit-thing", "/duty/suggestions"),
        Figure("duty.wall.promises", promises, "wall.unit-thing", "/duty/promises"),
        Figure("duty.wall.key-supervision", key, "wall.unit-thing", "/duty/key-supervision"),
    ]


PLATFORM = Platform(
    slug="duty",
    folder=Path(__file__).parent,
    permissions=DutyPermission,
    menu=MENU,
    pages=(
        overview_pages.router,
        *assignment_pages.PAGES,
        *briefing_pages.PAGES,
        *closing_pages.PAGES,
        *deputy_pages.PAGES,
        *duty_record_pages.PAGES,
        *figure_pages.PAGES,
        *handling_pages.PAGES,
        *key_supervision_pages.PAGES,
        *listing_pages.PAGES,
        *motion_pages.PAGES,
        # Of convening any one part below /meetings is the number of a meeting.
        *invitation.PAGES,
        checking_in.router,
        *convening.PAGES,
        opinion_codes.router,
        *opinion_handling.PAGES,
        *promise_pages.PAGES,
        *publication_pages.PAGES,
        *reply_pages.PAGES,
        *searchable_pages.PAGES,
        *session_pages.PAGES,
        *statistics_pages.PAGES,
        *succession_pages.PAGES,
        similarity_pages.router,
        *suggestion_pages.PAGES,
        survey_answering.router,
        survey_editing.router,
        survey_asking.router,
        survey_seeing.router,
    ),
    at_root=(
        survey_public.router,
        released_pages.router,
        released_routes.router,
        opinion_public.router,
    ),
    api=(
        *assignment_routes.API,
        *briefing_routes.API,
        *closing_routes.API,
        *deputy_routes.API,
        *duty_record_routes.API,
        *figure_routes.API,
        *handling_routes.API,
        *key_supervision_routes.API,
        *listing_routes.API,
        *motion_routes.API,
        *meeting_routes.API,
        *opinion_routes.API,
        *promise_routes.API,
        *publication_routes.API,
        *reply_routes.API,
        *session_routes.API,
        *statistics_routes.API,
        *succession_routes.API,
        similarity_routes.router,
        *suggestion_routes.API,
        survey_routes.router,
    ),
    caches=(Compared, Visits, survey_public.LinkMeter, OpinionMeter),
    words=Path(__file__).parent / "words",
    migrations=(
        MIGRATIONS,
        BRIEFING,
        COUNTED,
        DEPUTIES,
        DUTY_RECORDS,
        FIGURES,
        FROZEN_ITEMS,
        MOTIONS,
        OPINIONS,
        SESSIONS,
        SURVEY_MIGRATIONS,
    ),
    by_unit=True,
    jobs=(
        Job("briefing of the week", briefing.digest, hour=8, minute=20),
        Job("close windows", closing.follow, every_minutes=10),
        Job("count suggestions", statistics.follow, every_minutes=5),
        Job("duty records", duty_records.collect, every_minutes=10),
        Job("keep terms of opinions", opinions.keep_terms, hour=3, minute=20),
        Job("remind of meetings", meetings.remind, hour=8, minute=30),
        Job("send changes of meetings", meetings.send_changes, every_minutes=1),
        Job("meetings, surveys and motions in the search", searchable.follow, every_minutes=1),
        Job("suggestions in the search", searched.follow, every_minutes=5),
        Job("watch promises", promises.watch, every_minutes=10),
    ),
    searched=_fill,
    calendar=meetings.appointments,
    items=(
        ItemKind("document", DutyPermission.SEE_BRIEFING, briefing.read),
        ItemKind("meeting", DutyPermission.SEE, meetings.read),
        ItemKind("opinion", DutyPermission.SEE_OPINIONS, opinions.read),
        item_kind(
            PROMISE,
            lambda _services, row: {
                "measure": row["measure"],
                "due_day": row["due_day"].isoformat(),
                "report": row["report"],
            },
        ),
        item_kind(
            CONTRIBUTION,
            lambda _services, row: {"title": row["title"], "opinion": row["opinion"]},
        ),
        item_kind(
            FACT,
            lambda _services, row: {"title": row["title"], "day": row["day"].isoformat()},
        ),
        item_kind(FIGURE, figures.content),
        item_kind(
            KEY_SUPERVISION, lambda _services, row: {"title": row["title"], "why": row["why"]}
        ),
        item_kind(MOTION, motions.content, "seen"),
        item_kind(SUGGESTION, suggestion_actions.content, "seen"),
        survey_waiting.ITEM,
    ),
    drafts=(suggestion_actions.DRAFT,),
    series=SERIES,
    reports=(duty_records.KIND, statistics.KIND, SURVEY_PAPER),
    todos=_todos,
    figures=_figures,
    traced=traced.traced,
)
