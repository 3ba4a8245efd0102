"""One deadline as programs read it."""

from __future__ import annotations

from pydantic import BaseModel

from api.deadlines.term.wording import Page


class StepState(BaseModel):
    """A day of the trace, and why."""

    date: str
    why: str


class EventState(BaseModel):
    """An event; the due instants before (None at the start) and after it, UTC epoch ms."""

    at_ms: int
    kind: str
    who: str
    on_behalf: str
    why: str
    before_ms: int | None
    after_ms: int


class TermState(BaseModel):
    """A deadline with its rule, its trace and its history."""

    id: int
    title: str
    address: str
    rule: str
    rule_version: int
    clause: str
    law: str
    mark: str
    verified: bool
    state: str
    due: str
    due_ms: int
    provisional: bool
    lamp: str
    left: str
    responsible: list[str]
    latest: str | None
    may_change: bool
    trace: list[StepState]
    history: list[EventState]


def term_state(page: Page) -> TermState:
    """All that the page shows."""
    one, line = page.deadline, page.line
    return TermState(
        id=one.id,
        title=one.title,
        address=one.path,
        rule=one.rule.id,
        rule_version=one.rule_version,
        clause=one.rule.clause_zh,
        law=one.rule.law_zh,
        mark=one.rule.code,
        verified=one.verified,
        state=one.standing.value,
        due=one.reckoned.due.isoformat(),
        due_ms=one.reckoned.due_ms,
        provisional=one.reckoned.provisional,
        lamp=line.lamp.value,
        left=line.left,
        responsible=list(page.people),
        latest=page.latest.due.isoformat() if page.latest else None,
        may_change=page.may,
        trace=[StepState(date=step.day, why=step.said) for step in page.steps],
        history=[
            EventState(
                at_ms=event.at_ms,
                kind=event.kind.value,
                who=event.by.who,
                on_behalf=event.by.on_behalf,
                why=event.why,
                before_ms=event.before_ms,
                after_ms=event.after_ms,
            )
            for event in page.events
        ],
    )
