"""Every real table and every awkward one is taken in under its own header, to the penny; again it
changes nothing, and withdrawn it leaves every figure as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.audit import Actor
from api.imports import actions
from api.imports.contents import Contents
from api.imports.loading import checker, loader
from api.imports.loading.parts import Parts
from api.imports.reading.matching import Match, mapping_of
from api.imports.records import Fault, Load, Report
from api.imports.standing import standing
from api.kinds.tables import FieldKind, TableField, TableKind, loaded_table
from api.platforms.budget.kinds import KINDS
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import PAYMENT
from config.settings import Settings
from ingest.state.database import open_state
from tests.api.budget.test_published_sets import API, run
from tests.api.conftest import NOW_MS, Clock, RunningCentre
from tests.budget.shared_data import OXFORD, known, table, without_oxford, without_tables

CLERK = Actor("lianluo")
METADATA = sa.MetaData()


def kind_of(called: str, key: tuple[str, ...], **fields: FieldKind) -> TableKind:
    """A kind of table with the columns of a case; the headers are those of the case."""
    columns = tuple(
        TableField(field, f"case.{field}", kind, key=field in key)
        for field, kind in fields.items()
    )
    table_ = loaded_table(f"case_{called}", METADATA, columns)
    permission = BudgetPermission.LOAD
    return TableKind(
        name=f"case.{called}", words="case", permission=permission, table=table_, fields=columns
    )


EXECUTION = kind_of(
    "execution", ("code",), code="code", name="text", start="money", changed="money",
    month="money", total="money", percent="percent", before="money",
)  # fmt: skip
LEDGER = kind_of("ledger", ("code",), code="code", name="text", budget="money", paid="money")
SHARES = kind_of(
    "shares", ("department", "project", "budget", "paid"), department="text", project="text", budget="money",
    paid="money", share="percent", before="percent",
)  # fmt: skip
(PAYMENTS,) = [kind for kind in KINDS if kind.name == "budget.payments"]
CASES: tuple[tuple[str, TableKind, Mapping[str, str], Mapping[str, str]], ...] = (
    ("01_two_row_header_wan", EXECUTION,
     {"code": "科目编码", "name": "科目名称", "start": "年初预算数", "changed": "调整预算数",
      "month": "支出数/本月", "total": "支出数/累计", "percent": "累计为预算%",
      "before": "上年同期/累计"},
     {"start": "年初预算数", "changed": "调整预算数", "month": "支出数/本月",
      "total": "支出数/累计", "before": "上年同期/累计"}),
    ("03_tab_gb18030", PAYMENTS,
     {"number": "支付申请编号", "unit": "预算单位", "payee_account": "收款人账号",
      "amount": "支付金额", "paid": "实际支付日期", "use": "用途", "indicator": "指标编号"},
     {"amount": ""}),
    ("04_second_sheet_serials", PAYMENTS,
     {"number": "序号", "paid": "日期", "unit": "预算单位", "project": "项目名称",
      "payee": "收款人全称", "amount": "金额", "contract": "合同编号"},
     {"amount": ""}),
    ("05_hidden_sheet_same_names", LEDGER,
     {"code": "项目编码", "name": "项目名称", "budget": "金额 (预算)", "paid": "金额 (支付)"},
     {"budget": "金额 (预算)", "paid": "金额 (支付)"}),
    ("06_wan_and_yuan", SHARES,
     {"department": "部门", "project": "项目", "budget": "预算数（万元）",
      "paid": "累计支付（元）", "share": "执行率", "before": "上年执行率%"},
     {"budget": "预算数（万元）", "paid": "累计支付（元）"}),
)  # fmt: skip
"""Table, kind, the column of each field, and the total of each sum as the case names it."""


class Office:
    """Sends files, reads them by the columns that somebody chose, and loads what holds."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def loaded(
        self, kind: TableKind, path: Path, columns: Mapping[str, str]
    ) -> tuple[Load, Report, list[Fault]]:
        """A file of which the rows that hold stand."""
        with path.open("rb") as file:
            load = actions.send(self.parts, CLERK, kind, path.parent.name, path.name, file)
        opened, found = actions.proposal(self.parts, load, {})
        by_name = {column.name: column for column in opened.columns}
        assert set(columns.values()) <= by_name.keys(), by_name.keys()
        chosen = []
        for match in found:
            column = columns.get(match.field.name, "")
            unit = match.unit
            if match.field.kind == "money" and column != match.column:
                unit = by_name[column].unit if column else ""
            chosen.append(Match(match.field, column, unit if column else "", "", match.order))
        mapping = mapping_of(chosen, opened.sheet, opened.header, {})
        checker.check_rows(self.parts, checker.claim(self.parts, load, mapping, CLERK))
        claimed = loader.claim(self.parts, self._now(load), CLERK)
        loader.load_rows(self.parts, claimed, CLERK)
        report, faults = self.parts.loads.report(load.id)
        return self._now(load), report, faults

    def withdraw(self, load: Load) -> None:
        """Take a load out of force."""
        loader.withdraw(self.parts, load, "发错了", CLERK)

    def stands(self, kind: TableKind) -> Mapping[str, Any]:
        """The rows that stand by key, without where they came from."""
        names = [field.name for field in kind.fields]
        query = sa.select(kind.table).where(standing(kind.table))
        with self.parts.state.read() as connection:
            rows = connection.execute(query).mappings().all()
        return {row["key"]: tuple(row[name] for name in names) for row in rows}

    def _now(self, load: Load) -> Load:
        found = self.parts.loads.one(load.id)
        assert found is not None
        return found


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """An office, and the tables of the platform beside those of the cases."""
    state = open_state(settings)
    METADATA.create_all(state.engine)
    folder = Contents(settings.data_dir / "imports")
    kinds = {kind.name: kind for kind in (PAYMENTS, EXECUTION, LEDGER, SHARES)}
    yield Office(Parts(state, folder, Clock(NOW_MS), kinds))
    state.close()


