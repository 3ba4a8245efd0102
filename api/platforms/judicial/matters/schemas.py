"""Matters over the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.matters.records import LONGEST_TITLE, KindName, Line
from api.platforms.judicial.matters.wording import MatterLine, Station
from api.ports import Lamp


class Opened(BaseModel):
    """A matter to be begun; ``unit`` is the id of the body."""

    model_config = ConfigDict(extra="forbid")
    kind: KindName
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    unit: Annotated[str, Field(max_length=40)]


class WaitState(BaseModel):
    """A step that is waited for, and by whom it is to be taken."""

    step: str
    title: str
    who: str


class StationState(BaseModel):
    """A state on the way: done, now or to-come."""

    state: str
    title: str
    progress: str


class LineState(BaseModel):
    """A group of an inspection with its members, or a finding with its clause."""

    sort: str
    label: str
    text: str


class MatterState(BaseModel):
    """A matter as lists have it: without the days of answers, by which bodies are not to be
    compared. ``due_ms`` and ``lamp`` are of the first due of the terms that run.
    """

    id: int
    kind: KindName
    title: str
    unit: str
    unit_name: str
    state: str
    state_title: str
    waits: list[WaitState]
    opened_ms: int
    due_ms: int | None
    lamp: Lamp | None


class WholeMatter(MatterState):
    """A matter by itself, with its way, and the groups and findings of an inspection.
    ``answer_day`` is set by a resolution or decision, null where none set it.
    """

    requests: str | None
    meeting: str | None
    meeting_day: date | None
    report: str | None
    law: str | None
    plan: str | None
    from_day: date | None
    until_day: date | None
    class_of: str | None
    cases: str | None
    period: str | None
    problem: str | None
    decided_meeting: str | None
    decided_day: date | None
    decided: str | None
    opinions: str | None
    opinions_of: str | None
    basis: str | None
    answer_day: date | None
    answer: str | None
    answered_day: date | None
    evaluated_meeting: str | None
    evaluated_day: date | None
    evaluated: str | None
    rating: str | None
    further: str | None
    way: list[StationState]
    lines: list[LineState]


class MattersState(BaseModel):
    """A page of matters, the newest first."""

    matters: list[MatterState]
    total: int
    page: int
    pages: int


def matter_state(of: MatterLine) -> MatterState:
    """A matter as a list has it."""
    return MatterState.model_validate(_values(of, MatterState))


def whole(of: MatterLine, way: Iterable[Station], lines: Iterable[Line]) -> WholeMatter:
    """A matter by itself."""
    stations = [
        StationState(state=one.state, title=one.title, progress=one.progress) for one in way
    ]
    written = [LineState(sort=one.sort, label=one.label, text=one.text) for one in lines]
    own = {**_values(of, WholeMatter), "way": stations, "lines": written}
    return WholeMatter.model_validate(own)


def _values(of: MatterLine, shape: type[MatterState]) -> dict[str, object]:
    """The fields of a shape that are columns of the row, and those of its line."""
    own = {name: of.row[name] for name in shape.model_fields if name in of.row}
    return own | {
        "unit_name": of.unit,
        "state_title": of.state,
        "waits": [WaitState(step=one.step, title=one.title, who=one.who) for one in of.waits],
        "due_ms": of.term.deadline.reckoned.due_ms if of.term else None,
        "lamp": of.term.lamp.value if of.term else None,
    }
