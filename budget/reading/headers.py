"""Headers under which exports have what a person need not map: those of the national standard of
budget integration (预算管理一体化), others that treasuries and ledgers use, and English ones.
"""

from __future__ import annotations

from collections.abc import Mapping

USUAL: Mapping[str, tuple[str, ...]] = {
    "account": ("收款人账号", "收款账号", "收款人银行账号", "收款账户", "Payee Account"),
    "payer": ("付款人全称", "付款人", "付款人名称", "Payer"),
    "payer-account": ("付款人账号", "付款账号", "付款人银行账号", "付款账户", "Payer Account"),
    "use": (
        "用途",
        "摘要",
        "附言",
        "支付用途",
        "资金用途",
        "款项用途",
        "支付摘要",
        "用途说明",
        "Purpose",
        "Description",
        "Narrative",
    ),
    "code": (
        "部门经济分类",
        "部门支出经济分类",
        "经济分类",
        "经济科目",
        "部门经济分类科目",
        "经济分类科目",
        "支出经济分类",
        "支出经济分类科目",
        "部门经济分类编码",
        "经济分类编码",
        "经济科目编码",
        "经济分类代码",
        "Economic Code",
        "Expenditure Code",
    ),
    "function": (
        "支出功能分类",
        "功能分类",
        "功能科目",
        "支出功能分类科目",
        "功能分类科目",
        "功能分类编码",
        "功能科目编码",
    ),
    "project": (
        "项目编码",
        "项目代码",
        "项目编号",
        "项目名称",
        "项目",
        "预算项目",
        "Project Code",
        "Project",
    ),
    "indicator": ("指标编号", "指标ID", "指标号", "预算指标编号"),
    "id": (
        "支付凭证号",
        "凭证号",
        "支付明细编号",
        "TransactionNumber",
        "支付凭证编号",
        "凭证编号",
        "支付编号",
        "Voucher Number",
    ),
    "application": ("支付申请编号", "申请编号", "支付申请号", "用款申请编号"),
    "contract": (
        "采购合同编号",
        "合同编号",
        "合同号",
        "采购合同号",
        "Contract Number",
        "Contract No",
        "Contract ID",
    ),
    "invoice": ("发票号码", "发票号", "发票编号", "Invoice Number", "Invoice No"),
    "fund": ("资金性质", "资金来源", "资金类别"),
}
"""By the name in a ``--map``; where a table has several, the first counts."""
