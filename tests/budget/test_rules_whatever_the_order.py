"""Rules on budgets find the same whatever the order of any table's rows."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from budget.detection.books import Books
from budget.detection.budgets.kinds import KINDS
from budget.detection.engine import run
from budget.detection.records import Finding
from tests.budget.account_books import (
    RULES,
    adjustment,
    asset,
    debt,
    indicator,
    line,
    payments,
    problem,
)
from tests.conftest import examples

OURS = tuple(of for of in RULES.values() if of.kind in {kind.name for kind in KINDS})
UNITS = {"101": "区生态环境局", "101001": "区环境监测站"}
TEXTS = ("购置的设备未登记固定资产账", "设备购置后未及时登记固定资产", "接待无公函")
unit = st.sampled_from([*UNITS, "区环境监测站"])
year = st.sampled_from([2022, 2023, 2024])
on = st.dates(date(2022, 1, 1), date(2024, 12, 31))
item = st.sampled_from(["30201", "30217", "30299", "31002"])
project = st.sampled_from(["", "P"])
yuan = st.sampled_from([900.0, 6_000.0, 12_000.0, 90_000.0, -6_000.0])
payment = st.fixed_dictionaries(
    {
        "unit": unit,
        "on": on.map(str),
        "yuan": yuan,
        "project": project,
        "economic": item,
        "use": st.sampled_from(["", "接待用餐", "文具", "拨付经费", "设备尾款"]),
        "payee": st.sampled_from(["", "城东大酒店", "区环境监测站"]),
        "indicator": st.sampled_from(["", "A-0", "a0", "A-1", "A-9"]),
        "voucher": st.sampled_from(["", "V1", "V2"]),
        "contract": st.sampled_from(["", "C1"]),
    }
)
days = on.map(lambda of: (of - date(1970, 1, 1)).days)


def rows(make: Any, **fields: Any) -> Any:
    """Lists of rows of a table, each with its number in its id."""
    many = st.lists(st.fixed_dictionaries(fields), max_size=8)
    return many.map(lambda given: [make(at, **of) for at, of in enumerate(given)])


tables = st.fixed_dictionaries(
    {
        "debts": rows(
            lambda _at, **of: debt(**of),
            year=year,
            limit=yuan,
            beginning=yuan,
            issued=yuan,
            end=yuan,
        ),
        "indicators": rows(
            lambda at, **of: indicator(f"A-{at % 2}", **of),
            yuan=yuan,
            unit=unit,
            year=year,
            project=project,
            economic=item,
            source=st.sampled_from(["年初预算", "上年结转", "追加"]),
            day=days,
        ),
        "adjustments": rows(
            lambda at, **of: adjustment(f"T{at}", **of),
            yuan=yuan,
            unit=unit,
            year=year,
            project=project,
            economic=item,
        ),
        "lines": rows(
            lambda at, **of: line(function=f"{at}", **of),
            yuan=yuan,
            unit=unit,
            year=year,
            economic=item,
        ),
        "assets": rows(
            lambda at, **of: asset(f"Z{at}", **of),
            yuan=yuan,
            unit=unit,
            day=days,
            voucher=st.sampled_from(["", "V1", "V9"]),
        ),
        "problems": rows(
            lambda at, **of: problem(f"W{at}", **of),
            year=year,
            unit=unit,
            text=st.sampled_from(TEXTS),
        ),
    }
)


def findings(given: list[dict[str, Any]], of: dict[str, list[Any]]) -> list[Finding]:
    """All that rules on budgets find, in an order of its own."""
    books = Books(
        payments=payments(given),
        units=UNITS,
        superiors={"101001": "101"},
        **{name: tuple(table) for name, table in of.items()},
    )
    found = run(books, OURS).findings
    return sorted(found, key=lambda one: (one.key, repr(sorted(one.facts.items()))))


@settings(max_examples=examples(120))
@given(st.lists(payment, min_size=1, max_size=14), tables, st.randoms(use_true_random=False))
def test_the_same_whatever_the_order(
    given: list[dict[str, Any]], of: dict[str, list[Any]], order: random.Random
) -> None:
    named = [{**row, "id": at} for at, row in enumerate(given)]
    before = findings(named, of)
    order.shuffle(named)
    for table in of.values():
        order.shuffle(table)
    assert findings(named, of) == before
