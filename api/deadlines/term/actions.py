"""Acts of people on one deadline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.audit import Actor
from api.deadlines.access import may_change, responsible, sees
from api.deadlines.opening import deadlines_of
from api.deadlines.permission import DeadlinePermission
from api.deadlines.records import Deadline, UnknownDeadline
from api.deadlines.repository import Deadlines
from api.deadlines.term.records import ByReason, Ending, Explained, Extending
from api.deadlines.term.wording import Page
from api.services import Services
from api.shape import Platform
from api.web.declared import Declared

Act = Callable[[Deadlines, Connection], object]


class _ByReason(Protocol):
    def __call__(
        self,
        deadlines: Deadlines,
        connection: Connection,
        deadline_id: int,
        why: str,
        /,
        *,
        actor: Actor,
        at_ms: int,
    ) -> object: ...


_BY_REASON: Mapping[ByReason, _ByReason] = {
    "pause": Deadlines.pause,
    "resume": Deadlines.resume,
    "cancel": Deadlines.cancel,
    "reopen": Deadlines.reopen,
}


class NotOfYourUnits(Declared):
    """Somebody may change terms, but not those of this unit."""

    status = 403
    words = "deadlines.not-of-your-units"

    def __init__(self) -> None:
        permission = DeadlinePermission.CHANGE_TERMS
        super().__init__(f"permission {permission} is missing for the unit of this deadline")


def find(
    roster: Iterable[Platform], services: Services, account: Account, deadline_id: int
) -> Deadline | None:
    """A deadline that somebody sees."""
    try:
        found = deadlines_of(services).one(deadline_id)
    except UnknownDeadline:
        return None
    return found if sees(roster, services, account, found) else None


def shown(services: Services, account: Account, deadline: Deadline) -> Page:
    """All that its page shows."""
    deadlines = deadlines_of(services)
    events = deadlines.history(deadline.id)
    people = responsible(services, deadline)
    involved = {*people, *(event.by.who for event in events)}
    involved |= {event.by.on_behalf for event in events} - {""}
    names = People(services.state).names(sorted(involved))
    days = deadlines.calendar.working_days()
    latest = deadline.basis.latest(days) if deadline.rule.extensions and deadline.open else None
    return Page(
        services.words,
        deadline,
        events,
        names,
        people,
        latest,
        may_change(services, account, deadline),
        services.now_ms(),
    )


def extend(services: Services, account: Account, deadline: Deadline, given: Extending) -> None:
    """Make its term longer.

    Raises:
        NotAccepted, NotOfYourUnits
    """
    until, amount, by, now = given.day(), given.amount, account.actor, services.now_ms()
    _done(
        services,
        account,
        deadline,
        lambda of, connection: of.extend(
            connection, deadline.id, given.why, actor=by, at_ms=now, until=until, amount=amount
        ),
    )


def end(services: Services, account: Account, deadline: Deadline, given: Ending) -> None:
    """Write that the thing was done.

    Raises:
        NotAccepted, NotOfYourUnits
    """
    by, now = account.actor, services.now_ms()
    met = given.met_ms(now)
    _done(
        services,
        account,
        deadline,
        lambda of, connection: of.end(connection, deadline.id, met, actor=by, at_ms=now),
    )


def act_by_reason(
    services: Services, account: Account, deadline: Deadline, act: ByReason, given: Explained
) -> None:
    """Pause, resume, cancel or reopen it.

    Raises:
        NotAccepted, NotOfYourUnits
    """
    by, now = account.actor, services.now_ms()
    _done(
        services,
        account,
        deadline,
        lambda of, connection: _BY_REASON[act](
            of, connection, deadline.id, given.why, actor=by, at_ms=now
        ),
    )


def _done(services: Services, account: Account, deadline: Deadline, act: Act) -> None:
    if not may_change(services, account, deadline):
        raise NotOfYourUnits
    with services.state.begin() as connection:
        act(deadlines_of(services), connection)
