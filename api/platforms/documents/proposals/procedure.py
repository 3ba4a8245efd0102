"""The states of a proposal and the steps between them.

It ends in exactly one way: answered after a review, passed to whoever is competent, declined with
the reason, or withdrawn by whoever made it. A demand of an entitled organ is never declined.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from api.deadlines.records import Responsible
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.records import (
    GROUNDS,
    KIND,
    KINDS,
    LONGEST_CLAUSE,
    LONGEST_DOCUMENT,
    LONGEST_LAW,
    LONGEST_ORGAN,
    LONGEST_REASON,
    LONGEST_REPLY,
    LONGEST_SUPPLEMENT,
    PROPOSERS,
    RESULTS,
    TOLD,
    WAYS,
)
from api.platforms.documents.proposals.tables import MARKS, PROPOSAL
from api.procedures.procedure import Also, Need, Procedure, Row, Starts, State, Step

COMPLETE = "rev.complete.beijing"
TRANSFER = "rev.transfer.beijing"
DECLINE = "rev.decline.beijing"
SUPPLEMENT = "rev.proposal.supplement"
DECIDE = "rev.proposal.decide"
REPLY = "rev.proposal.reply"
TERMS = {
    COMPLETE: "complete",
    TRANSFER: "transfer",
    DECLINE: "decline",
    SUPPLEMENT: "supplement",
    DECIDE: "decide",
    REPLY: "reply",
}
"""Rules of terms, by the end of the words that tell a proposer of them."""


def office(_row: Row) -> Responsible:
    """Those who handle proposals."""
    return Responsible("", DocumentsPermission.HANDLE_PROPOSALS)


def must_open(_connection: Connection, row: Row, _at_ms: int) -> str:
    """A demand of an entitled organ opens a review (立法法 art. 110)."""
    return "must-open" if row["kind"] == "demand" else ""


_MAY = DocumentsPermission.HANDLE_PROPOSALS
_UNDECIDED = ("received", "incomplete", "accepted")
_CHECKED = (Starts(COMPLETE, office), Starts(TRANSFER, office))
_AGAIN = (Starts(COMPLETE, office, from_entry=True), Starts(TRANSFER, office, from_entry=True))
_TOLD = (
    Need("told_way", kind="choice", choices=TOLD, column="told_way"),
    Need("told", kind="date", column="told_day"),
)
_RECEIVE = Step(
    name="receive",
    to="received",
    permission=_MAY,
    needs=(
        Need("kind", kind="choice", choices=KINDS, column="kind"),
        Need("proposer", kind="choice", choices=PROPOSERS, column="proposer"),
        Need("body", kind="unit", required=False, column="body"),
        Need("way", kind="choice", choices=WAYS, column="way"),
        Need("received", kind="date", column="received_day"),
        Need("document", longest=LONGEST_DOCUMENT, column="document"),
        Need("clause", required=False, longest=LONGEST_CLAUSE, column="clause"),
        Need("law", required=False, longest=LONGEST_LAW, column="law"),
        Need("reason", longest=LONGEST_REASON, column="reason"),
        Need("text", required=False, longest=10, column="text"),
    ),
    happened="received",
    starts=_CHECKED,
    tells=(office,),
)
_CHECKS = (
    Step(
        name="accept",
        sources=("received",),
        to="accepted",
        permission=_MAY,
        ends=(COMPLETE,),
        cancels=(TRANSFER,),
        starts=(Starts(DECIDE, office),),
    ),
    Step(
        name="ask-complete",
        sources=("received",),
        to="incomplete",
        permission=_MAY,
        needs=(Need("missing", column="missing"),),
        ends=(COMPLETE,),
        cancels=(TRANSFER,),
        starts=(Starts(SUPPLEMENT, office),),
        awaited=False,
    ),
    Step(
        name="supplement",
        sources=("incomplete",),
        to="received",
        permission=_MAY,
        needs=(Need("supplement", longest=LONGEST_SUPPLEMENT),),
        ends=(SUPPLEMENT,),
        starts=_AGAIN,
        tells=(office,),
    ),
)
_OUTCOMES = (
    Step(
        name="pass-on",
        sources=_UNDECIDED,
        to="passed",
        permission=_MAY,
        needs=(
            Need("organ", longest=LONGEST_ORGAN, column="passed_to"),
            Need("reply", longest=LONGEST_REPLY, column="reply"),
            *_TOLD,
        ),
        happened="told",
        ends=(TRANSFER,),
        cancels=(COMPLETE, SUPPLEMENT, DECIDE),
        awaited=False,
    ),
    Step(
        name="decline",
        sources=_UNDECIDED,
        to="declining",
        permission=_MAY,
        needs=(
            Need("ground", kind="choice", choices=GROUNDS, column="ground"),
            Need("reply", longest=LONGEST_REPLY, column="reply"),
            Need("decided", kind="date", column="decided_day"),
        ),
        happened="decided",
        allowed=must_open,
        obstacles=("must-open",),
        ends=(DECIDE,),
        cancels=(COMPLETE, TRANSFER, SUPPLEMENT),
        starts=(Starts(DECLINE, office),),
        awaited=False,
    ),
    Step(
        name="tell",
        sources=("declining",),
        to="declined",
        permission=_MAY,
        needs=_TOLD,
        happened="told",
        ends=(DECLINE,),
    ),
    Step(
        name="open",
        sources=("accepted",),
        to="reviewing",
        permission=_MAY,
        needs=(
            Need("text", longest=10, column="text"),
            Need("review", longest=10, column="review"),
        ),
        ends=(DECIDE,),
        also=Also(repository.check_linked),
        final=True,
        page="open",
    ),
    Step(
        name="conclude",
        sources=("reviewing",),
        to="concluded",
        permission=_MAY,
        starts=(Starts(REPLY, office),),
        tells=(office,),
        automatic=True,
        final=True,
    ),
    Step(
        name="reply",
        sources=("concluded",),
        to="answered",
        permission=_MAY,
        needs=(
            Need("result", kind="choice", choices=RESULTS, column="result"),
            Need("reply", longest=LONGEST_REPLY, column="reply"),
            *_TOLD,
        ),
        happened="told",
        allowed=repository.review_runs,
        obstacles=("review-runs",),
        ends=(REPLY,),
    ),
    Step(
        name="retract",
        sources=(*_UNDECIDED, "reviewing"),
        to="withdrawn",
        permission=_MAY,
        needs=(Need("why"),),
        cancels=(COMPLETE, TRANSFER, SUPPLEMENT, DECIDE),
        tells=(office,),
        awaited=False,
    ),
)
PROCEDURE = Procedure(
    platform="documents",
    kind=KIND,
    words="documents.proposal",
    table=PROPOSAL,
    marks=MARKS,
    see=_MAY,
    mends=_MAY,
    title=lambda row: row["document"],
    path=lambda row: f"/documents/proposals/{row['id']}",
    states=(
        State("received"),
        State("incomplete"),
        State("accepted"),
        State("declining"),
        State("reviewing"),
        State("concluded"),
        State("answered", closed=True),
        State("passed", closed=True),
        State("declined", closed=True),
        State("withdrawn", closed=True),
    ),
    steps=(_RECEIVE, *_CHECKS, *_OUTCOMES),
)
