"""Sources in words: what each owes, until when, and what came last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.deadlines import wording as deadline_words
from api.deadlines.reckoning import Lamp, reckon
from api.deadlines.records import Deadline
from api.imports.records import Load
from api.imports.sources.periods import running
from api.imports.sources.records import Attempt, Owed, Source
from api.imports.sources.terms import Register
from api.services import Services
from config.vocabulary.time import day_of
from config.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Due:
    """A table that is owed, or will be: the period, the due day, how much time is left."""

    period: str
    due: str
    left: str
    tone: str
    lamp: str
    deadline: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A source as the list shows it. ``missed`` are periods whose table is overdue."""

    source: Source
    kind: str
    owner: str
    due: Due | None
    missed: Sequence[Due]
    last: Load | None
    refused: Attempt | None
    """The newest attempt, where it was of a content with faults."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of units and people, by id."""

    units: Mapping[str, str]
    people: Mapping[str, str]

    def owner(self, source: Source) -> str:
        """Who must send."""
        unit = self.units.get(source.terms.unit, source.terms.unit)
        person = self.people.get(source.terms.username, source.terms.username)
        return f"{unit} {person}".strip()


def names(services: Services, sources: Iterable[Source]) -> Names:
    """Those that lines of sources need."""
    units = {of.id: of.name for of in Units(services.state).all()}
    people = sorted({of.terms.username for of in sources if of.terms.username})
    return Names(units, People(services.state).names(people))


def line(services: Services, register: Register, known: Names, source: Source, kind: str) -> Line:
    """A source as it stands now."""
    now_ms = services.now_ms()
    waiting = [_due(services, owed, of) for owed, of in register.waiting(source)]
    missed = [
        _due(services, owed, of)
        for owed, of in register.waiting(source)
        if of.lamp(now_ms) is Lamp.RED
    ]
    ahead = [of for of in waiting if of not in missed]
    due = ahead[0] if ahead else _following(services, source) if source.active else None
    came = [of for of in register.sources.loads(source, 20) if of.loaded_ms is not None]
    last = came[0] if came else None
    tried = register.sources.attempts(source.id, 1)
    refused = tried[0] if tried and tried[0].outcome in ("refused", "failed") else None
    return Line(source, kind, known.owner(source), due, missed, last, refused)


def history(
    services: Services, register: Register, source: Source, most: int
) -> Sequence[tuple[Owed, Due]]:
    """Periods with how each was met, the newest first."""
    return [
        (owed, _due(services, owed, register.deadlines.one(owed.deadline)))
        for owed in register.sources.owed(source.id, most)
    ]


def _due(services: Services, owed: Owed, deadline: Deadline) -> Due:
    said = deadline_words.line(services.words, deadline, services.now_ms())
    return Due(owed.label, said.due, said.left, said.tone, said.lamp_name, deadline.id)


def _following(services: Services, source: Source) -> Due | None:
    return following(services, source, services.working_days)


def following(services: Services, source: Source, days: WorkingDays) -> Due | None:
    """The table that will be owed when the running period is over."""
    t, today = services.words, date.fromisoformat(day_of(services.now_ms()))
    period = running(source.period, source.since, today, days)
    if period is None:
        return None
    due = reckon(source.rule("-", today), period.last, days).due
    left = t("deadlines.left-days", n=(due - today).days)
    lamp = t("deadlines.lamp-green")
    return Due(period.label, due.isoformat(), left, "green", lamp)
