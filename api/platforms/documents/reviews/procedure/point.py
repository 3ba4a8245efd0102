"""The states of a point of review. Whether the text agrees with the constitution nobody here
decides: such a point is passed up, and to whom and when stands with the step (上海条例 28,
北京条例 20).
"""

from __future__ import annotations

from api.platforms.documents.permission import DocumentsPermission as May
from api.platforms.documents.reviews.procedure import repository
from api.platforms.documents.reviews.records import (
    LONGEST_LABEL,
    LONGEST_LAW,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_WORDS,
    POINT_KIND,
    TESTS,
)
from api.platforms.documents.reviews.tables import POINT, POINT_MARKS
from api.procedures.procedure import Need, Procedure, State, Step

PROCEDURE = Procedure(
    platform="documents",
    kind=POINT_KIND,
    words="documents.point",
    table=POINT,
    marks=POINT_MARKS,
    see=May.SEE,
    mends=May.REVIEW,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/reviews/points/{row['id']}",
    states=(
        State("raised"),
        State("passed-up"),
        State("answered", closed=True),
        State("corrected", closed=True),
        State("dropped", closed=True),
    ),
    steps=(
        Step(
            name="raise",
            to="raised",
            permission=May.REVIEW,
            needs=(
                Need("test", kind="choice", choices=TESTS, column="test"),
                Need("label", required=False, longest=LONGEST_LABEL, column="label"),
                Need("words", longest=LONGEST_WORDS, column="words"),
                Need("law", longest=LONGEST_LAW, column="law"),
                Need("law_article", required=False, longest=LONGEST_PLACE, column="law_article"),
                Need("why", longest=LONGEST_REASON, column="why"),
                Need("check", required=False, longest=LONGEST_NAME, column="check_id"),
            ),
            allowed=repository.too_many,
            obstacles=("late", "many"),
        ),
        Step(
            name="pass-up",
            sources=("raised",),
            to="passed-up",
            permission=May.REVIEW,
            needs=(
                Need("addressee", longest=LONGEST_NAME, column="addressee"),
                Need("day", kind="date", column="passed_day"),
            ),
            happened="day",
            allowed=repository.decided_here,
            obstacles=("not-constitution",),
            awaited=False,
        ),
        Step(
            name="correct",
            sources=("raised",),
            to="corrected",
            permission=May.REVIEW,
            needs=(Need("outcome", required=False, longest=LONGEST_REASON, column="outcome"),),
            allowed=repository.first(repository.constitutional, repository.nothing_joined),
            obstacles=("constitution", "not-joined"),
            awaited=False,
        ),
        Step(
            name="drop",
            sources=("raised",),
            to="dropped",
            permission=May.REVIEW,
            needs=(Need("outcome", longest=LONGEST_REASON, column="outcome"),),
            allowed=repository.constitutional,
            obstacles=("constitution",),
            awaited=False,
        ),
        Step(
            name="answer-from-above",
            sources=("passed-up",),
            to="answered",
            permission=May.REVIEW,
            needs=(
                Need("outcome", longest=LONGEST_REASON, column="outcome"),
                Need("day", kind="date"),
            ),
            happened="day",
            awaited=False,
        ),
    ),
)
