"""The rules of terms that reviews go by, and who must act in them.

立法法 112 gives the maker two months for its answer to an opinion in writing. The days of a
committee and of a review are those of Beijing's regulation, which the office confirms or changes.
"""

from __future__ import annotations

from api.deadlines.records import Responsible
from api.platforms.documents.permission import DocumentsPermission
from api.procedures.procedure import Row

REVIEW_OWN = "rev.review.beijing"
REVIEW_ASKED = "rev.review.asked"
INQUIRY = "rev.inquiry.date"
ANSWER = "rev.written"
PROMISE = "rev.promise.date"
ORDER = "rev.order.date"
OPINION = "rev.opinion.beijing"
OF_MAKER = (INQUIRY, ANSWER, PROMISE, ORDER)


def maker(row: Row) -> Responsible:
    """Those who file for the maker."""
    return Responsible(row["unit"], DocumentsPermission.FILE)


def reviewers(_row: Row) -> Responsible:
    """Those who review."""
    return Responsible("", DocumentsPermission.REVIEW)


def deciders(_row: Row) -> Responsible:
    """Those who record what meetings decide."""
    return Responsible("", DocumentsPermission.DECIDE)


def committee(row: Row) -> Responsible:
    """The committee that was asked."""
    return Responsible(row["unit"], DocumentsPermission.REVIEW)
