"""The states of a registered document in the hands of a committee: seen, or an opinion."""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.documents.filings.procedure.filing import office
from api.platforms.documents.filings.records.facts import (
    HANDOUT,
    LONGEST_OPINION,
    LONGEST_REMARK,
)
from api.platforms.documents.filings.tables import HANDOUT as TABLE
from api.platforms.documents.filings.tables import HANDOUT_MARKS
from api.platforms.documents.permission import DocumentsPermission
from api.procedures.procedure import Need, Procedure, Row, Starts, State, Step

OPINION = "rev.opinion.shanghai"
"""The committee answers within 30 days; the office extends it on the page of the term."""


def committee(row: Row) -> Responsible:
    """Those who review for the committee; where it has nobody, those of the whole district."""
    return Responsible(row["unit"], DocumentsPermission.REVIEW)


PROCEDURE = Procedure(
    platform="documents",
    kind=HANDOUT,
    words="documents.handout",
    table=TABLE,
    marks=HANDOUT_MARKS,
    see=DocumentsPermission.SEE,
    mends=DocumentsPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/handouts/{row['id']}",
    states=(
        State("waiting"),
        State("seen", closed=True),
        State("answered", closed=True),
        State("recalled", closed=True),
    ),
    steps=(
        Step(
            name="hand",
            to="waiting",
            permission=DocumentsPermission.CHECK,
            needs=(Need("unit", kind="unit", column="unit"),),
            starts=(Starts(OPINION, committee),),
            tells=(committee,),
        ),
        Step(
            name="see",
            sources=("waiting",),
            to="seen",
            permission=DocumentsPermission.REVIEW,
            needs=(Need("note", required=False, longest=LONGEST_REMARK),),
            ends=(OPINION,),
            tells=(office,),
        ),
        Step(
            name="give",
            sources=("waiting",),
            to="answered",
            permission=DocumentsPermission.REVIEW,
            needs=(Need("opinion", longest=LONGEST_OPINION, column="opinion"),),
            ends=(OPINION,),
            tells=(office,),
        ),
        Step(
            name="recall",
            sources=("waiting",),
            to="recalled",
            permission=DocumentsPermission.CHECK,
            needs=(Need("why", longest=LONGEST_REMARK),),
            cancels=(OPINION,),
            tells=(committee,),
            awaited=False,
        ),
    ),
)
