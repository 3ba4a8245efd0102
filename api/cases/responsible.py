"""Who is responsible for things of a case, and hears of them."""

from __future__ import annotations

from api.cases.permission import CasePermission
from api.deadlines.records import Responsible
from api.procedures.procedure import Row


def office(_row: Row) -> Responsible:
    """Those who keep cases."""
    return Responsible("", CasePermission.KEEP)


def body(row: Row) -> Responsible:
    """Those who answer in the body that was asked, or that puts something right."""
    return Responsible(row["unit"], CasePermission.ANSWER)
