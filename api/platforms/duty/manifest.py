"""The declaration of the platform of deputy duty work."""

from __future__ import annotations

from pathlib import Path

from api.platforms.duty.menu import MENU
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import pages as similarity_pages
from api.platforms.duty.similarity import routes as similarity_routes
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.suggestions import pages as suggestion_pages
from api.platforms.duty.suggestions import routes as suggestion_routes
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.platforms.duty.surveys import routes as survey_routes
from api.platforms.duty.surveys.actions import waiting as survey_waiting
from api.platforms.duty.surveys.pages import answering as survey_answering
from api.platforms.duty.surveys.pages import asking as survey_asking
from api.platforms.duty.surveys.pages import editing as survey_editing
from api.platforms.duty.surveys.pages import public as survey_public
from api.platforms.duty.surveys.pages import seeing as survey_seeing
from api.platforms.duty.surveys.tables import MIGRATIONS as SURVEY_MIGRATIONS
from api.platforms.duty.tables import MIGRATIONS
from api.procedures.ports import item_kind, todos
from api.shape import Platform

PLATFORM = Platform(
    slug="duty",
    folder=Path(__file__).parent,
    permissions=DutyPermission,
    menu=MENU,
    pages=(
        similarity_pages.router,
        *suggestion_pages.PAGES,
        survey_answering.router,
        survey_editing.router,
        survey_asking.router,
        survey_seeing.router,
    ),
    at_root=(survey_public.router,),
    api=(similarity_routes.router, *suggestion_routes.API, survey_routes.router),
    caches=(Compared, survey_public.LinkMeter),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS, SURVEY_MIGRATIONS),
    by_unit=True,
    items=(
        item_kind(SUGGESTION, lambda _services, row: {"text": row["body"]}),
        survey_waiting.ITEM,
    ),
    todos=lambda services, account: (
        *todos(services, account, SUGGESTION),
        *survey_waiting.todos(services, account),
    ),
)
