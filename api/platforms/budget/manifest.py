"""The declaration of the platform of budget supervision."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.platforms.budget.assets import pages as asset_pages
from api.platforms.budget.assets import routes as asset_routes
from api.platforms.budget.changes import pages as change_pages
from api.platforms.budget.changes import routes as change_routes
from api.platforms.budget.changes.tables import MIGRATIONS as CHANGES
from api.platforms.budget.comparison import pages as comparison_pages
from api.platforms.budget.comparison import routes as comparison_routes
from api.platforms.budget.debt import pages as debt_pages
from api.platforms.budget.debt import routes as debt_routes
from api.platforms.budget.departments import pages as department_pages
from api.platforms.budget.departments import routes as department_routes
from api.platforms.budget.departments.actions import kinds as departments
from api.platforms.budget.departments.tables import MIGRATIONS as DEPARTMENTS
from api.platforms.budget.disclosure.tables import MIGRATIONS as DISCLOSURE
from api.platforms.budget.drafts import actions as drafts
from api.platforms.budget.drafts import pages as draft_pages
from api.platforms.budget.drafts import routes as draft_routes
from api.platforms.budget.drafts.procedure import PROCEDURE as REVIEW_POINT
from api.platforms.budget.drafts.tables import MIGRATIONS as DRAFTS
from api.platforms.budget.execution import actions as execution
from api.platforms.budget.findings import pages as finding_pages
from api.platforms.budget.findings import routes as finding_routes
from api.platforms.budget.findings import wording as finding_wording
from api.platforms.budget.findings.actions import listing as findings
from api.platforms.budget.findings.actions import screening
from api.platforms.budget.findings.procedure import PROCEDURE as FINDING
from api.platforms.budget.findings.tables import MIGRATIONS as FINDINGS
from api.platforms.budget.kinds import KINDS
from api.platforms.budget.ledger import actions as ledger
from api.platforms.budget.ledger.tables import MIGRATIONS as LEDGER
from api.platforms.budget.linkage import actions as linkage
from api.platforms.budget.linkage import pages as linkage_pages
from api.platforms.budget.linkage import routes as linkage_routes
from api.platforms.budget.linkage.tables import MIGRATIONS as LINKAGE
from api.platforms.budget.menu import MENU, more
from api.platforms.budget.payments import pages as payment_pages
from api.platforms.budget.payments import routes as payment_routes
from api.platforms.budget.payments.evidence import EVIDENCE
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import actions as projects
from api.platforms.budget.projects import pages as project_pages
from api.platforms.budget.projects import routes as project_routes
from api.platforms.budget.published import actions as published
from api.platforms.budget.published import pages as published_pages
from api.platforms.budget.published import routes as published_routes
from api.platforms.budget.published.records import KIND as PUBLISHED
from api.platforms.budget.questions import pages as question_pages
from api.platforms.budget.questions import routes as question_routes
from api.platforms.budget.questions.tables import MIGRATIONS as QUESTIONS
from api.platforms.budget.rectification import actions as rectification
from api.platforms.budget.rectification import pages as rectification_pages
from api.platforms.budget.rectification import routes as rectification_routes
from api.platforms.budget.rectification.procedure import PROCEDURE as RECTIFICATION
from api.platforms.budget.rectification.tables import MIGRATIONS as RECTIFICATIONS
from api.platforms.budget.rulebook.tables import MIGRATIONS as RULEBOOK
from api.platforms.budget.rules import pages as rule_pages
from api.platforms.budget.rules import routes as rule_routes
from api.platforms.budget.series.actions import SERIES
from api.platforms.budget.special import actions as special
from api.platforms.budget.tables import DEBT_MIGRATIONS, LIMIT_MIGRATIONS, MIGRATIONS
from api.platforms.budget.traced import actions as traced
from api.platforms.budget.year import actions as year
from api.platforms.budget.year import pages as year_pages
from api.platforms.budget.year import routes as year_routes
from api.platforms.budget.year.records import DAY, YEAR
from api.platforms.budget.year.tables import MIGRATIONS as YEAR_MIGRATIONS
from api.ports import Figure, ItemKind, Todo
from api.procedures.ports import count, item_kind, running, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (FINDING, REVIEW_POINT, RECTIFICATION)


def _todos(services: Services, account: Account) -> list[Todo]:
    return [
        *findings.todos(services, account),
        *todos(services, account, REVIEW_POINT),
        *rectification.todos(services, account),
    ]


def _figures(services: Services, account: Account) -> list[Figure]:
    if not account.may(BudgetPermission.SEE_FINDINGS):
        return []
    confirmed = count(services, account, FINDING, ("rectifying", "rectified"))
    audited = running(services, account, RECTIFICATION)
    found = [
        Figure("budget.wall.rectifying", confirmed, "wall.unit-item", "/budget/findings"),
        Figure("budget.wall.audited", audited, "wall.unit-item", "/budget/rectification"),
    ]
    if findings.is_office(account):
        new = count(services, account, FINDING, ("found",))
        path = "/budget/findings?show=waiting"
        found.insert(0, Figure("budget.wall.unscreened", new, "wall.unit-item", path))
    return found


PLATFORM = Platform(
    slug="budget",
    folder=Path(__file__).parent,
    permissions=BudgetPermission,
    menu=MENU,
    frame=more,
    pages=(
        *payment_pages.PAGES,
        *draft_pages.PAGES,
        *finding_pages.PAGES,
        *rectification_pages.PAGES,
        *change_pages.PAGES,
        *asset_pages.PAGES,
        *debt_pages.PAGES,
        *project_pages.PAGES,
        *rule_pages.PAGES,
        *year_pages.PAGES,
        *department_pages.PAGES,
        *comparison_pages.PAGES,
        *question_pages.PAGES,
        *linkage_pages.PAGES,
        *published_pages.PAGES,
    ),
    api=(
        *payment_routes.API,
        *draft_routes.API,
        *finding_routes.API,
        *rectification_routes.API,
        *change_routes.API,
        *asset_routes.API,
        *debt_routes.API,
        *project_routes.API,
        *rule_routes.API,
        *year_routes.API,
        *department_routes.API,
        *comparison_routes.API,
        *question_routes.API,
        *linkage_routes.API,
        *published_routes.API,
    ),
    words=Path(__file__).parent / "words",
    migrations=(
        MIGRATIONS,
        LEDGER,
        FINDINGS,
        RULEBOOK,
        YEAR_MIGRATIONS,
        DEPARTMENTS,
        QUESTIONS,
        LINKAGE,
        DRAFTS,
        DEBT_MIGRATIONS,
        LIMIT_MIGRATIONS,
        CHANGES,
        RECTIFICATIONS,
        DISCLOSURE,
    ),
    by_unit=True,
    jobs=(
        Job("columns of payments", lambda core: ledger.follow(core.state), every_minutes=1),
        Job("chain of each year", linkage.follow, every_minutes=1),
        Job("findings of the night", screening.nightly, hour=2, minute=40),
        Job("findings on demand", screening.follow, every_minutes=1),
    ),
    caches=(ledger.Ledgers,),
    items=(
        item_kind(FINDING, findings.content, "seen", finding_wording.copy_said),
        item_kind(REVIEW_POINT, drafts.content),
        item_kind(RECTIFICATION, rectification.content, "seen"),
        projects.ITEM,
        ItemKind(YEAR, BudgetPermission.SEE, year.read_year),
        ItemKind(DAY, BudgetPermission.SEE, year.read_day),
        ItemKind(PUBLISHED, BudgetPermission.SEE, published.read_item),
    ),
    tables=(*departments.controlled((*KINDS, drafts.TABLE)), *departments.KINDS),
    evidence=EVIDENCE,
    series=SERIES,
    reports=(execution.KIND, drafts.KIND, special.KIND, rectification.KIND),
    todos=_todos,
    figures=_figures,
    traced=traced.traced,
    named=traced.named,
)
