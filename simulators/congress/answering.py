"""A unit's answer to a suggestion, and the promise in it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Literal

from simulators.congress.days import Calendar
from simulators.congress.grammar import said
from simulators.congress.matters import Matter
from simulators.congress.records import Outcome, Promise
from simulators.congress.writing import phrases

Grade = Literal["A", "B", "C", "D"]
_OUTCOMES: tuple[Outcome, ...] = ("kept", "late", "broken")


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom, on what, about which contact, and with whose co-opinions an answer is."""

    matter: Matter
    deputy_name: str
    title: str
    contacted_on: date | None
    co_names: tuple[str, ...]


def promise_of(
    matter: Matter, grade: Grade, answered_on: date, days: Calendar, drawn: random.Random
) -> Promise | None:
    """Of an answer: nearly always in class B, now and then in class C."""
    if drawn.random() >= {"A": 0.0, "B": 0.92, "C": 0.2, "D": 0.0}[grade]:
        return None
    due_on = days.month_end(answered_on, drawn.choice((2, 3, 4, 6, 6, 9, 12)))
    outcome = drawn.choices(_OUTCOMES, (62, 16, 22))[0]
    settled_on = None
    if outcome == "kept":
        settled_on = days.working(due_on.replace(day=drawn.randint(1, 15)))
    elif outcome == "late":
        settled_on = days.after(due_on, drawn.randint(3, 90))
    return Promise(matter.done, matter.measure, due_on, outcome, settled_on)


def answer_text(
    to: Addressed, number: int, grade: Grade, promise: Promise | None, drawn: random.Random
) -> str:
    """The first or a further answer as the unit sends it."""
    known = phrases()["answer"]
    day = to.contacted_on
    until = promise.due_on if promise else None
    named = {
        "D": to.deputy_name,
        "N": to.title,
        "C": "、".join(to.co_names) or "相关单位",
        "V": f"{day.month}月{day.day}日" if day else "",
        "M": to.matter.done,
        "E": to.matter.measure,
        "R": to.matter.reason,
        "W": f"{until.year}年{until.month}月底" if until else "明年年底",
    }
    heads = ["opening" if number == 1 else "again", "contact" if day else "facts"]
    parts = [known[head] for head in (*heads, grade, "closing")]
    text = "\n".join(said(drawn.choice(part), drawn, named) for part in parts)
    if promise and grade != "B":
        text += f"\n我单位承诺于{named['W']}前{named['E']}。"
    return text
