"""Columns of a published table: what each is used for, and its unit. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from budget.published.kinds import narrow
from budget.published.records import Column, Use
from tabular import figures
from tabular.sheets import Cell
from tabular.structure.headings import is_value
from tabular.structure.names import at

_ORDINAL = re.compile(r"行次|序号|栏次|行号|编号")
_CODE = re.compile(r"[类款项目]|.*(?:编码|代码)(?:\(.*\))?")
_PERCENT = re.compile(r"[%‰]|(?:比例|占比|比重|幅度|增幅|增长率|增减率|变动率)")
_LABEL = re.compile(
    r"(?:收入|支出|功能|经济|资金)?(?:项目|科目|类别|内容|事项)(?:\(.*\))?|.*(?:科目|名称|分类)(?:\(.*\))?"
    r"|(?:预算)?(?:单位|部门)(?:\(.*\))?|收入|支出|.*(?:来源|用途)|支出?项目?类别"
)
_SUBJECT = re.compile(r"科目|分类|单位|部门|项目")
_SUBJECT_CODE = re.compile(r"\d{3,12}")
_REMARK = re.compile(r"备注|说明|依据|绩效|内容|是否|类型|方式|目录|规格")
_MONEY = re.compile(
    r"数$|额|合计|总计|小计|支出|收入|经费|费$|费用|拨款|预算|决算|结[转余]|资金|购置"
)
_COUNT = re.compile(r"人数|人次|批次|团组|辆|数量|\((?:个|人|辆|批|次|台|套)\)")
_UNIT = re.compile(r"\((?:单位:?)?([十百千万亿]*元)\)")
_LEADING_CODE = re.compile(r"[\[(【]?(\d{3,})[\])】]?(?=\D|$)")


def columns_of(
    paths: Mapping[int, tuple[str, ...]], body: Sequence[Sequence[Cell]]
) -> tuple[Column, ...]:
    """Every column that has a name, by the names and the cells below them."""
    found = []
    for position, path in sorted(_with_nameless(paths, body).items()):
        cells = _cells(body, position)
        use = _use(path, cells)
        units = [one[1] for name in path if (one := _UNIT.search(name))]
        unit = units[-1] if use is Use.MONEY and units else ""
        found.append(Column(position, path, use, unit if unit in figures.UNITS else ""))
    return tuple(found)


def _with_nameless(
    paths: Mapping[int, tuple[str, ...]], body: Sequence[Sequence[Cell]]
) -> dict[int, tuple[str, ...]]:
    """A column of texts without a name has that of the column before it, as a text file shows a
    name that was merged over code and name of a subject.
    """
    found = dict(paths)
    for position in sorted(paths):
        cells = _cells(body, position + 1)
        texts = [cell for cell in cells if not is_value(cell)]
        is_subject = _SUBJECT.search(paths[position][-1])
        if position + 1 not in paths and is_subject and len(texts) * 2 > len(cells):
            found[position + 1] = paths[position]
    return found


def _cells(body: Sequence[Sequence[Cell]], position: int) -> list[Cell]:
    return [cell for row in body if (cell := at(row, position)) is not None]


def _are_codes(name: str, cells: Sequence[Cell]) -> bool:
    """Whether codes stand in a column that is named for subjects, also with 合计 among them."""
    own = [narrow(cell) for cell in cells if is_value(cell)]
    return bool(_SUBJECT.search(name) and own and all(map(_SUBJECT_CODE.fullmatch, own)))


def _use(path: tuple[str, ...], cells: Sequence[Cell]) -> Use:
    name, full = path[-1], "/".join(path)
    texts = [cell for cell in cells if not is_value(cell) and not figures.nothing(cell)]
    are_texts = len(texts) * 2 > len(cells)
    if _ORDINAL.fullmatch(name) or _CODE.fullmatch(name):
        return Use.ORDINAL if _ORDINAL.fullmatch(name) else Use.CODE
    if _LABEL.fullmatch(name) and (are_texts or not cells or _are_codes(name, cells)):
        return Use.LABEL if are_texts or not cells else Use.CODE
    if _PERCENT.search(full) or _COUNT.search(full):
        return Use.PERCENT if _PERCENT.search(full) else Use.TEXT
    is_remark = _REMARK.search(name) and not _MONEY.search(name)
    is_money = _MONEY.search(full) or (cells and not are_texts)
    return Use.MONEY if is_money and not is_remark else Use.TEXT


def code_of(cells: Sequence[Cell], codes: Sequence[Column], above: list[str]) -> str:
    """The code of a line out of one column or of 类, 款 and 项, of which the upper ones may stand
    in the lines ``above``; empty where there is none. ``above`` is brought up to this line.
    """
    own = [narrow(at(cells, column.position)) for column in codes]
    own = [part if part.isdigit() else "" for part in own]
    own = [part and part.zfill(2) for part in own]
    if not any(own):
        return ""
    if len(codes) == 1:
        return own[0]
    first = next(n for n, part in enumerate(own) if part)
    if first and len(own[first]) >= 3:  # the whole code stands in the column of its level
        above[:] = own
        return own[first]
    above[:] = [*above[:first], *own[first:]]
    return "".join(above)


def leading_code(label: str) -> str:
    """A code in front of a name: 30201 办公费, [208]社会保障."""
    found = _LEADING_CODE.match(label)
    return found[1] if found else ""
