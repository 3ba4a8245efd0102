"""Input of the office on surveys and their questions, and what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Literal, get_args

import msgspec
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.ballots.questions import (
    LONGEST_INTRO,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_OPTIONS,
    Condition,
    Form,
    Option,
    Question,
    QuestionKind,
)
from api.ballots.records import Audience, Design, Poll
from api.web.forms import LAST_DAY, NotAccepted, Typed
from config.vocabulary.errors import Fault

SurveyKind = Literal["survey", "assessment", "opinion"]
KINDS: tuple[SurveyKind, ...] = get_args(SurveyKind)
"""A questionnaire, an assessment of units, a call for opinion on a draft."""
MOST_UNITS = 40
RATINGS = ("satisfied", "fairly", "dissatisfied", "unknown")
"""Of an assessment; the words say those of the district."""
Names = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=500)]
Long = Annotated[str, StringConstraints(max_length=5000)]


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey of the office with its poll."""

    id: int
    state: str
    version: int
    kind: SurveyKind
    title: str
    poll: Poll

    def over(self, day: str) -> bool:
        """Whether its last day is behind, and nobody has closed it yet."""
        return self.state == "open" and self.poll.last_day < day


class Settings(BaseModel):
    """The form that makes a survey, and changes a draft. Kind, design and audience are chosen
    once.
    """

    model_config = ConfigDict(extra="forbid")
    title: Typed = ""
    intro: Long = ""
    kind: SurveyKind = "survey"
    design: Design = "named"
    audience: Audience = "deputies"
    units: Names = []
    last_day: Typed = ""
    version: Annotated[str, StringConstraints(max_length=10)] = ""

    def drafted(self, known: Collection[str], today: str) -> Poll:
        """A poll without questions; ``known`` are the units that there are.

        Raises:
            NotAccepted: something of it does not hold.
        """
        title, intro = " ".join(self.title.split()), self.intro.strip()
        if not 0 < len(title) <= LONGEST_TITLE or "\0" in title:
            raise _refused("title", "is blank or long", f"1 to {LONGEST_TITLE} signs", "title")
        if len(intro) > LONGEST_INTRO or "\0" in intro:
            raise _refused("intro", "is too long", f"at most {LONGEST_INTRO} signs", "intro")
        if self.audience == "public" and self.design == "named":
            raise _refused("design", "is named", "ask the public anonymously", "public")
        if unknown := set(self.units) - set(known):
            raise _refused("units", f"has no unit {min(unknown)!r}", "choose others", "units")
        if not today <= self.last_day <= LAST_DAY or not _is_day(self.last_day):
            raise _refused("last_day", "is no day ahead", f"give one from {today}", "day")
        units = () if self.audience == "public" else tuple(dict.fromkeys(self.units))
        form = Form(title, intro)
        return Poll(
            0, 0, 1, "draft", self.design, self.audience, units, self.last_day, form
        )  # fmt: skip


class WrittenQuestion(BaseModel):
    """The form of a question: options one a line; ``shown_for`` are answers of one earlier
    question, each as ``question:value``.
    """

    model_config = ConfigDict(extra="forbid")
    kind: QuestionKind = "one"
    text: Typed = ""
    options: Long = ""
    required: bool = False
    scale_steps: Typed = "5"
    lowest: Typed = ""
    highest: Typed = ""
    longest: Typed = "500"
    about: Typed = ""
    shown_for: Names = []

    def question(self, question_id: str) -> Question:
        """The question that it asks for; the form as a whole is checked before it is opened.

        Raises:
            NotAccepted: something cannot be read at all.
        """
        text = " ".join(self.text.split())
        if not text or "\0" in text:
            raise _refused("text", "is blank", "write the question", "text")
        lines = [" ".join(line.split()) for line in self.options.splitlines()]
        lines = [line for line in lines if line] if self.kind in ("one", "many", "ranking") else []
        if len(lines) > MOST_OPTIONS or len(set(lines)) < len(lines) or "\0" in self.options:
            raise _refused("options", "are many, or repeat", f"up to {MOST_OPTIONS}", "options")
        return Question(
            question_id,
            self.kind,
            text,
            tuple(Option(str(number), line) for number, line in enumerate(lines, 1)),
            self.required,
            _number("scale_steps", self.scale_steps, 2, 10) if self.kind == "scale" else 5,
            " ".join(self.lowest.split())[:40],
            " ".join(self.highest.split())[:40],
            _number("longest", self.longest, 1, LONGEST_TEXT) if self.kind == "text" else 500,
            self._condition(),
            " ".join(self.about.split())[:100],
        )

    def _condition(self) -> Condition | None:
        apart = [of.rpartition(":") for of in self.shown_for]
        asked = {question for question, _, _ in apart}
        if len(asked) > 1:
            raise _refused("shown_for", "names two questions", "choose of one", "condition")
        if not asked:
            return None
        return Condition(asked.pop(), tuple(value for _, _, value in apart))


