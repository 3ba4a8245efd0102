"""Opinions in words: lists, tables that are handed out, and the text of a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.credentials import second_factor
from api.accounts.repositories.people import People
from api.platforms.duty.opinions.records import Identity, Line, Progress, without_identity
from api.procedures.procedure import Row
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words

COLUMNS = ("id", "received", "title", "location", "way", "deputy", "number", "state")
HEADS = Heads("duty.opinions.column", COLUMNS, {"id": "number", "received": "day"})
LONGEST_TITLE, LONGEST_BODY = 100, 6000
"""Of a suggestion."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the list."""

    id: int
    title: str
    about: str
    state: str


def shown(services: Services, lines: Sequence[Line]) -> list[Shown]:
    """Lines of a page."""
    words, names = services.words, _names(services, lines)
    return [
        Shown(
            of.id,
            of.title,
            " · ".join(
                (
                    numbered(words, of.id),
                    names.get(of.deputy, of.deputy),
                    words(f"duty.opinion.way-{of.way}"),
                    of.received.isoformat(),
                )
            ),
            words(f"duty.opinion.state-{of.state}"),
        )
        for of in lines
    ]


def table(services: Services, lines: Iterable[Line]) -> Sheet:
    """Opinions for a spreadsheet; nothing of whoever wrote them."""
    words = services.words
    return HEADS.sheet(words, words("duty.opinions.title"), _rows(services, list(lines)))


def numbered(words: Words, opinion: int) -> str:
    """An opinion by its number."""
    return words("duty.opinions.numbered", n=opinion)


def as_suggestion(words: Words, row: Row, identity: Identity) -> Mapping[str, str]:
    """The fields with which a suggestion begins: the source first, and the voter's words without
    their name and numbers. The deputy writes it anew.
    """
    said = {
        name: without_identity(row[name] or "", identity) for name in ("title", "body", "location")
    }
    source = words("duty.opinions.source", n=row["id"], day=row["received_day"].isoformat())
    body = words("duty.opinions.as-suggestion", source=source, body=said["body"])
    return {
        "title": said["title"][:LONGEST_TITLE],
        "body": body[:LONGEST_BODY],
        "location": said["location"],
        "openness": "public",
    }


def progress(words: Words, of: Progress) -> str:
    """How an opinion stands, for whoever has the receipt."""
    return words(f"duty.opinions.public-{of.state}")


def picture(words: Words, address: str, name: str) -> str:
    """The address of a deputy's page as a QR code, as SVG."""
    return second_factor.picture(address, words("duty.opinions.picture", name=name))


def _rows(services: Services, lines: Sequence[Line]) -> Iterator[list[Value]]:
    words, names = services.words, _names(services, lines)
    for of in lines:
        yield [
            of.id,
            of.received,
            of.title,
            of.location or "",
            words(f"duty.opinion.way-{of.way}"),
            names.get(of.deputy, of.deputy),
            of.number or "",
            words(f"duty.opinion.state-{of.state}"),
        ]


def _names(services: Services, lines: Sequence[Line]) -> Mapping[str, str]:
    return People(services.state).names(sorted({of.deputy for of in lines}))
