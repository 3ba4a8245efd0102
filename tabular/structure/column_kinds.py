"""Kinds of columns out of their names and cells, with the units of what stands in them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tabular import figures
from tabular.figures import Dated, Figure, Order, Wrong
from tabular.sheets import Cell

_PERIOD = re.compile(r"(?:19|20)\d\d(?:年(?:\d{1,2}月份?)?)?|\d{1,2}月份?|第?[一二三四1-4]季度")
_IN_NAME = re.compile(
    r"[(\[【]\s*(?:单位:?)?(?:人民币)?([^()\[\]【】,;、]{1,12})\s*(?:[,;、][^()\[\]【】]*)?[)\]】]$"
    r"|[/:,_](万元|元|千元|百万元|亿元|%)$|(%)$"
)
_SHORT = {"万": "万元", "亿": "亿元", "人民币": "元", "¥": "元", "¥元": "元", "RMB": "元"}
_BEHIND_NAME = re.compile(r"[\u4e00-\u9fff](万元|千元|百万元|亿元|元)$")
_CODE = re.compile(
    r"(?:编码|代码|编号|账号|帐号|卡号|证号|号码|文号|单号|凭证号|流水号|合同号|批号|卷宗号|案号|户号|税号"
    r"|身份证|信用代码|电话|手机|邮编|主键|识别码)|号$|[账帐]户$"
    r"|(?:^|[ _-])(?:id|no|code|number)\.?$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:科目|分类|类款项|类别|类型|性质|方式|状态|\w单位)(?:[(（][^()（）]*[)）])?$"
    r"|(?:科目|分类)(?:[(（].*[)）])?/[类款项]$"
)
"""Names of columns of words or their codes, as 支出功能分类 and 资金性质."""
_TOLD_APART = re.compile(r" \([^()]*\)$")
_ORDINAL = re.compile(r"序号|行号|行次|排名|名次")
_YEARS = re.compile(r"年度|年份|year|month|quarter", re.IGNORECASE)
_DATE = re.compile(
    r"日期|时间|年月|月份|期间|日$|(?:^|[ _])(?:date|time|month)(?:$|[ _])", re.IGNORECASE
)
_SURELY_DATE = re.compile(r"日期|(?:^|[ _])date(?:$|[ _])", re.IGNORECASE)
_SHARE = re.compile(r"率$|占比|比例|百分比|比重|[%％]|增减$|增幅|增长$|percent", re.IGNORECASE)
_NO_MONEY = re.compile(
    r"科目|序号|年度|年份|[人户个件次岁天套台辆项]数|数量|面积|里程|单价|比例|[率%]$|year|month|quarter"
    r"|class_|count|级次",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"金额|[数费款额]$|支出|收入|预算|决算|合计|经费|小计|余额|支付|拨款|资金|结转|结余|补助|工资|津贴"
    r"|amount|(?:^|[ _])amt(?:$|[ _])|(?:^|[ _])total|spend|cost|value|price|budget",
    re.IGNORECASE,
)
_RATE = re.compile(r"单价|均价|平均|标准|人均")
_LOOKS_DATED = re.compile(
    r"\d{1,4}[-/.年月:]\d{1,2}|\d{6,8}|\d{1,2}月|(?<![a-z])[a-z]{3}[-/. ]?\d", re.IGNORECASE
)
_PERCENT = ("%", "％")
_MOST_SHARE = Decimal("1.5")


class ColumnKind(StrEnum):
    """Kinds of values in a column."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    MONTH = "month"
    TIME = "time"
    """A date with the time of the day."""
    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"
    PERCENT = "percent"


Value = str | int | Decimal | Dated | Wrong | None


def _text(cell: Cell) -> str | None:
    return None if figures.nothing(cell) else str(cell)


