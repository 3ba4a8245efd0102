"""Rectifications in words: lines, the choices of the list, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from api.accounts.repositories.units import Units
from api.kinds.reports import Cell, Column, Figure, Means, Paper, Section, Table
from api.platforms.budget.rectification.records import (
    STATES,
    WAYS,
    Problem,
    Standing,
    Tally,
    stands,
    together,
)
from api.ports import Json
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value, ValueKind
from budget.yuan import yuan
from config.catalogue.words import Words
from config.vocabulary.time import day_of

COLUMNS = (
    "number",
    "year",
    "unit",
    "category",
    "problem",
    "amount",
    "put-right",
    "way",
    "due",
    "state",
    "opened",
    "stands",
)
HEADS = Heads(
    "budget.rectification.column",
    COLUMNS,
    {"amount": "number", "put-right": "number", "due": "day", "opened": "day"},
)
DASH = "—"
COUNTED = ("open", "reported", "confirmed", "closed")
"""States of which a paper has figures."""
Which = Literal["left", "done"]
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A rectification as lists show it. ``standing`` says that its problem stands no more, or
    otherwise.
    """

    row: Row
    unit: str
    amount: str
    put_right: str
    way: str
    state: str
    late: bool
    standing: str


@dataclass(frozen=True, slots=True)
class Share:
    """The figures of a unit, with the share that was struck off and its denominator."""

    of: Tally
    unit: str
    share: str
    amount: str
    put_right: str


def lines(
    services: Services, rows: Iterable[Row], now: Mapping[str, Problem], today: str
) -> list[Line]:
    """Rectifications as they stand. ``now`` are the problems of today by number."""
    units, words = names(services), services.words
    return [
        Line(
            row,
            units.get(row["unit"], row["unit"]),
            DASH if row["amount"] is None else yuan(row["amount"]),
            DASH if row["put_right"] is None else yuan(row["put_right"]),
            words(f"budget.rectify.way-{row['way']}"),
            words(f"budget.rectify.state-{row['state']}"),
            row["state"] == "open" and row["due_day"].isoformat() < today,
            standing(words, stands(row, now.get(row["number"]))),
        )
        for row in rows
    ]


def standing(words: Words, of: Standing) -> str:
    """The words on a problem that is not as it was opened; on one that is none."""
    return words(f"budget.rectification.stands-{of}") if of else ""


def names(means: Means) -> Mapping[str, str]:
    """Units of the register by id, in the official order."""
    return {of.id: means.words.name(of.name) for of in Units(means.state).all()}


def content(line: Line) -> Json:
    """A rectification as an item for other platforms: it explains itself."""
    row = line.row
    return {
        "problem": row["text"],
        "number": row["number"],
        "year": row["year"],
        "unit": line.unit,
        "amount_fen": row["amount"],
        "put_right_fen": row["put_right"],
        "way": line.way,
        "due_day": row["due_day"].isoformat(),
        "rectification": row["rectification"],
        "reason": row["reason"],
        "confirmation": row["confirmation"],
        "outcome": row["outcome"],
        "load": row["load"],
        "stands": line.standing,
    }


def shares(services: Services, tallies: Iterable[Tally]) -> list[Share]:
    """Units in the official order, never by their shares; without a unit last."""
    units = names(services)
    order = {unit: at for at, unit in enumerate(units)}
    found = sorted(tallies, key=lambda of: (order.get(of.unit, len(order)), of.unit))
    unknown = services.words("budget.rectification.no-unit")
    return [share(services.words, of, units.get(of.unit, of.unit) or unknown) for of in found]


def share(words: Words, of: Tally, unit: str = "") -> Share:
    """Of one, or of all."""
    said = DASH
    if of.share is not None:
        percent = f"{of.share * 100:.1f}"
        said = words("budget.rectification.share", percent=percent, n=of.closed, of=of.problems)
    return Share(of, unit, said, yuan(of.amount), yuan(of.put_right))


def filters(services: Services, units: Iterable[str]) -> list[Filter]:
    """Of the form: name, label, and each value with its words."""
    words, known = services.words, names(services)
    every = ("", words("budget.rectification.every"))
    chosen = [of for of in units if of]
    return [
        ("unit", words("budget.rectification.column-unit"), [every, *_named(known, chosen)]),
        (
            "state",
            words("budget.rectification.column-state"),
            [every, *((of, words(f"budget.rectify.state-{of}")) for of in STATES)],
        ),
        (
            "way",
            words("budget.rectification.column-way"),
            [every, *((of, words(f"budget.rectify.way-{of}")) for of in WAYS)],
        ),
        (
            "late",
            words("budget.rectification.late"),
            [every, ("yes", words("budget.rectification.only-late"))],
        ),
    ]


def _named(known: Mapping[str, str], units: Sequence[str]) -> list[tuple[str, str]]:
    return [(of, name) for of, name in known.items() if of in units]


