"""Rules against budgets as anybody would write them first, to stand beside ours in
``benchmarks.budget``: each gives sets of vouchers, or of numbers of records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from budget.detection.books import NO_DAY, Books, Payments

Group = tuple[str, str, int]
Sets = list[set[str]]
OTHER, RUSH, SLOW = 0.2, 0.5, 0.9
EXPENSES = ("30217", "30231", "30212", "31013", "30913")
WORDS = ("接待", "车", "出国", "出境")


def findings(books: Books) -> Mapping[str, Sets]:
    """By kind."""
    years, months = _calendar(books.payments)
    return {
        "slow-progress": list(_slow(books, years)),
        "year-end-rush": list(_rush(books.payments, years, months)),
        "no-indicator": list(_no_indicator(books)),
        "over-indicator": list(_over_indicator(books)),
        "paying-down": list(_paying_down(books)),
        "three-expenses-misbooked": list(_expenses(books.payments, inside=False)),
        "three-expenses-wrongly-in": list(_expenses(books.payments, inside=True)),
        "item-shift": list(_shifts(books)),
        "carry-over-two-years": [{of.id} for of in books.indicators if of.source == "上年结转"],
        "other-share": list(_other(books.payments, years)),
        "asset-not-recorded": list(_assets(books)),
        "audit-problem-returns": list(_audits(books)),
        "three-expenses-over": list(_expenses_over(books, years)),
        "debt-over-limit": list(_debts_over(books)),
        "debt-does-not-add-up": list(_debts_broken(books)),
        "published-does-not-add-up": [{str(of.id)} for of in books.published if of.breaks],
        "published-against-payments": list(_published(books, years)),
    }


def _calendar(payments: Payments) -> tuple[list[int], list[int]]:
    days = np.where(payments.days == NO_DAY, 0, payments.days).astype("datetime64[D]")
    months = days.astype("datetime64[M]").astype(int)
    return (months // 12 + 1970).tolist(), (months % 12 + 1).tolist()


def _rows(payments: Payments) -> range:
    return range(len(payments))


def _groups(payments: Payments, years: list[int]) -> Mapping[Group, list[int]]:
    groups: dict[Group, list[int]] = defaultdict(list)
    for row in _rows(payments):
        groups[payments.unit.at(row), payments.project.at(row), years[row]].append(row)
    return groups


def _slow(books: Books, years: list[int]) -> Iterator[set[str]]:
    """Projects that spent less than the share of time less ten points by the end of the year."""
    lines: dict[Group, int] = defaultdict(int)
    for of in books.lines:
        lines[of.unit, of.project, of.year] += of.adjusted_cents
    payments = books.payments
    for group, rows in _groups(payments, years).items():
        paid = sum(int(payments.cents[row]) for row in rows)
        if group[1] and paid < SLOW * lines[group]:
            yield {payments.voucher.at(row) for row in rows}


def _rush(payments: Payments, years: list[int], months: list[int]) -> Iterator[set[str]]:
    """Projects, or units where no project is named, that spent more than half in the last two
    months.
    """
    for group, rows in _groups(payments, years).items():
        late = [row for row in rows if months[row] > 10]
        paid, last = (sum(int(payments.cents[row]) for row in of) for of in (rows, late))
        if (group[1] or not payments.project.known) and last > RUSH * paid:
            yield {payments.voucher.at(row) for row in late}


def _no_indicator(books: Books) -> Iterator[set[str]]:
    """Payments whose indicator is not in the table exactly as written."""
    known, payments = {of.id for of in books.indicators}, books.payments
    for row in _rows(payments):
        if payments.indicator.at(row) not in known:
            yield {payments.voucher.at(row)}


def _over_indicator(books: Books) -> Iterator[set[str]]:
    """Indicators of which more was paid than was issued."""
    payments = books.payments
    paid: dict[str, list[int]] = defaultdict(list)
    for row in _rows(payments):
        paid[payments.indicator.at(row)].append(row)
    for of in books.indicators:
        if sum(int(payments.cents[row]) for row in paid[of.id]) > of.cents:
            yield {payments.voucher.at(row) for row in paid[of.id]}


def _paying_down(books: Books) -> Iterator[set[str]]:
    """Payments to any unit."""
    names, payments = set(books.units.values()), books.payments
    for row in _rows(payments):
        payee = payments.payee.at(row)
        if payee in names and payee != books.units.get(payments.unit.at(row)):
            yield {payments.voucher.at(row)}


def _expenses(payments: Payments, *, inside: bool) -> Iterator[set[str]]:
    """Payments with a word outside the codes, or without one under them."""
    for row in _rows(payments):
        under = payments.economic.at(row).startswith(EXPENSES)
        spoken = any(word in payments.use.at(row) for word in WORDS)
        if under == inside and spoken != inside:
            yield {payments.voucher.at(row)}


def _shifts(books: Books) -> Iterator[set[str]]:
    """Projects and years with three shifts or more."""
    shifts: dict[Group, set[str]] = defaultdict(set)
    for of in books.adjustments:
        if of.kind == "调剂":
            shifts[of.unit, of.project, of.year].add(of.id)
    yield from (ids for ids in shifts.values() if len(ids) > 2)


def _other(payments: Payments, years: list[int]) -> Iterator[set[str]]:
    """Projects and years with more than a fifth under items that end with 99."""
    for rows in _groups(payments, years).values():
        other = [row for row in rows if payments.economic.at(row).endswith("99")]
        paid, named = (sum(int(payments.cents[row]) for row in of) for of in (rows, other))
        if named > OTHER * paid:
            yield {payments.voucher.at(row) for row in other}


def _assets(books: Books) -> Iterator[set[str]]:
    """Purchases whose voucher no asset names."""
    known, payments = {of.voucher for of in books.assets}, books.payments
    for row in _rows(payments):
        if payments.economic.at(row).startswith("310") and payments.voucher.at(row) not in known:
            yield {payments.voucher.at(row)}


def _audits(books: Books) -> Iterator[set[str]]:
    """Problems of a type that the unit had in an earlier year."""
    for of in books.problems:
        earlier = {
            one.id
            for one in books.problems
            if (one.unit, one.kind) == (of.unit, of.kind) and one.year < of.year
        }
        if earlier:
            yield {of.id, *earlier}


def _expenses_over(books: Books, years: list[int]) -> Iterator[set[str]]:
    """Units and years that paid more under the codes than the lines of January say."""
    paid: dict[tuple[str, int], int] = defaultdict(int)
    payments = books.payments
    for row in _rows(payments):
        if payments.economic.at(row).startswith(EXPENSES):
            paid[payments.unit.at(row), years[row]] += int(payments.cents[row])
    for of in books.lines:
        if of.economic.startswith(EXPENSES):
            paid[of.unit, of.year] -= of.approved_cents
    yield from ({f"{unit}/{year}"} for (unit, year), more in paid.items() if more > 0)


def _debts_over(books: Books) -> Iterator[set[str]]:
    """Balances and what was issued beyond the limit."""
    for of in books.debts:
        if of.beginning_cents + of.issued_cents > (of.limit_cents or 0):
            yield {f"{of.year}/0/{of.kind}（{of.area}）"}


def _debts_broken(books: Books) -> Iterator[set[str]]:
    """Rows that do not add up to the fen."""
    for of in books.debts:
        if of.beginning_cents + of.issued_cents - of.repaid_cents != of.end_cents:
            yield {f"{of.year}/{of.quarter}/{of.kind}（{of.area}）"}


def _published(books: Books, years: list[int]) -> Iterator[set[str]]:
    """Sets whose total is not what the department's units paid in the year, to the fen."""
    paid: dict[tuple[str, int], int] = defaultdict(int)
    payments = books.payments
    for row in _rows(payments):
        unit = payments.unit.at(row)
        head = books.units.get(books.superiors.get(unit, unit), unit)
        paid[head, years[row]] += int(payments.cents[row])
    for of in books.published:
        totals = {one.cents for one in of.figures if one.means == "total"}
        if totals and paid[of.department, of.year] not in totals:
            yield {str(of.id)}
