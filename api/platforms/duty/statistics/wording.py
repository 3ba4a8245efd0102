"""Figures of handling in words: cards, tables, rows, and the yearly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.accounts.records import Unit
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from api.platforms.duty.statistics.records import (
    MEASURES,
    RATES,
    By,
    Counts,
    Group,
    Line,
    Measure,
    RateName,
    share,
)
from api.web.workbooks import Column as SheetColumn
from api.web.workbooks import Sheet, Value
from config.catalogue.words import Words

SHOWN: tuple[Measure, ...] = (
    *("assigned", "answered", "class_a", "confirmed", "rated", "satisfied", "fairly"),
    *("dissatisfied", "silent", "promised", "claimed", "kept"),
)
"""Columns of a table, in their order."""
ROWS = "/duty/statistics/rows"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with both of its parts, each with the address of its rows."""

    name: RateName
    title: str
    said: str
    above: int
    above_path: str
    below: int
    below_path: str
    means: str


def rates(words: Words, counts: Counts, query: str) -> Sequence[Rate]:
    """The four rates. ``query`` is what was chosen, as part of an address."""
    return [
        Rate(
            name,
            words(f"duty.statistics.rate-{name}"),
            percent(share(counts, name)),
            counts[above],
            rows_path(above, query),
            counts[below],
            rows_path(below, query),
            words(f"duty.statistics.rate-{name}-means"),
        )
        for name, (above, below) in RATES.items()
    ]


def percent(of: float | None) -> str:
    """A share as people write it; a dash where there is nothing to count."""
    return "—" if of is None else f"{of * 100:.1f}%"


def rows_path(measure: Measure, query: str) -> str:
    """The address of the rows that a measure counts."""
    return f"{ROWS}?measure={measure}" + (f"&{query}" if query else "")


def names(words: Words, by: By, units: Sequence[Unit]) -> Mapping[str, str]:
    """Of groups, by key."""
    if by == "unit":
        return {of.id: words.name(of.name) for of in units}
    return {}


def group_name(words: Words, by: By, key: str, known: Mapping[str, str]) -> str:
    """Of one group."""
    if not key or key == "0":
        return words("duty.statistics.unknown")
    if by in ("session", "topic"):
        return words(f"duty.suggestion.{by}-{key}")
    return known.get(key, key)


def columns(words: Words) -> Sequence[str]:
    """Headings of a table."""
    return [words(f"duty.statistics.measure-{name}") for name in SHOWN]


def line_about(words: Words, of: Line, units: Mapping[str, str]) -> str:
    """Number, unit and state of a row."""
    kind = "promise" if of.promise else "suggestion"
    state = words(f"duty.{kind}.state-{of.state}")
    return " · ".join(part for part in (of.number, units.get(of.unit, of.unit), state) if part)


def sheet(words: Words, by: By, groups: Sequence[Group], known: Mapping[str, str]) -> Sheet:
    """The same as a table for a spreadsheet."""
    rows: list[list[Value]] = [
        [
            group_name(words, by, of.key, known),
            *(of.counts[name] for name in MEASURES),
            *(share(of.counts, name) for name in RATES),
        ]
        for of in groups
    ]
    heads = [
        SheetColumn(words(f"duty.statistics.by-{by}"), "text"),
        *(SheetColumn(words(f"duty.statistics.measure-{name}"), "count") for name in MEASURES),
        *(SheetColumn(words(f"duty.statistics.rate-{name}"), "percent") for name in RATES),
    ]
    return Sheet(words("duty.statistics.title"), heads, rows)


def paper(
    words: Words,
    issuer: str,
    year: str,
    found: Mapping[By, Sequence[Group]],
    known: Mapping[By, Mapping[str, str]],
    counts: Counts,
) -> Paper:
    """The yearly report on how suggestions were handled (代表法 art. 51(3))."""
    query = f"year={year}"
    parts = [_overview(words, counts, query)]
    for by, groups in found.items():
        title = words(f"duty.statistics.by-{by}")
        table = _table(words, by, groups, known[by], query)
        parts.append(Section(f"by-{by}", title, tables=(table,)))
    return Paper(
        words("duty.year-report.title", year=year),
        words("duty.year-report.subtitle", year=year),
        issuer,
        tuple(parts),
    )


def _overview(words: Words, counts: Counts, query: str) -> Section:
    said = [
        words(
            "duty.year-report.sentence",
            rate=of.title,
            said=of.said,
            above=of.above,
            below=of.below,
            means=of.means,
        )
        for of in rates(words, counts, query)
    ]
    silent = words("duty.year-report.silent", n=counts["silent"])
    confirmed = words(
        "duty.year-report.confirmed", claimed=counts["class_a"], n=counts["confirmed"]
    )
    figures = tuple(
        Figure(
            name.replace("_", "-"),
            words(f"duty.statistics.measure-{name}"),
            counts[name],
            path=rows_path(name, query),
        )
        for name in MEASURES
    )
    title = words("duty.year-report.overview")
    return Section("overview", title, (*said, silent, confirmed), figures)


def _table(
    words: Words, by: By, groups: Sequence[Group], known: Mapping[str, str], query: str
) -> Table:
    heads = (
        Column("group", words(f"duty.statistics.by-{by}")),
        *(
            Column(name.replace("_", "-"), words(f"duty.statistics.measure-{name}"), "count")
            for name in SHOWN
        ),
    )
    rows = tuple(
        (
            Cell(group_name(words, by, of.key, known)),
            *(Cell(of.counts[name], rows_path(name, f"{query}&{by}={of.key}")) for name in SHOWN),
        )
        for of in groups
    )
    return Table(f"table-{by}", words(f"duty.statistics.by-{by}"), heads, rows)
