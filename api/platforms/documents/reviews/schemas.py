"""Reviews over the API. Days are ISO text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.deadlines.records import Deadline
from api.platforms.documents.reviews.records import (
    LONGEST_LABEL,
    LONGEST_LAW,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_WORDS,
    MOST_TEXTS,
    OVER,
    Found,
    Held,
    Raised,
    Shown,
    Unreviewed,
)
from api.procedures.procedure import Row
from api.web.forms import MOST_ID

Id = Annotated[int, Field(ge=1, le=MOST_ID)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Long = Annotated[str, Field(max_length=LONGEST_REASON)]


class Opening(BaseModel):
    """A review of one text as it is opened; without ``opened`` it is today."""

    model_config = ConfigDict(extra="forbid")
    text: Id
    mode: Name
    reason: Long
    asked_by: Name = ""
    opened: Annotated[str, Field(max_length=10)] = ""

    def given(self) -> dict[str, str]:
        """The needs of the first step."""
        return self.model_dump(exclude={"text"})


class OpeningSpecial(BaseModel):
    """A special review of several texts."""

    model_config = ConfigDict(extra="forbid")
    title: Name
    reason: Long
    texts: Annotated[list[Id], Field(max_length=MOST_TEXTS)]


class Made(BaseModel):
    """The number of something that was begun."""

    id: int


class PointGiven(BaseModel):
    """A point: ``words`` stand in the article ``label``, or, where that is empty, in the text."""

    model_config = ConfigDict(extra="forbid")
    test: Name
    label: Annotated[str, Field(max_length=LONGEST_LABEL)] = ""
    words: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    law: Annotated[str, Field(max_length=LONGEST_LAW)] = ""
    law_article: Annotated[str, Field(max_length=LONGEST_PLACE)] = ""
    why: Long = ""
    check: Name = ""

    def raised(self) -> Raised:
        """As a point."""
        given = {name: of.strip() for name, of in self.model_dump().items()}
        return Raised(**given)


class ConsultationGiven(BaseModel):
    """A committee that is asked for its opinion; ``day`` is that of the hand-out."""

    model_config = ConfigDict(extra="forbid")
    unit: Name
    question: Long = ""
    day: Annotated[str, Field(max_length=10)]


class ReviewLine(BaseModel):
    """A review of the list. ``over`` is false of one that is suspended; ``due`` the last day of
    its open term that is due first.
    """

    id: int
    title: str
    text: int
    text_version: int
    maker: str
    mode: str
    state: str
    over: bool
    opened: str
    promised: str | None
    due: str | None


class ReviewList(BaseModel):
    """A page of reviews, the newest first; ``count`` is how many there are."""

    count: int
    reviews: list[ReviewLine]


class PointState(BaseModel):
    """A point; ``checked`` says how far the higher norm was found in the table of laws."""

    id: int
    state: str
    test: str
    label: str | None
    words: str
    law: str
    law_article: str | None
    checked: str
    why: str
    outcome: str | None
    addressee: str | None


class PointLine(PointState):
    """A point of the list, with its review."""

    review: int


class PointList(BaseModel):
    """A page of points, the newest first; ``count`` is how many there are."""

    count: int
    points: list[PointLine]


class HeldState(BaseModel):
    """A point beside what became of its article; ``new`` is null where the article is gone."""

    point: int
    old: str
    new_label: str | None
    new: str | None
    stands: bool


class ConsultationState(BaseModel):
    """A committee's opinion."""

    id: int
    state: str
    unit: str
    finding: str | None
    opinion: str | None


class ReviewState(ReviewLine):
    """A review with its points and the opinions of committees that the caller may see."""

    reason: str
    asked_by: str | None
    origin: str | None
    special: int | None
    joined: int | None
    opinion: str | None
    result: str | None
    meeting: str | None
    conclusion: str | None
    feedback: str | None
    points: list[PointState]
    held: list[HeldState]
    consultations: list[ConsultationState]


class UnreviewedState(BaseModel):
    """A registered document of which no review was opened; ``until`` is the last day of a review
    that counts from the registration.
    """

    text: int
    title: str
    maker: str
    register_year: int
    register_number: int
    registered: str
    until: str


class UnreviewedList(BaseModel):
    """Those that wait longest stand first."""

    documents: list[UnreviewedState]


class FoundState(BaseModel):
    """A place where a check asks a question; ``excluded`` why it is no fault, ``hit`` its key."""

    hit: str
    test: str
    label: str
    words: str
    law: str
    law_article: str
    why: str
    check: str
    excluded: str | None


class FoundList(BaseModel):
    """Those that are excused stand last."""

    found: list[FoundState]


def line(row: Row, term: Deadline | None) -> ReviewLine:
    """A review of the list."""
    return ReviewLine(**_line(row, term))


def state(shown: Shown, term: Deadline | None) -> ReviewState:
    """A review as a whole."""
    row = shown.row
    named = ("reason", "asked_by", "origin", "special", "joined", "opinion", "result", "meeting",
             "conclusion", "feedback")  # fmt: skip
    return ReviewState(
        **_line(row, term),
        **{name: row[name] for name in named},
        points=[_of(PointState, of) for of in shown.points],
        held=[_held(of) for of in shown.held],
        consultations=[_of(ConsultationState, of) for of in shown.consultations],
    )


def point_line(row: Row) -> PointLine:
    """A point of the list."""
    one: PointLine = _of(PointLine, row)
    return one


def unreviewed(of: Unreviewed, until: date) -> UnreviewedState:
    """A registered document without a review."""
    year, number = of.registered
    return UnreviewedState(
        text=of.text,
        title=of.title,
        maker=of.maker,
        register_year=year,
        register_number=number,
        registered=of.day.isoformat(),
        until=until.isoformat(),
    )


def found(of: Found) -> FoundState:
    """A place that a check found."""
    raised = of.raised
    return FoundState(
        hit=of.hit,
        test=raised.test,
        label=raised.label,
        words=raised.words,
        law=raised.law,
        law_article=raised.law_article,
        why=raised.why,
        check=raised.check,
        excluded=of.excluded,
    )


def _line(row: Row, term: Deadline | None) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "text": row["text"],
        "text_version": row["text_version"],
        "maker": row["unit"],
        "mode": row["mode"],
        "state": row["state"],
        "over": row["state"] in OVER,
        "opened": row["opened_day"].isoformat(),
        "promised": row["promised_day"].isoformat() if row["promised_day"] else None,
        "due": term.reckoned.due.isoformat() if term else None,
    }


def _of(kind: type[Any], row: Row) -> Any:
    return kind(**{name: row[name] for name in kind.model_fields})


def _held(of: Held) -> HeldState:
    return HeldState(
        point=of.point["id"], old=of.old, new_label=of.new_label, new=of.new, stands=of.stands
    )
