"""The life of a suggestion behind its submission: assigned, given back, answered, rated."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from simulators.congress.answering import Addressed, Grade, answer_text, promise_of
from simulators.congress.days import Calendar
from simulators.congress.grammar import said
from simulators.congress.localities import Locality
from simulators.congress.matters import Matter
from simulators.congress.records import (
    Answer,
    Assignment,
    Contact,
    CoOpinion,
    Degree,
    Deputy,
    Rating,
    Way,
)
from simulators.congress.units import Units, resolved, usual_lead
from simulators.congress.writing import phrases

_GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")
_DEGREES: tuple[Degree, ...] = ("satisfied", "basically", "dissatisfied")
_WAYS: tuple[Way, ...] = ("visit", "meeting", "telephone")
_RESULTS = {"A": (90, 9, 1), "B": (74, 20, 6), "C": (45, 35, 20), "D": (30, 40, 30)}
"""How deputies rate the result of a class, in percent by degree."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A suggestion as its life begins."""

    matter: Matter
    locality: Locality
    title: str
    year: int
    signers: tuple[Deputy, ...]
    """The one who leads first."""
    submitted_on: date
    in_session: bool
    hard: bool


@dataclass(frozen=True, slots=True)
class Life:
    """All that follows, with the right lead unit by the name it had then."""

    lead: str
    co_units: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    contacts: tuple[Contact, ...]
    co_opinions: tuple[CoOpinion, ...]
    answers: tuple[Answer, ...]


