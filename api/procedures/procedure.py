"""The declaration of a procedure: the states of a thing, and the steps between them, as rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.visibility import Marks
from api.deadlines.records import Responsible
from api.services import Services
from api.web.forms import LONGEST_WHY
from config.vocabulary.time import ZONE

Row = Mapping[str, Any]
"""The thing's own row, by column."""
Given = Mapping[str, str]
"""The values that somebody gave with a step, by need."""
NeedKind = Literal["text", "choice", "row", "date", "instant", "unit", "account", "file", "money"]
WITHDRAW = "withdraw"
"""The name of the event that takes a step back; no step has it."""
_YUAN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_COLUMNS = ("id", "state", "version")
_KINDS = (int, str, bool, float, date)


@dataclass(frozen=True, slots=True)
class State:
    """A state of the thing; from a ``closed`` one no step leads on."""

    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a step asks for. It is written to ``column`` of the thing's row where it names
    one, and kept with the event in any case. A file is the id of an attachment of the thing. An
    instant is given as the district's clock shows it, 2026-12-01T09:00, and lies in its column as
    UTC epoch ms; money is given in yuan, 1234.50, and lies there in whole fen. Of a row the key is
    given: ``offered`` are names by key of those to choose from, ``known`` of all that ever were.
    In the history its value is for the holders of ``reader`` alone; None: whoever sees the thing.
    """

    name: str
    kind: NeedKind = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    longest: int = LONGEST_WHY
    column: str = ""
    offered: Callable[[Services], Mapping[str, str]] | None = None
    known: Callable[[Services], Mapping[str, str]] | None = None
    reader: Permission | None = None


@dataclass(frozen=True, slots=True)
class Starts:
    """A term that begins with a step: the id of its rule, and who must act. ``where`` is asked
    with the row after the step, ``start`` gives the day from which it counts where that is not the
    day of the step. Where it counts ``from_entry``, that is the day on which the step was entered,
    whenever it happened: nobody's time is used up before they could know of it.
    """

    rule: str
    responsible: Callable[[Row], Responsible]
    where: Callable[[Row], bool] = lambda _row: True
    start: Callable[[Row], date | None] = lambda _row: None
    from_entry: bool = False


@dataclass(frozen=True, slots=True)
class Also:
    """Work on the platform's further tables, in the same transaction and after the row: ``do``
    with the step, ``undo`` when it is taken back. Both are given the row before the step.
    """

    do: Callable[[Connection, Row, Given], None]
    undo: Callable[[Connection, Row, Given], None] | None = None


def nothing_against(_connection: Connection, _row: Row, _at_ms: int) -> str:
    """Of a step that asks for nothing beyond state, permission and needs."""
    return ""


def any_text(_given: Given) -> None:
    """Of a procedure whose texts are held against no rule."""


def nothing_carried(
    _services: Services, _connection: Connection, _row: Row, _given: Given, _at_ms: int
) -> None:
    """Of a step with which no further thing of the platform takes one."""


def always(_connection: Connection, _row: Row) -> bool:
    """Of a thing that is part of nothing."""
    return True


def nobody(_connection: Connection, _row: Row) -> Collection[str]:
    """Of a step that no further people hear of."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of the table: from the states of ``sources`` to ``to``, for the holders of
    ``permission`` that covers the thing's unit. Without sources it begins a thing; with an empty
    ``to`` the thing stays in its state.
    """

    name: str
    to: str
    permission: Permission
    sources: tuple[str, ...] = ()
    person: str = ""
    """The column with the username of the only person who may."""
    another_than: str = ""
    """The column with the username of the one person who may not: the second hand is another's."""
    signs: str = ""
    """The column that takes the username of whoever takes the step."""
    needs: tuple[Need, ...] = ()
    happened: str = ""
    """The need, a date, that says on which day it happened outside of the system."""
    allowed: Callable[[Connection, Row, int], str] = nothing_against
    """The name of what stands against it at an instant, UTC epoch ms; empty: nothing."""
    obstacles: tuple[str, ...] = ()
    """Every name that ``allowed`` may give."""
    starts: tuple[Starts, ...] = ()
    ends: tuple[str, ...] = ()
    """Rules whose running terms are met by it."""
    cancels: tuple[str, ...] = ()
    """Rules whose running terms lose their object."""
    reopens: tuple[str, ...] = ()
    """Rules whose last term that was met runs on, as it was extended: it was not met after all.
    Such a step is ``final``.
    """
    tells: tuple[Callable[[Row], Responsible], ...] = ()
    """Who hears of it, beside whoever takes it."""
    tells_people: Callable[[Connection, Row], Collection[str]] = nobody
    """Further people who hear of it, by username."""
    also: Also | None = None
    carries: Callable[[Services, Connection, Row, Given, int], None] = nothing_carried
    """Steps of further things of the platform that go with it, in the same transaction. It is
    given the row after the step, what was given, and the instant, UTC epoch ms. Such a step is
    ``final``: the others are not taken back with it.
    """
    awaited: bool = True
    """Whether things in its sources wait for whoever takes it; not so of what may be done as well,
    such as a return.
    """
    final: bool = False
    """Whether it can never be taken back, such as a publication."""
    automatic: bool = False
    """Whether the centre takes it, and no person."""
    page: str = ""
    """Of its own form, below the address of the thing; pages lead there instead of showing one."""

    @property
    def reversible(self) -> bool:
        """Whether it can be taken back."""
        return not self.final and (self.also is None or self.also.undo is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """All that may become of a kind of thing.

    ``table`` is the platform's, with columns ``id``, ``state`` and ``version``, and is changed by
    steps alone. ``marks`` and ``see`` decide who sees the thing. Words lie below ``words``, see
    :meth:`keys`. ``title`` and ``path`` give the thing's title, and the whole path of its page.

    Raises:
        ValueError: the rows do not hang together; with every fault at once.
    """

    platform: str
    kind: str
    words: str
    table: sa.Table
    marks: Marks
    see: Permission
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    title: Callable[[Row], str]
    path: Callable[[Row], str]
    texts: Callable[[Given], None] = any_text
    """Holds all that is given with a step, and the reason why one is taken back, against a rule of
    the platform: it raises a refusal of its own, a ``StepRefused``.
    """
    mends: Permission | None = None
    """Who may take back the steps of others; their own all take back who still may take them."""
    whole_runs: Callable[[Connection, Row], bool] = always
    """Whether that still runs of which a thing is a part: else no step is taken back."""
    by_name: Mapping[str, Step] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {step.name: step for step in self.steps})
        if faults := list(_faults(self)):
            raise ValueError(f"{self.platform}/{self.kind}: {'; '.join(faults)}")

    @property
    def first(self) -> Step:
        """The step that begins a thing."""
        return next(step for step in self.steps if not step.sources)

    def following(self, state: str) -> tuple[Step, ...]:
        """The steps that are possible in a state, in the order of the table."""
        return tuple(step for step in self.steps if state in step.sources)

    def closed(self, state: str) -> bool:
        """Whether no step leads on."""
        return any(one.closed for one in self.states if one.name == state)

    def keys(self) -> frozenset[str]:
        """Every key of words that it may ask for, without ``words``."""
        found = {f"state-{state.name}" for state in self.states}
        for step in self.steps:
            found |= {f"step-{step.name}", f"done-{step.name}"}
            found |= {f"against-{name}" for name in step.obstacles}
            found |= {f"need-{need.name}" for need in step.needs}
            found |= {f"{need.name}-{one}" for need in step.needs for one in need.choices}
        return frozenset(found)

    def changed(self, step: Step, given: Given) -> dict[str, Any]:
        """The columns of the row that a step sets, but for the version."""
        values: dict[str, Any] = {"state": step.to} if step.to else {}
        for need in step.needs:
            if need.column:
                said = given.get(need.name, "")
                as_day = self.table.c[need.column].type.python_type is date
                if need.kind == "instant":
                    values[need.column] = instant_ms(said) if said else None
                elif need.kind == "money":
                    values[need.column] = cents(said) if said else None
                else:
                    values[need.column] = (
                        date.fromisoformat(said) if as_day and said else said or None
                    )
        return values


