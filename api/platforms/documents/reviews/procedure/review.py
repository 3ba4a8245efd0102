"""The states of a review and the steps between them: 立法法 110 to 113, 监督法 39 and 40.

The office reviews, speaks with the maker, asks it by letter, or sends its opinion in writing. The
maker promises a day, amends, repeals or refuses. Suspended for a promise is not closed: when its
day is over, the review goes on by itself. What is not corrected goes to the meeting of chairs and
to the standing committee. In the end whoever asked hears what came of it.
"""

from __future__ import annotations

from typing import Any

from api.platforms.documents.permission import DocumentsPermission as May
from api.platforms.documents.reviews.procedure import repository, terms
from api.platforms.documents.reviews.records import (
    BEFORE_OPINION,
    DECIDED,
    KIND,
    LONGEST_LETTER,
    LONGEST_NAME,
    LONGEST_REASON,
    MODES,
    OWN_MOTION,
    PROPOSED,
    RESULTS,
)
from api.platforms.documents.reviews.tables import MARKS, REVIEW
from api.procedures.procedure import Also, Need, Procedure, Starts, State, Step

_DAY = Need("day", kind="date")
_DONE = Also(repository.maker_knows, repository.undone_with_row)
_TERMS = (terms.REVIEW_OWN, terms.REVIEW_ASKED)
_OPEN = (
    Step(
        name="open",
        to="reviewing",
        permission=May.REVIEW,
        needs=(
            Need("mode", kind="choice", choices=MODES, column="mode"),
            Need("reason", longest=LONGEST_REASON, column="reason"),
            Need(
                "asked_by",
                required=False,
                longest=LONGEST_NAME,
                column="asked_by",
                reader=May.REVIEW,
            ),
            Need("opened", kind="date", column="opened_day"),
        ),
        happened="opened",
        starts=(
            Starts(terms.REVIEW_OWN, terms.reviewers, where=lambda row: row["mode"] in OWN_MOTION),
            Starts(
                terms.REVIEW_ASKED,
                terms.reviewers,
                where=lambda row: row["mode"] not in OWN_MOTION,
            ),
        ),
        tells=(terms.reviewers,),
    ),
)
_BY_REVIEWERS = (
    Step(
        name="clear",
        sources=BEFORE_OPINION,
        to="cleared",
        permission=May.REVIEW,
        needs=(Need("conclusion", longest=LONGEST_REASON, column="conclusion"),),
        allowed=repository.first(repository.open_points, repository.awaited_opinions),
        obstacles=("points", "consultations"),
        ends=_TERMS,
        cancels=(terms.INQUIRY,),
        tells=(terms.maker,),
    ),
    Step(
        name="talk",
        sources=("reviewing", "talking"),
        to="talking",
        permission=May.REVIEW,
        needs=(Need("talked", longest=LONGEST_REASON), _DAY),
        happened="day",
        also=_DONE,
        tells=(terms.maker,),
        awaited=False,
    ),
    Step(
        name="ask",
        sources=("reviewing", "talking"),
        to="asked",
        permission=May.REVIEW,
        needs=(
            Need("letter", longest=LONGEST_LETTER, column="letter"),
            _DAY,
            Need("answer_until", kind="date", column="answer_until"),
        ),
        happened="day",
        also=Also(repository.to_come("answer_until"), repository.undone_with_row),
        starts=(Starts(terms.INQUIRY, terms.maker, start=lambda row: row["answer_until"]),),
        tells=(terms.maker,),
        awaited=False,
    ),
    Step(
        name="opine",
        sources=BEFORE_OPINION,
        to="opined",
        permission=May.DECIDE,
        needs=(
            Need("opinion", longest=LONGEST_LETTER, column="opinion"),
            Need("day", kind="date", column="opinion_day"),
        ),
        happened="day",
        allowed=repository.first(repository.no_points, repository.awaited_opinions),
        obstacles=("no-points", "consultations"),
        also=_DONE,
        ends=_TERMS,
        cancels=(terms.INQUIRY,),
        starts=(Starts(terms.ANSWER, terms.maker),),
        tells=(terms.maker,),
    ),
    Step(
        name="join",
        sources=("checking",),
        to="",
        permission=May.REVIEW,
        allowed=repository.no_newer,
        obstacles=("no-newer",),
        also=Also(repository.join_newest, repository.undone_with_row),
        awaited=False,
    ),
    Step(
        name="end",
        sources=("checking",),
        to="ended",
        permission=May.REVIEW,
        needs=(Need("conclusion", longest=LONGEST_REASON, column="conclusion"),),
        allowed=repository.first(repository.not_corrected, repository.open_points),
        obstacles=("not-joined", "not-repealed", "points"),
        ends=_TERMS,
        tells=(terms.maker,),
    ),
    Step(
        name="go-on",
        sources=("checking",),
        to="reviewing",
        permission=May.REVIEW,
        needs=(Need("why", longest=LONGEST_REASON), _DAY),
        happened="day",
        allowed=repository.opinion_sent,
        obstacles=("opinion-sent",),
        also=Also(repository.insufficient, repository.undone_with_row),
        tells=(terms.maker,),
        awaited=False,
    ),
    Step(
        name="find-insufficient",
        sources=("checking",),
        to="opined",
        permission=May.REVIEW,
        needs=(Need("why", longest=LONGEST_REASON), _DAY),
        happened="day",
        allowed=repository.no_opinion,
        obstacles=("no-opinion",),
        also=Also(repository.insufficient, repository.undone_with_row),
        starts=(Starts(terms.ANSWER, terms.maker),),
        tells=(terms.maker,),
        awaited=False,
    ),
)


