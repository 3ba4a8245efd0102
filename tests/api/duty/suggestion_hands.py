"""Real people at work on suggestions: three deputies, the office, its head, and two units."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.duty.suggestions import actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.platforms.duty.tables import ANSWER, CONTACT, RATING
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Row
from config.vocabulary.time import day_of
from tests.api.conftest import RunningCentre

TITLE = "平潮段河道异味治理"
BODY = "平潮镇通吕运河段每天傍晚有异味，沿岸居民反映强烈。建议查明来源，限期整治，并公开结果。"
TEXT = {"title": TITLE, "body": BODY, "openness": "public"}
LEAD, SECOND, THIRD = "daibiao", "xuhui", "gujun"
CLERK, HEAD = "lianluo", "daigongwei"
HOUSING, WATER = "zhujian", "shuili"
EVERYBODY = (LEAD, SECOND, THIRD, CLERK, HEAD, HOUSING, WATER)
REPLY = {"text": "已查明并整治。", "paper": "建复〔2026〕7号", "signer": "孙涛", "result": "A"}


class Duty:
    """A centre whose people write, sign and handle suggestions."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services
        self.people = {username: self._account(username) for username in EVERYBODY}

    def _account(self, username: str) -> Account:
        people, today = People(self.services.state), day_of(self.centre.clock.now_ms)
        with self.services.state.read() as connection:
            grants = people.grants(connection, username, today)
        return Account(
            username,
            people.names([username])[username],
            roles=tuple(of.role for of in grants),
            reaches=self.services.roles.reaches(grants),
        )

    @property
    def today(self) -> str:
        """The day of the centre's clock."""
        return day_of(self.centre.clock.now_ms)

    def drafted(self, by: str = LEAD, **fields: str) -> str:
        """The id of a new draft."""
        given = {**TEXT, **fields}
        return actions.begin(self.services, self.people[by], str(uuid.uuid4()), given).item_id

    def edit(self, item_id: str, **fields: str) -> None:
        """The lead gives it other words."""
        row = self.row(item_id)
        given = {name: row[name] or "" for name in TEXT} | fields
        actions.edit(self.services, self.people[row["lead"]], item_id, given, None)

    def submit(self, item_id: str) -> None:
        """The lead submits it."""
        lead = self.people[self.row(item_id)["lead"]]
        actions.submit(self.services, lead, item_id, {}, None, none_of_grounds=True)
        actions.done(self.services, item_id)

    def take(self, by: str, item_id: str, step: str, **given: str) -> Event:
        """Take a step as a page does."""
        with taking.acts(self.services, PROCEDURE, self.people[by]) as acting:
            event = taking.take(acting, item_id, step, given)
        actions.done(self.services, item_id)
        return event

    def assigned(self, *, unit: str = "housing", effort: str = "normal", day: str = "") -> str:
        """A suggestion in the hands of a unit since a day."""
        item_id = self.drafted()
        self.submit(item_id)
        self.take(
            CLERK, item_id, "accept", number=f"{item_id}号", session="between", topic="water"
        )
        given = {"unit": unit, "effort": effort, "day": day or self.today}
        self.take(CLERK, item_id, "assign", **given)
        return item_id

    def withdraw(self, by: str, item_id: str) -> Event:
        """Take the last step back."""
        with taking.acts(self.services, PROCEDURE, self.people[by]) as acting:
            event = taking.withdraw(acting, item_id, "误操作")
        actions.done(self.services, item_id)
        return event

    def sign(self, by: str, item_id: str) -> None:
        """Sign the text of now."""
        actions.sign(self.services, self.people[by], item_id, self.row(item_id)["text_hash"])

    def contacted(self, item_id: str) -> None:
        """The unit says that it spoke with the deputy."""
        row = self.row(item_id)
        self._insert(
            CONTACT,
            suggestion=row["id"],
            unit=row["unit"] or "housing",
            way="phone",
            day=date.fromisoformat(self.today),
            text="已沟通",
            username=HOUSING,
            signed="孙涛",
            at_ms=self.centre.clock.now_ms,
        )

    def rated(self, item_id: str, username: str, outcome: str) -> None:
        """A signer has rated the last reply."""
        at = ANSWER.c
        last = sa.select(sa.func.max(at.id)).where(at.suggestion == int(item_id), ~at.withdrawn)
        self._insert(
            RATING,
            answer=last.scalar_subquery(),
            username=username,
            attitude="satisfied",
            outcome=outcome,
            reason="",
            asked_by="",
            signed=username,
            at_ms=self.centre.clock.now_ms,
        )

    def _insert(self, table: sa.Table, **values: Any) -> None:
        with self.services.state.begin() as connection:
            connection.execute(sa.insert(table).values(values))

    def row(self, item_id: str) -> Row:
        """Of a suggestion, whoever asks."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, item_id)
        assert found is not None
        return found

    def terms(self, item_id: str) -> Mapping[str, Deadline]:
        """The open terms of a suggestion, by rule."""
        subject = Reference("duty", "suggestion", item_id)
        found = deadlines_of(self.services).of_subject(subject)
        return {of.rule.id: of for of in found if of.open}

    def who(self, term: Deadline) -> tuple[str, ...]:
        """The people who must act in a term."""
        with self.services.state.read() as connection:
            return staff(connection, self.services.roles, self.today).who(term.responsible)

    def valid(self, item_id: str) -> list[str]:
        """Those whose signature holds."""
        found = actions.signed(self.services, self.row(item_id))
        return [of.username for of in found if of.valid]

    def heard(self, reader: str) -> list[str]:
        """The messages that wait for somebody."""
        with self.services.state.read() as connection:
            entries = self.services.messages.unrouted(connection, most=1000)
        return [of.body.text for of in entries if of.reader == reader]  # type: ignore[union-attr]
