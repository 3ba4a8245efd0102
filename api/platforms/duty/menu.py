"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.duty.permission import DutyPermission
from api.shape import Entry

MENU = (
    Entry(
        "duty.menu.meetings",
        "/meetings",
        "calendar",
        DutyPermission.ATTEND,
        below=("/meetings/invitations",),
    ),
    Entry("duty.menu.convened", "/meetings/convened", "people", DutyPermission.CONVENE),
    Entry("duty.menu.suggestions", "/suggestions", "scroll", DutyPermission.SEE),
    Entry("duty.menu.motions", "/motions", "flag", DutyPermission.SEE),
    Entry("duty.menu.promises", "/promises", "check", DutyPermission.SEE),
    Entry("duty.menu.key-supervision", "/key-supervision", "flag", DutyPermission.SEE),
    Entry("duty.briefing.title", "/briefing", "screen", DutyPermission.SEE_BRIEFING),
    Entry("duty.deputies.title", "/deputies", "people", DutyPermission.SEE_DEPUTIES),
    Entry("duty.records.title", "/records", "shield", DutyPermission.SEE_RECORDS),
    Entry("duty.menu.succession", "/succession", "people", DutyPermission.CHECK),
    Entry("duty.menu.statistics", "/statistics", "pulse", DutyPermission.SEE_STATISTICS),
    Entry("duty.menu.releases", "/releases", "door", DutyPermission.CHECK),
    Entry("duty.menu.my-surveys", "/my-surveys", "scroll", DutyPermission.TAKE_PART),
    Entry("duty.menu.surveys", "/surveys", "scroll", DutyPermission.SURVEY),
)
