"""Suits against units of the last months, in the table that the court hands over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from api.imports import actions as imports
from api.imports.loading.worker import Worker
from api.platforms.judicial.suits import actions
from api.platforms.judicial.suits.actions import KIND
from api.roster import ROSTER
from api.services import Services
from qingyuan.demo.hands import CLERK, account, today

_SOURCE, _FILE = "区人民法院", "行政应诉情况统计表.csv"
_HEADER = ("审结月份", "被诉行政机关", "审结件数", "败诉件数", "负责人出庭件数")
MONTHS = 14
_UNITS = (
    ("区住房和城乡建设局", "21302112031202", "01000101010100"),
    ("区水利局", "01001020100110", "00000010000000"),
    ("区自然资源和规划局", "31213024120313", "10001010010101"),
    ("区市场监督管理局", "10210112012011", "00010000001000"),
    ("区城市管理局", "12031201310220", "01010000100010"),
    ("区公安分局", "42315234021432", "10000100000100"),
    ("平潮镇", "00110001010010", "00100000010000"),
)
"""By month, from the first on: concluded, and of these lost."""


def begin_suits(services: Services) -> None:
    """Load the table as the office does, unless that was done before."""
    if actions.listed(services):
        return
    parts, by = imports.parts_of(services, ROSTER), account(services, CLERK).actor
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((_HEADER, *_rows(today(services))))
    content = io.BytesIO(text.getvalue().encode())
    load = imports.send(parts, by, parts.kinds[KIND.name], _SOURCE, _FILE, content)
    imports.load_at_once(Worker(), parts, by, load, good_rows=True, dry_run=False)


def _rows(day: date) -> Iterator[tuple[str, str, int, int, int]]:
    """In months without a suit a unit has no row. A head appears in every other one."""
    month = day.replace(day=1)
    for back in range(1, MONTHS + 1):
        month = (month - timedelta(days=1)).replace(day=1)
        for name, concluded, lost in _UNITS:
            count = int(concluded[-back])
            if count:
                yield f"{month:%Y-%m}", name, count, int(lost[-back]), (count + 1) // 2