def _handled(name: str, also: Also, sources: tuple[str, ...]) -> Step:
    """The maker says that it amended or repealed the text."""
    return Step(
        name=name,
        sources=sources,
        to="checking",
        permission=May.FILE,
        needs=(
            Need("handled", longest=LONGEST_REASON, column="handled"),
            Need("day", kind="date", column="handled_day"),
        ),
        happened="day",
        also=also,
        ends=terms.OF_MAKER,
        tells=(terms.reviewers,),
        awaited=False,
    )


_HANDLING = ("talking", "opined", "suspended", "lapsed", "refused", "ordered")
_BY_MAKER = (
    Step(
        name="answer",
        sources=("asked",),
        to="reviewing",
        permission=May.FILE,
        needs=(Need("answer", longest=LONGEST_LETTER, column="answer"), _DAY),
        happened="day",
        ends=(terms.INQUIRY,),
        tells=(terms.reviewers,),
    ),
    Step(
        name="promise",
        sources=("opined", "refused"),
        to="suspended",
        permission=May.FILE,
        needs=(
            Need("promise", longest=LONGEST_REASON, column="promise"),
            _DAY,
            Need("promised", kind="date", column="promised_day"),
        ),
        happened="day",
        also=Also(repository.to_come("promised"), repository.undone_with_row),
        ends=(terms.ANSWER,),
        starts=(Starts(terms.PROMISE, terms.maker, start=lambda row: row["promised_day"]),),
        tells=(terms.reviewers,),
        awaited=False,
    ),
    _handled("report-amended", Also(repository.amended, repository.undone_with_row), _HANDLING),
    _handled("report-repealed", Also(repository.repealed, repository.undone_with_row), _HANDLING),
    Step(
        name="refuse",
        sources=("opined",),
        to="refused",
        permission=May.FILE,
        needs=(Need("why", longest=LONGEST_REASON), _DAY),
        happened="day",
        ends=(terms.ANSWER,),
        tells=(terms.reviewers, terms.deciders),
        awaited=False,
    ),
)
_BY_CENTRE = (
    Step(
        name="lapse",
        sources=("suspended",),
        to="lapsed",
        permission=May.REVIEW,
        allowed=repository.not_over,
        obstacles=("not-over",),
        tells=(terms.maker, terms.reviewers, terms.deciders),
        automatic=True,
    ),
)


