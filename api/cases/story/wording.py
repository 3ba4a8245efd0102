"""The story of a case, and its report, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.accounts.records import Secrecy
from api.cases.means import wording as measures
from api.cases.questions import wording as questions
from api.cases.records import Joined
from api.cases.register import wording as register
from api.cases.story.records import Entry, Story
from api.cases.story.telling import Parts
from api.copies.wording import sentence
from api.kinds.reports import Cell, Column, Paper, Section, Table
from api.procedures.events import Event, standing
from api.procedures.procedure import Row
from api.services import Services
from config.catalogue.words import Words
from config.vocabulary.time import day_of

COLUMNS = {
    "things": ("number", "platform", "title", "said", "why", "joined", "hash"),
    "measures": ("title", "clause", "who", "state", "note"),
    "questions": ("title", "unit", "due", "state", "answer"),
    "rectifications": ("title", "unit", "due", "state", "report", "confirmation"),
    "decisions": ("day", "meeting", "result"),
    "story": ("at", "platform", "about", "title", "by"),
}
Lines = list[tuple[str | int, ...]]
"""Rows of a table."""
HASH = COLUMNS["things"].index("hash")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that stands in the report of a case."""

    parts: Parts
    story: Story
    events: Sequence[Event]
    secrecy: Secrecy


def entries(words: Words, story: Story) -> list[Entry]:
    """Entries with the names of their platforms."""
    return [replace(of, platform=words(f"{of.platform}.title")) for of in story.entries]


def paper(services: Services, facts: Facts) -> Paper:
    """The report of a case, out of what its maker may know."""
    words, parts = services.words, facts.parts
    rows: dict[str, Lines] = {
        "things": _items(words, parts),
        "measures": _measures(services, parts.measures),
        "questions": _questions(services, parts.questions),
        "rectifications": _rectifications(services, parts.rectifications),
        "decisions": _decisions(facts.events),
        "story": [
            (of.at_ms, of.platform, of.about, of.title, of.note)
            for of in entries(words, facts.story)
        ],
    }
    return _paper(
        words,
        services.catalogue.site.name,
        (words("cases.story.kind.title", number=parts.row["number"]), parts.row["title"]),
        (_matter(services, facts), [parts.row["outcome"] or ""]),
        rows,
        parts.hidden,
    )


def empty(words: Words, issuer: str = "") -> Paper:
    """A report of nothing, on which a template is tried."""
    return _paper(words, issuer, (words("cases.story.kind.name"), ""), ([], []), {}, 0)


def _paper(
    words: Words,
    issuer: str,
    titles: tuple[str, str],
    texts: tuple[Sequence[str], Sequence[str]],
    rows: dict[str, Lines],
    hidden: int,
) -> Paper:
    tables = {name: _table(words, name, rows.get(name, [])) for name in COLUMNS}
    if hidden:
        note = words("cases.story.hidden", n=hidden)
        tables["things"] = _table(words, "things", rows.get("things", []), note)
    matter = Section("matter", words("cases.story.section-matter"), tuple(texts[0]))
    outcome = Section(
        "outcome", words("cases.story.section-outcome"), tuple(filter(None, texts[1]))
    )
    others = [Section(f"part-{name}", of.title, tables=(of,)) for name, of in tables.items()]
    return Paper(*titles, issuer, (matter, *others[:-1], outcome, others[-1]))


def _table(
    words: Words, name: str, rows: Iterable[tuple[str | int, ...]], note: str = ""
) -> Table:
    columns = tuple(
        Column(
            of,
            words(f"cases.story.column-{of}"),
            "instant" if of == "at" else "count" if of == "number" else "text",
        )
        for of in COLUMNS[name]
    )
    cells = tuple(tuple(Cell(value) for value in row) for row in rows)
    return Table(name, words(f"cases.story.section-{name}"), columns, cells, note)


def _matter(services: Services, facts: Facts) -> list[str]:
    words, row = services.words, facts.parts.row
    (line,) = register.lines(services, [row])
    said = [
        (words("cases.register.column-opened"), line.opened),
        (words("cases.register.column-state"), line.state),
        (words("cases.register.column-unit"), line.unit),
        (words("cases.register.column-means"), line.means),
        (words("cases.case.need-means_why"), row["means_why"]),
        (words("cases.case.need-meeting_day"), row["meeting_day"]),
        (words("cases.register.secrecy"), register.secrecy(services, facts.secrecy)),
    ]
    lines = [text for text in row["matter"].splitlines() if text]
    return [*lines, *(words("cases.story.fact", name=of, value=is_) for of, is_ in said if is_)]


def _items(words: Words, parts: Parts) -> Lines:
    """Those that were taken out stand here too: the story tells of them, and whoever reads the
    paper must be able to read all that it tells of.
    """
    return [
        (
            number,
            words(f"{of.kept.frozen.reference.platform}.title"),
            shown.copy.title,
            sentence(shown.copy.content),
            _why(words, of),
            day_of(of.kept.at_ms),
            of.kept.frozen.hash,
        )
        for number, (of, shown) in enumerate(parts.things, 1)
    ]


def _why(words: Words, of: Joined) -> str:
    if of.removed is None:
        return of.why
    return words("cases.story.why-removed", why=of.why, removed=of.removed)


def _measures(services: Services, rows: Sequence[Row]) -> Lines:
    return [
        (of.title, of.clause, of.who, of.state, of.row["note"] or "")
        for of in measures.lines(services, rows)
    ]


def _questions(services: Services, rows: Sequence[Row]) -> Lines:
    return [
        (of.row["title"], of.unit, f"{of.row['due_day']}", of.state, of.row["answer"] or "")
        for of in questions.lines(services, rows)
    ]


def _rectifications(services: Services, rows: Sequence[Row]) -> Lines:
    words, names = services.words, dict(questions.units(services))
    return [
        (
            row["title"],
            names.get(row["unit"], ""),
            f"{row['due_day']}",
            words(f"cases.rectification.state-{row['state']}"),
            row["report"] or "",
            row["confirmation"] or "",
        )
        for row in rows
    ]


def _decisions(events: Sequence[Event]) -> Lines:
    decided = [of.given for of in standing(events) if of.step == "decide"]
    return [tuple(of[name] for name in COLUMNS["decisions"]) for of in decided]
