"""The office decides on rules: confirmed, changed, taken over, added; running deadlines follow."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from api.audit import search
from api.deadlines.opening import deadlines_of
from api.deadlines.reckoning import Lamp
from api.deadlines.records import Act
from api.deadlines.repository import Deadlines
from config.law import Law
from config.vocabulary.time import DAY_MS, day_of
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.api.deadline_rules import RULES, rule, rules_instead, started

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/deadlines/rules", "/api/v1/deadlines/rules"
OF_MEMORY = rule(id="note.custom", amount=7, unit="day", mark="memory", extensions=())


@pytest.fixture
def deadlines(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    """Of the site, with a rule more that nobody checked."""
    rules = (*RULES, OF_MEMORY)
    rules_instead(monkeypatch, Law({one.id: one for one in rules}))
    return deadlines_of(centre.services)


def test_given_the_list_then_each_rule_says_clause_law_and_how_sure_it_is(
    deadlines: Deadlines, deputy: httpx.Client
) -> None:
    """In plain words, by topic, filtered."""
    page = deputy.get(PAGE).text
    for said in (
        "代表议案和建议",
        "便条法 第五十一条",
        "已核对原文",
        "上海：外地规定（仅作参考）",
    ):
        assert said in page, said
    assert "共 7 条规则" in page
    narrowed = deputy.get(PAGE, params={"standing": "unconfirmed"}).text
    assert "共 1 条规则" in narrowed
    assert "待核实" in narrowed
    assert len(deputy.get(API, params={"q": "note.days"}).json()) == 1
    assert "添加本单位的规则" not in page


def test_given_an_unconfirmed_rule_when_confirmed_then_running_deadlines_may_turn_red(
    centre: RunningCentre, deadlines: Deadlines, officer: httpx.Client
) -> None:
    """From then on, with who, when and on which basis; the due date stands."""
    key = started(deadlines, "note.custom")
    before = deadlines.one(key)
    late_ms = NOW_MS + 30 * DAY_MS
    assert before.lamp(late_ms) is Lamp.UNCONFIRMED
    given = {"basis": "主任会议 2026-11-20 决定"}
    answer = officer.post(f"{PAGE}/note.custom/confirm", data=given)
    assert answer.status_code == 303
    after = deadlines.one(key)
    assert (after.lamp(late_ms), after.rule_version) == (Lamp.RED, 1)
    assert after.reckoned == before.reckoned
    event = deadlines.history(key)[-1]
    assert (event.kind, event.why, event.by.who) == (Act.CONFIRMED, given["basis"], "huanbao")
    page = officer.get(answer.headers["location"]).text
    assert "李岚 2026-11-24 确认" in page
    assert given["basis"] in page
    (row,) = search(deadlines.state, action="deadline-rule.confirm")
    assert (row.who, row.subject) == ("huanbao", "note.custom")


def test_given_a_changed_amount_then_running_deadlines_keep_theirs_until_recomputed(
    deadlines: Deadlines, officer: httpx.Client
) -> None:
    """A new version, which waits to be confirmed again."""
    key = started(deadlines, "note.custom")
    due = deadlines.one(key).reckoned.due
    given = {"amount": "10", "unit": "working-day", "basis": "区办法第八条"}
    assert officer.post(f"{PAGE}/note.custom/change", data=given).status_code == 303
    assert deadlines.one(key).reckoned.due == due
    held = officer.get(f"{API}/note.custom").json()
    assert (held["version"], held["standing"], held["rule"]["amount"]) == (1, "unconfirmed", 10)
    assert "有 1 个正在计算的期限仍按以前的规则" in officer.get(f"{PAGE}/note.custom").text
    assert officer.post(f"{API}/note.custom/recompute").json() == {"recomputed": 1}
    after = deadlines.one(key)
    assert f"{after.reckoned.due}" == "2026-12-08"
    event = deadlines.history(key)[-1]
    assert (event.kind, event.why) == (Act.RECOMPUTED, "区办法第八条")
    assert started(deadlines, "note.custom") != key
    assert [one["version"] for one in officer.get(f"{API}/note.custom/versions").json()] == [1, 0]


def test_given_another_regions_rule_when_taken_over_then_it_binds_here(
    deadlines: Deadlines, officer: httpx.Client
) -> None:
    """It was a proposal before."""
    assert "采用这个方案" in officer.get(f"{PAGE}/note.local").text
    taken = officer.post(f"{API}/note.local/confirm", json={"basis": "参照执行"}).json()
    assert taken["standing"] == "confirmed"
    assert deadlines.one(started(deadlines, "note.local")).verified


def test_given_a_rule_of_ones_own_then_terms_begin_with_it(
    deadlines: Deadlines, officer: httpx.Client
) -> None:
    """Confirmed thereby; its id is taken from then on."""
    given = {
        "id": "local.return",
        "topic": "suggestions",
        "title": "退办",
        "amount": "5",
        "unit": "working-day",
        "direction": "after",
        "starts": "收到交办之日",
        "law": "本区办法",
        "clause": "第八条",
        "basis": "区人大常委会 2026-10 通过",
    }
    answer = officer.post(PAGE, data=given)
    assert answer.headers["location"] == f"{PAGE}/local.return?done=added"
    found = deadlines.one(started(deadlines, "local.return"))
    assert (str(found.reckoned.due), found.verified) == ("2026-12-01", True)
    again = officer.post(PAGE, data=given)
    assert (again.status_code, "这个编号已经有了" in again.text) == (422, True)
    lacking = officer.post(PAGE, data={**given, "id": "local.other", "starts": " "})
    assert "请填写这一项" in lacking.text
    assert officer.post(PAGE, data={**given, "amount": ""}).status_code == 422


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("note.custom/confirm", {"basis": ""}, "请写明依据"),
        ("note.answer/confirm", {"basis": "x"}, "不需要确认"),
        ("note.answer/change", {"amount": 4, "unit": "month", "basis": "x"}, "不能修改"),
        ("note.custom/change", {"amount": 4, "unit": "hour", "basis": "x"}, "不能用这个单位"),
        ("note.custom/change", {"amount": 7, "unit": "day", "basis": "x"}, "和现在的规则一样"),
        ("note.custom/change", {"amount": 0, "unit": "month", "basis": "x"}, "数量要大于 0"),
    ],
)
def test_given_a_decision_that_does_not_hold_then_it_is_refused_in_words(
    deadlines: Deadlines, officer: httpx.Client, path: str, given: dict[str, object], said: str
) -> None:
    """And no version is kept."""
    answer = officer.post(f"{PAGE}/{path}", data=given)
    assert answer.status_code == 422
    assert said in answer.text or "confirm" in path
    assert officer.post(f"{API}/{path}", json=given).status_code == 422
    rule_id = path.partition("/")[0]
    assert officer.get(f"{API}/{rule_id}").json()["version"] == 0


def test_given_the_rules_of_the_product_then_their_pages_open(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Whatever unit, direction and mark they have; none out of force is reckoned by."""
    deadlines = deadlines_of(centre.services)
    assert "答复" in deputy.get(PAGE).text
    today = date.fromisoformat(day_of(centre.clock.now_ms))
    for rule_id in list(deadlines.law.rules)[::12]:
        reckoned = 200 if deadlines.law.rule(rule_id).in_force(today) else 422
        assert deputy.get(f"{PAGE}/{rule_id}").status_code == 200
        asked = {"rule": rule_id}
        assert deputy.get("/deadlines/reckon", params=asked).status_code == reckoned
    assert deputy.get(f"{PAGE}/none").status_code == 404
