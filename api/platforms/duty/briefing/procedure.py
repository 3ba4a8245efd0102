"""The states of a document: the office writes, publishes and withdraws it."""

from __future__ import annotations

from api.platforms.duty.briefing import repository
from api.platforms.duty.briefing.records import LONGEST_TEXT, LONGEST_TITLE, MARKINGS
from api.platforms.duty.briefing.repository import KIND
from api.platforms.duty.briefing.tables import DOCUMENT, MARKS
from api.platforms.duty.figures.records import TOPICS
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Also, Need, Procedure, State, Step

_TEXT = (
    Need("topic", kind="choice", choices=TOPICS, column="topic"),
    Need("marking", kind="choice", choices=MARKINGS, column="marking"),
    Need("title", longest=LONGEST_TITLE, column="title"),
    Need("text", longest=LONGEST_TEXT, column="text"),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.briefing",
    table=DOCUMENT,
    marks=MARKS,
    see=DutyPermission.SEE_BRIEFING,
    mends=DutyPermission.BRIEF,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/briefing/{row['id']}",
    states=(State("draft"), State("published"), State("withdrawn", closed=True)),
    steps=(
        Step(name="write", to="draft", permission=DutyPermission.BRIEF, needs=_TEXT),
        Step(
            name="edit",
            sources=("draft",),
            to="",
            permission=DutyPermission.BRIEF,
            needs=_TEXT,
            awaited=False,
            page="edit",
        ),
        Step(
            name="publish",
            sources=("draft",),
            to="published",
            permission=DutyPermission.BRIEF,
            also=Also(repository.published),
            final=True,
        ),
        Step(
            name="withdraw-document",
            sources=("draft", "published"),
            to="withdrawn",
            permission=DutyPermission.BRIEF,
            needs=(Need("why"),),
            also=Also(repository.withdrawn),
            awaited=False,
            final=True,
        ),
    ),
)
