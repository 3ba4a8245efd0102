"""A deadline, the acts on it, and who must act. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from api.audit import Actor
from api.deadlines.reckoning import Extended, Lamp, Pause, lamp, reckon
from api.deadlines.trace import Code, Reckoned
from api.ports import Reference
from api.web.forms import NotAccepted
from config.law import Rule
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import day_of
from config.working_days import WorkingDays

LONGEST_WHY = 500


class UnknownDeadline(FaultyInput):
    """There is no such deadline."""

    def __init__(self, which: object) -> None:
        super().__init__([Fault("deadline", f"there is no {which}", "see /api/v1/deadlines")])


class NotInForce(NotAccepted):
    """A term would begin on a day on which its rule is not in force."""


def check_in_force(rule: Rule, start: date | int) -> None:
    """Whether a term may begin on the day of its start.

    Raises:
        NotInForce
    """
    on = start if isinstance(start, date) else date.fromisoformat(day_of(start))
    said = {"title": rule.title_zh, "start": on}
    if rule.valid_from is not None and on < rule.valid_from:
        what = f"lies on {on}, and {rule.id} is in force from {rule.valid_from} on"
        fault = Fault("start", what, "give a later day, or the rule that was in force then")
        raise NotInForce(fault, "not-yet", first=rule.valid_from, **said)
    if not rule.in_force(on):
        what = f"lies on {on}, and {rule.id} was in force until {rule.valid_to}"
        fault = Fault("start", what, "give the rule that is in force then")
        raise NotInForce(fault, "no-more", last=rule.valid_to, **said)


class Standing(StrEnum):
    """Whether a deadline still waits for somebody."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    CANCELLED = "cancelled"


OPEN = (Standing.RUNNING, Standing.PAUSED)


class Act(StrEnum):
    """The kinds of events of a deadline."""

    STARTED = "started"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"
    RECOMPUTED = "recomputed"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who must act: a person by username, or the holders of a permission in a unit."""

    unit: str
    permission: str
    username: str = ""


class Basis(msgspec.Struct, frozen=True):
    """All that a due date is reckoned from, beside the days off."""

    rule: Rule
    start: date | int
    extensions: tuple[Extended, ...] = ()
    pauses: tuple[Pause, ...] = ()

    def reckoned(self, days: WorkingDays) -> Reckoned:
        """The due date with its trace."""
        return reckon(self.rule, self.start, days, self.extensions, self.pauses)

    def latest(self, days: WorkingDays) -> Reckoned:
        """The due date with every extension that the rule allows, the pauses as they are."""
        granted = [Extended(one.amount, one.unit, to=one.to) for one in self.rule.extensions]
        return reckon(self.rule, self.start, days, granted, self.pauses)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term that runs or ran. ``rule_version`` is that of the office, 0 of the rule's file;
    ``verified`` whether somebody stands for the rule; ``met_ms`` when the thing was done.
    """

    id: int
    subject: Reference
    title: str
    path: str
    responsible: Responsible
    rule_version: int
    basis: Basis
    verified: bool
    started_ms: int
    """When it began to run: of one that runs back from a day, when it was written down."""
    reckoned: Reckoned
    standing: Standing
    paused_ms: int | None
    met_ms: int | None
    version: int
    """Counts the acts on it."""

    @property
    def rule(self) -> Rule:
        """As it was when the term began."""
        return self.basis.rule

    @property
    def open(self) -> bool:
        """Whether somebody still has to act."""
        return self.standing in OPEN

    @property
    def late(self) -> bool:
        """Whether it was met after it was due."""
        return self.met_ms is not None and self.met_ms > self.reckoned.due_ms

    def lamp(self, now_ms: int) -> Lamp:
        """How it stands at an instant; of one that pauses as it stood then, of one that is met as
        it stood at that time.
        """
        at_ms = self.met_ms or self.paused_ms or now_ms
        due_ms = self.reckoned.due_ms
        return lamp(self.started_ms, due_ms, at_ms, verified=self.verified)

    def left_days(self, now_ms: int) -> int:
        """Days from today until the due day; negative when it is over."""
        return (self.reckoned.due - date.fromisoformat(day_of(now_ms))).days


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that is being done: of a kind, why, by whom, and when."""

    kind: Act
    why: str
    by: Actor
    at_ms: int


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a deadline, which never changes: by whom, why, and the due instant before (None
    at the start) and after it.
    """

    id: int
    deadline: int
    at_ms: int
    kind: Act
    by: Actor
    why: str
    before_ms: int | None
    after_ms: int