def fen(text: str) -> int:
    """An amount in yuan, or pounds, in its hundredths."""
    return int(Decimal(text) * 100)


@without_tables
@pytest.mark.parametrize(
    ("name", "kind", "columns", "sums"), CASES, ids=[case[0] for case in CASES]
)
def test_an_awkward_table_is_loaded_under_its_header_and_withdrawn_whole(
    office: Office,
    name: str,
    kind: TableKind,
    columns: Mapping[str, str],
    sums: Mapping[str, str],
) -> None:
    """Totals, classes, notes and hidden sheets are no rows; units are those of each column."""
    case = known(name)
    load, _, faults = office.loaded(kind, table(name), columns)
    assert (load.state, faults) == ("in-force", [])
    totals = case.get("totals_yuan", {})
    true = {
        field: fen(totals[sum_] if sum_ else case["total_yuan"]) for field, sum_ in sums.items()
    }
    assert {field: load.totals[field] for field in sums} == true
    assert load.rows == case["data"].get("leaf_rows", case["data"].get("rows"))
    before = office.stands(kind)
    again, _, _ = office.loaded(kind, table(name), columns)
    assert (again.state, again.same) == ("unchanged", load.rows)
    assert office.stands(kind) == before
    office.withdraw(load)
    assert office.stands(kind) == {}


@without_tables
def test_days_of_six_ways_are_read_and_what_is_no_day_is_refused_by_its_row(
    office: Office,
) -> None:
    """A month without its day is no day of a payment."""
    case = known("02_dates_and_brackets_gb18030")
    columns = {"number": "序号", "paid": "支付日期", "unit": "预算单位", "payee": "收款人",
               "amount": "金额（元）", "use": "用途"}  # fmt: skip
    path = table("02_dates_and_brackets_gb18030")
    load, _, faults = office.loaded(PAYMENTS, path, columns)
    undated = {*case["date_refused_rows"], *case["date_only_to_month_rows"]}
    assert {fault.row for fault in faults} == undated
    rows = range(case["data"]["first"], case["data"]["last"] + 1)
    amounts = dict(zip(rows, map(fen, case["amounts_yuan"]), strict=True))
    assert sum(amounts.values()) == fen(case["total_yuan"])
    good = {row: cents for row, cents in amounts.items() if row not in undated}
    assert (load.good, load.totals["amount"]) == (len(good), sum(good.values()))
    days = [day for row, day in zip(rows, case["dates"], strict=True) if row in good]
    stand = sa.select(PAYMENT.c.paid, PAYMENT.c.amount).where(standing(PAYMENT))
    with office.parts.state.read() as connection:
        found = [tuple(row) for row in connection.execute(stand.order_by(PAYMENT.c.row))]
    assert found == list(zip(days, good.values(), strict=True))


