"""The declaration of supervision cases, which has the shape of a platform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.accounts.records import Account
from api.cases.joins import routes as join_routes
from api.cases.joins.tables import MIGRATIONS as JOINS
from api.cases.means import actions as means
from api.cases.means import pages as mean_pages
from api.cases.means import routes as mean_routes
from api.cases.means.procedure import PROCEDURE as MEASURES
from api.cases.menu import MENU
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions import pages as question_pages
from api.cases.questions import routes as question_routes
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.rectification import actions as rectification
from api.cases.rectification import pages as rectification_pages
from api.cases.rectification import routes as rectification_routes
from api.cases.rectification.procedure import PROCEDURE as RECTIFICATIONS
from api.cases.register import actions as register
from api.cases.register import pages, routes
from api.cases.story import actions as story
from api.cases.story import pages as story_pages
from api.cases.story import routes as story_routes
from api.cases.tables import MIGRATIONS
from api.cases.views import pages as view_pages
from api.cases.views import routes as view_routes
from api.ports import DraftKind, Todo
from api.procedures.ports import item_kind, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (PROCEDURE, MEASURES, QUESTIONS, RECTIFICATIONS)


def _todos(services: Services, account: Account) -> Sequence[Todo]:
    return [todo for of in PROCEDURES for todo in todos(services, account, of)]


PLATFORM = Platform(
    slug="cases",
    folder=Path(__file__).parent,
    beside=True,
    permissions=CasePermission,
    menu=MENU,
    pages=(
        *mean_pages.PAGES,
        *question_pages.PAGES,
        *rectification_pages.PAGES,
        *story_pages.PAGES,
        *view_pages.PAGES,
        *pages.PAGES,
    ),
    api=(
        *join_routes.API,
        *mean_routes.API,
        *question_routes.API,
        *rectification_routes.API,
        *story_routes.API,
        *view_routes.API,
        *routes.API,
    ),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS, JOINS),
    items=(
        item_kind(PROCEDURE, register.content),
        item_kind(MEASURES, means.content),
        item_kind(QUESTIONS, questions.content),
        item_kind(RECTIFICATIONS, rectification.content),
    ),
    drafts=(DraftKind("case", register.begin, CasePermission.KEEP, "/new", "cases.join-button"),),
    reports=(story.REPORT,),
    jobs=(Job("case-evidence", rectification.watch, every_minutes=10),),
    todos=_todos,
    summaries=register.summaries,
    by_unit=True,
)
