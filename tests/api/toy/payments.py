"""Payments of the toy platform: a table that offices send."""

from __future__ import annotations

from api.kinds.tables import TableField, TableKind, loaded_table
from ingest.state.database import State
from tests.api.toy.notes import METADATA
from tests.api.toy.permission import ToyPermission

FIELDS = (
    TableField("number", "toy.number", "code", ("凭证号", "支付凭证号"), key=True),
    TableField("unit", "toy.unit", "text", ("预算单位", "单位名称"), required=True),
    TableField("payee", "toy.payee", "text", ("收款人全称", "收款人")),
    TableField("paid", "toy.paid", "date", ("支付日期", "日期"), required=True),
    TableField("amount", "toy.amount", "money", ("支付金额", "金额"), required=True),
    TableField("progress", "toy.progress", "percent", ("支付进度",)),
)
PAYMENT = loaded_table("toy_payment", METADATA, FIELDS)
HEARD: list[int] = []
"""Loads of which the platform heard."""


def hear(_state: State, load: int) -> None:
    """Note it."""
    HEARD.append(load)


PAYMENTS = TableKind(
    name="toy.payments",
    words="toy.payments",
    permission=ToyPermission.READ,
    table=PAYMENT,
    fields=FIELDS,
    period="paid",
    loaded=hear,
)
