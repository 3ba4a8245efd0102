"""The declaration of one's notifications, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.notifications.inbox import pages as inbox_pages
from api.notifications.inbox import routes as inbox_routes
from api.notifications.live import MESSAGE
from api.notifications.wishes import pages as wishes_pages
from api.notifications.wishes import routes as wishes_routes
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="notifications",
    folder=Path(__file__).parent,
    beside=True,
    menu=(
        Entry("notifications.messages", "/", "bell", None),
        Entry("notifications.wishes", "/wishes", "sliders", None),
    ),
    pages=(inbox_pages.router, wishes_pages.router),
    api=(wishes_routes.router, inbox_routes.router),
    permissions=Permission,
    live=(MESSAGE,),
)
