"""Filings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.kinds.reports import Cell, Column, Paper, Section, Table
from api.platforms.documents.filings.records.checking import Lack
from api.platforms.documents.filings.records.facts import (
    DAYS,
    FACTS,
    REASONS,
    AskedReturns,
    Line,
    Reason,
    Registered,
    Returned,
    counted,
)
from api.platforms.documents.texts.records import Facts
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = (
    "number", "registered", "title", "maker", "kind", "published", "sent", "late", "state",
    "entered", "official",
)  # fmt: skip
RETURN_COLUMNS = ("returned", "title", "maker", "reason", "remark")
_HEADS = Heads(
    "documents.filings.column",
    COLUMNS,
    {"published": "day", "sent": "instant", "entered": "day"},
)
_RETURNS = Heads("documents.filings.column", RETURN_COLUMNS, {"returned": "instant"})
TONES: Mapping[str, str] = {
    "draft": "",
    "sent": "tone-yellow",
    "returned": "tone-red",
    "completing": "tone-yellow",
    "registered": "tone-green",
    "distributed": "tone-green",
    "dropped": "",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A filing in a list."""

    id: int
    title: str
    about: str
    state: str
    tone: str
    late: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A thing that is missing or differs, in words, with its remedy; with ``stops`` it must be
    mended before sending.
    """

    where: str
    said: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Returns of a maker by reason: each number with the address of its rows."""

    maker: str
    numbers: Sequence[tuple[int, str]]
    total: tuple[int, str]


def register_number(words: Words, of: Registered | None) -> str:
    """The register number 备案号 of an entry; empty of none."""
    if of is None:
        return ""
    return words("documents.filings.registered-number", year=of.year, n=of.number)


def row(words: Words, of: Line, makers: Mapping[str, str]) -> Row:
    """A filing in the list."""
    parts = [_registered(words, of), makers.get(of.unit, of.unit), of.number]
    if of.way == "paper":
        parts.append(words("documents.filings.way-paper"))
    if of.published:
        parts.append(words("documents.texts.published-on", day=of.published.isoformat()))
    return Row(
        of.id,
        of.title,
        " · ".join(filter(None, parts)),
        words(f"documents.filing.state-{of.state}"),
        TONES[of.state],
        of.late,
    )


def table(words: Words, lines: Sequence[Line], makers: Mapping[str, str]) -> Sheet:
    """The register for a spreadsheet."""
    return _HEADS.sheet(words, words("documents.filings.title"), _rows(words, lines, makers))


def returns_table(words: Words, found: Sequence[Returned], makers: Mapping[str, str]) -> Sheet:
    """Returns for a spreadsheet."""
    rows: list[Sequence[Value]] = [
        (
            of.at_ms,
            of.title,
            makers.get(of.unit, of.unit),
            words(f"documents.filing.reason-{of.reason}"),
            of.remark,
        )
        for of in found
    ]
    return _RETURNS.sheet(words, words("documents.filings.returns"), rows)


def counts(
    words: Words, found: Sequence[Returned], makers: Mapping[str, str], asked: AskedReturns
) -> Sequence[Count]:
    """Returns by maker, in the official order: no rate, and nothing to sort by."""
    numbers = counted(found)
    lines = []
    for maker, name in makers.items():
        each = [
            (numbers.get((maker, reason), 0), asked.query(maker=maker, reason=reason))
            for reason in REASONS
        ]
        if total := sum(n for n, _ in each):
            lines.append(Count(words.name(name), each, (total, asked.query(maker=maker))))
    return lines


def reasons(words: Words) -> Mapping[Reason, str]:
    """The codes of returns in words."""
    return {of: words(f"documents.filing.reason-{of}") for of in REASONS}


def lacks(words: Words, found: Sequence[Lack], papers: Mapping[str, str]) -> Sequence[Said]:
    """All that stands against a filing, each with its remedy."""
    return [Said(of.where, _lack(words, of, papers), of.stops) for of in found]


def field(words: Words, name: str) -> str:
    """The name of a fact."""
    return words(f"documents.filing.need-{name}")


def facts(words: Words, of: Facts, basis: str) -> Sequence[tuple[str, str]]:
    """The facts of a filing with their names."""
    found = [(field(words, "kind"), words(f"documents.filing.kind-{of.kind}"))]
    found += [(field(words, name), getattr(of, name) or "") for name in FACTS]
    return [*((name, said) for name, said in found if said), *_basis(words, basis)]


def receipt(
    words: Words, issuer: str, maker: str, of: Facts | None, entry: Registered | None
) -> Paper:
    """The electronic receipt 电子回执 of a filing; without facts a paper to try a template on."""
    number = register_number(words, entry)
    day = entry.day if entry else ""
    text = words(
        "documents.receipt.said",
        maker=maker,
        title=of.title if of else "",
        day=day,
        number=number,
    )
    rows = _receipt_rows(words, maker, of, number, day)
    heads = tuple(
        Column(name, words(f"documents.receipt.column-{name}")) for name in ("name", "value")
    )
    facts = Table("facts", words("documents.receipt.facts"), heads, rows)
    section = Section(
        "receipt",
        words("documents.receipt.title"),
        (text, words("documents.receipt.means")),
        tables=(facts,),
    )
    return Paper(words("documents.receipt.title"), number, issuer, (section,))


def _receipt_rows(
    words: Words, maker: str, of: Facts | None, number: str, day: str
) -> tuple[tuple[Cell, ...], ...]:
    if of is None:
        return ()
    rows = [
        (words("documents.filings.column-registered"), number),
        (words("documents.filings.column-maker"), maker),
        (field(words, "title"), of.title),
        (field(words, "number"), of.number),
        *((field(words, name), getattr(of, name) or "") for name in DAYS),
        (words("documents.filings.column-entered"), day),
    ]
    return tuple((Cell(name), Cell(said or "—")) for name, said in rows)


def _basis(words: Words, basis: str) -> Sequence[tuple[str, str]]:
    return [(field(words, "basis"), basis)] if basis else []


def _lack(words: Words, of: Lack, papers: Mapping[str, str]) -> str:
    name = papers.get(of.where) or field(words, of.where)
    return words(f"documents.filings.lack-{of.kind}", of=name, **of.values)


def _registered(words: Words, of: Line) -> str:
    if of.registered is None:
        return ""
    year, number = of.registered
    return words("documents.filings.registered-number", year=year, n=number)


def _rows(
    words: Words, lines: Sequence[Line], makers: Mapping[str, str]
) -> Iterator[Sequence[Value]]:
    for of in lines:
        yield (
            of.number,
            _registered(words, of),
            of.title,
            makers.get(of.unit, of.unit),
            words(f"documents.filing.kind-{of.kind}"),
            of.published.isoformat() if of.published else None,
            of.sent_ms,
            words("documents.filings.is-late") if of.late else "",
            words(f"documents.filing.state-{of.state}"),
            of.registered_day or None,
            of.official,
        )
