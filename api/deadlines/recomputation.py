"""Open deadlines reckoned anew: with other days off, or with another version of their rule.

Slice by slice, each of which may be the last before a kill: the next call goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.audit import CENTRE, Actor
from api.deadlines.kept import rows
from api.deadlines.kept.notices import digest
from api.deadlines.kept.rulebook import Held
from api.deadlines.reckoning import changes
from api.deadlines.records import OPEN, Act, Deadline, Deed
from api.deadlines.repository import Deadlines
from api.deadlines.tables import DEADLINE
from api.deadlines.trace import Reckoned
from config.catalogue.words import Words
from config.law import Term
from config.working_days import WorkingDays

A_SLICE = 10
_RECOMPUTE = "deadline.recompute"
_CONFIRM = "deadline.confirm"


@dataclass(frozen=True, slots=True)
class Recomputation:
    """Reckons open deadlines anew; ``words`` are those of the site, in which reasons are kept."""

    deadlines: Deadlines
    words: Words
    now_ms: Callable[[], int]

    def follow_calendar(self) -> int:
        """Reckon all that were reckoned with other days off; how many due dates moved."""
        with self.deadlines.state.read() as connection:
            days = self.deadlines.calendar.known(connection)
        outdated = sa.and_(DEADLINE.c.state.in_(OPEN), DEADLINE.c.calendar != digest(days))
        moved = 0
        for found in self._slices(outdated):
            fresh = [(one, one.basis.reckoned(days)) for one in found]
            moved += self._written(fresh, days)
        return moved

    def follow_rule(self, held: Held, by: Actor, *, recompute: bool) -> int:
        """Let running deadlines of a rule have its newest version: at once where that says the
        same term, else only where somebody wishes to ``recompute`` them; how many have it now.
        """
        older = sa.and_(
            DEADLINE.c.state.in_(OPEN),
            DEADLINE.c.rule == held.rule.id,
            DEADLINE.c.rule_version < held.version,
        )
        done, seen = 0, 0
        while found := self._some(sa.and_(older, DEADLINE.c.id > seen)):
            seen = found[-1].id
            for one in found:
                with self.deadlines.state.begin() as connection:
                    done += self._follows(connection, one, held, by, recompute=recompute)
        return done

    def older(self, held: Held) -> int:
        """How many open deadlines have an older version of a rule."""
        query = sa.select(sa.func.count()).where(
            DEADLINE.c.state.in_(OPEN),
            DEADLINE.c.rule == held.rule.id,
            DEADLINE.c.rule_version < held.version,
        )
        with self.deadlines.state.read() as connection:
            return connection.scalar(query) or 0

    def _slices(self, outdated: sa.ColumnElement[bool]) -> Iterator[Sequence[Deadline]]:
        while found := self._some(outdated):
            yield found

    def _some(self, condition: sa.ColumnElement[bool]) -> Sequence[Deadline]:
        query = sa.select(DEADLINE).where(condition).order_by(DEADLINE.c.id).limit(A_SLICE)
        with self.deadlines.state.read() as connection:
            return [rows.deadline_of(row) for row in connection.execute(query)]

    def _written(self, fresh: Sequence[tuple[Deadline, Reckoned]], days: WorkingDays) -> int:
        moved, now = list[rows.Moved](), self.now_ms()
        for before, reckoned in fresh:
            if reckoned.due_ms != before.reckoned.due_ms:
                deed = Deed(Act.RECOMPUTED, self._why(before.reckoned, reckoned), CENTRE, now)
                moved.append((deed, before, replace(before, reckoned=reckoned)))
        values = [(before, rows.of_basis(before.basis, of, days)) for before, of in fresh]
        try:
            with self.deadlines.state.begin() as connection:
                for before, row in values:
                    rows.write(connection, before, row)
                rows.note_moved(connection, moved, by=CENTRE, at_ms=now)
        except rows.ChangedMeanwhile:
            return 0  # read again with the next slice
        return len(moved)

    def _why(self, before: Reckoned, after: Reckoned) -> str:
        pairs = changes(before, after)
        published = sorted({was.awaits for was, _ in pairs if was.awaits})
        if published:
            return self.words(
                "deadlines.because-published", years=self.words.listed(map(str, published))
            )
        corrected = sorted({now.date.year for _, now in pairs} or {after.due.year})
        return self.words(
            "deadlines.because-corrected", years=self.words.listed(map(str, corrected))
        )

    def _follows(
        self, connection: Connection, found: Deadline, held: Held, by: Actor, *, recompute: bool
    ) -> bool:
        before, days = rows.one(connection, found.id), self.deadlines.calendar.known(connection)
        same = _term(before.rule) == _term(held.rule)
        if not (before.open and (same or recompute)):
            return False
        basis = msgspec.structs.replace(before.basis, rule=held.rule)
        reckoned = before.reckoned if same else basis.reckoned(days)
        values = dict(rows.of_rule(held))
        if not same:
            values |= rows.of_basis(basis, reckoned, days)
        after = rows.put(connection, before, **values)
        deed = Deed(Act.CONFIRMED if same else Act.RECOMPUTED, held.basis, by, self.now_ms())
        rows.note(connection, deed, before, after, action=_CONFIRM if same else _RECOMPUTE)
        return True


def _term(of: Term) -> tuple[object, ...]:
    """All that a due date comes from."""
    return tuple(getattr(of, name) for name in Term.__struct_fields__)
