"""Reasons of refusals: the table that people read is the enumeration."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.vocabulary.refusals import Details, PassedOver, Reason

TABLE = Path(__file__).parents[2] / "docs" / "refusals.md"


def rows() -> list[list[str]]:
    """The cells of every row of its tables."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"]


def test_the_table_of_reasons_is_the_enumeration() -> None:
    """Each once, with who can mend it and whether it may be replayed."""
    told = {row[0]: tuple(row[3:]) for row in rows() if len(row) == 5 and row[0] in set(Reason)}
    assert told == {
        reason: (reason.mender, "yes" if reason.replayable else "no") for reason in Reason
    }
    named = [row[0] for row in rows() if len(row) == 5]
    assert len(named) == len(Reason) + 2, "a head, a line, and the reasons"


def test_the_table_of_what_is_passed_over_is_the_enumeration() -> None:
    """Each once."""
    assert [row[0] for row in rows() if len(row) == 2][2:] == list(PassedOver)


@pytest.mark.parametrize(
    ("details", "line"),
    [
        (Details(Reason.NO_READINGS), "no-readings"),
        (
            Details(Reason.CONFLICT, ("w21003",), t=0, kept=1.5),
            "conflict: indicators w21003; t 1970-01-01T08:00:00+08:00; kept 1.5; refused None",
        ),
        (Details(Reason.IMPOSSIBLE_TIME, t=2**53), f"impossible-time: t {2**53}"),
        (
            Details.of_indicators(Reason.UNKNOWN_INDICATOR, [f"x{n}" for n in range(12)], ()),
            "unknown-indicator: indicators x0, x1, x2, x3, x4, x5, x6, x7, x8, x9; further 2",
        ),
    ],
)
def test_grounds_are_one_line_for_a_terminal(details: Details, line: str) -> None:
    """Instants as the district has them, and as a number where no calendar goes so far."""
    assert str(details) == line
