"""A deadline as programs read it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from api.deadlines import explaining, wording
from api.deadlines.kept.rulebook import Held
from api.deadlines.records import Deadline
from api.deadlines.trace import Reckoned
from config.catalogue.words import Words


class DeadlineState(BaseModel):
    """A deadline as it stands now; instants in UTC epoch ms, days ISO text of the district."""

    id: int
    title: str
    address: str
    platform: str
    kind: str
    subject: str
    rule: str
    rule_title: str
    state: Literal["running", "paused", "ended", "cancelled"]
    due: str
    due_ms: int
    provisional: bool
    lamp: Literal["green", "yellow", "red", "unconfirmed"]
    left: str
    met_ms: int | None


class Step(BaseModel):
    """A day of a reckoning, and why."""

    date: str
    why: str


class ReckonedState(BaseModel):
    """A due date with its trace."""

    rule: str
    verified: bool
    law: str
    clause: str
    due: str
    due_ms: int
    provisional: bool
    trace: list[Step]


def deadline_state(words: Words, deadline: Deadline, now_ms: int) -> DeadlineState:
    """The state of a deadline at an instant."""
    said = wording.line(words, deadline, now_ms)
    return DeadlineState(
        id=deadline.id,
        title=deadline.title,
        address=deadline.path,
        platform=deadline.subject.platform,
        kind=deadline.subject.kind,
        subject=deadline.subject.id,
        rule=deadline.rule.id,
        rule_title=said.rule,
        state=deadline.standing.value,
        due=deadline.reckoned.due.isoformat(),
        due_ms=deadline.reckoned.due_ms,
        provisional=deadline.reckoned.provisional,
        lamp=said.lamp.value,
        left=said.left,
        met_ms=deadline.met_ms,
    )


def reckoned_state(words: Words, held: Held, reckoned: Reckoned) -> ReckonedState:
    """A reckoning in words."""
    return ReckonedState(
        rule=held.rule.id,
        verified=held.rule.verified,
        law=held.rule.law_zh,
        clause=held.rule.clause_zh,
        due=reckoned.due.isoformat(),
        due_ms=reckoned.due_ms,
        provisional=reckoned.provisional,
        trace=[
            Step(date=step.date.isoformat(), why=explaining.sentence(words, step))
            for step in reckoned.trace
        ],
    )
