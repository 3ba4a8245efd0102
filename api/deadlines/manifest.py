"""The declaration of deadlines, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.deadlines import reminders
from api.deadlines.holidays import pages as holidays_pages
from api.deadlines.holidays import routes as holidays_routes
from api.deadlines.own import pages as own_pages
from api.deadlines.own import routes as own_routes
from api.deadlines.own.actions import todos
from api.deadlines.permission import DeadlinePermission
from api.deadlines.rules import pages as rules_pages
from api.deadlines.rules import routes as rules_routes
from api.deadlines.tables import MIGRATIONS
from api.deadlines.term import pages as term_pages
from api.deadlines.term import routes as term_routes
from api.shape import Entry, Job, Platform

PLATFORM = Platform(
    slug="deadlines",
    folder=Path(__file__).parent,
    beside=True,
    menu=(
        Entry("deadlines.mine", "/", "check", None, below=("/reckon",)),
        Entry("deadlines.rules", "/rules", "scroll", DeadlinePermission.SEE_RULES),
        Entry("deadlines.holidays", "/holidays", "calendar", DeadlinePermission.SEE_RULES),
    ),
    # Of the last ones any path below is the number of a deadline.
    pages=(own_pages.router, rules_pages.router, holidays_pages.router, term_pages.router),
    api=(own_routes.router, rules_routes.router, holidays_routes.router, term_routes.router),
    permissions=DeadlinePermission,
    migrations=(MIGRATIONS,),
    jobs=(
        Job("remind", reminders.remind, hour=8, minute=30),
        Job("follow days off", reminders.follow_calendar, every_minutes=1),
    ),
    todos=todos,
)
