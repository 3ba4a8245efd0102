"""A draw: announced, the list fixed by its hash, the public number typed by two people, drawn, and
what was found answered by the body.

案件评查 supervises work, never a case (法院组织法 第五十二条): only files that are closed and in
force are drawn, and findings are counted by kind.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.judicial import texts
from api.platforms.judicial.draws import repository
from api.platforms.judicial.draws.records import (
    KIND,
    LONGEST_NUMBER,
    LONGEST_SCOPE,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    findings,
)
from api.platforms.judicial.draws.tables import DRAW, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Also, Need, Procedure, Row, State, Step


def office(_row: Row) -> Responsible:
    """Those who check what bodies send."""
    return Responsible("", JudicialPermission.CHECK)


def head(_row: Row) -> Responsible:
    """Those who draw."""
    return Responsible("", JudicialPermission.DECIDE)


def body(row: Row) -> Responsible:
    """Those who answer in the body."""
    return Responsible(row["unit"], JudicialPermission.SUBMIT)


_TO_DRAWING = (
    Step(
        name="announce",
        to="announced",
        permission=JudicialPermission.DECIDE,
        needs=(
            Need("title", longest=LONGEST_TITLE, column="title"),
            Need("scope", longest=LONGEST_SCOPE, column="scope"),
            Need("unit", kind="unit", column="unit"),
            Need("source", longest=LONGEST_SOURCE, column="source"),
            Need("number_day", kind="date", column="number_day"),
        ),
        tells=(body,),
    ),
    Step(
        name="postpone",
        sources=("announced",),
        to="",
        permission=JudicialPermission.DECIDE,
        needs=(Need("number_day", kind="date", column="number_day"),),
        allowed=repository.passed,
        obstacles=("waits",),
        tells=(body,),
        also=Also(repository.check_day),
        final=True,
    ),
    Step(
        name="fix",
        sources=("announced",),
        to="fixed",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("count", longest=6), Need("list_hash", longest=400)),
        allowed=repository.known,
        obstacles=("known",),
        tells=(office,),
        also=Also(repository.fix),
        final=True,
    ),
    Step(
        name="type",
        sources=("fixed",),
        to="typed",
        permission=JudicialPermission.CHECK,
        needs=(Need("number", longest=LONGEST_NUMBER, column="number"),),
        signs="typed_by",
        allowed=repository.early,
        obstacles=("early",),
        tells=(head,),
        also=Also(repository.check_number, lambda *_: None),
    ),
    Step(
        name="draw",
        sources=("typed",),
        to="drawn",
        permission=JudicialPermission.DECIDE,
        another_than="typed_by",
        needs=(Need("again", longest=LONGEST_NUMBER),),
        tells=(office, body),
        also=Also(repository.draw_now),
        final=True,
    ),
    Step(
        name="drop",
        sources=("announced", "fixed"),
        to="dropped",
        permission=JudicialPermission.DECIDE,
        needs=(Need("why"),),
        allowed=repository.known,
        obstacles=("known",),
        tells=(body,),
        awaited=False,
        final=True,
    ),
)
_AFTER = (
    Step(
        name="review",
        sources=("drawn",),
        to="reviewed",
        permission=JudicialPermission.CHECK,
        needs=(
            *(Need(kind, required=False, longest=6) for kind in findings()),
            Need("note", required=False, column="note"),
        ),
        tells=(body,),
        also=Also(repository.put_findings, lambda *_: None),
    ),
    Step(
        name="answer",
        sources=("reviewed",),
        to="answered",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("measures", longest=1000, column="measures"),),
        tells=(head,),
    ),
    Step(
        name="close",
        sources=("answered",),
        to="closed",
        permission=JudicialPermission.DECIDE,
        tells=(body,),
    ),
)
PROCEDURE = Procedure(
    platform="judicial",
    kind=KIND,
    words="judicial.draw",
    table=DRAW,
    marks=MARKS,
    see=JudicialPermission.SEE,
    texts=texts.rule_of("scope", "source", "note", "measures"),
    mends=JudicialPermission.DECIDE,
    title=lambda row: row["title"],
    path=lambda row: f"/judicial/draws/{row['id']}",
    states=(
        State("announced"),
        State("fixed"),
        State("typed"),
        State("drawn"),
        State("reviewed"),
        State("answered"),
        State("closed", closed=True),
        State("dropped", closed=True),
    ),
    steps=(*_TO_DRAWING, *_AFTER),
)
