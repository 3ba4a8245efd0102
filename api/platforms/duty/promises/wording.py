"""Promises in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.deadlines.wording import Line
from api.evidence import wording as evidence
from api.procedures.procedure import Row
from api.services import Services
from api.shape import Platform


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise as lists show it. ``thing`` is the title of its suggestion; ``proof`` says what is
    watched for it.
    """

    row: Row
    thing: str
    unit: str
    state: str
    term: Line | None
    proof: str


def line(
    services: Services,
    roster: Sequence[Platform],
    units: Mapping[str, str],
    row: Row,
    term: Line | None,
) -> PromiseLine:
    """A promise as it stands."""
    return PromiseLine(
        row,
        row["title"].removesuffix(f"：{row['measure']}"),
        units.get(row["unit"], row["unit"]),
        services.words(f"duty.promise.state-{row['state']}"),
        term,
        evidence.said(services, roster, row["evidence"]),
    )
