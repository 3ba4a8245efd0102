"""Lists of deadlines, the links to one's feed, and a reckoning of what would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from api import audit, items
from api.accounts.records import Account
from api.deadlines import wording
from api.deadlines.access import sees, units_of
from api.deadlines.kept.rulebook import Held
from api.deadlines.opening import deadlines_of
from api.deadlines.own import repository
from api.deadlines.own.records import A_PAGE, MOST_TODOS, TODO_AHEAD_MS, Feeds, Show
from api.deadlines.permission import DeadlinePermission
from api.deadlines.reckoning import reckon
from api.deadlines.records import Deadline, check_in_force
from api.deadlines.trace import Reckoned
from api.ports import Reference, Todo
from api.services import Services
from api.shape import Platform
from api.web.declared import Declared


class NotOneself(Declared):
    """Somebody acts for a deputy, or a machine asks: a link is a person's own."""

    status = 403
    words = "error.while-acting"

    def __init__(self) -> None:
        super().__init__("a link to a calendar is its person's alone")


def mine(
    services: Services, account: Account, *, most: int = 1000, after: tuple[int, int] = (0, 0)
) -> Sequence[Deadline]:
    """The open deadlines on which somebody must act, the first due first; ``after`` are due
    instant and id of the last one that was seen.
    """
    return deadlines_of(services).of_person(
        account, services.roles, services.now_ms(), most=most, after=after
    )


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """The same for the workbench: whoever has more sees those due first. Nothing has to be done
    yet about one that is due in more than a year, such as the end of a document.
    """
    t, now_ms = services.words, services.now_ms()
    found = mine(services, account, most=MOST_TODOS)
    soon = [one for one in found if one.reckoned.due_ms - now_ms <= TODO_AHEAD_MS]
    return [_todo(wording.line(t, one, now_ms)) for one in soon]


def _todo(line: wording.Line) -> Todo:
    one = line.deadline
    return Todo(
        f"{one.title} · {line.rule}",
        f"/deadlines/{one.id}",
        one.started_ms,
        one.reckoned.due_ms,
        line.lamp.value,
        line.left,
    )


def listed(
    roster: Iterable[Platform],
    services: Services,
    account: Account,
    show: Show,
    after: tuple[int, int],
) -> tuple[Sequence[Deadline], bool]:
    """A page of one's own deadlines, or of those whose terms one may change and whose things one
    sees; and whether others follow.
    """
    if show == "mine":
        own = mine(services, account, most=A_PAGE + 1, after=after)
        return own[:A_PAGE], len(own) > A_PAGE
    if not account.may(DeadlinePermission.CHANGE_TERMS):
        return [], False
    deadlines, found = deadlines_of(services), list[Deadline]()
    known = deadlines.on_whom(account, services.roles, services.now_ms())
    while len(found) <= A_PAGE:
        some = deadlines.running(most=A_PAGE, after=after, units=units_of(account))
        found += [
            one
            for one in some
            if one.responsible in known or items.read(roster, services, account, one.subject)
        ]
        if len(some) < A_PAGE:
            break
        after = (some[-1].reckoned.due_ms, some[-1].id)
    return found[:A_PAGE], len(found) > A_PAGE


def of_subject(
    roster: Iterable[Platform], services: Services, account: Account, subject: Reference
) -> Sequence[Deadline]:
    """The deadlines of a thing that somebody sees."""
    found = deadlines_of(services).of_subject(subject)
    return [one for one in found if sees(roster, services, account, one)]


def reckoned(services: Services, rule_id: str, start: date | int) -> tuple[Held, Reckoned]:
    """When a term would be due.

    Raises:
        FaultyInput: there is no such rule.
        NotInForce: it is not in force on the day of the start.
    """
    deadlines = deadlines_of(services)
    with services.state.read() as connection:
        held = deadlines.rulebook.one(connection, rule_id)
        days = deadlines.calendar.known(connection)
    check_in_force(held.rule, start)
    return held, reckon(held.rule, start, days)


def link(services: Services, account: Account) -> str | None:
    """The token of somebody's feed; None where it is no person who asks for themselves."""
    if account.clerk or account.session is None:
        return None
    serial = repository.serial(services.state, account.username)
    return None if serial is None else _feeds(services).token(account.username, serial)


def renew_links(services: Services, account: Account) -> None:
    """Let every link that somebody was given so far end.

    Raises:
        NotOneself
    """
    if account.clerk or account.session is None:
        raise NotOneself
    now = services.now_ms()
    with services.state.begin() as connection:
        repository.renew(connection, account.username, now)
        audit.record(
            connection,
            by=account.actor,
            action="deadline.feed-renew",
            subject=account.username,
            detail="",
            at_ms=now,
        )


def opened(services: Services, token: str) -> str | None:
    """The person whose feed a token opens; None: it opens nothing any more."""
    feeds, username = _feeds(services), _feeds(services).named(token)
    serial = repository.serial(services.state, username) if username else None
    if username is None or serial is None:
        return None
    return username if feeds.opens(token, username, serial) else None


def _feeds(services: Services) -> Feeds:
    return Feeds(services.site_key.of("deadline-feed"))
