"""The report on the execution of the budget in words. Money is said in yuan."""

from __future__ import annotations

from collections.abc import Sequence

from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from api.platforms.budget.execution.records import (
    BYS,
    By,
    Counted,
    Line,
    Month,
    together,
)
from api.platforms.budget.payments.records import Payment
from api.web.workbooks import ValueKind
from budget.persons import masked
from budget.yuan import yuan
from config.catalogue.words import Words

COLUMNS: dict[str, ValueKind] = {
    "month": "number",
    "year": "number",
    "budget": "number",
    "share": "percent",
    "share-before": "percent",
}
OF_FUNDS: dict[str, ValueKind] = {"month": "number", "year": "number", "before": "number"}
OF_EXPENSES: dict[str, ValueKind] = {
    "month": "number",
    "year": "number",
    "before": "number",
    "change": "number",
    "budget": "number",
    "share": "percent",
}
OF_PAYMENTS: dict[str, ValueKind] = {
    "paid": "day",
    "unit": "text",
    "payee": "text",
    "use": "text",
    "amount": "number",
}
DASH = "—"


def paper(words: Words, issuer: str, counted: Counted) -> Paper:
    """The month's report."""
    values = _month(words, counted.month)
    return Paper(
        words("budget.execution.title", **values),
        words("budget.execution.subtitle", **values),
        issuer,
        (
            _overview(words, counted),
            Section(
                "breakdown",
                words("budget.execution.breakdown"),
                tables=tuple(_by(words, counted, by) for by in BYS),
            ),
            Section(
                "details",
                words("budget.execution.details"),
                tables=(_three_expenses(words, counted), _largest(words, counted)),
            ),
        ),
    )


def _overview(words: Words, counted: Counted) -> Section:
    month, whole = counted.month, counted.whole
    to_date = month.address(to_date=True)
    before = month.year_before.address(to_date=True) if whole.before is not None else ""
    figures = (
        _money(words("budget.execution.paid-month"), "paid-month", whole.month, month.address()),
        Figure(
            "payments",
            words("budget.execution.payments"),
            counted.payments,
            path=month.address(),
        ),
        _money(words("budget.execution.paid-year"), "paid-year", whole.year, to_date),
        _money(words("budget.execution.paid-before"), "paid-before", whole.before, before),
        _money(words("budget.execution.budget"), "budget", whole.budget),
        Figure("share", words("budget.execution.share"), whole.share, "percent"),
        Figure(
            "share-before",
            words("budget.execution.share-before"),
            whole.share_before,
            "percent",
        ),
    )
    return Section(
        "overview", words("budget.execution.overview"), _sentences(words, counted), figures
    )


def _sentences(words: Words, counted: Counted) -> tuple[str, ...]:
    month, whole = counted.month, counted.whole
    values = _month(words, month)
    said = [
        words("budget.execution.paid", **values, paid=yuan(whole.month), n=counted.payments),
        words("budget.execution.paid-to-date", **values, paid=yuan(whole.year)),
    ]
    if whole.share is not None:
        said.append(
            words(
                "budget.execution.paid-share",
                budget=yuan(whole.budget or 0),
                share=_percent(whole.share),
                before=_percent(whole.share_before),
            )
        )
    else:
        said.append(words("budget.execution.no-budget", year=month.year))
    if counted.last_paid:
        said.append(words("budget.execution.last-paid", day=counted.last_paid))
    if counted.missing:
        months = _listed(words, counted.missing)
        said.append(words("budget.execution.missing", year=month.year, months=months))
    if whole.before is None:
        said.append(words("budget.execution.no-year-before", year=month.year - 1))
    elif counted.missing_before:
        months = _listed(words, counted.missing_before)
        said.append(words("budget.execution.missing", year=month.year - 1, months=months))
    return tuple(said)


def _by(words: Words, counted: Counted, by: By) -> Table:
    columns = OF_FUNDS if by == "fund" else COLUMNS
    lines = counted.by[by]
    rows = [_row(words, counted.month, by, of, columns) for of in lines]
    if lines:
        rows.append(_sum_row(words, counted.whole, columns))
    title = words(f"budget.execution.by-{by}")
    note = {
        "unit": words("budget.execution.units-mean"),
        "fund": "",
    }.get(by, words("budget.execution.budget-means"))
    heads = (Column("name", words(f"budget.totals.by-{by}")), *_heads(words, columns))
    return Table(f"by-{by}", title, heads, tuple(rows), note)


def _row(
    words: Words, month: Month, by: By, of: Line, columns: dict[str, ValueKind]
) -> tuple[Cell, ...]:
    name = of.name or words("budget.totals.missing")
    cells = [Cell(name), *_cells(of, columns)]
    if of.value:
        cells[1] = Cell(cells[1].value, month.address(by, of.value))
        cells[2] = Cell(cells[2].value, month.address(by, of.value, to_date=True))
    return tuple(cells)


def _sum_row(words: Words, of: Line, columns: dict[str, ValueKind]) -> tuple[Cell, ...]:
    return (Cell(words("budget.execution.sum")), *_cells(of, columns))


def _cells(of: Line, columns: dict[str, ValueKind]) -> list[Cell]:
    change = None if of.before is None else of.year - of.before
    values = {
        "month": _yuan(of.month),
        "year": _yuan(of.year),
        "before": _yuan(of.before),
        "change": _yuan(change),
        "budget": _yuan(of.budget),
        "share": of.share,
        "share-before": of.share_before,
    }
    return [Cell(values[name]) for name in columns]


def _three_expenses(words: Words, counted: Counted) -> Table:
    title = words("budget.execution.three-expenses")
    rows = [
        (Cell(words(f"budget.execution.expense-{of.name}")), *_cells(of, OF_EXPENSES))
        for of in counted.three_expenses
    ]
    if rows:
        rows.append(_sum_row(words, together(counted.three_expenses), OF_EXPENSES))
    heads = (Column("name", words("budget.execution.expense")), *_heads(words, OF_EXPENSES))
    note = words("budget.execution.three-expenses-mean")
    return Table("three-expenses", title, heads, tuple(rows), note)


def _largest(words: Words, counted: Counted) -> Table:
    title = words("budget.execution.largest")
    rows = tuple(_payment(of) for of in counted.largest)
    note = words("budget.execution.largest-mean")
    return Table("largest", title, _heads(words, OF_PAYMENTS), rows, note)


def _payment(of: Payment) -> tuple[Cell, ...]:
    return (
        Cell(of.paid),
        Cell(of.unit),
        Cell(masked(of.payee or "")),
        Cell(of.use or DASH),
        Cell(_yuan(of.amount), f"/budget/payments?q={of.number}"),
    )


def _heads(words: Words, columns: dict[str, ValueKind]) -> tuple[Column, ...]:
    return tuple(
        Column(name, words(f"budget.execution.column-{name}"), kind, 2 if kind == "number" else 0)
        for name, kind in columns.items()
    )


def _money(label: str, name: str, fen: int | None, path: str = "") -> Figure:
    return Figure(name, label, _yuan(fen), "number", path=path)


def _month(words: Words, of: Month) -> dict[str, object]:
    return {"year": of.year, "month": words(f"month.{of.month}")}


def _yuan(fen: int | None) -> float | None:
    """Below 90 trillion yuan both decimals are exact."""
    return None if fen is None else fen / 100


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{share * 100:.1f}%"


def _listed(words: Words, months: Sequence[int]) -> str:
    return words.listed(words(f"month.{of}") for of in months)
