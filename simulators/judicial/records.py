"""Sheets that bodies send each month, hearings, trials and letters; no party is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class Row:
    """Pending before, come in, closed and pending now; ``parts`` are those of closed."""

    kind: str
    old: int
    new: int
    closed: int
    pending: int
    parts: tuple[int, ...] = ()

    @property
    def figures(self) -> tuple[int, ...]:
        """All of them, in the order of the headers."""
        return (self.old, self.new, self.closed, self.pending, *self.parts)


@dataclass(slots=True)
class Sheet:
    """Of a body and a month; ``total`` is as written, ``remark`` stands below the table."""

    body: str
    month: date
    sent_on: date
    rows: list[Row]
    total: tuple[int, ...]
    remark: str = ""
    revised: bool = False
    missing: bool = False

    @property
    def file(self) -> str:
        """Its name without an ending."""
        return f"{self.body}/{self.month:%Y-%m}{'-修订' if self.revised else ''}"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing of the procuratorate; ``deputies`` are among the ``hearers``."""

    number: str
    held_on: date
    notified_on: date
    kind: str
    public: bool
    hearers: int
    deputies: int
    result: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial that deputies attended."""

    number: str
    held_on: date
    kind: str
    division: str
    invited: int
    attended: int
    comments: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to the congress, of a made-up person."""

    number: str
    received_on: date
    sender: str
    town: str
    phone: str
    topic: str
    content: str
    passed_to: str
    passed_on: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Label:
    """``key`` is a row's kind, or the number of a hearing or letter; empty for a whole sheet."""

    file: str
    kind: str
    key: str
    note: str
    innocent: bool


@dataclass(frozen=True, slots=True)
class Judicial:
    """Three years of a seed."""

    sheets: tuple[Sheet, ...]
    hearings: tuple[Hearing, ...]
    trials: tuple[Trial, ...]
    letters: tuple[Letter, ...]
    labels: tuple[Label, ...]
