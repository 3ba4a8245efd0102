"""The workbench of a person at an instant. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.ports import Summary, Todo
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing that waits for the person, and the slug of its platform."""

    platform: str
    todo: Todo

    @property
    def urgency(self) -> tuple[bool, int]:
        """Terms by their end, and behind them what has none by its age."""
        due_ms = self.todo.due_ms
        return (due_ms is None, self.todo.since_ms if due_ms is None else due_ms)


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows; ``silent`` are platforms that failed, ``late`` those that did not
    answer in time.
    """

    waiting: Sequence[Waiting]
    summaries: Sequence[Summary]
    silent: Sequence[str]
    late: Sequence[str]


def days_left(due_ms: int, now_ms: int) -> int:
    """Days of the district's calendar until the day of an instant; 0: today, below: it is over. A
    day's end belongs to the day.
    """
    due, today = (date.fromisoformat(day_of(at_ms)) for at_ms in (due_ms - 1, now_ms))
    return (due - today).days
