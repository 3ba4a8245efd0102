"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.platforms.documents.menu import MENU
from api.platforms.documents.overview import pages as overview
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import routes as review_routes
from api.platforms.documents.reviews.actions import papers, reviewing
from api.platforms.documents.reviews.pages import consultations, points
from api.platforms.documents.reviews.pages import reviews as review_pages
from api.platforms.documents.reviews.tables import MIGRATIONS as REVIEWS
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import pages as text_pages
from api.platforms.documents.texts import routes as text_routes
from api.platforms.documents.texts.tables import MIGRATIONS as TEXTS
from api.shape import Platform

PROCEDURES = (*reviewing.PROCEDURES,)
PLATFORM = Platform(
    slug="documents",
    folder=Path(__file__).parent,
    permissions=DocumentsPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *text_pages.PAGES,
        # Of reviews any one part below /reviews is the number of a review.
        *points.PAGES,
        *review_pages.PAGES,
        *consultations.PAGES,
    ),
    api=(*text_routes.API, *review_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, REVIEWS),
    items=(texts.ITEM, *reviewing.ITEMS),
    jobs=reviewing.JOBS,
    reports=(papers.OPINION, papers.year_kind()),
    todos=reviewing.todos,
    searched=texts.fill,
    by_unit=True,
)