def instant_ms(said: str) -> int:
    """An instant as the district's clock shows it, in UTC epoch ms.

    Raises:
        ValueError: it is none, or has a zone of its own.
    """
    at = datetime.fromisoformat(said)
    if at.tzinfo is not None or "T" not in said:
        raise ValueError(f"{said!r} is no time of the district's clock")
    return round(at.replace(tzinfo=ZONE).timestamp() * 1000)


def cents(said: str) -> int:
    """Yuan as people write them, 1,234.50, in whole fen.

    Raises:
        ValueError: it is no sum, below 0, of parts of a fen, or beyond all budgets.
    """
    plain = said.replace(",", "").replace("，", "")
    if not _YUAN.fullmatch(plain):
        raise ValueError(f"{said!r} is no sum in yuan")
    whole, _, part = plain.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _faults(one: Procedure) -> Iterator[str]:
    names = [state.name for state in one.states]
    if len(set(names)) < len(names) or len(one.by_name) < len(one.steps):
        yield "a state or a step stands twice"
    if sum(not step.sources for step in one.steps) != 1:
        yield "exactly one step begins a thing"
    reached = {step.to for step in one.steps if step.to}
    yield from (f"no step leads to state {name}" for name in names if name not in reached)
    for column in one.table.c:
        if column.type.python_type not in _KINDS:
            yield f"column {column.name} has no image in JSON"
    yield from (f"column {name} is missing" for name in _COLUMNS if name not in one.table.c)
    for step in one.steps:
        yield from (f"step {step.name}: {fault}" for fault in _faults_of(one, step, names))


