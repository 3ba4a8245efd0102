"""Terms of sources: a period that is over owes a table, which a load of the source meets."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from sqlalchemy.engine import Connection

from api.audit import CENTRE, Actor
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.deadlines.repository import Deadlines
from api.imports import actions
from api.imports.records import Load
from api.imports.sources.periods import Period, ended
from api.imports.sources.records import Owed, Source, covers, names_its_period, served
from api.imports.sources.repository import Sources
from api.kinds.tables import TableKind
from api.shape import CoreServices
from config.catalogue.words import Words
from config.vocabulary.time import day_of

MOST_OPENED = 40
"""Periods of a source that begin to owe in a turn; the rest in the next one."""
_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Register:
    """The register with the deadlines of its sources; ``words`` are those of the site, in which
    titles and reasons are kept.
    """

    sources: Sources
    deadlines: Deadlines
    words: Words

    def begin(
        self, connection: Connection, source: Source, period: Period, by: Actor, at_ms: int
    ) -> int:
        """Let a deadline begin for a period of a source; its id."""
        title = self.words("sources.owed", name=source.name, period=period.label)
        return self.deadlines.start(
            connection,
            source.rule_id,
            source.reference,
            title,
            source.path,
            source.terms.responsible,
            period.last,
            actor=by,
            at_ms=at_ms,
        )

    def open_ended(self, source: Source, now_ms: int) -> int:
        """Let every period owe that is over; how many."""
        known = self.sources.owed(source.id, 1)
        until = date.fromisoformat(known[0].last_day) if known else source.since - _DAY
        today, days = date.fromisoformat(day_of(now_ms)), self.deadlines.calendar.working_days()
        periods = ended(source.period, source.since, until, today, days)
        count = 0
        for period in islice(periods, MOST_OPENED):
            with self.sources.state.begin() as connection:
                deadline = self.begin(connection, source, period, CENTRE, now_ms)
                self.sources.owe(connection, source.id, period, deadline)
            count += 1
        return count

    def renew(
        self, connection: Connection, source: Source, waiting: Sequence[Owed], why: str,
        by: Actor, at_ms: int,
    ) -> None:  # fmt: skip
        """Let periods that wait have the terms of a source as it is now: other deadlines."""
        for one in waiting:
            self.deadlines.cancel(connection, one.deadline, why, actor=by, at_ms=at_ms)
            period = Period(one.label, date.fromisoformat(one.last_day))
            deadline = self.begin(connection, source, period, by, at_ms)
            self.sources.change_owed(connection, one, deadline=deadline)

    def waiting(self, source: Source) -> Sequence[tuple[Owed, Deadline]]:
        """Periods of a source that wait for a table, the first one first."""
        return list(self._waiting(self.sources.owed(source.id)).values())

    def settle(self, source: Source, kind: TableKind, now_ms: int) -> None:
        """Let loads meet periods that wait; one whose load was withdrawn waits again."""
        owed = self.sources.owed(source.id)
        loads = {load.id: load for load in self.sources.loads(source)}
        for one in owed:
            if one.load in loads and loads[one.load].state == "withdrawn":
                self._wait_again(one, now_ms)
        owed = self.sources.owed(source.id)
        waiting = self._waiting(owed)
        if not waiting:
            return
        dated = names_its_period(source.period, dated=bool(kind.period))
        used = {one.load for one in owed}
        for load in sorted(loads.values(), key=lambda of: of.id):
            for one in _met(waiting, load, dated=dated, used=load.id in used):
                self._meet(one, load, now_ms)
                waiting.pop(one.last_day)

    def _waiting(self, owed: Sequence[Owed]) -> dict[str, tuple[Owed, Deadline]]:
        """Periods whose deadline is open, by their last day, the first one first."""
        found = [(one, self.deadlines.one(one.deadline)) for one in owed if one.load is None]
        return {one.last_day: (one, of) for one, of in reversed(found) if of.open}

    def _meet(self, owed: Owed, load: Load, now_ms: int) -> None:
        with self.sources.state.begin() as connection:
            self.sources.change_owed(connection, owed, load=load.id)
            self.deadlines.end(connection, owed.deadline, load.made_ms, actor=CENTRE, at_ms=now_ms)

    def _wait_again(self, owed: Owed, now_ms: int) -> None:
        ended_by_it = not self.deadlines.one(owed.deadline).open
        with self.sources.state.begin() as connection:
            self.sources.change_owed(connection, owed, load=None)
            if ended_by_it:
                why = self.words("sources.load-withdrawn", load=owed.load)
                self.deadlines.reopen(connection, owed.deadline, why, actor=CENTRE, at_ms=now_ms)


def _met(
    waiting: Mapping[str, tuple[Owed, Deadline]], load: Load, *, dated: bool, used: bool
) -> Sequence[Owed]:
    """The periods that a load is for: by the months of its rows, where these have dates; else one,
    by when it came. One that changed nothing says nothing of a period that it does not name.
    """
    if dated:
        stands = load.state in ("in-force", "unchanged")
        return [owed for owed, _ in waiting.values() if stands and covers(owed, load)]
    if load.state != "in-force" or used:
        return []
    due = [(owed, deadline.reckoned.due_ms) for owed, deadline in waiting.values()]
    one = served(due, load)
    return [one] if one else []


def keep_terms(core: CoreServices) -> None:
    """The job of every minute: periods that are over owe, loads meet them."""
    parts = actions.parts_of_core(core)
    register = Register(Sources(core.state), deadlines_of(core), core.words)
    for source in register.sources.all(list(parts.kinds)):
        if not source.active:
            continue
        try:
            register.open_ended(source, core.now_ms())
            register.settle(source, parts.kind(source.kind), core.now_ms())
        except Exception:
            log.exception("the terms of source %d wait for the next turn", source.id)
