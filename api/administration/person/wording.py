"""One person in words: appointments with their days, sessions, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.accounts.records import Span, Unit
from api.administration.appointed import role_said, span_said, units_said
from api.administration.person.records import File, Happened
from api.services import Services
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Line:
    """An appointment as its list shows it; ``state`` is past, present or future."""

    number: int
    title: str
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of what happened; ``tone`` is a colour of the pages."""

    at_ms: int
    title: str
    note: str
    tone: str = "gray"


def roles(services: Services, units: Mapping[str, Unit], file: File) -> list[Line]:
    """Roles, those in force first."""
    return _sorted(
        _line(services, kept.id, kept.of.span, role_said(services, units, kept.of))
        for kept in file.grants
    )


def memberships(services: Services, units: Mapping[str, Unit], file: File) -> list[Line]:
    """Units with posts, those of today first."""
    return _sorted(
        _line(services, kept.id, kept.of.span, units_said(services.words, units, [kept.of])[0])
        for kept in file.memberships
    )


def delegations(services: Services, file: File) -> list[Line]:
    """Who acts for whom, today's first."""
    t = services.words
    return _sorted(
        _line(
            services,
            kept.id,
            kept.of.span,
            t(
                "administration.person.acts-for",
                clerk=_named(file, kept.of.clerk),
                deputy=_named(file, kept.of.deputy),
            ),
        )
        for kept in file.delegations
    )


def moments(services: Services, file: File) -> list[Moment]:
    """Things that happened to the person, the newest first."""
    return [
        Moment(row.at_ms, _deed(services, row), _by(services, file, row)) for row in file.happened
    ]


def _deed(services: Services, row: Happened) -> str:
    key = f"audit.action.{row.action}"
    return services.words.texts.get(key, row.action)


def _by(services: Services, file: File, row: Happened) -> str:
    who = _named(file, row.who)
    if row.on_behalf:
        deputy = _named(file, row.on_behalf)
        return services.words("administration.person.by-for", who=who, deputy=deputy)
    return services.words("administration.person.by", who=who)


def _named(file: File, username: str) -> str:
    return f"{file.names[username]} ({username})" if username in file.names else username


def _line(services: Services, number: int, span: Span, title: str) -> Line:
    today = day_of(services.now_ms())
    if span.holds(today):
        state = "present"
    else:
        state = "future" if span.from_day and span.from_day > today else "past"
    return Line(number, title, span_said(services.words, span), state)


def _sorted(lines: Iterable[Line]) -> list[Line]:
    order = ("present", "future", "past")
    return sorted(lines, key=lambda line: (order.index(line.state), line.number))
