"""Tables that the treasury, departments and the audit send, and what is kept beside them. Money is
whole fen, days and months are ISO text. Headers are those of the national standard of budget
integration as exports show them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from api.kinds.tables import TableField, loaded_table
from config.classifications import classifications
from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget", Path(__file__).parent / "migrations", METADATA)

_UNIT_CODE = TableField(
    "unit_code", "budget.field.unit-code", "code", ("单位编码", "预算单位编码", "单位代码")
)
_UNIT = TableField(
    "unit", "budget.field.unit", "text", ("预算单位", "单位名称", "预算单位名称"), required=True
)
_PROJECT_CODE = TableField(
    "project_code", "budget.field.project-code", "code", ("项目编码", "项目代码")
)
_PROJECT = TableField("project", "budget.field.project", "text", ("项目名称", "项目"))
_FUNCTION = TableField(
    "function",
    "budget.field.function",
    "text",
    ("支出功能分类", "功能分类", "功能科目"),
    known=classifications()["function"].judging(),
)
_ECONOMIC = TableField(
    "economic",
    "budget.field.economic",
    "text",
    ("部门经济分类", "部门支出经济分类", "经济分类", "经济科目"),
    known=classifications()["department-economic"].judging(),
)
_FUND = TableField("fund", "budget.field.fund", "text", ("资金性质", "资金来源"))
_INDICATOR = TableField("indicator", "budget.field.indicator", "code", ("指标编号", "指标ID"))
_YEAR = TableField("year", "budget.field.year", "integer", ("年度", "预算年度", "会计年度"))


def _keyed(field: TableField) -> TableField:
    return replace(field, key=True)


def _money(name: str, *headers: str, required: bool = True) -> TableField:
    words = f"budget.field.{name.replace('_', '-')}"
    return TableField(name, words, "money", headers, required=required)


PAYMENT_FIELDS = (
    TableField(
        "number",
        "budget.field.number",
        "code",
        ("支付凭证号", "凭证号", "支付明细编号", "TransactionNumber"),
        key=True,
    ),
    TableField("application", "budget.field.application", "code", ("支付申请编号", "申请编号")),
    _UNIT_CODE,
    _UNIT,
    TableField("payee", "budget.field.payee", "text", ("收款人全称", "收款人", "收款人名称")),
    TableField("payee_account", "budget.field.payee-account", "code", ("收款人账号", "收款账号")),
    TableField("payer", "budget.field.payer", "text", ("付款人全称", "付款人")),
    TableField("payer_account", "budget.field.payer-account", "code", ("付款人账号", "付款账号")),
    _money("amount", "支付金额", "实际支付金额", "金额"),
    TableField(
        "paid", "budget.field.paid", "date", ("支付日期", "实际支付日期", "日期"), required=True
    ),
    TableField("use", "budget.field.use", "text", ("用途", "摘要", "附言")),
    _FUNCTION,
    _ECONOMIC,
    _PROJECT_CODE,
    _PROJECT,
    _FUND,
    TableField("settlement", "budget.field.settlement", "text", ("结算方式", "支付方式")),
    _INDICATOR,
    TableField("contract", "budget.field.contract", "code", ("采购合同编号", "合同编号")),
    TableField("invoice", "budget.field.invoice", "code", ("发票号码", "发票号")),
)
PAYMENT = loaded_table("budget_payment", METADATA, PAYMENT_FIELDS)
INDICATOR_FIELDS = (
    TableField("number", "budget.field.indicator", "code", ("指标编号", "指标ID"), key=True),
    _YEAR,
    _UNIT_CODE,
    _UNIT,
    _PROJECT_CODE,
    _PROJECT,
    _FUNCTION,
    _ECONOMIC,
    _FUND,
    _money("amount", "指标金额", "金额"),
    TableField("issued", "budget.field.issued", "date", ("下达日期", "发文日期"), required=True),
    TableField("source", "budget.field.source", "text", ("指标来源",)),
    TableField("document", "budget.field.document", "code", ("本级文号", "指标文号")),
    TableField("upper_document", "budget.field.upper-document", "code", ("上级文号",)),
)
INDICATOR = loaded_table("budget_indicator", METADATA, INDICATOR_FIELDS)
PLAN_FIELDS = (
    TableField("number", "budget.field.plan", "code", ("计划编号",), key=True),
    _INDICATOR,
    _UNIT_CODE,
    TableField("month", "budget.field.month", "month", ("计划月份",), required=True),
    _money("amount", "计划金额"),
)
PLAN = loaded_table("budget_plan", METADATA, PLAN_FIELDS)
APPLICATION_FIELDS = (
    TableField(
        "number", "budget.field.application", "code", ("支付申请编号", "申请编号"), key=True
    ),
    _INDICATOR,
    _UNIT_CODE,
    _money("amount", "申请金额"),
    TableField("applied", "budget.field.applied", "date", ("申请日期",), required=True),
    TableField("use", "budget.field.use", "text", ("用途",)),
)
APPLICATION = loaded_table("budget_application", METADATA, APPLICATION_FIELDS)
ADJUSTMENT_FIELDS = (
    TableField("number", "budget.field.adjustment", "code", ("调整编号",), key=True),
    _YEAR,
    _UNIT_CODE,
    _PROJECT_CODE,
    _ECONOMIC,
    TableField("decided", "budget.field.decided", "date", ("调整日期",), required=True),
    _money("amount", "调整金额"),
    TableField("change", "budget.field.change", "text", ("调整种类",), required=True),
    TableField("document", "budget.field.document", "code", ("文号",)),
)
ADJUSTMENT = loaded_table("budget_adjustment", METADATA, ADJUSTMENT_FIELDS)
LINE_FIELDS = (
    _keyed(_YEAR),
    _keyed(_UNIT_CODE),
    _UNIT,
    replace(_PROJECT_CODE, key=True, may_be_empty=True),
    _PROJECT,
    _keyed(_FUNCTION),
    _keyed(_ECONOMIC),
    TableField("part", "budget.field.part", "text", ("支出类别",)),
    _money("approved", "年初批复数"),
    _money("adjusted", "变动后预算数", required=False),
    _money("final", "决算数", required=False),
)
LINE = loaded_table("budget_line", METADATA, LINE_FIELDS)
PROJECT_FIELDS = (
    TableField("code", "budget.field.project-code", "code", ("项目编码",), key=True),
    TableField("project", "budget.field.project", "text", ("项目名称",), required=True),
    _UNIT_CODE,
    _UNIT,
    TableField("begins", "budget.field.begins", "integer", ("开始年度",)),
    TableField("ends", "budget.field.ends", "integer", ("结束年度",)),
    TableField("environmental", "budget.field.environmental", "text", ("是否生态环境项目",)),
    TableField("stations", "budget.field.stations", "text", ("监测站点",)),
)
PROJECT = loaded_table("budget_project", METADATA, PROJECT_FIELDS)
ASSET_FIELDS = (
    TableField("number", "budget.field.asset", "code", ("资产编号",), key=True),
    _UNIT_CODE,
    TableField("name", "budget.field.asset-name", "text", ("资产名称",), required=True),
    TableField("category", "budget.field.asset-category", "text", ("资产分类",)),
    TableField("bought", "budget.field.bought", "date", ("购置日期",)),
    _money("value", "价值", "账面价值"),
    TableField("voucher", "budget.field.number", "code", ("支付凭证号",)),
)
ASSET = loaded_table("budget_asset", METADATA, ASSET_FIELDS)
PROBLEM_FIELDS = (
    TableField("number", "budget.field.problem", "code", ("问题编号",), key=True),
    _YEAR,
    _UNIT_CODE,
    TableField("category", "budget.field.problem-category", "text", ("问题类型",)),
    TableField("text", "budget.field.problem-text", "text", ("问题描述",), required=True),
    _money("amount", "金额", "问题金额", required=False),
    TableField("due", "budget.field.due", "date", ("整改期限",)),
    TableField("state", "budget.field.problem-state", "text", ("整改状态",)),
    TableField("rectified", "budget.field.rectified", "date", ("整改日期",)),
)
PROBLEM = loaded_table("budget_problem", METADATA, PROBLEM_FIELDS)
CONTRACT_FIELDS = (
    TableField("number", "budget.field.contract", "code", ("合同编号",), key=True),
    _UNIT_CODE,
    TableField("supplier", "budget.field.supplier", "text", ("供应商",), required=True),
    TableField("name", "budget.field.contract-name", "text", ("合同名称",)),
    _money("amount", "合同金额"),
    TableField("signed", "budget.field.signed", "date", ("签订日期",)),
    TableField("way", "budget.field.way", "text", ("采购方式",)),
)
CONTRACT = loaded_table("budget_contract", METADATA, CONTRACT_FIELDS)
DEBT_METADATA = sa.MetaData()
DEBT_MIGRATIONS = Migrations(
    "budget_debt", Path(__file__).parent / "debt" / "migrations", DEBT_METADATA
)
DEBT_FIELDS = (
    _keyed(_YEAR),
    TableField(
        "kind", "budget.field.debt-kind", "text", ("债务类别", "债务类型", "类别"), key=True
    ),
    replace(_PROJECT_CODE, key=True, may_be_empty=True),
    replace(_PROJECT, key=True, may_be_empty=True),
    _money("limit", "债务限额", "限额", required=False),
    _money("beginning", "年初余额", "期初余额"),
    TableField(
        "issued",
        "budget.field.debt-issued",
        "money",
        ("本年发行", "本年新增", "举借额", "发行额"),
        required=True,
    ),
    _money("repaid", "本年偿还", "偿还本金", "还本额"),
    _money("interest", "本年付息", "付息额", "利息", required=False),
    _money("ending", "年末余额", "期末余额"),
)
DEBT = loaded_table("budget_debt", DEBT_METADATA, DEBT_FIELDS)
LIMIT_METADATA = sa.MetaData()
LIMIT_MIGRATIONS = Migrations(
    "budget_limit", Path(__file__).parent / "limits" / "migrations", LIMIT_METADATA
)
LIMIT_FIELDS = (
    _keyed(_YEAR),
    _keyed(_UNIT_CODE),
    _UNIT,
    _money("approved", "年初批复数", "年初预算数", "预算数"),
    _money("adjusted", "变动后预算数", "调整后预算数", required=False),
    _money("last", "上年决算数", "上年实际支出数", required=False),
    TableField("requirement", "budget.field.requirement", "text", ("控制要求", "控制标准")),
)
LIMIT = loaded_table("budget_limit", LIMIT_METADATA, LIMIT_FIELDS)
LOADED = {
    "payments": (PAYMENT, PAYMENT_FIELDS),
    "indicators": (INDICATOR, INDICATOR_FIELDS),
    "plans": (PLAN, PLAN_FIELDS),
    "applications": (APPLICATION, APPLICATION_FIELDS),
    "adjustments": (ADJUSTMENT, ADJUSTMENT_FIELDS),
    "lines": (LINE, LINE_FIELDS),
    "limits": (LIMIT, LIMIT_FIELDS),
    "projects": (PROJECT, PROJECT_FIELDS),
    "contracts": (CONTRACT, CONTRACT_FIELDS),
    "assets": (ASSET, ASSET_FIELDS),
    "problems": (PROBLEM, PROBLEM_FIELDS),
    "debt": (DEBT, DEBT_FIELDS),
}
"""Each table with its fields, by the name of its kind."""
