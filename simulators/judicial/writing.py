"""Writes sheets as bodies send them, and the rest as CSV in UTF-8."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from simulators.judicial.flows import Body, bodies
from simulators.judicial.records import Judicial, Sheet

_ON = datetime(2026, 1, 1, tzinfo=UTC)
_HEADERS = {
    "hearings": "听证编号 听证日期 告知日期 听证类型 是否公开 听证员人数 其中代表 听证意见",
    "trials": "编号 开庭日期 案件类别 审判庭 邀请代表数 到场代表数 评议表数",
    "letters": (
        "信件编号 收到日期 来信人 所在镇街 联系电话 主题 内容摘要 转送单位 转送日期 告知日期"
    ),
}


def lines(sheet: Sheet, body: Body) -> list[list[Any]]:
    """A sheet's cells: title, who and when, table with its total, remark."""
    month = f"{sheet.month.year}年{sheet.month.month}月"
    head = f"填报单位：{body.name}　统计期间：{month}　报送日期：{sheet.sent_on}"
    rows: list[list[Any]] = [[row.kind, *row.figures] for row in sheet.rows]
    rows = [[body.title], [head], [*body.headers], *rows, ["合计", *sheet.total]]
    return [*rows, [sheet.remark]] if sheet.remark else rows


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    packed, again = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"created": _ON})
        page = book.add_worksheet("月报")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(again, "w") as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(entry.filename))
    return again.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def write(made: Judicial, folder: Path) -> None:
    """All sheets in a folder for each body, ``hearings.csv`` and so on, and ``labels.json``.

    Args:
        made: what to write.
        folder: made where it is not there; files of these names are overwritten.

    Raises:
        OSError: the disk does not take them.
    """
    known = {body.id: body for body in bodies()}
    for body in known:
        (folder / body).mkdir(parents=True, exist_ok=True)
    for sheet in made.sheets:
        if not sheet.missing:
            body_of = known[sheet.body]
            cells = lines(sheet, body_of)
            ending, content = ("xlsx", _xlsx(cells)) if body_of.xlsx else ("csv", _csv(cells))
            (folder / f"{sheet.file}.{ending}").write_bytes(content)
    for name, headers in _HEADERS.items():
        rows = [[_cell(value) for value in asdict(row).values()] for row in getattr(made, name)]
        (folder / f"{name}.csv").write_bytes(_csv([headers.split(" "), *rows]))
    labels = (json.dumps(asdict(label), ensure_ascii=False) for label in made.labels)
    (folder / "labels.json").write_text("[\n" + ",\n".join(labels) + "\n]\n", encoding="utf-8")
