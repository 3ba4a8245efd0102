"""A suggestion in plain words: how it stands, and who does the next thing until when by which law;
and the fields of the form by which it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.deadlines import wording as term_wording
from api.platforms.duty.suggestions.records import CONTACTS, GROUNDS, OPENNESS, TOPICS
from api.procedures.part import Part
from api.procedures.procedure import Row
from api.services import Services
from config.vocabulary.time import day_of

FACTS = (
    *("number", "lead", "topic", "town", "location", "openness", "session", "submitted", "unit"),
    *("wished_unit", "wished_contact", "joint", "result"),
)
HEARING = ("department", "supervision", "court", "procuratorate")
"""Kinds of units that may be asked to handle something, beside towns."""
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Next:
    """The next thing that somebody has to do: ``by`` whom, until when, by which clause."""

    duty: str
    by: str
    until: str
    basis: str
    lamp: str
    left: str
    path: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A ground on which it would be no suggestion, and where that stands."""

    name: str
    basis: str


def following(services: Services, part: Part) -> list[Next]:
    """The terms that run, as sentences of who does something until when."""
    words, chinese = services.words, services.words.language == "zh-CN"
    found = []
    for line in part.terms:
        rule = line.deadline.rule
        clause = f"{rule.law_zh} {rule.clause_zh}".strip() if chinese else rule.clause_zh
        basis = words.clauses([clause, term_wording.mark(words, rule)])
        found.append(
            Next(
                line.rule,
                _responsible(services, line),
                line.due,
                basis,
                line.lamp.value,
                line.left,
                f"/deadlines/{line.deadline.id}",
            )
        )
    return found


def _responsible(services: Services, line: term_wording.Line) -> str:
    who, words = line.deadline.responsible, services.words
    if who.username:
        return People(services.state).names([who.username]).get(who.username, who.username)
    if who.unit:
        unit = Units(services.state).get(who.unit)
        return words.name(unit.name) if unit else who.unit
    roles = [of for of in services.roles.by_id.values() if who.permission in of.permissions]
    return words.listed(of.said(words) for of in roles)


def exclusions(services: Services) -> list[Exclusion]:
    """The list to go through before something is submitted."""
    words = services.words
    return [
        Exclusion(words(f"duty.suggestion.ground-{of}"), words(f"duty.suggestions.basis-{of}"))
        for of in GROUNDS
    ]


def facts(services: Services, row: Row) -> Iterator[tuple[str, str]]:
    """Whatever is known of a suggestion beside its text: name and value."""
    words, names = services.words, units(services)
    people = People(services.state).names([row["lead"]])
    values = {
        "number": row["number"],
        "lead": people.get(row["lead"], row["lead"]),
        "topic": _choice(services, "topic", row["topic"]),
        "town": names.get(row["town"] or ""),
        "location": row["location"],
        "openness": _choice(services, "openness", row["openness"]),
        "session": _choice(services, "session", row["session"]),
        "submitted": row["submitted_day"],
        "unit": names.get(row["unit"] or ""),
        "wished_unit": None if row["unit"] else names.get(row["wished_unit"] or ""),
        "wished_contact": _choice(services, "wished_contact", row["wished_contact"]),
        "joint": row["joint"],
        "result": _choice(services, "result", row["result"]),
    }
    for name in FACTS:
        if values[name]:
            yield words(f"duty.suggestions.fact-{name}"), str(values[name])


def _choice(services: Services, name: str, value: str | None) -> str:
    return services.words(f"duty.suggestion.{name}-{value}") if value else ""


def units(services: Services) -> Mapping[str, str]:
    """Names of units by id, also of those that have ended."""
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}


def options(services: Services) -> Mapping[str, Options]:
    """The choices of the form, by field: values with their names."""
    words, today = services.words, day_of(services.now_ms())
    known = [of for of in Units(services.state).all() if of.span.holds(today)]

    def choices(name: str, values: Sequence[str]) -> Options:
        return [(of, words(f"duty.suggestion.{name}-{of}")) for of in values]

    towns = [(of.id, words.name(of.name)) for of in known if of.kind == "town"]
    handling = [(of.id, words.name(of.name)) for of in known if of.kind in HEARING]
    return {
        "openness": choices("openness", OPENNESS),
        "topic": choices("topic", TOPICS),
        "town": towns,
        "wished_unit": [*handling, *towns],
        "wished_contact": choices("wished_contact", CONTACTS),
    }
