"""Writes the tables as treasury systems export them: CSV in UTF-8, money in yuan, dates by ISO."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from simulators.treasury.records import BudgetLine, Project, SpendingLimit, Treasury

_HEADERS = {
    "payments": (
        "支付凭证号 支付申请编号 单位编码 预算单位 收款人全称 收款人账号 "
        "付款人全称 付款人账号 支付金额 支付日期 用途 支出功能分类 部门经济分类 "
        "项目编码 项目名称 资金性质 结算方式 指标编号 采购合同编号 发票号码"
    ),
    "indicators": (
        "指标编号 单位编码 预算单位 项目编码 项目名称 支出功能分类 部门经济分类 "
        "资金性质 指标金额 下达日期 指标来源 本级文号 上级文号 年度"
    ),
    "plans": "计划编号 指标编号 单位编码 计划月份 计划金额",
    "applications": "支付申请编号 指标编号 单位编码 申请金额 申请日期 用途",
    "adjustments": "调整编号 年度 单位编码 项目编码 部门经济分类 调整日期 调整金额 调整种类 文号",
    "budget_lines": (
        "年度 单位编码 项目编码 支出功能分类 部门经济分类 预算单位 项目名称 支出类别 "
        "年初批复数 变动后预算数 决算数"
    ),
    "projects": "项目编码 项目名称 单位编码 预算单位 开始年度 结束年度 是否生态环境项目 监测站点",
    "assets": "资产编号 单位编码 资产名称 资产分类 购置日期 价值 支付凭证号",
    "audit_problems": "问题编号 年度 单位编码 问题类型 问题描述 金额 整改期限 整改状态 整改日期",
    "contracts": "合同编号 单位编码 供应商 合同名称 合同金额 签订日期 采购方式",
    "controls": "年度 月份 单位编码 支付合计",
    "limits": "年度 单位编码 预算单位 年初批复数 变动后预算数 上年决算数 控制要求",
}
"""In the order of the records' fields."""
_DEBTS = (
    "编号 年度 季度 地区 债务类别 年初限额 本年调整限额 调整后限额 期初余额 新增债券发行额 "
    "再融资债券发行额 偿还本金额 其中：再融资债券偿还额 期末余额"
)
_MONEY = {"amount", "value"}


@dataclass(frozen=True, slots=True)
class _Table:
    """Written by its fields, or by ``row``."""

    name: str
    rows: Sequence[Any]
    row: Callable[[Any], Iterable[object]] | None = None


def yuan(fen: int) -> str:
    """With two decimals."""
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100}.{whole % 100:02}"


def _budget_line(one: BudgetLine) -> tuple[object, ...]:
    final = "" if one.final is None else yuan(one.final)
    head = (one.year, one.unit, one.project, one.function, one.item, one.unit_name)
    return (*head, one.project_name, one.kind, yuan(one.approved), yuan(one.changed), final)


def _project(one: Project) -> tuple[object, ...]:
    head = (one.code, one.name, one.unit, one.unit_name, one.first_year, one.last_year)
    return (*head, "是" if one.environment else "否", ";".join(one.stations))


def _limit(one: SpendingLimit) -> tuple[object, ...]:
    last = "" if one.last is None else yuan(one.last)
    sums = (yuan(one.approved), yuan(one.changed), last)
    return (one.year, one.unit, one.unit_name, *sums, one.rule)


def _tables(made: Treasury) -> tuple[_Table, ...]:
    return (
        _Table("payments", made.payments),
        _Table("indicators", made.indicators),
        _Table("plans", made.plans),
        _Table("applications", made.applications),
        _Table("adjustments", made.adjustments),
        _Table("budget_lines", made.budget_lines, _budget_line),
        _Table("projects", made.projects, _project),
        _Table("assets", made.assets),
        _Table("audit_problems", made.audit_problems),
        _Table("contracts", made.contracts),
        _Table("controls", made.controls),
        _Table("limits", made.limits, _limit),
    )


def _rows(table: _Table) -> Iterable[Iterable[object]]:
    if table.row:
        yield from map(table.row, table.rows)
        return
    if not table.rows:
        return
    fields = [
        (name, yuan if name in _MONEY else _plain)
        for name in type(table.rows[0]).__dataclass_fields__
    ]
    for one in table.rows:
        yield [written(getattr(one, name)) for name, written in fields]


def _plain(value: object) -> object:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else value


def _hundred_million(fen: int) -> str:
    """In 亿元, with two decimals; the sum is rounded to them."""
    return yuan(fen // 100_000_000)


def _debts(made: Treasury) -> Iterable[Iterable[object]]:
    """With a title, a line for the unit, and a note, as the finance bureau hands it over."""
    blanks = [""] * (_DEBTS.count(" ") - 1)
    yield ["南通市通州区地方政府债务限额及余额情况表", *blanks, ""]
    yield ["编报单位：南通市通州区财政局", *blanks, "单位：亿元"]
    yield _DEBTS.split(" ")
    for one in made.debts:
        head = (one.number, one.year, f"{one.quarter}季度", one.area, one.kind)
        sums = (one.first_limit, one.raised, one.limit, one.begin, one.new, one.refinanced)
        rest = (one.repaid, one.by_refinancing, one.end)
        yield (*head, *map(_hundred_million, (*sums, *rest)))
    note = "注：1.分项之和与合计可能存在尾差。2.再融资债券同时计入发行额和偿还本金额。"
    yield [note, *blanks, ""]


def _write_rows(path: Path, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write(made: Treasury, folder: Path) -> None:
    """All tables as ``NAME.csv``, that of debts with a title above its header; ``labels.json``.

    Args:
        made: what to write.
        folder: made where it is not there; files of these names are overwritten.

    Raises:
        OSError: the disk does not take them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in _tables(made):
        head = _HEADERS[table.name].split(" ")
        _write_rows(folder / f"{table.name}.csv", chain([head], _rows(table)))
    _write_rows(folder / "debts.csv", _debts(made))
    with (folder / "labels.json").open("w", encoding="utf-8") as file:
        labels = (json.dumps(asdict(label), ensure_ascii=False) for label in made.labels)
        file.write("[\n" + ",\n".join(labels) + "\n]\n")
