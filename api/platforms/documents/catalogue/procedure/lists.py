"""The states of a maker's yearly list: due by 31 January, sent, and sent anew."""

from __future__ import annotations

from datetime import date

from api.deadlines.records import Responsible
from api.platforms.documents.catalogue import repository
from api.platforms.documents.catalogue.records import LIST
from api.platforms.documents.catalogue.tables import LIST as TABLE
from api.platforms.documents.catalogue.tables import LIST_MARKS
from api.platforms.documents.permission import DocumentsPermission
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step

CATALOGUE = "rev.catalogue.shanghai"
"""The makers' regulations of Beijing and Shanghai say 31 January both."""


def maker(row: Row) -> Responsible:
    """Those who file for the maker."""
    return Responsible(row["unit"], DocumentsPermission.FILE)


def office(_row: Row) -> Responsible:
    """Those who hold lists against what was filed."""
    return Responsible("", DocumentsPermission.CHECK)


_SENDING = (Need("sending", longest=10, column="sending"),)
PROCEDURE = Procedure(
    platform="documents",
    kind=LIST,
    words="documents.yearly-list",
    table=TABLE,
    marks=LIST_MARKS,
    see=DocumentsPermission.SEE,
    mends=DocumentsPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/yearly-lists/{row['id']}",
    states=(State("due"), State("sent")),
    steps=(
        Step(
            name="open",
            to="due",
            permission=DocumentsPermission.FILE,
            starts=(Starts(CATALOGUE, maker, start=lambda row: date(row["year"] + 1, 1, 1)),),
            tells=(maker,),
        ),
        Step(
            name="send",
            sources=("due",),
            to="sent",
            permission=DocumentsPermission.FILE,
            needs=_SENDING,
            also=Also(repository.check_lines),
            ends=(CATALOGUE,),
            tells=(office,),
            page="fill",
        ),
        Step(
            name="revise",
            sources=("sent",),
            to="",
            permission=DocumentsPermission.FILE,
            needs=_SENDING,
            also=Also(repository.check_lines),
            tells=(office,),
            awaited=False,
            page="fill",
        ),
    ),
)
