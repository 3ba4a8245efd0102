"""Statutory dates of a year in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.deadlines import wording as deadline_wording
from api.deadlines.records import Deadline
from api.platforms.budget.year.records import Act, Entered, Year
from api.web.tables import Heads, Sheet
from config.catalogue.words import Words

HEADS = Heads(
    "budget.year.column",
    ("due", "duty", "from", "clause", "state", "met"),
    {"due": "day", "met": "day"},
)


@dataclass(frozen=True, slots=True)
class Line:
    """A deadline of the list: how it stands, its law with the clause, and whether it is open."""

    standing: deadline_wording.Line
    clause: str
    open: bool


def of_year(words: Words, year: int) -> str:
    """A year, as its deadlines call it."""
    return words("budget.year.of-year", year=year)


def of_day(words: Words, of: Entered) -> str:
    """A day that was entered, as its deadlines call it."""
    said = occasion(words, of)
    return words("budget.year.of-day", occasion=said, day=of.day)


def occasion(words: Words, of: Entered) -> str:
    """With its note, where there is one."""
    name = words(f"budget.year.occasion-{of.occasion}")
    return words("budget.year.noted", occasion=name, note=of.note) if of.note else name


def lines(words: Words, year: Year, now_ms: int) -> Sequence[Line]:
    """Deadlines of a year, the first due first."""
    return [_line(words, of, now_ms) for of in year.deadlines]


def _line(words: Words, of: Deadline, now_ms: int) -> Line:
    return Line(deadline_wording.line(words, of, now_ms), _clause(words, of), of.open)


def _clause(words: Words, of: Deadline) -> str:
    return words("budget.year.clause", law=of.rule.law_zh, clause=of.rule.clause_zh)


def acts(words: Words, of: Sequence[Act], names: Mapping[str, str]) -> Sequence[str]:
    """Moves of an entry, the first one first."""
    return [
        words(
            "budget.year.moved",
            before=act.before,
            after=act.after,
            who=names.get(act.who, act.who),
            why=act.why,
        )
        for act in of
        if act.kind == "moved"
    ]


def table(words: Words, year: Year, now_ms: int) -> Sheet:
    """The same for a spreadsheet."""
    rows = [
        (
            of.standing.deadline.reckoned.due.isoformat(),
            of.standing.rule,
            of.standing.deadline.title,
            of.clause,
            of.standing.lamp_name if of.open else of.standing.left,
            deadline_wording.moment(of.standing.deadline.met_ms, of.standing.deadline) or None,
        )
        for of in lines(words, year, now_ms)
    ]
    return HEADS.sheet(words, of_year(words, year.year), rows)
