"""Closes the books: numbers everything, and derives indicators, plans and applications from what
was paid, so that the chain reconciles wherever nobody broke it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from simulators.treasury.books import (
    FROM_ABOVE,
    INITIAL,
    ROUND,
    SCATTERED,
    Books,
    Deal,
    Draft,
    Line,
    Undertaking,
)
from simulators.treasury.limits import limits
from simulators.treasury.payees import typed
from simulators.treasury.records import (
    Adjustment,
    Application,
    Asset,
    AuditProblem,
    BudgetLine,
    Contract,
    Control,
    Indicator,
    Label,
    Payment,
    Plan,
    Project,
    Treasury,
)

_TREASURY = ("南通市通州区财政局国库集中支付专户", "32060110200018001")
_UNCLOSED = 0.03
"""Share of budget lines without a final figure."""


class Closing:
    """Of books that nobody writes in any more."""

    def __init__(self, books: Books, drawn: random.Random) -> None:
        self._books = books
        self._drawn = drawn
        self._paid: dict[Line, int] = defaultdict(int)
        self._booked: dict[Line, int] = defaultdict(int)
        self._monthly: dict[Line, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._deals: dict[Deal, int] = defaultdict(int)
        self._amounts: dict[Line, int] = {}
        self._known = set(books.lines.values())
        books.drafts = [draft for draft in books.drafts if not draft.dropped]
        for at, draft in enumerate(books.drafts):
            line = draft.charged or draft.line
            self._paid[line] += draft.amount
            self._booked[self._booking(draft)] += draft.amount
            self._monthly[line][draft.on.month] += draft.amount
            if draft.deal and not draft.repeats:
                self._deals[draft.deal] += draft.amount
            if draft.on.year == line.year:
                line.issued_on = min(line.issued_on, draft.on)
            draft.number = str(at)
        books.deals = [deal for deal in books.deals if deal in self._deals]
        books.drafts.sort(key=lambda draft: (draft.on, int(draft.number)))
        lines = [line for line in books.lines.values() if self._issued(line)]
        self._lines = sorted(lines, key=lambda line: (line.issued_on, line.unit.code))
        books.deals.sort(key=lambda deal: (deal.signed_on, deal.unit.code))
        books.cards.sort(key=lambda card: (card.on, card.unit.code))
        books.problems.sort(key=lambda problem: (problem.year, problem.unit.code))
        self._number()

    def _booking(self, draft: Draft) -> Line:
        """The line in whose final figure a payment is: that of its item, where the unit pays it
        from another line of its own.
        """
        own, line = draft.line, draft.charged
        if line is None or (
            line in self._known and line.unit is own.unit and line.year == own.year
        ):
            return own
        return line

    def _number(self) -> None:
        books = self._books
        counts: dict[tuple[str, int], int] = defaultdict(int)

        def following(prefix: str, year: int, digits: int) -> str:
            counts[prefix, year] += 1
            return f"{prefix}{year}{counts[prefix, year]:0{digits}}"

        for project in books.projects:
            unit = project.unit.code
            project.number = f"320612{following(unit, project.first_year % 100, 4)}"
        for line in self._lines:
            line.number = following("ZB", line.year, 6)
        self._changes = sorted(
            ((change, line) for line in self._lines for change in line.changes),
            key=lambda pair: pair[0].on,
        )
        for change, line in self._changes:
            change.number = following("TZ", line.year, 5)
        for draft in books.drafts:
            draft.number = following("", draft.on.year, 7)
        for deal in books.deals:
            deal.number = following("TZCG", deal.signed_on.year, 5)
        for card in books.cards:
            card.number = following("ZC", card.on.year, 5)
        for problem in books.problems:
            problem.number = following("SJ", problem.year, 4)

    def treasury(self, seed: int, later: random.Random) -> Treasury:
        """All tables; ``later`` draws what was added to them."""
        payments, applications = self._payments()
        indicators, lines = tuple(self._indicators()), tuple(self._budget_lines())
        return Treasury(
            seed=seed,
            payments=payments,
            indicators=indicators,
            plans=tuple(self._plans()),
            applications=applications,
            adjustments=tuple(self._adjustments()),
            budget_lines=lines,
            projects=tuple(self._projects()),
            assets=tuple(self._assets()),
            audit_problems=tuple(self._problems()),
            contracts=tuple(self._contracts()),
            controls=_controls(payments),
            labels=tuple(self._labels()),
            limits=limits(lines, payments, self._books.frozen, later),
        )

    def _payments(self) -> tuple[tuple[Payment, ...], tuple[Application, ...]]:
        applied: dict[str, str] = {}
        sums: dict[str, int] = defaultdict(int)
        first: dict[str, Draft] = {}
        payments = []
        for draft in self._books.drafts:
            owner = draft.batch or draft
            number = applied.get(owner.number)
            if number is None:
                number = applied[owner.number] = f"SQ{draft.on.year}{len(applied) + 1:07}"
                first[number] = draft
            sums[number] += draft.amount
            payments.append(self._payment(draft, number))
        applications = [
            Application(
                number,
                self._indicator_of(draft, typed=draft.planted),
                draft.line.unit.code,
                sums[number],
                self._applied_on(draft.on),
                draft.purpose,
            )
            for number, draft in first.items()
        ]
        return tuple(payments), tuple(applications)

    def _applied_on(self, paid_on: date) -> date:
        return max(
            paid_on - timedelta(days=int(self._drawn.random() * 5)), date(paid_on.year, 1, 1)
        )

    def _indicator_of(self, draft: Draft, *, typed: bool = True) -> str:
        number = (draft.charged or draft.line).number
        return draft.typed(number) if typed and draft.typed else number

    def _payment(self, draft: Draft, application: str) -> Payment:
        line, unit = draft.line, draft.line.unit
        payer = _TREASURY if draft.by_treasury else (unit.name, unit.zero_account)
        return Payment(
            draft.number,
            application,
            unit.code,
            unit.name,
            draft.name or typed(draft.payee.name, self._drawn),
            draft.payee.account,
            payer[0],
            payer[1],
            draft.amount,
            draft.on,
            draft.purpose,
            line.function,
            line.item,
            _code(line.project),
            _name(line.project),
            line.fund,
            draft.settlement,
            self._indicator_of(draft),
            draft.deal.number if draft.deal else "",
            draft.invoice,
        )

    def _final(self, line: Line) -> int:
        """The amount of a line after its changes."""
        known = self._amounts.get(line)
        if known is None:
            paid = self._paid[line]
            if line.granted is not None:
                known = line.granted
            elif line.excess:
                known = paid - line.excess
                known = known // ROUND * ROUND if line.excess > ROUND < known else known
            elif line.carried_from:
                known = self._final(line.carried_from) - self._paid[line.carried_from]
            elif line.unspent is not None:
                known = _rounded(paid + line.unspent)
            else:
                known = _rounded(paid + paid * 0.06 * self._drawn.random() ** 2)
            self._amounts[line] = known
        return known

    def _issued(self, line: Line) -> int:
        return self._final(line) - sum(change.amount for change in line.changes)

    def _indicators(self) -> Iterable[Indicator]:
        for at, line in enumerate(self._lines):
            higher = f"苏财专〔{line.year}〕{at % 180 + 1}号" if line.source == FROM_ABOVE else ""
            yield Indicator(
                line.number,
                line.unit.code,
                line.unit.name,
                _code(line.project),
                _name(line.project),
                line.function,
                line.item,
                line.fund,
                self._issued(line),
                line.issued_on,
                line.source,
                f"通财预〔{line.year}〕{at % 90 + 1}号",
                higher,
                line.year,
            )

    def _plans(self) -> Iterable[Plan]:
        count = 0
        for line in self._lines:
            left, months = self._final(line), self._monthly[line]
            planned: dict[int, int] = {}
            for month in sorted(months):
                part = min(max(-(-months[month] // ROUND) * ROUND, 0), left)
                planned[month] = part
                left -= part
            if left or not planned:
                last = max(planned, default=12)
                planned[last] = planned.get(last, 0) + left
            for month, part in planned.items():
                if part:
                    count += 1
                    number = f"JH{line.year}{count:07}"
                    yield Plan(
                        number, line.number, line.unit.code, f"{line.year}-{month:02}", part
                    )

    def _adjustments(self) -> Iterable[Adjustment]:
        for one, line in self._changes:
            yield Adjustment(
                one.number,
                line.year,
                line.unit.code,
                _code(line.project),
                line.item,
                one.on,
                one.amount,
                one.kind,
                one.document,
            )

    def _budget_lines(self) -> Iterable[BudgetLine]:
        together: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for line in self._lines:
            together[line.year, line.unit.code, id(line.project), line.item].append(line)
        for lines in together.values():
            first = lines[0]
            paid = sum(self._booked[line] for line in lines)
            yield BudgetLine(
                first.year,
                first.unit.code,
                _code(first.project),
                first.function,
                first.item,
                first.unit.name,
                _name(first.project),
                "项目支出" if first.project else "基本支出",
                sum(self._issued(line) for line in lines if line.source == INITIAL),
                sum(self._final(line) for line in lines),
                None if self._drawn.random() < _UNCLOSED else paid,
            )

    def _projects(self) -> Iterable[Project]:
        for one in self._books.projects:
            yield Project(
                one.number,
                one.name,
                one.unit.code,
                one.unit.name,
                one.first_year,
                one.last_year,
                one.environment,
                one.stations,
            )

    def _assets(self) -> Iterable[Asset]:
        for card in self._books.cards:
            voucher = card.draft.number if card.draft else ""
            yield Asset(
                card.number, card.unit.code, card.name, card.kind, card.on, card.value, voucher
            )

    def _problems(self) -> Iterable[AuditProblem]:
        for one in self._books.problems:
            yield AuditProblem(
                one.number,
                one.year,
                one.unit.code,
                one.kind,
                one.text,
                one.amount,
                one.due_on,
                one.state,
                one.rectified_on,
            )

    def _contracts(self) -> Iterable[Contract]:
        for deal in self._books.deals:
            amount = round(self._deals[deal] / deal.paid_share)
            if deal.method != SCATTERED:
                amount = -(-amount // 100) * 100
            yield Contract(
                deal.number,
                deal.unit.code,
                deal.supplier.name,
                deal.name,
                amount,
                deal.signed_on,
                deal.method,
            )

    def _labels(self) -> Iterable[Label]:
        for mark in self._books.marks:
            yield Label(
                mark.kind,
                tuple(sorted(draft.number for draft in mark.drafts)),
                mark.unit.code,
                mark.year,
                mark.note,
                mark.innocent,
                _code(mark.project),
                tuple(row.number for row in mark.rows),
            )


def _rounded(amount: float) -> int:
    return -(-round(amount) // ROUND) * ROUND


def _code(project: Undertaking | None) -> str:
    return project.number if project else ""


def _name(project: Undertaking | None) -> str:
    return project.name if project else ""


def _controls(payments: Sequence[Payment]) -> tuple[Control, ...]:
    sums: dict[tuple[int, int, str], int] = defaultdict(int)
    for one in payments:
        sums[one.paid_on.year, one.paid_on.month, one.unit] += one.amount
    return tuple(Control(*key, amount) for key, amount in sorted(sums.items()))
