"""Ratings: closed to everybody else until the window is over, and what comes of a round of them."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from api import audit
from api.deadlines.records import Standing
from api.platforms.duty import terms
from api.platforms.duty.closing import actions as closing
from api.platforms.duty.ratings import actions as rating_actions
from api.platforms.duty.ratings.actions import NotASigner, NothingToRate, TooLate, published
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.web.forms import NotAccepted
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.handling_hands import DISSATISFIED, SATISFIED, Handling
from tests.api.duty.suggestion_hands import (
    CLERK,
    EVERYBODY,
    HEAD,
    HOUSING,
    LEAD,
    REPLY,
    SECOND,
    THIRD,
)

SECRET = "河边傍晚仍有异味"


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_open_window_then_a_signer_sees_the_own_rating_and_the_unit_none(
    work: Handling,
) -> None:
    """The office sees them all; silence is silence. Then all have rated, and it closes at once."""
    item_id = work.answered()
    work.rate(LEAD, item_id, **DISSATISFIED)

    def seen_by(reader: str) -> list[str]:
        (found,) = work.ratings(reader, item_id)["ratings"]
        return [of.said for of in found.lines]

    hidden = "评价期限结束后公开"
    said = "态度基本满意，结果不满意"
    assert seen_by(HOUSING) == [hidden] * 3
    assert seen_by(SECOND) == [hidden, "尚未评价", hidden]
    assert seen_by(LEAD) == [said, hidden, hidden]
    assert seen_by(CLERK) == [said, "尚未评价", "尚未评价"]
    waiting = [rating_actions.todos(work.services, work.people[who]) for who in EVERYBODY]
    assert [len(of) for of in waiting] == [int(who in (SECOND, THIRD)) for who in EVERYBODY]
    work.rate(SECOND, item_id, **SATISFIED)
    work.rate(THIRD, item_id, **SATISFIED)
    assert work.row(item_id)["state"] == "again", "by the lead's rating alone"
    (found,) = work.ratings(HOUSING, item_id)["ratings"]
    assert [of.differs for of in found.lines] == [False, True, True]
    assert found.lines[0].rating is not None
    assert found.lines[0].rating.reason == SECRET
    last = work.events(PROCEDURE, item_id)[-1]
    assert (last.step, last.signed, last.by.who) == ("hand-back", "系统（自动办理）", "")


def test_given_an_open_window_then_no_way_tells_the_unit_of_a_grade(
    work: Handling, address: str
) -> None:
    """Page, API, item, search and the audit."""
    item_id = work.answered()
    work.rate(LEAD, item_id, **DISSATISFIED)
    with httpx.Client(base_url=address, timeout=60) as unit:
        entered(unit, HOUSING)
        paths = (
            f"/duty/suggestions/{item_id}",
            f"/api/v1/duty/suggestions/{item_id}/ratings",
            f"/api/v1/duty/suggestions/{item_id}/handling",
            f"/api/v1/duty/suggestions/{item_id}/procedure",
            f"/api/v1/items/duty/suggestion/{item_id}",
            f"/api/v1/search?q={SECRET}",
        )
        for path in paths:
            text = unit.get(path).raise_for_status().text
            assert SECRET not in text or path.endswith(SECRET), path
            assert "dissatisfied" not in text, path
            assert "结果不满意" not in html.unescape(text), path
        assert unit.get(f"/api/v1/search?q={SECRET}").json()["hits"] == []
    rows = audit.search(work.services.state, subject=f"duty/suggestion/{item_id}")
    assert "duty.rate" in {row.action for row in rows}
    assert not any(re.search("satisfied|fairly|异味", row.detail) for row in rows)
    assert published(work.services, work.row(item_id)) == {}


def test_given_a_rating_when_changed_then_the_last_counts_and_who_asked_is_kept(
    work: Handling,
) -> None:
    """The lead's first rating ends the term; the window stays open until its date."""
    item_id = work.answered()
    assert work.terms(item_id)[terms.RATE].responsible.username == LEAD
    work.rate(LEAD, item_id, **DISSATISFIED)
    assert terms.RATE not in work.terms(item_id)
    work.rate(LEAD, item_id, **SATISFIED, asked_by="承办单位来电")
    assert work.row(item_id)["state"] == "answered"
    work.later(40)
    with pytest.raises(TooLate):
        work.rate(SECOND, item_id, **SATISFIED)
    work.close_windows()
    assert work.row(item_id)["state"] == "closed"
    (found,) = work.ratings(HOUSING, item_id)["ratings"]
    assert [of.said for of in found.lines] == ["态度满意，结果满意", "未评价", "未评价"]
    assert found.lines[0].rating is not None
    assert found.lines[0].rating.asked_by == "承办单位来电"
    with pytest.raises(TooLate):
        work.rate(LEAD, item_id, **SATISFIED)