class Course:
    """Makes lives, each from a source of chance of its own."""

    def __init__(self, units: Units, days: Calendar) -> None:
        self._units, self._days = units, days

    def life(self, of: Submitted, drawn: random.Random) -> Life:
        """All that becomes of a suggestion."""
        lead, co_units = self._handlers(of, drawn)
        assignments = self._assignments(of, lead, drawn)
        assigned_on = assignments[-1].assigned_on
        due_on = self._days.months_later(assigned_on, 6 if of.hard else 3)
        answered_on = self._answered_on(assigned_on, due_on, drawn)
        contacts = self._contacts(assigned_on, answered_on, drawn)
        co_opinions = tuple(
            CoOpinion(unit, self._between(assigned_on, answered_on, drawn)) for unit in co_units
        )
        names: Mapping[str, str] = {unit.id: unit.name for unit in self._units.named.values()}
        to = Addressed(
            matter=of.matter,
            deputy_name=of.signers[0].name,
            title=of.title,
            contacted_on=contacts[-1].on if contacts else None,
            co_names=tuple(names[unit] for unit in co_units),
        )
        answers = self._answers(of, to, due_on, answered_on, drawn)
        return Life(lead, co_units, assignments, contacts, co_opinions, answers)

    def _handlers(self, of: Submitted, drawn: random.Random) -> tuple[str, tuple[str, ...]]:
        lead = usual_lead(of.matter, of.locality)
        if of.matter.other and drawn.random() < 0.2:
            lead = resolved(of.matter.other, of.locality)
        possible = [resolved(unit, of.locality) for unit in of.matter.co]
        possible = [unit for unit in dict.fromkeys(possible) if unit != lead]
        count = min(drawn.choices((0, 1, 2, 3), (45, 32, 17, 6))[0], len(possible))
        co_units = sorted(drawn.sample(possible, count))
        return self._then(lead, of), tuple(self._then(unit, of) for unit in co_units)

    def _then(self, unit: str, of: Submitted) -> str:
        return self._units.of(unit, of.matter.id, of.year)

    def _assignments(
        self, of: Submitted, lead: str, drawn: random.Random
    ) -> tuple[Assignment, ...]:
        wrong = [self._then(resolved(unit, of.locality), of) for unit in of.matter.wrong]
        wrong = [unit for unit in dict.fromkeys(wrong) if unit != lead]
        returns = min(drawn.choices((0, 1, 2), (910, 80, 10))[0], len(wrong))
        chain = [*drawn.sample(wrong, returns), lead]
        if of.in_session:
            assigned_on = self._days.after(self._days.session(of.year)[1], 20)
        else:
            assigned_on = self._days.after(of.submitted_on, drawn.randint(1, 12))
        found: list[Assignment] = []
        for unit, right in pairwise(chain):
            signed_on = self._days.after(assigned_on, drawn.choice((0, 0, 1, 1, 2, 4)))
            late = drawn.random() < 0.1
            took = drawn.randint(8, 15) if late else drawn.randint(1, 7)
            returned_on = self._days.after(signed_on, took)
            reason = said(
                drawn.choice(phrases()["return"]["any"]),
                drawn,
                {"U": self._units.named[right].name},
            )
            found.append(Assignment(unit, assigned_on, signed_on, returned_on, reason, right))
            assigned_on = self._days.after(returned_on, drawn.randint(1, 8))
        signed_on = self._days.after(assigned_on, drawn.choice((0, 0, 1, 1, 2, 4)))
        return (*found, Assignment(lead, assigned_on, signed_on))

    def _answered_on(self, assigned_on: date, due_on: date, drawn: random.Random) -> date:
        """Six of a hundred late, six in the last days, the others in good time."""
        chance = drawn.random()
        if chance < 0.06:
            return self._days.after(due_on, drawn.choice((1, 1, 2, 3, 5, 8, 13, 21, 34)))
        if chance < 0.12:
            return due_on - timedelta(days=drawn.choice((0, 0, 1, 2)))
        least, most = 30, (due_on - assigned_on).days - 8
        return self._days.working(assigned_on + timedelta(days=drawn.randint(least, most)))

    def _between(self, begin: date, end: date, drawn: random.Random) -> date:
        """A working day after the first, not after the second unless that is the next one."""
        day = begin + timedelta(days=drawn.randint(1, max((end - begin).days - 1, 1)))
        return min(self._days.working(day), max(end, self._days.after(begin, 1)))

    def _contacts(
        self, assigned_on: date, answered_on: date, drawn: random.Random
    ) -> tuple[Contact, ...]:
        count = drawn.choices((0, 1, 2, 3), (5, 55, 30, 10))[0]
        days = sorted(self._between(assigned_on, answered_on, drawn) for _ in range(count))
        return tuple(
            Contact(day, drawn.choices(_WAYS, (4, 3, 5))[0], drawn.random() >= 0.08)
            for day in days
        )

    def _answers(
        self, of: Submitted, to: Addressed, due_on: date, answered_on: date, drawn: random.Random
    ) -> tuple[Answer, ...]:
        grade = drawn.choices(_GRADES, (42, 36, 13, 9))[0]
        first = self._answer(of, to, (1, due_on, answered_on), grade, drawn)
        rating = first.ratings[0]
        if rating.result != "dissatisfied" or rating.on is None:
            return (first,)
        due_on = self._days.months_later(rating.on, 1)
        late = drawn.random() < 0.1
        again_on = self._days.after(due_on, 4) if late else self._days.after(rating.on, 15)
        better = _GRADES[max(_GRADES.index(grade) - drawn.choice((0, 1, 1, 2)), 0)]
        return first, self._answer(of, to, (2, due_on, again_on), better, drawn)

    def _answer(
        self,
        of: Submitted,
        to: Addressed,
        on: tuple[int, date, date],
        grade: Grade,
        drawn: random.Random,
    ) -> Answer:
        number, due_on, answered_on = on
        promise = promise_of(of.matter, grade, answered_on, self._days, drawn)
        return Answer(
            number=number,
            due_on=due_on,
            answered_on=answered_on,
            late=answered_on > due_on,
            grade=grade,
            text=answer_text(to, number, grade, promise, drawn),
            promise=promise,
            ratings=tuple(
                self._rating(deputy, answered_on, grade, 0.95 if at == 0 else 0.75, drawn)
                for at, deputy in enumerate(of.signers)
            ),
        )

    def _rating(
        self, deputy: Deputy, answered_on: date, grade: Grade, share: float, drawn: random.Random
    ) -> Rating:
        if drawn.random() >= share:
            return Rating(deputy.id, None, None, None)
        result = drawn.choices(_DEGREES, _RESULTS[grade])[0]
        attitude = drawn.choices(_DEGREES, (85, 12, 3))[0]
        reason = ""
        if "dissatisfied" in (result, attitude):
            reason = said(drawn.choice(phrases()["dissatisfied"]["any"]), drawn, {})
        rated_on = self._days.after(answered_on, drawn.randint(1, 25))
        return Rating(deputy.id, rated_on, attitude, result, reason)
