"""Kinds of matters as data, and a question to the list of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import msgspec
from pydantic import BaseModel, Field, StringConstraints

from api.procedures.procedure import Row
from config.files import read_toml

KIND = "matter"
"""Of the item; kinds of matters are data."""
KindName = Literal["report", "major", "inspection", "class"]
KIND_NAMES: tuple[KindName, ...] = get_args(KindName)
Hand = Literal["office", "committee", "body"]
Seen = Literal["office", "body", "all"]
Sort = Literal["group", "finding"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Show = Literal["open", "over", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
EVALUATING = "accept"
"""The first of the two steps that evaluate an answer."""
RATINGS = ("satisfied", "basically", "dissatisfied")
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
LONGEST_NAME = 120
"""Characters."""
A_PAGE = 50
CLAUSE = re.compile(r"第[0-9〇零一二三四五六七八九十百千]+条")
COUNT = re.compile(r"[0-9]{1,6}", re.ASCII)
TEXTS = (
    *("requests", "law", "plan", "class_of", "period", "problem", "report", "decided"),
    *("opinions_of", "opinions", "basis", "answer", "evaluated", "further"),
)
"""Columns of what was written, in the order of a matter's way."""


class Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term that begins: by which rule, who owes it, the column with the day from which it is
    reckoned, and in which states it is still to be kept; none: in each.
    """

    rule: str
    who: Hand
    day: str
    within: tuple[str, ...] = msgspec.field(default=(), name="in")


class StateRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state, and who sees a matter in it."""

    name: str
    seen: Seen
    closed: bool = False


class StepRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step. It ``writes`` a line of a sort, or ``wants`` one to be there."""

    name: str
    by: Hand
    sources: tuple[str, ...] = msgspec.field(default=(), name="from")
    to: str = ""
    needs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    happened: str = ""
    starts: tuple[Begun, ...] = ()
    ends: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    tells: tuple[Hand, ...] = ()
    awaited: bool = True
    writes: Sort | None = None
    wants: Sort | None = None


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of matter with the ``way`` of states to its end."""

    id: KindName
    way: tuple[str, ...]
    states: tuple[StateRow, ...] = msgspec.field(default=(), name="state")
    steps: tuple[StepRow, ...] = msgspec.field(default=(), name="step")

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule by which a term of it begins."""
        return tuple(sorted({begun.rule for step in self.steps for begun in step.starts}))

    def running(self, *, unseen: bool) -> tuple[str, ...]:
        """States that lead on: those that the office alone sees, or those that others see too."""
        return tuple(
            of.name for of in self.states if not of.closed and (of.seen == "office") == unseen
        )


class _Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    states: tuple[StateRow, ...] = msgspec.field(name="state")
    steps: tuple[StepRow, ...] = msgspec.field(name="step")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    least_cases: Annotated[int, msgspec.Meta(ge=2)]
    common: _Common
    kinds: tuple[Kind, ...] = msgspec.field(name="kind")


@dataclass(frozen=True, slots=True)
class Line:
    """A group of an inspection with its members, or a finding with the clause it is about."""

    sort: Sort
    label: str
    text: str


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it; ``unit`` is the id of a
    body. Answers stand with the newest first, in no other order.
    """

    kind: Literal["", "report", "major", "inspection", "class"] = ""
    show: Show = "open"
    unit: Annotated[str, StringConstraints(max_length=40)] = ""
    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.unit or self.q)

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and how many there are."""

    rows: Sequence[Row]
    total: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // A_PAGE))


@cache
def _file() -> _File:
    found = read_toml(Path(__file__).parent / "data" / "kinds.toml", "mend the file")
    return msgspec.convert(found, _File)


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds by id, with what every kind has."""
    common = _file().common
    found: dict[str, Kind] = {}
    for of in _file().kinds:
        steps = (*common.steps, *of.steps)
        whole = msgspec.structs.replace(of, states=(*common.states, *of.states), steps=steps)
        found[of.id] = msgspec.structs.replace(whole, steps=(*steps, *_early_ends(whole)))
    return found


def _early_ends(kind: Kind) -> tuple[StepRow, StepRow]:
    """The office drops what nobody else knows of, and nobody hears of that; a committee calls off
    what was put to others.
    """
    drop = StepRow(
        name="drop",
        by="office",
        sources=kind.running(unseen=True),
        to="dropped",
        needs=("why",),
        awaited=False,
    )
    off = StepRow(
        name="call-off",
        by="committee",
        sources=kind.running(unseen=False),
        to="called-off",
        needs=("why",),
        cancels=kind.rules,
        tells=("body", "office"),
        awaited=False,
    )
    return drop, off


def least_cases() -> int:
    """How many cases make a class: supervision is of work, never of one case."""
    return _file().least_cases


def states(seen: Sequence[Seen]) -> Mapping[str, tuple[str, ...]]:
    """The states by kind in which a matter is seen so."""
    return {
        name: tuple(of.name for of in kind.states if of.seen in seen)
        for name, kind in kinds().items()
    }


def over() -> tuple[str, ...]:
    """States from which nothing leads on, the same in every kind."""
    return tuple(of.name for of in _file().common.states if of.closed)
