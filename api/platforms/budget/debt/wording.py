"""Government debt in words, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from api.platforms.budget.debt.records import Found, is_whole
from api.web.tables import Heads, Sheet, Value
from budget.detection.books import Debt
from budget.detection.budgets.debts import Break
from budget.yuan import yuan
from config.catalogue.words import Words

COLUMNS = (
    "year",
    "kind",
    "code",
    "project",
    "limit",
    "beginning",
    "issued",
    "repaid",
    "interest",
    "end",
    "breaks",
)
HEADS = Heads(
    "budget.debt.column",
    COLUMNS,
    dict.fromkeys(("limit", "beginning", "issued", "repaid", "interest", "end"), "number"),
)


def said(words: Words, of: Break) -> str:
    """A figure that the others contradict."""
    return words(
        f"budget.debt.break-{of.figure}",
        says=yuan(of.says_cents),
        should=yuan(of.should_cents),
        difference=yuan(of.difference_cents),
    )


def breaks(words: Words, found: Iterable[Break], of: Debt) -> list[str]:
    """The figures of a row that do not add up."""
    return [said(words, one) for one in found if one.debt == of]


def name(words: Words, of: Debt) -> str:
    """The project of a row, or that it is of the kind as a whole."""
    return words("budget.debt.whole") if is_whole(of) else of.name or of.project


def table(words: Words, found: Found) -> Sheet:
    """The rows of the year for a spreadsheet, in yuan."""
    return HEADS.sheet(words, words("budget.debt.title"), _rows(words, found.rows, found.breaks))


def _rows(words: Words, rows: Sequence[Debt], found: Sequence[Break]) -> Iterator[list[Value]]:
    for of in rows:
        yield [
            str(of.year),
            of.kind,
            of.project,
            name(words, of),
            None if of.limit_cents is None else of.limit_cents / 100,
            of.beginning_cents / 100,
            of.issued_cents / 100,
            of.repaid_cents / 100,
            of.interest_cents / 100,
            of.end_cents / 100,
            words.listed(breaks(words, found, of)) if breaks(words, found, of) else "",
        ]
