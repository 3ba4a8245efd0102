"""Promises: made with the reply, followed after the close, proved by data or by word, and confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import httpx
import pytest

from api.deadlines.opening import deadlines_of
from api.deadlines.records import Standing
from api.platforms.duty import terms
from api.platforms.duty.promises import actions as promises
from api.platforms.duty.promises.procedure import PROCEDURE
from api.platforms.duty.promises.records import Show
from api.platforms.duty.replies import actions as replies
from api.platforms.duty.replies.records import Written
from api.procedures.refusals import NotByHand, NotThePerson
from api.roster import ROSTER
from api.web.forms import NotAccepted
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.duty.handling_hands import (
    IN_RANGE,
    PROMISE_OF_WORKS,
    SATISFIED,
    Handling,
)
from tests.api.duty.suggestion_hands import (
    CLERK,
    HEAD,
    HOUSING,
    LEAD,
    REPLY,
    SECOND,
    THIRD,
    TITLE,
    WATER,
)


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


def closed(work: Handling, *promised: Mapping[str, str]) -> str:
    """A suggestion that was answered with promises, rated and closed."""
    item_id = work.answered(*promised)
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **SATISFIED)
    assert work.row(item_id)["state"] == "closed"
    return item_id


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_promise_then_it_runs_on_after_the_close_until_the_deputy_confirms_it(
    work: Handling,
) -> None:
    """The term ends on the day promised; a report is a claim of the unit."""
    item_id = closed(work, PROMISE_OF_WORKS)
    (line,) = work.promises(LEAD, item_id)
    promise = line.row["id"]
    (term,) = work.every_term("promise", promise)
    assert (term.rule.id, term.reckoned.due) == (terms.PROMISE, date(2026, 12, 20))
    assert work.who(term) == (HOUSING,)
    work.promise(HOUSING, promise, "report", report="管网已通。", day=work.today)
    assert work.promises(LEAD, item_id)[0].state == "已报告兑现，待代表确认"
    assert any("单位称已兑现" in text for text in work.heard(SECOND)), "signers hear of it"
    with pytest.raises(NotThePerson):
        work.promise(SECOND, promise, "confirm")
    work.promise(LEAD, promise, "confirm")
    assert work.promises(HOUSING, item_id)[0].row["state"] == "kept"
    (term,) = work.every_term("promise", promise)
    assert term.standing is Standing.ENDED


def test_given_a_report_that_the_deputy_denies_then_the_term_runs_on_as_it_was_extended(
    work: Handling,
) -> None:
    """A lawful extension is never shown as late. The committee finds it broken in the end."""
    item_id = closed(work, PROMISE_OF_WORKS)
    promise = work.promises(LEAD, item_id)[0].row["id"]
    (term,) = work.every_term("promise", promise)
    with work.services.state.begin() as connection:
        deadlines_of(work.services).extend(
            connection,
            term.id,
            "汛期停工",
            actor=work.people[CLERK].actor,
            at_ms=NOW_MS,
            until=date(2027, 1, 20),
        )
    work.promise(HOUSING, promise, "report", report="已通水。", day=work.today)
    work.promise(LEAD, promise, "deny", why="东段还没有接通")
    (term,) = work.every_term("promise", promise)
    assert (term.standing, term.reckoned.due) == (Standing.RUNNING, date(2027, 1, 20))
    work.promise(HEAD, promise, "break", why="逾期未兑现")
    (term,) = work.every_term("promise", promise)
    assert term.standing is Standing.CANCELLED


def test_given_evidence_that_comes_true_then_the_centre_reports_and_the_deputy_confirms(
    work: Handling,
) -> None:
    """Nobody else takes the centre's step; days before the promise prove nothing."""
    work.measured_days(3, 0.4)
    item_id = closed(work, IN_RANGE)
    (line,) = work.promises(LEAD, item_id)
    promise = line.row["id"]
    assert line.proof == "通吕运河平潮断面的氨氮日均值连续 2 天不劣于Ⅲ类"
    work.watch_promises()
    assert work.promises(LEAD, item_id)[0].row["state"] == "open"
    with pytest.raises(NotByHand):
        work.promise(CLERK, promise, "evidence-met", report="达标")
    work.later(4)
    work.measured_days(2, 0.4)
    work.watch_promises()
    (line,) = work.promises(LEAD, item_id)
    assert (line.row["state"], line.row["report"]) == ("reported", line.proof)
    last = work.events(PROCEDURE, promise)[-1]
    assert (last.step, last.by.who) == ("evidence-met", "")
    work.promise(LEAD, promise, "confirm")
    assert work.promises(LEAD, item_id)[0].row["state"] == "kept"


