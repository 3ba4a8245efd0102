"""Surveys in words: lines of lists, questions of the office's page, tables to take along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.ballots import wording as ballots
from api.ballots.box import GROUP
from api.ballots.questions import Form, FormFault, Question
from api.ballots.records import Response
from api.ballots.results import Result
from api.ballots.wording import Asked, Screen
from api.kinds.reports import Cell as PaperCell
from api.kinds.reports import Column as PaperColumn
from api.kinds.reports import Figure, Means, Paper, Section, Table
from api.platforms.duty.surveys.records import Settings, Survey
from api.services import Services
from api.web.forms import NotAccepted
from api.web.tables import Column, Sheet, Value, ValueKind
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

_KINDS: Mapping[str, ValueKind] = {"count": "count", "share": "percent"}


@dataclass(frozen=True, slots=True)
class Line:
    """A survey in a list: its marks, and how many have answered."""

    survey: Survey
    tags: Sequence[str]
    answered: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question on the office's page: its number, kind and options, and for whom it is asked."""

    question: Question
    number: int
    kind: str
    options: str
    only: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer of an earlier question for which another one may be asked."""

    value: str
    said: str


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's answers in a list."""

    response: Response
    said: Sequence[tuple[str, str]]


def line(services: Services, survey: Survey, asked: int, answered: int) -> Line:
    """A survey in a list."""
    t, poll = services.words, survey.poll
    tags = [
        t(f"duty.survey.kind-{survey.kind}"),
        t(f"duty.survey.design-{poll.design}"),
        t(f"duty.survey.audience-{poll.audience}"),
        t("duty.survey.until", day=poll.last_day),
    ]
    if poll.version > 1:
        tags.append(t("duty.survey.version", n=poll.version))
    if survey.over(day_of(services.now_ms())):
        tags.append(t("duty.survey.over"))
    if poll.audience == "public":
        said = t("duty.survey.answered-public", n=answered) if survey.state != "draft" else ""
    elif survey.state == "draft":
        said = t("duty.survey.asked", n=asked)
    else:
        said = t("duty.survey.answered", n=answered, of=asked)
    return Line(survey, tags, said)


def is_few(survey: Survey, answered: int) -> bool:
    """Whether too few have answered for anything to be shown, for ever."""
    return survey.poll.anonymous and survey.poll.state == "closed" and answered < GROUP


def wrong(services: Services, refused: NotAccepted) -> Mapping[str, str]:
    """A refusal by its field."""
    return {refused.faults[0].where: services.words(f"duty.survey.wrong-{refused.key}")}


def faults(services: Services, survey: Survey, found: Sequence[FormFault]) -> list[str]:
    """Faults of a form with the number of their question."""
    numbers = {of.id: n for n, of in enumerate(survey.poll.form.questions, 1)}
    t = services.words
    return [
        t("duty.survey.fault-of", question=t("duty.survey.question", n=number), fault=said)
        if (number := numbers.get(fault.where))
        else said
        for fault in found
        for said in (t(f"ballots.fault-{fault.key}"),)
    ]


def faulty(services: Services, survey: Survey, found: Sequence[Fault]) -> str:
    """The same in a sentence."""
    said = faults(services, survey, [of for of in found if isinstance(of, FormFault)])
    return services.words(
        "duty.survey.wrong-form", n=len(said), faults=services.words.listed(said)
    )


def questions(services: Services, form: Form) -> list[QuestionLine]:
    """The questions of a form for whoever makes it."""
    t = services.words
    found = []
    for number, question in enumerate(form.questions, 1):
        options = t.listed(option.text for option in question.options)
        if question.kind == "scale":
            options = f"1–{question.scale_steps}"
        kind = t(f"duty.survey.kind-{question.kind}")
        found.append(QuestionLine(question, number, kind, options, _only(t, form, question)))
    return found


def _only(t: Words, form: Form, question: Question) -> str:
    condition = question.condition
    asked = form.question(condition.question) if condition else None
    if condition is None or asked is None:
        return ""
    values = t.listed(ballots.option(t, asked, value) for value in condition.values)
    return t("duty.survey.only-when", question=asked.text, values=values)


def earlier(
    services: Services, form: Form, question_id: str
) -> list[tuple[str, Sequence[Choice]]]:
    """The questions on whose answers one may depend, each with these answers."""
    found: list[tuple[str, Sequence[Choice]]] = []
    for number, question in enumerate(form.questions, 1):
        if question.id == question_id:
            break
        if question.kind not in ("text", "ranking"):
            choices = [
                Choice(f"{question.id}:{value}", ballots.option(services.words, question, value))
                for value in question.values
            ]
            numbered = services.words("duty.survey.question", n=number)
            found.append((f"{numbered} {question.text}", choices))
    return found


