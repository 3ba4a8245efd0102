"""A review, its points, and what the list is asked. Pure; days are dates of the district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from api.platforms.documents.filings.records.facts import Reason
from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused
from api.web.declared import Declared
from api.web.forms import MOST_ID
from config.catalogue.words import Words

KIND, POINT_KIND, CONSULTATION_KIND = "review", "point", "consultation"
"""Of items and procedures."""
Mode = Literal["own", "request", "suggestion", "special", "transferred", "joint"]
"""主动审查; 依申请审查 by 审查要求 or 审查建议; 专项审查; 移送审查; 联合审查: 立法法 110, 111 and
115.
"""
MODES: tuple[Mode, ...] = get_args(Mode)
BY_HAND: tuple[Mode, ...] = ("own", "request", "suggestion", "transferred", "joint")
"""Modes of a review of one text; a special one begins with several."""
OWN_MOTION: tuple[Mode, ...] = ("own", "special")
"""Nobody asked for it, and nobody is told what came of it."""
RESULTS = ("annul", "unlawful", "reject")
"""Decisions of the standing committee that end a proposal: 撤销, 确认不合法, 不予通过."""
PROPOSED = ("correct", "annul")
FINDINGS = ("problem", "none")
CHECKED = ("article", "law", "repealed", "none")
"""How far a higher norm was found: its article stands in a text that was read; the law is in the
table of laws, whose text nobody read; the law had ended when the review was opened; neither.
"""
BEFORE_OPINION = ("reviewing", "talking", "asked")
DECIDED = ("cleared", "ended", "decided")
"""States in which whoever asked is to hear what came of it."""
OVER = ("cleared", "ended", "decided", "fed-back", "archived")
"""States behind which nobody is waited for to correct anything. Suspended 中止 is none of them."""
Stage = Literal["", "running", "maker", "suspended", "late", "meeting", "over", "archived"]
STAGES: Mapping[Stage, tuple[str, ...]] = {
    "running": BEFORE_OPINION,
    "maker": ("opined", "refused", "checking", "ordered"),
    "suspended": ("suspended",),
    "late": ("lapsed",),
    "meeting": ("proposed", "submitted"),
    "over": ("cleared", "ended", "decided", "fed-back"),
    "archived": ("archived",),
}
"""States by what people choose in the list; each state stands in one."""
A_PAGE = 50
MOST_UNREVIEWED = 500
MOST_TEXTS = 50
"""Of one special review: they are opened in one transaction."""
MOST_POINTS = 100
LONGEST_REASON, LONGEST_LETTER, LONGEST_WORDS = 2000, 6000, 1000
LONGEST_NAME, LONGEST_LABEL, LONGEST_LAW, LONGEST_PLACE = 100, 100, 200, 100
CORRECT_DAYS_MOST = 366
"""A maker promises a day within a year: what is put off longer is not corrected."""
Word = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class Asked(BaseModel):
    """A question for the list: ``q`` a part of a title, ``maker`` the id of a unit, ``text`` and
    ``special`` ids, ``year`` that of the opening; 0: all.
    """

    q: Word = ""
    maker: Word = ""
    mode: Literal["", Mode] = ""
    stage: Stage = ""
    text: Annotated[int, Field(ge=0, le=MOST_ID)] = 0
    special: Annotated[int, Field(ge=0, le=MOST_ID)] = 0
    year: Annotated[int, Field(ge=0, le=2999)] = 0
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


Outcome = Literal["", "open", "corrected", "settled", "dropped", "passed-up"]
"""How a point stands; settled: by the decision on its review, or by the end of the text."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)[1:]
Test = Literal["constitution", "policy", "legality", "fitness"]
"""合宪性, 政治性, 合法性, 适当性."""
TESTS: tuple[Test, ...] = get_args(Test)


class AskedPoints(BaseModel):
    """A question for the list of points; ``year`` is that in which their reviews were opened."""

    test: Literal["", Test] = ""
    outcome: Outcome = ""
    year: Annotated[int, Field(ge=0, le=2999)] = 0
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A registered document of which no review was opened yet; days are dates."""

    text: int
    title: str
    maker: str
    registered: tuple[int, int]
    """Year and number of the register."""
    day: date


@dataclass(frozen=True, slots=True)
class Special:
    """A special review 专项审查: its topic, and why."""

    id: int
    title: str
    reason: str
    opened: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A point as somebody writes it: a test, the ``words`` of the text and the ``label`` of their
    article (empty: of the text as a whole), the higher norm, and what is wrong. ``check`` is the
    id of the check that found it, or empty.
    """

    test: str
    label: str
    words: str
    law: str
    law_article: str
    why: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a check asks a question, as a point may begin; ``hit`` is the key of it."""

    hit: str
    raised: Raised
    excluded: str | None
    """The reason for which it is no fault, as far as a program sees."""


@dataclass(frozen=True, slots=True)
class Held:
    """A point beside what became of its article in the version that is joined. ``new`` and
    ``new_label`` are None where the article is gone; ``stands``: the very words stand there still.
    """

    point: Row
    old: str
    new_label: str | None
    new: str | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """Filings of a year: first sent in it, of these after their term; registered in it; returns
    by reason; documents that were found not to be filed, by what became of them, empty for all.
    """

    sent: int
    late: int
    registered: int
    returned: Mapping[Reason, int]
    unfiled: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of a yearly report: texts that were recorded, filings, reviews by mode and stage,
    points by test and outcome.
    """

    texts: int
    filed: Filed
    reviews: Mapping[tuple[str, str], int]
    points: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A review with all that belongs to it."""

    row: Row
    points: Sequence[Row]
    consultations: Sequence[Row]
    held: Sequence[Held]
    special: Special | None
    newest: int
    """The newest version of the text on record."""


class UnknownText(Declared):
    """There is no such text."""

    status = 404
    words = "documents.reviews.unknown-text"


class UnderReview(Declared):
    """The text is being reviewed already; ``more`` says in which review."""

    status = 409
    words = "documents.reviews.under-review"


class DayOver(StepRefused):
    """A day to come is asked for, and one that is over, or too far off, was given."""

    status = 422
    words = "documents.reviews.day-over"

    def __init__(self, field: str) -> None:
        faults = [{"field": field, "fault": "is no day of the year to come"}]
        super().__init__(f"{field}: give a day after today, within a year", faults=faults)
        self.field = field

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At the field."""
        return {self.field: words(self.words)}
