"""Breaks and deferred checks in the words that people read."""

from __future__ import annotations

from budget.published.records import Break, Deferred, PublishedTable
from config.catalogue.words import Words

OWN = {
    "unreadable": "unreadable",
    "unit": "unit",
    "empty-table": "empty",
    "text-figure": "text",
    "text-percent": "text-percent",
    "percent": "percent",
}
"""By check the sentence, where it is one of its own."""


def sentence(words: Words, one: Break) -> str:
    """A break in one sentence that names the cell, what it says and what it should."""
    key = OWN.get(one.check) or ("limit" if is_limit(one) else "sum" if one.says else "blank")
    named = [words(f"budget.published.check-{check}") for check in _sums(one)]
    checks = words.listed(named)
    if one.against:
        others = [words(f"budget.published.kind-{kind}") for kind in one.against.split(",")]
        checks += words("budget.published.compared", tables=words.listed(others))
    kind = words(f"budget.published.kind-{one.kind}") if one.kind else ""
    return words(
        f"budget.published.break-{key}",
        kind=kind,
        cell=one.cell,
        label=one.label,
        says=one.says,
        should=one.should,
        unit=one.unit,
        checks=checks,
    )


def is_limit(one: Break) -> bool:
    """Whether a break is a figure over its limit."""
    return one.check == "part" or one.check.endswith("within") or "-within-" in one.check


def _sums(one: Break) -> tuple[str, ...]:
    return () if one.check in OWN else one.checks


def reason(words: Words, one: Deferred) -> str:
    """Why a check was not made, in one sentence."""
    missing = one.missing
    if one.why in ("no-table", "no-line"):
        missing = words(f"budget.published.kind-{one.missing}")
    return words(
        f"budget.published.why-{one.why}",
        check=words(f"budget.published.check-{one.check}"),
        kind=words(f"budget.published.kind-{one.kind}"),
        missing=missing,
    )


def summary(words: Words, table: PublishedTable) -> str:
    """A table that was recognised, on one line."""
    assumed = words("budget.published.unit-assumed") if table.unit_from == "assumed" else ""
    return words(
        "budget.published.table",
        sheet=table.sheet or table.file,
        kind=words(f"budget.published.kind-{table.kind.id}"),
        unit=table.unit + assumed,
        rows=len(table.data_rows),
    )