def end_before_moving(reckoned: Reckoned) -> date:
    """The last day of the term, before it was moved over days off."""
    moved = (one.date for one in reckoned.trace if any(w.code is Code.MOVED for w in one.whys))
    return next(moved, reckoned.due)


def extension(
    deadline: Deadline, days: WorkingDays, until: date | None, amount: int | None
) -> Extended:
    """The extension until a day, or by an amount of the unit that the rule extends by.

    Raises:
        NotAccepted: the rule has none, it goes further than the rule allows, or it is none.
    """
    allowed = deadline.rule.extensions
    if not allowed:
        fault = Fault("until", "this rule allows no extension", "end it, or ask the office")
        raise NotAccepted(fault, "no-extension")
    latest = deadline.basis.latest(days)
    if until is not None and deadline.rule.unit != "hour":
        ahead = (until - end_before_moving(deadline.reckoned)).days
        extended = Extended(max(ahead, 0), "day")
    elif amount is not None:
        extended = Extended(amount, allowed[0].unit)
    else:
        raise NotAccepted(Fault("amount", "is missing", "give hours"), "extension")
    after = with_extension(deadline, extended).reckoned(days)
    if after.due_ms <= deadline.reckoned.due_ms:
        fault = Fault("until", "is no later than now", f"give a day after {deadline.reckoned.due}")
        raise NotAccepted(fault, "not-later", day=deadline.reckoned.due)
    if after.due_ms > latest.due_ms:
        fault = Fault("until", "is further than the rule allows", f"give {latest.due} at most")
        raise NotAccepted(fault, "too-far", day=latest.due)
    return extended


def with_extension(deadline: Deadline, extended: Extended) -> Basis:
    """The basis with one more."""
    basis = deadline.basis
    return msgspec.structs.replace(basis, extensions=(*basis.extensions, extended))


def check_pausable(deadline: Deadline, now_ms: int) -> None:
    """Whether it may pause now.

    Raises:
        NotAccepted: the rule allows no pause, it pauses already, or it is overdue.
    """
    if not deadline.rule.pausable:
        raise NotAccepted(
            Fault("why", "this rule allows no pause", "extend or end it"), "no-pause"
        )
    if deadline.standing is not Standing.RUNNING:
        raise NotAccepted(Fault("deadline", "does not run", "resume it first"), "not-running")
    if now_ms > deadline.reckoned.due_ms:
        raise NotAccepted(Fault("deadline", "is overdue", "a pause changes nothing"), "overdue")


def checked_why(why: str) -> str:
    """A reason that says something.

    Raises:
        NotAccepted: there is none, or a long one.
    """
    found = why.strip()
    if not found or len(found) > LONGEST_WHY:
        raise NotAccepted(
            Fault("why", "is missing or long", f"give 1 to {LONGEST_WHY} signs"), "why"
        )
    return found


def resumed_pauses(deadline: Deadline, at_ms: int, by: str, why: str) -> Sequence[Pause]:
    """The pauses of a deadline that goes on now: the day on which it paused did not count, the
    day on which it goes on counts.
    """
    assert deadline.paused_ms is not None
    first = date.fromisoformat(day_of(deadline.paused_ms))
    on = date.fromisoformat(day_of(at_ms))
    known = deadline.basis.pauses
    if known and known[-1].last >= first:  # paused again on a day that did not count anyway
        first = date.fromordinal(known[-1].last.toordinal() + 1)
    last = date.fromordinal(on.toordinal() - 1)
    return (*known, Pause(first, last, by, why)) if first <= last else known


def earliest_first(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """As people have to act."""
    return sorted(deadlines, key=lambda one: (one.reckoned.due_ms, one.id))
