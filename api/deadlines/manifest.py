"""The declaration of deadlines, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.deadlines import reminders
from api.deadlines.permission import DeadlinePermission
from api.deadlines.tables import MIGRATIONS
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="deadlines",
    folder=Path(__file__).parent,
    beside=True,
    permissions=DeadlinePermission,
    migrations=(MIGRATIONS,),
    jobs=(
        Job("remind", reminders.remind, hour=8, minute=30),
        Job("follow days off", reminders.follow_calendar, every_minutes=1),
    ),
)
