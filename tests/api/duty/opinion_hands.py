"""Voters, the deputies of a register, and the office at work on opinions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from api.platforms.duty.deputies import actions as register
from api.platforms.duty.deputies import repository as deputies
from api.platforms.duty.deputies.records import Deputy, handed_back, written
from api.platforms.duty.opinions import actions
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import Identity, Written
from api.platforms.duty.opinions.tables import OPINION
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Row
from tests.api.conftest import RunningCentre
from tests.api.deadline_rules import core_of
from tests.api.duty.suggestion_hands import CLERK, LEAD, Duty

NAMES = {"name": "哨兵王大妈", "phone": "13877665544"}
"""Of a voter; nothing but the page that asks for them may show them."""
TEXT = {
    "title": "村口路灯不亮",
    "body": "村口路灯坏了半个月，晚上老人孩子出门很不方便，希望尽快修好并告知由谁负责。",
    "location": "平潮镇通吕路北侧",
}
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
_REGISTER = """用户名,姓名,代表团,选区
daibiao,陈明,jinsha-delegation,第一选区
xuhui,徐慧,jinsha-delegation,第一选区
gujun,顾军,jinsha-delegation,第二选区
"""


class Opinions(Duty):
    """Three deputies of a term, of whom two stand for the same constituency."""

    def __init__(self, centre: RunningCentre) -> None:
        super().__init__(centre)
        clerk = self.people[CLERK]
        register.put_term(self.services, clerk, "17", "2022-01-05", "")
        checked = register.check(self.services, clerk, 17, "名册.csv", _REGISTER.encode())
        assert not checked.mistakes
        register.load(self.services, clerk, 17, handed_back(written(checked.entered)))

    def deputy(self, username: str = LEAD) -> Deputy:
        """Of the register."""
        with self.services.state.read() as connection:
            found = deputies.of_person(connection, username, 17)
        assert found is not None
        return found

    def page(self, username: str = LEAD) -> str:
        """The address that a deputy's code leads to."""
        return f"/open/deputies/{self.deputy(username).code}"

    def received(self, *, for_office: bool = False, **fields: str) -> str:
        """The id of an opinion that came by the page of the first deputy."""
        identity = Identity(**NAMES, for_office=for_office)
        given = Written({**TEXT, **fields}, identity, str(uuid.uuid4()))
        to = actions.recipient(self.services, self.deputy().code)
        assert to is not None
        actions.receive(self.services, to, given)
        with self.services.state.read() as connection:
            return str(connection.scalar(sa.select(sa.func.max(OPINION.c.id))))

    def of(self, item: str) -> Row:
        """The row of an opinion."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, item)
        assert found is not None
        return found

    def step(self, by: str, item: str, name: str, **given: str) -> Event:
        """A step of an opinion."""
        if name == "suggest":
            actions.suggest(self.services, self.people[by], item, None)
            with self.services.state.read() as connection:
                return repository.events(connection, PROCEDURE, item)[-1]
        with taking.acts(self.services, PROCEDURE, self.people[by]) as acting:
            return taking.take(acting, item, name, given)

    def values(self, step: str) -> Mapping[str, str]:
        """All that a step needs."""
        given: Mapping[str, Mapping[str, str]] = {
            "answer": {"answer": "已联系供电部门，三天内修好。"},
            "revise": {"answer": "已修好。"},
            "not-mine": {"why": "不属于我的选区"},
            "unassign": {"why": "代表请假"},
            "dismiss": {"why": "广告"},
            "pass": {"number": "20261124001", "passed": self.today},
            "pass-on": {"number": "20261124002", "passed": self.today},
            "outcome": {"outcome": "供电所已更换灯泡。"},
            "reassign": {"deputy": "xuhui"},
        }
        return given.get(step, {})

    def keep_terms(self) -> None:
        """The job of the night."""
        actions.keep_terms(core_of(self.centre))
