"""A step changes row, event, audit, terms and messages at once, or is refused in the row's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO

import msgspec
import pytest
import sqlalchemy as sa
from fastapi import UploadFile

from api import audit, items
from api.accounts.records import Account, Clerk, Reach, Secrecy
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Act, Deadline, Standing
from api.files import actions as files
from api.ports import Reference, freeze
from api.procedures import repository, taking
from api.procedures.events import Event, Terms, image
from api.procedures.part import part_of
from api.procedures.refusals import (
    ChangedMeanwhile,
    Incomplete,
    NotAllowed,
    NotFromHere,
    NotThePerson,
    NotWithdrawn,
    NotYours,
    StepRefused,
    TermNotInForce,
    UnknownStep,
    UnknownThing,
)
from api.procedures.tables import EVENT
from api.procedures.taking import Acting
from api.roster import ROSTER
from api.shape import Platform
from config.law import Law
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import rules_instead
from tests.api.letters.manifest import PLATFORM as LETTERS
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import ANSWER, COPY, PROCEDURE

pytestmark = pytest.mark.parametrize("kind", BOTH)
NEW = {"author": "daibiao", "weight": 1.0, "public": False, "secrecy": int(Secrecy.OPEN)}
DRAFT = {"title": "河边异味", "body": "平潮段有异味"}


def holding(
    username: str, name: str, *permissions: LetterPermission, unit: str = "", **more: object
) -> Account:
    """Somebody with permissions, on the letters of a unit or of all."""
    reach = Reach(frozenset({LetterPermission.READ, *permissions}), unit)
    return Account(username, name, reaches=(reach,), **more)  # type: ignore[arg-type]


DEPUTY = holding("daibiao", "陈明", LetterPermission.WRITE)
OTHER = holding("lianluo", "王芳", LetterPermission.WRITE)
OFFICE = holding("lianluo", "王芳", LetterPermission.ASSIGN)
OFFICER = holding("huanbao", "李岚", LetterPermission.ANSWER, unit="environment")
OF_HOUSING = Account(
    "zhujian",
    "周建",
    reaches=(
        Reach(frozenset({LetterPermission.READ})),
        Reach(frozenset({LetterPermission.ANSWER}), "housing"),
    ),
)
READER = holding("shenji", "钱进")


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Letters are there as well."""
    return (*ROSTER, LETTERS)


class Letters:
    """A centre with letters, each act in a transaction of its own."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services

    def begun(self, account: Account = DEPUTY, **given: str) -> str:
        """The id of a draft."""
        with self._acts(account) as acting:
            item_id, _ = taking.begin(acting, {**DRAFT, **given}, **NEW)
        return item_id

    def take(
        self,
        account: Account,
        item_id: str,
        step: str,
        version: int | None = None,
        **given: str,
    ) -> Event:
        """Take a step."""
        with self._acts(account) as acting:
            return taking.take(acting, item_id, step, given, version)

    def withdraw(self, account: Account, item_id: str, why: str = "误操作") -> Event:
        """Take the last step back."""
        with self._acts(account) as acting:
            return taking.withdraw(acting, item_id, why)

    def sent(self) -> str:
        """A letter that waits for the office."""
        item_id = self.begun()
        self.take(DEPUTY, item_id, "send")
        return item_id

    def assigned(self, **given: str) -> str:
        """A letter in the hands of the environment's department."""
        item_id = self.sent()
        self.take(OFFICE, item_id, "assign", unit="environment", **given)
        return item_id

    def row(self, item_id: str) -> Mapping[str, object]:
        """Its row."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, item_id)
        assert found is not None
        return found

    def events(self, item_id: str) -> list[Event]:
        """Its events."""
        with self.services.state.read() as connection:
            return repository.events(connection, PROCEDURE, item_id)

    def terms(self, item_id: str) -> list[Deadline]:
        """Its deadlines."""
        subject = Reference("letters", "letter", item_id)
        return sorted(deadlines_of(self.services).of_subject(subject), key=lambda of: of.id)

    def extended(self, deadline_id: int, until: date) -> Deadline:
        """Approved by the head of the department."""
        with self.services.state.begin() as connection:
            return deadlines_of(self.services).extend(
                connection,
                deadline_id,
                "情况复杂，局长批准",
                actor=OFFICE.actor,
                at_ms=self.centre.clock.now_ms,
                until=until,
            )

    def attached(self, item_id: str) -> str:
        """The id of a file at a letter."""
        subject = Reference("letters", "letter", item_id)
        paper = UploadFile(BytesIO("已清理排口".encode()), filename="复函.txt")
        return str(files.attach(self.services, OFFICE, subject, paper))

    def copies(self) -> list[str]:
        """Units beside the one in charge."""
        with self.services.state.read() as connection:
            return list(connection.execute(sa.select(COPY.c.unit)).scalars())

    def heard(self) -> list[tuple[str | None, str, str]]:
        """The messages that wait: reader, title and text."""
        with self.services.state.read() as connection:
            entries = self.services.messages.unrouted(connection)
        return [(of.reader, of.body.title, of.body.text) for of in entries]  # type: ignore[union-attr]

    def said(self, refused: StepRefused) -> str:
        """A refusal in the site's language."""
        return refused.said(self.services.words)

    def _acts(self, account: Account) -> AbstractContextManager[Acting]:
        return taking.acts(self.services, PROCEDURE, account)


