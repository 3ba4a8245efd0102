"""People at work on a suggestion after its submission, by the acts of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.duty.assignment import actions as assignment
from api.platforms.duty.assignment.records import Assigned
from api.platforms.duty.closing import actions as closing
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.handling.procedure import PROCEDURE as CONTRIBUTION
from api.platforms.duty.promises import actions as promises
from api.platforms.duty.promises.procedure import PROCEDURE as PROMISE
from api.platforms.duty.ratings import actions as ratings
from api.platforms.duty.replies import actions as replies
from api.platforms.duty.replies.records import Written
from api.platforms.duty.suggestions import actions as suggestions
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Procedure, Row
from api.roster import ROSTER
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS
from tests.api.deadline_rules import core_of
from tests.api.duty.suggestion_hands import CLERK, HOUSING, LEAD, REPLY, SECOND, THIRD, Duty

SATISFIED = {"attitude": "satisfied", "outcome": "satisfied"}
DISSATISFIED = {"attitude": "fairly", "outcome": "dissatisfied", "reason": "河边傍晚仍有异味"}
PROMISE_OF_WORKS = {"measure": "完成污水管网改造", "due_day": "2026-12-20"}
IN_RANGE = {
    "measure": "平潮断面氨氮稳定达标",
    "due_day": "2026-12-31",
    "evidence": "environment/in-range",
    "environment/in-range/station": "tonglv-pingchao",
    "environment/in-range/indicator": "w21003",
    "environment/in-range/days": "2",
    "environment/in-range/target": "III",
}


class Handling(Duty):
    """A suggestion of three deputies in the hands of units."""

    def signed(self) -> str:
        """A submitted suggestion that two others signed."""
        item_id = self.drafted()
        suggestions.invite(self.services, self.people[LEAD], item_id, [SECOND, THIRD])
        for username in (SECOND, THIRD):
            self.sign(username, item_id)
        self.submit(item_id)
        given = {"number": f"{item_id}号", "session": "between", "topic": "water"}
        self.take(CLERK, item_id, "accept", **given)
        return item_id

    def assign(
        self,
        item_id: str,
        *,
        unit: str = "housing",
        co: Sequence[str] = (),
        separate: Sequence[str] = (),
        day: str = "",
    ) -> None:
        """The office assigns it to all units in one go."""
        fields = {"unit": unit, "effort": "normal", "day": day or self.today}
        assigned = Assigned(fields, co, separate, None)
        assignment.assign(self.services, self.people[CLERK], item_id, assigned)

    def handled(self, **units: Any) -> str:
        """Signed for by the unit in charge."""
        item_id = self.signed()
        self.assign(item_id, **units)
        self.take(HOUSING, item_id, "sign-for")
        return item_id

    def contact(self, item_id: str, by: str = HOUSING, **given: str) -> int:
        """The unit logs a contact; its id."""
        logged = {"way": "visit", "day": self.today, "text": "到现场一起查看排口。", **given}
        row = handling.log_contact(self.services, self.people[by], item_id, logged)
        assert row is not None
        found = handling.parts(self.services, self.people[by], row)["contacts"]
        newest: int = found[0].contact.id
        return newest

    def say(self, by: str, contact: int, *, confirmed: bool) -> None:
        """A signer confirms or denies a contact."""
        row = handling.say(self.services, self.people[by], contact, confirmed=confirmed, note="")
        assert row is not None

    def reply(
        self, item_id: str, *promised: Mapping[str, str], by: str = HOUSING, **given: str
    ) -> None:
        """The unit answers by the form."""
        fields = {**REPLY, "day": self.today, **given}
        written = Written(fields, promised, None)
        replies.reply(self.services, ROSTER, self.people[by], item_id, written)

    def answered(self, *promised: Mapping[str, str]) -> str:
        """Answered for the first time."""
        item_id = self.handled()
        self.contact(item_id)
        self.reply(item_id, *promised)
        return item_id

    def rate(self, by: str, item_id: str, **given: str) -> None:
        """A signer rates the last reply."""
        assert closing.rate(self.services, self.people[by], item_id, given) is not None

    def ratings(self, reader: str, item_id: str) -> Mapping[str, Any]:
        """The ratings as somebody sees them."""
        return ratings.parts(self.services, self.people[reader], self.row(item_id))

    @property
    def core(self) -> CoreServices:
        """The means of the jobs."""
        return replace(core_of(self.centre), roster=ROSTER)

    def close_windows(self) -> None:
        """The job of every ten minutes."""
        closing.follow(self.core)

    def watch_promises(self) -> None:
        """The job of every ten minutes."""
        promises.watch(self.core)

    def later(self, days: int) -> None:
        """So many days pass."""
        self.centre.clock.now_ms += days * DAY_MS

    def measured_days(self, count: int, value: float) -> None:
        """Ammonia at 平潮 as each minute of the last whole days had it."""
        self.centre.measured_days("tonglv-pingchao/w21003", count, value)

    def promises(self, reader: str, item_id: str) -> Sequence[Any]:
        """The promises as somebody sees them."""
        found = promises.parts(self.services, self.people[reader], self.row(item_id), ROSTER)
        lines: Sequence[Any] = found["promises"]
        return lines

    def contributions(self, item_id: str) -> Sequence[Row]:
        """The parts of further units."""
        found = handling.parts(self.services, self.people[CLERK], self.row(item_id))
        return [of.row for of in found["contributions"]]

    def contribute(self, by: str, contribution: object, step: str, **given: str) -> Event:
        """Take a step of a contribution."""
        return self._take(CONTRIBUTION, by, contribution, step, given)

    def promise(self, by: str, promise: object, step: str, **given: str) -> Event:
        """Take a step of a promise."""
        return self._take(PROMISE, by, promise, step, given)

    def _take(
        self, procedure: Procedure, by: str, item: object, step: str, given: Mapping[str, str]
    ) -> Event:
        with taking.acts(self.services, procedure, self.people[by]) as acting:
            return taking.take(acting, str(item), step, given)

    def every_term(self, kind: str, item: object) -> Sequence[Deadline]:
        """Every deadline of a thing of the platform."""
        subject = Reference("duty", kind, str(item))
        return deadlines_of(self.services).of_subject(subject)

    def events(self, procedure: Procedure, item: object) -> Sequence[Event]:
        """All that was done with a thing."""
        with self.services.state.read() as connection:
            return repository.events(connection, procedure, str(item))
