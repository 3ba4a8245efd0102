"""The states of procuratorial advice: the procuratorate writes and sends it, its addressee
replies, one person of the procuratorate checks what came of it and another confirms that.

The reply is due by the day that the advice itself sets (检察建议书); where it sets none, there is
no term. 人民检察院检察建议工作规定 was not read in its text, so no number of it is used.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.judicial import free_text
from api.platforms.judicial.advice import repository
from api.platforms.judicial.advice.records import (
    EFFECTS,
    KIND,
    LONGEST_TEXT,
    LONGEST_TITLE,
    topics,
)
from api.platforms.judicial.advice.tables import ADVICE, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Also, Given, Need, Procedure, Row, Starts, State, Step

REPLY = "jud.advice.reply"
"""The rule of the term: the day that the advice sets."""


def office(_row: Row) -> Responsible:
    """The committee's office."""
    return Responsible("", JudicialPermission.CHECK)


def maker(row: Row) -> Responsible:
    """Those who send for the procuratorate."""
    return Responsible(row["maker"], JudicialPermission.SUBMIT)


def addressee(row: Row) -> Responsible:
    """Those who reply for the unit that was advised."""
    return Responsible(row["addressee"], JudicialPermission.SUBMIT)


def _into(column: str) -> Also:
    """Puts it into the hands of the unit in a column. Taking the step back restores the row as a
    whole, and there is nothing beside it.
    """

    def do(connection: Connection, row: Row, _given: Given) -> None:
        repository.put_into_hands(connection, row["id"], row[column])

    def undo(_connection: Connection, _row: Row, _given: Given) -> None:
        return

    return Also(do, undo)


def _check(given: Given) -> None:
    free_text.check({name: of for name, of in given.items() if name != "paper"})


def _set_reply_day(row: Row) -> bool:
    return row["reply_day"] is not None


_BY_DAY = Starts(REPLY, addressee, _set_reply_day, lambda row: row["reply_day"])
_CONTENT = (
    Need("title", longest=LONGEST_TITLE, column="title"),
    Need("addressee", kind="unit", column="addressee"),
    Need("topic", kind="choice", choices=topics(), column="topic"),
    Need("text", longest=LONGEST_TEXT, column="text"),
)
_REPLY_DAY = Need("reply_day", kind="date", required=False, column="reply_day")
_WRITING = (
    Step(
        name="write",
        to="draft",
        permission=JudicialPermission.SUBMIT,
        needs=_CONTENT,
    ),
    Step(
        name="edit",
        sources=("draft",),
        to="",
        permission=JudicialPermission.SUBMIT,
        needs=_CONTENT,
        awaited=False,
    ),
    Step(
        name="drop",
        sources=("draft",),
        to="dropped",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("why"),),
        awaited=False,
    ),
    Step(
        name="send",
        sources=("draft",),
        to="sent",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("issued_day", kind="date", column="issued_day"), _REPLY_DAY),
        happened="issued_day",
        starts=(_BY_DAY,),
        tells=(addressee, office),
        also=_into("addressee"),
    ),
)
_REPLYING = (
    Step(
        name="reply",
        sources=("sent",),
        to="replied",
        permission=JudicialPermission.SUBMIT,
        needs=(
            Need("reply", longest=LONGEST_TEXT, column="reply"),
            Need("replied_day", kind="date", column="replied_day"),
            Need("paper", kind="file", required=False, column="paper"),
        ),
        happened="replied_day",
        ends=(REPLY,),
        tells=(maker, office),
        also=_into("maker"),
    ),
    Step(
        name="revoke",
        sources=("sent",),
        to="revoked",
        permission=JudicialPermission.CHECK,
        needs=(Need("why"),),
        cancels=(REPLY,),
        tells=(maker, addressee),
        also=_into("maker"),
        awaited=False,
    ),
)
_CHECKING = (
    Step(
        name="check",
        sources=("replied",),
        to="checked",
        permission=JudicialPermission.SUBMIT,
        needs=(
            Need("effect", kind="choice", choices=EFFECTS, column="effect"),
            Need("how", longest=LONGEST_TEXT, column="how"),
        ),
        signs="checked_by",
    ),
    Step(
        name="confirm",
        sources=("checked",),
        to="closed",
        permission=JudicialPermission.SUBMIT,
        another_than="checked_by",
        signs="confirmed_by",
        tells=(addressee, office),
    ),
    Step(
        name="doubt",
        sources=("checked",),
        to="replied",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("why"),),
        another_than="checked_by",
        awaited=False,
    ),
    Step(
        name="press",
        sources=("replied",),
        to="sent",
        permission=JudicialPermission.SUBMIT,
        needs=(Need("further", longest=LONGEST_TEXT), _REPLY_DAY),
        starts=(_BY_DAY,),
        tells=(addressee, office),
        also=_into("addressee"),
        awaited=False,
    ),
)
PROCEDURE = Procedure(
    platform="judicial",
    kind=KIND,
    words="judicial.advised",
    table=ADVICE,
    marks=MARKS,
    see=JudicialPermission.SEE,
    texts=_check,
    mends=JudicialPermission.CHECK,
    title=lambda row: row["title"],
    path=lambda row: f"/judicial/advice/{row['id']}",
    states=(
        State("draft"),
        State("sent"),
        State("replied"),
        State("checked"),
        State("closed", closed=True),
        State("dropped", closed=True),
        State("revoked", closed=True),
    ),
    steps=(*_WRITING, *_REPLYING, *_CHECKING),
)
