"""Which suggestions count for what. Pure.

A rate never stands alone: its denominator stands beside it, and both open the rows that they
count. Units stand in the official order, and nothing sorts by a rate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from msgspec import Meta, Struct
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.duty.suggestions.records import SESSIONS, TOPICS
from api.procedures.procedure import Row
from api.web.forms import MOST_ID

Measure = Literal[
    "assigned",
    "answered",
    "class_a",
    "class_b",
    "class_c",
    "class_d",
    "confirmed",
    "rated",
    "satisfied",
    "fairly",
    "dissatisfied",
    "silent",
    "promised",
    "claimed",
    "kept",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)
OF_PROMISES: tuple[Measure, ...] = ("promised", "claimed", "kept")
"""Count promises; the others count suggestions."""
By = Literal["unit", "year", "session", "topic"]
GROUPS: tuple[By, ...] = get_args(By)
RateName = Literal["answered", "satisfied", "solved", "fulfilled"]
RATES: Mapping[RateName, tuple[Measure, Measure]] = {
    "answered": ("answered", "assigned"),
    "satisfied": ("satisfied", "rated"),
    "solved": ("class_a", "answered"),
    "fulfilled": ("kept", "promised"),
}
"""答复率 满意率 办成率 落实率: what is counted, and of how many. Who did not rate is in neither
part of 满意率; 办成率 is a claim of the unit, beside which stands how many the deputy confirmed.
"""
HANDLED = (
    *("assigned", "handling", "returning", "disputed", "answered", "again", "conferring"),
    "closed",
)
"""States in which a suggestion is in the hands of a unit, or was."""
WINDOW_OVER = ("again", "conferring", "closed")
"""States in which nobody rates the last reply any more: before, its ratings count for nothing,
for the unit must not learn of them.
"""
A_PAGE = 50
Counts = Mapping[Measure, int]


class Asked(BaseModel):
    """A choice of suggestions; empty: all. Nothing else can be asked for, and no order."""

    model_config = ConfigDict(extra="forbid")
    by: By = "unit"
    year: Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")] = ""
    session: Literal["", "session", "between"] = ""
    topic: Annotated[str, StringConstraints(max_length=20)] = ""
    unit: Annotated[str, StringConstraints(max_length=40)] = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"by"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address."""
        given = self.model_dump(exclude={"before"}, exclude_defaults=True)
        return urlencode({name: of for name, of in (given | changes).items() if of})


class AskedRows(Asked):
    """The rows that a measure counts; ``before`` is the id of the last one that was seen."""

    measure: Measure = "assigned"
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0


class Year(Struct, frozen=True):
    """A year of the calendar, in which suggestions were submitted."""

    year: Annotated[str, Meta(pattern=r"^(19|20|21)\d\d$")]


@dataclass(frozen=True, slots=True)
class Group:
    """Everything counted of a unit, a year, a session or a topic; ``key`` is its id."""

    key: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Line:
    """A row behind a figure: a suggestion, or a promise with its ``measure``."""

    id: int
    suggestion: int
    number: str
    title: str
    unit: str
    state: str
    promise: bool


def counts_of(row: Row, outcome: str, promises: Collection[str]) -> Counts:
    """Everything that a suggestion counts for.

    Args:
        row: of the suggestion.
        outcome: how the lead deputy rated the outcome of the last reply; empty: not at all.
        promises: the state of each promise.
    """
    answered = row["round"] > 0
    over = answered and row["state"] in WINDOW_OVER
    rated = outcome if over else ""
    result = row["result"] if answered else ""
    solved = result == "A" and rated in ("satisfied", "fairly")
    found: dict[Measure, int] = {
        "assigned": 1,
        "answered": int(answered),
        "class_a": int(result == "A"),
        "class_b": int(result == "B"),
        "class_c": int(result == "C"),
        "class_d": int(result == "D"),
        "confirmed": int(solved),
        "rated": int(bool(rated)),
        "satisfied": int(rated == "satisfied"),
        "fairly": int(rated == "fairly"),
        "dissatisfied": int(rated == "dissatisfied"),
        "silent": int(over and not rated),
        "promised": len(promises),
        "claimed": sum(of in ("reported", "kept") for of in promises),
        "kept": sum(of == "kept" for of in promises),
    }
    return found


def total(groups: Collection[Group]) -> Counts:
    """The sum over all groups."""
    return {name: sum(of.counts[name] for of in groups) for name in MEASURES}


def share(counts: Counts, name: RateName) -> float | None:
    """A rate as a share of 1; None where there is nothing to count."""
    above, below = RATES[name]
    return counts[above] / counts[below] if counts[below] else None


def ordered(by: By, groups: Sequence[Group], units: Sequence[str]) -> Sequence[Group]:
    """In the official order of units, in the order of the calendar, or in that of the words."""
    known = {"unit": tuple(units), "session": SESSIONS, "topic": TOPICS, "year": ()}[by]
    places = {key: n for n, key in enumerate(known)}
    return sorted(groups, key=lambda of: (places.get(of.key, len(places)), of.key))
