"""Surveys as programs see them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.ballots.questions import LONGEST_TEXT, MOST_QUESTIONS
from api.platforms.duty.surveys.actions.answering import Own
from api.platforms.duty.surveys.actions.making import Outcome
from api.platforms.duty.surveys.records import Survey

Value = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class OptionState(BaseModel):
    """One of the answers to choose from."""

    id: str
    text: str


class ConditionState(BaseModel):
    """A question is shown where the answer of an earlier one has any of these values."""

    question: str
    values: list[str]


class QuestionState(BaseModel):
    """A question. Answers are ids of options, in their order where ``kind`` is ``ranking``; a step
    of a scale from 1; a text. An empty list passes it over.
    """

    id: str
    kind: str
    text: str
    about: str
    required: bool
    options: list[OptionState]
    scale_steps: int
    longest: int
    condition: ConditionState | None


class SurveyState(BaseModel):
    """A survey that the caller is asked. ``answered_day`` is null before they did; ``answers`` are
    their named ones, null where there are none.
    """

    id: int
    kind: str
    title: str
    introduction: str
    anonymous: bool
    version: int
    last_day: str
    open: bool
    answered_day: str | None
    questions: list[QuestionState]
    answers: dict[str, list[str]] | None


class GivenAnswers(BaseModel):
    """By question the answers of all questions that they show."""

    model_config = ConfigDict(extra="forbid")
    answers: Annotated[
        dict[str, Annotated[list[Value], Field(max_length=20)]], Field(max_length=MOST_QUESTIONS)
    ]


class CellState(BaseModel):
    """How many gave an answer, empty: passed the question over. Null: it is hidden."""

    value: str
    count: int | None


class ResultState(BaseModel):
    """The answers to one question; ``shown_to`` is null where all of it is hidden."""

    question: str
    shown_to: int | None
    cells: list[CellState]
    texts: list[str]
    texts_hidden: bool
    mean: float | None
    mean_ranks: dict[str, float] | None


class ResultsState(BaseModel):
    """The results of a survey."""

    asked: int
    answered: int
    results: list[ResultState]


def survey_state(own: Own, today: str) -> SurveyState:
    """A survey for whoever is asked."""
    survey, response = own.survey, own.response
    given = {name: list(values) for name, values in response.answers.items()} if response else None
    return SurveyState(
        id=survey.id,
        kind=survey.kind,
        title=survey.title,
        introduction=survey.poll.form.intro,
        anonymous=survey.poll.anonymous,
        version=survey.poll.version,
        last_day=survey.poll.last_day,
        open=survey.poll.takes_answers(today),
        answered_day=own.answered or None,
        questions=_questions(survey),
        answers=given,
    )


def _questions(survey: Survey) -> list[QuestionState]:
    return [
        QuestionState(
            id=of.id,
            kind=of.kind,
            text=of.text,
            about=of.about,
            required=of.required,
            options=[OptionState(id=option.id, text=option.text) for option in of.options],
            scale_steps=of.scale_steps,
            longest=of.longest,
            condition=ConditionState(
                question=of.condition.question, values=list(of.condition.values)
            )
            if of.condition
            else None,
        )
        for of in survey.poll.form.questions
    ]


def results_state(outcome: Outcome) -> ResultsState:
    """The results of a survey."""
    return ResultsState(
        asked=outcome.asked,
        answered=outcome.answered,
        results=[
            ResultState(
                question=of.question.id,
                shown_to=of.shown_to,
                cells=[CellState(value=cell.value, count=cell.count) for cell in of.cells],
                texts=list(of.texts),
                texts_hidden=of.texts_hidden,
                mean=of.mean,
                mean_ranks=dict(of.means) if of.means is not None else None,
            )
            for of in outcome.results
        ],
    )
