"""Problems of an audit that a unit has again, in other words."""

from __future__ import annotations

from simulators.treasury.auditing import Matter, found, matters
from simulators.treasury.books import Problem
from simulators.treasury.plants.field import ExhaustedError, Field
from simulators.treasury.plants.kinds import Kind
from simulators.treasury.units import Unit

NAME = "audit-problem-returns"


def _had(field: Field, unit: Unit) -> set[str]:
    """Starts of the problems that a unit has."""
    return {one.text[:6] for one in field.books.problems if one.unit is unit}


def _free(field: Field) -> tuple[Unit, Matter]:
    """A unit, and a matter that it never had."""
    known = matters()
    for unit in field.drawn.sample(field.books.units, len(field.books.units)):
        had = _had(field, unit)
        free = [one for one in known if not any(words[:6] in had for words in one.words)]
        if free:
            return unit, field.drawn.choice(free)
    raise ExhaustedError


def _two_years(field: Field) -> tuple[int, int]:
    first, second = sorted(field.drawn.sample(field.days.years, 2))
    return first, second


def _again(field: Field) -> None:
    drawn = field.drawn
    (unit, matter), years = _free(field), _two_years(field)
    words = drawn.sample(matter.words, 2)
    if not field.hard and drawn.random() < 0.25:
        words[1] = words[0]
    made = [
        found(field.books, unit, year, matter, text, drawn)
        for year, text in zip(years, words, strict=True)
    ]
    made[0].state, made[0].rectified_on = "已整改", made[0].due_on
    note = f"found in {years[0]} and rectified, found again in {years[1]}"
    field.fault(NAME, [], unit, years[1], note, rows=made)


def _innocent(field: Field, made: list[Problem], reason: str) -> None:
    field.innocent(NAME, [], made[-1].unit, made[-1].year, reason, rows=made)


def _neighbour(field: Field) -> None:
    """The same words, another unit."""
    drawn = field.drawn
    (unit, matter), (first, second) = _free(field), _two_years(field)
    had = [other for other in field.books.units if other is not unit]
    other = next(
        (
            one
            for one in drawn.sample(had, len(had))
            if not any(words[:6] in _had(field, one) for words in matter.words)
        ),
        None,
    )
    if other is None:
        raise ExhaustedError
    words = drawn.choice(matter.words)
    made = [
        found(field.books, unit, first, matter, words, drawn),
        found(field.books, other, second, matter, words, drawn),
    ]
    _innocent(field, made, "the same problem of two units")


def _of_the_kind(field: Field) -> None:
    """Another problem of the same kind."""
    drawn = field.drawn
    (unit, matter), (first, second) = _free(field), _two_years(field)
    had = _had(field, unit)
    others = [
        one
        for one in matters()
        if one.kind == matter.kind
        and one != matter
        and not any(words[:6] in had for words in one.words)
    ]
    if not others:
        raise ExhaustedError
    made = [
        found(field.books, unit, year, one, drawn.choice(one.words), drawn)
        for year, one in zip((first, second), (matter, others[0]), strict=True)
    ]
    _innocent(field, made, "another problem of the same kind")


def _continued(field: Field) -> None:
    """The same problem, entered again while it is still being rectified."""
    drawn = field.drawn
    (unit, matter), years = _free(field), _two_years(field)
    words = drawn.choice(matter.words)
    made = [
        found(field.books, unit, years[0], matter, words, drawn),
        found(field.books, unit, years[1], matter, f"（跟踪{years[0]}年度问题）{words}", drawn),
    ]
    for one in made:
        one.state, one.rectified_on = "持续整改", None
    _innocent(field, made, "an old problem followed up, not a new one")


KIND = Kind(NAME, 0.7, 0, _again, (_neighbour, _of_the_kind, _continued))
