"""The rules on payments that anybody would write first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, Books

_LIMITS = (200_000, 500_000)
_DAYS = 30
_SHARE = 0.7
_NEW = 50_000
_ROUND_CENTS = 100_000


def findings(books: Books) -> Mapping[str, list[set[str]]]:
    """By kind the vouchers of each finding."""
    payments = books.payments
    voucher = payments.voucher
    by_kind = {
        "duplicate-payment": _same(books),
        "split-payment": _near(books),
        "payee-concentration": _most(books),
        "new-payee": _new(books),
        "own-account": [
            [row]
            for row in range(len(payments))
            if payments.payee.at(row) in (payments.payer.at(row), _name(books, row))
        ],
        # Day 0 was a Thursday.
        "weekend-payment": _each((payments.days + 3) % 7 >= 5),
        "round-sum": _each((payments.cents > 0) & (payments.cents % _ROUND_CENTS == 0)),
    }
    return {
        kind: [{voucher.at(row) or str(row) for row in rows} for rows in found]
        for kind, found in by_kind.items()
    }


def _each(flagged: NDArray[np.bool_]) -> list[list[int]]:
    """Payments, each by itself."""
    return [[int(row)] for row in np.flatnonzero(flagged)]


def _same(books: Books) -> list[list[int]]:
    """The same payee, amount and day."""
    of = books.payments
    return [rows for rows in _groups(of.payee.codes, of.cents, of.days) if len(rows) > 1]


def _near(books: Books) -> list[list[int]]:
    """Payments of a unit to a payee within 30 days, each below a limit and together not."""
    of, found = books.payments, []
    for rows in _groups(of.unit.codes, of.payee.codes):
        rows.sort(key=of.days.__getitem__)
        for limit in _LIMITS:
            below = [row for row in rows if 0 < of.cents[row] < 100 * limit]
            flagged, first = set[int](), 0
            for last, row in enumerate(below):
                while of.days[row] - of.days[below[first]] > _DAYS:
                    first += 1
                window = below[first : last + 1]
                if len(window) > 1 and of.cents[window].sum() >= 100 * limit:
                    flagged.update(window)
            if flagged:
                found.append(sorted(flagged))
    return found


def _most(books: Books) -> list[list[int]]:
    """A payee that has most of a project's money of a year."""
    of, found = books.payments, []
    for rows in _groups(of.project.codes, _years(of.days)):
        if of.project.codes[rows[0]] == MISSING:
            continue
        whole = of.cents[rows].sum()
        found += [
            few for few in _within(rows, of.payee.codes) if of.cents[few].sum() >= _SHARE * whole
        ]
    return found


def _new(books: Books) -> list[list[int]]:
    """A payee that was never paid before a payment of some size."""
    of, found = books.payments, []
    begin = of.days.min() + 365
    for rows in _groups(of.payee.codes):
        rows.sort(key=of.days.__getitem__)
        if of.days[rows[0]] >= begin and of.cents[rows[0]] >= 100 * _NEW:
            found.append(rows[:1])
    return found


def _name(books: Books, row: int) -> str:
    unit = books.payments.unit.at(row)
    return books.units.get(unit, unit)


def _years(days: NDArray[np.int32]) -> NDArray[np.int64]:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)


def _groups(*keys: NDArray[np.integer]) -> list[list[int]]:
    """Rows with the same keys."""
    found: dict[tuple[int, ...], list[int]] = {}
    for row, key in enumerate(zip(*(of.tolist() for of in keys), strict=True)):
        found.setdefault(key, []).append(row)
    return list(found.values())


def _within(rows: list[int], key: NDArray[np.integer]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(int(key[row]), []).append(row)
    return list(found.values())
