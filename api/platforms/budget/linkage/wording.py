"""The chain in words: hops with their figures, each leading to its rows, and ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.platforms.budget.linkage.records import (
    Asked,
    AskedRows,
    Chain,
    Figures,
    PaymentChain,
    ProjectChain,
    Row,
    Step,
)
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from budget.chain import WAYS, Tally
from budget.yuan import yuan

FIGURES = ("above", "below", *WAYS, "elsewhere", "left", "over", "unused")
"""Of a hop, in the order of its table."""
HEADS = Heads(
    "budget.linkage.column",
    ("hop", "figure", "count", "amount"),
    {"count": "count", "amount": "number"},
)
ROW_HEADS = Heads(
    "budget.linkage.column",
    ("number", "names", "matched", "grade", "unit", "amount", "onward"),
    {"amount": "number", "onward": "number"},
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of a hop; ``rows`` is the question for what it consists of, empty for none."""

    label: str
    count: str
    amount: str
    rows: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop in words: from where to where, a sentence, and its figures."""

    title: str
    said: str
    lines: tuple[Line, ...]
    note: str = ""


def hops(
    services: Services, figures: Sequence[Figures], asked: Asked | None, adjusted: Tally
) -> list[Hop]:
    """Hops in words; without a question their figures lead nowhere. Changes of indicators are said
    where they come in: plans are of the indicators as they were changed.
    """
    found = []
    for of in figures:
        note = ""
        if of.from_stage == "indicator" and adjusted.count:
            values = {"n": adjusted.count, "yuan": yuan(adjusted.cents)}
            note = services.words("budget.linkage.adjusted", **values)
        lines = tuple(_lines(services, of, asked))
        found.append(Hop(_title(services, of), _said(services, of), lines, note))
    return found


def _title(services: Services, of: Figures) -> str:
    t = services.words
    above, below = (t(f"budget.linkage.stage-{one}") for one in (of.from_stage, of.to_stage))
    return t("budget.linkage.hop", above=above, below=below)


def _said(services: Services, of: Figures) -> str:
    t = services.words
    below = t(f"budget.linkage.stage-{of.to_stage}")
    if not of.below.count:
        return t("budget.linkage.nothing", below=below)
    share = of.unmatched_share * 100
    text = f"{share:.1f}%"
    if of.ways["unmatched"].count and text == "0.0%":
        text = t("budget.linkage.little")
    return t("budget.linkage.said", below=below, n=of.below.count, share=text)


def _lines(services: Services, of: Figures, asked: Asked | None) -> Iterator[Line]:
    stages = {"above": of.from_stage, "below": of.to_stage}
    for name, tally, grade in _figures(of):
        query = ""
        if grade and tally.count and asked is not None:
            query = asked.query(hop=of.to_stage, grade=grade)
        label = services.words(f"budget.linkage.figure-{name}")
        if name in stages:
            label = f"{label} · {services.words(f'budget.linkage.stage-{stages[name]}')}"
        count = "" if name == "left" else str(tally.count)
        strong = name in ("above", "below", "left")
        yield Line(label, count, yuan(tally.cents), query, strong)


def _figures(of: Figures) -> Iterator[tuple[str, Tally, str]]:
    """Name, figure, and the grade of the rows behind it."""
    yield "above", of.above, ""
    yield "below", of.below, "all"
    for way in WAYS:
        yield way, of.ways[way], way
    if of.elsewhere.count:
        yield "elsewhere", of.elsewhere, ""
    yield "left", Tally(0, of.left_cents), ""
    yield "over", of.over, "over"
    yield "unused", of.unused, "unused"


def figures_table(services: Services, figures: Iterable[Figures]) -> Sheet:
    """Hops for a spreadsheet, in yuan."""
    title = services.words("budget.linkage.title")
    return HEADS.sheet(services.words, title, _cells(services, figures))


def _cells(services: Services, figures: Iterable[Figures]) -> Iterator[list[Value]]:
    for of in figures:
        for name, tally, _ in _figures(of):
            label = services.words(f"budget.linkage.figure-{name}")
            count = None if name == "left" else tally.count
            yield [_title(services, of), label, count, tally.cents / 100]


def rows_table(services: Services, rows: Iterable[Row]) -> Sheet:
    """Rows behind a figure for a spreadsheet, in yuan."""
    title = services.words("budget.linkage.rows")
    cells = (
        [
            of.number,
            of.names,
            of.matched,
            "" if of.way is None else services.words(f"budget.linkage.figure-{of.way}"),
            of.unit,
            of.cents / 100,
            None if of.onward_cents is None else of.onward_cents / 100,
        ]
        for of in rows
    )
    return ROW_HEADS.sheet(services.words, title, cells)


def rows_title(services: Services, of: Chain, asked: AskedRows) -> str:
    """Which figure the rows are behind."""
    t = services.words
    grade = "below" if asked.grade == "all" else asked.grade
    at = of.linkage.hop(asked.hop) if of.linkage else None
    if at is None or of.linkage is None:
        return t("budget.linkage.rows")
    above, below = (t(f"budget.linkage.stage-{one}") for one in of.linkage.stages[at : at + 2])
    hop = t("budget.linkage.hop", above=above, below=below)
    return t("budget.linkage.behind", hop=hop, figure=t(f"budget.linkage.figure-{grade}"))


def project_said(services: Services, of: ProjectChain) -> str:
    """How far the chain reaches the payments that name the project themselves."""
    last = of.figures[-1] if of.figures else None
    reached = last.below if last is not None and last.to_stage == "payment" else Tally()
    values = {
        "n": of.paid.payments,
        "yuan": yuan(of.paid.amount),
        "reached": reached.count,
        "reached_yuan": yuan(reached.cents),
    }
    return services.words("budget.linkage.project-paid", **values)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage of a payment's way in words."""

    stage: str
    name: str
    amount: str
    said: str = ""


def stops(services: Services, of: PaymentChain) -> list[Stop]:
    """The way of a payment back; where it ends before the project, that is said last."""
    return [_stop(services, step) for step in of.steps]


def _stop(services: Services, step: Step) -> Stop:
    t = services.words
    stage = t(f"budget.linkage.stage-{step.stage}")
    if step.stage == "payment":
        return Stop(stage, step.name, yuan(step.cents))
    left = step.cents - step.onward_cents
    values = {
        "way": t(f"budget.linkage.figure-{step.way}"),
        "onward": yuan(step.onward_cents),
        "left": yuan(abs(left)),
    }
    if left < 0:
        said = t("budget.linkage.step-over", **values)
    else:
        said = t("budget.linkage.step", **values)
    return Stop(stage, step.name, yuan(step.cents), said)