def _faults_of_states(one: Procedure, step: Step, names: list[str]) -> Iterator[str]:
    for name in (*step.sources, *([step.to] if step.to else [])):
        if name not in names:
            yield f"there is no state {name}"
    if step.to:
        yield from (f"state {name} is closed" for name in step.sources if one.closed(name))
    elif not step.sources:
        yield "it begins a thing in no state"


def _faults_of_choice(need: Need) -> Iterator[str]:
    if (need.kind == "choice") != bool(need.choices):
        yield f"need {need.name} has choices, or is one, and not both"
    if (need.kind == "row") != bool(need.offered and need.known):
        yield f"need {need.name} has rows, or is one, and not both"


def _faults_of_taking_back(step: Step) -> Iterator[str]:
    if step.reopens and not step.final:
        yield "it opens terms again and could be taken back"
    if step.carries is not nothing_carried and not step.final:
        yield "it carries steps of further things and could be taken back"


def _faults_of(one: Procedure, step: Step, names: list[str]) -> Iterator[str]:
    if step.name == WITHDRAW:
        yield "its name is that of the event that takes a step back"
    yield from _faults_of_states(one, step, names)
    if step.person and step.person not in one.table.c:
        yield f"there is no column {step.person}"
    if step.signs and (step.signs not in one.table.c or step.signs in _COLUMNS):
        yield f"it signs no column of its own: {step.signs}"
    if step.another_than and step.another_than not in one.table.c:
        yield f"there is no column {step.another_than}"
    kinds = {need.name: need.kind for need in step.needs}
    yield from _faults_of_taking_back(step)
    if step.happened and kinds.get(step.happened) != "date":
        yield f"{step.happened} is no date among its needs"
    for need in step.needs:
        if need.kind == "file" and not step.sources:
            yield f"need {need.name} is a file at a thing that is not there yet"
        if need.column and (need.column not in one.table.c or need.column in _COLUMNS):
            yield f"need {need.name} goes to no column of its own"
        yield from _faults_of_choice(need)
