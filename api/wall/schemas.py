"""The wall as programs read it; instants in UTC epoch ms."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from api.ports import Tone
from api.services import Services
from api.wall.records import Board, Mark


class FigureState(BaseModel):
    """A number of a platform; null where it stays hidden because it is below ``least``."""

    platform: str
    name: str
    number: int | None
    least: int
    path: str


class StationState(BaseModel):
    """A station and how it is marked: by the gravest of its alerts, calm, or unknown."""

    station: str
    mark: Mark


class OverdueState(BaseModel):
    """Terms of a platform that are over, and the day on which the first was due."""

    platform: str
    count: int
    first_due: date


class CaseState(BaseModel):
    """The newest case that everybody who sees the wall may know of."""

    number: str
    title: str
    path: str
    opened_ms: int


class WallState(BaseModel):
    """The whole wall. ``silent`` are platforms that failed or did not answer in time; ``case`` is
    null where there is none, or none that may be named, and ``hidden_cases`` counts these.
    """

    tone: Tone
    stations: list[StationState]
    alerts: int
    polluted: int
    figures: list[FigureState]
    silent: list[str]
    overdue: list[OverdueState]
    case: CaseState | None
    hidden_cases: int


def state_of(services: Services, board: Board) -> WallState:
    """With the names in the language of the services."""
    newest = board.cases.newest if board.cases else None
    return WallState(
        tone=board.tone,
        stations=[StationState(station=of.station.id, mark=of.mark) for of in board.spots],
        alerts=board.alert_count,
        polluted=board.polluted,
        figures=[
            FigureState(
                platform=panel.platform,
                name=services.words(of.words),
                number=of.number,
                least=of.least,
                path=of.path,
            )
            for panel in board.panels
            for of in panel.figures
        ],
        silent=list(board.silent),
        overdue=[
            OverdueState(platform=of.platform, count=of.count, first_due=of.first_due)
            for of in board.overdue
        ],
        case=CaseState(
            number=newest.number,
            title=newest.title,
            path=newest.path,
            opened_ms=newest.opened_ms,
        )
        if newest
        else None,
        hidden_cases=board.cases.hidden if board.cases else 0,
    )
