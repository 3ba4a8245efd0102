"""The table of suits as files bring its rows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.kinds.tables import TableField, loaded_table
from ingest.state.database import Migrations

METADATA = sa.MetaData()
FIELDS = (
    TableField(
        "month",
        "judicial.suits.month",
        "month",
        ("审结月份", "结案月份", "裁判月份", "统计月份", "月份"),
        key=True,
    ),
    TableField(
        "name",
        "judicial.suits.column-name",
        "text",
        ("被诉行政机关", "被告单位", "被诉单位", "行政机关", "单位名称"),
        key=True,
    ),
    TableField(
        "concluded",
        "judicial.suits.column-concluded",
        "integer",
        ("审结件数", "审结", "结案件数", "结案"),
        required=True,
    ),
    TableField(
        "lost",
        "judicial.suits.column-lost",
        "integer",
        ("败诉件数", "行政机关败诉件数", "败诉", "其中：败诉"),
        required=True,
    ),
    TableField(
        "attended",
        "judicial.suits.column-attended",
        "integer",
        ("负责人出庭件数", "负责人出庭应诉件数", "行政机关负责人出庭应诉", "负责人出庭"),
    ),
)
SUIT = loaded_table("judicial_suit", METADATA, FIELDS, sa.Column("unit", sa.String(40)))
"""``name`` is the unit's as the court writes it, ``unit`` its id from the moment in which the load
came into force: a unit that is renamed keeps its rows.
"""
MIGRATIONS = Migrations("judicial-suits", Path(__file__).parent / "migrations", METADATA)
