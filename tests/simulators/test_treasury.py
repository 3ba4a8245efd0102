"""A treasury that is not there: the same from the same seed, its tables agree, and a planted fault
is what its label says.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import simulators.treasury
from config import working_days
from simulators.treasury.books import LIMIT_OF_LAW, LIMIT_WITHIN
from simulators.treasury.limits import FROZEN, ITEMS
from simulators.treasury.plants.planting import KINDS, LATER_KINDS, LIMIT_KINDS
from simulators.treasury.records import Indicator, Label, Payment, Treasury
from simulators.treasury.simulation import treasury
from simulators.treasury.writing import write

PAYMENTS = 5_000
GREATER = 30_000
"""Enough for every kind of fault."""
SEEDS = (2, 3)
HEADERS = {
    "payments": "支付凭证号,支付申请编号,单位编码,预算单位,收款人全称,收款人账号,付款人全称,付款人账号,支付金额,"
    "支付日期,用途,支出功能分类,部门经济分类,项目编码,项目名称,资金性质,结算方式,指标编号,采购合同编号,发票号码",
    "indicators": "指标编号,单位编码,预算单位,项目编码,项目名称,支出功能分类,部门经济分类,资金性质,指标金额,下达日期,"
    "指标来源,本级文号,上级文号,年度",
    "plans": "计划编号,指标编号,单位编码,计划月份,计划金额",
    "applications": "支付申请编号,指标编号,单位编码,申请金额,申请日期,用途",
    "adjustments": "调整编号,年度,单位编码,项目编码,部门经济分类,调整日期,调整金额,调整种类,文号",
    "budget_lines": "年度,单位编码,项目编码,支出功能分类,部门经济分类,预算单位,项目名称,支出类别,年初批复数,"
    "变动后预算数,决算数",
    "projects": "项目编码,项目名称,单位编码,预算单位,开始年度,结束年度,是否生态环境项目,监测站点",
    "assets": "资产编号,单位编码,资产名称,资产分类,购置日期,价值,支付凭证号",
    "audit_problems": "问题编号,年度,单位编码,问题类型,问题描述,金额,整改期限,整改状态,整改日期",
    "contracts": "合同编号,单位编码,供应商,合同名称,合同金额,签订日期,采购方式",
    "controls": "年度,月份,单位编码,支付合计",
    "limits": "年度,单位编码,预算单位,年初批复数,变动后预算数,上年决算数,控制要求",
}


@cache
def made(seed: int, payments: int = PAYMENTS) -> Treasury:
    return treasury(seed, 5, payments)


def written(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def labelled(one: Treasury) -> set[str]:
    return {voucher for label in one.labels for voucher in label.vouchers}


def faults(one: Treasury, kind: str, *, innocent: bool = False) -> list[Label]:
    return [label for label in one.labels if label.kind == kind and label.innocent is innocent]


def paid(one: Treasury, label: Label) -> list[Payment]:
    return [payment for payment in one.payments if payment.voucher in label.vouchers]


def final_amounts(one: Treasury) -> dict[str, int]:
    """Of indicators, after adjustments: an adjustment is of the first one with its key."""
    amounts = {indicator.number: indicator.amount for indicator in one.indicators}
    first: dict[tuple[object, ...], list[Indicator]] = defaultdict(list)
    for one_of in one.indicators:
        first[one_of.year, one_of.unit, one_of.project, one_of.item].append(one_of)
    for change in one.adjustments:
        key = (change.year, change.unit, change.project, change.item)
        carried = [each for each in first[key] if each.source == "上年结转"]
        back = change.kind == "追减" and carried
        amounts[(carried if back else first[key])[0].number] += change.amount
    return amounts


def test_a_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Whatever the order of its sets is."""
    folders = [tmp_path / salt for salt in ("1", "2")]
    for folder in folders:
        command = [sys.executable, "-m", "simulators.treasury", str(folder), "--seed", "2"]
        environment = os.environ | {"PYTHONHASHSEED": folder.name}
        subprocess.run([*command, "--payments", str(PAYMENTS)], env=environment, check=True)
    names = sorted(path.name for path in folders[0].iterdir())
    tables = [f"{name}.csv" for name in (*HEADERS, "debts")]
    assert names == sorted([*tables, "labels.json", "published"])
    paths = [path.relative_to(folders[0]) for path in folders[0].rglob("*.*")]
    assert {path.suffix for path in paths} == {".csv", ".json", ".xlsx"}
    for path in paths:
        assert (folders[0] / path).read_bytes() == (folders[1] / path).read_bytes()
    assert {row["支付凭证号"] for row in written(folders[0], "payments")} == {
        payment.voucher for payment in made(2).payments
    }
    labels = json.loads((folders[0] / "labels.json").read_text(encoding="utf-8"))
    assert [one["kind"] for one in labels] == [one.kind for one in made(2).labels]
    for name, headers in HEADERS.items():
        rows = list(written(folders[0], name))
        assert ",".join(rows[0]) == headers
        money = [header for header in rows[0] if header.endswith(("金额", "数", "合计", "价值"))]
        days = [header for header in rows[0] if header.endswith(("日期", "期限"))]
        for row in rows:
            assert all(Decimal(row[at]).as_tuple().exponent == -2 for at in money if row[at])
            assert all(date.fromisoformat(row[at]) for at in days if row[at])


