"""`qingyuan budget` on real and awkward tables: sums to the penny, refusals by row, breaks by cell."""

from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qingyuan.__main__ import main
from tests.budget.shared_data import OXFORD, known, table, without_oxford, without_tables

OF_OXFORD = (
    "unit=Organisational Unit", "unit=Service Area", "payee=Supplier Name", "amount=Amount",
    "date=Paid Date", "id=Trans No", "code=Expenditure Code",
)  # fmt: skip
MAPS = {
    "02_dates_and_brackets_gb18030":
        ("unit=预算单位", "payee=收款人", "amount=金额（元）", "date=支付日期", "use=用途"),
    "03_tab_gb18030":
        ("unit=预算单位", "payee=收款人账号", "amount=支付金额", "date=实际支付日期"),
    "04_second_sheet_serials":
        ("unit=预算单位", "payee=收款人全称", "amount=金额", "date=日期", "project=项目名称"),
}  # fmt: skip


def answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *argv: str
) -> dict[str, Any]:
    """The JSON of a verb."""
    monkeypatch.setattr(sys, "argv", ["qingyuan", "budget", *argv, "--json"])
    assert main() == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def pounds(path: Path) -> list[Decimal]:
    """The amount of each row, read without any code of ours."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    head, *rows = csv.reader(io.StringIO(text))
    amount = [name.casefold() for name in head].index("amount")
    return [Decimal(row[amount].replace(",", "")) for row in rows if any(row)]


@without_oxford
def test_all_quarters_of_oxford_are_read_at_once_and_rows_without_a_day_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In any order of files the sums and the questions are the same."""
    paths = sorted(OXFORD.glob("*.csv"))
    undated = next(path for path in paths if path.stem.endswith("apr-jun-2014"))
    files = [str(path) for path in paths]
    said = answered(monkeypatch, capsys, "findings", *files, "--map", *OF_OXFORD)
    true = {path: pounds(path) for path in paths}
    assert said["rows"] == sum(map(len, true.values()))
    assert Decimal(said["total"]) == sum(
        sum(amounts) for path, amounts in true.items() if path != undated
    )
    assert [(one["file"], one["row"]) for one in said["refused"]] == [
        (str(undated), row) for row in range(2, len(true[undated]) + 2)
    ]
    assert {one["rule"] for one in said["deferred"]} >= {
        "published-against-payments", "published-does-not-add-up",
    }  # fmt: skip


@without_tables
@pytest.mark.parametrize("name", MAPS)
def test_payments_of_an_awkward_table_are_read_to_the_fen(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = known(name)
    said = answered(monkeypatch, capsys, "findings", str(table(name)), "--map", *MAPS[name])
    undated = {*case.get("date_refused_rows", ()), *case.get("date_only_to_month_rows", ())}
    first = case["data"]["first"]
    amounts = dict(enumerate(map(Decimal, case.get("amounts_yuan", ())), start=first))
    assert said["rows"] == case["data"]["rows"]
    assert {one["row"] for one in said["refused"]} == undated
    refused = sum(amounts[row] for row in undated)
    assert Decimal(said["total"]) == Decimal(case["total_yuan"]) - refused


@without_tables
@pytest.mark.parametrize("name", ["07_public_tables_add_up", "08_public_tables_do_not"])
def test_published_tables_are_recognised_and_each_break_is_named_by_its_cell(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hundredth of rounding is none."""
    case = known(name)
    said = answered(monkeypatch, capsys, "published", str(table(name)))
    assert said["adds_up"] is case["adds_up"]
    assert [(of["sheet"], of["unit"], of["header_rows"]) for of in said["tables"]] == [
        (of["sheet"], of["unit"], of["header_rows"]) for of in case["tables"]
    ]
    found = [(of["sheet"], of["cell"], of["says"], of["should"]) for of in said["breaks"]]
    assert found == [(of["sheet"], of["cell"], of["says"], of["should"]) for of in case["breaks"]]
