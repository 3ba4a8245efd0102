"""The declaration of the platform of deputy duty work."""

from __future__ import annotations

from pathlib import Path

from api.platforms.duty.meetings import actions as meeting_actions
from api.platforms.duty.meetings import routes as meeting_routes
from api.platforms.duty.meetings.pages import checking_in, convening, invitation
from api.platforms.duty.menu import MENU
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import pages as similarity_pages
from api.platforms.duty.similarity import routes as similarity_routes
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.suggestions import pages as suggestion_pages
from api.platforms.duty.suggestions import routes as suggestion_routes
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.platforms.duty.tables import MIGRATIONS
from api.ports import ItemKind
from api.procedures.ports import item_kind, todos
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="duty",
    folder=Path(__file__).parent,
    permissions=DutyPermission,
    menu=MENU,
    pages=(
        # Below /meetings any one part is the number of a meeting.
        *invitation.PAGES,
        checking_in.router,
        *convening.PAGES,
        similarity_pages.router,
        *suggestion_pages.PAGES,
    ),
    api=(*meeting_routes.API, similarity_routes.router, *suggestion_routes.API),
    caches=(Compared,),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS,),
    by_unit=True,
    calendar=meeting_actions.appointments,
    jobs=(
        Job("remind of meetings", meeting_actions.remind, hour=8, minute=30),
        Job("send changes of meetings", meeting_actions.send_changes, every_minutes=1),
    ),
    items=(
        ItemKind("meeting", DutyPermission.SEE, meeting_actions.read),
        item_kind(SUGGESTION, lambda _services, row: {"text": row["body"]}),
    ),
    todos=lambda services, account: [
        *meeting_actions.todos(services, account),
        *todos(services, account, SUGGESTION),
    ],
)
