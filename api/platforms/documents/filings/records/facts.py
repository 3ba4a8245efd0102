"""Facts of a filing, its papers, what is asked of the register, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from msgspec import Struct
from pydantic import BaseModel, Field

from api.accounts.records import Reach
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.records import Facts, Kind, Word
from api.web.declared import Declared
from api.web.forms import MOST_ID

KIND, HANDOUT = "filing", "handout"
"""Of the items."""
DAYS = ("passed", "published", "in_force", "valid_until")
FACTS = ("title", "number", *DAYS)
Reason = Literal[
    "papers", "text", "title", "number", "dates", "not-normative", "not-here", "duplicate",
    "other",
]  # fmt: skip
"""Why a filing is returned. No law has codes: ours, in the words of the comparators' clauses."""
REASONS: tuple[Reason, ...] = get_args(Reason)
FOR_GOOD: tuple[Reason, ...] = ("not-normative", "not-here", "duplicate")
"""Reasons for which nothing is sent again."""
State = Literal[
    "draft", "sent", "returned", "completing", "registered", "distributed", "dropped"
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
OF_MAKER: tuple[State, ...] = ("draft", "returned", "completing")
"""States in which facts and papers are the maker's to change."""
PRIVATE: tuple[State, ...] = ("draft", "dropped")
REGISTERED: tuple[State, ...] = ("registered", "distributed")
Way = Literal["own", "paper"]
"""Filed by the maker itself, or by the office out of what came on paper."""
A_PAGE = 50
LONGEST_REMARK, LONGEST_BASIS, LONGEST_OPINION = 500, 500, 4000
LONGEST_LINK, LONGEST_OFFICIAL = 500, 100
MOST_PAPERS = 40


class UnknownFiling(Declared):
    """There is no such filing, or it is not for the account."""

    status = 404
    words = "documents.filings.unknown"


class NotOpen(Declared):
    """The filing is not the maker's to change now."""

    status = 409
    words = "documents.filings.not-open"


class NotRegistered(Declared):
    """A step was asked for alone that only the whole action takes."""

    status = 409
    words = "documents.filings.not-alone"


class Asked(BaseModel):
    """A question for the register: ``late`` 1 after its term, 0 within it; ``sent`` the year in
    which it was first filed, ``year`` that of its number; ``q`` a part of title or 文号.
    """

    q: Word = ""
    maker: Word = ""
    kind: Literal["", Kind] = ""
    state: Literal["", State] = ""
    year: Annotated[str, Field(pattern=r"^([12][0-9]{3})?$")] = ""
    sent: Annotated[str, Field(pattern=r"^([12][0-9]{3})?$")] = ""
    late: Literal["", "1", "0"] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


class AskedReturns(BaseModel):
    """Which returns: of a maker, by a reason, of a year."""

    maker: Word = ""
    reason: Literal["", Reason] = ""
    year: Annotated[str, Field(pattern=r"^([12][0-9]{3})?$")] = ""

    def query(self, **changes: str) -> str:
        """As part of an address."""
        return urlencode(self.model_dump(exclude_defaults=True) | changes)


class ReceiptOf(Struct, frozen=True):
    """The filing whose receipt is made, by its id."""

    filing: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """The entry of a filing in the register: ``number`` counts in its ``year``; ``text`` with
    ``text_version`` is what was kept, ``receipt`` the frozen paper.
    """

    filing: int
    year: int
    number: int
    text: int
    text_version: int
    receipt: int
    day: str
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """A filing in the register; ``sent`` is when it was first filed, UTC epoch ms."""

    id: int
    unit: str
    kind: Kind
    title: str
    number: str
    published: date | None
    state: State
    sent_ms: int | None
    late: bool
    registered: tuple[int, int] | None
    registered_day: str
    official: str
    way: Way


@dataclass(frozen=True, slots=True)
class Returned:
    """One return of a filing, which the register counts once."""

    filing: int
    unit: str
    title: str
    reason: Reason
    remark: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Official:
    """The receipt of the province's platform: its number, a https link to it or empty, the day,
    and whether somebody ``typed`` it or it came in a ``package``.
    """

    number: str
    link: str
    day: str
    source: Literal["typed", "package"]
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee to which documents are handed out, and whether it is chosen to begin with."""

    unit: str
    name: str
    chosen: bool


def of_office(reach: Reach) -> bool:
    """Whether somebody reaches filings as the office does, which files for makers on paper alone,
    and not as a maker.
    """
    return not reach.unit and DocumentsPermission.CHECK in reach.permissions


def facts_of(row: Mapping[str, Any]) -> Facts:
    """The row of a filing as facts of the text that is kept."""
    days = {name: row[name].isoformat() if row[name] else None for name in DAYS}
    return Facts(
        maker=row["unit"],
        kind=row["kind"],
        title=row["title"] or "",
        number=row["number"] or "",
        **days,
    )


def counted(found: Sequence[Returned]) -> Mapping[tuple[str, Reason], int]:
    """Returns by maker and reason."""
    numbers: dict[tuple[str, Reason], int] = {}
    for of in found:
        numbers[of.unit, of.reason] = numbers.get((of.unit, of.reason), 0) + 1
    return numbers


def number_of_id(said: str) -> int | None:
    """The number in an address or a form; None where it is none."""
    plain = said.strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 11):
        return None
    return int(plain) if int(plain) <= MOST_ID else None
