"""Published tables: what does not add up in them, and what payments and budget lines say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Annotated

from msgspec import Meta, Struct

from budget.detection.books import Books, PublishedBreak, PublishedSet
from budget.detection.budgets.matching.coding import calendar
from budget.detection.budgets.matching.comparing import (
    Basis,
    Compared,
    Group,
    Needs,
    compared,
)
from budget.detection.budgets.matching.departments import head_of
from budget.detection.records import Grade, Question, RuleKind

BLANK, UNKNOWN = "blank", "unknown"
"""Among facts: a cell that says nothing, and one of which nobody knows what it should."""
_ROUNDED_PARTS = 8
"""Lines of a class that may each be off by half of the last decimal."""
_YUAN = 100
Cents = Annotated[int, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0)]


class BreakParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest difference that is asked about, and checks that ask nothing by themselves:
    those of form.
    """

    at_least_cents: Cents
    checks_aside: tuple[str, ...]


class Tolerance(Struct, frozen=True, forbid_unknown_fields=True):
    """A difference is asked about that is more than this share of what was published, and not
    below this sum.
    """

    share: Share
    at_least_cents: Cents


class PaymentParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Tolerances against payments, of all expense, of a class and of one of the three expenses,
    and against budget lines. Payments of a year are whole that has as many months of them;
    ``most_without_code`` is the share of payments that may be without an item. Where at least
    ``borne_out`` figures of a set, and most of them, are those of payments but for roundings, all
    the money passes the treasury, and the others are held to it without a tolerance.
    """

    total: Tolerance
    by_class: Tolerance
    three_public: Tolerance
    lines: Tolerance
    months: Annotated[int, Meta(ge=1, le=12)]
    most_without_code: Share
    borne_out: Annotated[int, Meta(ge=1)]
    three_public_codes: Mapping[str, tuple[str, ...]]

    @property
    def needs(self) -> Needs:
        """The conditions under which figures are held against each other."""
        return Needs(self.months, self.most_without_code, self.three_public_codes)

    def of(self, group: Group, basis: Basis) -> Tolerance:
        """The tolerance of figures of a kind."""
        if basis != "payments":
            return self.lines
        return {
            "total": self.total, "class": self.by_class, "three-public": self.three_public
        }[group]  # fmt: skip


def find_breaks(books: Books, by: BreakParameters) -> Iterator[Question]:
    """A question for each set in which figures do not hold, with the greatest difference."""
    for of in books.published:
        breaks = [one for one in of.breaks if _is_asked(one, by)]
        if breaks:
            worst = max(breaks, key=lambda one: (abs(one.cents or 0), one.sheet, one.cell))
            yield _of_breaks(books, of, breaks, worst)


def _is_asked(one: PublishedBreak, by: BreakParameters) -> bool:
    if one.check in by.checks_aside:
        return False
    return one.cents is None or abs(one.cents) >= by.at_least_cents


def _of_breaks(
    books: Books, of: PublishedSet, breaks: Sequence[PublishedBreak], worst: PublishedBreak
) -> Question:
    return Question(
        grade=1 if worst.cents else 2,
        unit=head_of(books, of.department) or of.department,
        subject=f"{of.year}/{of.stage}",
        cents=abs(worst.cents or 0),
        rows=(),
        facts={
            "year": of.year,
            "stage": of.stage,
            "n": len(breaks),
            "title": worst.title,
            "cell": worst.cell,
            "label": worst.label,
            "says": worst.says or BLANK,
            "should": worst.should or UNKNOWN,
            "measure": worst.unit,
            "set": of.id,
        },
        by_subject=True,
    )


def find_differences(books: Books, by: PaymentParameters) -> Iterator[Question]:
    """A question for each set and kind of figures that payments or budget lines do not bear out,
    with the greatest difference.
    """
    dated = calendar(books.payments.days)
    for of in books.published:
        found = compared(books, of, by.needs, dated)
        exact = _is_borne_out(found.figures, by.borne_out)
        wrong = [
            one
            for one in found.figures
            if _is_beyond(one, by.of(one.group, one.basis))
            or (exact and one.basis == "payments" and _is_exactly_beyond(one))
        ]
        wrong.sort(key=_kind)
        for _, some in groupby(wrong, key=_kind):
            yield _of_difference(of, found.head, list(some))


def _kind(one: Compared) -> tuple[Basis, Group]:
    return one.basis, one.group


def _is_borne_out(figures: Sequence[Compared], least: int) -> bool:
    """Whether payments are most of the figures that are not 0 but for roundings. The total shares
    the fault of its part, and is left out.
    """
    held = [
        one
        for one in figures
        if one.basis == "payments" and one.group != "total" and (one.figure.cents or one.cents)
    ]
    same = sum(map(_is_rounding, held))
    return same >= least and 2 * same > len(held)


def _is_rounding(one: Compared) -> bool:
    """Whether a difference may come from parts that were rounded one by one."""
    return abs(one.difference) <= max(_ROUNDED_PARTS * one.figure.step // 2, _YUAN)


def _is_exactly_beyond(one: Compared) -> bool:
    own_income = one.figure.money == "all" and one.difference < 0
    return not own_income and not _is_rounding(one)


def _is_beyond(one: Compared, by: Tolerance) -> bool:
    """Whether a difference is more than roundings and tolerance. What a unit pays of income of
    its own does not pass the treasury, so only more than all of it is asked about.
    """
    difference = abs(one.difference) - one.figure.step // 2
    if one.figure.money == "all" and one.difference < 0:
        return False
    return difference >= max(by.at_least_cents, 1) and difference > by.share * one.figure.cents


def _of_difference(of: PublishedSet, head: str, found: Sequence[Compared]) -> Question:
    worst = max(found, key=lambda one: (abs(one.difference), one.figure.means))
    grade: Grade = 3 if worst.group == "class" else 2
    return Question(
        grade=grade,
        unit=head,
        subject=f"{of.year}/{of.stage}/{worst.group}/{worst.basis}",
        cents=abs(worst.difference),
        rows=(),
        facts={
            "year": of.year,
            "stage": of.stage,
            "group": worst.group,
            "beside": worst.basis,
            "n": len(found),
            "item": worst.figure.label,
            "cell": worst.figure.cell,
            "sheet": worst.figure.sheet,
            "published_cents": worst.figure.cents,
            "other_cents": worst.cents,
            "difference_cents": abs(worst.difference),
            "side": "more" if worst.difference > 0 else "less",
            "set": of.id,
        },
        by_subject=True,
    )


BREAKS = RuleKind(
    name="published-does-not-add-up",
    parameters=BreakParameters,
    needs=frozenset({"published"}),
    find=find_breaks,
)
AGAINST_PAYMENTS = RuleKind(
    name="published-against-payments",
    parameters=PaymentParameters,
    needs=frozenset({"published", "unit", "days"}),
    find=find_differences,
)
