"""Findings: a question of a rule goes to the unit, is explained, judged, rectified and closed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.records import Unit
from api.platforms.budget.books.records import Numbers, numbers, unit_of
from api.platforms.budget.findings.actions import listing, screening
from api.platforms.budget.findings.procedure import EXPLAIN, PROCEDURE, RECTIFY
from api.platforms.budget.findings.records import STATES
from config.vocabulary.errors import FaultyInput
from tests.api.budget.finding_hands import (
    BOOKS,
    MORE_PUMPS,
    PUMPS,
    account_of,
    findings,
    run,
    sent,
    step,
    withdrawn,
)
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import core_of
from tests.conftest import examples

pytestmark = pytest.mark.usefixtures("rule")
DUE = "2027-03-01"
NEXT: dict[str, tuple[str, str]] = {
    "found": ("", "select exclude name-unit retract"),
    "to-send": ("", "exclude name-unit send retract"),
    "sent": ("explain", "call-back"),
    "explained": ("", "accept rectify return call-back"),
    "rectifying": ("report", "call-back"),
    "rectified": ("", "close again call-back"),
}
"""By state the step of the unit, and those of the office."""
WAY: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("office", "select", {}),
    ("office", "send", {"question": "请附合同"}),
    ("unit", "explain", {"explanation": "两次维修"}),
    ("office", "rectify", {"verdict": "发票只有一张", "due_day": DUE}),
    ("unit", "report", {"rectification": "已追回"}),
    ("office", "close", {"outcome": "已查验"}),
)


def terms(client: httpx.Client, finding: int) -> list[str]:
    """The rules of the terms that run."""
    answer = client.get(f"/api/v1/budget/findings/{finding}/procedure")
    assert answer.status_code == 200, answer.text
    return [of["rule"] for of in answer.json()["terms"]]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_finding_when_it_is_asked_explained_rejected_and_rectified_then_it_is_closed(
    centre: RunningCentre,
    clerk: httpx.Client,
    water: httpx.Client,
    housing: httpx.Client,
    deputy: httpx.Client,
) -> None:
    """Nobody but the office knows of it before it is sent, and deputies not before it needs
    rectification; a natural person is masked on every page, in messages and tables.
    """
    sent(clerk, PUMPS)
    assert run(centre) == (1, 0)
    (one,) = findings(clerk)
    number = one["id"]
    assert (one["unit"], one["amount_fen"], one["payments"]) == ("water", 300000, ["1", "2"])
    assert "张*" in one["question"]
    path = f"/budget/findings/{number}"
    assert water.get(path).status_code == 404
    assert step(clerk, number, "send").status_code == 409
    assert step(clerk, number, "select").is_success
    form = clerk.get(path)
    assert form.status_code == 200
    assert "张三" not in form.text
    assert "/budget/payments?q=1" in form.text
    done = clerk.post(f"{path}/steps/send", data={"question": "请附维修合同和验收单"})
    assert done.status_code == 303
    assert [of["id"] for of in findings(water)] == [number]
    assert findings(housing) == findings(deputy) == []
    assert terms(water, number) == [EXPLAIN]
    assert step(clerk, number, "explain", explanation="不代答").status_code == 403
    assert step(housing, number, "explain", explanation="不是我").status_code == 404
    empty = water.post(f"{path}/steps/explain", data={"explanation": ""})
    assert empty.status_code == 422
    assert water.post(f"{path}/steps/explain", data={"explanation": "两次维修"}).is_redirect
    assert terms(water, number) == []
    assert step(clerk, number, "return", further="请补充第二次的验收单").is_success
    assert terms(water, number) == [EXPLAIN]
    assert step(water, number, "explain", explanation="找不到第二次的验收单").is_success
    assert deputy.get(path).status_code == 404
    assert step(clerk, number, "rectify", verdict="重复支付", due_day=DUE).is_success
    assert terms(water, number) == [RECTIFY]
    shown = deputy.get(path)
    assert shown.status_code == 200
    assert "张三" not in shown.text
    assert "张三" not in deputy.get("/budget/findings").text
    assert step(water, number, "report", rectification="已追回3000元").is_success
    assert step(clerk, number, "again", lacking="没有入库凭证", due_day=DUE).is_success
    assert step(water, number, "report", rectification="已追回并入库").is_success
    assert step(clerk, number, "close", outcome="已查验入库凭证").is_success
    (closed,) = findings(deputy)
    assert (closed["state"], closed["outcome"]) == ("closed", "已查验入库凭证")
    rows = list(csv.reader(io.StringIO(clerk.get("/budget/findings.csv?show=done").text)))
    assert len(rows) == 2
    assert "张三" not in str(rows)
    assert "张*" in clerk.get(f"/api/v1/items/budget/finding/{number}").text


def test_given_each_state_then_the_unit_and_the_office_take_their_own_steps_and_no_other(
    centre: RunningCentre, clerk: httpx.Client, water: httpx.Client
) -> None:
    """The rows of the procedure, from finding to closing."""
    sent(clerk, PUMPS)
    run(centre)
    number = findings(clerk)[0]["id"]
    walked = []
    for hand, name, said in WAY:
        state = findings(clerk)[0]["state"]
        walked.append(state)
        of_unit, of_office = NEXT[state]
        following = {of.name for of in PROCEDURE.following(state) if not of.automatic}
        assert following == {*of_unit.split(), *of_office.split()}
        for other in of_office.split():
            assert step(water, number, other).status_code in (403, 404)
        if of_unit:
            assert step(clerk, number, of_unit).status_code == 403
        answer = step(clerk if hand == "office" else water, number, name, **said)
        assert answer.is_success, answer.text
    assert walked == list(NEXT)
    assert findings(clerk)[0]["state"] == "closed"


def test_given_a_unit_that_nobody_knows_then_the_office_names_it_before_it_sends(
    centre: RunningCentre, clerk: httpx.Client, housing: httpx.Client
) -> None:
    """The refusal says so. When the sending is taken back the unit sees nothing of it any more."""
    sent(clerk, tuple((row[0], "977", "某某管理处", *row[3:]) for row in PUMPS))
    run(centre)
    (one,) = findings(clerk)
    assert (one["unit"], one["unit_name"]) == (None, "某某管理处")
    step(clerk, one["id"], "select")
    refused = step(clerk, one["id"], "send")
    assert refused.status_code == 409
    assert "请先指定单位" in clerk.get(f"/budget/findings/{one['id']}").text
    assert step(clerk, one["id"], "name-unit", unit="housing").is_success
    assert step(clerk, one["id"], "send").is_success
    assert [of["id"] for of in findings(housing)] == [one["id"]]
    back = f"/api/v1/budget/findings/{one['id']}/steps/withdraw"
    assert clerk.post(back, json={"why": "单位指定错了"}).is_success
    assert findings(housing) == []
    assert terms(clerk, one["id"]) == []
    assert findings(clerk)[0]["state"] == "to-send"


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_question_that_was_sent_when_its_load_is_withdrawn_then_it_is_withdrawn_too(
    centre: RunningCentre, clerk: httpx.Client, water: httpx.Client
) -> None:
    """Its term loses its object. Loaded again the payments ask anew; where the office withdrew
    the finding itself they do not.
    """
    load = sent(clerk, PUMPS)
    run(centre)
    (one,) = findings(clerk)
    step(clerk, one["id"], "select")
    step(clerk, one["id"], "send")
    withdrawn(clerk, load)
    assert run(centre) == (0, 1)
    assert findings(water)[0]["state"] == "withdrawn"
    assert terms(water, one["id"]) == []
    assert "涉及的支付数据已撤回" in water.get(f"/budget/findings/{one['id']}").text
    assert step(clerk, one["id"], "void", cause="payments").status_code == 409
    sent(clerk, PUMPS)
    assert run(centre) == (1, 0)
    (again,) = findings(clerk, state="found")
    assert step(clerk, again["id"], "lapse", cause="rules").status_code == 403
    assert step(clerk, again["id"], "retract", why="单位报送有误").is_success
    assert run(centre) == (0, 0)
    assert [of["id"] for of in findings(water)] == [one["id"]], "it was never sent"


def test_given_loads_in_any_order_then_the_open_findings_are_those_of_what_stands(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Loaded, withdrawn and loaded again, with runs of the rules between them or not."""
    loads = {"pumps": PUMPS, "books": BOOKS, "more": MORE_PUMPS}
    in_force: dict[str, int] = {}

    def expected() -> list[list[str]]:
        by_invoice: dict[str, list[str]] = {}
        for name in in_force:
            for row in loads[name]:
                by_invoice.setdefault(row[7], []).append(row[0])
        return sorted(sorted(of) for of in by_invoice.values() if len(of) > 1)

    @settings(
        max_examples=examples(8),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.sampled_from([*loads, "run"]), min_size=1, max_size=5))
    def holds(deeds: list[str]) -> None:
        for deed in deeds:
            if deed == "run":
                run(centre)
            elif deed in in_force:
                withdrawn(clerk, in_force.pop(deed))
            else:
                in_force[deed] = sent(clerk, loads[deed])
        run(centre)
        assert sorted(of["payments"] for of in findings(clerk, state="found")) == expected()
        assert run(centre) == (0, 0)

    holds()


