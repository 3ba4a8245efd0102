"""The states of a figure: the office publishes it, corrects it with a reason, and withdraws it.
Each value that it had stays in its events, with who gave it and why.
"""

from __future__ import annotations

from api.platforms.duty.figures import repository
from api.platforms.duty.figures.records import (
    KIND,
    LONGEST_MEASURE,
    LONGEST_NAME,
    LONGEST_NUMBER,
    LONGEST_SOURCE,
    SPANS,
    TOPICS,
)
from api.platforms.duty.figures.tables import FIGURE, MARKS
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Also, Need, Procedure, State, Step

_VALUES = (
    Need("value", longest=LONGEST_NUMBER, column="value"),
    Need("before", required=False, longest=LONGEST_NUMBER, column="before"),
    Need("year_before", required=False, longest=LONGEST_NUMBER, column="year_before"),
    Need("source", longest=LONGEST_SOURCE, column="source"),
    Need("note", required=False, column="note"),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.figure",
    table=FIGURE,
    marks=MARKS,
    see=DutyPermission.SEE_BRIEFING,
    mends=DutyPermission.BRIEF,
    title=lambda row: row["name"],
    path=lambda row: f"/duty/figures/{row['id']}",
    states=(State("published"), State("withdrawn", closed=True)),
    steps=(
        Step(
            name="publish-figure",
            to="published",
            permission=DutyPermission.BRIEF,
            needs=(
                Need("topic", kind="choice", choices=TOPICS, column="topic"),
                Need("name", longest=LONGEST_NAME, column="name"),
                Need("measure", required=False, longest=LONGEST_MEASURE, column="measure"),
                Need("year", longest=4, column="year"),
                Need("span", kind="choice", choices=SPANS, column="span"),
                *_VALUES,
            ),
            also=Also(repository.check_new),
            final=True,
        ),
        Step(
            name="correct",
            sources=("published",),
            to="",
            permission=DutyPermission.BRIEF,
            needs=(*_VALUES, Need("why")),
            also=Also(repository.check_corrected),
            awaited=False,
            final=True,
            page="correct",
        ),
        Step(
            name="withdraw-figure",
            sources=("published",),
            to="withdrawn",
            permission=DutyPermission.BRIEF,
            needs=(Need("why"),),
            also=Also(repository.withdrawn),
            awaited=False,
            final=True,
        ),
    ),
)
