"""Acts on the duty calendar, each with its row of the audit; pages and routes both call these."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from alerting.duty.calendar import Calendar, Gap
from alerting.duty.changes import check
from alerting.duty.records import (
    ChangeRefused,
    Entry,
    Rota,
    Substitute,
    Swap,
    What,
    Withdrawal,
    moved_days,
    refused,
)
from api import audit
from api.accounts.records import Account
from api.live import LiveEvent
from api.platforms.environment.duty.records import (
    DaysGiven,
    EndGiven,
    Feeds,
    RotaGiven,
    SubstituteGiven,
    SwapGiven,
    WithdrawGiven,
)
from api.platforms.environment.duty.repository import Able, able
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, day_of

AHEAD_MS = 14 * DAY_MS
"""So far ahead a gap is told."""
CHANGED = LiveEvent("environment.duty")


class NotOneself(Declared):
    """Somebody acts for a deputy, or a machine asks: a link is a person's own."""

    status = 403
    words = "error.while-acting"

    def __init__(self) -> None:
        super().__init__("a link to a calendar is its person's alone")


def people(services: Services) -> Able:
    """Who can be on duty."""
    roles = services.roles.having(EnvironmentPermission.SEE_ALERTS)
    return able(services.state, [role.id for role in roles], "environment")


def gaps(services: Services, who_can: Able) -> tuple[Gap, ...]:
    """Of the days ahead."""
    now = services.now_ms()
    return services.duty.gaps(now, now + AHEAD_MS, who_can)


def save_rota(services: Services, account: Account, position: str, given: RotaGiven) -> Entry:
    """Save an order of people, of a new position (empty) or of one that there is.

    Raises:
        NotAccepted, ChangedMeanwhile, UnknownPosition
    """
    ordered, off = given.ordered()
    first_day, minute = given.begins(), given.minute()
    _check_people(services, "people", (*ordered, *off))
    _check_people(services, "backup", filter(None, [given.backup]))

    def make(calendar: Calendar, saved_ms: int) -> Rota:
        before, today = calendar.latest(), day_of(saved_ms)
        by_hand = {} if before is None or given.clear else before.by_hand
        rota = Rota(
            given.name,
            given.kind(),
            minute,
            first_day,
            valid_from_ms=0,
            people=ordered,
            off_people=off,
            by_hand={day: who for day, who in by_hand.items() if day >= first_day},
            backup=given.backup,
            moved=moved_days(services.working_days, (), today),
        )
        # A first day that is today begins at once where its hand-over is past.
        begins_ms = rota.begins_ms(date.fromisoformat(first_day).toordinal())
        begins_ms = max(begins_ms, saved_ms) if first_day >= today else begins_ms
        return replace(rota, valid_from_ms=begins_ms)

    return _saved(services, account, position, make, action="duty.rota", seen=given.seen)


def save_days(services: Services, account: Account, position: str, given: DaysGiven) -> Entry:
    """Set days by hand, or give them back to the order.

    Raises:
        NotAccepted, ChangedMeanwhile, UnknownPosition
    """
    days = given.checked()
    _check_people(services, "days", filter(None, days.values()))

    def make(calendar: Calendar, saved_ms: int) -> Rota:
        before = _standing(calendar)
        # Days that come before the rota that begins later still are the present one's.
        begins_ms = max(saved_ms, before.valid_from_ms)
        for day, who in days.items():
            begun = before.begins_ms(date.fromisoformat(day).toordinal()) < begins_ms
            if begun and before.by_hand.get(day, "") != who:
                what, remedy = f"{day} has begun", "name a substitute for what is left of it"
                raise refused("past-day", "days", what, remedy, day=day)
        today = day_of(saved_ms)
        kept = {day: who for day, who in before.by_hand.items() if day not in days}
        changed = {day: who for day, who in (kept | dict(days)).items() if who}
        recent = before.duty_day(begins_ms) - 1
        return replace(
            before,
            by_hand={
                day: who
                for day, who in sorted(changed.items())
                if date.fromisoformat(day).toordinal() >= recent
            },
            moved=moved_days(services.working_days, before.moved, today),
            valid_from_ms=begins_ms,
        )

    return _saved(services, account, position, make, action="duty.days", seen=given.seen)


def end(services: Services, account: Account, position: str, given: EndGiven) -> Entry:
    """Keep a position no more.

    Raises:
        NotAccepted, ChangedMeanwhile, UnknownPosition
    """
    from_day = given.begins()

    def make(calendar: Calendar, saved_ms: int) -> Rota:
        before = _standing(calendar)
        day = from_day or day_of(saved_ms)
        begins_ms = before.begins_ms(date.fromisoformat(day).toordinal())
        begins_ms = max(begins_ms, saved_ms) if day >= day_of(saved_ms) else begins_ms
        return replace(before, ended=True, by_hand={}, valid_from_ms=begins_ms)

    return _saved(services, account, position, make, action="duty.end", seen=given.seen)


