"""Published tables against themselves, payments and budget lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.detection.books import Books, PublishedBreak, PublishedFigure, PublishedSet
from budget.detection.budgets.disclosed import PaymentParameters
from budget.detection.budgets.matching.coding import calendar
from budget.detection.budgets.matching.comparing import compared
from budget.detection.budgets.matching.departments import head_of, members
from budget.detection.documents import checked
from budget.detection.engine import run
from budget.detection.wording import sentence
from budget.published.meaning import meanings_of
from budget.published.origin import Origin, origin_of
from budget.published.reading.files import read_sheets
from config.catalogue.words import Words
from qingyuan.commands.budget.words import FOLDER
from tests.budget.account_books import RULES, found, line, payments
from tests.budget.published_sets import Layout, changed, figures_of, report_of, sheets_of
from tests.budget.test_published_tables import LAYOUTS
from tests.conftest import examples

UNITS = {"105": "澄浦区水利局", "105001": "澄浦区水文站", "106": "澄浦区教育局"}
SUPERIORS = {"105001": "105"}
NAMES = {
    "total": "合计",
    "class/208": "社会保障和就业支出",
    "class/213": "农林水支出",
    "three-public/reception": "公务接待费",
    "three-public/vehicle-purchase": "公务用车购置费",
}


def figure(means: str, yuan: float, **more: Any) -> PublishedFigure:
    """A published sum of fiscal money."""
    fields = {"money": "fiscal", "step": 0, "sheet": "公开05表", "cell": "C4"}
    return PublishedFigure(
        means=means, label=NAMES[means], cents=round(yuan * 100), **{**fields, **more}
    )


def accounts(*figures: PublishedFigure, **more: Any) -> PublishedSet:
    """The final account of the department for 2025."""
    fields = {"id": 7, "department": "区水利局", "year": 2025, "stage": "accounts"}
    return PublishedSet(**{**fields, "figures": figures, **more})


def books(
    *sets: PublishedSet, rows: Iterable[dict[str, Any]] = (), months: int = 12, **tables: Any
) -> Books:
    """Payments of the department and its station, 100,000 yuan in every month of 2025."""
    usual = {"function": "2130301", "economic": "30201", "fund": "一般公共预算资金"}
    every = [
        {"unit": unit, "yuan": 50_000, "on": f"2025-{month:02}-15", **usual}
        for month in range(1, months + 1)
        for unit in ("105", "105001")
    ]
    every += [{"unit": "105", "on": "2025-06-03", **usual, **of} for of in rows]
    every += [{"unit": "106", "yuan": 9_000_000, "on": "2025-03-01", **usual}]
    given_ = {"units": UNITS, "superiors": SUPERIORS, **tables}
    return Books(payments=payments(every), published=sets, **given_)


def asked(of: Books) -> list[tuple[str, str, int]]:
    """Subject, unit and fen of each question about payments and lines."""
    return [(one.subject, one.unit, one.cents) for one in found("published-against-payments", of)]


def lacking(of: Books) -> list[str]:
    """Why a set is not compared with payments."""
    rule = checked(RULES["published-against-payments"])
    assert isinstance(rule, PaymentParameters)
    held = compared(of, of.published[0], rule.needs, calendar(of.payments.days)).held
    return [one.lacking for one in held if one.basis == "payments"]


WHOLE = figure("total", 1_200_000)


def test_a_department_and_its_units_that_paid_what_it_published_are_not_asked_about() -> None:
    assert asked(books(accounts(WHOLE, figure("class/213", 1_200_000)))) == []


def test_a_total_that_payments_exceed_is_asked_about_with_both_sums_in_words() -> None:
    of = books(accounts(WHOLE), rows=[{"yuan": 60_000}])
    assert asked(of) == [("2025/accounts/total/payments", "105", 6_000_000)]
    (one,) = found("published-against-payments", of)
    words = Words.load("zh-CN", {"budget": FOLDER})
    assert sentence(words, one) == (
        "澄浦区水利局2025年决算公开表的支出合计中，“合计”（公开05表C4）公开数是1,200,000.00元，"
        "当年国库支付数是1,260,000.00元，比公开数多60,000.00元，这类共有1项对不上。差在哪里？"
    )


@pytest.mark.parametrize(
    ("why", "of"),
    [
        ("within the share", books(accounts(WHOLE), rows=[{"yuan": 36_000}])),
        ("rounded to 万元", books(accounts(figure("total", 1_260_000, step=12_000_000)),
                               rows=[{"yuan": 3_000}])),
        ("paid of its own income", books(accounts(figure("total", 2_000_000, money="all")))),
        ("another fund's", books(
            accounts(figure("class/213", 1_200_000, money="general")),
            rows=[{"yuan": 500_000, "fund": "政府性基金预算资金"}])),
        ("another year's", books(accounts(WHOLE), rows=[{"yuan": 90_000, "on": "2024-06-03"}])),
    ],
)  # fmt: skip
def test_innocent_where(why: str, of: Books) -> None:
    assert asked(of) == []


def test_more_than_all_its_money_is_asked_about_though_own_income_is_not_paid_there() -> None:
    of = books(accounts(figure("total", 1_100_000, money="all")))
    assert asked(of) == [("2025/accounts/total/payments", "105", 10_000_000)]


def test_cars_that_were_paid_and_not_published_are_asked_about_once_with_the_other_part() -> None:
    cars = figure("three-public/vehicle-purchase", 0)
    dinners = figure("three-public/reception", 20_000, step=10_000)
    rows = [{"yuan": 150_000, "economic": "31013"}, {"yuan": 26_000, "economic": "30217"}]
    (one,) = found("published-against-payments", books(accounts(cars, dinners), rows=rows))
    assert (one.cents, one.facts["n"], one.facts["item"]) == (15_000_000, 2, "公务用车购置费")
    assert (one.facts["group"], one.grade) == ("three-public", 2)


@pytest.mark.parametrize(
    ("why", "of", "reasons"),
    [
        ("a quarter is missing", books(accounts(WHOLE), months=9), ["months"]),
        ("nobody knows it", books(accounts(WHOLE, department="区信访局")), ["unit"]),
        ("units have no codes", books(
            accounts(WHOLE, department="区水利局"), units={"区水利局": "区水利局", "站": "站"},
            superiors={}), ["subordinates"]),
        ("payments have no classes", books(
            accounts(figure("class/213", 1_200_000)), rows=[{"yuan": 50_000, "function": ""}]),
            ["function"]),
        ("payments have no funds", books(
            accounts(figure("total", 1_200_000, money="general")),
            rows=[{"yuan": 90_000, "fund": ""}]), ["fund"]),
    ],
)  # fmt: skip
def test_nothing_is_asked_and_the_reason_is_said_where(
    why: str, of: Books, reasons: list[str]
) -> None:
    assert asked(of) == []
    assert lacking(of) == reasons


ITEMS = (("2130301", "30201"), ("2130305", "31005"), ("2080501", "30217"), ("2080505", "30231"))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(("105", "105001", "106")), st.integers(1, 12), st.sampled_from(ITEMS),
        st.integers(-(10**8), 10**9),
    ),
    max_size=40,
)  # fmt: skip


@given(rows=ROWS, wrong=st.integers(0, 3), more=st.booleans())
@settings(max_examples=examples(60))
def test_figures_that_payments_make_are_not_asked_about_and_the_one_that_they_do_not_is(
    rows: list[tuple[str, int, tuple[str, str], int]], wrong: int, more: bool
) -> None:
    """Published in 万元 with two decimals, against sums by hand."""
    paid = [
        {"unit": unit, "on": f"2025-{month:02}-20", "yuan": fen / 100, "function": function,
         "economic": economic}
        for unit, month, (function, economic), fen in rows
    ]  # fmt: skip
    own = [row for row in rows if row[0] != "106"]
    sums = {
        "total": sum(row[3] for row in own) + 120_000_000,
        "class/213": sum(row[3] for row in own if row[2][0][:3] == "213") + 120_000_000,
        "class/208": sum(row[3] for row in own if row[2][0][:3] == "208"),
        "three-public/reception": sum(row[3] for row in own if row[2][1] == "30217"),
    }
    printed = {means: round(fen / 10_000) * 10_000 for means, fen in sums.items()}

    def asked_of(figures: dict[str, int]) -> list[str]:
        of = accounts(*(figure(means, fen / 100, step=10_000) for means, fen in figures.items()))
        questions = found("published-against-payments", books(of, rows=paid))
        return [str(one.facts["item"]) for one in questions]

    assert asked_of(printed) == []
    means = tuple(printed)[wrong]
    by = max(abs(printed[means]), 10**10)
    assert asked_of({**printed, means: printed[means] + (by if more else -by)}) == [NAMES[means]]


def test_where_payments_bear_out_most_figures_another_has_no_tolerance() -> None:
    """Reception of 12,000 yuan was paid and 11,000 published: below every tolerance by itself."""
    rows = [
        {"yuan": 12_000, "economic": "30217"},
        {"yuan": 40_000, "function": "2080501"},
        {"yuan": 180_000, "economic": "31013"},
    ]
    less = figure("three-public/reception", 11_000)
    known = [
        figure("class/208", 40_000),
        figure("class/213", 1_392_000),
        figure("three-public/vehicle-purchase", 180_000),
    ]
    assert [one[0] for one in asked(books(accounts(*known, less), rows=rows))] == [
        "2025/accounts/three-public/payments"
    ]
    assert asked(books(accounts(*known[:2], less), rows=rows)) == []


def test_budget_lines_are_held_against_both_stages() -> None:
    lines = (
        line(700_000, unit="105", year=2025, final_cents=65_000_000),
        line(500_000, unit="105001", year=2025, final_cents=55_000_000),
        line(900_000, unit="106", year=2025, final_cents=1),
    )
    budget = accounts(figure("total", 1_250_000), stage="budget")
    of = books(accounts(WHOLE), budget, lines=lines)
    assert asked(of) == [("2025/budget/total/approved", "105", 5_000_000)]
    later = (*lines[:2], line(1, unit="105", year=2025))
    assert asked(books(accounts(WHOLE, figure("class/213", 1)), lines=later))[1:] == []


def test_figures_that_disagree_are_one_question_of_their_set_with_the_greatest() -> None:
    def broken(cell: str, cents: int | None, check: str = "total") -> PublishedBreak:
        return PublishedBreak(
            check=check, title="收支总表", sheet="公开01表", cell=cell, label="支出总计",
            says="55709548.77", should="55589548.77" if cents else "", unit="元", cents=cents,
        )  # fmt: skip

    of = accounts(
        breaks=(broken("D8", 50), broken("D9", 12_000_000), broken("A1", None, "empty-table"),
                broken("C3", None, "unreadable")),
    )  # fmt: skip
    (one,) = found("published-does-not-add-up", books(of))
    assert (one.grade, one.unit, one.subject, one.cents) == (1, "105", "2025/accounts", 12_000_000)
    assert (one.facts["n"], one.facts["cell"], one.facts["should"]) == (2, "D9", "55589548.77")
    assert found("published-does-not-add-up", books(accounts(breaks=(broken("D8", 50),)))) == ()
    (form,) = found("published-does-not-add-up", books(accounts(breaks=of.breaks[3:])))
    assert (form.grade, form.facts["should"]) == (2, "unknown")


def test_without_published_tables_the_rules_are_deferred_and_say_what_is_missing() -> None:
    outcome = run(books(), [RULES["published-does-not-add-up"]])
    assert [one.missing for one in outcome.deferred] == [("published",)]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("105", "105"), ("澄浦区水利局", "105"), ("水利局", "105"), ("区水利局", "105"),
        ("澄浦区教育局", "106"), ("区水文站", ""), ("局", ""), ("区水利局办公室", ""),
    ],
)  # fmt: skip
def test_a_department_is_known_by_code_name_or_its_name_without_the_place(
    name: str, head: str
) -> None:
    """A unit below one publishes as its department, and is none itself."""
    assert head_of(books(), name) == head
    assert not head or members(books(), head) >= {head}


@given(seed=st.integers(0, 1 << 32), layout=LAYOUTS)
@settings(max_examples=examples(20))
def test_figures_are_known_by_what_they_stand_for_in_every_layout(
    seed: int, layout: Layout
) -> None:
    """Total and classes are those of fiscal money, the parts of 三公经费 in fen."""
    true = figures_of(seed)
    report = report_of(sheets_of(seed, layout))
    meant = {of.means: of.fen for of in meanings_of(report, report.reading.tables)}
    general = {of.code: of.basic + of.project for of in true.items}
    assert meant.pop("total") == sum(general.values())
    assert {name: meant.pop(f"three-public/{name}") for name in ("abroad", "reception")} == {
        "abroad": true.abroad, "reception": true.reception,
    }  # fmt: skip
    assert meant.pop("three-public/vehicles") == true.running
    assert meant.pop("three-public/vehicle-purchase") == true.purchase
    classes = {code[:3] for code in general}
    assert meant == {
        f"class/{of}": sum(fen for code, fen in general.items() if code[:3] == of)
        for of in classes
    }


def test_a_table_whose_unit_is_in_doubt_says_nothing_of_payments() -> None:
    """三公 printed in 元 and called 万元."""
    sheets = sheets_of(5, Layout(unit="元"))
    wrong = changed(sheets, 6, 1, 5, "单位：万元")
    report = report_of(wrong)
    assert [one.check for one in report.breaks] == ["unit"]
    meant = {of.means for of in meanings_of(report, report.reading.tables)}
    assert not [of for of in meant if of.startswith("three-public")]


@pytest.mark.parametrize(
    ("file", "names", "origin"),
    [
        ("2025年部门预算.xlsx", (), Origin("澄浦区水利局", 2025, "budget")),
        ("水利局2024年度部门决算公开表.xlsx", (), Origin("澄浦区水利局", 2024, "accounts")),
        ("表.xlsx", ("水利局",), Origin("澄浦区水利局", None, "budget")),
    ],
)  # fmt: skip
def test_department_year_and_stage_are_those_that_tables_and_files_name(
    file: str, names: tuple[str, ...], origin: Origin
) -> None:
    assert origin_of(read_sheets([(file, sheets_of(3))]), names) == origin
