"""Descriptions of departments' tables in all versions, their rows, and control sheets."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.kinds.tables import TableField, loaded_table
from ingest.state.database import Migrations

METADATA = sa.MetaData()
DESCRIPTION = sa.Table(
    "budget_description",
    METADATA,
    sa.Column("department", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("why", sa.String(500), nullable=False),
)
ROW_FIELDS = (
    TableField("department", "", "code", required=True),
    TableField("version", "", "integer", required=True),
    TableField("unit", "", "text", required=True),
    TableField("project", "", "text", required=True),
    TableField("period", "", "date", required=True),
    TableField("amount", "", "money"),
    TableField("words", "", "text", required=True),
    TableField("cells", "", "text", required=True),
)
"""``cells`` are all values as JSON; the others are taken out of them to be asked for. ``words``
are texts that may be searched, none of a natural person.
"""
ROW = loaded_table(
    "budget_department_row",
    METADATA,
    ROW_FIELDS,
    sa.Index("budget_department_row_by_period", "department", "period", "id"),
    sa.Index("budget_department_row_by_project", "project"),
)
CONTROL_FIELDS = (
    TableField("year", "budget.field.year", "integer", ("年度", "会计年度"), key=True),
    TableField("month", "budget.field.control-month", "integer", ("月份", "月"), key=True),
    TableField(
        "table",
        "budget.field.control-table",
        "text",
        ("数据种类", "表名", "数据表"),
        key=True,
        may_be_empty=True,
    ),
    TableField(
        "unit_code",
        "budget.field.unit-code",
        "code",
        ("单位编码", "预算单位编码", "单位代码"),
        key=True,
        may_be_empty=True,
    ),
    TableField(
        "unit", "budget.field.unit", "text", ("预算单位", "单位名称"), key=True, may_be_empty=True
    ),
    TableField("rows", "budget.field.control-rows", "integer", ("行数", "笔数")),
    TableField("amount", "budget.field.control-amount", "money", ("支付合计", "合计金额", "合计")),
)
CONTROL = loaded_table("budget_control", METADATA, CONTROL_FIELDS)
MIGRATIONS = Migrations(
    "budget_departments",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("budget_description",),
)
