"""The report on a topic in words. Money is said in yuan."""

from __future__ import annotations

from urllib.parse import urlencode

from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from api.platforms.budget.payments.records import PERSONS
from api.platforms.budget.special.records import (
    MOST_PAYEES,
    MOST_ROWS,
    Chosen,
    Counted,
    Topic,
    Year,
)
from api.web.workbooks import ValueKind
from budget.yuan import yuan
from config.catalogue.words import Words

YEARS: dict[str, ValueKind] = {
    "year": "text",
    "approved": "number",
    "adjusted": "number",
    "final": "number",
    "paid": "number",
    "payments": "count",
    "done": "percent",
}
QUARTERS: dict[str, ValueKind] = {
    "quarter": "text",
    "paid": "number",
    "to-date": "number",
    "done": "percent",
}
PAYEES: dict[str, ValueKind] = {
    "payee": "text",
    "paid": "number",
    "payments": "count",
    "share": "percent",
}
ADJUSTMENTS: dict[str, ValueKind] = {
    "day": "day",
    "unit": "text",
    "project": "text",
    "change": "text",
    "amount": "number",
    "document": "text",
}
FINDINGS: dict[str, ValueKind] = {
    "unit": "text",
    "question": "text",
    "amount": "number",
    "state": "text",
}


def paper(words: Words, issuer: str, of: Counted) -> Paper:
    """The report; words of the office stand where the centre would write."""
    topic = of.topic
    own = tuple(line for line in topic.text.splitlines() if line.strip())
    return Paper(
        words("budget.special.title", topic=topic.title),
        words("budget.special.subtitle", first=topic.from_year, last=topic.to_year),
        issuer,
        (
            Section(
                "summary",
                words("budget.special.summary"),
                own or _sentences(words, of),
                _figures(words, of),
            ),
            Section(
                "progress",
                words("budget.special.progress"),
                tables=(_years(words, of), _quarters(words, of), _payees(words, of)),
            ),
            Section(
                "matters",
                words("budget.special.matters"),
                tables=(_adjustments(words, of), _findings(words, of)),
            ),
            Section(
                "effect",
                words("budget.special.effect"),
                tuple(of.effects) or (words("budget.special.no-effect"),),
            ),
        ),
    )


def empty(words: Words) -> Paper:
    """The report on a topic of which nothing is known."""
    topic, everything = Topic("", 2026, 2026), Chosen(None, None)
    return paper(words, "", Counted(topic, everything, (), (), (), 0, "", (), (), ()))


def _sentences(words: Words, of: Counted) -> tuple[str, ...]:
    topic, paid = of.topic, sum(one.paid for one in of.years)
    said = [
        words("budget.special.about", about=_about(words, topic, of.chosen)),
        words(
            "budget.special.paid",
            first=topic.from_year,
            last=topic.to_year,
            paid=yuan(paid),
            n=of.payments,
        ),
    ]
    budgets = [one for one in of.years if one.adjusted is not None]
    if budgets:
        budget = sum(one.adjusted or 0 for one in budgets)
        said.append(words("budget.special.budget", budget=yuan(budget), n=len(budgets)))
    else:
        said.append(words("budget.special.no-budget"))
    if of.last_paid:
        said.append(words("budget.special.last-paid", day=of.last_paid))
    if of.payees:
        first = of.payees[0]
        share = f"{first.amount * 100 / paid:.1f}%" if paid > 0 else "—"
        said.append(
            words("budget.special.first-payee", name=_payee(words, first.value), share=share)
        )
    said.append(
        words("budget.special.counts", adjustments=len(of.adjustments), findings=len(of.findings))
    )
    return tuple(said)


def _about(words: Words, topic: Topic, chosen: Chosen) -> str:
    named = [*(chosen.units or {}).values(), *(chosen.projects or {}).values()]
    about = [*dict.fromkeys(named), *filter(None, (topic.fund.strip(), topic.words.strip()))]
    return words.listed(about) if about else words("budget.special.everything")


