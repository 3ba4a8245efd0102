"""A question for payments, and a line of sums. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, StringConstraints

from budget.ledger import Ledger, Mask, added_up, equal

By = Literal["unit", "month", "project", "function", "economic", "fund", "payee"]
BYS: tuple[By, ...] = get_args(By)
Text = Annotated[str, StringConstraints(max_length=200)]
Month = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d(-(0[1-9]|1[0-2]))?)$")]
EPOCH = date(1970, 1, 1).toordinal()
DEPARTMENT_DIGITS = 3
"""Of a unit's code the first ones are those of its department, as the treasury numbers units."""
_CODE = re.compile(r"\d+")


class Narrowing(BaseModel):
    """Values that payments have: each given one must hold. ``period`` is a year or a month;
    ``unit`` and ``project`` are codes, or names where there are none.
    """

    model_config = ConfigDict(extra="forbid")
    period: Month = ""
    unit: Text = ""
    project: Text = ""
    function: Text = ""
    economic: Text = ""
    fund: Text = ""
    payee: Text = ""

    def query(self, **changes: str) -> str:
        """As part of an address."""
        return urlencode(self.model_dump(exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Sum:
    """Payments of one value: their sum in fen, and how many there are."""

    value: str
    amount: int
    payments: int


def day_number(text: str) -> int:
    """Days since 1970-01-01 of ISO text."""
    return date.fromisoformat(text).toordinal() - EPOCH


def span(period: str) -> tuple[int, int]:
    """The first day of a year or month, and that behind its last."""
    year, month = int(period[:4]), int(period[5:] or 1)
    months = 1 if period[5:] else 12
    behind = year * 12 + month - 1 + months
    return (
        date(year, month, 1).toordinal() - EPOCH,
        date(behind // 12, behind % 12 + 1, 1).toordinal() - EPOCH,
    )


def narrowed(ledger: Ledger, asked: Narrowing) -> Mask:
    """The payments of which everything holds."""
    mask = np.ones(len(ledger), dtype=bool)
    if asked.period:
        first, behind = span(asked.period)
        mask &= (ledger.days >= first) & (ledger.days < behind)
    for name in Narrowing.model_fields.keys() - {"period"}:
        if value := getattr(asked, name):
            mask &= equal(ledger.texts[name], value)
    return mask


def sums(ledger: Ledger, mask: Mask, by: By) -> list[Sum]:
    """Sums of the chosen payments by their values, the greatest first; months in order, and units
    in theirs, by code.
    """
    if by == "month":
        months, codes = _months(ledger.days)
        found = [*_lines(ledger, mask, codes, months)]
        return sorted(found, key=lambda of: of.value)
    column = ledger.texts[by]
    found = [*_lines(ledger, mask, column.codes, column.values)]
    return sorted(found, key=lambda of: (by != "unit" and -of.amount, of.value))


def whole(ledger: Ledger, mask: Mask) -> Sum:
    """The sum of all chosen payments."""
    return Sum("", int(ledger.cents[mask].sum()), int(mask.sum()))


def named(ledger: Ledger, by: str) -> Callable[[str], str]:
    """Gives the name of a unit or project by its code; of others the value itself."""
    if by not in ("unit", "project"):
        return lambda value: value
    codes, names = ledger.texts[by], ledger.texts[f"{by}_name"]
    known, first = np.unique(codes.codes, return_index=True)
    found = {
        codes.values[code]: names.at(int(row))
        for code, row in zip(known, first, strict=True)
        if code >= 0
    }
    return lambda value: found.get(value) or value


def names(ledger: Ledger, by: str) -> dict[str, str]:
    """Names of the units or projects in payments, by code."""
    name = named(ledger, by)
    return {code: name(code) for code in ledger.texts[by].values}


def item(text: str) -> str:
    """The code before the name of an item; of a text without one the text."""
    found = _CODE.match(text)
    return found[0] if found else text


def ranks(names: Mapping[str, str], official: Sequence[str]) -> Mapping[str, int]:
    """The rank of each department in the official order. ``names`` are those of units by code,
    ``official`` those of the order, before which the treasury writes city and district.
    """
    found: dict[str, int] = {}
    for code, name in names.items():
        for rank, known in enumerate(official):
            if name.replace("人民政府", "政府").endswith(known):
                department = code[:DEPARTMENT_DIGITS]
                found[department] = min(rank, found.get(department, rank))
    return found


def _lines(
    ledger: Ledger, mask: Mask, codes: NDArray[np.int32], values: tuple[str, ...]
) -> Iterator[Sum]:
    fen, payments = added_up(ledger, mask, codes, len(values))
    for at in np.flatnonzero(payments):
        yield Sum(values[at] if at < len(values) else "", int(fen[at]), int(payments[at]))


def _months(days: NDArray[np.int32]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    values, codes = np.unique(months, return_inverse=True)
    return tuple(str(value) for value in values), codes.astype(np.int32)
