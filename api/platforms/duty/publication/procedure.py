"""A release: prepared by a clerk, decided by another person, taken down with a reason."""

from __future__ import annotations

from api.platforms.duty import terms
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.publication import repository
from api.platforms.duty.publication.records import LONGEST_KEPT
from api.platforms.duty.suggestions.records import LONGEST_ANSWER, LONGEST_BODY, RESULTS
from api.platforms.duty.tables import RELEASE, RELEASE_MARKS
from api.procedures.procedure import Also, Need, Procedure, State, Step

_PUBLIC = (
    Need("title", longest=100, column="title"),
    Need("body", longest=LONGEST_BODY, column="body"),
    Need("answer", longest=LONGEST_ANSWER, column="answer"),
    Need("unit_name", longest=100, column="unit_name"),
    Need("result", kind="choice", choices=RESULTS, column="result"),
    Need("answered_day", kind="date", column="answered_day"),
    Need("kept", required=False, longest=LONGEST_KEPT),
)
_OBSTACLES = ("not-public", "not-closed", "running")
PROCEDURE = Procedure(
    platform="duty",
    kind=repository.KIND,
    words="duty.publication",
    table=RELEASE,
    marks=RELEASE_MARKS,
    see=DutyPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/releases/{row['id']}",
    states=(
        State("prepared"),
        State("released"),
        State("recalled", closed=True),
        State("dropped", closed=True),
    ),
    steps=(
        Step(
            name="prepare",
            to="prepared",
            permission=DutyPermission.RELEASE,
            person="preparer",
            needs=_PUBLIC,
            allowed=repository.not_to_release,
            obstacles=_OBSTACLES,
            tells=(terms.committee,),
            also=Also(repository.check_marks),
        ),
        Step(
            name="edit",
            sources=("prepared",),
            to="prepared",
            permission=DutyPermission.RELEASE,
            person="preparer",
            needs=_PUBLIC,
            also=Also(repository.check_marks, lambda *_: None),
            awaited=False,
            page="edit",
        ),
        Step(
            name="release",
            sources=("prepared",),
            to="released",
            permission=DutyPermission.DECIDE,
            another_than="preparer",
            allowed=repository.not_to_release,
            obstacles=_OBSTACLES,
            tells=(terms.office,),
            final=True,
        ),
        Step(
            name="drop",
            sources=("prepared",),
            to="dropped",
            permission=DutyPermission.CHECK,
            needs=(Need("why"),),
            tells=(terms.office,),
            awaited=False,
        ),
        Step(
            name="recall",
            sources=("released",),
            to="recalled",
            permission=DutyPermission.CHECK,
            needs=(Need("why"),),
            tells=(terms.office, terms.committee),
            awaited=False,
            final=True,
        ),
    ),
)
