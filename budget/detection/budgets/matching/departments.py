"""A department by the name under which it publishes, and the units whose money is its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from budget.detection.books import Books
from budget.detection.budgets.matching.coding import plain

_PLACE = re.compile(r"^.{0,3}?[省市区县旗]")
_SHORTEST = 3
"""Of the end of a name by which one is known: 水利局."""


def head_of(books: Books, department: str) -> str:
    """The code of a department among the units of books: by code, by its whole name, or where one
    name alone is the same but for province, city and county. Empty: nobody knows it.
    """
    heads = {
        code: plain(name) for code, name in _units(books).items() if code not in books.superiors
    }
    asked = plain(department)
    if asked in heads:
        return asked
    same = [code for code, name in heads.items() if name == asked]
    ending = [code for code, name in heads.items() if _bare(name) == _bare(asked)]
    return next((found[0] for found in (same, ending) if len(found) == 1), "")


def members(books: Books, head: str) -> frozenset[str]:
    """The department itself and the units below it, by code."""
    return frozenset((head, *(unit for unit, of in books.superiors.items() if of == head)))


def _units(books: Books) -> Mapping[str, str]:
    """Names of units by code; a unit that payments name without a code has its name as one."""
    named = {of: of for of in books.payments.unit.values} | {
        of.unit: of.unit for of in books.lines
    }
    return named | books.units


def _bare(name: str) -> str:
    """A name without those of province, city and county in front of it."""
    bare = plain(name)
    while (short := _PLACE.sub("", bare, count=1)) != bare and len(short) >= _SHORTEST:
        bare = short
    return bare