def _decided(name: str, source: str, to: str, *needs: Need, **more: Any) -> Step:
    """A decision that somebody records: which meeting took it, and when."""
    return Step(
        name=name,
        sources=(source,),
        to=to,
        permission=May.DECIDE,
        needs=(
            Need("meeting", longest=LONGEST_NAME, column="meeting"),
            Need("day", kind="date", column="decided_day"),
            *needs,
        ),
        happened="day",
        tells=(terms.maker, terms.reviewers),
        **more,
    )


_BY_MEETINGS = (
    Step(
        name="propose",
        sources=("opined", "refused", "lapsed", "checking", "ordered"),
        to="proposed",
        permission=May.DECIDE,
        needs=(
            Need("proposed", kind="choice", choices=PROPOSED, column="proposed"),
            Need("proposal", longest=LONGEST_LETTER, column="proposal"),
            _DAY,
        ),
        happened="day",
        allowed=repository.first(repository.no_opinion, repository.term_runs),
        obstacles=("no-opinion", "term-runs"),
        cancels=terms.OF_MAKER,
        tells=(terms.maker, terms.reviewers),
        awaited=False,
    ),
    _decided("submit", "proposed", "submitted"),
    _decided(
        "return",
        "proposed",
        "opined",
        Need("why", longest=LONGEST_REASON),
        starts=(Starts(terms.ANSWER, terms.maker),),
        awaited=False,
    ),
    _decided(
        "decide",
        "submitted",
        "decided",
        Need("result", kind="choice", choices=RESULTS, column="result"),
        Need("conclusion", longest=LONGEST_REASON, column="conclusion"),
    ),
    _decided(
        "order",
        "submitted",
        "ordered",
        Need("ordered", kind="date", column="ordered_day"),
        also=Also(repository.to_come("ordered"), repository.undone_with_row),
        starts=(Starts(terms.ORDER, terms.maker, start=lambda row: row["ordered_day"]),),
        awaited=False,
    ),
)
_AFTERWARDS = (
    Step(
        name="feed-back",
        sources=DECIDED,
        to="fed-back",
        permission=May.REVIEW,
        needs=(
            Need("feedback", longest=LONGEST_REASON, column="feedback", reader=May.REVIEW),
            Need("day", kind="date", column="feedback_day"),
        ),
        happened="day",
        allowed=repository.nobody_asked,
        obstacles=("nobody-asked",),
    ),
    Step(
        name="archive",
        sources=(*DECIDED, "fed-back"),
        to="archived",
        permission=May.REVIEW,
        allowed=repository.first(
            repository.not_fed_back,
            repository.open_points,
            repository.open_consultations,
            repository.still_holds,
        ),
        obstacles=("not-fed-back", "points", "consultations", "not-repealed"),
    ),
)
PROCEDURE = Procedure(
    platform="documents",
    kind=KIND,
    words="documents.review",
    table=REVIEW,
    marks=MARKS,
    see=May.SEE,
    mends=May.REVIEW,
    title=lambda row: row["title"],
    path=lambda row: f"/documents/reviews/{row['id']}",
    states=(
        *(State(name) for name in BEFORE_OPINION),
        State("opined"),
        State("suspended"),
        State("lapsed"),
        State("refused"),
        State("checking"),
        State("proposed"),
        State("submitted"),
        State("ordered"),
        State("cleared"),
        State("ended"),
        State("decided"),
        State("fed-back"),
        State("archived", closed=True),
    ),
    steps=(
        *_OPEN, *_BY_REVIEWERS, *_BY_MAKER, *_BY_CENTRE, *_BY_MEETINGS, *_AFTERWARDS,
    ),
)  # fmt: skip