def test_given_a_reply_on_paper_weeks_ago_then_the_window_counts_from_its_entry(
    work: Handling,
) -> None:
    """Nobody's time to rate is used up before the reply can be read."""
    item_id = work.handled(day="2026-09-01")
    work.contact(item_id)
    work.reply(item_id, day="2026-10-08")
    work.close_windows()
    assert work.row(item_id)["state"] == "answered"
    work.rate(LEAD, item_id, **SATISFIED)


def test_given_nobody_rated_then_it_closes_by_its_date_and_silence_is_no_satisfaction(
    work: Handling,
) -> None:
    """Nothing happens a day before."""
    item_id = work.answered()
    due_ms = work.terms(item_id)[terms.RATE].reckoned.due_ms
    work.centre.clock.now_ms = due_ms - 1
    work.close_windows()
    assert work.row(item_id)["state"] == "answered"
    work.centre.clock.now_ms = due_ms + 1
    work.close_windows()
    assert work.row(item_id)["state"] == "closed"
    assert published(work.services, work.row(item_id)) == {1: "未评价"}


def test_given_the_office_takes_an_automatic_close_back_then_the_centre_leaves_it_to_people(
    work: Handling,
) -> None:
    """Otherwise it would be closed again within minutes."""
    item_id = work.answered()
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **SATISFIED)
    assert work.row(item_id)["state"] == "closed"
    work.withdraw(CLERK, item_id)
    work.close_windows()
    assert work.row(item_id)["state"] == "answered"
    work.take(CLERK, item_id, "close")
    assert work.row(item_id)["state"] == "closed"


def test_given_somebody_else_or_no_reply_then_a_rating_is_refused(work: Handling) -> None:
    """And a dissatisfied one that gives no reason."""
    item_id = work.handled()
    with pytest.raises(NothingToRate):
        work.rate(LEAD, item_id, **SATISFIED)
    work.contact(item_id)
    work.reply(item_id)
    with pytest.raises(NotASigner):
        work.rate(CLERK, item_id, **SATISFIED)
    refused = (
        ({"attitude": "satisfied", "outcome": "dissatisfied"}, "reason"),
        ({"attitude": "great", "outcome": "satisfied"}, "grade"),
        ({**DISSATISFIED, "reason": "长" * 501}, "long"),
    )
    for given, key in refused:
        with pytest.raises(NotAccepted) as error:
            work.rate(LEAD, item_id, **given)
        assert error.value.key == key


def test_given_dissatisfaction_twice_then_it_is_handled_again_discussed_and_closed(
    work: Handling,
) -> None:
    """Hand-back, second reply, meeting, a further round, and the end: each with its term."""
    item_id = work.answered()
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **DISSATISFIED)
    assert work.row(item_id)["state"] == "again"
    assert work.terms(item_id)[terms.REDO].responsible.unit == "housing"
    assert closing.settle(work.services, int(item_id)) == "", "nothing to close now"
    work.later(10)
    work.reply(item_id, text="已增设截污井，异味消除。", paper="建复〔2026〕9号")
    assert set(work.terms(item_id)) == {terms.RATE}
    work.rate(LEAD, item_id, **DISSATISFIED)
    work.later(40)
    work.close_windows()
    assert work.row(item_id)["state"] == "conferring", "the second time they meet"
    minutes = {"minutes": "当面沟通，再办一次。", "day": work.today}
    work.take(HEAD, item_id, "order-again", **minutes)
    work.reply(item_id, text="已全部整改。", paper="建复〔2027〕1号")
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **DISSATISFIED)
    assert work.row(item_id)["state"] == "conferring"
    work.take(HEAD, item_id, "conclude", **minutes)
    row = work.row(item_id)
    assert (row["state"], row["round"], row["result"]) == ("closed", 3, REPLY["result"])
    assert not work.terms(item_id)
    every = work.every_term("suggestion", item_id)
    assert all(of.standing is not Standing.RUNNING for of in every)
    found = work.ratings(HOUSING, item_id)["ratings"]
    assert [of.lines[0].said for of in found] == ["态度基本满意，结果不满意"] * 3


def test_given_the_reply_is_taken_back_then_ratings_of_it_count_for_nothing(
    work: Handling,
) -> None:
    """The next reply is rated anew."""
    item_id = work.answered()
    work.rate(SECOND, item_id, **DISSATISFIED)
    work.withdraw(HOUSING, item_id)
    work.reply(item_id, text="更正后的答复。")
    (found,) = work.ratings(CLERK, item_id)["ratings"]
    assert [of.said for of in found.lines] == ["尚未评价"] * 3
