"""Reviews in words: as a line, how they stand, their points, and the table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.deadlines import wording as term_wording
from api.deadlines.records import Deadline
from api.kinds.reports import Cell, Column, Figure, Paper, Section, Table
from api.platforms.documents.filings.records.facts import REASONS
from api.platforms.documents.reviews.records import (
    MODES,
    OUTCOMES,
    STAGES,
    TESTS,
    AskedPoints,
    Counts,
    Filed,
    Held,
    Shown,
)
from api.procedures.procedure import Row
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("title", "maker", "mode", "state", "opened", "due", "promised", "conclusion")
_HEADS = Heads(
    "documents.reviews.column", COLUMNS, dict.fromkeys(("opened", "due", "promised"), "day")
)
_DAYS = {
    "asked": "answer_until",
    "suspended": "promised_day",
    "lapsed": "promised_day",
    "ordered": "ordered_day",
}
"""The column with the day that a state waits for."""
_TONES = {"suspended": "tone-yellow", "lapsed": "tone-red", "archived": "tone-gray"}
_POINT_TONES = {
    "raised": "tone-yellow",
    "passed-up": "tone-gray",
    "answered": "tone-gray",
    "corrected": "tone-green",
    "dropped": "tone-gray",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A review of the list."""

    id: int
    title: str
    about: str
    state: str
    tone: str
    lamp: str
    left: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point; ``raised`` whether it waits for somebody."""

    id: int
    test: str
    article: str
    words: str
    norm: str
    checked: str
    why: str
    state: str
    tone: str
    note: str
    raised: bool


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """A committee and its opinion."""

    id: int
    committee: str
    state: str
    finding: str
    opinion: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A point beside what became of its article."""

    point: PointLine
    old: str
    new_label: str
    new: str
    gone: bool
    whole: bool
    stands: bool


def line(
    t: Words, row: Row, makers: Mapping[str, str], term: Deadline | None, now_ms: int
) -> Line:
    """A review of the list."""
    shown = term_wording.line(t, term, now_ms) if term else None
    parts = (
        makers.get(row["unit"], row["unit"]),
        t(f"documents.review.mode-{row['mode']}"),
        row["opened_day"].isoformat(),
    )
    return Line(
        row["id"],
        row["title"],
        " · ".join(parts),
        t(f"documents.review.state-{row['state']}"),
        _TONES.get(row["state"], ""),
        shown.lamp.value if shown else "",
        shown.left if shown else "",
    )


def now(t: Words, row: Row, maker: str) -> str:
    """Where it stands and who must do what by when, in a sentence for anybody."""
    day = row[_DAYS[row["state"]]] if row["state"] in _DAYS else None
    result = t(f"documents.review.result-{row['result']}") if row["result"] else ""
    return t(
        f"documents.reviews.now-{row['state']}",
        maker=maker,
        day=day.isoformat() if day else t("documents.reviews.none-of-day"),
        result=result,
    )


def norm(point: Row) -> str:
    """The higher norm as people cite it."""
    law = point["law"].strip("《》")
    return f"《{law}》{point['law_article'] or ''}"


def point(t: Words, row: Row, review: Row) -> PointLine:
    """A point, as the decision on its review, or the end of the text, settles it too."""
    state, tone = t(f"documents.point.state-{row['state']}"), _POINT_TONES[row["state"]]
    raised = row["state"] == "raised"
    if raised and row["test"] != "constitution":
        if review["result"]:
            state, tone, raised = t("documents.reviews.settled-by-decision"), "tone-gray", False
        elif review["way"] == "repealed":
            state, tone, raised = t("documents.reviews.settled-by-repeal"), "tone-gray", False
    passed = row["addressee"] and f"{row['addressee']} · {row['passed_day']}"
    return PointLine(
        row["id"],
        t(f"documents.point.test-{row['test']}"),
        row["label"] or t("documents.reviews.whole-text"),
        row["words"],
        norm(row),
        t(f"documents.reviews.checked-{row['checked']}"),
        row["why"],
        state,
        tone,
        " · ".join(filter(None, (passed, row["outcome"]))),
        raised,
    )


def points(t: Words, shown: Shown) -> Sequence[PointLine]:
    """The points of a review, in the order of the text."""
    return [point(t, of, shown.row) for of in shown.points]


