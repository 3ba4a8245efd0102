"""The rules of terms that suggestions go by, and who must act in them.

The law fixes the answer alone (代表法 art. 51). The other numbers are those of comparators and
wait for the office to confirm them; a district changes them on the page of rules.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.duty.permission import DutyPermission
from api.procedures.procedure import Row

ASSIGN = "sugg.assign.shanghai"
RETURN = "sugg.return.shanghai"
"""Sign for it or return it."""
CONTACT = "sugg.contact.chongqing"
"""The first contact with the deputy."""
CO_OPINION = "sugg.coopinion.shanghai"
ANSWER = "sugg.answer"
ANSWER_HARD = "sugg.answer.hard"
RATE = "sugg.rate.chongqing"
REDO = "sugg.redo.shanghai"
PROMISE = "sugg.promise.date"


def office(_row: Row) -> Responsible:
    """Those who check and assign."""
    return Responsible("", DutyPermission.CHECK)


def committee(_row: Row) -> Responsible:
    """The deputies' work committee."""
    return Responsible("", DutyPermission.DECIDE)


def lead(row: Row) -> Responsible:
    """The deputy who leads the signers."""
    return Responsible("", DutyPermission.WRITE, row["lead"])


def unit(row: Row) -> Responsible:
    """Those who handle it in the unit in charge."""
    return Responsible(row["unit"], DutyPermission.HANDLE)
