"""The first review of a draft in words: the paper, lines of a list, and points. Money is said in
yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table, Value
from api.platforms.budget.drafts.records import Compared, Line, Row, Thresholds
from api.procedures.procedure import Row as Point
from api.web.tables import Heads, Sheet
from api.web.workbooks import ValueKind
from budget.yuan import yuan
from config.catalogue.words import Words
from config.classifications import classifications

SUMS: dict[str, ValueKind] = {
    "draft": "number",
    "approved": "number",
    "adjusted": "number",
    "change": "number",
    "change-share": "percent",
    "paid": "number",
    "done": "percent",
    "final": "number",
}
PROJECTS: dict[str, ValueKind] = {
    "unit": "text",
    "draft": "number",
    "adjusted": "number",
    "change": "number",
    "change-share": "percent",
    "paid": "number",
    "done": "percent",
}
CARRIED: dict[str, ValueKind] = {
    "unit": "text",
    "draft": "number",
    "carried": "number",
    "rest": "number",
    "adjusted": "number",
    "paid": "number",
}
FUNDS: dict[str, ValueKind] = {"draft": "number", "indicators": "number", "paid": "number"}
QUESTIONS: dict[str, ValueKind] = {
    "unit": "text",
    "question": "text",
    "amount": "number",
    "state": "text",
}
PROBLEMS: dict[str, ValueKind] = {
    "unit": "text",
    "of-year": "text",
    "problem": "text",
    "amount": "number",
    "due": "day",
    "state": "text",
}
POINTS: dict[str, ValueKind] = {"what": "text", "basis": "text", "addressee": "text"}
MOST_ROWS = 300
"""Of a table of the paper; the list of lines has all of them."""
HEADS = Heads(
    "budget.drafts.column",
    (
        *("unit", "project", "function", "economic", "fund"),
        *("draft", "carried", "approved", "adjusted", "final"),
    ),
    dict.fromkeys(("draft", "carried", "approved", "adjusted", "final"), "number"),
)


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point as a list shows it."""

    row: Point
    author: str
    state: str


def point(words: Words, row: Point, names: Mapping[str, str]) -> PointLine:
    """A point as it stands."""
    author = names.get(row["author"], row["author"])
    return PointLine(row, author, words(f"budget.point.state-{row['state']}"))


def address(year: int, query: Mapping[str, str]) -> str:
    """The list of lines that are asked for."""
    return f"/budget/drafts/lines?{urlencode({'year': str(year), **query})}"


def paper(words: Words, issuer: str, of: Compared, points: Sequence[Point] | None) -> Paper:
    """All that a draft says beside the years before it; with ``points`` those of the review."""
    sections = [
        Section(
            "overview", words("budget.drafts.overview"), _sentences(words, of), _figures(words, of)
        ),
        Section("comparison", words("budget.drafts.comparison"), tables=_breakdowns(words, of)),
        Section("projects", words("budget.drafts.projects"), tables=_projects(words, of)),
        Section("expenses", words("budget.drafts.expenses"), tables=(_expenses(words, of),)),
        Section(
            "questions",
            words("budget.drafts.questions"),
            tables=(_questions(words, of), _problems(words, of)),
        ),
    ]
    if points is not None:
        title = words("budget.drafts.points")
        sections.append(Section("points", title, tables=(_points(words, points),)))
    return Paper(
        words("budget.drafts.paper-title", year=of.year),
        words("budget.drafts.paper-subtitle", year=of.year - 1, last=of.year - 2),
        issuer,
        tuple(sections),
    )


def empty(words: Words) -> Paper:
    """The paper on a draft of which nothing is known."""
    nothing = Line("", "", {}, None, None, None, None, None, 0)
    by: Mapping[Any, Sequence[Line]] = {"unit": (), "function": (), "project": ()}
    found = Compared(2027, "", Thresholds(0, 0, 0), nothing, by, (), (), (), ())
    return paper(words, "", found, ())


