"""Forms: questions of five kinds, some of them shown only for answers of earlier ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class FormFault(Fault):
    """A fault of a form at its question's id; ``key`` ends that of its words."""

    key: str = ""


_FAULTS: Mapping[str, tuple[str, str]] = {
    "none": ("there are none", "add one"),
    "many": ("there are too many", f"keep {MOST_QUESTIONS} at most"),
    "first": ("depends on another", "show the first question always"),
    "twice": ("stands twice", "give it an id of its own"),
    "screens": (
        f"need more than {MOST_SCREENS} screens",
        "put questions that depend on others behind all that these depend on",
    ),
    "much-text": ("ask for too much text", f"allow {MOST_TEXT} characters in all at most"),
    "text": ("has no text, or a long one", f"write 1 to {LONGEST_QUESTION} characters"),
    "no-options": ("has options that nobody sees", "leave them out"),
    "scale": ("has a wrong scale", f"take 2 to {MOST_SCALE_STEPS} steps"),
    "longest": ("has a wrong bound", f"take 1 to {LONGEST_TEXT} characters"),
    "options": ("has too few options, or too many", f"give 2 to {MOST_OPTIONS}"),
    "ranked": ("has too few options to rank, or too many", f"give 2 to {MOST_RANKED}"),
    "option": ("has an empty or long option", f"write 1 to {LONGEST_OPTION} characters"),
    "same": ("has an option twice", "keep one of them"),
    "behind": ("depends on no earlier question", "move it behind that one"),
    "on-text": ("depends on a text or an order", "choose another question"),
    "answers": ("depends on answers that there are not", "choose of those that there are"),
}
FAULT_KEYS = tuple(_FAULTS)


def faults(form: Form, *, anonymous: bool) -> list[FormFault]:
    """All that keeps a form from being opened."""
    return [
        FormFault(where, *_FAULTS[key], key) for where, key in _faults(form, anonymous=anonymous)
    ]


def _faults(form: Form, *, anonymous: bool) -> Iterator[tuple[str, str]]:
    if not form.questions:
        yield "questions", "none"
    elif form.questions[0].condition:
        yield form.questions[0].id, "first"
    if len(form.questions) > MOST_QUESTIONS:
        yield "questions", "many"
    earlier: dict[str, Question] = {}
    for question in form.questions:
        if question.id in earlier:
            yield question.id, "twice"
        found = (*_faults_of(question), *_faults_of_condition(question, earlier))
        yield from ((question.id, key) for key in found)
        earlier[question.id] = question
    if len(screens(form)) > MOST_SCREENS:
        yield "questions", "screens"
    texts = sum(one.longest for one in form.questions if one.kind == "text")
    if anonymous and texts > MOST_TEXT:
        yield "questions", "much-text"


def _faults_of(question: Question) -> Iterator[str]:
    if not 0 < len(question.text) <= LONGEST_QUESTION:
        yield "text"
    if question.kind in _WITH_OPTIONS:
        yield from _faults_of_options(question)
    elif question.options:
        yield "no-options"
    if question.kind == "scale" and not 2 <= question.scale_steps <= MOST_SCALE_STEPS:
        yield "scale"
    if question.kind == "text" and not 1 <= question.longest <= LONGEST_TEXT:
        yield "longest"


def _faults_of_options(question: Question) -> Iterator[str]:
    ranked, options = question.kind == "ranking", question.options
    if not _LEAST_OPTIONS <= len(options) <= (MOST_RANKED if ranked else MOST_OPTIONS):
        yield "ranked" if ranked else "options"
    if any(not 0 < len(option.text) <= LONGEST_OPTION for option in options):
        yield "option"
    if _repeats([of.id for of in options]) or _repeats([of.text for of in options]):
        yield "same"


def _repeats(values: Sequence[str]) -> bool:
    return len(set(values)) < len(values)


def _faults_of_condition(question: Question, earlier: Mapping[str, Question]) -> Iterator[str]:
    """A condition points backwards only, so that no questions wait for each other in a circle."""
    condition = question.condition
    if condition is None:
        return
    asked = earlier.get(condition.question)
    if asked is None:
        yield "behind"
    elif asked.kind in ("text", "ranking"):
        yield "on-text"
    elif not condition.values or not set(condition.values) <= set(asked.values):
        yield "answers"
