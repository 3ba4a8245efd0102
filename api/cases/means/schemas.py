"""Measures over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel

from api.cases.means.records import required
from api.procedures.procedure import Row


class MeasureState(BaseModel):
    """A step that the chosen means asks for. ``clause`` asks for it, ``start_day`` is the day of
    the meeting; its term is at ``…/procedure``. ``unit`` is empty where the office has to do it.
    """

    id: int
    version: int
    case_id: int
    state: str
    means: str
    name: str
    title: str
    clause: str
    unit: str
    start_day: date | None
    done_day: date | None
    note: str | None
    paper: str | None


def measure_state(row: Row) -> MeasureState:
    """A measure."""
    step = required(row["means"], row["name"])
    values: dict[str, Any] = {name: row[name] for name in MeasureState.model_fields if name in row}
    return MeasureState(**values, clause=step.clause_zh if step else "")
