"""Forms: questions of five kinds, some of them shown only for answers of earlier ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

import msgspec

from config.vocabulary.errors import Fault

QuestionKind = Literal["one", "many", "scale", "text", "ranking"]
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
Values = tuple[str, ...]
"""An answer: ids of options, in the order of preference where that was asked; the step of a scale;
a text. Empty: the question was passed over.
"""
Answers = Mapping[str, Values]
"""By question, of those that were shown to somebody."""
MOST_QUESTIONS, MOST_OPTIONS, MOST_RANKED, MOST_SCREENS = 120, 20, 8, 3
LONGEST_TITLE, LONGEST_INTRO, LONGEST_QUESTION, LONGEST_OPTION = 100, 2000, 300, 100
LONGEST_TEXT, MOST_SCALE_STEPS = 1000, 10
MOST_TEXT = 8000
"""Characters that all texts of an anonymous ballot may have: each one rewrites those that wait."""
_WITH_OPTIONS = ("one", "many", "ranking")
_LEAST_OPTIONS = 2


class Condition(msgspec.Struct, frozen=True):
    """A question is shown where the answer of an earlier one has any of these values."""

    question: str
    values: tuple[str, ...]


class Option(msgspec.Struct, frozen=True):
    """One of the answers to choose from."""

    id: str
    text: str


class Question(msgspec.Struct, frozen=True):
    """A question. A scale goes from 1 to ``scale_steps``; ``about`` is the heading of questions
    that belong together, such as the name of a unit.
    """

    id: str
    kind: QuestionKind
    text: str
    options: tuple[Option, ...] = ()
    required: bool = True
    scale_steps: int = 5
    lowest: str = ""
    highest: str = ""
    longest: int = 500
    condition: Condition | None = None
    about: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that an answer may have; none of a text."""
        if self.kind == "scale":
            return tuple(str(step) for step in range(1, self.scale_steps + 1))
        return tuple(option.id for option in self.options)


class Form(msgspec.Struct, frozen=True):
    """A title, what it is for, and the questions in their order."""

    title: str
    intro: str = ""
    questions: tuple[Question, ...] = ()

    def question(self, question_id: str) -> Question | None:
        """One of them."""
        return next((one for one in self.questions if one.id == question_id), None)


def shown(form: Form, answers: Answers) -> list[Question]:
    """The questions that are shown to whoever gave these answers, in their order. An answer to a
    question that is not shown itself shows no other.
    """
    found: list[Question] = []
    valid: dict[str, Values] = {}
    for question in form.questions:
        condition = question.condition
        if condition and not set(condition.values) & set(valid.get(condition.question, ())):
            continue
        found.append(question)
        valid[question.id] = answers.get(question.id, ())
    return found


def screens(form: Form) -> list[list[Question]]:
    """The questions by screen: one that depends on an answer stands behind the screen on which
    that is given, so that it needs no script to be shown.
    """
    found: list[list[Question]] = [[]]
    screen_of: dict[str, int] = {}
    for question in form.questions:
        condition = question.condition
        if condition and screen_of.get(condition.question) == len(found) - 1:
            found.append([])
        found[-1].append(question)
        screen_of[question.id] = len(found) - 1
    return found


def faults(form: Form, *, anonymous: bool) -> list[Fault]:
    """All that keeps a form from being opened, each at its question's id."""
    return list(_faults(form, anonymous=anonymous))


def _faults(form: Form, *, anonymous: bool) -> Iterator[Fault]:
    if not form.questions:
        yield Fault("questions", "there are none", "add one")
    if len(form.questions) > MOST_QUESTIONS:
        yield Fault("questions", "there are too many", f"keep {MOST_QUESTIONS} at most")
    if form.questions and form.questions[0].condition:
        yield Fault(form.questions[0].id, "shows after no other", "show the first one always")
    earlier: dict[str, Question] = {}
    for question in form.questions:
        if question.id in earlier:
            yield Fault(question.id, "stands twice", "give it an id of its own")
        yield from _faults_of(question)
        yield from _faults_of_condition(question, earlier)
        earlier[question.id] = question
    if len(screens(form)) > MOST_SCREENS:
        remedy = "put questions that depend on others behind all that these depend on"
        yield Fault("questions", f"need more than {MOST_SCREENS} screens", remedy)
    texts = sum(one.longest for one in form.questions if one.kind == "text")
    if anonymous and texts > MOST_TEXT:
        remedy = f"allow {MOST_TEXT} characters in all at most"
        yield Fault("questions", "ask for too much text", remedy)


def _faults_of(question: Question) -> Iterator[Fault]:
    if not 0 < len(question.text) <= LONGEST_QUESTION:
        yield Fault(question.id, "has no text, or a long one", f"write 1 to {LONGEST_QUESTION}")
    if question.kind in _WITH_OPTIONS:
        yield from _faults_of_options(question)
    elif question.options:
        yield Fault(question.id, "has options that nobody sees", "leave them out")
    if question.kind == "scale" and not 2 <= question.scale_steps <= MOST_SCALE_STEPS:
        yield Fault(question.id, "has a wrong scale", f"take 2 to {MOST_SCALE_STEPS} steps")
    if question.kind == "text" and not 1 <= question.longest <= LONGEST_TEXT:
        yield Fault(question.id, "has a wrong bound", f"take 1 to {LONGEST_TEXT} characters")


def _faults_of_options(question: Question) -> Iterator[Fault]:
    most = MOST_RANKED if question.kind == "ranking" else MOST_OPTIONS
    if not _LEAST_OPTIONS <= len(question.options) <= most:
        yield Fault(question.id, "has too few options, or too many", f"give 2 to {most}")
    if any(not 0 < len(option.text) <= LONGEST_OPTION for option in question.options):
        yield Fault(question.id, "has an empty or long option", f"write 1 to {LONGEST_OPTION}")
    if _repeats([option.id for option in question.options]):
        yield Fault(question.id, "has two options of one id", "number them anew")
    if _repeats([option.text for option in question.options]):
        yield Fault(question.id, "has an option twice", "keep one of them")


def _repeats(values: Sequence[str]) -> bool:
    return len(set(values)) < len(values)


def _faults_of_condition(question: Question, earlier: Mapping[str, Question]) -> Iterator[Fault]:
    """A condition points backwards only, so that no questions wait for each other in a circle."""
    condition = question.condition
    if condition is None:
        return
    asked = earlier.get(condition.question)
    if asked is None:
        yield Fault(question.id, "depends on no earlier question", "move it behind that one")
    elif asked.kind in ("text", "ranking"):
        yield Fault(question.id, "depends on a text or an order", "choose another question")
    elif not condition.values or not set(condition.values) <= set(asked.values):
        remedy = "choose of those that there are"
        yield Fault(question.id, "depends on answers that there are not", remedy)
