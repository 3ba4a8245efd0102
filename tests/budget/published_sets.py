"""Sets of published tables that add up, in several layouts; every name and sum is made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from budget.published.checking import checked
from budget.published.reading.files import read_sheets
from budget.published.records import Report
from tabular.sheets import Sheet

Row = list[Any]
UNITS = {"元": 1, "万元": 10_000}
CLASSES = ("208 社会保障和就业支出", "210 卫生健康支出", "213 农林水支出", "221 住房保障支出")
USES = {
    "301": ("工资福利支出", "基本工资", "津贴补贴", "奖金"),
    "302": ("商品和服务支出", "办公费", "差旅费", "公务接待费", "公务用车运行维护费"),
    "303": ("对个人和家庭的补助", "退休费", "生活补助"),
}
CODES = {"公务接待费": "30217", "公务用车运行维护费": "30231", "差旅费": "30211"}


@dataclass(frozen=True)
class Layout:
    """How a place prints its tables."""

    unit: str = "元"
    total_first: bool = True
    code_columns: bool = False
    one_sheet: bool = False
    numbered: bool = True


@dataclass(frozen=True)
class Item:
    code: str
    basic: int
    project: int
    other: int


@dataclass(frozen=True)
class Figures:
    """The true sums of a department, in fen."""

    items: tuple[Item, ...]
    uses: dict[str, int]
    abroad: int
    purchase: int
    running: int
    reception: int
    carried: int


def figures_of(seed: int) -> Figures:
    """A department by its seed."""
    chance = random.Random(seed)

    def sum_() -> int:
        return chance.randrange(10_000_00, 9_000_000_00)

    uses = {}
    for code, (_, *names) in USES.items():
        for n, name in enumerate(names, start=1):
            uses[CODES.get(name, f"{code}{n:02}")] = sum_()
    codes = [
        f"{name[:3]}{group:02}{item:02}"
        for name in chance.sample(CLASSES, chance.randrange(2, 5))
        for group in sorted(chance.sample(range(1, 9), chance.randrange(1, 3)))
        for item in range(1, chance.randrange(2, 5))
    ]
    left, items = sum(uses.values()), []
    for code in sorted(codes):
        basic = left if code == max(codes) else left // chance.randrange(2, 5)
        left -= basic
        items.append(Item(code, basic, sum_(), sum_()))
    reception, running = uses["30217"] + sum_(), uses["30231"] + sum_()
    abroad, purchase = sum_(), sum_()
    more = abroad + purchase + running + reception
    items[0] = replace(items[0], project=items[0].project + more)
    return Figures(tuple(items), uses, abroad, purchase, running, reception, sum_())


def sheets_of(seed: int, layout: Layout = Layout()) -> tuple[Sheet, ...]:
    """Every table of a department's budget."""
    made = _Set(figures_of(seed), layout)
    tables = [
        made.balance(), made.income(), made.expense(), made.grants(), made.general(),
        made.basic(), made.three_public(), made.empty(),
    ]  # fmt: skip
    if not layout.one_sheet:
        return tuple(
            Sheet(f"公开{n:02}表", tuple(map(tuple, rows)), merged=tuple(merged))
            for n, (rows, merged) in enumerate(tables, start=1)
        )
    rows, spans = list[Row](), list[tuple[int, int, int, int]]()
    for table, merged in tables:
        spans += [(t + len(rows), le, b + len(rows), r) for t, le, b, r in merged]
        rows += [*table, []]
    return (Sheet("部门预算", tuple(map(tuple, rows)), merged=tuple(spans)),)


Printed = tuple[list[Row], list[tuple[int, int, int, int]]]