def table(words: Words, rows: Sequence[Row]) -> Sheet:
    """Lines for a spreadsheet, in yuan."""
    return HEADS.sheet(
        words,
        words("budget.drafts.lines"),
        (
            (
                of.unit_name,
                of.project_name,
                of.function,
                of.economic,
                of.fund,
                *map(_yuan, (of.draft, of.carried, of.approved, of.adjusted, of.final)),
            )
            for of in rows
        ),
    )


def _sentences(words: Words, of: Compared) -> tuple[str, ...]:
    whole, limits = of.whole, of.thresholds
    said = [words("budget.drafts.said", year=of.year, draft=yuan(whole.draft or 0))]
    if whole.change is not None and whole.adjusted:
        values = {
            "year": of.year - 1,
            "budget": yuan(whole.adjusted),
            "change": yuan(abs(whole.change)),
            "share": f"{abs(whole.change) * 100 / whole.adjusted:.1f}%",
        }
        more = whole.change >= 0
        said.append(
            words("budget.drafts.said-more", **values)
            if more
            else words("budget.drafts.said-less", **values)
        )
    else:
        said.append(words("budget.drafts.said-no-budget", year=of.year - 1))
    if of.as_of:
        said.append(words("budget.drafts.said-as-of", day=of.as_of))
    else:
        said.append(words("budget.drafts.said-no-payments", year=of.year - 1))
    said.append(
        words(
            "budget.drafts.said-projects",
            new=len(of.new),
            ended=len(of.ended),
            changed=len(of.changed),
            slow=len(of.slow),
        )
    )
    said.append(
        words(
            "budget.drafts.said-limits",
            percent=limits.changed_percent,
            least=yuan(limits.changed_fen),
            slow=limits.slow_percent,
        )
    )
    return tuple(said)


def _figures(words: Words, of: Compared) -> tuple[Figure, ...]:
    whole = of.whole
    path = address(of.year, {})
    sums = {
        "draft": whole.draft,
        "carried": whole.carried,
        "approved": whole.approved,
        "adjusted": whole.adjusted,
        "final": whole.final,
    }
    found = [_figure(words, name, _yuan(fen), path=path) for name, fen in sums.items()]
    paid = f"/budget/payments?{urlencode(whole.paid_by)}"
    found.append(_figure(words, "paid", _yuan(whole.paid), path=paid))
    found.append(_figure(words, "change-share", whole.change_share, "percent"))
    found.append(_figure(words, "done", whole.done, "percent"))
    return tuple(found)


def _figure(
    words: Words,
    name: str,
    value: Value,
    kind: ValueKind = "number",
    path: str = "",
) -> Figure:
    label = words(f"budget.drafts.column-{name}")
    return Figure(name, label, value, kind, path=path if value is not None else "")


def _breakdowns(words: Words, of: Compared) -> tuple[Table, ...]:
    return (
        _sums(words, of, "by-unit", of.by["unit"], SUMS),
        _sums(words, of, "by-function", of.by["function"], SUMS),
        _sums(words, of, "by-project", of.projects, SUMS),
        _funds(words, of),
    )


def _projects(words: Words, of: Compared) -> tuple[Table, ...]:
    return (
        _sums(words, of, "new", of.new, PROJECTS),
        _sums(words, of, "ended", of.ended, PROJECTS),
        _sums(words, of, "changed", of.changed, PROJECTS),
        _sums(words, of, "slow", of.slow, PROJECTS),
        _sums(words, of, "carried-over", of.carried, CARRIED),
    )


def _expenses(words: Words, of: Compared) -> Table:
    return _sums(words, of, "expenses", of.expenses, SUMS)


def _sums(
    words: Words, of: Compared, name: str, lines: Sequence[Line], columns: dict[str, ValueKind]
) -> Table:
    rows = tuple(
        (Cell(_name(words, name, line, of.year)), *_cells(of, line, columns))
        for line in lines[:MOST_ROWS]
    )
    note = words(f"budget.drafts.{name}-means")
    if len(lines) > MOST_ROWS:
        note = words("budget.drafts.cut", note=note, n=MOST_ROWS, all=len(lines))
    heads = (Column("name", words(f"budget.drafts.name-{name}")), *_heads(words, columns))
    return Table(name, words(f"budget.drafts.{name}"), heads, rows, note)


