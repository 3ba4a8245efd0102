"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.open_forms.sending import Visits
from api.platforms.documents.catalogue import pages as catalogue_pages
from api.platforms.documents.catalogue import routes as catalogue_routes
from api.platforms.documents.catalogue.actions import finding, lists
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE as YEARLY_LIST
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE as UNFILED
from api.platforms.documents.catalogue.tables import MIGRATIONS as CATALOGUE
from api.platforms.documents.checks import actions as checks
from api.platforms.documents.checks import pages as check_pages
from api.platforms.documents.checks import routes as check_routes
from api.platforms.documents.checks.tables import MIGRATIONS as CHECKS
from api.platforms.documents.dossier import actions as dossier
from api.platforms.documents.filings.actions import filings, handing, registering
from api.platforms.documents.filings.pages import filing as filing_pages
from api.platforms.documents.filings.pages import register as register_pages
from api.platforms.documents.filings.procedure.filing import PROCEDURE as FILING
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.routes import filings as filing_routes
from api.platforms.documents.filings.routes import packages as package_routes
from api.platforms.documents.filings.tables import MIGRATIONS as FILINGS
from api.platforms.documents.laws import pages as law_pages
from api.platforms.documents.laws import routes as law_routes
from api.platforms.documents.laws.tables import MIGRATIONS as LAWS
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
from api.platforms.documents.reviews.procedure.review import PROCEDURE as REVIEW
from api.platforms.documents.reviews.tables import MIGRATIONS as REVIEWS
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook import pages as hit_pages
from api.platforms.documents.rulebook import routes as hit_routes
from api.platforms.documents.rulebook.tables import MIGRATIONS as RULEBOOK
from api.platforms.documents.series.actions import SERIES
from api.platforms.documents.similar import actions as similar
from api.platforms.documents.similar import pages as similar_pages
from api.platforms.documents.similar import routes as similar_routes
from api.platforms.documents.similar.tables import MIGRATIONS as SIMILAR
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import pages as text_pages
from api.platforms.documents.texts import routes as text_routes
from api.platforms.documents.texts.evidence import EVIDENCE
from api.platforms.documents.texts.tables import MIGRATIONS as TEXTS
from api.platforms.documents.traced import actions as traced
from api.ports import Figure, Todo
from api.procedures.ports import count, item_kind, running, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (FILING, HANDOUT, UNFILED, YEARLY_LIST, *reviewing.PROCEDURES, PROPOSAL)


def _todos(services: Services, account: Account) -> list[Todo]:
    own = (FILING, HANDOUT, UNFILED, YEARLY_LIST, PROPOSAL)
    return [
        *reviewing.todos(services, account),
        *(of for procedure in own for of in todos(services, account, procedure)),
    ]


def _figures(services: Services, account: Account) -> list[Figure]:
    if not account.may(DocumentsPermission.SEE):
        return []
    checked = count(services, account, FILING, ("sent", "completing"))
    reviewed = running(services, account, REVIEW)
    unfiled = running(services, account, UNFILED)
    return [
        Figure("documents.wall.filings", checked, "wall.unit-thing", "/documents/filings"),
        Figure("documents.wall.reviews", reviewed, "wall.unit-thing", "/documents/reviews"),
        Figure("documents.wall.unfiled", unfiled, "wall.unit-thing", "/documents/catalogue"),
    ]


PLATFORM = Platform(
    slug="documents",
    folder=Path(__file__).parent,
    permissions=DocumentsPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *catalogue_pages.PAGES,
        *register_pages.PAGES,
        *filing_pages.PAGES,
        *hit_pages.PAGES,
        *check_pages.PAGES,
        *law_pages.PAGES,
        *similar_pages.PAGES,
        text_pages.pages(dossier.links),
        # Of reviews any one part below /reviews is the number of a review.
        *points.PAGES,
        *review_pages.PAGES,
        *consultations.PAGES,
        *proposal_pages.PAGES,
        *proposal_page.PAGES,
    ),
    at_root=(proposal_public.router,),
    api=(
        *catalogue_routes.API,
        *package_routes.API,
        *filing_routes.API,
        *text_routes.API,
        *hit_routes.API,
        *check_routes.API,
        *law_routes.API,
        *similar_routes.API,
        *review_routes.API,
        *proposal_routes.API,
    ),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, LAWS, RULEBOOK, CHECKS, SIMILAR, FILINGS, CATALOGUE, REVIEWS, PROPOSALS),
    jobs=(
        Job("hits", rulebook.renew, every_minutes=1),
        Job("signatures of clauses", similar.sign, every_minutes=1),
        Job("trials of checks", checks.follow, every_minutes=1),
        Job("open yearly lists of documents", lists.open_lists, hour=6, minute=10),
        Job("find documents that were not filed", finding.follow, hour=4, minute=20),
        *reviewing.JOBS,
        *proposal_jobs.JOBS,
    ),
    items=(
        item_kind(FILING, filings.content, "seen"),
        item_kind(HANDOUT, handing.content),
        item_kind(UNFILED, finding.content),
        item_kind(YEARLY_LIST, lists.content),
        texts.ITEM,
        *reviewing.ITEMS,
        proposals.ITEM,
    ),
    evidence=EVIDENCE,
    series=SERIES,
    reports=(registering.KIND, papers.OPINION, papers.YEAR),
    todos=_todos,
    figures=_figures,
    searched=texts.fill,
    caches=(Visits, ProposalMeter),
    by_unit=True,
    traced=traced.traced,
)
