"""People who propose that a document be reviewed, and the office at work on it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.documents.proposals.actions import handling, keeping, receiving
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import Identity, Receipt, Written
from api.platforms.documents.proposals.tables import PROPOSAL
from api.platforms.documents.reviews.procedure.review import PROCEDURE as REVIEW
from api.platforms.documents.texts import repository as texts
from api.platforms.documents.texts.records import Facts
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Row
from config.vocabulary.time import day_of
from documents.text.records import Article, Document
from tests.api.conftest import RunningCentre
from tests.api.deadline_rules import core_of

NAMES = {"name": "哨兵赵大爷", "contact": "13866554433", "organisation": "哨兵排水设备有限公司"}
"""Of a proposer; nothing but the page that asks for them may show them."""
TITLE = "通州区排水管理办法"
TEXT = {
    "document": TITLE,
    "clause": "第三条",
    "law": "《行政处罚法》第十六条",
    "reason": "这一条由部门自行设定了罚款，法律没有给它这个权力，请予审查。",
}
CLERK, HEAD = "lianluo", "daigongwei"
OTHERS = ("daibiao", "zhujian", "shuili", "shenji", "huanbao")
EVERYBODY = (CLERK, HEAD, *OTHERS)
CODE = r"[0-9A-HJKMNP-TV-Z]{4}"
NUMBER = re.compile(rf">({CODE}(?:-{CODE}){{2}})<")
SECRET = re.compile(rf">({CODE}(?:-{CODE}){{3}})<")
SENTENCE = "区水利局可以对违反本办法的单位处以一万元罚款。"


class Proposals:
    """A centre that keeps one published text."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services
        self.people = {username: self._account(username) for username in EVERYBODY}
        self.text = self.kept(TITLE)

    def _account(self, username: str) -> Account:
        people, today = People(self.services.state), self.today
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

    def kept(self, title: str, published: str | None = "2024-04-01") -> int:
        """The id of a text that the centre keeps."""
        facts = Facts("water", "department", title, "通政规〔2024〕3号", published=published)
        document = Document(title, articles=(Article(3, 0, "第三条", SENTENCE),))
        by = (CLERK, self.centre.clock.now_ms)
        with self.services.state.begin() as connection:
            text = texts.add(connection, facts, by)
            texts.add_version(connection, text, 0, facts, document, ("0" * 64, "办法.txt"), by)
        return text

    def received(self, **fields: str) -> tuple[str, Receipt]:
        """Id and receipt of a proposal that came by the page."""
        given = Written({**TEXT, **fields}, Identity(**NAMES), str(uuid.uuid4()))
        receipt = receiving.receive(self.services, given)
        with self.services.state.read() as connection:
            return str(connection.scalar(sa.select(sa.func.max(PROPOSAL.c.id)))), receipt

    def demanded(self, **fields: str) -> str:
        """The id of a demand of the district's court."""
        of = {"kind": "demand", "proposer": "organ", "body": "court", "way": "paper"}
        given = {**TEXT, **of, "received": self.today, **fields}
        written = Written(given, Identity(), str(uuid.uuid4()))
        return receiving.record(self.services, self.people[CLERK], written)[0]

    def of(self, item: str) -> Row:
        """The row of a proposal."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, item)
        assert found is not None
        return found

    def step(self, by: str, item: str, name: str, **given: str) -> Event:
        """A step of a proposal."""
        if name == "open":
            handling.open_review(self.services, self.people[by], item, str(self.text), None)
            with self.services.state.read() as connection:
                return repository.events(connection, PROCEDURE, item)[-1]
        with taking.acts(self.services, PROCEDURE, self.people[by]) as acting:
            return taking.take(acting, item, name, given)

    def values(self, step: str) -> Mapping[str, str]:
        """All that a step needs."""
        told = {"told_way": "letter", "told": self.today}
        given: Mapping[str, Mapping[str, str]] = {
            "ask-complete": {"missing": "请写明是哪一条。"},
            "supplement": {"supplement": "第三条。"},
            "pass-on": {"organ": "市人大常委会", "reply": "该文件由市政府制定。", **told},
            "decline": {
                "ground": "reviewed",
                "reply": "去年已审查并有结论。",
                "decided": self.today,
            },
            "tell": told,
            "reply": {"result": "corrected", "reply": "制定机关已删去该条。", **told},
            "retract": {"why": "已另行反映"},
        }
        return given.get(step, {})

    def review_over(self, item: str) -> None:
        """The review of a proposal ends, and the centre hears of it."""
        review = self.of(item)["review"]
        with taking.acts(self.services, REVIEW, self.people[CLERK]) as acting:
            row = repository.row(acting.connection, REVIEW, review)
            if row is not None and row["state"] == "reviewing":
                taking.take(acting, review, "clear", {"conclusion": "没有发现问题。"})
        self.follow()

    def follow(self) -> None:
        """The job of every few minutes."""
        keeping.follow(core_of(self.centre))

    def forget(self) -> None:
        """The job of the night."""
        keeping.forget(core_of(self.centre))

    def running(self, item: str) -> dict[str, Deadline]:
        """Terms that run, by rule."""
        subject = repository.reference(PROCEDURE, item)
        found = deadlines_of(self.services).of_subject(subject)
        return {of.rule.id: of for of in found if of.open}

    def who(self, term: Deadline) -> tuple[str, ...]:
        """The people who must act in a term."""
        with self.services.state.read() as connection:
            return staff(connection, self.services.roles, self.today).who(term.responsible)