def held(t: Words, found: Iterable[Held], review: Row) -> Sequence[HeldLine]:
    """Points beside what became of their articles."""
    return [
        HeldLine(
            point(t, of.point, review),
            of.old,
            of.new_label or "",
            of.new or "",
            gone=of.new is None,
            whole=of.point["position"] is None,
            stands=of.stands,
        )
        for of in found
    ]


def consultations(
    t: Words, rows: Sequence[Row], units: Mapping[str, str]
) -> Sequence[ConsultationLine]:
    """Committees and their opinions."""
    return [
        ConsultationLine(
            of["id"],
            units.get(of["unit"], of["unit"]),
            t(f"documents.consultation.state-{of['state']}"),
            t(f"documents.consultation.finding-{of['finding']}") if of["finding"] else "",
            of["opinion"] or "",
        )
        for of in rows
    ]


def differ(rows: Sequence[Row]) -> bool:
    """Whether committees that answered do not agree."""
    return len({of["finding"] for of in rows if of["finding"]}) > 1


def table(
    t: Words, rows: Sequence[Row], makers: Mapping[str, str], terms: Mapping[int, Deadline]
) -> Sheet:
    """Reviews as a table for a spreadsheet."""
    cells = (_cells(t, of, makers, terms.get(of["id"])) for of in rows)
    return _HEADS.sheet(t, t("documents.reviews.title"), cells)


def _cells(
    t: Words, row: Row, makers: Mapping[str, str], term: Deadline | None
) -> Sequence[Value]:
    return (
        row["title"],
        makers.get(row["unit"], row["unit"]),
        t(f"documents.review.mode-{row['mode']}"),
        t(f"documents.review.state-{row['state']}"),
        row["opened_day"].isoformat(),
        term.reckoned.due.isoformat() if term else None,
        row["promised_day"].isoformat() if row["promised_day"] else None,
        row["conclusion"],
    )


def opinion_paper(
    t: Words, issuer: str, review: Row, points: Sequence[Row], maker: str, due: str
) -> Paper:
    """The opinion in writing 书面审查意见, as it goes to the maker."""
    mode = t(f"documents.review.mode-{review['mode']}")
    version = review["text_version"]
    about = {"title": review["title"], "maker": maker, "n": version, "mode": mode}
    said = t("documents.opinion-paper.about", **about)
    until = t("documents.opinion-paper.until", day=due) if due else ""
    heads = tuple(
        Column(name, t(f"documents.opinion-paper.column-{name}"))
        for name in ("test", "article", "words", "norm", "checked", "why")
    )
    rows = tuple(tuple(Cell(of) for of in _paper_row(point(t, one, review))) for one in points)
    title = t("documents.opinion-paper.points")
    table = Table("points", title, heads, rows, t("documents.opinion-paper.note"))
    opinion = tuple(of for of in (review["opinion"] or "").splitlines() if of.strip())
    return Paper(
        t("documents.opinion-paper.title"),
        t("documents.opinion-paper.subtitle", title=review["title"]),
        issuer,
        (
            Section("about", t("documents.opinion-paper.text"), (said,)),
            Section("opinion", t("documents.reviews.opinion"), opinion),
            Section("points", title, tables=(table,)),
            Section("handling", t("documents.opinion-paper.handling"),
                    tuple(filter(None, (t("documents.opinion-paper.asks"), until)))),
        ),
    )  # fmt: skip


def _paper_row(one: PointLine) -> Sequence[str]:
    return (one.test, one.article, one.words, one.norm, one.checked, one.why)


def year_paper(t: Words, issuer: str, year: int, counts: Counts) -> Paper:
    """The report on filing and review of a year (监督法 45)."""
    return Paper(
        t("documents.review-year.title", year=year),
        t("documents.review-year.subtitle", year=year),
        issuer,
        (
            _overview(t, year, counts),
            _filed(t, year, counts.filed),
            Section("modes", t("documents.review-year.modes"), tables=(_modes(t, year, counts),)),
            Section("tests", t("documents.review-year.tests"), tables=(_tests(t, year, counts),)),
        ),
    )


