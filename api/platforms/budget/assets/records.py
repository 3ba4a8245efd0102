"""A question for the register of assets, and its sums. Pure; money is fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

A_PAGE = 50
Value = Annotated[str, StringConstraints(max_length=200)]


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it. ``year`` is that in which
    things were bought, ``unit`` a code, ``q`` a part of a name or number.
    """

    year: Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")] = ""
    unit: Value = ""
    category: Value = ""
    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Asset:
    """A row of the register; ``bought`` is an ISO day or empty."""

    number: str
    unit: str
    name: str
    category: str
    bought: str
    value: int
    voucher: str
    load: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Things of one value: how many, and what they are worth."""

    value: str
    count: int
    worth: int


@dataclass(frozen=True, slots=True)
class Growth:
    """A year: things bought in it with their worth, all that were bought until its end, and what
    was paid in it for equipment.
    """

    year: str
    count: int
    worth: int
    until: int
    paid: int


@dataclass(frozen=True, slots=True)
class Bought:
    """A unit in a year: paid for equipment, and recorded as bought."""

    unit: str
    name: str
    paid: int
    count: int
    worth: int

    @property
    def difference(self) -> int:
        """Paid beyond what was recorded; below 0 where more was recorded."""
        return self.paid - self.worth


@dataclass(frozen=True, slots=True)
class Found:
    """The register as it was asked for. ``year`` is that of ``bought``; ``codes`` are those of the
    items that count as equipment. ``names`` are of units by their codes.
    """

    rows: Sequence[Asset]
    whole: Sum
    by_unit: Sequence[Sum]
    by_category: Sequence[Sum]
    growth: Sequence[Growth]
    year: str
    bought: Sequence[Bought]
    codes: Sequence[str]
    names: Mapping[str, str]
    up_to_date: bool

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.whole.count // A_PAGE))


def growth(by_year: Sequence[Sum], paid: Mapping[str, int]) -> list[Growth]:
    """Years of either, the newest first. Things without a day of purchase are there before all."""
    worth = {of.value: of for of in by_year}
    until = worth[""].worth if "" in worth else 0
    found = []
    for year in sorted({*worth, *paid} - {""}):
        of = worth.get(year, Sum(year, 0, 0))
        until += of.worth
        found.append(Growth(year, of.count, of.worth, until, paid.get(year, 0)))
    return found[::-1]


def bought(
    recorded: Sequence[Sum], paid: Mapping[str, int], names: Mapping[str, str]
) -> list[Bought]:
    """Units of either by code, which is their official order."""
    worth = {of.value: of for of in recorded}
    return [
        Bought(unit, names.get(unit, unit), paid.get(unit, 0), of.count, of.worth)
        for unit in sorted({*worth, *paid})
        for of in [worth.get(unit, Sum(unit, 0, 0))]
    ]
