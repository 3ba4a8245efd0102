"""Questions without payments rest on rows of other tables, and go when these stand no more."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.budget.finding_hands import findings, run, step, withdrawn
from tests.api.budget.test_payments import sent as paid
from tests.api.budget.test_rules import BOOKS
from tests.api.conftest import BOTH, RunningCentre
from tests.conftest import examples

RETURNS, RUSH = "audit-problem-returns", "year-end-rush"
HEAD = "问题编号,年度,单位编码,问题类型,问题描述"
CARDS, LOANS = "购置的固定资产未登记资产卡片", "往来款长期挂账未清理"
FIRST = (f"P1,2023,101,资产管理,{CARDS}", f"Q1,2023,102,会计核算,{LOANS}")
CARDS_AGAIN = (f"P2,2024,101,资产管理,{CARDS}",)
LOANS_AGAIN = (f"Q2,2024,102,会计核算,{LOANS}",)
CLOSER = (f"P0,2022,101,资产管理,{CARDS}",)
Rows = tuple[str, ...]


def sent(client: httpx.Client, rows: Rows) -> int:
    """The id of a load of problems of the audit, which is in force."""
    answer = client.post(
        "/api/v1/imports/budget.problems",
        params={"source": "区审计局", "name": "问题.csv"},
        content="\n".join([HEAD, *rows]).encode(),
    )
    assert answer.status_code in (200, 201), answer.text
    number: int = answer.json()["id"]
    return number


def open_ones(client: httpx.Client) -> list[str]:
    """Units that are asked about, also by what the office selected."""
    states = ("found", "to-send", "sent")
    return sorted(of["unit_name"] for of in findings(client) if of["state"] in states)


def saved(client: httpx.Client, **changed: object) -> None:
    """A new version of the rule."""
    path = f"/api/v1/budget/rules/{RETURNS}"
    version = client.get(path).json()["version"]
    answer = client.post(
        f"{path}/versions", json={"version": version, "reason": "试行", **changed}
    )
    assert answer.is_success, answer.text


def test_given_loads_and_screening_in_any_order_then_the_open_questions_are_those_of_what_stands(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Selected ones go and come back as new ones do, though no payment is in question."""
    loads: Mapping[str, Rows] = {"first": FIRST, "101": CARDS_AGAIN, "102": LOANS_AGAIN}
    in_force: dict[str, int] = {}

    @settings(
        max_examples=examples(8),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.sampled_from([*loads, "run", "select"]), min_size=1, max_size=8))
    def holds(deeds: list[str]) -> None:
        for deed in deeds:
            if deed == "run":
                run(centre)
            elif deed == "select":
                for one in findings(clerk, state="found"):
                    assert step(clerk, one["id"], "select").is_success
            elif deed in in_force:
                withdrawn(clerk, in_force.pop(deed))
            else:
                in_force[deed] = sent(clerk, loads[deed])
        run(centre)
        expected = [of for of in ("101", "102") if "first" in in_force and of in in_force]
        assert open_ones(clerk) == expected
        assert run(centre) == (0, 0)

    holds()


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_selected_question_when_only_the_rule_or_other_data_changes_then_it_stays_until_its_rows_go(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Neither a rule that would ask no more, nor one more problem of an earlier year; the rule of
    then decides.
    """
    sent(clerk, FIRST)
    again = sent(clerk, CARDS_AGAIN)
    assert run(centre) == (1, 0)
    (one,) = findings(clerk)
    assert (one["payments"], one["unit_name"]) == ([], "101")
    assert step(clerk, one["id"], "select").is_success
    saved(clerk, on=False)
    assert run(centre) == (0, 0)
    closer = sent(clerk, CLOSER)
    assert run(centre) == (0, 0)
    withdrawn(clerk, closer)
    assert run(centre) == (0, 0)
    withdrawn(clerk, again)
    assert run(centre) == (0, 1)
    assert "所依据的数据已撤回或更正" in clerk.get(f"/budget/findings/{one['id']}").text


def test_given_a_question_of_a_year_when_more_of_its_payments_come_then_it_is_the_same_question(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Payments are evidence that grows: the unit is not asked twice."""
    paid(clerk, BOOKS)
    run(centre)
    (one,) = findings(clerk, rule=RUSH)
    assert step(clerk, one["id"], "select").is_success
    paid(clerk, ((*("101-more", "101"), *BOOKS[0][2:6], "2025-12-20", *BOOKS[0][7:]),))
    run(centre)
    assert [(of["id"], of["state"]) for of in findings(clerk, rule=RUSH)] == [
        (one["id"], "to-send")
    ]
