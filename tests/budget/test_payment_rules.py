"""Rules that payments alone answer: what is asked, and what only seems a fault."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.detection import documents, engine
from budget.detection.books import Contract
from budget.detection.payments.identities import identity
from config import working_days
from tests.budget.payments_of import Row, books_of, row
from tests.conftest import examples

RULES = {rule.kind: rule for rule in documents.load()}
USE = "审计服务费"


def months(yuan: float, first: str = "2025-01-10", count: int = 8, **texts: str) -> list[Row]:
    """One payment a month."""
    begin = date.fromisoformat(first)
    return [row(str(begin + timedelta(30 * n)), yuan, **texts) for n in range(count)]


def background() -> list[Row]:
    """Two years of payments of which nothing need be asked."""
    return [
        row(
            str(date(2024, 1, 2) + timedelta(5 * n)),
            3000.17 + 7 * n,
            unit="交通局",
            payee=f"供应商{n}公司",
            economic="30201",
            voucher=f"B{n}",
        )
        for n in range(140)
    ]


def asked_of(kind: str, rows: Sequence[Row], **others: Any) -> list[tuple[int, tuple[int, ...]]]:
    """Grade and rows of each question, the rows by their places among those given."""
    before = background()
    books = books_of([*before, *rows], **others)
    found = engine.run(books, [RULES[kind]]).findings
    return [(one.grade, tuple(of - len(before) for of in one.payments)) for one in found]


TWICE = {
    "the same voucher": (
        1,
        [row("2025-03-03", 8123.45, voucher="P1"), row("2025-03-03", 8123.45, voucher="P1")],
    ),
    "the same invoice, months apart": (
        1,
        [
            row("2025-03-03", 8123.45, invoice="31245", use=USE),
            row("2025-08-09", 8123.45, invoice="31245", use="付审计服务费"),
        ],
    ),
    "the same instalment of a contract": (
        2,
        [
            row("2025-03-03", 90000, contract="HT1", use="监理费第2期款", invoice="1"),
            row("2025-05-12", 90000, contract="HT1", use="监理费第2期款", invoice="7"),
        ],
    ),
    "the same purpose within weeks": (
        3,
        [row("2025-03-03", 8123.45, use=USE), row("2025-03-20", 8123.45, use=USE)],
    ),
    "the same amount within weeks, nothing else known": (
        3,
        [row("2025-03-03", 8123.45), row("2025-03-20", 8123.45)],
    ),
    "a payee written otherwise": (
        3,
        [
            row("2025-03-03", 8123.45, payee="通达（南通）建设有限公司"),
            row("2025-03-09", 8123.45, payee="通达(南通)建设有限责任公司 "),
        ],
    ),
    "an instalment, and again in days": (
        3,
        [row(day, 81_234.5) for day in ("2025-03-23", "2025-05-08", "2025-06-19", "2025-06-23")],
    ),
    "once more in a month of a series": (
        3,
        [*months(8123.45, use="物业费"), row("2025-03-14", 8123.45, use="物业费")],
    ),
}
ONCE = {
    "a rent each month": months(8123.45),
    "two months, each named": [
        row("2025-03-03", 8123.45, use="2月租金"),
        row("2025-03-20", 8123.45, use="3月租金"),
    ],
    "a batch of one day": [row("2025-03-03", 612.5, voucher=f"P{n}") for n in (11, 12, 13)],
    "two lines of one day, an invoice each": [
        row("2025-03-03", 612.5, invoice="1", use=USE),
        row("2025-03-03", 612.5, invoice="2", use=USE),
    ],
    "sent back and paid again": [
        row("2025-03-03", 8123.45),
        row("2025-03-07", -8123.45),
        row("2025-03-12", 8123.45),
    ],
    "two halves of an invoice": [
        row("2025-03-03", 8123.45, invoice="9", use="大修首付50%"),
        row("2025-04-03", 8123.45, invoice="9", use="大修余款50%"),
    ],
    "prices of the payee": [
        row(str(date(2025, 3, 3) + timedelta(11 * n * n)), price)
        for n, price in enumerate([612.5, 612.5, 733.25, 733.25, 541.1, 541.1])
    ],
    "two units": [row("2025-03-03", 8123.45), row("2025-03-09", 8123.45, unit="教育局")],
    "instalments at an uneven pace": [
        row(day, 81_234.5) for day in ("2025-03-23", "2025-04-28", "2025-05-08", "2025-06-19")
    ],
    "an amount that anybody is paid": [
        row("2025-03-03", 2200),
        row("2025-03-20", 2200),
        *(row("2025-03-05", 2200, unit="教育局", payee=f"丙{n}公司") for n in range(9)),
    ],
}


@pytest.mark.parametrize(("grade", "rows"), TWICE.values(), ids=TWICE)
def test_given_something_paid_twice_when_asked_then_both_rows_are_named(
    grade: int, rows: list[Row]
) -> None:
    found = asked_of("duplicate-payment", rows)
    assert [of for of, _ in found] == [grade]
    assert found[0][1][-1] == len(rows) - 1
    assert len(found[0][1]) == 2


@pytest.mark.parametrize("rows", ONCE.values(), ids=ONCE)
def test_given_equal_payments_with_a_reason_when_asked_then_nothing_is_found(
    rows: list[Row],
) -> None:
    assert asked_of("duplicate-payment", rows) == []


PARTS = [
    row("2025-03-03", 152_310.5, use="围墙修缮第1批", economic="30213", contract="HT1"),
    row("2025-03-06", 98_020, use="围墙修缮第2批", economic="30213", contract="HT2"),
]
WHOLE = {
    "one contract": [{**one, "contract": "HT1"} for one in PARTS],
    "instalments": [{**one, "use": "围墙修缮进度款"} for one in PARTS],
    "months, each named": [
        {**one, "use": f"{n}月保洁服务", "contract": ""} for n, one in enumerate(PARTS, start=1)
    ],
    "an emergency": [{**one, "use": "围墙抢险加固", "contract": ""} for one in PARTS],
    "two things": [PARTS[0], {**PARTS[1], "use": "法律顾问服务"}],
    "below the limit together": [PARTS[0], {**PARTS[1], "cents": 4_000_000}],
    "half a year apart": [PARTS[0], {**PARTS[1], "days": PARTS[1]["days"] + 180}],
    "the power company": [{**one, "payee": "国网江苏省电力有限公司"} for one in PARTS],
    "wages": [{**one, "economic": "30101"} for one in PARTS],
    "a service each month": months(130_000, count=12),
    "lines of one voucher": [
        {**one, "voucher": f"77_{n}", "days": PARTS[0]["days"]} for n, one in enumerate(PARTS)
    ],
}


def test_given_a_purchase_in_parts_below_a_limit_when_asked_then_it_is_one_question() -> None:
    assert asked_of("split-payment", PARTS) == [(2, (0, 1))]
    bare = [{key: one[key] for key in ("unit", "payee", "days", "cents")} for one in PARTS]
    assert asked_of("split-payment", bare) == [(2, (0, 1))]


@pytest.mark.parametrize("rows", WHOLE.values(), ids=WHOLE)
def test_given_payments_below_a_limit_with_a_reason_when_asked_then_nothing_is_found(
    rows: list[Row],
) -> None:
    assert asked_of("split-payment", rows) == []


def few(*of: tuple[str, float], **texts: str) -> list[Row]:
    """Payments of which an export tells no more than day, amount and code."""
    return [row(day, yuan, **{"economic": "30227", **texts}) for day, yuan in of]


PAIR = (("2025-05-03", 8123.45), ("2025-06-03", 8123.45))
SERIES = [
    row(f"{2023 + n // 12}-{n % 12 + 1:02}-10", 8123.45, economic="30239") for n in range(25)
]
FEW = {
    "services twice": ("duplicate-payment", few(*PAIR), 1),
    "halves of a repair": ("duplicate-payment", few(*PAIR, economic="30213"), 0),
    "wages of a list": ("duplicate-payment", few(*PAIR, economic="30108"), 0),
    "a series once more in May": (
        "duplicate-payment",
        [*SERIES, row("2024-05-14", 8123.45, economic="30239")],
        1,
    ),
    "last year's rest in January": (
        "duplicate-payment",
        [*SERIES, row("2024-01-14", 8123.45, economic="30239")],
        0,
    ),
    "two parts within days": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-06", 98_020)),
        1,
    ),
    "two parts a week apart": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-10", 98_020)),
        0,
    ),
    "two parts a week apart, both near the limit": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-10", 168_020)),
        1,
    ),
    "three parts a week apart": (
        "split-payment",
        few(("2025-03-03", 72_310), ("2025-03-10", 98_020), ("2025-03-17", 61_500)),
        1,
    ),
    "parts a fortnight apart": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-17", 98_020)),
        0,
    ),
    "equal months": ("split-payment", few(("2025-03-03", 120_000), ("2025-03-04", 120_000)), 0),
    "equal parts just below": (
        "split-payment",
        few(("2025-03-03", 195_000), ("2025-03-04", 195_000)),
        1,
    ),
    "repairs in parts": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-04", 98_020), economic="30213"),
        0,
    ),
    "repairs just below": (
        "split-payment",
        few(("2025-03-03", 152_310), ("2025-03-04", 168_020), economic="30213"),
        1,
    ),
    "repairs in many parts": (
        "split-payment",
        few(*((f"2025-03-0{n}", 52_310 + n) for n in range(3, 7)), economic="30213"),
        1,
    ),
    "a building in parts near four millions": (
        "split-payment",
        few(("2025-03-03", 3_852_310), ("2025-03-05", 3_398_020), economic="31001"),
        1,
    ),
    "a building in parts of two millions and less": (
        "split-payment",
        few(("2025-03-03", 2_852_310), ("2025-03-05", 2_398_020), economic="31001"),
        0,
    ),
    "new, just below": ("new-payee", few(("2025-03-03", 185_000)), 1),
    "new, in parts": ("new-payee", few(("2025-03-03", 60_000), ("2025-03-24", 25_000)), 1),
    "new, one payment": ("new-payee", few(("2025-03-03", 85_000)), 1),
    "new, above the limit": ("new-payee", few(("2025-03-03", 285_000)), 1),
    "new, above the limit again and again": (
        "new-payee",
        [row(f"2025-03-{n}", 285_000, payee=f"丁{n}公司") for n in range(10, 30)],
        0,
    ),
    "new, equal months": ("new-payee", few(("2025-03-03", 60_000), ("2025-04-03", 60_000)), 0),
    "new, the unit's canteen": (
        "new-payee",
        few(("2025-03-03", 185_000), unit="通州区水利局", payee="通州区水利局机关食堂"),
        0,
    ),
}


@pytest.mark.parametrize(("kind", "rows", "count"), FEW.values(), ids=FEW)
def test_given_days_amounts_and_codes_alone_when_asked_then_what_they_still_tell(
    kind: str, rows: list[Row], count: int
) -> None:
    assert len(asked_of(kind, rows)) == count


def test_given_no_known_limit_when_groups_gather_just_below_a_round_sum_then_it_is_one() -> None:
    def groups(count: int, yuan: float) -> list[Row]:
        return [
            row(f"2025-0{n % 9 + 1}-1{day}", yuan + 137 * n + day, payee=f"戊{yuan}{n}公司")
            for n in range(count)
            for day in (0, 1)
        ]

    below = groups(16, 45_000)
    assert len(asked_of("split-payment", below)) == 16
    assert asked_of("split-payment", below[:18]) == []
    assert asked_of("split-payment", [*below, *groups(5, 52_000)]) == []
    assert (
        asked_of("split-payment", [{**one, "use": f"事项{n}"} for n, one in enumerate(below)])
        == []
    )


def test_given_codes_alone_when_one_payee_gets_most_of_one_then_it_is_asked() -> None:
    usual = [
        row(f"{year}-{month:02}-05", 40_000 + month, payee=f"{month}号公司", economic="30227")
        for year in (2023, 2024, 2025)
        for month in range(1, 11)
    ]
    sudden = few(*((f"2025-0{n}-1{n}", 150_000 + n) for n in range(1, 9)))
    rows = [*usual, *sudden]
    assert asked_of("payee-concentration", rows) == [(3, tuple(range(30, 38)))]
    assert asked_of("payee-concentration", rows[:35]) == []


def test_given_no_projects_when_one_payee_gets_most_of_a_unit_then_others_tell_if_it_is_usual() -> (
    None
):
    def paid(unit: str, most: int) -> list[Row]:
        many: list[Row] = [row(f"2025-0{n}-12", most, unit=unit) for n in range(1, 8)]
        rest: list[Row] = [
            row(f"2025-0{n}-13", 20_000, unit=unit, payee=f"{unit}{n}") for n in range(1, 8)
        ]
        return many + rest

    blatant = paid("水利局", 60_000)
    others = [one for n in range(3) for one in paid(f"{n}局", 5_000)]
    assert asked_of("payee-concentration", [*blatant, *others]) == [(3, tuple(range(7)))]
    usual = [one for n in range(3) for one in paid(f"{n}局", 50_000)]
    assert asked_of("payee-concentration", [*blatant, *usual]) == []


def test_given_a_tendered_contract_when_asked_then_its_parts_are_no_split() -> None:
    contract = Contract(
        id="HT2", unit="水利局", supplier="", name="", cents=1, day=1, way="公开招标"
    )
    assert asked_of("split-payment", PARTS, contracts=(contract,)) == []


OWN = row("2025-03-03", 50_000, payee="水利局（基本户）", economic="30299", use="工作经费")


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"unit": "南通市水利局", "payee": "水利局"}, 0),  # three signs may be anybody's
        ({"unit": "南通市通州区水利局", "payee": "通州区水利局"}, 1),
        ({"payee": "别人", "payee_account": "62 001", "payer_account": "62001"}, 1),
        ({"payee": "水利局工会委员会"}, 0),
        ({"use": "3月职工食堂伙食费"}, 0),
        ({"economic": "30101"}, 0),
        ({"payee": "教育局"}, 0),
    ],
)
def test_given_a_payee_when_it_is_the_unit_itself_then_it_is_asked_what_for(
    changes: Mapping[str, str], count: int
) -> None:
    assert len(asked_of("own-account", [{**OWN, **changes}])) == count


def test_given_the_same_each_month_when_paid_to_oneself_then_it_is_like_wages() -> None:
    rows = months(50_000, payee="水利局", economic="30299")
    assert asked_of("own-account", [*rows, {**OWN, "cents": 77_000_00}]) == [(2, (8,))]


def test_given_a_project_when_one_payee_has_most_of_it_in_one_year_then_it_is_asked() -> None:
    def year(number: int, share: int) -> list[Row]:
        texts = {"project": "P1", "economic": "30227"}
        many: list[Row] = [
            row(f"{number}-0{n}-10", share / 4, contract=f"{number}-{n}", **texts)
            for n in (2, 3, 4, 5)
        ]
        others: list[Row] = [
            row(f"{number}-06-10", (1_000_000 - share) / 3, payee=payee, **texts)
            for payee in ("甲公司", "乙公司", "丙公司")
        ]
        return many + others

    usual = year(2023, 400_000) + year(2024, 350_000)
    assert asked_of("payee-concentration", usual + year(2025, 900_000)) == [(3, (14, 15, 16, 17))]
    assert asked_of("payee-concentration", usual + year(2025, 500_000)) == []
    one: list[Row] = [{**of, "contract": "HT"} for of in year(2025, 900_000)]
    one[0] = {**one[0], "contract": "HT2"}
    assert asked_of("payee-concentration", usual + one) == []


def test_given_a_new_payee_when_it_gets_much_once_then_it_is_asked() -> None:
    new = row("2025-03-03", 80_000, payee="新奇文化有限公司", economic="30227", use="宣传片")
    assert asked_of("new-payee", [new]) == [(3, (0,))]
    assert asked_of("new-payee", [{**new, "cents": 500_000}]) == []
    assert asked_of("new-payee", [new, {**new, "days": new["days"] + 200}]) == []
    assert asked_of("new-payee", [{**new, "use": "法院判决赔偿"}]) == []
    assert asked_of("new-payee", [{**new, "days": new["days"] - 400}]) == []


def hinted(kind: str, rows: list[Row]) -> set[int]:
    """Which of some rows a hint is given of, beside usual payments of working days."""
    calendar, begin = working_days.load(), date(1970, 1, 1)
    working = 3 * [
        of for of in background() if calendar.day(begin + timedelta(of["days"])).working
    ]
    found = engine.run(books_of([*working, *rows]), [RULES[kind]]).findings
    return {row - len(working) for one in found for row in one.payments if row >= len(working)}


def test_given_days_off_when_something_is_bought_then_a_hint_unless_people_worked() -> None:
    """A day that makes up for one is none; standing orders and the year's end tell nothing."""
    bought = {"economic": "30201", "use": "办公用品"}
    days = ("2025-03-08", "2025-10-03", "2025-01-26", "2025-03-01", "2025-12-28")
    rows = [row(day, 20_000, **bought) for day in days]
    duty = row("2025-03-09", 20_000, economic="30201", use="防汛值守人员盒饭")
    wages = row("2025-03-09", 20_000, economic="30101", use="工资")
    assert hinted("weekend-payment", [*rows, duty, wages]) == {0, 1}