@without_tables
@pytest.mark.parametrize("name", ["07_public_tables_add_up", "08_public_tables_do_not"])
def test_published_tables_that_do_not_add_up_are_found_until_they_are_withdrawn(
    centre: RunningCentre, clerk: httpx.Client, name: str
) -> None:
    """Each break by its cell; of tables that add up nothing is asked."""
    case, path = known(name), table(name)
    draft = clerk.post(API, files=[("file", (path.name, path.read_bytes()))]).json()
    assert (draft["department"], draft["tables"]) == ("区水利局", len(case["tables"]))
    assert [(of["sheet"], of["cell"], of["should"]) for of in draft["found"]] == [
        (of["sheet"], of["cell"], of["should"]) for of in case["breaks"]
    ]
    origin = {"department": draft["department"], "year": case["year"], "stage": "budget"}
    assert clerk.post(f"{API}/{draft['id']}/confirm", json=origin).is_success
    assert run(centre) == (int(not case["adds_up"]), 0)
    assert clerk.post(f"{API}/{draft['id']}/withdraw", json={"why": "试用"}).is_success
    assert run(centre) == (0, int(not case["adds_up"]))


def pounds(path: Path) -> dict[str, int]:
    """By its number the pence of each row, read without any code of ours."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    head, *rows = csv.reader(io.StringIO(text))
    number = next(n for n, name in enumerate(head) if "trans" in name.casefold())
    amount = next(n for n, name in enumerate(head) if name.casefold() == "amount")
    return {
        row[number].strip(): fen(row[amount].replace(",", "").replace("£", ""))
        for row in rows
        if any(row)
    }


def columns_of(path: Path) -> dict[str, str]:
    """The columns of a quarter as its own header calls them."""
    head = path.read_bytes().splitlines()[0].decode("utf-8-sig", "replace").split(",")
    plain = {name.replace("_", " ").casefold(): name for name in head}
    unit = plain.get("organisational unit") or plain["service area"]
    names = {"number": "trans no", "payee": "supplier name", "amount": "amount",
             "paid": "paid date", "economic": "expenditure code"}  # fmt: skip
    return {"unit": unit, **{field: plain[name] for field, name in names.items()}}


@without_oxford
def test_every_quarter_of_oxford_is_loaded_to_the_penny_and_the_one_without_days_refused(
    office: Office,
) -> None:
    """Six headers; each load and its withdrawal change its own rows alone."""
    true: dict[str, int] = {}
    loads = []
    for path in sorted(OXFORD.glob("*.csv")):
        own = pounds(path)
        load, report, faults = office.loaded(PAYMENTS, path, columns_of(path))
        if path.stem.endswith("apr-jun-2014"):
            assert (load.good, load.refused, report.faults) == (0, len(own), len(own))
            assert [of.row for of in faults] == [*range(2, len(faults) + 2)]
            assert {of.column for of in faults} == {"Paid Date"}
            continue
        assert (load.state, load.refused, load.faults) == ("in-force", 0, 0), path.name
        assert load.totals["amount"] == sum(own.values())
        loads.append((load, dict(true)))
        true |= own
        assert amounts(office) == true
    again, _, _ = office.loaded(PAYMENTS, path, columns_of(path))
    assert again.state == "unchanged"
    assert amounts(office) == true
    for load, before in reversed(loads):
        office.withdraw(load)
        assert amounts(office) == before


def amounts(office: Office) -> dict[str, int]:
    """The payments that stand, by number."""
    query = sa.select(PAYMENT.c.number, PAYMENT.c.amount).where(standing(PAYMENT))
    with office.parts.state.read() as connection:
        return {row.number: row.amount for row in connection.execute(query)}
