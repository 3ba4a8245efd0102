"""Changes of the budget in words, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.deadlines.records import Standing
from api.platforms.budget.changes.records import Change, Found, Proposed, Term
from api.web.tables import Heads, Sheet, Value
from budget.yuan import yuan
from config.catalogue.words import Words

COLUMNS = (
    "year",
    "unit",
    "project",
    "item",
    "approved",
    "adjusted",
    "up",
    "down",
    "moved-in",
    "moved-out",
    "moves",
    "share",
)
HEADS = Heads(
    "budget.changes.column",
    COLUMNS,
    {
        **dict.fromkeys(COLUMNS[4:10], "number"),
        "moves": "count",
        "share": "percent",
    },
)


def proposal(words: Words, of: Proposed) -> str:
    """Why the tables show a case."""
    key = of.trigger if of.trigger == "key" else "up" if of.change > 0 else "down"
    return words(
        f"budget.changes.proposed-{key}",
        function=of.function,
        approved=yuan(of.approved),
        adjusted=yuan(of.adjusted),
        change=yuan(abs(of.change)),
    )


def decided(words: Words, of: Change) -> str:
    """The cases that the office holds a change to be; empty where it said nothing."""
    if of.decision is None:
        return ""
    if not of.decision.triggers:
        return words("budget.changes.no-trigger")
    return words.listed([words(f"budget.changes.trigger-{one}") for one in of.decision.triggers])


def term(words: Words, of: Term) -> str:
    """How a draft's term stands."""
    standing = of.state if of.state in (Standing.ENDED, Standing.CANCELLED) else Standing.RUNNING
    return words(f"budget.changes.term-{standing}", title=of.title, day=of.due_day)


def table(words: Words, found: Found) -> Sheet:
    """Items that shifts touched, for a spreadsheet, in yuan."""
    return HEADS.sheet(words, words("budget.changes.title"), _rows(found))


def _rows(found: Found) -> Iterator[Sequence[Value]]:
    for of in found.items:
        yield (
            str(found.year),
            found.names.get(of.unit, of.unit),
            found.projects.get(of.project, of.project),
            of.item,
            of.approved / 100,
            of.adjusted / 100,
            of.up / 100,
            of.down / 100,
            of.moved_in / 100,
            of.moved_out / 100,
            of.moves,
            of.moved_share,
        )