def test_given_more_findings_than_a_month_takes_then_the_gravest_reach_the_office_and_precision_is_counted(
    centre: RunningCentre,
    clerk: httpx.Client,
    water: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was screened this month is not filled up again; withdrawn ones say nothing of a rule."""
    monkeypatch.setattr(listing, "numbers", lambda _district: Numbers(2, {}))
    rows = [
        (
            f"{n}-{half}",
            "101",
            "水利局",
            f"第{n}工程公司",
            f"{n}000.00",
            "2026-01-05",
            "维修",
            f"F{n}",
        )
        for n in range(1, 5)
        for half in (1, 2)
    ]
    sent(clerk, tuple(rows))
    run(centre)
    found = findings(clerk, show="waiting")
    assert [of["amount_fen"] for of in found] == [400000, 300000, 200000, 100000]
    page = clerk.get("/budget/findings").text
    month, _, rest = page.partition('id="list"')
    names = [f"第{n}工程公司" for n in (4, 3, 2, 1)]
    assert [of for of in names if of in month] == names[:2]
    assert [of for of in names if of in rest] == names[2:]
    for todo, n in ((2, 0), (1, 1)):
        waiting = listing.todos(centre.services, account_of(centre, "lianluo"))
        assert [of.title for of in waiting] == [f"{todo} 条预算疑点待筛查"]
        if n == 0:
            step(clerk, found[0]["id"], "exclude", reason="regular", why="固定维护")
    step(clerk, found[1]["id"], "select")
    assert clerk.get("/api/v1/budget/findings").json()["reaching"] == 0
    step(clerk, found[1]["id"], "send")
    step(water, found[1]["id"], "explain", explanation="两次维修")
    step(clerk, found[1]["id"], "accept", verdict="合同可证")
    step(clerk, found[2]["id"], "retract", why="数据有误")
    (rule,) = clerk.get("/api/v1/budget/findings/precision").json()["rules"]
    assert (rule["excluded"], rule["accepted"], rule["confirmed"]) == (1, 1, 0)
    assert (rule["decided"], rule["share"]) == (2, 0.5)
    assert "50%" in clerk.get("/budget/findings").text
    assert water.get("/api/v1/budget/findings/precision").status_code == 403


def test_given_the_button_then_the_rules_run_by_the_job_and_the_page_says_what_came_of_it(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Asked for twice they run once; where nobody asks they do not run."""
    core = core_of(centre)
    sent(clerk, PUMPS)
    screening.follow(core)
    assert findings(clerk) == []
    for _ in range(2):
        assert clerk.post("/budget/findings/screening").is_redirect
    assert "已安排查找" in clerk.get("/budget/findings").text
    screening.follow(core)
    assert "新发现 1 条" in clerk.get("/budget/findings").text
    assert clerk.get("/api/v1/budget/findings/screening").json()["done_ms"]


def test_units_are_known_by_the_districts_file_by_the_same_name_or_by_one_end_of_it(
    tmp_path: Path,
) -> None:
    """Where two would fit nobody guesses; a file with a fault is named."""
    register = [
        Unit("water", "区水利局", "department"),
        Unit("office", "区政府办公室", "department"),
        Unit("council", "区人大常委会办公室", "department"),
    ]
    assert unit_of({}, register, "101", "南通市通州区水利局") == "water"
    assert unit_of({}, register, "101", "水利局河道管理所") is None
    assert unit_of({"101": "office"}, register, "101", "水利局") == "office"
    assert unit_of({"101": "nowhere"}, register, "101", "区水利局") == "water"
    assert unit_of({}, [*register, register[0]], "", "区水利局") is None
    (tmp_path / "budget").mkdir()
    own = tmp_path / "budget" / "findings.toml"
    own.write_text("a_month = 0\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="a_month"):
        numbers(tmp_path)
    own.write_text('a_month = 5\n[units]\n"101" = "water"\n', encoding="utf-8")
    assert numbers(tmp_path) == Numbers(5, {"101": "water"})
    assert numbers(tmp_path / "none").a_month >= 1


def test_the_states_of_the_list_are_those_of_the_procedure() -> None:
    """None is left out of every choice."""
    assert [of.name for of in PROCEDURE.states] == list(STATES)
