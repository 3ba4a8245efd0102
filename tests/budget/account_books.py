"""Books written row by row, for examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

import msgspec
import numpy as np

from budget.detection.books import (
    MISSING,
    NO_DAY,
    Adjustment,
    Asset,
    AuditProblem,
    Books,
    BudgetLine,
    Contract,
    Debt,
    Indicator,
    Payments,
    Texts,
)
from budget.detection.documents import load
from budget.detection.engine import run
from budget.detection.records import Column, Finding, RuleDocument

YUAN = 100
EPOCH = date(1970, 1, 1)
RULES = {of.id: of for of in load()}


def day(text: str) -> int:
    """The days since 1970-01-01 of an ISO date, none of an empty one."""
    return (date.fromisoformat(text) - EPOCH).days if text else NO_DAY


def payments(rows: Iterable[Mapping[str, Any]]) -> Payments:
    """Rows of ``yuan``, ``on`` and columns by their names; ``id`` is the position without one."""
    given = list(rows)
    return Payments(
        ids=np.array([of.get("id", at) for at, of in enumerate(given)], dtype=np.int64),
        cents=np.array([round(of["yuan"] * YUAN) for of in given], dtype=np.int64),
        days=np.array([day(of.get("on", "")) for of in given], dtype=np.int32),
        **{name: _texts([of.get(name, "") for of in given]) for name in get_args(Column)},
    )


def _texts(texts: list[str]) -> Texts:
    values = tuple(dict.fromkeys(of for of in texts if of))
    codes = {of: at for at, of in enumerate(values)}
    return Texts(np.array([codes.get(of, MISSING) for of in texts], dtype=np.int32), values)


def indicator(name: str, yuan: float, **more: Any) -> Indicator:
    """An indicator of the start of 2024, of unit 101 and project P."""
    fields = {
        "year": 2024,
        "unit": "101",
        "project": "P",
        "function": "2110301",
        "economic": "30227",
        "fund": "一般公共预算资金",
        "day": day(f"{more.get('year', 2024)}-01-20"),
        "source": "年初预算",
    }
    return Indicator(id=name, cents=round(yuan * YUAN), **{**fields, **more})


def line(yuan: float, **more: Any) -> BudgetLine:
    """A line of unit 101 for 2024."""
    fields = {
        "year": 2024,
        "unit": "101",
        "project": "",
        "function": "2110301",
        "economic": "30201",
        "basic": True,
        "adjusted_cents": round(yuan * YUAN),
    }
    return BudgetLine(approved_cents=round(yuan * YUAN), **{**fields, **more})


def adjustment(name: str, yuan: float, **more: Any) -> Adjustment:
    """A shift within unit 101 in May 2024."""
    fields = {
        "year": 2024,
        "unit": "101",
        "project": "",
        "economic": "30201",
        "day": day("2024-05-06"),
        "kind": "调剂",
    }
    return Adjustment(id=name, cents=round(yuan * YUAN), **{**fields, **more})


def asset(name: str, yuan: float, **more: Any) -> Asset:
    """A thing of unit 101."""
    fields = {"unit": "101", "name": "台式计算机", "day": day("2024-03-10"), "voucher": ""}
    return Asset(id=name, cents=round(yuan * YUAN), **{**fields, **more})


def problem(name: str, year: int, text: str, **more: Any) -> AuditProblem:
    """A problem of unit 101."""
    fields = {"unit": "101", "kind": "资产管理", "cents": 0}
    return AuditProblem(id=name, year=year, text=text, **{**fields, **more})


def debt(year: int, **yuan: float) -> Debt:
    """Debt of the kind 一般债务: ``limit``, ``beginning``, ``issued``, ``repaid``, ``end``."""
    fen = {f"{name}_cents": round(of * YUAN) for name, of in yuan.items()}
    none = dict.fromkeys(
        ("beginning_cents", "issued_cents", "repaid_cents", "interest_cents", "end_cents"), 0
    )
    given: dict[str, Any] = {"limit_cents": None, **none, **fen}
    return Debt(year=year, kind="一般债务", project="", name="", **given)


def contract(name: str, on: str) -> Contract:
    """A contract of unit 101."""
    return Contract(
        id=name, unit="101", supplier="", name="", cents=0, day=day(on), way="公开招标"
    )


def found(rule: str, books: Books, **parameters: object) -> tuple[Finding, ...]:
    """The findings of a rule that comes with the product, with some parameters of ours."""
    outcome = run(books, (_with(RULES[rule], parameters),))
    assert not outcome.deferred
    return outcome.findings


def _with(rule: RuleDocument, parameters: Mapping[str, object]) -> RuleDocument:
    return msgspec.structs.replace(rule, parameters={**rule.parameters, **parameters})
