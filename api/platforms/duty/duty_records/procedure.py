"""The states of a fact: entered by somebody and verified by the office, or recorded by the centre
out of what was done here; the deputy annotates and contests it, the office decides.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.duty.duty_records.records import (
    KINDS,
    LONGEST_EVIDENCE,
    LONGEST_NOTE,
    LONGEST_TITLE,
    SHOWN,
)
from api.platforms.duty.duty_records.repository import KIND
from api.platforms.duty.duty_records.tables import FACT, MARKS
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Need, Procedure, Row, State, Step


def _office(_row: Row) -> Responsible:
    return Responsible("", DutyPermission.VERIFY)


def _deputy(_connection: Connection, row: Row) -> Collection[str]:
    return (row["username"],)


_FACT = (
    Need("kind", kind="choice", choices=KINDS, column="kind"),
    Need("day", kind="date", column="day"),
    Need("title", longest=LONGEST_TITLE, column="title"),
)
_EVIDENCE = Need("evidence", required=False, longest=LONGEST_EVIDENCE, column="evidence")
_REASON = Need("reason", longest=LONGEST_NOTE)
_BY_DEPUTY = (
    Step(
        name="enter",
        to="entered",
        permission=DutyPermission.SEE_RECORDS,
        needs=(*_FACT, _EVIDENCE),
        happened="day",
    ),
    Step(
        name="correct",
        sources=("entered",),
        to="",
        permission=DutyPermission.SEE_RECORDS,
        person="username",
        needs=(*_FACT, _EVIDENCE),
        happened="day",
        awaited=False,
    ),
    Step(
        name="annotate",
        sources=SHOWN,
        to="",
        permission=DutyPermission.SEE_RECORDS,
        person="username",
        needs=(Need("note", required=False, longest=LONGEST_NOTE, column="note"),),
        awaited=False,
    ),
    Step(
        name="contest",
        sources=("verified",),
        to="contested",
        permission=DutyPermission.SEE_RECORDS,
        person="username",
        needs=(Need("objection", longest=LONGEST_NOTE, column="objection"),),
        tells=(_office,),
        awaited=False,
    ),
)
_BY_OFFICE = (
    Step(
        name="verify",
        sources=("entered",),
        to="verified",
        permission=DutyPermission.VERIFY,
        tells_people=_deputy,
    ),
    Step(
        name="refuse",
        sources=("entered",),
        to="refused",
        permission=DutyPermission.VERIFY,
        needs=(_REASON,),
        tells_people=_deputy,
        awaited=False,
    ),
    Step(
        name="keep",
        sources=("contested",),
        to="verified",
        permission=DutyPermission.VERIFY,
        needs=(_REASON,),
        tells_people=_deputy,
    ),
    Step(
        name="amend",
        sources=("contested",),
        to="verified",
        permission=DutyPermission.VERIFY,
        needs=(*_FACT, _REASON),
        happened="day",
        tells_people=_deputy,
        awaited=False,
    ),
    Step(
        name="strike",
        sources=("contested",),
        to="refused",
        permission=DutyPermission.VERIFY,
        needs=(_REASON,),
        tells_people=_deputy,
        awaited=False,
    ),
)
_BY_CENTRE = (
    Step(
        name="record",
        sources=("entered",),
        to="verified",
        permission=DutyPermission.VERIFY,
        automatic=True,
    ),
    Step(
        name="void",
        sources=SHOWN,
        to="void",
        permission=DutyPermission.VERIFY,
        automatic=True,
    ),
    Step(
        name="restore",
        sources=("void",),
        to="verified",
        permission=DutyPermission.VERIFY,
        automatic=True,
    ),
)
PROCEDURE = Procedure(
    platform="duty",
    kind=KIND,
    words="duty.records",
    table=FACT,
    marks=MARKS,
    see=DutyPermission.SEE_RECORDS,
    mends=DutyPermission.VERIFY,
    title=lambda row: row["title"],
    path=lambda row: f"/duty/records/{row['id']}",
    states=(
        State("entered"),
        State("verified"),
        State("contested"),
        State("refused", closed=True),
        State("void"),
    ),
    steps=(*_BY_DEPUTY, *_BY_OFFICE, *_BY_CENTRE),
)
