"""The opinion that a committee is asked for, with its term (北京条例 23)."""

from __future__ import annotations

from api.platforms.documents.permission import DocumentsPermission as May
from api.platforms.documents.reviews.procedure import repository, terms
from api.platforms.documents.reviews.records import (
    CONSULTATION_KIND,
    FINDINGS,
    LONGEST_LETTER,
    LONGEST_REASON,
)
from api.platforms.documents.reviews.tables import CONSULTATION, CONSULTATION_MARKS
from api.procedures.procedure import Need, Procedure, Starts, State, Step

PROCEDURE = Procedure(
    platform="documents",
    kind=CONSULTATION_KIND,
    words="documents.consultation",
    table=CONSULTATION,
    marks=CONSULTATION_MARKS,
    see=May.REVIEW,
    mends=May.REVIEW,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/reviews/consultations/{row['id']}",
    states=(State("asked"), State("given", closed=True), State("recalled", closed=True)),
    steps=(
        Step(
            name="hand-out",
            to="asked",
            permission=May.REVIEW,
            needs=(
                Need("unit", kind="unit", column="unit"),
                Need("question", required=False, longest=LONGEST_REASON, column="question"),
                Need("day", kind="date", column="asked_day"),
            ),
            happened="day",
            allowed=repository.not_before_opinion,
            obstacles=("late",),
            starts=(Starts(terms.OPINION, terms.committee),),
            tells=(terms.committee,),
        ),
        Step(
            name="give",
            sources=("asked",),
            to="given",
            permission=May.REVIEW,
            needs=(
                Need("finding", kind="choice", choices=FINDINGS, column="finding"),
                Need("opinion", longest=LONGEST_LETTER, column="opinion"),
                Need("day", kind="date", column="given_day"),
            ),
            happened="day",
            ends=(terms.OPINION,),
            tells=(terms.reviewers,),
        ),
        Step(
            name="recall",
            sources=("asked",),
            to="recalled",
            permission=May.REVIEW,
            needs=(Need("why"),),
            cancels=(terms.OPINION,),
            tells=(terms.committee,),
            awaited=False,
        ),
    ),
)
