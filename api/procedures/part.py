"""The part of a page, and of the API, that a thing with a procedure has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.accounts.records import Account
from api.deadlines import wording as term_wording
from api.deadlines.opening import deadlines_of
from api.procedures import repository, taking, wording
from api.procedures.events import Event
from api.procedures.procedure import Procedure, Row, Step
from api.procedures.refusals import (
    NotAllowed,
    NotWithdrawn,
    StepRefused,
    UnknownThing,
)
from api.procedures.taking import Acting
from api.procedures.wording import Field, Moment
from api.services import Services
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that leads on. ``against`` is why the account may not take it, None where it may."""

    step: Step
    title: str
    fields: Sequence[Field]
    against: StepRefused | None
    reason: str
    ends: bool
    """Whether it ends the thing though nobody waits for that, such as a draft that is deleted: one
    tap too many must not do it.
    """

    @property
    def own(self) -> bool:
        """Whether nothing but the platform's own rule stands against it."""
        return self.against is None or isinstance(self.against, NotAllowed)


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that was refused just now: its words, of single fields too, and what was given."""

    step: str
    said: str
    wrong: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """How a thing stands, for one account at an instant."""

    row: Row
    state: str
    closed: bool
    events: Sequence[Event]
    moments: Sequence[Moment]
    following: Sequence[NextStep]
    terms: Sequence[term_wording.Line]
    withdraws: str
    """The title of the last step where the account may take it back."""
    address: str
    failed: Failed | None = None
    begun: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By step and need, what its form begins with."""

    @property
    def version(self) -> int:
        """Of the row."""
        found: int = self.row["version"]
        return found


def part_of(
    services: Services,
    account: Account,
    procedure: Procedure,
    item_id: str,
    *,
    address: str = "",
    failed: Failed | None = None,
) -> Part:
    """How a thing stands. ``address`` is that of its page, below which its forms are sent.

    Raises:
        UnknownThing
    """
    now_ms, words = services.now_ms(), services.words
    with services.state.read() as connection:
        row = repository.row_for(connection, procedure, item_id, account, procedure.see)
        if row is None:
            raise UnknownThing(f"unknown {procedure.kind} {item_id[:40]}")
        acting = Acting(services, connection, procedure, account, now_ms)
        events = repository.events_for(connection, procedure, str(row["id"]), account)
        following = _following(acting, row)
        withdraws = _withdraws(acting, row)
    subject = repository.reference(procedure, str(row["id"]))
    terms = [
        term_wording.line(words, one, now_ms)
        for one in deadlines_of(services).of_subject(subject)
        if one.open
    ]
    return Part(
        row,
        words(f"{procedure.words}.state-{row['state']}"),
        procedure.closed(row["state"]),
        events,
        wording.moments(services, procedure, subject, events),
        following,
        terms,
        withdraws,
        address,
        failed,
    )


def failed_by(
    services: Services, refused: StepRefused, step: str, given: Mapping[str, str]
) -> Failed:
    """A refusal as the page shows it."""
    wrong = refused.wrong(services.words)
    return Failed(step, refused.said(services.words), wrong, given)


def _following(acting: Acting, row: Row) -> list[NextStep]:
    services, procedure = acting.services, acting.procedure
    subject = repository.reference(procedure, str(row["id"]))
    found = []
    for step in procedure.following(row["state"]):
        if step.automatic:
            continue
        against: StepRefused | None = None
        try:
            taking.check(acting, row, step)
        except StepRefused as refused:
            against = refused
        title = services.words(f"{procedure.words}.step-{step.name}")
        asked = wording.fields(services, procedure, subject, step, day_of(acting.at_ms))
        reason = against.said(services.words) if against else ""
        ends = procedure.closed(step.to) and not step.awaited
        found.append(NextStep(step, title, () if against else asked, against, reason, ends))
    return found


def _withdraws(acting: Acting, row: Row) -> str:
    try:
        last, _ = taking.withdrawable(acting, row)
    except NotWithdrawn:
        return ""
    return acting.services.words(f"{acting.procedure.words}.done-{last.step}")
