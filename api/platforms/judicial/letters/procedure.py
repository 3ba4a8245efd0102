"""The way of a letter: registered, passed on, told whether it is accepted, handled, reviewed.

Terms and steps are those of 信访工作条例 (2022): 第22条 and 第23条 for passing on, telling and
objecting, 第34条 for handling, 第35条 and 第36条 for the reviews, which an organ above the body
gives and the office records. The centre handles no concrete case: no step has a conclusion on one.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.judicial import texts, unit_names
from api.platforms.judicial.letters import repository
from api.platforms.judicial.letters.records import (
    KIND,
    LONGEST_ANSWER,
    LONGEST_SUMMARY,
    sorting,
)
from api.platforms.judicial.letters.tables import LETTER, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step

REGISTER, TELL, OBJECT = "petition.register", "petition.tell", "petition.object"
HANDLE = "petition.handle"
REVIEW, RECHECK = "petition.review.answer", "petition.recheck.answer"


def office(_row: Row) -> Responsible:
    """Those who register letters."""
    return Responsible("", JudicialPermission.REGISTER_LETTERS)


def body(row: Row) -> Responsible:
    """Those who answer in the body to which the letter was passed on."""
    return Responsible(row["unit"], JudicialPermission.SUBMIT)


_SORTING = sorting()
_SORTED = (
    Need("kind", kind="choice", choices=tuple(_SORTING.kinds), column="kind"),
    Need("topic", kind="choice", choices=_SORTING.topics, column="topic"),
    Need(
        "town",
        kind="row",
        required=False,
        column="town",
        offered=lambda services: unit_names.present(services, "town"),
        known=lambda services: unit_names.every(services, "town"),
    ),
    Need("summary", longest=LONGEST_SUMMARY, column="summary"),
)
_PASSED = (
    Need("unit", kind="unit", column="unit"),
    Need("passed", kind="date", column="passed_day"),
)
_TOLD = (Starts(TELL, body), Starts(OBJECT, body))
_BODY = Also(repository.check_body, lambda *_: None)
_REVIEWED = Need("review", kind="choice", choices=_SORTING.reviews)
_BY_OFFICE = (
    Step(
        name="register",
        to="received",
        permission=JudicialPermission.REGISTER_LETTERS,
        needs=(
            Need("received", kind="date", column="received_day"),
            Need("way", kind="choice", choices=_SORTING.ways, column="way"),
            *_SORTED,
        ),
        happened="received",
        starts=(Starts(REGISTER, office),),
    ),
    Step(
        name="correct",
        sources=("received",),
        to="",
        permission=JudicialPermission.REGISTER_LETTERS,
        needs=_SORTED,
        allowed=repository.counted,
        obstacles=("counted",),
        also=Also(repository.check_writer),
        awaited=False,
        final=True,
    ),
    Step(
        name="pass-on",
        sources=("received",),
        to="passed",
        permission=JudicialPermission.REGISTER_LETTERS,
        needs=_PASSED,
        happened="passed",
        ends=(REGISTER,),
        starts=_TOLD,
        tells=(body,),
        also=_BODY,
    ),
    Step(
        name="pass-again",
        sources=("objected", "declined"),
        to="passed",
        permission=JudicialPermission.REGISTER_LETTERS,
        needs=_PASSED,
        happened="passed",
        starts=_TOLD,
        tells=(body,),
        also=_BODY,
    ),
    Step(
        name="insist",
        sources=("objected",),
        to="taken",
        permission=JudicialPermission.REGISTER_LETTERS,
        needs=(Need("why"),),
        starts=(Starts(TELL, body),),
        tells=(body,),
        also=Also(repository.check_writer, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="close",
        sources=("declined", "answered", "reviewed", "rechecked"),
        to="closed",
        permission=JudicialPermission.REGISTER_LETTERS,
        awaited=False,
    ),
)
_BY_BODY = (
    Step(
        name="take",
        sources=("passed",),
        to="taken",
        permission=JudicialPermission.SUBMIT,
        ends=(OBJECT,),
    ),
    Step(
        name="object",
        sources=("passed",),
        to="objected",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("why"),),
        ends=(OBJECT,),
        cancels=(TELL,),
        tells=(office,),
        also=Also(repository.note_objection, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="accept",
        sources=("passed", "taken"),
        to="accepted",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("accepted", kind="date", column="accepted_day"),),
        happened="accepted",
        ends=(OBJECT, TELL),
        starts=(Starts(HANDLE, body),),
        tells=(office,),
        also=Also(repository.check_accepted, lambda *_: None),
    ),
    Step(
        name="decline",
        sources=("passed", "taken"),
        to="declined",
        permission=JudicialPermission.SUBMIT,
        needs=(
            Need("refusal", kind="choice", choices=_SORTING.refusals, column="refusal"),
            Need("declined", kind="date"),
        ),
        happened="declined",
        ends=(OBJECT, TELL),
        tells=(office,),
        also=Also(repository.check_accepted, lambda *_: None),
        awaited=False,
    ),
    Step(
        name="answer",
        sources=("accepted",),
        to="answered",
        permission=JudicialPermission.SUBMIT,
        needs=(
            Need("outcome", kind="choice", choices=_SORTING.outcomes, column="outcome"),
            Need("answered", kind="date", column="answered_day"),
            Need("answer", required=False, longest=LONGEST_ANSWER, column="answer"),
        ),
        happened="answered",
        ends=(HANDLE,),
        tells=(office,),
        also=Also(repository.check_answer, lambda *_: None),
    ),
)


def _review(ask: str, answer: str, sources: tuple[str, str, str], rule: str) -> tuple[Step, Step]:
    """A review that the petitioner asks for, and its answer by the organ above."""
    before, under, after = sources
    return (
        Step(
            name=ask,
            sources=(before,),
            to=under,
            permission=JudicialPermission.REGISTER_LETTERS,
            needs=(Need("asked", kind="date"),),
            happened="asked",
            starts=(Starts(rule, office),),
            tells=(body,),
            awaited=False,
        ),
        Step(
            name=answer,
            sources=(under,),
            to=after,
            permission=JudicialPermission.REGISTER_LETTERS,
            needs=(_REVIEWED, Need("reviewed", kind="date")),
            happened="reviewed",
            ends=(rule,),
            tells=(body,),
        ),
    )


PROCEDURE = Procedure(
    platform="judicial",
    kind=KIND,
    words="judicial.letter",
    table=LETTER,
    marks=MARKS,
    see=JudicialPermission.SEE_LETTERS,
    texts=texts.rule_of(*repository.TEXTS),
    mends=JudicialPermission.REGISTER_LETTERS,
    title=lambda row: row["summary"][:60],
    path=lambda row: f"/judicial/letters/{row['id']}",
    states=(
        State("received"),
        State("passed"),
        State("taken"),
        State("objected"),
        State("accepted"),
        State("declined"),
        State("answered"),
        State("reviewing"),
        State("reviewed"),
        State("rechecking"),
        State("rechecked"),
        State("closed", closed=True),
    ),
    steps=(
        *_BY_OFFICE,
        *_BY_BODY,
        *_review("ask-review", "record-review", ("answered", "reviewing", "reviewed"), REVIEW),
        *_review(
            "ask-recheck", "record-recheck", ("reviewed", "rechecking", "rechecked"), RECHECK
        ),
    ),
)