def _name(words: Words, table_name: str, line: Line, year: int) -> str:
    if table_name == "expenses":
        return words(f"budget.execution.expense-{line.name}")
    if table_name == "by-function":
        known = _classes(year).get(line.key)
        return f"{line.key} {known}" if known else line.key or words("budget.totals.missing")
    return line.name or words("budget.totals.missing")


def _classes(year: int) -> Mapping[str, str]:
    """Names of the classes of functions in a year, by code."""
    valid = classifications()["function"].valid(date(year, 1, 1))
    return {of.code: of.name for of in valid}


def _cells(of: Compared, line: Line, columns: dict[str, ValueKind]) -> list[Cell]:
    path = address(of.year, line.query) if line.query else ""
    paid = f"/budget/payments?{urlencode(line.paid_by)}" if line.paid_by else ""
    found = {
        "unit": Cell(line.unit_name),
        "draft": _opened(_yuan(line.draft), path),
        "carried": _opened(_yuan(line.carried), path),
        "approved": _opened(_yuan(line.approved), path),
        "adjusted": _opened(_yuan(line.adjusted), path),
        "final": _opened(_yuan(line.final), path),
        "change": Cell(_yuan(line.change)),
        "change-share": Cell(line.change_share),
        "paid": _opened(_yuan(line.paid), paid),
        "done": Cell(line.done),
        "rest": Cell(_yuan(line.rest)),
    }
    return [found[name] for name in columns]


def _opened(value: Value, path: str) -> Cell:
    return Cell(value, path if value is not None else "")


def _funds(words: Words, of: Compared) -> Table:
    rows = []
    for line in of.funds:
        path = address(of.year, {"fund": line.name}) if line.name else ""
        query = {"period": str(of.year - 1), "fund": line.name}
        paid = f"/budget/payments?{urlencode(query)}" if line.name else ""
        rows.append(
            (
                Cell(line.name or words("budget.totals.missing")),
                _opened(_yuan(line.draft), path),
                Cell(_yuan(line.indicators)),
                _opened(_yuan(line.paid), paid),
            )
        )
    heads = (Column("name", words("budget.drafts.name-by-fund")), *_heads(words, FUNDS))
    title, note = words("budget.drafts.by-fund"), words("budget.drafts.by-fund-means")
    return Table("by-fund", title, heads, tuple(rows), note)


def _questions(words: Words, of: Compared) -> Table:
    rows = tuple(
        (
            Cell(one.unit),
            Cell(one.text, f"/budget/findings/{one.id}"),
            Cell(_yuan(one.amount)),
            Cell(one.state),
        )
        for one in of.questions
    )
    title, note = words("budget.drafts.findings"), words("budget.drafts.findings-means")
    return Table("findings", title, _heads(words, QUESTIONS), rows, note)


def _problems(words: Words, of: Compared) -> Table:
    rows = tuple(
        (
            Cell(one.unit),
            Cell(str(one.year or "")),
            Cell(one.text),
            Cell(_yuan(one.amount)),
            Cell(one.due or None),
            Cell(one.state),
        )
        for one in of.problems
    )
    title, note = words("budget.drafts.problems"), words("budget.drafts.problems-means")
    return Table("problems", title, _heads(words, PROBLEMS), rows, note)


def _points(words: Words, points: Sequence[Point]) -> Table:
    rows = tuple(
        (
            Cell(of["what"], f"/budget/drafts/points/{of['id']}"),
            Cell(of["basis"]),
            Cell(of["addressee"]),
        )
        for of in points
    )
    title, note = words("budget.drafts.points"), words("budget.drafts.points-mean")
    return Table("points", title, _heads(words, POINTS), rows, note)


def _heads(words: Words, columns: dict[str, ValueKind]) -> tuple[Column, ...]:
    return tuple(
        Column(name, words(f"budget.drafts.column-{name}"), kind, 2 if kind == "number" else 0)
        for name, kind in columns.items()
    )


def _yuan(fen: int | None) -> float | None:
    """Below 90 trillion yuan both decimals are exact."""
    return None if fen is None else fen / 100