def written_of(question: Question) -> WrittenQuestion:
    """The form as it would have been filled in for a question."""
    condition = question.condition
    return WrittenQuestion(
        kind=question.kind,
        text=question.text,
        options="\n".join(option.text for option in question.options),
        required=question.required,
        scale_steps=str(question.scale_steps),
        lowest=question.lowest,
        highest=question.highest,
        longest=str(question.longest),
        about=question.about,
        shown_for=[f"{condition.question}:{value}" for value in condition.values]
        if condition
        else [],
    )


def with_question(form: Form, question: Question) -> Form:
    """A form with a question changed, or added at the end."""
    if form.question(question.id) is None:
        return _asking(form, (*form.questions, question))
    return _asking(form, [question if of.id == question.id else of for of in form.questions])


def without_question(form: Form, question_id: str) -> Form:
    """A form without a question."""
    return _asking(form, [of for of in form.questions if of.id != question_id])


def moved(form: Form, question_id: str, by: int) -> Form:
    """A form with a question further up or down."""
    every = list(form.questions)
    at = next((n for n, of in enumerate(every) if of.id == question_id), None)
    if at is None:
        return form
    every.insert(max(0, at + by), every.pop(at))
    return _asking(form, every)


def fresh_id(form: Form) -> str:
    """The id of the next question: no id is used twice, so that conditions stay what they were."""
    numbers = [int(of.id[1:]) for of in form.questions if of.id[1:].isdecimal()]
    return f"q{max(numbers, default=0) + 1}"


def about_units(
    form: Form, names: Sequence[str], text: str, ratings: Sequence[str], reason: str
) -> Form:
    """A form that asks the same of each unit: how satisfied, and why where somebody is not. Units
    stand in the order given, the official one; the reasons stand behind all of them.
    """
    options = tuple(Option(str(number), of) for number, of in enumerate(ratings, 1))
    asked: list[Question] = []
    for name in names:
        question_id = fresh_id(_asking(form, (*form.questions, *asked)))
        asked.append(Question(question_id, "one", text, options, about=name))
    reasons: list[Question] = []
    for of in asked:
        question_id = fresh_id(_asking(form, (*form.questions, *asked, *reasons)))
        condition = Condition(of.id, (str(RATINGS.index("dissatisfied") + 1),))
        reasons.append(
            Question(
                question_id,
                "text",
                reason,
                required=False,
                longest=150,
                condition=condition,
                about=of.about,
            )
        )
    return _asking(form, (*form.questions, *asked, *reasons))


def titled(poll: Poll, settings: Poll) -> Poll:
    """A draft with other settings and the questions that it has."""
    form = msgspec.structs.replace(poll.form, title=settings.form.title, intro=settings.form.intro)
    return replace(poll, units=settings.units, last_day=settings.last_day, form=form)


def _asking(form: Form, questions: Sequence[Question]) -> Form:
    return msgspec.structs.replace(form, questions=tuple(questions))


def _number(field: str, text: str, least: int, most: int) -> int:
    if text.strip().isdecimal() and least <= int(text.strip()[:6]) <= most:
        return int(text)
    raise _refused(field, f"{text[:10]!r} is no such number", f"give {least} to {most}", "number")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _refused(field: str, what: str, remedy: str, key: str) -> NotAccepted:
    return NotAccepted(Fault(field, what, remedy), key)
