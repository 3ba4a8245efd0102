"""Shares and packages that came, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.cases.sharing.receiving import Opened
from api.cases.sharing.records import LEVELS, KeptResult, Received, Result, Share
from api.copies.wording import sentence
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words
from config.vocabulary.time import day_of

HEADS = Heads(
    "cases.sharing.column",
    ("sender", "case", "title", "day", "number", "taken", "taker"),
    {"day": "day", "taken": "instant"},
)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """How it ended with a shared case at its receiver; ``note`` says when, where and by whom."""

    result: Result
    state: str
    note: str
    internal_why: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A share on the page of its case; ``signed`` is empty until there is a receipt, ``results``
    are the newest first.
    """

    share: Share
    receiver: str
    who: str
    signed: str
    results: Sequence[ResultLine]


@dataclass(frozen=True, slots=True)
class Thing:
    """A frozen item of a package that came: the name of its platform, where it has one here, the
    title, what it said, why it belongs there, and its SHA-256.
    """

    platform: str
    title: str
    said: str
    why: str
    hash: str


def levels(words: Words) -> Sequence[tuple[str, str]]:
    """The levels with their words."""
    return [(of, words(f"cases.sharing.level-{of}")) for of in LEVELS]


def lines(
    services: Services, shares: Iterable[Share], known: Mapping[int, Iterable[KeptResult]]
) -> list[Line]:
    """Shares as a page shows them, with their results."""
    found = list(shares)
    names = People(services.state).names(sorted({of.who for of in found}))
    return [
        _line(
            services.words,
            of,
            names.get(of.who, of.who),
            results(services, known.get(of.id, ())),
        )
        for of in found
    ]


def results(services: Services, known: Iterable[KeptResult]) -> list[ResultLine]:
    """Results as a page shows them."""
    found, words = list(known), services.words
    names = People(services.state).names(sorted({of.who for of in found}))
    return [
        ResultLine(
            of.result,
            words(f"cases.sharing.result-{of.result.state}"),
            words(
                "cases.sharing.result-note",
                day=day_of(of.result.made_ms),
                centre=of.result.centre,
                who=names.get(of.who, of.who),
            ),
            of.internal_why,
        )
        for of in found
    ]


def things(services: Services, slugs: Iterable[str], opened: Opened) -> list[Thing]:
    """The frozen items of a package that came."""
    known = {of: services.words(f"{of}.title") for of in slugs}
    return [
        Thing(known.get(item.platform, ""), item.title, sentence(item.content), why, sha)
        for item, why, sha in opened.package.items
    ]


def table(services: Services, found: Iterable[Received]) -> Sheet:
    """Packages that came, for a spreadsheet."""
    words = services.words
    rows = (_row(of) for of in found)
    return HEADS.sheet(words, words("cases.sharing.received"), rows)


def _row(of: Received) -> list[Value]:
    sheet = of.sheet
    case = (sheet.sender, sheet.case.number, sheet.case.title)
    return [*case, sheet.day, sheet.number, of.at_ms, of.taker]


def _line(words: Words, of: Share, who: str, ended: Sequence[ResultLine]) -> Line:
    to, signed = of.sheet.receiver, ""
    if of.signed is not None:
        signed = words(
            "cases.sharing.signed",
            day=day_of(of.signed.taken_ms),
            centre=of.signed.centre,
            taker=of.signed.taker,
        )
    receiver = words(
        "cases.sharing.receiver-said", name=to.name, level=words(f"cases.sharing.level-{to.level}")
    )
    return Line(of, receiver, who, signed, ended)
