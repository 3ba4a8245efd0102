"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.duty.permission import DutyPermission
from api.shape import Entry

MORE = (
    Entry("duty.menu.motions", "/motions", "flag", DutyPermission.SEE),
    Entry("duty.menu.key-supervision", "/key-supervision", "flag", DutyPermission.SEE),
    Entry("duty.menu.statistics", "/statistics", "pulse", DutyPermission.SEE_STATISTICS),
    Entry("duty.menu.releases", "/releases", "door", DutyPermission.CHECK),
    Entry("duty.menu.succession", "/succession", "people", DutyPermission.CHECK),
    Entry("duty.opinions.title", "/opinions", "door", DutyPermission.SEE_OPINIONS),
    Entry("duty.briefing.title", "/briefing", "screen", DutyPermission.SEE_BRIEFING),
    Entry("duty.records.title", "/records", "shield", DutyPermission.SEE_RECORDS),
    Entry("duty.deputies.title", "/deputies", "people", DutyPermission.SEE_DEPUTIES),
)
"""Lines of the first page alone: a phone has room for five in the menu."""
MENU = (
    Entry(
        "duty.menu.overview",
        "/",
        "map",
        DutyPermission.SEE,
        below=(*(entry.path for entry in MORE), "/sessions", "/figures"),
    ),
    Entry(
        "duty.menu.meetings",
        "/meetings",
        "calendar",
        DutyPermission.ATTEND,
        below=("/meetings/invitations",),
    ),
    Entry("duty.menu.convened", "/meetings/convened", "calendar", DutyPermission.CONVENE),
    Entry("duty.menu.suggestions", "/suggestions", "scroll", DutyPermission.SEE),
    Entry("duty.menu.promises", "/promises", "check", DutyPermission.SEE),
    Entry("duty.menu.my-surveys", "/my-surveys", "sliders", DutyPermission.TAKE_PART),
    Entry("duty.menu.surveys", "/surveys", "sliders", DutyPermission.SURVEY),
)
