"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.duty.permission import DutyPermission
from api.shape import Entry

MENU = (
    Entry("duty.menu.suggestions", "/suggestions", "file", DutyPermission.SEE),
    Entry("duty.menu.my-surveys", "/my-surveys", "scroll", DutyPermission.TAKE_PART),
    Entry("duty.menu.surveys", "/surveys", "scroll", DutyPermission.SURVEY),
)
