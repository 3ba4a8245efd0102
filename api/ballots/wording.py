"""Questions as pages show them: a screen to answer, the next one, and results in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.ballots import answers as sheets
from api.ballots.questions import Answers, Form, Question, Values, screens, shown
from api.ballots.results import SKIPPED, Cell, Result
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a page with what was given; ``heading`` stands above it where a new group
    begins, ``wrong`` says what does not hold.
    """

    question: Question
    values: Values
    numbers: Mapping[str, str]
    heading: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One of ``count`` screens at most, both from 1 as people count; ``carried`` are the fields of
    all others.
    """

    asked: Sequence[Asked]
    number: int
    count: int
    carried: Sequence[tuple[str, str]] = ()

    @property
    def last(self) -> bool:
        """Whether the answers are given with it, whatever they are."""
        return self.number == self.count


def pages(form: Form, answers: Answers) -> list[list[Question]]:
    """The screens that somebody with these answers sees, at least one."""
    visible = {question.id for question in shown(form, answers)}
    found = [[of for of in screen if of.id in visible] for screen in screens(form)]
    return [screen for screen in found if screen] or [[]]


def screen(
    words: Words, form: Form, answers: Answers, number: int, wrong: sheets.Wrong | None = None
) -> Screen:
    """A screen of a form, or the nearest that there is."""
    every = pages(form, answers)
    number = max(1, min(number, len(every)))
    here = every[number - 1]
    names = {question.id for question in here}
    others = {name: values for name, values in answers.items() if name not in names}
    asked, group = [], ""
    for question in here:
        heading = question.about if question.about != group else ""
        group = question.about
        values = answers.get(question.id, ())
        key = (wrong or {}).get(question.id, "")
        asked.append(
            Asked(
                question,
                values,
                sheets.numbers_of(values) if question.kind == "ranking" else {},
                heading,
                words(f"ballots.wrong-{key}") if key else "",
            )
        )
    return Screen(asked, number, len(screens(form)), sheets.fields(form, others))


def said(words: Words, question: Question, values: Values) -> str:
    """An answer in words."""
    if not values:
        return words("ballots.skipped")
    texts = {option.id: option.text for option in question.options}
    named = [texts.get(value, value) for value in values]
    return " > ".join(named) if question.kind == "ranking" else words.listed(named)


def option(words: Words, question: Question, value: str) -> str:
    """The words of one answer."""
    if value == SKIPPED:
        return words("ballots.skipped")
    return said(words, question, (value,))


def counted(words: Words, result: Result, cell: Cell) -> str:
    """A count with its share, or that it is hidden."""
    if cell.count is None:
        return words("ballots.hidden")
    if not result.shown_to:
        return words("ballots.count", n=cell.count)
    percent = f"{100 * cell.count / result.shown_to:.0f}"
    return words("ballots.share", n=cell.count, percent=percent)


@dataclass(frozen=True, slots=True)
class CellLine:
    """An answer with its count as a page shows it; ``mean`` is that of a rank."""

    value: str
    text: str
    count: int | None
    said: str
    mean: str = ""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result as a page shows it, with a heading where a new group begins."""

    result: Result
    heading: str
    cells: Sequence[CellLine]


def result_lines(words: Words, results: Sequence[Result]) -> list[ResultLine]:
    """Results in the order of the form: units stand in the official order, never by a rate."""
    found, group = [], ""
    for result in results:
        question = result.question
        heading = question.about if question.about != group else ""
        group = question.about
        cells = [_cell(words, result, cell) for cell in result.cells]
        found.append(ResultLine(result, heading, cells))
    return found


def _cell(words: Words, result: Result, cell: Cell) -> CellLine:
    mean = (result.means or {}).get(cell.value)
    return CellLine(
        cell.value,
        option(words, result.question, cell.value),
        cell.count,
        counted(words, result, cell),
        words("ballots.mean-rank", mean=f"{mean:.1f}") if mean is not None else "",
    )
