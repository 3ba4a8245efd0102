"""By what findings about debt and labels of a treasury that is not there name the same row."""

from __future__ import annotations

from collections.abc import Mapping

from budget.detection.records import Fact
from simulators.treasury.records import Debt

OVER = "debt-over-limit"


def key(kind: str, facts: Mapping[str, Fact]) -> str:
    """Of a finding."""
    return _key(kind, facts["year"], facts["quarter"], facts["debt"])


def key_of(kind: str, debt: Debt) -> str:
    """Of a row of the treasury."""
    return _key(kind, debt.year, debt.quarter, f"{debt.kind}（{debt.area}）")


def _key(kind: str, year: Fact, quarter: Fact, debt: Fact) -> str:
    """A limit is asked about once a year, sums quarter by quarter."""
    return f"{year}/{0 if kind == OVER else quarter}/{debt}"
