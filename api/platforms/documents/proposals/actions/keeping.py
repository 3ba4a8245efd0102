"""Jobs: a review that is over waits for its reply, and identities go in time."""

from __future__ import annotations

from collections.abc import Sequence

from api import audit
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.actions.own import as_centre, own
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import KIND
from api.procedures import taking
from api.procedures.refusals import StepRefused
from api.shape import CoreServices, Job
from config.vocabulary.time import DAY_MS

_AT_ONCE = 500
"""Identities of one transaction: others wait meanwhile."""


def follow(core: CoreServices) -> None:
    """The job: a proposal whose review is over waits for its reply."""
    services = core.acting
    with core.state.read() as connection:
        over = repository.reviewed(connection)
    for item in over:
        try:
            with taking.acts(services, PROCEDURE, as_centre(services)) as doing:
                taking.take(doing, str(item), "conclude", {})
        except StepRefused:  # The proposer withdrew it meanwhile.
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