def table(services: Services, found: Iterable[Line]) -> Sheet:
    """Rectifications for a spreadsheet, in yuan."""
    title = services.words("budget.rectification.title")
    return HEADS.sheet(services.words, title, _rows(found))


def _rows(found: Iterable[Line]) -> Iterator[list[Value]]:
    for of in found:
        row = of.row
        yield [
            row["number"],
            str(row["year"] or ""),
            of.unit,
            row["category"],
            row["text"],
            _money(row["amount"]),
            _money(row["put_right"]),
            of.way,
            row["due_day"],
            of.state,
            date.fromisoformat(day_of(row["opened_ms"])),
            of.standing,
        ]


def _money(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def paper(
    words: Words, issuer: str, year: int, tallies: Sequence[Tally], rows: Sequence[Row]
) -> Paper:
    """The report on what was put right of a year's problems. ``tallies`` are of units in the
    official order, the last one of problems that were not handed on; a paper knows no day of its
    own, so nothing is late in it.
    """
    title = words("budget.rectification.paper", year=year)
    whole = together(tallies)
    done = [of for of in rows if of["state"] == "closed"]
    left = [of for of in rows if of["state"] != "closed"]
    return Paper(
        title,
        words("budget.rectification.paper-basis"),
        issuer,
        (
            _overview(words, year, whole),
            Section(
                "units",
                words("budget.rectification.by-unit"),
                tables=(_by_unit(words, tallies),),
            ),
            Section(
                "problems",
                words("budget.rectification.column-problem"),
                tables=(_problems(words, "left", left), _problems(words, "done", done)),
            ),
        ),
    )


def _overview(words: Words, year: int, whole: Tally) -> Section:
    said = words(
        "budget.rectification.paper-said",
        year=year,
        n=whole.problems,
        closed=share(words, whole).share,
        amount=yuan(whole.amount),
        put_right=yuan(whole.put_right),
    )
    address = f"/budget/rectification?year={year}"
    counts = {
        "problems": (words("budget.rectification.paper-problems"), whole.problems, address),
        "unopened": (words("budget.rectification.unopened"), whole.unopened, address),
        **{
            state: (
                words(f"budget.rectify.state-{state}"),
                getattr(whole, state),
                f"{address}&state={state}",
            )
            for state in COUNTED
        },
    }
    figures = (
        *(Figure(name, label, n, path=path) for name, (label, n, path) in counts.items()),
        Figure("share", words("budget.rectification.closed-share"), whole.share, "percent"),
        Figure(
            "put-right", words("budget.rectification.put-right"), _money(whole.put_right), "number"
        ),
    )
    return Section("overview", words("budget.rectification.figures"), (said,), figures)


def _by_unit(words: Words, tallies: Sequence[Tally]) -> Table:
    names = ("unit", "unopened", *COUNTED, "share", "put-right")
    labels = {
        "unit": words("budget.rectification.column-unit"),
        "unopened": words("budget.rectification.unopened"),
        "share": words("budget.rectification.closed-share"),
        "put-right": words("budget.rectification.column-put-right"),
        **{of: words(f"budget.rectify.state-{of}") for of in COUNTED},
    }
    kinds: Mapping[str, ValueKind] = {"unit": "text", "share": "percent", "put-right": "number"}
    columns = tuple(
        Column(of, labels[of], kinds.get(of, "count"), 2 if of == "put-right" else 0)
        for of in names
    )
    rows = tuple(
        (
            Cell(of.unit or words("budget.rectification.unopened")),
            Cell(of.unopened),
            *(Cell(getattr(of, state)) for state in COUNTED),
            Cell(of.share),
            Cell(_money(of.put_right)),
        )
        for of in tallies
    )
    note = words("budget.rectification.by-unit-means")
    return Table("by-unit", words("budget.rectification.by-unit"), columns, rows, note)


def _problems(words: Words, which: Which, rows: Sequence[Row]) -> Table:
    names = ("number", "problem", "unit", "due", "state", "said")
    heads = {of: words(f"budget.rectification.column-{of}") for of in names if of != "said"} | {
        "said": words(f"budget.rectification.paper-{which}-said")
    }
    columns = tuple(Column(of, heads[of], "day" if of == "due" else "text") for of in names)
    said = ("rectification", "outcome") if which == "done" else ("reason", "progress")
    lines = tuple(
        (
            Cell(row["number"]),
            Cell(row["text"], f"/budget/rectification/{row['id']}"),
            Cell(row["unit_name"]),
            Cell(row["due_day"].isoformat()),
            Cell(words(f"budget.rectify.state-{row['state']}")),
            Cell(next((row[of] for of in said if row[of]), DASH)),
        )
        for row in rows
    )
    return Table(which, words(f"budget.rectification.paper-{which}"), columns, lines)
