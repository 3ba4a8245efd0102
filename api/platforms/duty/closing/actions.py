"""Close windows of ratings in the centre's name, and rate: the last rating closes one at once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.platforms.duty import centre
from api.platforms.duty import repository as suggestions
from api.platforms.duty.ratings import actions as rating_actions
from api.platforms.duty.ratings import repository as ratings
from api.platforms.duty.suggestions import actions as suggestion_actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures import repository, taking
from api.procedures.events import standing
from api.procedures.procedure import WITHDRAW, Row
from api.services import Services
from api.shape import CoreServices

STEPS = ("close", "hand-back", "confer")


def rate(
    services: Services, account: Account, item_id: str, given: Mapping[str, str]
) -> Row | None:
    """Rate a reply; see :func:`api.platforms.duty.ratings.actions.rate`."""
    row = rating_actions.rate(services, account, item_id, given)
    if row is not None:
        settle(services, row["id"])
    return row


def follow(core: CoreServices) -> None:
    """The job that closes windows that are over by their date, or where all have rated."""
    with core.state.read() as connection:
        waiting = ratings.waiting(connection)
    for suggestion in waiting:
        settle(core.acting, suggestion)


def settle(services: Services, suggestion: int) -> str:
    """Close the window of a suggestion if it is over: the name of the step, empty where it is not
    over, or where somebody took the centre's step back.
    """
    with services.state.read() as connection:
        if not _over(services, connection, suggestion):
            return ""
    with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
        row = suggestions.any_suggestion(acting.connection, suggestion)
        if not _over(services, acting.connection, suggestion):
            return ""
        for name in STEPS:
            step = PROCEDURE.by_name[name]
            if not step.allowed(acting.connection, row, acting.at_ms):
                taking.take(acting, str(suggestion), name, {})
                break
        else:
            return ""
    suggestion_actions.done(services, str(suggestion))
    return name


def _over(services: Services, connection: Connection, suggestion: int) -> bool:
    row = suggestions.any_suggestion(connection, suggestion)
    if row["state"] != "answered":
        return False
    if not ratings.round_of(connection, row, services.now_ms()).closed:
        return False
    return not _taken_back(connection, suggestion)


def _taken_back(connection: Connection, suggestion: int) -> bool:
    """Whether the office took back by hand how the centre closed this window."""
    events = repository.events(connection, PROCEDURE, str(suggestion))
    replies = (of.number for of in standing(events) if of.step in ("reply", "reply-again"))
    answered = max(replies, default=0)
    back = {of.takes_back for of in events if of.step == WITHDRAW}
    return any(
        of.number in back and of.number > answered and of.step in STEPS
        for of in events
        if of.by == audit.CENTRE
    )
