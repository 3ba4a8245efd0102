"""Points on the list of rectification in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.cases.questions.wording import units
from api.evidence.wording import said
from api.procedures.procedure import Row
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Line:
    """A point as lists show it: ``proof`` says which evidence is watched for it, ``late`` where
    nobody reported in time.
    """

    row: Row
    unit: str
    state: str
    late: bool
    proof: str


def lines(services: Services, roster: Sequence[Platform], rows: Iterable[Row]) -> list[Line]:
    """Points as lists show them."""
    names, today = dict(units(services)), date.fromisoformat(day_of(services.now_ms()))
    return [
        Line(
            row,
            names.get(row["unit"], ""),
            services.words(f"cases.rectification.state-{row['state']}"),
            row["state"] == "open" and row["due_day"] < today,
            said(services, roster, row["evidence"]),
        )
        for row in rows
    ]