def _overview(t: Words, year: int, counts: Counts) -> Section:
    mine = [n for (test, _), n in counts.points.items() if test != "constitution"]
    corrected = sum(n for (_, outcome), n in counts.points.items() if outcome == "corrected")
    said = [
        t("documents.review-year.said-points", corrected=corrected, n=sum(mine)),
        t("documents.review-year.said-suspended"),
        t("documents.review-year.said-constitution"),
    ]
    figures = [Figure("texts", t("documents.review-year.texts"), counts.texts)]
    every = sum(counts.reviews.values())
    path = f"/documents/reviews?year={year}"
    figures.append(Figure("reviews", t("documents.review-year.reviews"), every, path=path))
    for stage in filter(None, STAGES):
        n = sum(of for (_, name), of in counts.reviews.items() if name == stage)
        label = t(f"documents.reviews.stage-{stage}")
        figures.append(Figure(f"stage-{stage}", label, n, path=f"{path}&stage={stage}"))
    title = t("documents.review-year.overview")
    return Section("overview", title, tuple(said), tuple(figures))


def _filed(t: Words, year: int, of: Filed) -> Section:
    filings, unfiled = "/documents/filings", f"/documents/catalogue?found={year}"
    returns = f"{filings}/returns?year={year}"
    numbers = (
        ("filed", of.sent, f"{filings}?sent={year}"),
        ("filed-in-time", of.sent - of.late, f"{filings}?sent={year}&late=0"),
        ("filed-late", of.late, f"{filings}?sent={year}&late=1"),
        ("registered", of.registered, f"{filings}?year={year}"),
        ("returned", sum(of.returned.values()), returns),
        ("unfiled", of.unfiled.get("", 0), unfiled),
        ("unfiled-settled", of.unfiled.get("settled", 0), f"{unfiled}&state=settled"),
        ("unfiled-filed", of.unfiled.get("filed", 0), f"{unfiled}&state=filed"),
    )
    heads = (
        Column("reason", t("documents.filings.column-reason")),
        Column("count", t("documents.review-year.returned"), "count"),
    )
    rows = tuple(
        (
            Cell(t(f"documents.filing.reason-{reason}")),
            Cell(of.returned.get(reason, 0), f"{returns}&reason={reason}"),
        )
        for reason in REASONS
    )
    title = t("documents.review-year.by-reason")
    return Section(
        "filed",
        t("documents.review-year.filings"),
        (t("documents.review-year.said-filed"),),
        tuple(
            Figure(name, t(f"documents.review-year.{name}"), n, path=path)
            for name, n, path in numbers
        ),
        (Table("returned-by-reason", title, heads, rows),),
    )


def _modes(t: Words, year: int, counts: Counts) -> Table:
    stages = tuple(filter(None, STAGES))
    heads = (
        Column("mode", t("documents.reviews.column-mode")),
        Column("opened", t("documents.review-year.reviews"), "count"),
        *(Column(of, t(f"documents.reviews.stage-{of}"), "count") for of in stages),
    )
    rows = []
    for mode in MODES:
        path = f"/documents/reviews?year={year}&mode={mode}"
        numbers = [counts.reviews.get((mode, of), 0) for of in stages]
        cells = (Cell(n, f"{path}&stage={of}") for of, n in zip(stages, numbers, strict=True))
        name = t(f"documents.review.mode-{mode}")
        rows.append((Cell(name), Cell(sum(numbers), path), *cells))
    title = t("documents.review-year.modes")
    return Table("by-mode", title, heads, tuple(rows), t("documents.review-year.note-modes"))


def _tests(t: Words, year: int, counts: Counts) -> Table:
    heads = (
        Column("test", t("documents.point.need-test")),
        Column("raised", t("documents.review-year.points"), "count"),
        *(Column(of, t(f"documents.reviews.outcome-{of}"), "count") for of in OUTCOMES),
    )
    rows = []
    for test in TESTS:
        numbers = [counts.points.get((test, of), 0) for of in OUTCOMES]
        cells = [
            Cell(n, _points_path(AskedPoints(test=test, outcome=of, year=year)))
            for of, n in zip(OUTCOMES, numbers, strict=True)
        ]
        path = _points_path(AskedPoints(test=test, year=year))
        name = t(f"documents.point.test-{test}")
        rows.append((Cell(name), Cell(sum(numbers), path), *cells))
    title = t("documents.review-year.tests")
    return Table("by-test", title, heads, tuple(rows), t("documents.review-year.note-tests"))


def _points_path(asked: AskedPoints) -> str:
    return f"/documents/reviews/points?{asked.query()}"