def every_question(form: Form) -> Screen:
    """All questions on one screen, also those that depend on others."""
    found, group = [], ""
    for question in form.questions:
        heading = question.about if question.about != group else ""
        group = question.about
        found.append(Asked(question, (), {}, heading, ""))
    return Screen(found, 1, 1)


def settings_of(survey: Survey) -> Settings:
    """The form as it would have been filled in for a survey."""
    poll = survey.poll
    return Settings(
        title=poll.form.title,
        intro=poll.form.intro,
        kind=survey.kind,
        design=poll.design,
        audience=poll.audience,
        units=list(poll.units),
        last_day=poll.last_day,
    )


def given(
    services: Services,
    survey: Survey,
    responses: Sequence[Response],
    asked: Question | None,
    value: str,
) -> list[Given]:
    """The answers of those who answered a question, or gave one answer to it; all without one."""
    found = []
    for response in responses:
        if asked is not None:
            values = response.answers.get(asked.id)
            if values is None or (value and value not in values):
                continue
        shown = [asked] if asked else survey.poll.form.questions
        said = [
            (named(of), ballots.said(services.words, of, response.answers[of.id]))
            for of in shown
            if of.id in response.answers
        ]
        found.append(Given(response, said))
    return found


def named(question: Question) -> str:
    """A question below its heading, where it has one."""
    return f"{question.about} · {question.text}" if question.about else question.text


def results_sheet(
    services: Services, survey: Survey, asked: int, answered: int, results: Sequence[Result]
) -> tuple[Sheet, int]:
    """Results as a table, with the number of its rows."""
    t = services.words
    heads = ("group", "question", "answer", "count", "share")
    columns = [Column(t(f"duty.survey.column-{of}"), _KINDS.get(of, "text")) for of in heads]
    rows = [row for result in results for row in _rows(t, result)]
    lines = [survey.title, line(services, survey, asked, answered).answered]
    return Sheet(t("duty.survey.results"), columns, rows, lines), len(rows)


def _rows(t: Words, result: Result) -> Iterator[tuple[str | int | float | None, ...]]:
    question, total = result.question, result.shown_to
    first = (question.about, question.text)
    if total is None:
        yield (*first, t("ballots.hidden-question"), None, None)
        return
    for cell in result.cells:
        said = ballots.option(t, question, cell.value)
        if cell.count is None:
            yield (*first, f"{said}（{t('ballots.hidden')}）", None, None)
        else:
            yield (*first, said, cell.count, cell.count / total if total else None)
    if result.texts_hidden:
        yield (*first, t("ballots.hidden-texts"), None, None)
    for text in result.texts:
        yield (*first, text, None, None)


def answers_sheet(
    services: Services, survey: Survey, responses: Sequence[Response]
) -> tuple[Sheet, int]:
    """Named answers as a table, a row for each person."""
    t, asked = services.words, survey.poll.form.questions
    columns = [
        Column(t("duty.survey.column-name")),
        Column(t("duty.survey.column-at"), "instant"),
        *(Column(named(of)) for of in asked),
    ]
    rows: list[tuple[Value, ...]] = [
        (
            response.signed,
            response.at_ms,
            *(
                ballots.said(t, of, response.answers[of.id]) if of.id in response.answers else ""
                for of in asked
            ),
        )
        for response in responses
    ]
    return Sheet(t("duty.survey.answers"), columns, rows), len(rows)


def paper(means: Means, survey: Survey | None, results: Sequence[Result]) -> Paper:
    """The paper on a survey that has ended; on none, for a template."""
    t = means.words
    asked, answered = (survey.poll.asked, survey.poll.answered) if survey else (0, 0)
    path = f"/duty/surveys/{survey.id}/results" if survey else ""
    known = survey is not None and survey.poll.audience != "public"
    figures = (
        Figure("asked", t("duty.survey-paper.asked"), asked if known else None),
        Figure("answered", t("duty.survey-paper.answered"), answered, path=path),
    )
    heads = ("group", "question", "answer", "count", "share")
    columns = tuple(
        PaperColumn(of, t(f"duty.survey.column-{of}"), _KINDS.get(of, "text")) for of in heads
    )
    rows = tuple(
        tuple(PaperCell(value) for value in row) for result in results for row in _rows(t, result)
    )
    hidden = any(result.hidden for result in results)
    note = t("duty.survey-paper.hidden") if hidden else ""
    table = Table("answers", t("duty.survey.results"), columns, rows, note)
    return Paper(
        survey.title if survey else t("duty.survey-paper.name"),
        t("duty.survey.until", day=survey.poll.last_day) if survey else "",
        means.catalogue.site.name,
        (
            Section("overview", t("duty.survey.intro"), _intro(survey), figures),
            Section("results", t("duty.survey.results"), (), (), (table,)),
        ),
    )


def _intro(survey: Survey | None) -> tuple[str, ...]:
    return tuple(survey.poll.form.intro.splitlines()) if survey else ()
