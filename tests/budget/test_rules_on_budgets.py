"""Each rule on budgets: what it asks about, and what looks like it and is innocent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from budget.detection.books import Books, Debt, SpendingLimit
from budget.detection.engine import run
from budget.detection.records import Exclusion, Finding
from tests.budget.account_books import (
    RULES,
    adjustment,
    asset,
    contract,
    day,
    found,
    indicator,
    line,
    payments,
    problem,
)

UNITS = {"101": "区生态环境局", "101001": "区环境监测站", "102": "区教育局"}
SUPERIORS = {"101001": "101"}


def books(rows: Iterable[dict[str, Any]], **tables: Any) -> Books:
    """Payments of unit 101 on 2024-06-03, unless they say otherwise, and tables beside them."""
    full = [{"unit": "101", "on": "2024-06-03", **of} for of in rows]
    return Books(payments=payments(full), units=UNITS, superiors=SUPERIORS, **tables)


def monthly(year: int, yuan: Iterable[float], **more: Any) -> list[dict[str, Any]]:
    """A payment on the 15th of each month of a year, of project P and its indicator."""
    return [
        {"yuan": of, "on": f"{year}-{at:02}-15", "project": "P", "indicator": f"I{year}", **more}
        for at, of in enumerate(yuan, start=1)
        if of
    ]


def years_of(*shares: Iterable[float], **last: Any) -> Books:
    """Years up to 2024 of a project of a million each, and what was paid of it month by month."""
    first = 2025 - len(shares)
    given = list(enumerate(shares, start=first))
    rows = [of for year, yuan in given for of in monthly(year, yuan)]
    indicators = [
        indicator(f"I{year}", 1_000_000, year=year, **(last if year == 2024 else {}))
        for year, _ in given
    ]
    return books(rows, indicators=tuple(indicators))


STEADY = [80_000.0] * 12
LATE_WORKS = [20_000.0] * 8 + [200_000.0] * 4
SLOW = [20_000.0] * 11 + [700_000.0]


class TestSlowProgress:
    def test_a_project_far_behind_its_own_years_is_asked_about_with_both_measures(self) -> None:
        (of,) = found("slow-progress", years_of(STEADY, STEADY, SLOW))
        assert (of.unit, of.subject, of.facts["month"]) == ("101", "P/2024", 11)
        assert (of.facts["own_percent"], of.facts["paid_percent"]) == (88.0, 22.0)
        assert (of.facts["fund_percent"], of.facts["time_percent"]) == (22.0, 91.7)

    @pytest.mark.parametrize(
        ("why", "of"),
        [
            ("it is always late", years_of(LATE_WORKS, LATE_WORKS, LATE_WORKS)),
            ("it has no history", years_of(STEADY, SLOW)),
            ("its money came in summer", years_of(STEADY, STEADY, SLOW, day=day("2024-07-01"))),
            ("its money came from above", years_of(STEADY, STEADY, SLOW, source="上级专款")),
        ],
    )
    def test_innocent_where(self, why: str, of: Books) -> None:
        assert found("slow-progress", of) == ()


class TestYearEndRush:
    def test_most_of_a_project_paid_in_the_last_weeks_with_what_was_bought(self) -> None:
        (of,) = found("year-end-rush", years_of(STEADY, SLOW))
        assert (of.subject, of.cents, of.payments) == ("P/2024", 72_000_000, (22, 23))

    @pytest.mark.parametrize(
        ("why", "of"),
        [
            ("it was approved in autumn", years_of(STEADY, SLOW, day=day("2024-10-08"))),
            ("it was carried over", years_of(STEADY, SLOW, source="上年结转")),
            ("it came from above", years_of(STEADY, SLOW, source="上级专款")),
            ("it is settled so every year", years_of(SLOW, SLOW)),
        ],
    )
    def test_innocent_where(self, why: str, of: Books) -> None:
        assert found("year-end-rush", of) == ()

    def test_what_a_contract_of_spring_asked_for_is_no_rush(self) -> None:
        rows = monthly(2024, SLOW, contract="C1")
        of = books(
            rows, indicators=(indicator("I2024", 1e6),), contracts=(contract("C1", "2024-03-01"),)
        )
        assert found("year-end-rush", of) == ()

    def test_payments_that_name_nothing_are_first_of_the_money_of_autumn(self) -> None:
        rows = [{**of, "indicator": ""} for of in monthly(2024, SLOW)]
        start, autumn = indicator("A", 1e6), indicator("B", 7e5, day=day("2024-10-08"))
        assert found("year-end-rush", books(rows, indicators=(start, autumn))) == ()
        assert len(found("year-end-rush", books(rows, indicators=(start,)))) == 1

    def test_without_indicators_a_unit_is_held_against_its_own_full_years(self) -> None:
        rows = [of for year in (2021, 2022, 2023) for of in monthly(year, STEADY)]
        (of,) = found("year-end-rush", books([*rows, *monthly(2024, SLOW)]))
        assert (of.unit, of.subject, of.grade) == ("101", "P/2024", 3)
        bare = [{**row, "project": ""} for row in (*rows, *monthly(2024, SLOW))]
        (of,) = found("year-end-rush", books(bare))
        assert (of.subject, of.facts["own_percent"]) == ("2024", 16.7)
        december = [{**row, "yuan": row["yuan"] * 3} for row in rows[-2:]]
        assert found("year-end-rush", books([*rows[:-2], *december])) == ()

    @pytest.mark.parametrize(
        ("why", "late"),
        [
            ("an indicator first used in autumn", {"indicator": "B"}),
            ("a contract of which something was paid in spring", {"contract": "C1"}),
        ],
    )
    def test_without_indicators_payments_themselves_tell_what_is_no_rush(
        self, why: str, late: dict[str, str]
    ) -> None:
        before = [of for year in (2022, 2023) for of in monthly(year, STEADY)]
        spring, rush = (monthly(2024, SLOW)[at] for at in (2, -1))
        parts = [{**rush, "yuan": 240_000, "on": f"2024-12-{n}"} for n in (16, 17, 18)]
        rows = [*before, *monthly(2024, SLOW)[:-1], {**spring, "contract": "C1"}]
        assert len(found("year-end-rush", books([*rows, *parts]))) == 1
        explained = [{**of, **late} for of in parts]
        assert found("year-end-rush", books([*rows, *explained])) == (), why

    def test_in_books_of_one_year_a_unit_is_held_against_the_others(self) -> None:
        steady = [
            {**of, "unit": unit, "project": ""}
            for unit in ("102", "103", "104")
            for of in monthly(2024, STEADY)
        ]
        late = [{**of, "project": ""} for of in monthly(2024, SLOW)]
        (of,) = found("year-end-rush", books([*steady, *late]))
        assert (of.unit, of.facts["own_percent"]) == ("101", 16.7)
        assert found("year-end-rush", books([*steady[:12], *late])) == ()

    def test_without_projects_a_code_paid_late_in_many_payments_to_several_is_asked_about(
        self,
    ) -> None:
        def code(year: int, yuan: Iterable[float], of: str) -> list[dict[str, Any]]:
            return monthly(year, yuan, project="", indicator="", economic=of, payee=f"{of}店")

        usual = [
            row
            for year in (2022, 2023, 2024)
            for row in (*code(year, [200_000.0] * 12, "30201"), *code(year, STEADY, "30227"))
        ]

        def late(count: int, payees: int) -> list[dict[str, Any]]:
            return [
                {
                    "yuan": 1_500_000 / count,
                    "on": f"2024-12-{n + 2:02}",
                    "economic": "30227",
                    "payee": f"{n % payees}店",
                }
                for n in range(count)
            ]

        (of,) = found("year-end-rush", books([*usual, *late(6, 3)]))
        assert (of.unit, of.subject, of.facts["late_percent"]) == ("101", "30227/2024", 67.5)
        assert of.payments == tuple(range(len(usual), len(usual) + 6))
        assert found("year-end-rush", books([*usual, *late(3, 3)])) == ()
        assert found("year-end-rush", books([*usual, *late(6, 1)])) == ()


def on_indicator(*rows: dict[str, Any], yuan: float = 100_000, **tables: Any) -> Books:
    """Payments of project P and item 30227, and the indicator ZB-2024-0001 of that much."""
    of_project = [{"project": "P", "economic": "30227", "yuan": 500, **of} for of in rows]
    return books(of_project, indicators=(indicator("ZB-2024-0001", yuan),), **tables)


MATCHED = [{"indicator": "ZB-2024-0001"}] * 9


class TestNoIndicator:
    @pytest.mark.parametrize(
        ("why", "row", "case", "grade"),
        [
            ("nothing for it either", {"indicator": "ZB-2024-0777", "project": "Q"}, "unknown", 1),
            ("another for its project", {"indicator": "ZB-2024-0777"}, "unknown", 2),
            ("another unit's", {"indicator": "ZB-2024-0001", "unit": "102"}, "another-unit", 2),
            ("none is named", {"project": "Q"}, "unmatched", 3),
        ],
    )
    def test_asked_about(self, why: str, row: dict[str, Any], case: str, grade: int) -> None:
        (of,) = found("no-indicator", on_indicator(*MATCHED, row))
        assert (of.facts["case"], of.grade, of.payments) == (case, grade, (9,))

    @pytest.mark.parametrize(
        ("why", "row"),
        [
            ("the number was retyped", {"indicator": "ｚｂ 2024 0001"}),
            ("its prefix was left out", {"indicator": "20240001"}),
            ("it is missing and unit, project and item have one", {}),
            ("the superior's is used", {"indicator": "ZB-2024-0001", "unit": "101001"}),
        ],
    )
    def test_innocent_where(self, why: str, row: dict[str, Any]) -> None:
        assert found("no-indicator", on_indicator(*MATCHED, row)) == ()

    def test_a_year_that_mostly_cannot_be_matched_is_held_and_said_once(self) -> None:
        lost = [{"indicator": f"JH{of}", "project": "Q"} for of in range(9)]
        (of,) = found("no-indicator", on_indicator(*MATCHED, *lost))
        assert (of.facts["case"], of.facts["year"], of.facts["unmatched_percent"]) == (
            "held", "2024", 50.0,
        )  # fmt: skip


class TestOverIndicator:
    def paid(self, *yuan: float, **tables: Any) -> tuple[Finding, ...]:
        rows = [{"indicator": "ZB-2024-0001", "yuan": of} for of in yuan]
        return found("over-indicator", on_indicator(*rows, yuan=1000, **tables))

    def test_more_paid_than_it_has(self) -> None:
        (of,) = self.paid(900, 200.5)
        assert (of.subject, of.cents, of.payments) == ("ZB-2024-0001", 10050, (1,))

    def test_innocent_where_money_came_back(self) -> None:
        assert self.paid(900, 200, -200) == ()

    def test_innocent_where_an_adjustment_raised_it(self) -> None:
        more = adjustment("T1", 200, project="P", economic="30227", kind="追加")
        assert self.paid(900, 300, adjustments=(more,)) == ()


def to_station(**more: Any) -> dict[str, Any]:
    """A large payment to the subordinate."""
    return {"yuan": 300_000, "payee": "区环境监测站", "use": "拨付监测能力经费", **more}


class TestPayingDown:
    def test_a_large_payment_to_a_subordinate(self) -> None:
        (of,) = found("paying-down", books([to_station(), {"yuan": 900_000, "payee": "某公司"}]))
        assert (of.payments, of.facts["word"], of.facts["unit_percent"]) == ((0,), "拨付", 25.0)

    def test_several_of_a_year_to_any_account_of_it_are_one_question(self) -> None:
        rows = [to_station(yuan=20_000), to_station(yuan=20_000, on="2024-09-01")]
        (of,) = found("paying-down", books(rows))
        assert (of.cents, of.by_subject) == (4_000_000, True)
        account = [to_station(payee="区环境监测站（零余额账户）")]
        assert len(found("paying-down", books(account))) == 1

    @pytest.mark.parametrize(
        ("why", "rows"),
        [
            ("it is small", [to_station(yuan=20_000)]),
            ("there is an invoice", [to_station(invoice="04400211")]),
            ("there is a contract", [to_station(contract="HT1")]),
            ("it pays for something", [to_station(use="监测服务费")]),
            ("it is regular", [to_station(on=f"2024-0{of}-10") for of in range(1, 7)]),
            ("it is not below", [to_station(unit="102")]),
            ("it goes up", [to_station(unit="101001", payee="区生态环境局")]),
        ],
    )
    def test_innocent_where(self, why: str, rows: list[dict[str, Any]]) -> None:
        assert found("paying-down", books(rows)) == ()


def under(code: str, use: str, payee: str = "") -> Books:
    """A payment under an economic code, beside one of wages."""
    wages = {"yuan": 90_000, "economic": "30101", "use": "工资"}
    return books([wages, {"yuan": 3000, "economic": code, "use": use, "payee": payee}])


class TestThreeExpenses:
    @pytest.mark.parametrize(
        ("code", "use", "payee", "word", "right"),
        [
            ("30201", "接待上级调研组用餐", "", "接待", "30217"),
            ("30239", "公务车维修保养", "", "公务车", "30231"),
            ("30211", "赴日本考察签证费", "", "赴日本", "30212"),
            ("30299", "购置越野车", "", "购置越野车", "31013"),
            ("30201", "材料款", "城东大酒店", "酒店", "30217"),
        ],
    )
    def test_booked_elsewhere(
        self, code: str, use: str, payee: str, word: str, right: str
    ) -> None:
        (of,) = found("three-expenses-misbooked", under(code, use, payee))
        assert (of.facts["word"], of.facts["right_code"]) == (word, right)

    @pytest.mark.parametrize(
        ("code", "use", "payee"),
        [
            ("30217", "接待上级调研组用餐", ""),
            ("30213", "信访接待室粉刷", ""),
            ("30227", "加油站油气回收检测", ""),
            ("30227", "出境断面水质监测", ""),
            ("30225", "洒水车燃油", ""),
            ("30215", "年度工作会议", "城东大酒店"),
            ("30239", "公务用车改革补贴", ""),
            ("30211", "赴日照市出差", ""),
            ("30201", "公务接待审批单印制", ""),
            ("", "接待上级调研组用餐", ""),
        ],
    )
    def test_innocent_elsewhere(self, code: str, use: str, payee: str) -> None:
        assert found("three-expenses-misbooked", under(code, use, payee)) == ()

    @pytest.mark.parametrize(
        ("code", "use", "right"),
        [
            ("30217", "业务培训班教材费", "30216"),
            ("30231", "打印纸、硒鼓", "30201"),
            ("30212", "赴省厅出差住宿费", "30211"),
        ],
    )
    def test_wrongly_in(self, code: str, use: str, right: str) -> None:
        (of,) = found("three-expenses-wrongly-in", under(code, use))
        assert of.facts["right_code"] == right

    @pytest.mark.parametrize(
        ("code", "use"),
        [
            ("30217", "会议期间接待来宾"),
            ("30231", "公务用车保险"),
            ("30217", ""),
            ("30201", "文具"),
        ],
    )
    def test_innocent_inside(self, code: str, use: str) -> None:
        assert found("three-expenses-wrongly-in", under(code, use)) == ()

    def test_over_the_line_or_without_one_over_last_year(self) -> None:
        rows = [
            {"yuan": yuan, "economic": "30217", "on": on, "unit": unit}
            for unit, yuan, on in (
                ("101", 50_000, "2024-03-01"), ("102", 36_000, "2023-03-01"), ("102", 50_000, "2024-03-01"),
            )
        ]  # fmt: skip
        of_line = found(
            "three-expenses-over", books(rows, lines=(line(45_000, economic="30217"),))
        )
        assert [(of.unit, of.facts["against"], of.cents) for of in of_line] == [
            ("101", "line", 500_000), ("102", "last-year", 1_400_000),
        ]  # fmt: skip
        enough = line(50_000, economic="30217")
        assert [of.unit for of in found("three-expenses-over", books(rows, lines=(enough,)))] == [
            "102"
        ]

    @pytest.mark.parametrize(
        ("why", "requirement", "last_yuan", "asked"),
        [
            ("it must not grow and did", "合计不得超过上年决算数", 45_000, [("last-account", 500_000)]),
            ("it must not grow and did not", "合计不得超过上年决算数", 50_000, []),
            ("it may grow", "按批复预算执行", 45_000, []),
        ],
    )  # fmt: skip
    def test_over_the_final_account_of_last_year_where(
        self, why: str, requirement: str, last_yuan: int, asked: list[tuple[str, int]]
    ) -> None:
        rows = [
            {"yuan": 20_000, "economic": "30217", "on": "2024-03-01", "unit": "101"},
            {"yuan": 30_000, "economic": "30231", "on": "2024-05-01", "unit": "101"},
        ]
        lines = (line(20_000, economic="30217"), line(30_000, economic="30231"))
        limit = SpendingLimit(
            year=2024,
            unit="101",
            approved_cents=5_000_000,
            adjusted_cents=5_000_000,
            last_cents=last_yuan * 100,
            requirement=requirement,
        )
        over = found("three-expenses-over", books(rows, lines=lines, limits=(limit,)))
        assert [(of.facts["against"], of.cents) for of in over] == asked, why

    def test_what_rounding_of_the_table_explains_is_not_asked_about(self) -> None:
        """Lines in 万元 with two decimals are off by 50 yuan at most, lines to the fen by none."""
        rows = [{"yuan": 45_040, "economic": "30217", "on": "2024-03-01", "unit": "101"}]
        rounded = line(45_000, economic="30217")
        exact = line(45_000, economic="30217", final_cents=4_504_012)
        assert found("three-expenses-over", books(rows, lines=(rounded,))) == ()
        (of,) = found("three-expenses-over", books(rows, lines=(exact,)))
        assert of.cents == 4_000

    def test_a_payment_charged_to_the_department_is_the_departments(self) -> None:
        rows = [
            {"yuan": 9_000, "economic": "30231", "on": "2024-03-01", "unit": "101001",
             "indicator": "ZB-2024-0001"},
        ]  # fmt: skip
        tables = {
            "lines": (
                line(1_000, economic="30231", unit="101001"),
                line(9_000, economic="30231", unit="101"),
            ),
        }
        own = indicator("ZB-2024-0001", 9_000, unit="101001")
        above = indicator("ZB-2024-0001", 9_000, unit="101")
        (of,) = found("three-expenses-over", books(rows, indicators=(own,), **tables))
        assert of.unit == "101001"
        assert found("three-expenses-over", books(rows, indicators=(above,), **tables)) == ()


class TestDebtByQuarter:
    """一般债务 of two towns, in 亿元 with two decimals."""

    def rows(self, **wrong: int) -> tuple[Debt, ...]:
        made = []
        for area in ("平潮镇", "石港镇"):
            begin = 1_20
            for quarter in (1, 2, 3, 4):
                off = wrong.get(f"end{quarter}", 0) if area == "平潮镇" else 0
                end = begin + 7 - 3
                made.append(
                    Debt(
                        year=2024,
                        quarter=quarter,
                        area=area,
                        kind="一般债务",
                        project="",
                        name="",
                        limit_cents=wrong.get("limit", 2_00) * 100_000_000,
                        beginning_cents=begin * 100_000_000,
                        issued_cents=7 * 100_000_000,
                        repaid_cents=3 * 100_000_000,
                        interest_cents=0,
                        end_cents=(end + off) * 100_000_000,
                    )
                )
                begin = end
        return tuple(made)

    def test_a_wrong_end_is_one_question_and_roundings_are_none(self) -> None:
        (of,) = found("debt-does-not-add-up", books([], debts=self.rows(end2=9)))
        assert (of.facts["quarter"], of.facts["figure"], of.cents) == (2, "end", 900_000_000)
        # Only the next quarter's beginning, which is the same figure written again, shows it.
        (of,) = found("debt-does-not-add-up", books([], debts=self.rows(end2=2)))
        assert (of.facts["quarter"], of.facts["figure"]) == (3, "beginning")

    def test_a_limit_is_asked_about_once_a_year_at_its_worst(self) -> None:
        over = found("debt-over-limit", books([], debts=self.rows(limit=1_30)))
        assert [(of.facts["quarter"], of.cents) for of in over] == [(4, 600_000_000)] * 2


class TestItemShift:
    def shifted(self, *yuan: float) -> tuple[Finding, ...]:
        shifts = tuple(adjustment(f"T{at}", of) for at, of in enumerate(yuan))
        return found("item-shift", books([], adjustments=shifts, lines=(line(200_000),)))

    def test_small_shifts_that_together_move_much_of_a_line(self) -> None:
        (of,) = self.shifted(15_000, 12_000, 18_000, 9_000)
        assert (of.subject, of.cents, of.facts["line_percent"]) == ("/30201/2024", 5_400_000, 27.0)

    @pytest.mark.parametrize(
        ("why", "yuan"),
        [
            ("they are few", (19_000, 18_000)),
            ("they are little together", (5_000, 5_000, 5_000, 5_000)),
            ("they were over the limit and approved", (60_000, 70_000)),
            ("they went back", (15_000, 12_000, 18_000, 9_000, -50_000)),
        ],
    )
    def test_innocent_where(self, why: str, yuan: tuple[float, ...]) -> None:
        assert self.shifted(*yuan) == ()


class TestCarryOver:
    def carried(self, paid: float, again: float, **more: Any) -> tuple[Finding, ...]:
        rows = [
            {"yuan": paid, "on": "2023-05-01", "project": "P", "indicator": "J23", **more},
            {"yuan": 1, "on": "2024-12-20", "project": "Q"},
        ]
        indicators = [indicator("J23", 100_000, year=2023, source="上年结转")]
        if again:
            indicators.append(indicator("J24", again, year=2024, source="上年结转"))
        findings = found("carry-over-two-years", books(rows, indicators=tuple(indicators)))
        return tuple(of for of in findings if of.facts["year"] == 2024)

    def test_carried_over_and_carried_over_again(self) -> None:
        (of,) = self.carried(10_000, 90_000)
        assert (of.subject, of.cents) == ("P/一般公共预算资金/2024", 9_000_000)

    def test_what_was_carried_again_was_other_money(self) -> None:
        assert self.carried(100_000, 60_000) == ()

    def test_the_oldest_money_is_used_first_where_nothing_is_named(self) -> None:
        assert self.carried(100_000, 60_000, indicator="") == ()

    def test_what_was_not_carried_again_was_taken_back(self) -> None:
        assert self.carried(10_000, 0) == ()


class TestOtherShare:
    def paid(self, other: float, **tables: Any) -> tuple[Finding, ...]:
        rows = [
            {"yuan": other, "economic": "30299"},
            {"yuan": 500_000 - other, "economic": "30201"},
            {"yuan": 900_000, "economic": "30101"},
        ]
        return found("other-share", books(rows, **tables))

    def test_more_than_a_fifth_of_what_is_no_wage(self) -> None:
        (of,) = self.paid(105_000)
        assert (of.payments, of.facts["other_percent"]) == ((0,), 21.0)

    def test_innocent_up_to_a_fifth(self) -> None:
        assert self.paid(100_000) == ()

    def test_a_project_of_a_unit_that_stays_below(self) -> None:
        rows = [
            {"yuan": 90_000, "economic": "30299", "project": "P"},
            {"yuan": 10_000, "economic": "30201", "project": "P"},
            {"yuan": 900_000, "economic": "30201", "project": "Q"},
        ]
        (of,) = found("other-share", books(rows))
        assert (of.subject, of.facts["other_percent"]) == ("P/2024", 90.0)

    def test_money_to_another_unit_or_a_town_is_not_what_it_bought(self) -> None:
        for payee in ("区环境监测站", "石港镇人民政府"):
            rows = [
                {"yuan": 900_000, "economic": "39999", "payee": payee},
                {"yuan": 100_000, "economic": "30201", "payee": "文具店"},
            ]
            assert found("other-share", books(rows)) == ()


class TestAssets:
    def bought(self, *assets: Any, **more: Any) -> tuple[Finding, ...]:
        rows = [
            {"yuan": 12_000, "economic": "31002", "use": "采购台式计算机", "on": "2024-03-05",
             "voucher": "V1", **more},
            {"yuan": 1, "economic": "30201", "on": "2024-12-01"},
        ]  # fmt: skip
        other = asset("Z9", 777, unit="102")
        return found("asset-not-recorded", books(rows, assets=(other, *assets)))

    def test_a_purchase_without_an_asset(self) -> None:
        (of,) = self.bought()
        assert (of.subject, of.payments) == ("V1", (0,))

    def test_an_asset_of_another_unit_or_amount_is_not_its_own(self) -> None:
        assert len(self.bought(asset("Z1", 12_000, unit="102"), asset("Z2", 9_000))) == 1

    @pytest.mark.parametrize(
        ("why", "assets", "more"),
        [
            ("the voucher is in the register", [asset("Z1", 1, voucher="v-1")], {}),
            ("unit, amount and day agree", [asset("Z1", 12_000)], {}),
            ("two things make the amount", [asset("Z1", 6_000), asset("Z2", 6_000)], {}),
            ("they are consumables", [], {"use": "采购打印耗材"}),
            ("it is not due yet", [], {"on": "2024-11-20"}),
            ("it is too small", [], {"yuan": 900}),
        ],
    )
    def test_innocent_where(self, why: str, assets: list[Any], more: dict[str, Any]) -> None:
        assert self.bought(*assets, **more) == ()


class TestAuditProblems:
    FIRST = problem("W1", 2022, "购置的3台监测设备共12.5万元未登记固定资产账")
    OTHERS = (
        problem("W8", 2022, "超范围列支差旅费", kind="支出管理"),
        problem("W9", 2022, "专项资金滞留未及时拨付", kind="专项资金"),
    )

    def test_the_same_in_other_words_in_a_later_year(self) -> None:
        later = problem("W2", 2024, "监测设备购置后未及时登记固定资产账，涉及金额8万元")
        (of,) = found(
            "audit-problem-returns", books([], problems=(self.FIRST, later, *self.OTHERS))
        )
        assert (of.subject, of.facts["times"]) == ("W2/W1", 2)

    @pytest.mark.parametrize(
        ("why", "later"),
        [
            ("it is another matter", problem("W2", 2024, "房屋出租收入未上缴财政")),
            ("it is the same year", problem("W2", 2022, "购置的监测设备未登记固定资产账")),
            (
                "it is another unit",
                problem("W2", 2024, "购置的监测设备未登记固定资产账", unit="102"),
            ),
        ],
    )
    def test_innocent_where(self, why: str, later: Any) -> None:
        assert (
            found("audit-problem-returns", books([], problems=(self.FIRST, later, *self.OTHERS)))
            == ()
        )


def test_a_rule_that_leaves_no_payment_to_ask_about_is_deferred() -> None:
    everything = Exclusion(column="unit", text="101", reason="已单独审计")
    rules = [msgspec.structs.replace(of, exclusions=(everything,)) for of in RULES.values()]
    of = years_of(STEADY, STEADY, SLOW)
    assert run(of, rules).findings == ()
    assert run(of, [RULES["slow-progress"]]).findings


def test_a_rule_without_its_tables_is_deferred_and_names_them() -> None:
    outcome = run(books([{"yuan": 5}]), (RULES["over-indicator"], RULES["slow-progress"]))
    assert [(of.rule, of.missing) for of in outcome.deferred] == [
        ("over-indicator", ("indicator", "indicators")),
        ("slow-progress", ("indicators", "lines")),
    ]
