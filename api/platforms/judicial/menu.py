"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.judicial.permission import JudicialPermission
from api.shape import Entry

MORE: tuple[Entry, ...] = (
    Entry("judicial.advice.title", "/advice", "letter", JudicialPermission.SEE),
    Entry("judicial.letters.title", "/letters", "envelope", JudicialPermission.SEE_LETTERS),
    Entry("judicial.letters.counts", "/letters/counts", "envelope", JudicialPermission.SEE),
    Entry("judicial.draws.title", "/draws", "scroll", JudicialPermission.SEE),
    Entry("judicial.appraisals.title", "/appraisals", "people", JudicialPermission.SEE),
    Entry("judicial.suits.title", "/suits", "shield", JudicialPermission.SEE),
)
"""Lines of the first page alone: a phone has room for five in the menu."""
MENU: tuple[Entry, ...] = (
    Entry(
        "judicial.menu.overview",
        "/",
        "shield",
        JudicialPermission.SEE,
        below=tuple(entry.path for entry in MORE),
    ),
    Entry("judicial.figures.title", "/figures", "pulse", JudicialPermission.SEE),
    Entry(
        "judicial.hearings.title",
        "/hearings",
        "calendar",
        JudicialPermission.SEE,
        below=("/seats", "/allotments"),
    ),
    Entry("judicial.matters.title", "/matters", "scroll", JudicialPermission.SEE),
)
