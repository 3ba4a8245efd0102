"""The page of a deadline in words: how it came about, what happened, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.deadlines import explaining, wording
from api.deadlines.records import Act, Deadline, Event, Standing
from api.deadlines.trace import Reckoned
from config.catalogue.words import Words

_TONES = {
    Act.EXTENDED: "blue",
    Act.PAUSED: "gray",
    Act.RECOMPUTED: "orange",
    Act.ENDED: "green",
    Act.CANCELLED: "gray",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """An event as a timeline shows it."""

    at_ms: int
    title: str
    note: str
    tone: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page of a deadline shows. ``latest`` is the due date with every extension that
    the rule allows.
    """

    words: Words
    deadline: Deadline
    events: Sequence[Event]
    names: Mapping[str, str]
    people: Sequence[str]
    latest: Reckoned | None
    may: bool
    now_ms: int

    @property
    def line(self) -> wording.Line:
        """How it stands."""
        return wording.line(self.words, self.deadline, self.now_ms)

    @property
    def term(self) -> str:
        """How long, from when."""
        return explaining.term(self.words, self.deadline.rule)

    @property
    def mark(self) -> str:
        """How sure its rule is."""
        return wording.mark(self.words, self.deadline.rule)

    @property
    def steps(self) -> Sequence[wording.Step]:
        """The trace."""
        return wording.steps(self.words, self.deadline.reckoned, self.names)

    @property
    def awaited(self) -> Sequence[int]:
        """The years whose notice may still move the due date."""
        days = (step.day for step in self.deadline.reckoned.trace)
        known = {day.awaits for day in days if day and day.awaits}
        return sorted(known) if self.deadline.reckoned.provisional else ()

    @property
    def responsible(self) -> str:
        """Who must act, by name."""
        return self.words.listed(self.names.get(of, of) for of in self.people)

    @property
    def consent(self) -> str:
        """The consent that an extension needs, or the cases in which there is one."""
        chinese = self.words.language == "zh-CN"
        rule = self.deadline.rule
        parts = dict.fromkeys(
            one.consent_zh if chinese else one.consent_en for one in rule.extensions
        )
        return self.words.clauses(parts)

    @property
    def extends(self) -> bool:
        """Whether a longer term is possible."""
        latest, open_ = self.latest, self.may and self.deadline.open
        return open_ and latest is not None and latest.due_ms > self.deadline.reckoned.due_ms

    @property
    def pauses(self) -> bool:
        """Whether it may stand still now."""
        one = self.deadline
        running = one.standing is Standing.RUNNING and self.now_ms <= one.reckoned.due_ms
        return self.may and one.rule.pausable and running

    @property
    def resumes(self) -> bool:
        """Whether it may go on."""
        return self.may and self.deadline.standing is Standing.PAUSED

    @property
    def moments(self) -> Sequence[Moment]:
        """Its history, the newest first."""
        return [self._moment(event) for event in reversed(self.events)]

    def _moment(self, event: Event) -> Moment:
        who = self.names.get(event.by.who, event.by.who)
        if event.by.on_behalf:
            deputy = self.names.get(event.by.on_behalf, event.by.on_behalf)
            who = self.words("deadlines.on-behalf", deputy=deputy, who=who)
        parts = [event.why] if event.why else []
        before, after = (
            wording.moment(at_ms, self.deadline) for at_ms in (event.before_ms, event.after_ms)
        )
        if not before:
            parts.append(self.words("deadlines.due", due=after))
        elif before != after:
            parts.append(self.words("deadlines.moved", before=before, after=after))
        if who:
            parts.append(who)
        title = self.words(f"deadlines.event-{event.kind}")
        note = self.words.clauses(parts)
        return Moment(event.at_ms, title, note, _TONES.get(event.kind, "blue"))