def test_given_a_round_sum_when_something_is_bought_without_a_contract_then_a_hint() -> None:
    """Rates by head, contracts and other items are usual in round sums."""
    one = row("2025-02-11", 18_000, economic="30215", use="会议服务费")
    by_head = {**one, "use": "委托培养费（按人定额）"}
    agreed = {**one, "contract": "HT-9"}
    other = {**one, "economic": "30214", "use": "房租"}
    odd = row("2025-02-12", 18_123.5, economic="30215", use="会议服务费")
    to_a_person = {**one, "economic": "30211", "payee": "单德明", "use": "下乡差旅费"}
    given_ = [one, by_head, agreed, other, to_a_person, *[odd] * 20]
    assert hinted("round-sum", given_) == {0}


def test_given_ways_of_writing_when_names_are_compared_then_one_payee() -> None:
    assert identity("通达（南通）建设有限公司") == identity(" 通达(南通)建设有限责任公司")
    assert identity("EVERSHEDS LLP") == identity("Eversheds")
    assert identity("通达建设有限公司北京分公司") != identity("通达建设有限公司")


AMOUNTS = st.sampled_from([612.5, 8123.45, 90_000, 130_000, 152_310.5, 480_000, -8123.45])


@st.composite
def loads(draw: st.DrawFn) -> list[Row]:
    """Payments with much in common."""
    texts = {
        "payee": st.sampled_from(["通达有限公司", "通达有限责任公司", "水利局", "正大公司"]),
        "use": st.sampled_from(["", "1月租金", "2月租金", USE, "费用报销"]),
        "invoice": st.sampled_from(["", "", "31245", "31254"]),
        "contract": st.sampled_from(["", "HT1", "HT2"]),
        "voucher": st.sampled_from(["", "P1", "P2", "P3"]),
        "payee_account": st.sampled_from(["", "621", "622"]),
    }
    return draw(
        st.lists(
            st.builds(
                lambda day, yuan, of: row(str(date(2025, 1, 1) + timedelta(day)), yuan, **of),
                st.integers(0, 500),
                AMOUNTS,
                st.fixed_dictionaries(texts),
            ),
            min_size=2,
            max_size=25,
        )
    )


def _said(rows: Sequence[Row], positions: Sequence[int]) -> list[str]:
    return sorted(str(sorted(rows[of].items())) for of in positions)


@given(loads(), st.randoms(use_true_random=False))
@settings(max_examples=examples(200))
def test_given_any_payments_when_in_another_order_then_the_same_questions(
    rows: list[Row], order: random.Random
) -> None:
    def questions(some: Sequence[Row]) -> Counter[Any]:
        found = engine.run(books_of(some), RULES.values()).findings
        return Counter(
            (one.kind, one.grade, one.cents, one.unit, one.subject, *_said(some, one.payments))
            for one in found
        )

    other = list(rows)
    order.shuffle(other)
    assert questions(rows) == questions(other)
