"""Where deadlines are kept: platforms start, extend, pause and end them in their own transaction.

A due date moves with an event that says why, in the same transaction, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.roles import Roles
from api.audit import Actor
from api.deadlines import records
from api.deadlines.kept import rows
from api.deadlines.kept.answerable import staff
from api.deadlines.kept.notices import Calendar
from api.deadlines.kept.rulebook import Rulebook
from api.deadlines.records import (
    OPEN,
    Act,
    Basis,
    Deadline,
    Deed,
    Event,
    Responsible,
    Standing,
)
from api.deadlines.tables import DEADLINE, EVENT
from api.ports import Reference
from api.web.forms import NotAccepted
from config.law import Law
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from config.working_days import WorkingDays
from ingest.state.database import State

Which = int | tuple[Reference, str]
"""A deadline by its id, or the open one of a thing by the id of its rule."""
Units = sa.Select[tuple[str]]


@dataclass(frozen=True)
class Deadlines:
    """Deadlines in the state database. ``law`` are the rules of the files, ``working_days`` those
    of the site; what the office decided of both wins.
    """

    state: State
    law: Law
    working_days: WorkingDays

    @property
    def rulebook(self) -> Rulebook:
        """The rules as they hold."""
        return Rulebook(self.law)

    @property
    def calendar(self) -> Calendar:
        """The days off as they are known."""
        return Calendar(self.state, self.working_days)

    def start(
        self,
        connection: Connection,
        rule: str,
        subject: Reference,
        title: str,
        path: str,
        responsible: Responsible,
        start: date | int,
        *,
        actor: Actor,
        at_ms: int,
    ) -> int:
        """Let a term begin; the id of the deadline.

        Args:
            connection: the caller's transaction.
            rule: id of the rule, whose text as it holds now is kept with the deadline.
            subject: the thing; whoever sees it sees the deadline.
            title: of the thing, at most 300 characters.
            path: whole path of the page of the thing.
            responsible: who must act.
            start: the day of the act that starts the term, or of what it runs back from; of a
                term of hours the instant, UTC epoch ms.
            actor: who did that.
            at_ms: now.

        Raises:
            FaultyInput: there is no such rule.
            NotInForce: it is not in force on the day of the start.
            NotAccepted: a term of hours begins on a day.
        """
        held = self.rulebook.one(connection, rule)
        if held.rule.unit == "hour" and isinstance(start, date):
            fault = Fault("start", "a term of hours begins at an instant", "give UTC epoch ms")
            raise NotAccepted(fault, "instant")
        records.check_in_force(held.rule, start)
        days = self.calendar.known(connection)
        begun = rows.add(connection, subject, title, path, responsible, held, start, days, at_ms)
        deed = Deed(Act.STARTED, "", actor, at_ms)
        rows.note(connection, deed, None, begun, action="deadline.start")
        return begun.id

    def extend(
        self,
        connection: Connection,
        deadline_id: int,
        why: str,
        *,
        actor: Actor,
        at_ms: int,
        until: date | None = None,
        amount: int | None = None,
    ) -> Deadline:
        """Make a term longer: until a day, or by an amount of the unit by which its rule extends.

        Raises:
            UnknownDeadline
            NotAccepted: its rule allows none or none so far, it is over, or nobody says why.
        """
        before, days = self._open(connection, deadline_id), self.calendar.known(connection)
        said = records.checked_why(why)
        extended = records.extension(before, days, until, amount)
        basis = records.with_extension(before, replace(extended, by=actor.who, reason=said))
        after = self._moved(connection, before, basis, days)
        deed = Deed(Act.EXTENDED, said, actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.extend")
        return after

    def pause(
        self, connection: Connection, deadline_id: int, why: str, *, actor: Actor, at_ms: int
    ) -> Deadline:
        """Let a term stand still, today included.

        Raises:
            UnknownDeadline
            NotAccepted: its rule allows no pause, it does not run, or nobody says why.
        """
        before, said = self._open(connection, deadline_id), records.checked_why(why)
        records.check_pausable(before, at_ms)
        after = rows.put(connection, before, state=Standing.PAUSED, paused_ms=at_ms)
        deed = Deed(Act.PAUSED, said, actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.pause")
        return after

    def resume(
        self, connection: Connection, deadline_id: int, why: str, *, actor: Actor, at_ms: int
    ) -> Deadline:
        """Let a term go on that paused; today counts again.

        Raises:
            UnknownDeadline
            NotAccepted: it does not pause, or nobody says why.
        """
        before, said = self._open(connection, deadline_id), records.checked_why(why)
        if before.standing is not Standing.PAUSED:
            raise NotAccepted(Fault("deadline", "does not pause", "pause it first"), "not-paused")
        pauses = tuple(records.resumed_pauses(before, at_ms, actor.who, said))
        basis = msgspec.structs.replace(before.basis, pauses=pauses)
        running = rows.put(connection, before, state=Standing.RUNNING, paused_ms=None)
        after = self._moved(connection, running, basis, self.calendar.known(connection))
        deed = Deed(Act.RESUMED, said, actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.resume")
        return after

    def end(
        self, connection: Connection, which: Which, met_ms: int, *, actor: Actor, at_ms: int
    ) -> bool:
        """Write that the thing was done at ``met_ms``, which may lie before now; False where no
        term waited for it.
        """
        before = self._waiting(connection, which)
        if before is None:
            return False
        ended = {"state": Standing.ENDED, "met_ms": met_ms, "paused_ms": None}
        after = rows.put(connection, before, **ended)
        deed = Deed(Act.ENDED, "", actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.end")
        return True

    def cancel(
        self, connection: Connection, which: Which, why: str, *, actor: Actor, at_ms: int
    ) -> bool:
        """Write that nothing is to be done any more; False where no term waited.

        Raises:
            NotAccepted: nobody says why.
        """
        before, said = self._waiting(connection, which), records.checked_why(why)
        if before is None:
            return False
        after = rows.put(connection, before, state=Standing.CANCELLED, paused_ms=None)
        deed = Deed(Act.CANCELLED, said, actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.cancel")
        return True

    def reopen(
        self, connection: Connection, deadline_id: int, why: str, *, actor: Actor, at_ms: int
    ) -> Deadline:
        """Let a term run on that was ended or cancelled by mistake, from its own start and as it
        was extended; one that runs stays.

        Raises:
            UnknownDeadline
            NotAccepted: it is open, or nobody says why.
        """
        before, said = rows.one(connection, deadline_id), records.checked_why(why)
        if before.open:
            raise NotAccepted(Fault("deadline", "is open", "it runs on"), "open")
        running = rows.put(connection, before, state=Standing.RUNNING, met_ms=None)
        days = self.calendar.known(connection)
        after = self._moved(connection, running, before.basis, days)
        deed = Deed(Act.REOPENED, said, actor, at_ms)
        rows.note(connection, deed, before, after, action="deadline.reopen")
        return after

    def one(self, deadline_id: int) -> Deadline:
        """A deadline.

        Raises:
            UnknownDeadline
        """
        with self.state.read() as connection:
            return rows.one(connection, deadline_id)

    def of_subject(self, subject: Reference) -> Sequence[Deadline]:
        """Every deadline of a thing, the first due first, also those that are over."""
        query = sa.select(DEADLINE).where(_of(subject))
        query = query.order_by(DEADLINE.c.due_ms, DEADLINE.c.id)
        with self.state.read() as connection:
            return [rows.deadline_of(row) for row in connection.execute(query)]

    def of_person(
        self,
        account: Account,
        roles: Roles,
        at_ms: int,
        *,
        most: int = 1000,
        after: tuple[int, int] = (0, 0),
    ) -> Sequence[Deadline]:
        """The open deadlines on which somebody must act, the first due first; ``most`` and
        ``after`` as in :meth:`running`.
        """
        mine = self.on_whom(account, roles, at_ms)
        own = sa.or_(sa.false(), *map(_by, mine))
        return self._open_ones(_behind(after), own, most=most)

    def on_whom(self, account: Account, roles: Roles, at_ms: int) -> Collection[Responsible]:
        """Of those who must act on open deadlines, all behind whom an account stands."""
        with self.state.read() as connection:
            everybody = staff(connection, roles, day_of(at_ms))
            return [
                one
                for one in self.responsible(connection)
                if account.username in everybody.who(one)
            ]

    def running(
        self, *, most: int = 1000, after: tuple[int, int] = (0, 0), units: Units | None = None
    ) -> Sequence[Deadline]:
        """Open deadlines, the first due first.

        Args:
            most: so many at most.
            after: due instant and id of the last one that was seen.
            units: a query of the units that must act; None: all.
        """
        own = sa.true() if units is None else DEADLINE.c.unit.in_(units)
        return self._open_ones(_behind(after), own, most=most)

    def history(self, deadline_id: int) -> Sequence[Event]:
        """Every event of a deadline, the first one first."""
        query = sa.select(EVENT).where(EVENT.c.deadline == deadline_id).order_by(EVENT.c.id)
        with self.state.read() as connection:
            return [rows.event_of(row) for row in connection.execute(query)]

    def responsible(self, connection: Connection) -> Collection[Responsible]:
        """Everybody who must act on some open deadline."""
        columns = (DEADLINE.c.unit, DEADLINE.c.permission, DEADLINE.c.username)
        query = sa.select(*columns).distinct().where(DEADLINE.c.state.in_(OPEN))
        return [Responsible(*row) for row in connection.execute(query)]

    def _open_ones(self, *conditions: sa.ColumnElement[bool], most: int) -> Sequence[Deadline]:
        # A query for each state, as an index gives each of them in the order of due dates.
        query = sa.select(DEADLINE).where(*conditions)
        query = query.order_by(DEADLINE.c.due_ms, DEADLINE.c.id).limit(most)
        with self.state.read() as connection:
            found = [
                rows.deadline_of(row)
                for state in OPEN
                for row in connection.execute(query.where(DEADLINE.c.state == state))
            ]
        return sorted(found, key=lambda of: (of.reckoned.due_ms, of.id))[:most]

    def _open(self, connection: Connection, deadline_id: int) -> Deadline:
        found = rows.one(connection, deadline_id)
        if not found.open:
            raise NotAccepted(Fault("deadline", "is over", "start another one"), "over")
        return found

    def _waiting(self, connection: Connection, which: Which) -> Deadline | None:
        if isinstance(which, int):
            found = rows.one(connection, which)
            return found if found.open else None
        subject, rule = which
        query = sa.select(DEADLINE).where(_of(subject), DEADLINE.c.rule == rule)
        query = query.where(DEADLINE.c.state.in_(OPEN)).order_by(DEADLINE.c.due_ms).limit(1)
        row = connection.execute(query).first()
        return rows.deadline_of(row) if row else None

    def _moved(
        self, connection: Connection, before: Deadline, basis: Basis, days: WorkingDays
    ) -> Deadline:
        values = rows.of_basis(basis, basis.reckoned(days), days)
        return rows.put(connection, before, **values)


def _of(subject: Reference) -> sa.ColumnElement[bool]:
    columns = (DEADLINE.c.platform, DEADLINE.c.kind, DEADLINE.c.subject)
    return sa.and_(
        *(
            column == of
            for column, of in zip(columns, msgspec.structs.astuple(subject), strict=True)
        )
    )


def _behind(seen: tuple[int, int]) -> sa.ColumnElement[bool]:
    due_ms, deadline_id = seen
    same = sa.and_(DEADLINE.c.due_ms == due_ms, DEADLINE.c.id > deadline_id)
    return sa.and_(DEADLINE.c.due_ms >= due_ms, sa.or_(DEADLINE.c.due_ms > due_ms, same))


def _by(one: Responsible) -> sa.ColumnElement[bool]:
    columns = {
        DEADLINE.c.unit: one.unit,
        DEADLINE.c.permission: one.permission,
        DEADLINE.c.username: one.username,
    }
    return sa.and_(*(column == of for column, of in columns.items()))
