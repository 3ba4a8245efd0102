"""A body's figures of a month, their checks, breaks, and what is hidden. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from config.files import read_toml

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
FLOW = ("old", "new", "closed", "pending")
"""收结存: 旧存 + 新收 - 已结 = 未结."""
LEAST = 5
"""Counts of petitions below this are not shown, nor is none: it would tell the others."""
Key = tuple[str, str]
"""A month and a column."""


@dataclass(frozen=True, slots=True)
class Template:
    """The table of one body: ``parts`` add up to the column ``new``; of ``small`` ones low counts
    are hidden; ``due_day`` is the day of the following month by which it is expected.
    """

    body: str
    due_day: int
    columns: tuple[str, ...]
    parts: tuple[str, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that does not hold: ``key`` ends the words, ``expected`` is what it should be."""

    field: str
    key: str
    expected: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of a month that count, by column."""

    month: str
    values: Mapping[str, int]


@cache
def templates() -> Mapping[str, Template]:
    """The tables by body, in the official order."""
    rows = read_toml(Path(__file__).parent / "data" / "templates.toml", "mend the file")[
        "template"
    ]
    found = [
        Template(
            body=row["body"],
            due_day=row["due_day"],
            columns=tuple(row["columns"]),
            parts=tuple(row.get("parts", ())),
            small=row.get("small", False),
        )
        for row in rows
    ]
    return {of.body: of for of in found}


def faults(
    template: Template, given: Mapping[str, str], before: Mapping[str, int] | None
) -> Sequence[Wrong]:
    """All that does not hold in a table: numbers, sums, and that what was pending at the end of
    the month ``before`` is what is old now.
    """
    found = [
        Wrong(name, "number") for name in template.columns if not NUMBER.fullmatch(given[name])
    ]
    if found:
        return found
    values = {name: int(given[name]) for name in template.columns}
    expected = values["old"] + values["new"] - values["closed"]
    if values["pending"] != expected:
        found.append(Wrong("pending", "pending", expected, values["pending"]))
    if template.parts and (total := sum(values[of] for of in template.parts)) != values["new"]:
        found.append(Wrong("new", "parts", total, values["new"]))
    if before is not None and values["old"] != before["pending"]:
        found.append(Wrong("old", "old", before["pending"], values["old"]))
    return found


def month_before(month: str) -> str:
    """The month before one."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year}-{number - 1:02}" if number > 1 else f"{year - 1}-12"


def runs(months: Sequence[Month], breaks: Collection[str]) -> Sequence[Sequence[Month]]:
    """Months in their order, cut where a definition changed: across a cut nothing is compared.
    ``breaks`` are the first months that count otherwise.
    """
    found: list[list[Month]] = []
    last = ""
    for one in sorted(months, key=lambda of: of.month):
        if not found or any(last < of <= one.month for of in breaks):
            found.append([])
        found[-1].append(one)
        last = one.month
    return found


def year_before(months: Sequence[Month], breaks: Collection[str]) -> Mapping[str, Month]:
    """By month the one a year earlier, where both count alike."""
    found = {}
    for run in runs(months, breaks):
        of_run = {of.month: of for of in run}
        for month in of_run:
            earlier = f"{int(month[:4]) - 1}{month[4:]}"
            if earlier in of_run:
                found[month] = of_run[earlier]
    return found


def hidden(template: Template, months: Sequence[Month]) -> frozenset[Key]:
    """Which counts are not shown: low ones, and further ones wherever a single low one could be
    reckoned from a sum or from the month beside it. Whoever puts several sums together may still
    narrow a count down.
    """
    if not template.small:
        return frozenset()
    values = {(of.month, name): of.values[name] for of in months for name in template.columns}
    found = {key for key, value in values.items() if value < LEAST}
    groups = [[(of.month, name) for name in FLOW] for of in months]
    groups += [[(of.month, name) for name in ("new", *template.parts)] for of in months]
    earlier = [((month_before(of.month), "pending"), (of.month, "old")) for of in months]
    groups += [list(pair) for pair in earlier if pair[0] in values]
    while alone := [of for of in groups if len(found.intersection(of)) == 1]:
        open_ = [key for key in alone[0] if key not in found]
        found.add(min(open_, key=lambda key: (values[key], key)))
    return frozenset(found)
