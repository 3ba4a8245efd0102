"""Payments that buy something, and the documents whose lines they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, NO_DAY, Books, Payments
from budget.detection.payments.grouping import Mask

_LINE = re.compile(r"\s*[-_/.]\s*\d{1,3}$")
"""The number of a line behind that of its document."""
_NUMBER = re.compile(r"\d+$", re.ASCII)
_NATIONAL = re.compile(r"3\d{2}(?:\d{2})?")
"""A class or an item of the classification by economic nature (支出经济分类科目)."""


def of_purchases(payments: Payments, codes: Sequence[str]) -> Mask:
    """Rows whose economic code begins with one of ``codes``, and those without a code; all rows
    where the codes are not those of the national classification.
    """
    values = payments.economic.values
    national = [bool(_NATIONAL.fullmatch(text)) for text in values]
    if not codes or not values or sum(national) * 2 < len(values):
        return np.ones(len(payments), bool)
    found: Mask = of_items(payments, codes) | (payments.economic.codes == MISSING)
    return found


def of_items(payments: Payments, codes: Sequence[str]) -> Mask:
    """Rows whose economic code begins with one of ``codes``."""
    hits = [text.startswith(tuple(codes)) for text in payments.economic.values]
    return np.array([*hits, False], bool)[payments.economic.codes]


def document(payments: Payments, row: int) -> str:
    """The voucher without the number of its line, empty where it has no such number."""
    text = payments.voucher.at(row)
    bare = _LINE.sub("", text)
    return bare if bare != text else ""


def in_one_go(payments: Payments, one: int, other: int) -> bool:
    """Whether two vouchers are lines of one document, or have numbers next to each other."""
    bare = document(payments, one)
    if bare and bare == document(payments, other):
        return True
    a, b = (
        _NUMBER.search(document(payments, row) or payments.voucher.at(row)) for row in (one, other)
    )
    if a is None or b is None or a.string[: a.start()] != b.string[: b.start()]:
        return False
    return abs(int(a[0]) - int(b[0])) == 1


def documents(payments: Payments, rows: Sequence[int]) -> list[list[int]]:
    """Rows by the document that they are lines of: of one day, and one voucher or application."""
    found: dict[object, list[int]] = {}
    for row in rows:
        number = document(payments, row)
        application = payments.application
        if application.codes[row] != MISSING:
            number = application.at(row)
        key = (int(payments.days[row]), number) if number else row
        found.setdefault(key, []).append(row)
    return list(found.values())


def tendered(books: Books, open_ways: Sequence[str]) -> Mask:
    """Rows of contracts that came about in one of these ways of procurement."""
    numbers = {of.id for of in books.contracts if of.way in open_ways}
    texts = books.payments.contract
    return np.array([*(text in numbers for text in texts.values), False], bool)[texts.codes]


def years(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """The year of each day, counted from 1970."""
    dated = np.where(days == NO_DAY, 0, days).astype("datetime64[D]")
    return dated.astype("datetime64[Y]").astype(np.int64)
