"""Years of a congress from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from config import working_days
from simulators.congress import localities, matters, units
from simulators.congress.days import FIRST_YEAR, Calendar
from simulators.congress.deputies import drawn_deputies
from simulators.congress.lives import Course, Submitted
from simulators.congress.localities import Locality
from simulators.congress.matters import VOICES, Matter
from simulators.congress.records import Congress, Deputy, Nearness, Suggestion, Voice
from simulators.congress.writing import Draft, written

_AGAIN = 0.16
"""Share of a year's suggestions, from the second year on, that raise an earlier one again."""
_FAR = 2 / 3
"""Share of those that are worded otherwise."""
_EAGER = {"A": 1, "B": 4, "C": 10, "D": 10}
"""How readily a matter is raised again, by the class of its last answer."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """A matter at a locality, with the earlier suggestions on it and who raises it now."""

    matter: Matter
    locality: Locality
    earlier: tuple[Suggestion, ...] = ()


class _Simulation:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.units = units.load()
        self.days = Calendar(working_days.load())
        self.course = Course(self.units, self.days)
        self.matters = {matter.id: matter for matter in matters.load()}
        self.localities = {locality.id: locality for locality in localities.load()}
        self.of_kind: dict[str, list[Locality]] = {}
        for locality in self.localities.values():
            self.of_kind.setdefault(locality.kind, []).append(locality)
        drawn = self.chance("congress")
        towns = [locality.town for locality in self.of_kind["town"]]
        self.deputies = drawn_deputies(drawn, towns)
        self.weights = self._weights(drawn)
        self.topics: dict[tuple[str, str], tuple[Suggestion, ...]] = {}

    def chance(self, *of: object) -> random.Random:
        """A source of chance for one thing, the same on every machine."""
        return random.Random("/".join(map(str, (self.seed, *of))))

    def _weights(self, drawn: random.Random) -> list[int]:
        """Of each matter at each locality: some matters and some localities are raised often; a
        matter is not rare because its kind has few localities.
        """
        often = {matter: drawn.choice((1, 2, 2, 3, 4, 6)) for matter in self.matters}
        known = {locality: drawn.choice((1, 1, 2, 3, 6)) for locality in self.localities}
        return [
            round(often[matter] * known[locality] * 100 / self._count(matter) ** 0.5)
            for matter, locality in self.pairs()
        ]

    def _count(self, matter: str) -> int:
        return len(self.of_kind[self.matters[matter].at])

    def pairs(self) -> list[tuple[str, str]]:
        """Every matter with every locality of its kind."""
        return [
            (matter.id, locality.id)
            for matter in self.matters.values()
            for locality in self.of_kind[matter.at]
        ]

    def year(self, year: int) -> list[Suggestion]:
        """The suggestions of a year, counted from 1."""
        drawn = self.chance("year", year)
        count = drawn.randint(335, 355)
        again = round(count * _AGAIN) if year > 1 else 0
        topics = [*self._raised_again(again, drawn), *self._fresh(count - again, drawn)]
        made = [self._suggestion(year, at, topic) for at, topic in enumerate(topics)]
        made.sort(key=lambda one: (one.submitted_on, one.id))
        numbered = [
            replace(one, id=f"{FIRST_YEAR + year - 1}-{number:03}", number=number)
            for number, one in enumerate(made, start=1)
        ]
        for one in numbered:
            topic = (one.matter, one.locality)
            self.topics[topic] = (*self.topics.get(topic, ()), one)
        return numbered

    def _fresh(self, count: int, drawn: random.Random) -> list[_Topic]:
        taken = dict.fromkeys(self.topics)
        pairs, found = self.pairs(), list[_Topic]()
        while len(found) < count:
            pair = drawn.choices(pairs, self.weights)[0]
            if pair not in taken:
                taken[pair] = None
                found.append(_Topic(self.matters[pair[0]], self.localities[pair[1]]))
        return found

    def _raised_again(self, count: int, drawn: random.Random) -> list[_Topic]:
        pairs = list(self.topics)
        weights = [_eagerness(self.topics[pair]) for pair in pairs]
        found: dict[tuple[str, str], _Topic] = {}
        while len(found) < count:
            pair = drawn.choices(pairs, weights)[0]
            matter, locality = pair
            found[pair] = _Topic(
                self.matters[matter], self.localities[locality], self.topics[pair]
            )
        return list(found.values())

    def _suggestion(self, year: int, at: int, topic: _Topic) -> Suggestion:
        drawn = self.chance("suggestion", year, at)
        signers = self._signers(topic, drawn)
        voices, wording = _voices(topic, signers[0], drawn)
        also = self._also(topic, drawn)
        draft = Draft(
            matter=topic.matter,
            locality=topic.locality,
            deputy=signers[0],
            voices=voices,
            also=also,
            again=_said_year(topic, drawn),
            like=self.of_kind[topic.locality.kind],
            roads=[one.name for one in self.of_kind["road"] if one.town == topic.locality.town],
        )
        title, body = written(draft, drawn)
        in_session = drawn.random() < 0.75
        submitted_on = self._submitted_on(year, drawn, in_session=in_session)
        hard = drawn.random() < 0.12
        start = Submitted(
            topic.matter, topic.locality, title, year, signers, submitted_on, in_session, hard
        )
        life = self.course.life(start, drawn)
        return Suggestion(
            id=f"{at:03}",
            year=year,
            number=0,
            field=topic.matter.field,
            matter=topic.matter.id,
            locality=topic.locality.id,
            town=topic.locality.town,
            also=also.id if also else "",
            same_matter_as=tuple(one.id for one in topic.earlier),
            wording=wording,
            voices=voices,
            title=title,
            body=body,
            deputy=signers[0].id,
            cosigners=tuple(deputy.id for deputy in signers[1:]),
            occasion="session" if in_session else "between",
            hard=hard,
            written_on=submitted_on - timedelta(days=drawn.randint(0, 40)),
            submitted_on=submitted_on,
            assignments=life.assignments,
            lead=life.lead,
            lead_today=self.units.today(life.lead),
            co_units=life.co_units,
            contacts=life.contacts,
            co_opinions=life.co_opinions,
            answers=life.answers,
        )

    def _signers(self, topic: _Topic, drawn: random.Random) -> tuple[Deputy, ...]:
        by_id = {deputy.id: deputy for deputy in self.deputies}
        near = [deputy for deputy in self.deputies if deputy.town == topic.locality.town]
        first = drawn.choice(near if drawn.random() < 0.75 else self.deputies)
        if topic.earlier and drawn.random() < 0.4:
            first = by_id[topic.earlier[-1].deputy]
        count = drawn.choices((0, 1, 2, 4, 9), (55, 15, 15, 10, 5))[0]
        others = [deputy for deputy in near if deputy.id != first.id]
        return (first, *drawn.sample(others, count))

    def _also(self, topic: _Topic, drawn: random.Random) -> Matter | None:
        if drawn.random() >= 0.08:
            return None
        kind, matter = topic.locality.kind, topic.matter.id
        return drawn.choice(
            [one for one in self.matters.values() if one.at == kind and one.id != matter] or [None]
        )

    def _submitted_on(self, year: int, drawn: random.Random, *, in_session: bool) -> date:
        opens, closes = self.days.session(year)
        if in_session:
            return opens + timedelta(days=drawn.randint(0, (closes - opens).days))
        return self.days.working(closes + timedelta(days=drawn.randint(30, 320)))


def _said_year(topic: _Topic, drawn: random.Random) -> int:
    """The calendar year of the last time, for the few texts that speak of it; else 0."""
    if not topic.earlier or drawn.random() >= 0.3:
        return 0
    return topic.earlier[-1].submitted_on.year


def _eagerness(earlier: Sequence[Suggestion]) -> int:
    answer = earlier[-1].answers[-1]
    broken = answer.promise is not None and answer.promise.outcome == "broken"
    return _EAGER[answer.grade] * (3 if broken else 1)


def _voices(
    topic: _Topic, deputy: Deputy, drawn: random.Random
) -> tuple[tuple[Voice, ...], Nearness]:
    """The voices of a text, and how near it is to the earlier ones on the topic."""
    used = {voice for one in topic.earlier for voice in one.voices}
    free: list[Voice] = [voice for voice in VOICES if voice not in used]
    if topic.earlier and free and drawn.random() < _FAR:
        own = deputy.voice in free and drawn.random() < 0.7
        return (deputy.voice if own else drawn.choice(free),), "far"
    if topic.earlier:
        known = [voice for voice in VOICES if voice in used]
        return (drawn.choice(known),), "near"
    first = deputy.voice if drawn.random() < 0.7 else drawn.choice(VOICES)
    others = [voice for voice in VOICES if voice != first]
    more = deputy.length == 3 and drawn.random() < 0.4
    return ((first, drawn.choice(others)) if more else (first,)), "first"


def simulate(seed: int, years: int) -> Congress:
    """A congress of so many years; fewer years are the beginning of more.

    Args:
        seed: anything it is the same for.
        years: from 1 on; from the seventh on days off are provisional.
    """
    simulation = _Simulation(seed)
    made = [one for year in range(1, years + 1) for one in simulation.year(year)]
    return Congress(seed, tuple(simulation.units.named.values()), simulation.deputies, tuple(made))
