"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.documents.permission import DocumentsPermission
from api.shape import Entry

MORE: tuple[Entry, ...] = (
    Entry("documents.proposals.title", "/proposals", "door", DocumentsPermission.HANDLE_PROPOSALS),
    Entry("documents.handouts.title", "/handouts", "people", DocumentsPermission.REVIEW),
    Entry(
        "documents.catalogue.title",
        "/catalogue",
        "search",
        DocumentsPermission.CHECK,
        below=("/yearly-lists",),
    ),
    Entry("documents.catalogue.lists", "/yearly-lists", "calendar", DocumentsPermission.FILE),
    Entry("documents.checks.title", "/checks", "sliders", DocumentsPermission.SEE_RULES),
    Entry("documents.laws.title", "/laws", "scroll", DocumentsPermission.SEE_RULES),
)
"""Lines of the first page alone: a phone has room for five in the menu."""
MENU: tuple[Entry, ...] = (
    Entry(
        "documents.menu.overview",
        "/",
        "scroll",
        DocumentsPermission.SEE,
        below=tuple(entry.path for entry in MORE),
    ),
    Entry("documents.filings.title", "/filings", "check", DocumentsPermission.SEE),
    Entry("documents.texts.title", "/texts", "scroll", DocumentsPermission.SEE),
    Entry("documents.reviews.title", "/reviews", "scroll", DocumentsPermission.SEE),
)
