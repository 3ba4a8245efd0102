"""Results: how often which answer was given. Of anonymous polls nothing is shown that tells of
fewer than five people, nor of all but fewer than five. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from api.ballots.box import GROUP
from api.ballots.questions import Form, Question, Values

SKIPPED = ""
"""The cell of those who passed a question over."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many gave an answer; None: it is hidden."""

    value: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The answers to one question. ``shown_to`` is how many people had it before them, None where
    that is hidden, and all else with it. ``mean`` is that of a scale, ``means`` of an order by
    option; texts come in no order.
    """

    question: Question
    shown_to: int | None
    cells: tuple[Cell, ...] = ()
    texts: tuple[str, ...] = ()
    mean: float | None = None
    means: Mapping[str, float] | None = None
    texts_hidden: bool = False

    @property
    def hidden(self) -> bool:
        """Whether something of it is not shown."""
        return (
            self.shown_to is None
            or self.texts_hidden
            or any(cell.count is None for cell in self.cells)
        )


def results(form: Form, given: Mapping[str, Sequence[Values]], *, anonymous: bool) -> list[Result]:
    """By question, in the order of the form. ``given`` has every answer of everybody to whom the
    question was shown, also the empty ones.
    """
    found: dict[str, Result] = {}
    for question in form.questions:
        answers = given.get(question.id, ())
        if anonymous and _hides(question, answers, found):
            found[question.id] = Result(question, None)
        else:
            found[question.id] = _result(question, answers, anonymous=anonymous)
    return list(found.values())


def _hides(question: Question, answers: Sequence[Values], before: Mapping[str, Result]) -> bool:
    """Too few had it before them; or how many did would tell how many gave an answer that is
    hidden itself.
    """
    condition = question.condition
    if condition is not None:
        asked = before[condition.question]
        if asked.shown_to is None or asked.hidden or 0 < asked.shown_to - len(answers) < GROUP:
            return True
    return len(answers) < GROUP


def _result(question: Question, answers: Sequence[Values], *, anonymous: bool) -> Result:
    total = len(answers)
    if question.kind == "text":
        texts = tuple(values[0] for values in answers if values)
        few = anonymous and len(texts) < GROUP
        return Result(question, total, texts=() if few else texts, texts_hidden=few)
    counted = _counted(question, answers)
    if not anonymous:
        kept: Mapping[str, int | None] = counted
    elif question.kind == "many":
        kept = _each_hidden(counted, total)
    else:
        kept = _hidden(counted)
    cells = tuple(Cell(value, count) for value, count in kept.items())
    whole = all(cell.count is not None for cell in cells)
    return Result(
        question,
        total,
        cells,
        mean=_mean(answers) if question.kind == "scale" and whole else None,
        means=_means(question, answers) if question.kind == "ranking" and whole else None,
    )


def _counted(question: Question, answers: Sequence[Values]) -> dict[str, int]:
    """By value; of an order the first one counts."""
    found = dict.fromkeys((*question.values, *(() if question.required else (SKIPPED,))), 0)
    for values in answers:
        for value in (values if question.kind == "many" else values[:1]) or (SKIPPED,):
            found[value] = found.get(value, 0) + 1
    return found


def _each_hidden(counted: Mapping[str, int], total: int) -> dict[str, int | None]:
    """Each option by itself is an answer yes or no."""
    return {
        value: None if 0 < count < GROUP or 0 < total - count < GROUP else count
        for value, count in counted.items()
    }


def _hidden(counted: Mapping[str, int]) -> dict[str, int | None]:
    """Cells that make up a whole. With the small ones others are hidden, so that nobody finds the
    small ones by taking the others from the whole: every one below a bound, which depends on what
    is shown alone; where that does not do, all of them.
    """
    hidden: Collection[str] = ()
    if any(0 < count < GROUP for count in counted.values()):
        hidden = _below_a_bound(counted)
    return {value: None if value in hidden else count for value, count in counted.items()}


def _below_a_bound(counted: Mapping[str, int]) -> Collection[str]:
    total, bound, least = sum(counted.values()), 2 * GROUP, 1
    while total >= bound:
        hidden = {value for value, count in counted.items() if 0 < count < bound}
        others = len(hidden) - 1
        if others:
            # Several small numbers must make the sum: neither the least nor the most it can be.
            together = sum(counted[of] for of in hidden)
            lowest = 2 * len(hidden) if least == 1 else others * least + 2
            highest = others * (bound - 1) + GROUP - 2
            return hidden if lowest <= together <= highest else set(counted)
        bound, least = 2 * bound, bound
    return set(counted)


def _mean(answers: Sequence[Values]) -> float | None:
    steps = [int(values[0]) for values in answers if values]
    return sum(steps) / len(steps) if steps else None


def _means(question: Question, answers: Sequence[Values]) -> Mapping[str, float]:
    orders = [values for values in answers if values]
    if not orders:
        return {}
    return {
        option: sum(values.index(option) + 1 for values in orders) / len(orders)
        for option in question.values
    }
