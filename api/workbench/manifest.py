"""The declaration of the workbench, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.shape import Entry, Platform
from api.web.asking import Askers
from api.workbench import pages, routes

PLATFORM = Platform(
    slug="workbench",
    folder=Path(__file__).parent,
    root=True,
    menu=(
        Entry("workbench.waiting", "/", "check", None),
        Entry("notifications.messages", "/notifications/", "bell", None),
    ),
    pages=(pages.router,),
    api=(routes.router,),
    permissions=Permission,
    caches=(Askers,),
)
