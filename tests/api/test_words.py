"""The catalogues of words: every key that is used exists in every language, and is used."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import config
from alerting.alert import About, Change, Level, State, Verdict
from alerting.channels.protocol import AddressKind
from alerting.duty.records import Turn
from alerting.duty.records import Wrong as WrongDuty
from alerting.events.event import NoticeKind
from alerting.events.repository import ActKind
from alerting.events.repository import Show as ShowOfEvents
from alerting.formats import _CLASSES
from alerting.notify.repository import DeliveryState
from alerting.notify.routing import Why
from alerting.record.search import Order
from alerting.rules.comparison import ClauseForm
from alerting.rules.registry import KINDS as KINDS_OF_RULES
from alerting.silences.silence import SilenceKind
from alerting.wording.sentences import NOTICES
from api.accounts import roles
from api.accounts.credentials.password_rules import Unfit
from api.accounts.enrolment.people_sheet import Wrong
from api.accounts.oidc.relying_party import Reason as Unfinishing
from api.accounts.records import UNIT_KINDS
from api.accounts.repositories.directory import Order as PeopleOrder
from api.accounts.repositories.directory import Standing
from api.accounts.repositories.sign_ins import Outcome
from api.administration.audit_trail.wording import COLUMNS as AUDIT_COLUMNS
from api.administration.people.wording import COLUMNS as PEOPLE_COLUMNS
from api.administration.person.pages import DONE as DONE_TO_SOMEBODY
from api.administration.sign_ins.wording import COLUMNS as SIGN_IN_COLUMNS
from api.administration.tokens.records import TokenState
from api.ballots.answers import WRONG_KEYS as WRONG_ANSWERS
from api.ballots.casting import FAULT_KEYS as POLL_FAULTS
from api.ballots.questions import FAULT_KEYS as FORM_FAULTS
from api.ballots.questions import QUESTION_KINDS
from api.cases.manifest import PROCEDURES as PROCEDURES_OF_CASES
from api.cases.questions.wording import HEADS as QUESTION_HEADS
from api.cases.register.wording import HEADS as CASE_HEADS
from api.cases.sharing.records import LEVELS as LEVELS_OF_RECEIVERS
from api.cases.sharing.records import Ended as EndedAtReceiver
from api.cases.sharing.wording import HEADS as RECEIVED_HEADS
from api.cases.story.wording import COLUMNS as STORY_COLUMNS
from api.cases.views.records import FILTERS as FILTERS_OF_VIEWS
from api.cases.views.records import STAGES as STAGES_OF_VIEWS
from api.cases.views.records import VIEWS
from api.cases.views.records import Lack as LackOfView
from api.cases.views.records import Lines as LinesOfView
from api.cases.views.records import topics as topics_of_views
from api.cases.views.wording import ROWS as ROWS_OF_VIEWS
from api.deadlines.kept.rulebook import RuleAct
from api.deadlines.own.records import Show as ShowOfDeadlines
from api.deadlines.reckoning import Lamp
from api.deadlines.records import Act as ActOnDeadline
from api.deadlines.rules.records import SHIFTABLE
from api.deadlines.rules.records import Done as DoneToRule
from api.deadlines.rules.records import Standing as StandingOfRule
from api.deadlines.term.records import ByReason as ActByReason
from api.deadlines.term.records import Done as DoneToDeadline
from api.deadlines.trace import Code
from api.evidence.wording import TIME_FIELD
from api.exchange.records import SENT_KINDS
from api.exchange.wording import ASKED as EXCHANGE_ASKED
from api.exchange.wording import SENT as EXCHANGE_SENT
from api.files.inspection.findings import Hidden as HiddenPart
from api.files.inspection.findings import Note as NoteOfFile
from api.files.inspection.kinds import KINDS as FILE_KINDS
from api.files.receiving import Wrong as WrongFile
from api.files.wording import PROPERTIES as PROPERTIES_OF_FILES
from api.help.records import GUIDES, TERMS
from api.hints.repository import HINTS
from api.imports.reading.matching import ORIGINS as UNIT_ORIGINS
from api.imports.records import FAULT_KEYS
from api.imports.records import STATES as LOAD_STATES
from api.imports.sources.periods import PERIODS
from api.imports.sources.records import DUE_UNITS, WAYS
from api.imports.sources.records import Outcome as OutcomeOfAttempt
from api.imports.wording import DOUBTS, FAULT_COLUMNS
from api.meetings.records import WANTS, Attendance, Way
from api.meetings.records import Outcome as OutcomeOfMark
from api.notifications.wishes.records import Quietness
from api.own_account.contacts.records import KINDS as CONTACT_KINDS
from api.packages.archive import Wrong as WrongPackage
from api.platforms.budget.assets.wording import HEADS as ASSET_HEADS
from api.platforms.budget.changes.records import TRIGGERS as TRIGGERS_OF_CHANGES
from api.platforms.budget.changes.wording import COLUMNS as CHANGE_COLUMNS
from api.platforms.budget.comparison.records import COLUMNS as COLUMNS_OF_COMPARISON
from api.platforms.budget.comparison.records import LINES as LINES_OF_COMPARISON
from api.platforms.budget.debt.wording import COLUMNS as DEBT_COLUMNS
from api.platforms.budget.departments.records.descriptions import DUES, NEEDS, WRONG_KEYS
from api.platforms.budget.departments.records.descriptions import KINDS as KINDS_OF_FIELDS
from api.platforms.budget.departments.records.descriptions import ROLES as ROLES_OF_FIELDS
from api.platforms.budget.departments.records.questions import LACKING
from api.platforms.budget.departments.wording import CODE_COLUMNS
from api.platforms.budget.departments.wording import COLUMNS as DEPARTMENT_COLUMNS
from api.platforms.budget.drafts import wording as draft_wording
from api.platforms.budget.execution import wording as execution_wording
from api.platforms.budget.execution.records import BYS as BYS_OF_EXECUTION
from api.platforms.budget.execution.records import THREE_EXPENSES
from api.platforms.budget.findings.records import GRADES as GRADES_OF_FINDINGS
from api.platforms.budget.findings.records import SHOWN as SHOWN_FINDINGS
from api.platforms.budget.findings.records import TEXTS as TEXTS_OF_FINDINGS
from api.platforms.budget.findings.records import UNDECIDED as UNDECIDED_FINDINGS
from api.platforms.budget.findings.wording import COLUMNS as FINDING_COLUMNS
from api.platforms.budget.ledger.records import BYS
from api.platforms.budget.linkage.wording import FIGURES as FIGURES_OF_LINKAGE
from api.platforms.budget.linkage.wording import HEADS as LINKAGE_HEADS
from api.platforms.budget.linkage.wording import ROW_HEADS as LINKAGE_ROW_HEADS
from api.platforms.budget.manifest import PROCEDURES as PROCEDURES_OF_BUDGET
from api.platforms.budget.payments.wording import HEADS as PAYMENT_HEADS
from api.platforms.budget.payments.wording import SUM_HEADS
from api.platforms.budget.projects.records import Lacking as LackingOfWater
from api.platforms.budget.projects.wording import COLUMNS as PROJECT_COLUMNS
from api.platforms.budget.published.records import COLUMNS as COLUMNS_OF_DISCLOSED
from api.platforms.budget.published.records import FIGURE_COLUMNS as FIGURE_COLUMNS_OF_DISCLOSED
from api.platforms.budget.questions.records import PROPOSED as PROPOSED_QUESTIONS
from api.platforms.budget.rectification.wording import COLUMNS as RECTIFICATION_COLUMNS
from api.platforms.budget.rules.records.parts import MARKS as MARKS_OF_RULES
from api.platforms.budget.rules.records.parts import Field as FieldOfRule
from api.platforms.budget.rules.records.parts import Part as PartOfRule
from api.platforms.budget.rules.records.parts import parts as form_of_rule
from api.platforms.budget.rules.records.reading import WrongKey as WrongValueOfRule
from api.platforms.budget.rules.wording import parameter as parameter_of_rule
from api.platforms.budget.special import wording as special_wording
from api.platforms.budget.year.records import OCCASIONS
from api.platforms.budget.year.wording import HEADS as YEAR_HEADS
from api.platforms.documents.checks.records.form import WITHIN
from api.platforms.documents.checks.records.form import WrongKey as WrongKeyOfCheck
from api.platforms.documents.checks.records.form import form as form_of_check
from api.platforms.documents.checks.records.form import written as form_as_written
from api.platforms.documents.checks.records.trials import CHANGES as CHANGES_OF_HITS
from api.platforms.documents.checks.wording import COLUMNS as CHECK_COLUMNS
from api.platforms.documents.laws.records import LAW_KINDS
from api.platforms.documents.laws.records import MARKS as MARKS_OF_LAWS
from api.platforms.documents.laws.records import STANDINGS as STANDINGS_OF_LAWS
from api.platforms.documents.laws.wording import COLUMNS as LAW_COLUMNS
from api.platforms.documents.manifest import PROCEDURES as PROCEDURES_OF_DOCUMENTS
from api.platforms.documents.proposals.procedure import PROCEDURE as PROPOSAL
from api.platforms.documents.proposals.procedure import TERMS as TERMS_OF_PROPOSALS
from api.platforms.documents.proposals.records import SHOWS as SHOWS_OF_PROPOSALS
from api.platforms.documents.proposals.wording import COLUMNS as PROPOSAL_COLUMNS
from api.platforms.documents.proposals.wording import COUNTED as COUNTED_OF_PROPOSALS
from api.platforms.documents.reviews.procedure.review import PROCEDURE as REVIEW_OF_DOCUMENT
from api.platforms.documents.reviews.records import (
    CHECKED,
    OUTCOMES,
)
from api.platforms.documents.reviews.records import STAGES as STAGES_OF_REVIEWS
from api.platforms.documents.reviews.wording import COLUMNS as REVIEW_COLUMNS_OF_DOCUMENTS
from api.platforms.documents.rulebook.records import VERDICTS as VERDICTS_OF_HITS
from api.platforms.documents.texts.records import KINDS as KINDS_OF_TEXTS
from api.platforms.documents.texts.records import VALIDITIES
from api.platforms.documents.texts.wording import COLUMNS as TEXT_COLUMNS
from api.platforms.duty.assignment.actions import PARTS as PARTS_OF_UNITS
from api.platforms.duty.deputies.wording import COLUMNS as DEPUTY_COLUMNS
from api.platforms.duty.figures.procedure import PROCEDURE as FIGURE
from api.platforms.duty.handling.records import WAYS as WAYS_OF_CONTACT
from api.platforms.duty.key_supervision.records import SHOWS as SHOWS_OF_SUPERVISION
from api.platforms.duty.listing.records import SHOWS as SHOWS_OF_SUGGESTIONS
from api.platforms.duty.listing.wording import COLUMNS as SUGGESTION_COLUMNS
from api.platforms.duty.manifest import PROCEDURES as PROCEDURES_OF_DUTY
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import KINDS as KINDS_OF_MEETINGS
from api.platforms.duty.meetings.records import Done as DoneToMeeting
from api.platforms.duty.meetings.wording import COLUMNS as MEETING_COLUMNS
from api.platforms.duty.motions.procedure import PROCEDURE as MOTION
from api.platforms.duty.opinions.procedure import PROCEDURE as OPINION
from api.platforms.duty.opinions.records import SHOWS as SHOWS_OF_OPINIONS
from api.platforms.duty.opinions.wording import COLUMNS as OPINION_COLUMNS
from api.platforms.duty.promises.records import SHOWS as SHOWS_OF_PROMISES
from api.platforms.duty.publication.actions import SHOWN as SHOWN_RELEASES
from api.platforms.duty.publication.records import MARK_KINDS
from api.platforms.duty.ratings.records import GRADES
from api.platforms.duty.searchable.records import KINDS as SEARCHABLE
from api.platforms.duty.sessions.records import LEVELS as SESSION_LEVELS
from api.platforms.duty.signing.records import SignatureState
from api.platforms.duty.statistics.records import GROUPS as GROUPS_OF_STATISTICS
from api.platforms.duty.statistics.records import MEASURES, RATES
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.platforms.duty.suggestions.records import GROUNDS
from api.platforms.duty.suggestions.wording import FACTS
from api.platforms.duty.surveys.records import KINDS as KINDS_OF_SURVEYS
from api.platforms.duty.surveys.records import RATINGS
from api.platforms.environment.alerts.records import Hours, Show
from api.platforms.environment.alerts.wording import COLUMNS
from api.platforms.environment.charted import SPANS as SPANS_OF_CHARTS
from api.platforms.environment.charted import Wish as WishOfChart
from api.platforms.environment.deliveries.records import STATES
from api.platforms.environment.deliveries.wording import COLUMNS as DELIVERY_COLUMNS
from api.platforms.environment.duty.records import Done as DoneOfDuty
from api.platforms.environment.duty.wording import COLUMNS as DUTY_COLUMNS
from api.platforms.environment.events.wording import COLUMNS as EVENT_COLUMNS
from api.platforms.environment.judging.records import _CONFIDENCE
from api.platforms.environment.period_report.records.air import PERCENTILES
from api.platforms.environment.period_report.records.periods import SPANS
from api.platforms.environment.policies.records import ROLES
from api.platforms.environment.refusals.wording import COLUMNS as REFUSAL_COLUMNS
from api.platforms.environment.reviews.pages import DONE
from api.platforms.environment.reviews.records import CORRECT, FLAGS
from api.platforms.environment.reviews.wording import COLUMNS as REVIEW_COLUMNS
from api.platforms.environment.silences.pages import Done
from api.platforms.environment.silences.records import FIELDS, PRESETS
from api.platforms.environment.stations.records import WORST_FIRST
from api.platforms.environment.stations.records import Order as StationOrder
from api.platforms.environment.stations.wording.listing import COLUMNS as STATION_COLUMNS
from api.platforms.environment.tuning.pages import DONE as DONE_OF_RULES
from api.platforms.environment.tuning.wording import _KEYS, _OF_A_LEVEL
from api.platforms.judicial.advice.records import COUNTED as COUNTED_ADVICE
from api.platforms.judicial.advice.wording import COLUMNS as ADVICE_COLUMNS
from api.platforms.judicial.appraisals.procedure import PROCEDURE as APPRAISAL
from api.platforms.judicial.appraisals.records import answers as answers_of_appraisals
from api.platforms.judicial.appraisals.records import aspects as aspects_of_appraisals
from api.platforms.judicial.draws.procedure import PROCEDURE as DRAW
from api.platforms.judicial.figures.records.ranges import MEASURES as FIGURE_MEASURES
from api.platforms.judicial.figures.records.templates import templates as figure_templates
from api.platforms.judicial.free_text import KINDS as KINDS_OF_IDENTIFIED
from api.platforms.judicial.hearings.records import form as form_of_comments
from api.platforms.judicial.letters.procedure import PROCEDURE as LETTER
from api.platforms.judicial.letters.records import SHOWS as SHOWS_OF_LETTERS
from api.platforms.judicial.letters.wording import COLUMNS as LETTER_COLUMNS
from api.platforms.judicial.manifest import PROCEDURES as PROCEDURES_OF_JUDICIAL
from api.platforms.judicial.matters.records import KIND_NAMES as KINDS_OF_MATTERS
from api.platforms.judicial.matters.records import SHOWS as SHOWN_MATTERS
from api.platforms.judicial.matters.records import SORTS as SORTS_OF_LINES
from api.platforms.judicial.matters.wording import COLUMNS as MATTER_COLUMNS
from api.platforms.judicial.matters.wording import Progress as ProgressOfMatter
from api.platforms.judicial.suits.records import COUNTS as COUNTS_OF_SUITS
from api.procedures.procedure import Procedure
from api.reports.forms.making import REMEDIES
from api.reports.records import FORMS as FORMS_OF_REPORTS
from api.roster import ROSTER, words_of
from api.traces import records as traces
from api.traces.topics import topics as topics_of_traces
from api.wall.records import Mark as MarkOfStation
from api.web.devices import Browser, Device
from api.web.tables import Form as TableForm
from budget.chain import STAGES
from budget.detection.books import Stage as StageOfPublished
from budget.detection.budgets.debts import FIGURES as FIGURES_OF_DEBT
from budget.detection.budgets.disclosed import BLANK, UNKNOWN
from budget.detection.budgets.indicators import Case as CaseOfIndicator
from budget.detection.budgets.kinds import EVERY_UNIT
from budget.detection.budgets.matching.coding import BASIC
from budget.detection.budgets.matching.comparing import Basis as BasisOfPublished
from budget.detection.budgets.matching.comparing import Group as GroupOfPublished
from budget.detection.budgets.matching.comparing import Lacking as LackingOfPublished
from budget.detection.budgets.other_items import WHOLE
from budget.detection.budgets.shifts import Way as WayOfShift
from budget.detection.budgets.three_expenses import TOGETHER, Against
from budget.detection.budgets.three_expenses import Parameters as Expenses
from budget.detection.documents import checked
from budget.detection.documents import load as rules_on_money
from budget.detection.kinds import KINDS as KINDS_OF_FINDINGS
from budget.detection.records import Input as InputOfRule
from budget.published.kinds import checks, kinds
from budget.published.records import Why as WhyDeferred
from budget.published.wording import OWN
from budget.reading.columns import FAULTS as FAULTS_OF_PAYMENTS
from config.catalogue.shapes import WaterBody
from config.catalogue.words import LANGUAGES, NAMES, Words, _flat
from config.classifications import MARKS as MARKS_OF_CODES
from config.files import read_toml
from config.law import Direction as DirectionOfRule
from config.law import Mark, Period, Unit
from config.law import Topic as TopicOfRule
from config.settings import DISTRICTS, ChannelKind
from config.vocabulary.health import Unsettled
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Clock
from config.vocabulary.refusals import Mender, PassedOver, Reason
from documents.checks.documents import load as checks_of_documents
from documents.checks.phrases import FaultKey as FaultKeyOfPhrase
from documents.citing.records import Role
from documents.comparing.records import Change as ChangeOfArticle
from scripts.paper_template import empty_environment_year, empty_month
from tabular.structure.row_kinds import Kind as RowKind
from tests.api.documents.families import FAMILIES as FAMILIES_OF_FILINGS
from tests.api.recorded_actions import recorded

FORMS = get_args(ClauseForm)
ROOT = Path(config.__file__).parents[1]
LOADED = {language: Words.load(language, words_of(ROSTER)) for language in LANGUAGES}
_CALL = re.compile(r"""(?:\bt|words|self)\(\s*f?["']([a-z][\w.-]*(?:\{[^"']*\}[\w-]*)?)["']""")
_CHOICE = re.compile(r"""["']([a-z-]+\.[a-z-]+)["'] if .+? else ["']([a-z-]+\.[a-z-]+)["']""")
_ENTRY = re.compile(r"""Entry\(\s*"([\w.-]+)\"""")
_FORM = re.compile(r"(?<=\.)([\w-]+)\.(?:one|other)$")
_LOOKED_UP = re.compile(
    r"""\d{3}: "([\w.-]+)"|\bwords(?:: \S+)? = "([\w.-]+)"|"(error\.[a-z-]+)"\)"""
)
_FIGURE = re.compile(r"""\bFigure\(\s*"([a-z][\w.-]*)",[^"]*"(wall\.[\w-]+)\"""")
_MADE = re.compile(r"""(?:\bt|words)\(\s*(?:f["']([a-z][\w.-]*)\{|["']([a-z][\w.-]*)["'] ~)""")


def refusals(feature: str, room: str = "platforms/environment") -> set[str]:
    """Keys by which a feature refuses what a form says."""
    calls = (
        node
        for file in (ROOT / "api" / room / feature).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("NotAccepted", "BeyondAuthority")
    )
    parts = (part for call in calls for part in ast.walk(call.args[1]))
    return {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}


def given(folder: str, function: str, position: int) -> set[str]:
    """Constants that calls of a function in a folder have at a position."""
    calls = (
        node
        for file in (ROOT / "api" / folder).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    )
    found = (call.args[position] for call in calls if len(call.args) > position)
    return {of.value for of in found if isinstance(of, ast.Constant) and isinstance(of.value, str)}


PROCEDURES: tuple[Procedure, ...] = (
    *PROCEDURES_OF_DUTY,
    *PROCEDURES_OF_BUDGET,
    *PROCEDURES_OF_JUDICIAL,
    *PROCEDURES_OF_DOCUMENTS,
    *PROCEDURES_OF_CASES,
)
KINDS_OF_REPORTS = [kind for platform in ROSTER for kind in platform.reports]
KINDS_OF_DRAFTS = [kind for platform in ROSTER for kind in platform.drafts]
TABLES_OF_BUDGET = [
    kind
    for platform in ROSTER
    for kind in platform.tables
    if kind.words.startswith("budget.kind.")
]
MONTH = empty_month()
YEAR_PAPER = empty_environment_year()
TABLES_OF_DRAFTS = (
    *("by-unit", "by-function", "by-project", "expenses"),
    *("new", "ended", "changed", "slow", "carried-over"),
)
"""Of sums, in the paper on the first review of a draft budget."""


def of_rules() -> dict[str, set[str]]:
    """Words of the rules of budget supervision, their parameters, and what these lie under."""
    rules, chinese = rules_on_money(), LOADED["zh-CN"]
    forms = [(of.kind, part) for of in rules for part in form_of_rule(of, {})]
    found = [pair for kind, part in forms for pair in parts_within(kind, part)]
    prefix = "budget.parameter."
    kinds = set(KINDS_OF_FINDINGS)
    return {
        prefix: {
            parameter_of_rule(chinese, kind, part.name).removeprefix(prefix)
            for kind, part in found
        },
        "budget.topic.": {
            part.key
            for _, part in found
            if part.key and f"budget.fact.matter.{part.key}" not in chinese.texts
        },
        "budget.rule-means.": kinds,
        "budget.input.": {
            of.replace("_", "-") for part in get_args(InputOfRule) for of in get_args(part)
        },
        "budget.rules.mark-": set(MARKS_OF_RULES),
        "budget.rules.excluded-": {"part", "whole"},
        "budget.rules.value-": {"yes", "no"},
        "budget.rules.compared-": {"findings", "units", "cents"},
        "budget.rules.wrong-": {
            *get_args(WrongValueOfRule),
            *refusals("rules", "platforms/budget"),
            *refusals("rules/records", "platforms/budget"),
        },
    }


def parts_within(kind: str, part: PartOfRule) -> Iterator[tuple[str, PartOfRule]]:
    """A part of the form of a rule of a kind, and all that lie in it."""
    yield kind, part
    for inner in () if isinstance(part, FieldOfRule) else part.parts:
        yield from parts_within(kind, inner)


def of_check_forms() -> set[str]:
    """The fields of every check's form."""
    found: set[str] = set()
    for check in checks_of_documents():
        asked = form_of_check(check, form_as_written(check))
        fields = [of for row in (*asked.words, *asked.exclusions) for of in row.fields]
        found |= {of.name.replace("_", "-") for of in (*asked.fields, *fields)}
    return found


def of_procedures() -> dict[str, set[str]]:
    """The families of the rows of every procedure of the product."""
    found: dict[str, set[str]] = {}
    for procedure in PROCEDURES:
        for key in sorted(procedure.keys()):
            family, _, name = key.partition("-")
            found.setdefault(f"{procedure.words}.{family}-", set()).add(name)
    return found


FIGURE_COLUMNS = {name for of in figure_templates().values() for name in of.columns}
WRONG_EVIDENCE = {"evidence", "evidence-unknown"}
FAMILIES: dict[str, set[str]] = {
    **of_procedures(),
    "sign-in.elsewhere-": {"away", "unbound", *get_args(Unfinishing)},
    "class.": set(_CLASSES),
    "wall.mark.": set(get_args(MarkOfStation)),
    "month.": set(map(str, range(1, 13))),
    "language.": set(LANGUAGES),
    **{f"{platform.slug}.": {"title"} for platform in ROSTER},
    "help.": {
        "title",
        *(
            f"{guide}.{task.name}{end}"
            for guide, tasks in GUIDES.items()
            for task in tasks
            for end in ("", "-steps")
        ),
        *(f"{guide}.summary" for guide in GUIDES),
    },
    "help.hint.": set(HINTS),
    "help.term.": {
        *TERMS,
        *(f"{term}{end}" for of in TERMS.values() for term in of for end in ("", "-means")),
    },
    "duty.similar.promise-": {"open", "reported", "kept", "broken", "given-up"},
    "environment.found-": {"station", "event"},
    **{
        f"{platform.slug}.evidence.": {
            *(f"name-{of.name}" for of in platform.evidence),
            *(
                f"field-{field}"
                for of in platform.evidence
                for field in of.parameters.__struct_fields__
                if field != TIME_FIELD
            ),
        }
        | ({"lowest", "highest"} if platform.slug == "environment" else set())
        for platform in ROSTER
        if platform.evidence
    },
    "password.": set(Unfit),
    "account.wrong-": {
        *("password", "wait", "late", "contact", "many", "known", "identity"),
        *("code", "code-spent"),
        *("browser", "browsers"),
        *CONTACT_KINDS,
    },
    "account.done-": {
        "password",
        "ended",
        "display",
        "added",
        "removed",
        "code-sent",
        "confirmed",
        "factor",
        "codes",
        "off",
        "unbound",
        "allowed",
        "unallowed",
    },
    "account.contact-": set(CONTACT_KINDS),
    "account.code-": {"waiting", "sent", "failed", "send", "again"},
    "account.factor-": {
        f"{form}{end}" for form in ("codes", "another", "off") for end in ("", "-means")
    },
    "level.": {level.name.lower() for level in Level},
    "state.": {str(state) for state in State},
    "verdict.": {str(verdict) for verdict in Verdict},
    "alert.wrong-": {"verdict", "note"},
    "review.": {"firing", "resolved"},
    "cause.": {cause.name.lower().replace("_", "-") for cause in Cause},
    "quality.": {flag.name.lower().replace("_", "-") for flag in Quality},
    **{
        f"{platform.slug}.permission.": {one.partition(".")[2] for one in platform.permissions}
        for platform in ROSTER
    },
    "administration.wrong-": {
        *refusals("staffing", "accounts"),
        *refusals("importing", "administration"),
        *refusals("people", "administration"),
        *refusals("person", "administration"),
        *refusals("web", ""),
    },
    "administration.people.": {"state", "role", "unit"},
    "administration.people.state-": set(get_args(Standing)),
    "administration.people.order-": set(get_args(PeopleOrder)),
    "administration.people.column-": set(PEOPLE_COLUMNS),
    "administration.person.": {"present", "future", "past"},
    "administration.person.done-": set(DONE_TO_SOMEBODY),
    "administration.units.kind-": set(UNIT_KINDS),
    "people-sheet.": {*Wrong, *(f"{kind}-remedy" for kind in Wrong)},
    "notifications.hear-": {"deputy", "officer"},
    "notifications.quiet-": {*get_args(Quietness), "hint", "from", "until", "least"},
    "notifications.way-": {*get_args(AddressKind), "named"},
    "notifications.wish-": {
        f"{of}{end}" for of in ("rivers", "areas", "stations", "kinds") for end in ("", "-hint")
    },
    "notifications.wrong-": refusals("wishes", "notifications"),
    "message.line-": {"stands", "resolved", "withdrawn"},
    "role.": set(roles.load({}, DISTRICTS).by_id),
    "message.": {"fired", "resolved", "withdrawn", "data-lost"},
    "message.next-pollution-": {"deputy", "officer"},
    "message.what-": set(NoticeKind),
    "message.because-": {"again", "risen", "further", "stands", "comes-and-goes", "step"},
    "message.ended-": {"rule", "unknown"},
    "message.worst-": {"above", "below"},
    "message.others-": {"fired", "resolved", "withdrawn", "data-lost"},
    "message.next-over-": {"deputy", "officer"},
    "duration.": {"minutes", "minutes-of"},
    "alert.aim-": {"above", "below"},
    "alert.asks-": {"above", "below", "class-worst", "class-worse"},
    "alert.condition-": {"above", "below", "rise", "fall"},
    "alert.towards-": {"above", "below"},
    "alert.ended-": {"rule", "unknown"},
    "alert.worsening-": {"above", "below"},
    "alert.easing-": {"above", "below"},
    "alert.class-": {"beyond", "worst", "only"},
    "alert.combined-": {"all", "some", "least", "back", "only"},
    "alert.ahead-": {"beyond", "worst", "back", "never"},
    "alert.arrival-": {"beyond", "back", "worst", "only"},
    "seen.": {"aqi-hour", "aqi-day", "class-hour", "class-day"},
    "alert.": {
        *("absent", "absent-over", "change", "mean", "over"),
        *(f"{side}-{form}" for side in ("above", "below") for form in FORMS),
        *(f"{way}-{form}" for way in ("rise", "fall") for form in (*FORMS, "instead")),
        *NOTICES,
        *(f"{notice}-name" for notice in NOTICES),
    },
    "alert.why-": set(NOTICES),
    "alert.ends-": set(NOTICES),
    "message.next-": set(NOTICES),
    "events.": {"told", "held", "muted"},
    "events.show-": set(get_args(ShowOfEvents)),
    "events.state-": {"standing", "quiet", "over", "withdrawn"},
    "events.own-": {"acknowledged", "taken"},
    "events.act-": set(get_args(ActKind)),
    "events.change-": set(Change),
    "events.delivery-": set(get_args(DeliveryState)) - {"superseded"},
    "events.why-": set(Why),
    "events.wrong-": {"note", "comment"},
    "notice.": set(NoticeKind),
    "policies.about-": set(get_args(About)),
    "policies.role-": set(ROLES),
    "policies.wrong-": {*refusals("policies"), "rounds", "order", "wait"},
    "alert.untold-": {"retrospective", "over", "doubted", "old", "soon"},
    "alerts.": set(get_args(Show)),
    "alerts.order-": set(get_args(Order)),
    "alerts.hours-": {of or "any" for of in get_args(Hours)},
    "alerts.wrong-": {"none", "many", "changed"},
    "alerts.column-": set(COLUMNS),
    "history.": {"resolved", "withdrawn"},
    "overview.": {"water", "air"},
    "stations.standing-": set(WORST_FIRST),
    "stations.order-": set(get_args(StationOrder)),
    "station.mishap-": {"broken", "removed", "replaced", "copied"},
    "overview.map-tiles-": {"wgs84", "gcj02"},
    "station.days-worse-": {"water", "air"},
    "station.day-worse-": {"water", "air"},
    "station.day-hint-": {"water", "air"},
    "station.near-": {"above", "below"},
    "station.how-": {"source", "cadence", "detection", "since"},
    "station.clock-": {"behind", "ahead"},
    "charts.": {"earlier", "later", "zoom-in", "zoom-out"},
    "charts.span-": {str(hours) for hours in SPANS_OF_CHARTS},
    "charts.drawn-": {*get_args(WishOfChart), "8h"},
    "charts.wrong-": {"time", "order", "long", "rows"},
    "station.span-": {"hour", "today", "yesterday"},
    "station.basis-": set(get_args(WaterBody)),
    "station.complete-": {"minutes", "hours", "windows"},
    "operations.": {"arrived", "waiting", "lost", "repeated"},
    "operations.loop-": {
        *("rule-worker", "notifier", "self-monitoring", "store-writer", "quality-worker"),
        *("receiver", "audit", "keep-in-order", "broadcast", "watchman"),
    },
    "silences.": {"in-force", "to-come", "past"},
    "silences.wrong-": refusals("silences"),
    "silences.done-": set(get_args(Done)) - {""},
    "silences.preset-": set(PRESETS),
    "silences.kind-": set(get_args(SilenceKind)),
    **{f"silences.{part}-": set(FIELDS) for part in ("of", "field")},
    "deliveries.state-": set(STATES),
    "deliveries.column-": set(DELIVERY_COLUMNS),
    "channels.kind-": set(get_args(ChannelKind)),
    "refused.": set(Reason),
    "refused-meaning.": set(Reason),
    "refused-remedy.": set(Reason),
    "mender.": set(Mender),
    "passed-over.": set(PassedOver),
    "passed-over-meaning.": set(PassedOver),
    "refusals.": {
        *("indicators", "instant", "earliest", "latest", "kept", "refused-value"),
        *("version", "size", "largest", "fault"),
    },
    "refusals.done-": {"replayed", "forgotten"},
    "refusals.wrong-": {"none", "why"},
    "attempt.": {"connect", "send", "hear"},
    "equipment.try-": {"device", "line"},
    "equipment.logger-": {"behind", "ahead"},
    "equipment.logger-data-time-": {"behind", "ahead"},
    "equipment.unsettled-": set(get_args(Unsettled)),
    "equipment.clock-": {clock.name.lower().replace("_", "-") for clock in Clock},
    "averaging.": {"h1", "h8", "day", "year"},
    "confidence.": set(_CONFIDENCE.values()),
    "judging.of-": {"water", "air"},
    "judging.head-": {"averaging", "first", "second"},
    "judging.worse-": {"higher", "lower", "outside"},
    "judging.change-": {"limit", "index", "beyond", "class"},
    "judging.complete-": {"hour", "day", "ozone", "month", "year", "source"},
    "tuning.kind-": set(KINDS_OF_RULES),
    "tuning.level-": {"above", "below", "by", "within", "at-least", "absence", "state"},
    "tuning.limit-": {"above", "below", "by", "within", "at-least"},
    "tuning.clear-to-": {"target", "class"},
    "tuning.clear-": {"above", "below", "by", "within", "at-least"},
    "tuning.look-condition-": {"above", "below"},
    "tuning.scope-": {"all", "water", "air", "lakes", "rivers"},
    "tuning.changed-": set(_KEYS),
    "tuning.done-": set(DONE_OF_RULES),
    "tuning.laxer-": {"class", "limit"},
    "tuning.remark-": {"waits", "follows", "travel", "same-hour", "never", "always"},
    "tuning.wrong-": {*refusals("tuning") - {"level"}, *_OF_A_LEVEL.values()},
    "device.": set(get_args(Device)),
    "browser.": set(get_args(Browser)),
    "audit.action.": recorded(),
    "budget.field.": {
        of.words.rpartition(".")[2] for kind in TABLES_OF_BUDGET for of in kind.fields
    },
    "budget.fact.unit.": {EVERY_UNIT},
    "budget.fact.project.": {BASIC, WHOLE},
    "budget.fact.figure.": set(FIGURES_OF_DEBT),
    "budget.fact.case.": set(get_args(CaseOfIndicator)),
    "budget.fact.matter.": {
        name
        for rule in rules_on_money()
        if isinstance(of := checked(rule), Expenses)
        for name in of.matters
    }
    | {TOGETHER},
    "budget.fact.against.": set(get_args(Against)),
    "budget.fact.quarter.": set(map(str, range(5))),
    "budget.fact.period.": set(map(str, range(5))),
    "budget.fact.way.": set(get_args(WayOfShift)),
    "budget.command.": {
        "by-header",
        "deferred",
        "findings",
        "more",
        "read",
        "refused",
        "refused-file",
    },
    "budget.refused.": set(FAULTS_OF_PAYMENTS),
    "budget.fact.basis.": {"amount", "application", "contract", "invoice", "purpose", "voucher"},
    "budget.fact.scope.": {"project", "code", "unit"},
    "budget.fact.weekday.": set(map(str, range(1, 8))),
    "budget.finding.": {rule.kind for rule in rules_on_money()},
    "budget.kind.": {kind.words.rpartition(".")[2] for kind in TABLES_OF_BUDGET},
    "budget.departments.due-": set(DUES),
    "budget.departments.each-": set(DUES),
    "budget.departments.column-": set(DEPARTMENT_COLUMNS),
    "budget.departments.code-column-": set(CODE_COLUMNS),
    "budget.departments.row-": {"unit", "project", "load", "row"},
    "budget.departments.unit-": set(LACKING),
    "budget.departments.project-": set(LACKING),
    "budget.departments.kind-": set(KINDS_OF_FIELDS),
    "budget.departments.need-": {of or "none" for of in NEEDS},
    "budget.departments.role-": {of or "none" for of in ROLES_OF_FIELDS},
    "budget.departments.field-": {"label", "kind", "need", "role", "headers"},
    "budget.departments.form-": {"name", "owner", "due", "due-days", "since", "note"},
    "budget.departments.wrong-": {*WRONG_KEYS, "some"},
    "budget.departments.mark-": set(MARKS_OF_CODES),
    "budget.findings.column-": set(FINDING_COLUMNS),
    "budget.findings.grade-": set(GRADES_OF_FINDINGS),
    "budget.findings.kind-": set(KINDS_OF_FINDINGS),
    "budget.findings.precision-": {
        *("decided", "excluded", "accepted", "confirmed", "share", "means"),
    },
    "budget.findings.next-": set(UNDECIDED_FINDINGS),
    "budget.findings.show-": set(SHOWN_FINDINGS),
    "budget.findings.text-": set(TEXTS_OF_FINDINGS),
    "budget.totals.by-": {*BYS, "period"},
    "budget.totals.column-": set(SUM_HEADS.names),
    "budget.payments.column-": set(PAYMENT_HEADS.names),
    "budget.projects.column-": {*PROJECT_COLUMNS, "final"},
    "budget.projects.water-": {
        *get_args(LackingOfWater),
        *("title", "means", "no-station", "season"),
    },
    "budget.questions.": set(PROPOSED_QUESTIONS),
    "budget.questions.wrong-": refusals("questions", "platforms/budget"),
    "budget.comparison.axis-": {"lines", "columns"},
    "budget.comparison.by-": set(LINES_OF_COMPARISON),
    "budget.comparison.columns-": set(COLUMNS_OF_COMPARISON),
    "budget.comparison.column-": {
        *("sum", "approved", "adjusted", "paid", "share"),
        *("planned-year", "planned", "planned-sum", "paid-sum"),
    },
    "budget.comparison.in-": {"yuan", "percent"},
    "budget.linkage.stage-": set(STAGES),
    "budget.linkage.figure-": set(FIGURES_OF_LINKAGE),
    "budget.linkage.column-": {*LINKAGE_HEADS.names, *LINKAGE_ROW_HEADS.names},
    "budget.drafts.column-": {
        *draft_wording.HEADS.names,
        *draft_wording.SUMS,
        *draft_wording.PROJECTS,
        *draft_wording.CARRIED,
        *draft_wording.FUNDS,
        *draft_wording.QUESTIONS,
        *draft_wording.PROBLEMS,
        *draft_wording.POINTS,
    },
    "budget.drafts.": {
        name + end
        for name in (*TABLES_OF_DRAFTS, "by-fund", "findings", "problems")
        for end in ("", "-means")
    },
    "budget.drafts.name-": set(TABLES_OF_DRAFTS),
    "budget.special.column-": {
        *special_wording.YEARS,
        *special_wording.QUARTERS,
        *special_wording.PAYEES,
        *special_wording.ADJUSTMENTS,
        *special_wording.FINDINGS,
    },
    "budget.execution.by-": set(BYS_OF_EXECUTION),
    "budget.execution.expense-": set(THREE_EXPENSES),
    "budget.execution.column-": {
        *execution_wording.COLUMNS,
        *execution_wording.OF_FUNDS,
        *execution_wording.OF_EXPENSES,
        *execution_wording.OF_PAYMENTS,
    },
    "budget.changes.trigger-": set(TRIGGERS_OF_CHANGES),
    "budget.changes.proposed-": {"up", "down", "key"},
    "budget.changes.term-": {"running", "ended", "cancelled"},
    "budget.changes.column-": {*CHANGE_COLUMNS, "differs"},
    "budget.changes.wrong-": refusals("changes", "platforms/budget"),
    "budget.assets.column-": set(ASSET_HEADS.names),
    "budget.assets.growth-": {"means", "count", "worth", "until", "paid"},
    "budget.assets.bought-": {"means", "paid", "recorded", "difference"},
    "budget.debt.column-": {*DEBT_COLUMNS, "used"},
    "budget.debt.break-": set(FIGURES_OF_DEBT),
    "cases.register.column-": set(CASE_HEADS.names),
    "cases.joins.both-": {*traces.AXES, "time"},
    "traces.topic-": {of.id for of in topics_of_traces()},
    "traces.role-": set(traces.ROLES),
    "traces.part-": set(traces.PARTS),
    "cases.story.at-": {"began_ms", "found_ms", "acknowledged_ms", "resolved_ms", "ended_ms"},
    "cases.story.column-": {of for columns in STORY_COLUMNS.values() for of in columns},
    "cases.story.section-": {"matter", "outcome", *STORY_COLUMNS},
    "cases.register.secrecy-": {"1", "2"},
    "cases.sharing.column-": set(RECEIVED_HEADS.names),
    "cases.sharing.level-": set(LEVELS_OF_RECEIVERS),
    "cases.sharing.result-": set(get_args(EndedAtReceiver)),
    "cases.sharing.result-means-": {"reason", "outcome"},
    "cases.questions.column-": set(QUESTION_HEADS.names),
    "exchange.column-": {*EXCHANGE_ASKED.names, *EXCHANGE_SENT.names},
    "exchange.kind-": set(SENT_KINDS),
    "cases.views.": {
        f"{view.name}-{part}"
        for view in VIEWS.values()
        for part in ("title", "means", "not", *(f"column-{of.name}" for of in view.columns))
    },
    "cases.views.column-": set(ROWS_OF_VIEWS.names),
    "cases.views.topic-": set(topics_of_views()),
    "cases.views.lacks-": set(get_args(LackOfView)),
    "cases.views.filter-": set(FILTERS_OF_VIEWS),
    "cases.views.by-": set(get_args(LinesOfView)),
    "cases.views.other-": set(get_args(LinesOfView)),
    "cases.views.line-": {"total", *STAGES_OF_VIEWS},
    "cases.views.in-": {"money", "share"},
    **{
        f"{platform.slug}.series.": {
            name for kind in platform.series for name in (kind.name, f"{kind.name}-source")
        }
        for platform in ROSTER
        if platform.series
    },
    "budget.rectification.column-": set(RECTIFICATION_COLUMNS),
    "budget.rectification.paper-": {
        *("basis", "said", "problems", "left", "left-said", "done", "done-said"),
    },
    "budget.rectification.stands-": {"gone", "changed"},
    "budget.year.occasion-": set(OCCASIONS),
    "budget.year.column-": set(YEAR_HEADS.names),
    "budget.year.wrong-": {"day", *refusals("year", "platforms/budget")},
    **of_rules(),
    "budget.disclosed.column-": {*COLUMNS_OF_DISCLOSED, *FIGURE_COLUMNS_OF_DISCLOSED},
    "budget.disclosed.held-": set(get_args(LackingOfPublished)),
    "budget.disclosed.state-": {"draft", "stands", "replaced", "withdrawn"},
    "budget.disclosed.wrong-": {*refusals("published", "platforms/budget"), "kind"},
    "budget.fact.stage.": set(get_args(StageOfPublished)),
    "budget.fact.group.": {*get_args(GroupOfPublished), "every"},
    "budget.fact.beside.": set(get_args(BasisOfPublished)),
    "budget.fact.side.": {"more", "less"},
    "budget.fact.says.": {BLANK},
    "budget.fact.should.": {UNKNOWN},
    "budget.published.kind-": {kind.id for kind in kinds()},
    "budget.published.check-": {
        *("part", "columns", "flow", "change", "funds"),
        *(one.id for one in checks().crossings),
        *(one.id for one in checks().lines),
        *(check for of in checks().inside.values() for check in of),
    },
    "budget.published.break-": {"sum", "blank", "limit", *OWN.values()},
    "budget.published.why-": set(get_args(WhyDeferred)),
    "files.state-": {"infected", "unscanned"},
    "files.wrong-": set(get_args(WrongFile)),
    "files.note-": set(get_args(NoteOfFile)) - {""},
    "files.kind-": set(FILE_KINDS),
    "files.property-": set(PROPERTIES_OF_FILES.values()),
    "files.hidden-": {*get_args(HiddenPart), "hint", "seen"},
    "administration.audit.column-": set(AUDIT_COLUMNS),
    "administration.sign-ins.outcome-": set(get_args(Outcome)),
    "administration.sign-ins.column-": set(SIGN_IN_COLUMNS),
    "administration.tokens.state-": set(get_args(TokenState)),
    "administration.tokens.wrong-": refusals("tokens", "administration"),
    "deadlines.lamp-": set(Lamp),
    "deadlines.event-": set(ActOnDeadline),
    "deadlines.show-": set(get_args(ShowOfDeadlines)),
    "deadlines.none-": set(get_args(ShowOfDeadlines)),
    "deadlines.mark-": {*get_args(Mark), "own"},
    "deadlines.topic-": set(get_args(TopicOfRule)),
    "deadlines.unit-": {*SHIFTABLE["day"], *SHIFTABLE["hour"]},
    "deadlines.standing-": set(get_args(StandingOfRule)),
    "deadlines.direction-": set(get_args(DirectionOfRule)),
    "deadlines.version-": {*get_args(RuleAct), "filed"},
    "deadlines.": {f"{act}-means" for act in get_args(ActByReason)},
    "deadlines.done-": {
        *(of for kind in (DoneToDeadline, DoneToRule) for of in get_args(kind) if of),
        *("renewed", "notice"),
    },
    "deadlines.wrong-": {
        *(
            key
            for room in (".", "own", "rules", "holidays", "term")
            for key in refusals(room, "deadlines")
        ),
        *("day", "not-yet", "no-more"),
    },
    "meetings.weekday-": set(map(str, range(1, 8))),
    "meetings.asks-": set(WANTS),
    "meetings.note-": {"invited", "remind", "changed", "cancelled"},
    "meetings.wrong-": given("meetings", "MeetingRefused", 1),
    "meetings.meeting.": set(MEETINGS.meeting.keys()),
    "meetings.meeting.kind-": set(KINDS_OF_MEETINGS),
    "meetings.meeting.state-": {one.name for one in MEETINGS.meeting.states},
    "meetings.meeting.wants-": set(WANTS),
    "meetings.invitation.": set(MEETINGS.own.keys()),
    "meetings.invitation.state-": {one.name for one in MEETINGS.own.states},
    "duty.meetings.attendance-": set(get_args(Attendance)) - {"unknown"},
    "duty.meetings.way-": set(get_args(Way)),
    "duty.meetings.column-": set(MEETING_COLUMNS),
    "duty.meetings.done-": set(get_args(DoneToMeeting)) - {""},
    "meetings.said-": {*get_args(OutcomeOfMark), "undone", "enter", "undo"},
    "duty.found-": {"suggestion", *SEARCHABLE},
    "duty.sessions.name-": set(SESSION_LEVELS),
    "duty.sessions.wrong-": {"town", "term", "number", "day", "last-day"},
    "duty.briefing.keep-": {"internal", "confidential"},
    "judicial.figures.": {"body", "late", "missing"},
    "judicial.figures.column-": {"kind", *FIGURE_COLUMNS},
    "judicial.suits.column-": {"name", *COUNTS_OF_SUITS},
    "judicial.figures.defined-": FIGURE_COLUMNS,
    "judicial.figures.measure-": set(FIGURE_MEASURES),
    "judicial.figures.message-": {"sent", "accepted", "returned"},
    "judicial.figures.range-": {"within", "outside", "low", "high", "source", "day"},
    "judicial.figures.state-": {"sent", "accepted", "returned", "withdrawn"},
    "judicial.figures.wrong-": {
        *("number", "pending", "parts", "total", "old", "month", "ahead", "why", "reason"),
        *("there", "measure", "percent", "upside-down", "source", "day", "long"),
    },
    "judicial.free-text.wrong-": set(KINDS_OF_IDENTIFIED),
    "judicial.appraisal.": set(APPRAISAL.keys()),
    "judicial.appraisals.aspect-": set(aspects_of_appraisals()),
    "judicial.appraisals.answer-": set(answers_of_appraisals()),
    "judicial.draw.": set(DRAW.keys()),
    "judicial.draws.wrong-": {
        *("hash", "day", "later", "number", "count", "size", "again", "finding"),
    },
    "judicial.letter.": set(LETTER.keys()),
    "judicial.letters.column-": set(LETTER_COLUMNS),
    "judicial.letters.show-": set(SHOWS_OF_LETTERS),
    "judicial.letters.wrong-": {"name", "phone", "address", "summary", "body", "day"},
    "judicial.matters.kind-": set(KINDS_OF_MATTERS),
    "judicial.matters.show-": set(SHOWN_MATTERS),
    "judicial.matters.column-": set(MATTER_COLUMNS),
    "judicial.matters.hand-": {"office", "committee"},
    "judicial.matters.progress-": set(get_args(ProgressOfMatter)) - {"now"},
    "judicial.matters.sort-": set(SORTS_OF_LINES),
    "judicial.matters.wrong-": given("platforms/judicial/matters", "MatterRefused", 1),
    "judicial.advice.show-": set(COUNTED_ADVICE),
    "judicial.advice.column-": set(ADVICE_COLUMNS),
    "judicial.hearings.column-": {"turn", "batch", "name", "state", "had", "last", "lot"},
    "judicial.hearings.question-": set(form_of_comments().questions),
    "judicial.hearings.value-": set(form_of_comments().values),
    "judicial.hearings.wrong-": {
        *given("platforms/judicial/hearings", "HearingRefused", 1),
        *given("platforms/judicial/hearings/actions", "HearingRefused", 1),
        *("undecided", "not-there", "commented"),
    },
    "duty.figures.wrong-": given("platforms/duty/figures", "FigureRefused", 1),
    "duty.figures.mistake-": {
        *given("platforms/duty/figures", "Mistake", 0),
        *("topic", "span", "year", "number"),
    },
    "duty.deputies.column-": {*DEPUTY_COLUMNS, "term", "code", "password"},
    "duty.deputies.gender-": {"female", "male"},
    "duty.deputies.mistake-": {
        *("unreadable", "no-column", "too-many", "twice", "delegation", "gender", "username"),
        *("name", "long", "taken", "certificate", "beyond", "changed"),
    },
    "duty.deputies.wrong-": {*refusals("deputies", "platforms/duty"), "day"},
    "duty.records.column-": {"day", "kind", "title", "verifier", "note", "objection"},
    "duty.records.report-": {"facts", "contested"},
    "documents.checks.column-": {*CHECK_COLUMNS},
    "documents.checks.change-": set(CHANGES_OF_HITS),
    "documents.checks.field-": of_check_forms(),
    "documents.checks.hint-": {"phrases", "unless", "share", "name"},
    "documents.checks.list-": {"words", "exclusions"},
    "documents.checks.turned-": {"on", "off"},
    "documents.checks.within-": set(WITHIN),
    "documents.checks.wrong-": {
        *get_args(WrongKeyOfCheck),
        *get_args(FaultKeyOfPhrase),
        *given("platforms/documents/checks", "NotAccepted", 1),
        "shape",
    },
    "documents.hits.judged-": {of for of in VERDICTS_OF_HITS if of != "open"},
    "documents.hits.wrong-": {*given("platforms/documents/rulebook", "NotAccepted", 1)},
    "documents.laws.column-": {*LAW_COLUMNS, "versions"},
    "documents.laws.kind-": set(LAW_KINDS),
    "documents.laws.mark-": set(MARKS_OF_LAWS),
    "documents.laws.repealed-": {"on", "by"},
    "documents.laws.standing-": set(STANDINGS_OF_LAWS),
    "documents.laws.wrong-": {*given("platforms/documents/laws", "NotAccepted", 1), "day"},
    "documents.proposals.column-": set(PROPOSAL_COLUMNS),
    "documents.proposals.counted-": set(COUNTED_OF_PROPOSALS),
    "documents.proposals.did-": set(PROPOSAL.by_name),
    "documents.proposals.public-": {
        *(of.name for of in PROPOSAL.states),
        *("title", "page", "organ", "ground", "result"),
    },
    "documents.proposals.show-": set(SHOWS_OF_PROPOSALS),
    "documents.proposals.term-": {*TERMS_OF_PROPOSALS.values(), "until"},
    "documents.proposals.wrong-": {
        *("name", "contact", "organisation", "website", "document", "text", "body"),
    },
    "documents.opinion-paper.column-": {
        *("test", "article", "words", "norm", "checked", "why"),
    },
    "documents.reviews.checked-": set(CHECKED),
    "documents.reviews.column-": set(REVIEW_COLUMNS_OF_DOCUMENTS),
    "documents.reviews.now-": {of.name for of in REVIEW_OF_DOCUMENT.states},
    "documents.reviews.outcome-": set(OUTCOMES),
    "documents.reviews.stage-": set(STAGES_OF_REVIEWS),
    "documents.reviews.wrong-": {
        *given("platforms/documents/reviews/actions", "NotAccepted", 1),
    }
    - {"unknown", "no-points", "future"},
    "documents.texts.column-": {*TEXT_COLUMNS},
    "documents.texts.found-": {"text"},
    "documents.texts.kind-": set(KINDS_OF_TEXTS),
    "documents.texts.validity-": set(VALIDITIES),
    "documents.texts.role-": set(get_args(Role)) - {"own"},
    "documents.texts.change-": {of.replace(" ", "-") for of in get_args(ChangeOfArticle)}
    - {"same"},
    "documents.texts.wrong-": {*given("platforms/documents/texts", "NotAccepted", 1), "day"},
    "duty.list.column-": set(SUGGESTION_COLUMNS),
    "duty.list.show-": set(SHOWS_OF_SUGGESTIONS),
    "duty.signing.news-": {"asked", "signed", "declined", "again"},
    "duty.signing.state-": {*get_args(SignatureState), "stale"},
    "duty.signing.todo-": {"sign", "again"},
    "duty.figure.": set(FIGURE.keys()),
    "duty.suggestion.": set(SUGGESTION.keys()),
    "duty.suggestions.basis-": set(GROUNDS),
    "duty.suggestions.fact-": set(FACTS),
    "duty.suggestions.stands-": {of.name for of in SUGGESTION.states},
    "duty.publication.mark-": {*MARK_KINDS, "kept"},
    "duty.publication.show-": set(SHOWN_RELEASES),
    "duty.motions.stands-": {of.name for of in MOTION.states},
    "duty.opinions.column-": set(OPINION_COLUMNS),
    "duty.opinions.public-": {of.name for of in OPINION.states},
    "duty.opinions.show-": set(SHOWS_OF_OPINIONS),
    "duty.opinions.wrong-": {"name", "phone", "website", "deputy", "title"},
    "duty.statistics.by-": set(GROUPS_OF_STATISTICS),
    "duty.statistics.measure-": set(MEASURES),
    "duty.statistics.rate-": {*RATES, *(f"{name}-means" for name in RATES)},
    "duty.weekday-": set(map(str, range(1, 8))),
    "duty.turn-": set(get_args(Turn)),
    "duty.source-": {"hand", "substitute", "swap"},
    "duty.done-": set(get_args(DoneOfDuty)) - {""},
    "duty.wrong-": {*refusals("duty"), *get_args(WrongDuty), "first"},
    "duty.contact.": {"other-yes", "other-no"},
    "duty.contact.way-": set(WAYS_OF_CONTACT),
    "duty.contact.standing-": {"claimed", "confirmed", "denied"},
    "duty.contact.wrong-": refusals("handling", "platforms/duty"),
    "duty.contribution.means-": set(PARTS_OF_UNITS),
    "duty.rating.": {"attitude", "outcome", "hidden", "awaited", "silent", "change", "rate"},
    "duty.rating.grade-": set(GRADES),
    "duty.rating.wrong-": refusals("ratings", "platforms/duty"),
    "duty.promise.show-": set(SHOWS_OF_PROMISES),
    "cases.rectify.wrong-": WRONG_EVIDENCE,
    "duty.promise.wrong-": WRONG_EVIDENCE | refusals("promises", "platforms/duty"),
    "duty.supervision.show-": set(SHOWS_OF_SUPERVISION),
    "duty.succession.wrong-": refusals("succession", "platforms/duty"),
    "duty.assign.": {"co", "co-means", "separate", "separate-means"},
    "duty.assign.wrong-": refusals("assignment", "platforms/duty"),
    "duty.message.": {"contact", "confirmed", "denied"},
    "procedures.need-": {
        *("missing", "long", "sign", "choice", "day", "happened", "instant", "unit", "account"),
        *("file", "money", "unknown", "unit-former", "unit-succeeded"),
    },
    "procedures.stands-": {"final", "others", "over", "why"},
    "reckoning.": {code for code in Code if code is not Code.BETTER_BEFORE},
    "reckoning.each-": set(get_args(Period)),
    "reckoning.kind-": {"weekend", "make-up"},
    "reckoning.mark-": set(get_args(Mark)),
    "reckoning.unit-": set(get_args(Unit)) - {"calendar"},
    "imports.state-": set(LOAD_STATES),
    "imports.count-": {"rows", "refused", "fresh", "changed", "same", "twice"},
    "imports.origin-": set(UNIT_ORIGINS),
    "imports.order-": {"year", "day", "month"},
    "imports.problem-": {"ended", "broke"},
    "imports.doubt-": set(DOUBTS),
    "imports.doubts-": set(DOUBTS),
    "imports.fault-": set(FAULT_KEYS),
    "imports.remedy-": set(FAULT_KEYS),
    "imports.left-out-": {of.value for of in RowKind} - {"data", "empty"},
    "imports.fault-column-": set(FAULT_COLUMNS),
    "sources.period-": set(PERIODS),
    "sources.term-": set(DUE_UNITS),
    "sources.way-": set(WAYS),
    "sources.done-": {"asked"},
    "sources.outcome-": set(get_args(OutcomeOfAttempt)),
    "sources.unreached-": given("imports/sources/ways", "Unreached", 0),
    "sources.wrong-": {
        *given("imports/sources", "_refused", 3),
        *refusals("sources", "imports"),
    },
    "imports.wrong-": {*refusals("imports", ""), "kind", "source", "empty"},
    "ballots.wrong-": set(WRONG_ANSWERS),
    "ballots.fault-": {*FORM_FAULTS, *POLL_FAULTS},
    "duty.survey.kind-": {*KINDS_OF_SURVEYS, *QUESTION_KINDS},
    "duty.survey.todo-": {*KINDS_OF_SURVEYS, "close"},
    "duty.survey.rating-": set(RATINGS),
    "duty.survey.column-": {"name", "at", "group", "question", "answer", "count", "share"},
    "duty.survey.wrong-": {
        *given("platforms/duty/surveys", "_refused", 3),
        *("no-units", "some", "many-tries", "form"),
    },
    "reviews.": {*FLAGS, CORRECT},
    "reviews.done-": set(DONE),
    "reviews.wrong-": refusals("reviews"),
    "reviews.column-": set(REVIEW_COLUMNS),
    "events.column-": set(EVENT_COLUMNS),
    "stations.column-": set(STATION_COLUMNS),
    "duty.column-": set(DUTY_COLUMNS),
    "refusals.column-": set(REFUSAL_COLUMNS),
    "list.export-": set(get_args(TableForm)),
    "reports.form-": set(FORMS_OF_REPORTS),
    "reports.tag-": {"title", "subtitle", "issuer", "foot"},
    "reports.unfit-": set(REMEDIES),
    "reports.remedy-": set(REMEDIES),
    "period.": set(SPANS)
    | {"met", "missed", "problems", "advice", "mean"}
    | {f"percentile-{of}" for of in PERCENTILES.values()},
    "period.number-": set(map(str, range(1, 13))),
    "period.title-": {"water", "air", "year"},
    "period.share-": {"same", "rose", "fell"},
    "period.goal-": {"water", "air"},
    "period.alerts-": {"water", "air", "left"},
    "period.data-": {"water", "air", "mean"},
    "period.figure-": set(YEAR_PAPER.figures),
    "period.column-": {of.name for table in YEAR_PAPER.tables.values() for of in table.columns}
    | {"firing", "resolved"},
    "month-report.figure-": set(MONTH.figures),
    "month-report.table-": set(MONTH.tables),
    "month-report.column-": {
        *(of.name for table in MONTH.tables.values() for of in table.columns),
        *("rules", "stations", "rivers", "event-kinds", "event-levels"),
    },
    "month-report.": {"one-day", "some-days"}
    | {
        f"{month}-{change}"
        for month in ("before", "year-before")
        for change in ("more", "fewer", "same", "unknown")
    },
    **{
        f"{kind.words}.": {"name", *kind.parameters.__struct_fields__} for kind in KINDS_OF_REPORTS
    },
    "": {kind.words for kind in KINDS_OF_DRAFTS},
    **{f"{kind.words}.wrong-": {"future", "unreadable"} for kind in KINDS_OF_REPORTS},
    **{
        f"period.{of}-kind.wrong-": {"future", "early", "unreadable"}
        for of in ("water", "air", "year")
    },
    **FAMILIES_OF_FILINGS,
    "cases.story.kind.wrong-": {"again", "none", "unreadable"},
    "cases.sharing.wrong-": {f"package-{of}" for of in get_args(WrongPackage)}
    | {"package-canonical", "package-item", "package-report"}
    | {"text", "level", "known", "receiver", "internal", "template", "key"}
    | {"receipt", "receipt-id", "receipt-hash", "receipt-day"}
    | {"result", "result-id", "result-hash", "result-day", "result-decisions", "result-older"},
    "budget.drafts.kind.wrong-": {"being-made", "future", "no-draft", "unreadable"},
    "budget.special.kind.wrong-": {"being-made", "future", "unknown", "unreadable", "years"},
    "budget.execution.kind.wrong-": {"being-made", "future", "unreadable"},
    "budget.rectification.kind.wrong-": {"none", "unreadable"},
    "documents.opinion-paper.kind.wrong-": {"unknown", "no-points", "unreadable"},
}
"""Keys whose last part is made at run time, and all that it may be."""


def sources() -> Iterator[str]:
    """Every file that may ask for a word."""
    for pattern in (
        "api/**/*.html",
        "api/**/*.py",
        "alerting/**/*.py",
        "budget/**/*.py",
        "config/catalogue/words.py",
    ):
        for file in ROOT.glob(pattern):
            yield file.read_text(encoding="utf-8")


def used() -> set[str]:
    """Keys that stand in templates and code, and those of every family."""
    found = {prefix + end for prefix, ends in FAMILIES.items() for end in ends}
    for text in sources():
        found.update(key for key in _CALL.findall(text) if "{" not in key and "." in key)
        for pattern in (_CHOICE, _ENTRY, _FIGURE, _LOOKED_UP):
            for groups in pattern.findall(text):
                found.update(filter(None, [groups] if isinstance(groups, str) else groups))
    return {key for key in found if not key.endswith((".", "-"))}


def _texts(words: Words) -> Iterator[tuple[str, str]]:
    """Of a language, without the names of data; the forms of a plural are one key."""
    for key, text in words.texts.items():
        if not key.startswith(NAMES):
            yield _FORM.sub(r"\1", key), text


def keys(words: Words) -> set[str]:
    """Those of a language."""
    return {key for key, _ in _texts(words)}


def gaps(text: str) -> set[str]:
    """The names of the values that a text takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("words", LOADED.values(), ids=LOADED)
def test_every_key_that_is_used_has_a_text(words: Words) -> None:
    """No page stops at a missing word."""
    assert used() - keys(words) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_files(language: str) -> None:
    """One would hide the other."""
    folder = Path(config.__file__).parent / "data" / "words"
    files = [(path, "") for path in folder.glob(f"{language}*.toml")]
    for slug, of in words_of(ROSTER).items():
        files += [(path, f"{slug}.") for path in of.glob(f"{language}*.toml")]
    keys = Counter(key for path, slug in files for key, _ in _flat(read_toml(path, ""), slug))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("words", LOADED.values(), ids=LOADED)
def test_every_text_is_used(words: Words) -> None:
    """A text that nobody shows is cut."""
    assert keys(words) - used() == set()


@pytest.mark.parametrize("words", LOADED.values(), ids=LOADED)
def test_every_plural_has_both_forms(words: Words) -> None:
    """One and other."""
    forms = {key for key in words.texts if _FORM.search(key)}
    assert {key[: key.rindex(".")] + end for key in forms for end in (".one", ".other")} == forms


def test_a_text_takes_the_same_values_in_every_language() -> None:
    """Placeholders have names, so that a translator may move them."""
    chinese, english = (
        {(key, *sorted(gaps(text))) for key, text in _texts(words)} for words in LOADED.values()
    )
    assert chinese == english
    assert not [row for row in chinese if "" in row]


def test_only_what_joins_sentences_may_be_empty() -> None:
    """A text left blank would be a gap on a page."""
    blank = {key for words in LOADED.values() for key, text in words.texts.items() if not text}
    assert blank <= {"list.sentence", "alert.it"}


def test_a_key_that_is_made_at_run_time_has_a_family() -> None:
    """Nobody else would notice that one of them has no text."""
    made = {either or other for text in sources() for either, other in _MADE.findall(text)}
    assert made - FAMILIES.keys() == set()


def test_an_unknown_key_is_a_fault_of_ours() -> None:
    """It raises instead of showing the key to a person."""
    with pytest.raises(KeyError):
        LOADED["en"]("no.such-key")