def test_given_a_reply_that_is_taken_back_then_its_promises_are_void(work: Handling) -> None:
    """They stand with the reply; the next one makes its own."""
    item_id = work.answered(PROMISE_OF_WORKS)
    promise = work.promises(CLERK, item_id)[0].row["id"]
    work.withdraw(HOUSING, item_id)
    work.watch_promises()
    assert work.promises(CLERK, item_id) == []
    (term,) = work.every_term("promise", promise)
    assert term.standing is Standing.CANCELLED
    work.reply(item_id, {**PROMISE_OF_WORKS, "measure": "完成一期管网"})
    assert [of.row["measure"] for of in work.promises(CLERK, item_id)] == ["完成一期管网"]


def test_given_a_step_that_is_refused_then_no_promise_is_made(work: Handling) -> None:
    """Reply and promises are one transaction."""
    item_id = work.handled()
    work.contact(item_id)
    written = Written({**REPLY, "day": "2999-01-01"}, [PROMISE_OF_WORKS], None)
    with pytest.raises(Exception, match="happened|no day"):
        replies.reply(work.services, ROSTER, work.people[HOUSING], item_id, written)
    assert work.promises(CLERK, item_id) == []
    assert work.row(item_id)["state"] == "handling"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"measure": "", "due_day": "2026-12-20"}, "measure-0"),
        ({"measure": "整治", "due_day": "2026-11-01"}, "due_day-0"),
        ({"measure": "整治", "due_day": ""}, "due_day-0"),
        ({**IN_RANGE, "environment/in-range/days": ""}, "evidence-0"),
        ({**IN_RANGE, "environment/in-range/lowest": "1"}, "evidence-0"),
        ({**IN_RANGE, "evidence": "budget/unheard-of"}, "evidence-0"),
    ],
)
def test_given_a_promise_that_does_not_hold_then_it_is_refused_by_its_field(
    work: Handling, given: Mapping[str, str], where: str
) -> None:
    """A row that was left empty is none."""
    with pytest.raises(NotAccepted) as refused:
        promises.promised(work.services, ROSTER, [given])
    assert refused.value.faults[0].where == where
    assert promises.promised(work.services, ROSTER, [{"measure": "", "due_day": ""}]) == []


@pytest.mark.parametrize("kind", BOTH)
def test_given_the_ledger_then_each_sees_what_concerns_them_and_what_is_overdue(
    work: Handling,
) -> None:
    """The office all, the unit its own, the deputy those of own suggestions."""
    closed(work, PROMISE_OF_WORKS, IN_RANGE)

    def ledger(reader: str, show: Show = "open") -> list[str]:
        found = promises.ledger(work.services, work.people[reader], ROSTER, show, 1)
        assert found.counts[show] == len(found.lines)
        return [of.row["measure"] for of in found.lines]

    both = [PROMISE_OF_WORKS["measure"], IN_RANGE["measure"]]
    assert [ledger(who) for who in (CLERK, HOUSING, LEAD, SECOND)] == [both] * 4
    assert ledger(WATER) == []
    assert ledger(CLERK, "overdue") == []
    work.later(30)
    assert ledger(CLERK, "overdue") == both[:1], "its day is over"
    work.later(30)
    assert ledger(HOUSING, "overdue") == both
    assert ledger(CLERK, "kept") == []


def test_given_evidence_then_the_page_says_it_as_a_sentence_and_the_ledger_names_the_suggestion(
    work: Handling, address: str
) -> None:
    """Nobody reads how it is kept, nor the same words twice."""
    closed(work, IN_RANGE)
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        shown, ledger = (clerk.get(f"/duty/promises{of}").text for of in ("/1", ""))
    assert "氨氮日均值连续 2 天不劣于" in shown
    assert "after_ms" not in shown
    assert f"<small>{TITLE}</small>" in ledger
    assert ledger.count(IN_RANGE["measure"]) == 1
