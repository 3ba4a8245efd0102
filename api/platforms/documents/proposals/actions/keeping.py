"""Jobs: a review that is over waits for its reply, and identities go in time."""

from __future__ import annotations

from collections.abc import Sequence

from api import audit
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.actions.own import as_centre, own
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import KIND
from api.platforms.documents.reviews.procedure.review import PROCEDURE as REVIEW
from api.platforms.documents.reviews.records import LONGEST_REASON
from api.procedures import taking
from api.procedures.refusals import StepRefused
from api.services import Services
from api.shape import CoreServices, Job
from config.vocabulary.time import DAY_MS

_AT_ONCE = 500
"""Identities of one transaction: others wait meanwhile."""


def follow(core: CoreServices) -> None:
    """The job: a proposal whose review is over waits for its reply, and a review whose proposals
    are answered is fed back.
    """
    services = core.acting
    with core.state.read() as connection:
        over = repository.reviewed(connection)
    for item in over:
        try:
            with taking.acts(services, PROCEDURE, as_centre(services)) as doing:
                taking.take(doing, str(item), "conclude", {})
        except StepRefused:  # The proposer withdrew it meanwhile.
            continue
    _feed_back(services)


def _feed_back(services: Services) -> None:
    """The reply to whoever proposed is what a review has to feed back; the maker reads its day and
    number alone.
    """
    with services.state.read() as connection:
        over = {of: repository.of_review(connection, of) for of in repository.answered(connection)}
    for review, rows in over.items():
        told = [of for of in rows if of["state"] == "answered"]
        numbers = "、".join(of["number"] for of in told)
        feedback = services.words("documents.proposals.fed-back", numbers=numbers)
        given = {
            "feedback": feedback[:LONGEST_REASON],
            "day": max(of["told_day"] for of in told).isoformat(),
        }
        try:
            with taking.acts(services, REVIEW, as_centre(services)) as doing:
                taking.take(doing, str(review), "feed-back", given)
        except StepRefused:  # The office fed it back meanwhile.
            continue


def forget(core: CoreServices) -> None:
    """The job of each night: remove identities of what ended long ago. The audit keeps of which
    proposals.
    """
    now_ms = core.now_ms()
    before_ms = now_ms - own(core.district).forget_identity * DAY_MS
    forgotten: Sequence[int] = range(_AT_ONCE)
    while len(forgotten) == _AT_ONCE:
        with core.state.begin() as connection:
            forgotten = repository.forget_before(connection, before_ms, _AT_ONCE)
            audit.record_all(
                connection,
                by=audit.CENTRE,
                action="documents.proposal-forgotten",
                details={f"documents/{KIND}/{of}": "" for of in forgotten},
                at_ms=now_ms,
            )


JOBS = (
    Job("reviews of proposals", follow, every_minutes=5),
    Job("forget proposers", forget, hour=3, minute=25),
)
