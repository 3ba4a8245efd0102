"""A survey from the draft to its closing: a table of states and steps."""

from __future__ import annotations

from api.ballots.questions import LONGEST_TITLE
from api.ballots.records import AUDIENCES, DESIGNS
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.records import KINDS
from api.platforms.duty.surveys.tables import MARKS, SURVEY
from api.procedures.procedure import Need, Procedure, State, Step

KIND = "survey"
_OWN = (Need("title", longest=LONGEST_TITLE, column="title"),)
_DAY = (Need("last_day", kind="date", column="last_day"),)

PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.survey",
    table=SURVEY,
    marks=MARKS,
    see=DutyPermission.SURVEY,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/my-surveys/{row['id']}",
    states=(
        State("draft"),
        State("open"),
        State("closed", closed=True),
        State("dropped", closed=True),
    ),
    steps=(
        Step(
            name="write",
            to="draft",
            permission=DutyPermission.SURVEY,
            needs=(
                *_OWN,
                Need("kind", kind="choice", choices=KINDS, column="kind"),
                Need("design", kind="choice", choices=DESIGNS, column="design"),
                Need("audience", kind="choice", choices=AUDIENCES, column="audience"),
                *_DAY,
            ),
        ),
        Step(
            name="edit",
            sources=("draft",),
            to="draft",
            permission=DutyPermission.SURVEY,
            needs=(*_OWN, *_DAY),
            awaited=False,
            final=True,
        ),
        Step(
            name="open",
            sources=("draft",),
            to="open",
            permission=DutyPermission.SURVEY,
            awaited=False,
            final=True,
        ),
        Step(
            name="close",
            sources=("open",),
            to="closed",
            permission=DutyPermission.SURVEY,
            awaited=False,
            final=True,
        ),
        Step(
            name="drop",
            sources=("draft",),
            to="dropped",
            permission=DutyPermission.SURVEY,
            awaited=False,
            final=True,
        ),
    ),
)
