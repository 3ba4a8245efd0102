"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.open_forms.sending import Visits
from api.platforms.documents.menu import MENU
from api.platforms.documents.overview import pages as overview
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import routes as proposal_routes
from api.platforms.documents.proposals.actions import handling as proposals
from api.platforms.documents.proposals.actions import keeping as proposal_jobs
from api.platforms.documents.proposals.pages import handling as proposal_pages
from api.platforms.documents.proposals.pages import one as proposal_page
from api.platforms.documents.proposals.pages import public as proposal_public
from api.platforms.documents.proposals.procedure import PROCEDURE as PROPOSAL
from api.platforms.documents.proposals.records import ProposalMeter
from api.platforms.documents.proposals.tables import MIGRATIONS as PROPOSALS
from api.platforms.documents.reviews import routes as review_routes
from api.platforms.documents.reviews.actions import papers, reviewing
from api.platforms.documents.reviews.pages import consultations, points
from api.platforms.documents.reviews.pages import reviews as review_pages
from api.platforms.documents.reviews.tables import MIGRATIONS as REVIEWS
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import pages as text_pages
from api.platforms.documents.texts import routes as text_routes
from api.platforms.documents.texts.tables import MIGRATIONS as TEXTS
from api.ports import Todo
from api.procedures.ports import todos
from api.services import Services
from api.shape import Platform

PROCEDURES = (*reviewing.PROCEDURES, PROPOSAL)


def _todos(services: Services, account: Account) -> list[Todo]:
    return [*reviewing.todos(services, account), *todos(services, account, PROPOSAL)]


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
        *proposal_pages.PAGES,
        *proposal_page.PAGES,
    ),
    api=(*text_routes.API, *review_routes.API, *proposal_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, REVIEWS, PROPOSALS),
    items=(texts.ITEM, *reviewing.ITEMS, proposals.ITEM),
    jobs=(*reviewing.JOBS, *proposal_jobs.JOBS),
    reports=(papers.OPINION, papers.year_kind()),
    todos=_todos,
    searched=texts.fill,
    by_unit=True,
    at_root=(proposal_public.router,),
    caches=(Visits, ProposalMeter),
)
