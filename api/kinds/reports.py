"""Kinds of papers that platforms hand out, and what a paper is made of; api/reports makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec import Struct

from alerting.events.event import Grouping
from alerting.wording.sentences import Wording
from api.accounts.permission import Permission
from api.accounts.records import Account
from api.web.workbooks import ValueKind
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.working_days import WorkingDays
from ingest.state.database import State
from ingest.store.protocol import Store

P = TypeVar("P", bound=msgspec.Struct)
Value = str | int | float | None
"""None: not known, or nothing to be counted; never 0."""


class Means(Protocol):
    """Parts that figures are made with: those of pages and of jobs alike."""

    @property
    def state(self) -> State:
        """The state database."""
        ...

    @property
    def store(self) -> Store:
        """Readings, as corrected."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The district, with names in the language of ``words``."""
        ...

    @property
    def words(self) -> Words:
        """Of the site's language, in which papers are written."""
        ...

    @property
    def wording(self) -> Wording:
        """Alerts in plain words."""
        ...

    @property
    def grouping(self) -> Grouping:
        """Kinds of alert events."""
        ...

    @property
    def working_days(self) -> WorkingDays:
        """Of the site."""
        ...

    @property
    def district(self) -> Path:
        """The folder of the district's catalogue."""
        ...

    @property
    def now_ms(self) -> Callable[[], int]:
        """The clock: for whether a span has ended, never for a figure."""
        ...


class Cell(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A value of a table; ``path`` is the page of the rows that it counts."""

    value: Value
    path: str = ""


class Column(Struct, frozen=True, omit_defaults=True):
    """A column; ``name`` is what a template calls it. Numbers have so many ``decimals``."""

    name: str
    label: str
    kind: ValueKind = "text"
    decimals: int = 0


class Figure(Struct, frozen=True, omit_defaults=True):
    """A single number; ``path`` is the page of the rows that it counts."""

    name: str
    label: str
    value: Value
    kind: ValueKind = "count"
    unit: str = ""
    path: str = ""


class Table(Struct, frozen=True, omit_defaults=True):
    """Rows below columns; ``note`` says what is left out, or how something was counted."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Section(Struct, frozen=True, omit_defaults=True):
    """A part below a heading: sentences, then figures, then tables."""

    name: str
    title: str
    text: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


class Paper(Struct, frozen=True, omit_defaults=True):
    """Everything that a paper says, in the site's language and without a "today": the same data
    give the same paper. Names of figures and tables are unique in it.
    """

    title: str
    subtitle: str
    issuer: str
    sections: tuple[Section, ...]

    @property
    def figures(self) -> Mapping[str, Figure]:
        """By name."""
        return {of.name: of for section in self.sections for of in section.figures}

    @property
    def tables(self) -> Mapping[str, Table]:
        """By name."""
        return {of.name: of for section in self.sections for of in section.tables}


def nothing_drafted(_paper: Paper) -> Mapping[str, str]:
    """Of a kind whose words nobody changes."""
    return {}


def everybody(_means: Means, _account: Account, _parameters: Any, _paper: Paper) -> bool:
    """Of a kind whose papers are for whoever sees as far as their maker did."""
    return True


def at_once(_parameters: Any) -> bool:
    """Of a kind that is reckoned while somebody waits."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind(Generic[P]):
    """Declares a paper.

    ``parameters`` is the shape of what is chosen for one, with ``inputs`` the kind of input of a
    field that is no plain text; those with a default may be left empty. ``suggested`` is what a
    form begins with, of what somebody sees; ``drafted`` gives fields that begin with words of a
    paper that was made, for people to change. ``freeze`` gives the figures that the account may
    see by ``permission``; it raises :class:`NotAccepted` for parameters of which there is no
    paper. ``template`` is the Word file that comes with the product, which an office may exchange.
    Below ``words`` lie the name of the kind, ``{words}.{field}`` for each field, and
    ``{words}.wrong-{key}`` for what is not accepted.
    """

    name: str
    words: str
    permission: Permission
    parameters: type[P]
    suggested: Callable[[Means, Account], P]
    freeze: Callable[[Means, Account, P], Paper]
    template: Path
    inputs: Mapping[str, str] = field(default_factory=dict)
    drafted: Callable[[Paper], Mapping[str, str]] = nothing_drafted
    empty: Callable[[Means], Paper] | None = None
    """A paper without figures, on which a template is tried where none is made as suggested."""
    opens: Callable[[Means, Account, P, Paper], bool] = everybody
    """Whether one who sees as far as its maker may read a paper: of a kind that shows things for
    which other permissions are asked as well.
    """
    slow: Callable[[P], bool] = at_once
    """Whether it is reckoned for so long that its page compares it with today's data only where
    somebody asks.
    """