def test_another_seed_gives_other_payments() -> None:
    """Vouchers are counted alike; what they say differs."""
    first, second = ({(one.payee, one.amount) for one in made(seed).payments} for seed in SEEDS)
    assert len(first & second) < len(first) / 50


@pytest.mark.parametrize("seed", SEEDS)
def test_there_are_as_many_payments_as_asked_for_in_every_year(seed: int) -> None:
    """By all departments."""
    one = made(seed)
    assert len(one.payments) == pytest.approx(PAYMENTS, rel=0.02)
    years = Counter(payment.paid_on.year for payment in one.payments)
    assert sorted(years) == [2021, 2022, 2023, 2024, 2025]
    assert len({payment.unit[:3] for payment in one.payments}) == 16
    assert [payment.voucher for payment in one.payments] == sorted(
        payment.voucher for payment in one.payments
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_key_is_unique_and_every_reference_leads_to_a_row(seed: int) -> None:
    """But for the indicators of labelled payments."""
    one = made(seed)
    keys: list[set[object]] = []
    for rows, key in (
        (one.payments, "voucher"),
        (one.applications, "number"),
        (one.indicators, "number"),
        (one.plans, "number"),
        (one.adjustments, "number"),
        (one.projects, "code"),
        (one.assets, "number"),
        (one.audit_problems, "number"),
        (one.contracts, "number"),
        (one.debts, "number"),
    ):
        found = {getattr(row, key) for row in rows}
        assert len(found) == len(rows)
        keys.append(found)
    vouchers, applications, indicators, _, adjustments, projects, assets, problems = keys[:8]
    contracts, debts = keys[8:]
    known = labelled(one)
    for payment in one.payments:
        assert payment.application in applications
        assert payment.indicator in indicators or payment.voucher in known
        assert payment.contract in contracts | {""}
        assert payment.project in projects | {""}
    cells = {key for label in one.labels for key in label.keys if "!" in key}
    assert {key.split("!")[0] for key in cells} <= {each.number for each in one.published}
    for label in one.labels:
        assert set(label.vouchers) <= vouchers
        assert set(label.keys) <= indicators | adjustments | assets | problems | debts | cells
        assert label.project in projects | {""}
        assert label.vouchers or label.keys
    assert all(asset.voucher in vouchers | {""} for asset in one.assets)
    lines = [(row.year, row.unit, row.project, row.function, row.item) for row in one.budget_lines]
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chain_reconciles_at_every_hop_where_nobody_broke_it(seed: int) -> None:
    """Payments and applications, plans and indicators, payments and indicators, control sums."""
    one = made(seed, GREATER)
    final, known = final_amounts(one), labelled(one)
    planned: Counter[str] = Counter()
    for plan in one.plans:
        planned[plan.indicator] += plan.amount
    by_key: Counter[tuple[object, ...]] = Counter()
    plans_by_key: Counter[tuple[object, ...]] = Counter()
    of: dict[str, tuple[object, ...]] = {}
    for row in one.indicators:
        of[row.number] = (row.year, row.unit, row.project, row.item)
        by_key[of[row.number]] += final[row.number]
        plans_by_key[of[row.number]] += planned[row.number]
    assert by_key == plans_by_key
    applied: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    months: Counter[tuple[int, int, str]] = Counter()
    for payment in one.payments:
        applied[payment.application] += payment.amount
        months[payment.paid_on.year, payment.paid_on.month, payment.unit] += payment.amount
        spent[payment.indicator] += payment.amount
        if payment.voucher not in known:
            key = (payment.paid_on.year, payment.unit, payment.project, payment.item)
            assert of[payment.indicator] == key
    assert applied == Counter({row.number: row.amount for row in one.applications})
    assert months == Counter({(c.year, c.month, c.unit): c.amount for c in one.controls})
    over = {number for number, amount in final.items() if spent[number] > amount}
    vouchers = {v for label in faults(one, "over-indicator") for v in label.vouchers}
    assert over == {row.indicator for row in one.payments if row.voucher in vouchers}
    changed = {(r.year, r.unit, r.project, r.item): r.changed for r in one.budget_lines}
    assert changed == by_key


@pytest.mark.parametrize("payments", [PAYMENTS, GREATER])
@pytest.mark.parametrize("seed", SEEDS)
def test_faults_are_rare_and_each_has_five_innocents(seed: int, payments: int) -> None:
    """At most one row in two hundred, and no row is in two of them."""
    one = made(seed, payments)
    rows = [v for label in one.labels if not label.innocent for v in label.vouchers]
    assert len(rows) <= len(one.payments) / 200
    assert len(rows) == len(set(rows))
    assert not set(rows) & {v for label in one.labels if label.innocent for v in label.vouchers}
    known = (*KINDS, *LATER_KINDS, *LIMIT_KINDS)
    kinds = {kind.name for kind in known if faults(one, kind.name)}
    assert payments < GREATER or len(kinds) == len(known) == 20
    for kind in kinds:
        alike = faults(one, kind, innocent=True)
        assert len(alike) >= 5 * len(faults(one, kind))
        assert all(label.note for label in alike)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_of_purchases_is_what_its_kind_says(seed: int) -> None:
    """Parts below a limit that is passed together; the same payee twice; no card of an asset."""
    one = made(seed, GREATER)
    for label in faults(one, "split-payment"):
        parts = [payment.amount for payment in paid(one, label)]
        limit = LIMIT_WITHIN if max(parts) < LIMIT_WITHIN < sum(parts) else LIMIT_OF_LAW
        assert len(parts) >= 2
        assert max(parts) < limit < sum(parts)
        assert len({payment.payee_account for payment in paid(one, label)}) == 1
    for label in faults(one, "duplicate-payment"):
        first, second = paid(one, label)
        assert first.payee_account == second.payee_account
        assert 0.9 <= second.amount / first.amount <= 1
        assert (second.paid_on - first.paid_on).days <= 80
    recorded = {asset.voucher for asset in one.assets}
    for label in faults(one, "asset-not-recorded"):
        (payment,) = paid(one, label)
        assert payment.item.startswith("310")
        assert payment.voucher not in recorded


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_of_budgets_is_what_its_kind_says(seed: int) -> None:
    """Late, concentrated, other, shifted, carried on."""
    one = made(seed, GREATER)
    shifts = {row.number: row for row in one.adjustments}
    sources = {row.number: row.source for row in one.indicators}
    of_year: dict[tuple[str, int], list[Payment]] = defaultdict(list)
    for payment in one.payments:
        of_year[payment.project, payment.paid_on.year].append(payment)

    def share(label: Label, rows: list[Payment]) -> float:
        return sum(row.amount for row in rows) / sum(
            row.amount for row in of_year[label.project, label.year]
        )

    for label in faults(one, "year-end-rush"):
        rows = of_year[label.project, label.year]
        assert share(label, [row for row in rows if row.paid_on.month >= 11]) > 0.4
        assert all(sources[row.indicator] == "年初预算" for row in paid(one, label))
    for label in faults(one, "payee-concentration"):
        assert share(label, paid(one, label)) > 0.4
        assert len({row.payee_account for row in paid(one, label)}) == 1
    for label in faults(one, "other-share"):
        assert share(label, paid(one, label)) > 0.2
    for label in faults(one, "item-shift"):
        assert len(label.keys) >= 8
        assert sum(shifts[key].amount for key in label.keys) == 0
    for label in faults(one, "carry-over-two-years"):
        assert [sources[key] for key in label.keys] == ["年初预算", "上年结转", "上年结转"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fault_of_accounts_is_what_its_kind_says(seed: int) -> None:
    """No indicator or another unit's; a payee of one time; the unit's own account; a unit below."""
    one = made(seed, GREATER)
    units = {row.number: row.unit for row in one.indicators}
    by_account: dict[str, list[Payment]] = defaultdict(list)
    names: dict[str, str] = {}
    for payment in one.payments:
        by_account[payment.payee_account].append(payment)
        names[payment.unit] = payment.unit_name
    for label in faults(one, "no-indicator"):
        assert all(units.get(row.indicator) != row.unit for row in paid(one, label))
    for label in faults(one, "new-payee"):
        (account,) = {row.payee_account for row in paid(one, label)}
        assert len(by_account[account]) == len(label.vouchers)
        assert label.year > 2021
    for label in faults(one, "own-account"):
        for row in paid(one, label):
            assert names[row.unit].removeprefix("南通市").removeprefix("南通") in row.payee
    for label in faults(one, "paying-down"):
        for row in paid(one, label):
            payee = row.payee.strip().removeprefix("南通市").removeprefix("南通")
            below = [code for code, name in names.items() if name.endswith(payee)]
            assert any(code[:3] == row.unit[:3] and code != row.unit for code in below)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payment_on_a_day_off_is_labelled_and_a_fault_only_where_nobody_had_to_work(
    seed: int,
) -> None:
    """Nor is it a standing order's, nor the closing's of a year; make-up days are none off."""
    one, calendar = made(seed, GREATER), working_days.load()
    off = {p.voucher for p in one.payments if not calendar.day(p.paid_on).working}
    alike = faults(one, "weekend-payment", innocent=True)
    planted = {v for label in faults(one, "weekend-payment") for v in label.vouchers}
    innocent = {v for label in alike for v in label.vouchers}
    assert planted < off <= planted | innocent
    worked = [
        payment.paid_on
        for label in alike
        if label.note.endswith("is a working day")
        for payment in paid(one, label)
    ]
    assert worked
    assert all(day.isoweekday() > 5 and calendar.day(day).working for day in worked)
    for payment in (payment for payment in one.payments if payment.voucher in planted):
        assert payment.paid_on.day > 1
        assert (payment.paid_on.month, payment.paid_on.day) < (12, 25)
        assert payment.settlement in ("转账", "公务卡")
        assert not any(word in payment.unit_name for word in ("医院", "执法", "应急", "防汛"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_sum_is_whole_thousands_without_a_contract(seed: int) -> None:
    """So are rents, subsidies, loans; a bill close by is none."""
    one = made(seed, GREATER)
    for label in faults(one, "round-sum"):
        for payment in paid(one, label):
            assert payment.amount % 100_000 == 0
            assert 100_000 <= payment.amount <= 10_000_000
            assert not payment.contract
    alike = [(x, row) for x in faults(one, "round-sum", innocent=True) for row in paid(one, x)]
    assert all(
        (row.amount % 100_000 == 0) is ("not a round one" not in label.note)
        for label, row in alike
    )
    assert all(bool(row.contract) is ("contract" in label.note) for label, row in alike)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_three_expenses_are_over_their_limit_only_where_a_label_says_so(seed: int) -> None:
    """By item against the budget after changes, and by year where they must not grow."""
    one = made(seed, 60_000)
    spent: Counter[tuple[str, int, str]] = Counter()
    years: Counter[tuple[str, int]] = Counter()
    for payment in one.payments:
        if payment.item in ITEMS:
            spent[payment.unit, payment.paid_on.year, payment.item] += payment.amount
            years[payment.unit, payment.paid_on.year] += payment.amount
    approved: Counter[tuple[str, int, str]] = Counter()
    for line in one.budget_lines:
        approved[line.unit, line.year, line.item] += line.changed
    over = {key[:2] for key, amount in spent.items() if amount > approved[key]}
    grown = {
        (row.unit, row.year)
        for row in one.limits
        if row.rule == FROZEN and row.last is not None and years[row.unit, row.year] > row.last
    }
    kind = "three-expenses-over"
    lent = {
        (label.unit, label.year)
        for label in faults(one, kind, innocent=True)
        if label.note.endswith("the department's money")
    }
    planted = {(label.unit, label.year) for label in faults(one, kind)}
    assert planted
    assert (over | grown) - lent == planted
    exact = [x for x in faults(one, kind, innocent=True) if x.note.startswith("exactly")]
    assert exact
    for label in exact:
        (item,) = {payment.item for payment in paid(one, label)}
        key = (label.unit, label.year, item)
        assert spent[key] == approved[key]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_debt_is_over_its_limit_or_does_not_add_up_only_where_a_label_says_so(seed: int) -> None:
    """In hundredths of 亿元, as the table has them; what is off by rounding is labelled too."""
    one = made(seed)
    over, wrong = "debt-over-limit", "debt-does-not-add-up"
    off = {
        row.number: abs(row.begin + row.new + row.refinanced - row.repaid - row.end) // 10**8
        for row in one.debts
    }

    def keys(kind: str, *, innocent: bool = False) -> set[str]:
        return {key for label in faults(one, kind, innocent=innocent) for key in label.keys}

    assert {row.number for row in one.debts if row.end > row.limit} == keys(over)
    assert {key for key, by in off.items() if by > 3} == keys(wrong)
    assert {key for key, by in off.items() if 0 < by <= 3} <= keys(wrong, innocent=True)
    for kind in (over, wrong):
        assert len(faults(one, kind)) == 10
        assert len(faults(one, kind, innocent=True)) >= 50
    raised = [row for row in one.debts if row.first_limit < row.end <= row.limit]
    assert raised
    assert {row.number for row in raised} <= keys(over, innocent=True)


def test_the_table_of_debts_is_written_as_the_finance_bureau_does(tmp_path: Path) -> None:
    """A title, a unit, a header, rows in 亿元 with two decimals, a note."""
    one = made(2)
    write(one, tmp_path)
    with (tmp_path / "debts.csv").open(encoding="utf-8", newline="") as file:
        title, unit, header, *rows, note = csv.reader(file)
    assert title[0].endswith("情况表")
    assert unit[-1] == "单位：亿元"
    assert note[0].startswith("注：")
    assert {len(row) for row in (title, unit, header, *rows, note)} == {14}
    assert [row[0] for row in rows] == [debt.number for debt in one.debts]
    for row, debt in zip(rows, one.debts, strict=True):
        assert Decimal(row[-1]) * 10**10 == debt.end
        assert all(Decimal(cell).as_tuple().exponent == -2 for cell in row[5:])


def test_it_knows_nothing_of_the_product_but_config() -> None:
    """Whoever plants a fault must not know who looks for it."""
    folder = Path(simulators.treasury.__file__).parent
    found = {
        (node.module or "").split(".")[0]
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert found - sys.stdlib_module_names == {"config", "simulators"}