def substitute(
    services: Services, account: Account, position: str, given: SubstituteGiven
) -> Entry:
    """Let somebody stand in.

    Raises:
        NotAccepted, ChangedMeanwhile, UnknownPosition
    """
    _check_people(services, "person", [given.person])

    def make(_calendar: Calendar, saved_ms: int) -> Substitute:
        from_ms = saved_ms if given.from_ms is None else given.from_ms
        return Substitute(from_ms, given.until_ms, given.person, given.reason)

    return _saved(services, account, position, make, action="duty.substitute", seen=given.seen)


def swap(services: Services, account: Account, position: str, given: SwapGiven) -> Entry:
    """Let two people take each other's span.

    Raises:
        NotAccepted, ChangedMeanwhile, UnknownPosition
    """
    what = _swap(given)
    _check_people(services, "one", [what.other.person])
    _check_people(services, "other", [what.one.person])

    def make(_calendar: Calendar, _saved_ms: int) -> Swap:
        return what

    return _saved(services, account, position, make, action="duty.swap", seen=given.seen)


def swapped(services: Services, calendar: Calendar, given: SwapGiven) -> Calendar:
    """The calendar as it would be after a swap.

    Raises:
        NotAccepted: it does not hold.
    """
    what, now = _swap(given), services.now_ms()
    try:
        check(calendar, what, now)
    except ChangeRefused as error:
        raise _not_accepted(error) from error
    tried = Entry(calendar.newest + 1, calendar.position, now, "", "", what)
    return Calendar(calendar.position, (*calendar.entries, tried))


def withdraw(services: Services, account: Account, position: str, given: WithdrawGiven) -> Entry:
    """Let a substitute or a swap count no more.

    Raises:
        NotAccepted, UnknownPosition
    """

    def make(_calendar: Calendar, _saved_ms: int) -> Withdrawal:
        return Withdrawal(given.entry, given.reason)

    return _saved(services, account, position, make, action="duty.withdraw")


def feeds_of(services: Services) -> Feeds:
    """The links that this site gives."""
    return Feeds(services.site_key.of("duty-feed"))


def link(services: Services, account: Account, scope: str) -> str | None:
    """The token of somebody's feed; None where it is no person who asks for themselves."""
    if account.clerk or account.session is None:
        return None
    serial = services.duty.feed_serial(account.username)
    return feeds_of(services).token(account.username, scope, serial)


def renew_links(services: Services, account: Account) -> None:
    """Let every link that somebody was given so far end.

    Raises:
        NotOneself
    """
    if account.clerk or account.session is None:
        raise NotOneself
    now = services.now_ms()
    with services.state.begin() as connection:
        services.duty.renew_feeds(connection, account.username, now)
        audit.record(
            connection,
            by=account.actor,
            action="duty.feed-renew",
            subject=account.username,
            detail="",
            at_ms=now,
        )


def opened(services: Services, token: str) -> tuple[str, str] | None:
    """The person and the scope of the feed that a token opens; None: it opens nothing any more."""
    feeds = feeds_of(services)
    named = feeds.named(token)
    if named is None:
        return None
    username, scope = named
    serial = services.duty.feed_serial(username)
    roles = services.roles.having(EnvironmentPermission.SEE_DUTY)
    may_see = able(services.state, [role.id for role in roles], "environment")
    stands = feeds.opens(token, username, scope, serial)
    return named if stands and may_see(username, services.now_ms()) else None


def _saved(
    services: Services,
    account: Account,
    position: str,
    make: Callable[[Calendar, int], What],
    *,
    action: str,
    seen: int | None = None,
) -> Entry:
    now = services.now_ms()
    try:
        with services.state.begin() as connection:
            entry = services.duty.add(
                connection,
                position,
                make,
                by=(account.signed, account.username),
                now_ms=now,
                seen=seen,
            )
            audit.record(
                connection,
                by=account.actor,
                action=action,
                subject=entry.position,
                detail=json.dumps(_detail(entry), ensure_ascii=False),
                at_ms=now,
            )
    except ChangeRefused as error:
        raise _not_accepted(error) from error
    CHANGED.tell(services.publish, {"position": entry.position})
    return entry


def _detail(entry: Entry) -> dict[str, object]:
    """An entry as the audit keeps it: days off are the calendar's."""
    detail: dict[str, object] = msgspec.to_builtins(entry.what)
    return {"id": entry.id, **{key: of for key, of in detail.items() if key != "moved"}}


def _not_accepted(error: ChangeRefused) -> NotAccepted:
    return NotAccepted(error.faults[0], error.key, **error.values)


def _check_people(services: Services, where: str, usernames: Iterable[str]) -> None:
    can: Mapping[str, str] = people(services).on(services.now_ms())
    for username in usernames:
        if username not in can:
            what = f"{username} is nobody who can be on duty"
            fault = Fault(where, what, "name somebody who may see alerts")
            raise NotAccepted(fault, "person", who=username)


def _standing(calendar: Calendar) -> Rota:
    """The newest rota.

    Raises:
        ChangeRefused: the position is kept no more.
    """
    found = calendar.latest()
    if found is None or found.ended:
        raise refused("ended", "position", "is kept no more", "save a rota for it first")
    return found


def _swap(given: SwapGiven) -> Swap:
    return Swap(given.one.held(), given.other.held(), given.reason)
