"""Texts under review, and the people around them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.documents.reviews.actions import opening, pointing
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE as CONSULTATION
from api.platforms.documents.reviews.procedure.point import PROCEDURE as POINT
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import Raised
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import repository as kept_texts
from api.platforms.documents.texts.records import Facts
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.procedure import Procedure, Row
from config.vocabulary.time import DAY_MS, day_of
from tests.api.conftest import RunningCentre, enrolled_now

CLERK, HEAD, MAKER, OTHER, DEPUTY = "lianluo", "daigongwei", "shuili", "zhujian", "daibiao"
COMMITTEE = "fagongwei"
FINE = "对违反本规定的，由区水利局处以五百元以上五千元以下罚款。"
RULES = f"""通州区河道保洁规定

通政规〔2026〕9号

第一条 为了保持河道清洁，根据《中华人民共和国水法》，制定本规定。

第二条 沿河单位应当清理门前河段。

第三条 {FINE}

第四条 本规定自2026年6月1日起施行，有效期五年。
"""
AMENDED = RULES.replace(FINE, "对违反本规定的，由区水利局依法处理。").replace("9号", "12号")
"""The fine is gone; nothing else is different."""
POINT_OF_FINE = Raised(
    "legality",
    "第三条",
    "处以五百元以上五千元以下罚款",
    "中华人民共和国行政处罚法",
    "第十六条",
    "规范性文件不得设定行政处罚。",
)
CONSTITUTION = replace(
    POINT_OF_FINE,
    test="constitution",
    label="第二条",
    words="沿河单位应当清理门前河段",
    law="中华人民共和国宪法",
    law_article="第五条",
    why="是否符合法治原则，需要上级研究。",
)


class Reviews:
    """A centre in which texts are reviewed."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services
        newcomer = Newcomer(
            COMMITTEE, "法工委", (), unit_roles=("supervisor",), units=("legislation-committee",)
        )
        enrolled_now(centre, newcomer, "right for the committee")
        usernames = (CLERK, HEAD, MAKER, OTHER, DEPUTY, COMMITTEE)
        self.people = {of: self._account(of) for of in usernames}
        self.kept = 0

    def _account(self, username: str) -> Account:
        people = People(self.services.state)
        with self.services.state.read() as connection:
            grants = people.grants(connection, username, self.today)
        return Account(
            username,
            people.names([username])[username],
            roles=tuple(of.role for of in grants),
            reaches=self.services.roles.reaches(grants),
        )

    @property
    def today(self) -> str:
        """The district's day."""
        return day_of(self.services.now_ms())

    def in_days(self, number: int) -> str:
        """A day to come."""
        return (date.fromisoformat(self.today) + timedelta(days=number)).isoformat()

    def later(self, days: int) -> None:
        """Days pass."""
        self.centre.clock.now_ms += days * DAY_MS

    def text(self, content: str = RULES, maker: str = "water") -> int:
        """A text that is kept; every file is another one."""
        self.kept += 1
        file = BytesIO(f"{content}\n\n附件：第{self.kept}份\n".encode())
        facts = Facts(maker, "department", "", published="2026-05-01")
        return texts.send(self.services, self.people[CLERK], facts, "规定.txt", file)

    def amend(self, text: int, content: str = AMENDED) -> None:
        """The next version of a text is kept."""
        self.kept += 1
        with self.services.state.read() as connection:
            kept = kept_texts.one(connection, text)
        assert kept is not None
        file = BytesIO(f"{content}\n\n附件：第{self.kept}份\n".encode())
        facts = replace(kept.facts, number="")
        of = (text, kept.version)
        texts.send(self.services, self.people[CLERK], facts, "规定.txt", file, of)

    def review(self, text: int, mode: str = "own", **given: str) -> int:
        """A review that was opened today."""
        said = {"mode": mode, "reason": "年度主动审查计划", **given}
        return opening.begin(self.services, self.people[CLERK], text, said)

    def point(self, review: int, raised: Raised = POINT_OF_FINE) -> int:
        """A point of it."""
        return pointing.add(self.services, self.people[CLERK], str(review), raised)

    def consult(self, review: int, unit: str) -> int:
        """A committee is asked for its opinion."""
        given = {"unit": unit, "day": self.today}
        return pointing.consult(self.services, self.people[CLERK], str(review), given)

    def consultation_terms(self, consultation: int) -> list[Deadline]:
        """Those of a committee's opinion."""
        subject = Reference("documents", "consultation", str(consultation))
        return list(deadlines_of(self.services).of_subject(subject))

    def step(self, by: str, review: int, name: str, **given: str) -> None:
        """Take a step of a review."""
        self.take(PROCEDURE, by, review, name, **given)

    def settle(self, by: str, point: int, name: str, **given: str) -> None:
        """Take a step of a point."""
        self.take(POINT, by, point, name, **given)

    def give(self, by: str, consultation: int, name: str, **given: str) -> None:
        """Take a step of a committee's opinion."""
        self.take(CONSULTATION, by, consultation, name, **given)

    def take(self, procedure: Procedure, by: str, item: int, name: str, **given: str) -> None:
        """Take a step."""
        with taking.acts(self.services, procedure, self.people[by]) as acting:
            taking.take(acting, str(item), name, given)

    def row(self, review: int, procedure: Procedure = PROCEDURE) -> Row:
        """As it is kept."""
        with self.services.state.read() as connection:
            found = repository.row(connection, procedure, str(review))
        assert found is not None
        return found

    def terms(self, review: int) -> list[Deadline]:
        """All of a review, the first one first."""
        return list(deadlines_of(self.services).of_subject(opening.reference(review)))

    def open_terms(self, review: int) -> list[Deadline]:
        """Those that wait for somebody."""
        return [of for of in self.terms(review) if of.open]

    def who(self, term: Deadline) -> tuple[str, ...]:
        """Who must act in a term."""
        with self.services.state.read() as connection:
            found = staff(connection, self.services.roles, self.today)
        return found.who(term.responsible)

    def opined(self, *raised: Raised, **more: Any) -> tuple[int, list[int]]:
        """A review whose opinion was sent today, with the ids of its points."""
        review = self.review(more.pop("text", None) or self.text(), **more)
        points = [self.point(review, of) for of in raised or (POINT_OF_FINE,)]
        self.step(HEAD, review, "opine", opinion="请修改第三条。", day=self.today)
        return review, points