@pytest.fixture
def letters(centre: RunningCentre) -> Letters:
    """None is written yet."""
    return Letters(centre)


def test_given_a_draft_when_sent_then_row_event_and_audit_say_the_same(letters: Letters) -> None:
    """The event holds the row as it is after it, and its hash."""
    item_id = letters.begun()
    event = letters.take(DEPUTY, item_id, "send")
    row = letters.row(item_id)
    assert (row["state"], row["version"]) == ("sent", 2)
    assert letters.events(item_id)[-1] == event
    assert (event.from_state, event.to_state, event.after) == ("draft", "sent", image(row))
    assert json.loads(event.after)["title"] == "河边异味"
    begun, sent = reversed(audit.search(letters.services.state, action="procedure.step"))
    assert (sent.who, sent.subject) == ("daibiao", f"letters/letter/{item_id}")
    assert json.loads(sent.detail)["hash"] == event.after_hash
    assert json.loads(begun.detail)["to"] == "draft"


def test_given_a_clerk_acts_for_a_deputy_then_both_names_stand_under_the_step(
    letters: Letters,
) -> None:
    """As under every decision."""
    item_id = letters.begun()
    acting = holding("daibiao", "陈明", LetterPermission.WRITE, clerk=Clerk("lianluo", "王芳"))
    event = letters.take(acting, item_id, "send")
    assert event.signed == "陈明（王芳代）"
    assert (event.by.who, event.by.on_behalf) == ("lianluo", "daibiao")


def test_given_another_state_then_the_step_is_refused_in_the_words_of_the_row(
    letters: Letters,
) -> None:
    """For programs with the steps that lead on from there."""
    item_id = letters.begun()
    with pytest.raises(NotFromHere) as refused:
        letters.take(OFFICE, item_id, "assign", unit="environment")
    assert letters.said(refused.value) == (
        "现在不能“交办”：目前是“草稿”，要在“待交办”时才能办理。"
    )
    assert refused.value.more["steps"] == ["edit", "send"]
    assert len(letters.events(item_id)) == 1


def test_given_no_permission_then_the_refusal_says_who_has_it(letters: Letters) -> None:
    """And of somebody who has it for other units, that it ends before this one."""
    item_id = letters.assigned()
    given = {"text": "已清理", "result": "solved"}
    with pytest.raises(NotYours) as refused:
        letters.take(READER, item_id, "answer", **given)
    assert letters.said(refused.value) == "“答复”由生态环境工作人员办理。"
    with pytest.raises(NotYours) as refused:
        letters.take(OF_HOUSING, item_id, "answer", **given)
    assert "您的权限不包括这个单位" in letters.said(refused.value)
    letters.take(OFFICER, item_id, "answer", **given)
    assert letters.row(item_id)["result"] == "solved"


