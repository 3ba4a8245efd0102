"""Real people at work on matters and advice: the office, its head, court, procuratorate, housing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from starlette.datastructures import UploadFile

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.platforms.judicial.matters import actions as matters
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.platforms.judicial.matters.records import Asked
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Procedure, Row
from config.vocabulary.time import day_of
from tests.api.conftest import PASSWORDS, RunningCentre, enrolled_now

OFFICE, HEAD, DEPUTY, HOUSING = "lianluo", "daigongwei", "daibiao", "zhujian"
COURT, FIRST, SECOND = "shuji", "jiancha", "fuhe"
"""Of the court, and two of the procuratorate."""
NEWCOMERS = (
    Newcomer(COURT, "周宁", units=("court",), unit_roles=("handler",)),
    Newcomer(FIRST, "郑理", units=("procuratorate",), unit_roles=("handler",)),
    Newcomer(SECOND, "沈澄", units=("procuratorate",), unit_roles=("handler",)),
)
PASSWORD = "right for the bodies"
MEETING = "区十七届人大常委会第三十次会议"
HANDS: Mapping[str, str] = {
    "judicial.check": OFFICE,
    "judicial.decide": HEAD,
    "judicial.submit": COURT,
}
TEXTS: Mapping[str, str] = {
    "title": "关于执行工作情况的报告",
    "unit": "court",
    "meeting": MEETING,
    "decided_meeting": MEETING,
    "evaluated_meeting": "区十七届人大常委会第三十二次会议",
    "clause": "第十二条",
    "cases": "12",
    "law": "家庭教育促进法",
}
ADVISED: Mapping[str, str] = {
    "title": "物业小区消防通道管理",
    "addressee": "housing",
    "topic": "production-safety",
    "text": "建议对全区物业小区消防通道开展一次检查。",
}


class Judicial:
    """A centre whose office, bodies and deputies work on matters and advice."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services
        for newcomer in NEWCOMERS:
            enrolled_now(centre, newcomer, PASSWORD)
        names = (OFFICE, HEAD, DEPUTY, HOUSING, COURT, FIRST, SECOND)
        self.people = {username: self._account(username) for username in names}

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

    def begun(self, kind: str, **given: str) -> str:
        """The id of a new matter of the court."""
        said = {"title": TEXTS["title"], "unit": "court"} | given
        return matters.begin(self.services, self.people[OFFICE], kind, said)

    def written(self, **given: str) -> str:
        """The id of advice to the housing bureau."""
        return advice.write(self.services, self.people[FIRST], {**ADVISED, **given})

    def take(self, by: str, kind: str, item_id: str, step: str, **given: str) -> Event:
        """Take a step as a page does; of a matter by its kind."""
        with taking.acts(self.services, self.procedure(kind), self.people[by]) as acting:
            return taking.take(acting, item_id, step, given)

    def attached(self, by: str, kind: str, item_id: str, name: str = "报告.txt") -> str:
        """The id of a paper that somebody put to a matter or to advice."""
        body = io.BytesIO(f"材料：{name}".encode())
        upload = UploadFile(body, filename=name)
        account = self.people[by]
        if kind == "advice":
            return str(advice.PAPERS.attach(self.services, account, item_id, upload))
        return str(matters.PAPERS[kind].attach(self.services, account, item_id, upload))

    def procedure(self, kind: str) -> Procedure:
        """Of a kind of matter, or of advice."""
        return ADVICE if kind == "advice" else PROCEDURES[kind]

    def row(self, kind: str, item_id: str) -> Row:
        """Its row."""
        with self.services.state.read() as connection:
            found = repository.row(connection, self.procedure(kind), item_id)
        assert found is not None
        return found

    def listed(self, by: str, **asked: str) -> Sequence[Row]:
        """The matters that somebody sees."""
        question = Asked.model_validate(asked)
        return matters.listed(self.services, self.people[by], question).rows

    def terms(self, kind: str, item_id: str) -> Sequence[Deadline]:
        """Every deadline of it."""
        name = "advice" if kind == "advice" else "matter"
        return deadlines_of(self.services).of_subject(Reference("judicial", name, item_id))

    def owners(self, term: Deadline) -> tuple[str, ...]:
        """Who must act."""
        with self.services.state.read() as connection:
            everybody = staff(connection, self.services.roles, self.today)
        return everybody.who(term.responsible)

    def given_for(self, kind: str, item_id: str, step: str, by: str) -> dict[str, str]:
        """Something for whatever a step must have."""
        found = {}
        for need in self.procedure(kind).by_name[step].needs:
            if not need.required:
                continue
            if need.kind == "file":
                found[need.name] = self.attached(by, kind, item_id, f"{need.name}.txt")
            elif need.kind == "date":
                found[need.name] = self.today
            else:
                found[need.name] = TEXTS.get(need.name, "已经研究，拟分步落实。")
        return found

    def go(self, kind: str, item_id: str, *steps: str, **given: str) -> None:
        """Take steps in their order, each by its own hand, with all that it must have; what is
        ``given`` goes to each step that asks for it.
        """
        procedure = self.procedure(kind)
        for name in steps:
            by = HANDS[procedure.by_name[name].permission]
            asked = {need.name for need in procedure.by_name[name].needs}
            own = {key: of for key, of in given.items() if key in asked}
            self.take(by, kind, item_id, name, **(self.given_for(kind, item_id, name, by) | own))


def password_of(username: str) -> str:
    """Of somebody who signs in."""
    return PASSWORDS.get(username, PASSWORD)
