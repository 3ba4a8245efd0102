"""Measures in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.accounts.repositories.units import Units
from api.cases.means import actions
from api.cases.means.records import required
from api.deadlines import wording as terms
from api.procedures.procedure import Row
from api.services import Services


@dataclass(frozen=True, slots=True)
class Line:
    """A measure as lists show it: ``who`` has to do it, ``clause`` asks for it, ``term`` is its
    lamp where it has one.
    """

    row: Row
    title: str
    clause: str
    who: str
    state: str
    term: terms.Line | None


def lines(services: Services, rows: Iterable[Row]) -> list[Line]:
    """Measures as lists show them."""
    names = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    return [_line(services, names, row) for row in rows]


def _line(services: Services, names: dict[str, str], row: Row) -> Line:
    words, now_ms = services.words, services.now_ms()
    step, title = required(row["means"], row["name"]), row["title"]
    if step is not None and words.language != "zh-CN":
        title = title.replace(step.title_zh, step.title_en)
    term = actions.term(services, row)
    return Line(
        row,
        title,
        step.clause_zh if step else "",
        names.get(row["unit"]) or words("cases.means.office"),
        words(f"cases.measure.state-{row['state']}"),
        terms.line(words, term, now_ms) if term and row["state"] in ("planned", "done") else None,
    )