def test_given_a_step_of_one_person_then_nobody_else_takes_it(letters: Letters) -> None:
    """Not even with the permission."""
    item_id = letters.begun()
    with pytest.raises(NotThePerson) as refused:
        letters.take(OTHER, item_id, "send")
    assert letters.said(refused.value) == "“提交”只能由陈明本人办理。"
    with pytest.raises(NotThePerson):
        letters.begun(OTHER)


def test_given_the_rule_of_the_platform_stands_against_it_then_its_words_are_said(
    letters: Letters,
) -> None:
    """And once it does no more, the step is taken."""
    item_id = letters.begun(body="异味")
    with pytest.raises(NotAllowed) as refused:
        letters.take(DEPUTY, item_id, "send")
    assert letters.said(refused.value) == "正文太短，请写明事由后再提交。"
    letters.take(DEPUTY, item_id, "edit", body="平潮段有异味")
    letters.take(DEPUTY, item_id, "send")


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({}, "unit", "没有填写"),
        ({"unit": " "}, "unit", "没有填写"),
        ({"unit": "nowhere"}, "unit", "没有这个单位"),
        ({"unit": "housing", "day": "2026-13-01"}, "day", "不是有效的日期，也不能晚于今天"),
        ({"unit": "housing", "day": "2026-11-25"}, "day", "不是有效的日期，也不能晚于今天"),
        ({"unit": "housing", "state": "closed"}, "state", "这一步不需要"),
    ],
)
def test_given_needs_that_are_not_met_then_each_field_says_why(
    letters: Letters, given: dict[str, str], field: str, said: str
) -> None:
    """All at once, and nothing is written."""
    item_id = letters.sent()
    before = letters.row(item_id)
    with pytest.raises(Incomplete) as refused:
        letters.take(OFFICE, item_id, "assign", **given)
    assert refused.value.wrong(letters.services.words) == {field: said}
    (fault,) = refused.value.more["faults"]  # type: ignore[misc]
    assert fault["field"] == field
    assert fault["remedy"]
    assert letters.row(item_id) == before


def test_given_somebody_was_first_then_the_step_is_refused_with_what_was_done(
    letters: Letters,
) -> None:
    """The page that was read is not how the thing stands."""
    item_id = letters.sent()
    letters.take(OFFICE, item_id, "return", 2, why="请补充地点")
    with pytest.raises(ChangedMeanwhile) as refused:
        letters.take(OFFICE, item_id, "assign", 2, unit="environment")
    assert letters.said(refused.value).startswith("王芳刚刚办理了：已退回。")
    assert refused.value.more["version"] == 3


def test_given_a_thing_that_is_not_seen_then_it_is_unknown(letters: Letters) -> None:
    """As one that is not there, and as a step that is not."""
    item_id = letters.sent()
    outsider = holding("zhujian", "周建", LetterPermission.ANSWER, unit="housing")
    for account, which in ((outsider, item_id), (OFFICE, "77"), (OFFICE, "x"), (OFFICE, "9" * 30)):
        with pytest.raises(UnknownThing):
            letters.take(account, which, "assign", unit="housing")
    for step in ("write", "burn"):
        with pytest.raises(UnknownStep):
            letters.take(OFFICE, item_id, step)


def test_given_it_was_assigned_on_a_day_before_then_the_term_runs_from_that_day(
    letters: Letters,
) -> None:
    """The clerk writes it down later; the answer meets the term."""
    item_id = letters.assigned(day="2026-11-20")
    (term,) = letters.terms(item_id)
    assert (term.rule.id, term.basis.start) == (ANSWER, date(2026, 11, 20))
    assert (term.title, term.path) == ("河边异味", f"/letters/{item_id}")
    assert (term.responsible.unit, term.standing) == ("environment", Standing.RUNNING)
    assert letters.events(item_id)[-1].terms == Terms(started=(term.id,))
    letters.centre.clock.now_ms += 3 * DAY_MS
    letters.take(OFFICER, item_id, "answer", text="已清理", result="solved", on="2026-11-25")
    (met,) = letters.terms(item_id)
    assert (met.standing, met.late) == (Standing.ENDED, False)
    assert met.met_ms is not None
    assert met.met_ms < letters.centre.clock.now_ms