class _Set:
    def __init__(self, figures: Figures, layout: Layout) -> None:
        self.figures, self.layout = figures, layout

    def money(self, fen: int) -> Decimal | None:
        return Decimal(fen) / 100 / UNITS[self.layout.unit] if fen else None

    def head(self, title: str, width: int) -> list[Row]:
        unit: Row = ["部门：澄浦区水利局", *[None] * (width - 2), f"单位：{self.layout.unit}"]
        return [[title, *[None] * (width - 1)], unit]

    def with_total(self, header: list[Row], total: Row, lines: list[Row]) -> list[Row]:
        return [*header, total, *lines] if self.layout.total_first else [*header, *lines, total]

    def tree(self, columns: Sequence[dict[str, int]]) -> list[Row]:
        """Lines of classes, groups and items by code, with the sums of each column."""
        codes = sorted({code for column in columns for code in column})
        keys = sorted({code[:size] for code in codes for size in (3, 5, 7)})
        lines = []
        for key in keys:
            sums = [
                sum(v for code, v in column.items() if code.startswith(key)) for column in columns
            ]
            name = next((one[4:] for one in CLASSES if one[:3] == key), f"科目{key}")
            label = f"{'　' * (len(key) - 3)}{name}"
            if self.layout.code_columns:
                parts = [key[:3], key[3:5] or None, key[5:7] or None]
                lines.append([*parts, label, *map(self.money, sums)])
            else:
                lines.append([key, label, *map(self.money, sums)])
        return lines

    def named(self) -> Row:
        return (
            ["类", "款", "项", "科目名称"]
            if self.layout.code_columns
            else ["科目编码", "科目名称"]
        )

    def classes(self, values: dict[str, int]) -> list[tuple[str, int]]:
        found = [
            (one, sum(v for code, v in values.items() if code[:3] == one[:3])) for one in CLASSES
        ]
        numbers = "一二三四"
        used = [(one, fen) for one, fen in found if fen]
        if not self.layout.numbered:
            return [(one[4:], fen) for one, fen in used]
        return [(f"{numbers[n]}、{one[4:]}", fen) for n, (one, fen) in enumerate(used)]

    def general_values(self) -> dict[str, int]:
        return {one.code: one.basic + one.project for one in self.figures.items}

    def all_values(self) -> dict[str, int]:
        return {one.code: one.basic + one.project + one.other for one in self.figures.items}

    def balance(self) -> Printed:
        general, whole = sum(self.general_values().values()), sum(self.all_values().values())
        carried = self.figures.carried
        left: list[tuple[str, int]] = [
            ("一般公共预算拨款收入", general),
            ("事业收入", whole - general),
        ]
        right = self.classes(self.all_values())
        size = max(len(left), len(right))
        lines = [
            *zip(
                left + [("", 0)] * (size - len(left)),
                right + [("", 0)] * (size - len(right)),
                strict=True,
            )
        ]
        lines += [(("本年收入合计", whole), ("本年支出合计", whole))]
        lines += [(("上年结转", carried), ("结转下年", carried))]
        lines += [(("收入总计", whole + carried), ("支出总计", whole + carried))]
        rows: list[Row] = [*self.head("部门收支总表", 4), ["收入", None, "支出", None]]
        rows.append(["项目", "预算数", "项目", "预算数"])
        rows += [[a or None, self.money(x), b or None, self.money(y)] for (a, x), (b, y) in lines]
        return rows, [(2, 0, 2, 1), (2, 2, 2, 3)]

    def income(self) -> Printed:
        general = self.general_values()
        other = {one.code: one.other for one in self.figures.items}
        columns = [self.all_values(), general, other]
        header = [
            *self.head("部门收入总表", 8),
            [*self.named(), "合计", "一般公共预算拨款", "事业收入"],
        ]
        return self.with_total(header, self.total(columns), self.tree(columns)), []

    def total(self, columns: Sequence[dict[str, int]]) -> Row:
        gap = [None] * (len(self.named()) - 1)
        return ["合计", *gap, *(self.money(sum(column.values())) for column in columns)]

    def expense(self) -> Printed:
        basic = {one.code: one.basic for one in self.figures.items}
        project = {one.code: one.project + one.other for one in self.figures.items}
        columns = [self.all_values(), basic, project]
        header = [*self.head("部门支出总表", 8), [*self.named(), "合计", "基本支出", "项目支出"]]
        return self.with_total(header, self.total(columns), self.tree(columns)), []

    def grants(self) -> Printed:
        general = self.general_values()
        whole = self.money(sum(general.values()))
        rows: list[Row] = [
            *self.head("财政拨款收支总表", 6),
            ["收入", None, "支出", None, None, None],
        ]
        rows.append(["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算"])
        for n, (name, fen) in enumerate(self.classes(general)):
            first: Row = ["一、一般公共预算拨款", whole] if n == 0 else [None, None]
            rows.append([*first, name, self.money(fen), self.money(fen), None])
        rows.append(["收入总计", whole, "支出总计", whole, whole, None])
        return rows, [(2, 0, 2, 1), (2, 2, 2, 5)]

    def general(self) -> Printed:
        basic = {one.code: one.basic for one in self.figures.items}
        project = {one.code: one.project for one in self.figures.items}
        columns = [self.general_values(), basic, project]
        header = [
            *self.head("一般公共预算支出表（功能分类）", 8),
            [*self.named(), "合计", "基本支出", "项目支出"],
        ]
        return self.with_total(header, self.total(columns), self.tree(columns)), []

    def basic(self) -> Printed:
        uses = self.figures.uses
        personnel = {code: v for code, v in uses.items() if code[:3] != "302"}
        public = {code: v for code, v in uses.items() if code[:3] == "302"}
        names = {CODES.get(name, f"{code}{n:02}"): name
                 for code, (_, *own) in USES.items() for n, name in enumerate(own, start=1)}  # fmt: skip
        lines = []
        for key in sorted({*uses, *USES}):
            sums = [
                sum(v for code, v in one.items() if code.startswith(key))
                for one in (uses, personnel, public)
            ]
            name = USES[key][0] if key in USES else f"　　{names[key]}"
            lines.append([key, name, *map(self.money, sums)])
        title = "一般公共预算基本支出表（部门经济分类）"
        header = [*self.head(title, 5), ["科目编码", "科目名称", "合计", "人员经费", "公用经费"]]
        total = [
            "合计",
            None,
            *(self.money(sum(one.values())) for one in (uses, personnel, public)),
        ]
        return self.with_total(header, total, lines), []

    def three_public(self) -> Printed:
        own = self.figures
        cars = own.purchase + own.running
        rows: list[Row] = self.head("一般公共预算“三公”经费支出表", 6)
        rows.append(
            [
                "“三公”经费合计",
                "因公出国（境）费",
                "公务用车购置及运行维护费",
                None,
                None,
                "公务接待费",
            ]
        )
        rows.append([None, None, "小计", "公务用车购置费", "公务用车运行维护费", None])
        sums = [
            own.abroad + cars + own.reception,
            own.abroad,
            cars,
            own.purchase,
            own.running,
            own.reception,
        ]
        rows.append([*map(self.money, sums)])
        return rows, [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 4), (2, 5, 3, 5)]

    def empty(self) -> Printed:
        rows = self.head("政府性基金预算支出表", 5)
        rows.append(["科目编码", "科目名称", "合计", "基本支出", "项目支出"])
        return [
            *rows,
            ["合计", None, None, None, None],
            ["注：本部门没有政府性基金预算支出。"],
        ], []


def figures_in(sheets: Sequence[Sheet]) -> list[tuple[int, int, int]]:
    """Every sum: number of the sheet, row and column from 0."""
    return [
        (number, row, column)
        for number, sheet in enumerate(sheets)
        for row, cells in enumerate(sheet.rows)
        for column, cell in enumerate(cells)
        if isinstance(cell, Decimal)
    ]


def changed(sheets: Sequence[Sheet], number: int, row: int, column: int, cell: Any) -> list[Sheet]:
    """The sheets with another cell at one place."""
    rows = [list(cells) for cells in sheets[number].rows]
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = cell
    other = replace(sheets[number], rows=tuple(map(tuple, rows)))
    return [*sheets[:number], other, *sheets[number + 1 :]]


def report_of(sheets: Sequence[Sheet], file: str = "预算.xlsx") -> Report:
    """All that is found in one file."""
    return checked(read_sheets([(file, sheets)]))


def sheet(
    name: str, *rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()
) -> Sheet:
    """A sheet of rows; numbers are exact."""
    exact = tuple(
        tuple(Decimal(str(cell)) if isinstance(cell, int | float) else cell for cell in row)
        for row in rows
    )
    return Sheet(name, exact, merged=tuple(merged))
