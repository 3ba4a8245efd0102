"""Tables of an account as they are published: a title, the department and the unit, a header of
one or two rows, figures in 万元, and notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from config.classifications import classifications
from config.files import read_toml
from simulators.treasury.published.accounts import (
    ALL,
    APPROVED,
    BASIC,
    CHANGED,
    FINAL,
    FUNCTIONS,
    FUND,
    IN,
    OUT,
    PROJECT,
    REST,
    THREE,
    TOTAL,
    Account,
    Key,
)
from simulators.treasury.records import Sheet
from simulators.treasury.units import DATA, REMEDY

_THREE = ("abroad", "vehicles", "cars", "running", "reception")
_BOUGHT = 0.14
"""Share that notes call procurement."""
_INDENT = "\u3000\u3000"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a department lays out its tables."""

    blanks: bool = False
    """Rows without anything between the others."""
    notes: bool = False
    adjusted: bool = False
    """Columns for the year's budget beside what was paid."""


@dataclass(slots=True)
class _Drawing:
    """A table while it is drawn, and where each figure is in it."""

    layout: Layout
    rows: list[tuple[str | int, ...]] = field(default_factory=list)
    at: dict[Key, str] = field(default_factory=dict)

    def row(self, *cells: str | int | tuple[Key, int]) -> None:
        """Add one; a figure comes with its key, and is left out where it is zero."""
        plain: list[str | int] = []
        for column, cell in enumerate(cells):
            if isinstance(cell, tuple):
                key, amount = cell
                self.at[key] = f"{'ABCDEFGH'[column]}{len(self.rows) + 1}"
                plain.append(amount or "")
            else:
                plain.append(cell)
        self.rows.append(tuple(plain))

    def blank(self) -> None:
        """A row without anything, where the department has such."""
        if self.layout.blanks:
            self.rows.append(("",) * len(self.rows[0]))

    def head(self, title: str, name: str, width: int) -> None:
        """Title, department, unit."""
        blanks = [""] * (width - 2)
        self.row(title, *blanks, "")
        self.row(f"部门：{name}", *blanks, "单位：万元")

    def note(self, *texts: str) -> None:
        """Below the figures, where the department writes any."""
        if self.layout.notes:
            for text in texts:
                self.row(text, *[""] * (len(self.rows[0]) - 1))


Drawn = tuple[list[Sheet], dict[Key, str]]
"""Tables, and the sheet and cell of each figure."""


def _class_names(year: int) -> dict[str, str]:
    valid = classifications()["function"].valid(date(year, 6, 30))
    short = {one.code: one.name for one in valid}
    rows: dict[str, str] = read_toml(DATA / "published.toml", REMEDY)["functions"]
    return short | rows


def _figure(account: Account, *key: str) -> tuple[Key, int]:
    part, name, column = key
    return (part, name, column), account.get(part, name, column)


def _both_sides(account: Account, layout: Layout, names: dict[str, str]) -> _Drawing:
    drawing = _Drawing(layout)
    drawing.head(f"{account.year}年度部门收支总表（{account.stage}）", account.name, 4)
    column = f"{account.stage}数"
    drawing.row("收入", "", "支出", "")
    drawing.row("项目", column, "项目", column)
    ins = [(name, (IN, name, ALL)) for part, name, _ in account.shown if part == IN and name]
    codes = account.codes(OUT, 3)
    outs = [(f"{_ordinal(at)}、{names[code]}", (OUT, code, ALL)) for at, code in enumerate(codes)]
    if account.stage == FINAL:
        outs.append(("年末结转和结余", (OUT, REST, ALL)))
    for at in range(max(len(ins), len(outs))):
        left = _pair(account, ins, at)
        drawing.row(*left, *_pair(account, outs, at))
    drawing.blank()
    first, second = _figure(account, IN, TOTAL, ALL), _figure(account, OUT, TOTAL, ALL)
    drawing.row("收入总计", first, "支出总计", second)
    drawing.note("注：本表反映部门本年度的总收支情况，数据四舍五入，合计与分项可能存在尾差。")
    return drawing


def _pair(
    account: Account, rows: list[tuple[str, Key]], at: int
) -> tuple[str, str | tuple[Key, int]]:
    if at >= len(rows):
        return "", ""
    name, key = rows[at]
    return name, (key, account.get(*key))


def _ordinal(at: int) -> str:
    return "一二三四五六七八九十"[at] if at < 10 else f"十{'一二三四五六七八九'[at - 10]}"


def _by_function(
    account: Account, layout: Layout, names: dict[str, str], part: str, title: str
) -> _Drawing:
    extra = [APPROVED, CHANGED] if layout.adjusted and part == FUNCTIONS else []
    columns = [*extra, ALL, BASIC, PROJECT]
    drawing = _Drawing(layout)
    drawing.head(f"{account.year}年度{title}（{account.stage}）", account.name, 2 + len(columns))
    budget = ["年初预算数", "全年预算数"][: len(extra)]
    whole = "决算数" if extra else "合计"
    drawing.row("科目编码", "科目名称", *budget, whole, "基本支出", "项目支出")
    drawing.row("合计", "", *(_figure(account, part, TOTAL, column) for column in columns))
    for group in account.codes(part, 3):
        drawing.blank()
        for code in _below(account, part, group):
            indent = _INDENT * ((len(code) - 3) // 2)
            name = names.get(code) or account.names.get(code, code)
            figures = (_figure(account, part, code, column) for column in columns)
            drawing.row(code, indent + name, *figures)
    drawing.note(
        "注：1.本表按支出功能分类填列。",
        f"2.其中政府采购支出{account.get(part) * _BOUGHT / 100:.2f}万元，已包含在上述各项中。",
    )
    return drawing


def _below(account: Account, part: str, group: str) -> Iterator[str]:
    yield group
    for middle in account.codes(part, 5):
        if middle.startswith(group):
            yield middle
            yield from (code for code in account.leaves(part) if code.startswith(middle))


def _three(account: Account, layout: Layout) -> _Drawing:
    drawing = _Drawing(layout)
    title = f"{account.year}年度一般公共预算“三公”经费支出表（{account.stage}）"
    drawing.head(title, account.name, 6)
    middle = ("公务用车购置及运行维护费", "", "")
    drawing.row("“三公”经费合计", "因公出国（境）费", *middle, "公务接待费")
    drawing.row("", "", "小计", "公务用车购置费", "公务用车运行维护费", "")
    figures = (_figure(account, THREE, name, ALL) for name in _THREE)
    drawing.row(_figure(account, THREE, TOTAL, ALL), *figures)
    drawing.note("注：因公出国（境）费为零的，表示本年度没有安排因公出国（境）团组。")
    return drawing


def draw(account: Account, layout: Layout) -> Drawn:
    """All tables of an account, as one department publishes them."""
    names = _class_names(account.year)
    drawings = {"公开01表": _both_sides(account, layout, names)}
    title = "一般公共预算支出表"
    drawings["公开05表"] = _by_function(account, layout, names, FUNCTIONS, title)
    if account.get(FUND):
        title = "政府性基金预算支出表"
        drawings["公开07表"] = _by_function(account, layout, names, FUND, title)
    drawings["公开09表"] = _three(account, layout)
    cells = {key: f"{name}!{at}" for name, one in drawings.items() for key, at in one.at.items()}
    return [Sheet(name, tuple(one.rows)) for name, one in drawings.items()], cells
