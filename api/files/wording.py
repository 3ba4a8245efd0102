"""Lines about files as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.files.actions import is_served
from api.files.inspection.findings import Finding
from api.files.inspection.kinds import EXTENSIONS, INLINE, PICTURES
from api.files.repository import Attachment
from api.services import Services
from config.catalogue.words import Words

ACCEPTED = ",".join(f".{end}" for ends in EXTENSIONS.values() for end in ends)
"""Endings that a browser offers when somebody chooses a file."""
KILO = 1000
PROPERTIES = {
    **dict.fromkeys(("creator", "Author", "dc:creator"), "author"),
    "lastModifiedBy": "last-author",
    "Manager": "manager",
    "Company": "company",
    "revision": "revision",
    "description": "description",
    "Creator": "program",
    "Title": "title",
    "Subject": "subject",
    "Keywords": "keywords",
}
"""Names of properties as Office files and PDF write them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A file in a list. ``readable``: it may have text, and hide something; ``wrong`` says why it
    is not handed out, ``renamed`` under which name it came.
    """

    id: int
    name: str
    title: str
    about: str
    added_ms: int
    added_by: str
    href: str
    inline: bool
    readable: bool
    wrong: str = ""
    renamed: str = ""


def lines(services: Services, attachments: Iterable[Attachment]) -> list[Line]:
    """The files of a thing."""
    shown = list(attachments)
    names = People(services.state).names([of.added_by for of in shown])
    return [_line(services, of, names.get(of.added_by, of.added_by)) for of in shown]


def _line(services: Services, of: Attachment, added_by: str) -> Line:
    t = services.words
    served = is_served(services, of)
    return Line(
        id=of.id,
        name=of.name,
        title=of.title,
        about=f"{kind(t, of.kind)} · {size(of.size)}",
        added_ms=of.added_ms,
        added_by=added_by,
        href=f"/files/{of.id}" if served else "",
        inline=of.kind in INLINE,
        readable=of.kind not in PICTURES,
        wrong="" if served else t(f"files.state-{of.scan}"),
        renamed=t("files.renamed", name=of.sent_as, kind=kind(t, of.kind)) if of.sent_as else "",
    )


def name(services: Services, username: str | None) -> str:
    """Of a person; empty of nobody."""
    return People(services.state).names([username]).get(username, username) if username else ""


def kind(words: Words, of: str) -> str:
    """The name of a kind of file."""
    return words(f"files.kind-{of}")


def size(of: int) -> str:
    """Bytes as people read them."""
    for unit, each in (("MB", KILO**2), ("kB", KILO)):
        if of >= each:
            return f"{of / each:.{1 if of < 10 * each else 0}f} {unit}"
    return f"{of} B"


@dataclass(frozen=True, slots=True)
class HiddenLine:
    """Something that a file hides, in words."""

    what: str
    where: str
    sample: str
    count: int


def hidden(words: Words, findings: Iterable[Finding]) -> list[HiddenLine]:
    """Lines about the hidden parts of a file."""
    return [
        HiddenLine(words(f"files.hidden-{of.kind}"), _where(words, of), of.sample, of.count)
        for of in findings
    ]


def _where(words: Words, of: Finding) -> str:
    """The sheet, part or page; of a property its name as people read it."""
    known = PROPERTIES.get(of.where) if of.kind == "properties" else None
    return words(f"files.property-{known}") if known else of.where