_READERS: Mapping[ColumnKind, Callable[[Cell], Value]] = {
    ColumnKind.NUMBER: figures.number,
    ColumnKind.INTEGER: figures.integer,
    ColumnKind.CODE: figures.code,
    ColumnKind.TEXT: _text,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its position in a row (from 0), its name, its unit where one is known, and
    whether dates stand in it. ``origin`` says where the unit comes from: name, header, sheet,
    elsewhere, or assumed. ``order`` is that of day and month, ``scale`` of shares without a
    percent sign; ``step`` the last decimal to which sums in the column are rounded, 0 where
    they are exact to the fen. ``from_1904`` where serial numbers of days begin there.
    """

    position: int
    name: str
    unit: str = ""
    dates: bool = False
    kind: ColumnKind = ColumnKind.TEXT
    origin: str = ""
    order: Order = Order.UNKNOWN
    scale: Decimal = Decimal(1)
    step: Decimal = Decimal(0)
    from_1904: bool = False

    def value(self, cell: Cell) -> Value:
        """The value of a cell by the column's kind: money in yuan, shares in percent, None where
        there is none, ``Wrong`` where it does not hold.
        """
        if self.kind is ColumnKind.MONEY:
            return figures.money(cell, self.unit if self.unit in figures.UNITS else "元")
        if self.kind is ColumnKind.PERCENT:
            return figures.share(cell, self.scale)
        if self.dates:
            return figures.day(figures.of_1900(cell) if self.from_1904 else cell, self.order)
        return _READERS[self.kind](cell)

    @property
    def counts(self) -> bool:
        """Whether its numbers stand for order or years, and nobody adds them."""
        return bool(_ORDINAL.search(self.name) or _YEARS.search(self.name))

    @property
    def adds_up(self) -> bool:
        """Whether a total of it means something."""
        if self.kind is ColumnKind.MONEY:
            return not _RATE.search(self.name)
        countable = self.kind in (ColumnKind.INTEGER, ColumnKind.NUMBER)
        return countable and bool(re.search(r"[人户个件次天套台辆项数]数?$|数量$", self.name))


@dataclass(frozen=True, slots=True)
class Units:
    """Units of money that stand outside of a column: in the header, in the sheet, elsewhere."""

    header: str = ""
    sheet: str = ""
    elsewhere: str = ""


def column_of(position: int, name: str, units: Units, cells: Sequence[Cell]) -> Column:
    """A column out of its cells of data."""
    filled = [cell for cell in cells if not figures.nothing(cell)]
    numbers = [found for cell in filled if (found := figures.figure(cell)) is not None]
    order = figures.order_of(frozenset(cell for cell in filled if isinstance(cell, str)))
    kind = _kind(name, filled, numbers, units, order)
    if kind in (ColumnKind.DATE, ColumnKind.MONTH, ColumnKind.TIME):
        return Column(position, name, _own_unit(name), True, kind, order=order)
    if kind is ColumnKind.PERCENT:
        return Column(position, name, "%", False, kind, "name", scale=_scale(name, filled))
    unit, origin = _unit(name, units, kind)
    step = _step(unit, numbers)
    return Column(position, name, unit, False, kind, origin, step=step)


def _step(unit: str, numbers: Sequence[Figure]) -> Decimal:
    """Sums in 万元 and above are rounded, unless their decimals go down to the fen."""
    yuan = figures.UNITS.get(unit, Decimal(0))
    exponents = [
        exponent for one in numbers if isinstance(exponent := one.value.as_tuple().exponent, int)
    ]
    step = Decimal(1).scaleb(max(min(exponents, default=0), -9))
    return step if yuan > 1 and step * yuan > Decimal("0.01") else Decimal(0)


def shared(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of a table; beside one of money, numbers under a year or a month are money."""
    money = next((one for one in columns if one.kind is ColumnKind.MONEY), None)
    if money is None:
        return tuple(columns)
    unit, origin, step = money.unit, money.origin, money.step
    return tuple(
        replace(one, kind=ColumnKind.MONEY, unit=unit, origin=origin, step=step)
        if one.kind in (ColumnKind.NUMBER, ColumnKind.INTEGER)
        and not one.unit
        and _PERIOD.fullmatch(one.name)
        else one
        for one in columns
    )


def _own_unit(name: str) -> str:
    """The unit in a column's name: in brackets at its end, behind a stroke, or behind it; else
    that in the name of its group.
    """
    text = figures.plain(name)
    group = text.rpartition("/")[0]
    found = _IN_NAME.search(text) or _BEHIND_NAME.search(text)
    unit = next((part.strip() for part in found.groups() if part), "") if found else ""
    unit = _SHORT.get(unit, unit)
    if unit in figures.UNITS or figures.MEASURE.fullmatch(unit):
        return unit
    above = _own_unit(group) if group else ""
    return above if above in figures.UNITS else ""


def _unit(name: str, units: Units, kind: ColumnKind) -> tuple[str, str]:
    own = _own_unit(name)
    if kind is ColumnKind.MONEY:
        if own in figures.UNITS:
            return own, "name"
        if units.header in figures.UNITS:
            return units.header, "header"
        if units.sheet or units.elsewhere:
            return units.sheet or units.elsewhere, "sheet" if units.sheet else "elsewhere"
        return ("元", "assumed") if not name.isascii() else ("", "")
    if kind in (ColumnKind.NUMBER, ColumnKind.INTEGER):
        return (own, "name") if own else (units.header, "header" if units.header else "")
    return (own, "name") if own in figures.UNITS else ("", "")


def _kind(
    name: str, filled: Sequence[Cell], numbers: Sequence[Figure], units: Units, order: Order
) -> ColumnKind:
    plain = name if name.isascii() else re.sub(r"\s+", "", figures.plain(name))
    if _ORDINAL.search(plain):
        whole = all(figures.is_whole(number.value) and not number.unit for number in numbers)
        return ColumnKind.INTEGER if whole and len(numbers) == len(filled) else ColumnKind.TEXT
    named = _dated(plain, filled, order) if _DATE.search(plain) else None
    if named is not None:
        return named
    if not units.header and names_label(name):
        return ColumnKind.CODE if len(numbers) * 2 > len(filled) else ColumnKind.TEXT
    if _is_money(plain, filled, numbers, units):
        return ColumnKind.MONEY
    if _CODE.search(plain) and not _own_unit(name):
        return ColumnKind.CODE
    return _dated(plain, filled, order) or _numeric(plain, filled, numbers, units)


def names_label(name: str) -> bool:
    """Whether a column is named as one of words or their codes, and not with a unit."""
    plain = "".join(figures.plain(_TOLD_APART.sub("", name)).split())
    last = plain if plain[-2:] in ("/类", "/款", "/项") else plain.rpartition("/")[2]
    return bool(_LABEL.search(last)) and not _own_unit(name)


def _numeric(
    name: str, filled: Sequence[Cell], numbers: Sequence[Figure], units: Units
) -> ColumnKind:
    if len(numbers) * 2 <= len(filled):
        return ColumnKind.TEXT
    if _is_share(name, numbers, units):
        return ColumnKind.PERCENT
    if _are_codes(filled):
        return ColumnKind.CODE
    whole = all(figures.is_whole(number.value) for number in numbers)
    return ColumnKind.INTEGER if whole else ColumnKind.NUMBER


def _is_share(name: str, numbers: Sequence[Figure], units: Units) -> bool:
    signs = sum(number.percent for number in numbers)
    return signs * 2 > len(numbers) or bool(_SHARE.search(name)) or units.header in _PERCENT


def _is_money(name: str, filled: Sequence[Cell], numbers: Sequence[Figure], units: Units) -> bool:
    """By its unit; else by its name, or fractions in a sheet that names a unit of money."""
    if filled and len(numbers) * 2 <= len(filled):
        return False
    own = _own_unit(name)
    if own in figures.UNITS or units.header in figures.UNITS:
        return True
    if own or units.header or _is_share(name, numbers, units) or _NO_MONEY.search(name):
        return False
    if _CODE.search(name):
        return False
    if _MONEY.search(name):
        return not (filled and _are_codes(filled))
    stated = bool(units.sheet or units.elsewhere)
    return stated and any(not figures.is_whole(number.value) for number in numbers)


def _dated(name: str, filled: Sequence[Cell], order: Order) -> ColumnKind | None:
    """The kind of a column of dates; None where it is none."""
    if not filled:
        return ColumnKind.DATE if _SURELY_DATE.search(name) else None
    days = [found for cell in filled if (found := figures.dated(cell, order)) is not None]
    sure = any(not isinstance(cell, str | Decimal) for cell in filled)
    if not (_DATE.search(name) or sure or _are_surely_dates(filled, days)):
        return None
    if len(days) * 2 <= len(filled):
        looks = sum(bool(_LOOKS_DATED.search(str(cell))) for cell in filled)
        return ColumnKind.DATE if _SURELY_DATE.search(name) and looks * 2 > len(filled) else None
    if all(day.day is None for day in days):
        return ColumnKind.MONTH
    return ColumnKind.TIME if any(map(figures.has_time, filled)) else ColumnKind.DATE


def _are_surely_dates(filled: Sequence[Cell], days: Sequence[Dated]) -> bool:
    """Texts that could hardly be anything else, whatever the column's name."""
    full = sum(day.day is not None for day in days)
    written = sum(isinstance(cell, str) and not figures.plain(cell).isdigit() for cell in filled)
    return full == len(filled) and written == len(filled)


def _are_codes(filled: Sequence[Cell]) -> bool:
    """Digits that are no quantity: kept with an apostrophe or leading zeros, or too long."""
    texts = [cell for cell in filled if isinstance(cell, str)]
    marked = sum(_is_code(text) for text in texts)
    return marked * 2 > len(filled)


def _is_code(text: str) -> bool:
    digits = figures.plain(text)
    return digits.isdigit() and (len(digits) >= 12 or (len(digits) > 1 and digits[0] == "0"))


def _scale(name: str, filled: Sequence[Cell]) -> Decimal:
    """100 where a workbook keeps 86.7 % as 0.867."""
    kept = [cell for cell in filled if isinstance(cell, Decimal)]
    if not kept or any(abs(cell) > _MOST_SHARE for cell in kept) or "%" in figures.plain(name):
        return Decimal(1)
    return Decimal(100) if any(not figures.is_whole(cell) for cell in kept) else Decimal(1)