def _figures(words: Words, of: Counted) -> tuple[Figure, ...]:
    paid = sum(one.paid for one in of.years)
    return (
        Figure("paid", words("budget.special.column-paid"), paid / 100, "number"),
        Figure("payments", words("budget.special.column-payments"), of.payments),
        Figure("adjustments", words("budget.special.adjustments"), len(of.adjustments)),
        Figure("findings", words("budget.special.findings"), len(of.findings)),
    )


def _years(words: Words, of: Counted) -> Table:
    rows = tuple(
        (
            Cell(str(one.year)),
            Cell(_yuan(one.approved)),
            Cell(_yuan(one.adjusted)),
            Cell(_yuan(one.final)),
            Cell(_yuan(one.paid), _payments_of(of, one)),
            Cell(one.payments),
            Cell(one.done),
        )
        for one in of.years
    )
    note = "" if of.topic.budgeted else words("budget.special.years-mean")
    return Table("years", words("budget.special.years"), _heads(words, YEARS), rows, note)


def _payments_of(of: Counted, year: Year) -> str:
    """The list of the payments of a year, where one question finds them all."""
    query = {"period": str(year.year)}
    for name, codes in (("unit", of.chosen.units), ("project", of.chosen.projects)):
        if codes is not None and len(codes) != 1:
            return ""
        for code in codes or ():
            query[name] = code
    if of.topic.words.strip():
        return ""
    if of.topic.fund.strip():
        query["fund"] = of.topic.fund.strip()
    return f"/budget/payments?{urlencode(query)}"


def _quarters(words: Words, of: Counted) -> Table:
    rows = tuple(
        (
            Cell(words("budget.special.quarter-of", year=one.year, n=one.quarter)),
            Cell(_yuan(one.paid)),
            Cell(_yuan(one.to_date)),
            Cell(one.done),
        )
        for one in of.quarters
    )
    title, note = words("budget.special.quarters"), words("budget.special.quarters-mean")
    return Table("quarters", title, _heads(words, QUARTERS), rows, note)


def _payees(words: Words, of: Counted) -> Table:
    paid = sum(one.paid for one in of.years)
    rows = tuple(
        (
            Cell(_payee(words, one.value)),
            Cell(_yuan(one.amount)),
            Cell(one.payments),
            Cell(one.amount / paid if paid > 0 else None),
        )
        for one in of.payees[:MOST_PAYEES]
    )
    title = words("budget.special.payees")
    note = words("budget.special.payees-mean", n=MOST_PAYEES, all=len(of.payees))
    return Table("payees", title, _heads(words, PAYEES), rows, note)


def _payee(words: Words, value: str) -> str:
    if value == PERSONS:
        return words("budget.totals.persons")
    return value or words("budget.totals.missing")


def _adjustments(words: Words, of: Counted) -> Table:
    units, projects = of.chosen.units or {}, of.chosen.projects or {}
    rows = tuple(
        (
            Cell(one.day),
            Cell(units.get(one.unit, one.unit)),
            Cell(projects.get(one.project, one.project)),
            Cell(one.change),
            Cell(_yuan(one.amount)),
            Cell(one.document),
        )
        for one in of.adjustments[:MOST_ROWS]
    )
    title = words("budget.special.adjustments")
    note = words("budget.special.adjustments-mean", n=MOST_ROWS)
    return Table("adjustments", title, _heads(words, ADJUSTMENTS), rows, note)


def _findings(words: Words, of: Counted) -> Table:
    rows = tuple(
        (
            Cell(one.unit),
            Cell(one.text, f"/budget/findings/{one.id}"),
            Cell(_yuan(one.amount)),
            Cell(one.state),
        )
        for one in of.findings[:MOST_ROWS]
    )
    title = words("budget.special.findings")
    note = words("budget.special.findings-mean", n=MOST_ROWS)
    return Table("findings", title, _heads(words, FINDINGS), rows, note)


def _heads(words: Words, columns: dict[str, ValueKind]) -> tuple[Column, ...]:
    return tuple(
        Column(name, words(f"budget.special.column-{name}"), kind, 2 if kind == "number" else 0)
        for name, kind in columns.items()
    )


def _yuan(fen: int | None) -> float | None:
    """Below 90 trillion yuan both decimals are exact."""
    return None if fen is None else fen / 100
