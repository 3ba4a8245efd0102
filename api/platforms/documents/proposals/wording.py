"""Proposals in words: lists, tables that are handed out, and what a proposer reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.documents.proposals.records import (
    KINDS,
    PROPOSERS,
    Counted,
    Kind,
    Line,
    Proposer,
)
from api.platforms.documents.reviews.records import LONGEST_REASON
from api.procedures.procedure import Row
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("number", "received", "kind", "proposer", "way", "document", "state", "result")
HEADS = Heads("documents.proposals.column", COLUMNS, {"received": "day"})
OUTCOMES = ("open", "answered", "passed", "declined", "withdrawn")
COUNTED = ("kind", "proposer", "count", *OUTCOMES)
_COUNTED_HEADS = Heads(
    "documents.proposals.counted", COUNTED, dict.fromkeys(("count", *OUTCOMES), "count")
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list."""

    id: int
    title: str
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of a kind and a proposer were received, and what came of them."""

    kind: Kind
    by: Proposer
    count: int
    outcomes: Mapping[str, int]


def shown(words: Words, lines: Sequence[Line]) -> list[Shown]:
    """Lines of a page."""
    return [
        Shown(
            of.id,
            of.document,
            " · ".join(
                (
                    words(f"documents.proposal.kind-{of.kind}"),
                    words("documents.proposals.numbered", n=of.number),
                    words(f"documents.proposal.proposer-{of.by}"),
                    words(f"documents.proposal.way-{of.way}"),
                    of.received.isoformat(),
                )
            ),
            words(f"documents.proposal.state-{of.state}"),
        )
        for of in lines
    ]


def table(words: Words, lines: Iterable[Line]) -> Sheet:
    """Proposals for a spreadsheet; nothing of whoever wrote them."""
    return HEADS.sheet(words, words("documents.proposals.title"), _rows(words, lines))


def sums(counted: Sequence[Counted]) -> Sequence[Sum]:
    """Every kind and proposer of which there are any, and how each of them ended."""
    found = []
    for kind in KINDS:
        for by in PROPOSERS:
            of = [one for one in counted if (one.kind, one.by) == (kind, by)]
            if of:
                outcomes = dict.fromkeys(OUTCOMES, 0)
                for one in of:
                    outcomes[one.state if one.state in OUTCOMES else "open"] += one.count
                found.append(Sum(kind, by, sum(outcomes.values()), outcomes))
    return found


def counted_table(words: Words, found: Sequence[Sum]) -> Sheet:
    """Sums for a spreadsheet."""
    rows: Iterator[list[Value]] = (
        [
            words(f"documents.proposal.kind-{of.kind}"),
            words(f"documents.proposal.proposer-{of.by}"),
            of.count,
            *(of.outcomes[name] for name in OUTCOMES),
        ]
        for of in found
    )
    return _COUNTED_HEADS.sheet(words, words("documents.proposals.statistics"), rows)


def reason(words: Words, document: str, said: str, number: str) -> str:
    """Why a review is opened, as the review keeps it."""
    whole = words("documents.proposals.opens", number=number, document=document, said=said)
    return whole[:LONGEST_REASON]


def letter(words: Words, row: Row) -> Sequence[str]:
    """The paragraphs of a reply on paper."""
    document, number = row["document"], row["number"]
    found = [words("documents.proposals.letter-about", number=number, document=document)]
    if row["passed_to"]:
        found.append(words("documents.proposals.letter-passed", organ=row["passed_to"]))
    elif row["ground"]:
        ground = words(f"documents.proposal.ground-{row['ground']}")
        found.append(words("documents.proposals.letter-declined", ground=ground))
    elif row["result"]:
        result = words(f"documents.proposal.result-{row['result']}")
        found.append(words("documents.proposals.letter-answered", result=result))
    return [*found, *(line for line in (row["reply"] or "").splitlines() if line)]


def _rows(words: Words, lines: Iterable[Line]) -> Iterator[list[Value]]:
    for of in lines:
        yield [
            of.number,
            of.received,
            words(f"documents.proposal.kind-{of.kind}"),
            words(f"documents.proposal.proposer-{of.by}"),
            words(f"documents.proposal.way-{of.way}"),
            of.document,
            words(f"documents.proposal.state-{of.state}"),
            words(f"documents.proposal.result-{of.result}") if of.result else "",
        ]