def test_given_a_rule_that_is_not_in_force_on_the_day_then_the_step_is_refused_at_that_day(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither row nor term is changed; from its first day on the step is taken."""
    known = deadlines_of(letters.services).law.rule(ANSWER)
    bounded = msgspec.structs.replace(known, valid_from=date(2026, 11, 22))
    rules_instead(monkeypatch, Law({ANSWER: bounded}))
    item_id = letters.sent()
    with pytest.raises(TermNotInForce) as refused:
        letters.take(OFFICE, item_id, "assign", unit="environment", day="2026-11-21")
    assert "自 2026-11-22 起施行，不能从 2026-11-21 起算" in letters.said(refused.value)
    assert list(refused.value.wrong(letters.services.words)) == ["day"]
    assert (letters.terms(item_id), len(letters.events(item_id))) == ([], 2)
    letters.take(OFFICE, item_id, "assign", unit="environment", day="2026-11-22")
    assert [of.basis.start for of in letters.terms(item_id)] == [date(2026, 11, 22)]


def test_given_a_letter_is_returned_then_its_term_has_lost_its_object(letters: Letters) -> None:
    """A new assignment begins another one."""
    item_id = letters.assigned()
    letters.take(OFFICE, item_id, "return", why="不属本级职权")
    assert [of.standing for of in letters.terms(item_id)] == [Standing.CANCELLED]
    letters.take(DEPUTY, item_id, "send")
    letters.take(OFFICE, item_id, "assign", unit="housing")
    assert [of.standing for of in letters.terms(item_id)][1:] == [Standing.RUNNING]


def test_given_a_step_tells_then_whoever_is_meant_hears_once_and_not_who_took_it(
    letters: Letters,
) -> None:
    """In the reader's language, with who did what."""
    letters.assigned()
    assert set(letters.heard()) == {
        ("lianluo", "河边异味", "陈明：已提交"),
        ("daibiao", "河边异味", "王芳：已交办"),
        ("huanbao", "河边异味", "王芳：已交办"),
    }


def test_given_a_wrong_step_when_taken_back_then_row_and_terms_are_as_before_it(
    letters: Letters,
) -> None:
    """It stays on record, and so does that it was taken back; the platform's tables follow."""
    item_id = letters.assigned()
    before = letters.row(item_id)
    (running,) = letters.terms(item_id)
    extended = letters.extended(running.id, date(2027, 2, 10))
    letters.take(OFFICER, item_id, "answer", text="误发", result="no")
    event = letters.withdraw(OFFICER, item_id)
    assert letters.row(item_id) == {**before, "version": before["version"] + 2}  # type: ignore[operator]
    assert [of.step for of in letters.events(item_id)][-2:] == ["answer", "withdraw"]
    assert (event.takes_back, event.given) == (4, {"why": "误操作"})
    (term,) = letters.terms(item_id)
    assert (term.standing, term.met_ms) == (Standing.RUNNING, None)
    assert term.reckoned.due == extended.reckoned.due == date(2027, 2, 10)
    *_, ended, reopened = deadlines_of(letters.services).history(term.id)
    assert (ended.kind, reopened.kind, reopened.why) == (Act.ENDED, Act.REOPENED, "误操作")
    (row,) = audit.search(letters.services.state, action="procedure.withdraw")
    assert json.loads(row.detail)["takes_back"] == 4


def test_given_an_assignment_with_a_copy_when_taken_back_then_both_are_gone(
    letters: Letters,
) -> None:
    """And so is the term that it began."""
    item_id = letters.assigned(copy="housing")
    assert letters.copies() == ["housing"]
    letters.withdraw(OFFICE, item_id)
    assert letters.copies() == []
    assert [of.standing for of in letters.terms(item_id)] == [Standing.CANCELLED]
    assert (letters.row(item_id)["state"], letters.row(item_id)["unit"]) == ("sent", None)
    letters.withdraw(DEPUTY, item_id)
    assert letters.row(item_id)["state"] == "draft"


def test_given_the_step_of_somebody_else_then_only_who_mends_takes_it_back(
    letters: Letters,
) -> None:
    """The office may, a reader may not; the first and the final step stand."""
    item_id = letters.begun()
    for account in (DEPUTY, OFFICE):
        with pytest.raises(NotWithdrawn) as refused:
            letters.withdraw(account, item_id)
        assert letters.said(refused.value) == "这一步不能撤回。"
    letters.take(DEPUTY, item_id, "send")
    for account, why in ((READER, "看看"), (DEPUTY, " "), (DEPUTY, "长" * 501)):
        with pytest.raises(NotWithdrawn):
            letters.withdraw(account, item_id, why)
    letters.withdraw(OFFICE, item_id)
    assert letters.row(item_id)["state"] == "draft"


def test_given_a_file_is_asked_for_then_only_one_at_the_thing_holds(letters: Letters) -> None:
    """The timeline names it; one that was taken off again, or is another thing's, is none."""
    item_id, other = letters.assigned(), letters.begun()
    own, elsewhere = letters.attached(item_id), letters.attached(other)
    given = {"text": "已清理", "result": "solved"}
    for paper in (elsewhere, "77"):
        with pytest.raises(Incomplete) as refused:
            letters.take(OFFICER, item_id, "answer", **given, paper=paper)
        assert refused.value.wrong(letters.services.words) == {
            "paper": "请先上传这份附件，再选择它"
        }
    letters.take(OFFICER, item_id, "answer", **given, paper=own)
    part = part_of(letters.services, READER, PROCEDURE, item_id)
    assert ("答复函", "复函.txt") in part.moments[0].said


def test_given_things_in_many_hands_then_each_person_is_shown_the_own_next_step(
    letters: Letters,
) -> None:
    """One with a term is left to the deadlines; a return is nothing that is waited for."""

    def waiting(account: Account) -> list[tuple[str, str]]:
        found = LETTERS.todos(letters.services, account)
        return [(of.path, of.note) for of in found]

    draft, sent, assigned = letters.begun(), letters.sent(), letters.assigned()
    assert waiting(DEPUTY) == [(f"/letters/{draft}", "提交")]
    assert waiting(OFFICE) == [(f"/letters/{sent}", "交办")]
    assert waiting(OFFICER) == waiting(READER) == []
    letters.take(OFFICER, assigned, "answer", text="已清理", result="solved")
    assert waiting(DEPUTY)[1:] == [(f"/letters/{assigned}", "确认办结")]


def test_given_a_thing_then_it_is_an_item_with_its_state_and_its_history(
    letters: Letters,
) -> None:
    """For whoever sees it; the copy explains itself."""
    item_id = letters.sent()
    reference = Reference("letters", "letter", item_id)
    found = items.read((LETTERS,), letters.services, READER, reference)
    assert found is not None
    assert (found.title, found.path) == ("河边异味", f"/{item_id}")
    assert found.content["state"] == "待交办"
    assert [of["done"] for of in found.content["history"]] == ["写了草稿", "已提交"]
    assert freeze(reference, found).hash
    elsewhere = holding("zhujian", "周建", unit="housing")
    assert items.read((LETTERS,), letters.services, elsewhere, reference) is None


def test_given_events_are_kept_then_the_database_takes_new_ones_only(letters: Letters) -> None:
    """Whoever has the connection."""
    letters.begun()
    for change in (sa.update(EVENT).values(signed="谁"), sa.delete(EVENT)):
        with (
            pytest.raises(sa.exc.DBAPIError, match="new rows only"),
            letters.services.state.begin() as connection,
        ):
            connection.execute(change)
