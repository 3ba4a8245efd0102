"""Texts of files in the search, found by whoever sees the thing that a file stands at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy.engine import Connection

from api.files.inspection.findings import parts
from api.files.receiving import Receiver
from api.files.repository import Attachment
from api.search.index import Entry, SearchIndex
from ingest.state.database import State


def entries(
    receiver: Receiver, around: Entry, attachments: Iterable[Attachment]
) -> Iterator[Entry]:
    """Files at a thing as they are found: with the marks of the thing, which is found as
    ``around``; a long text in parts, each of which leads to its own page.
    """
    for attachment in attachments:
        if attachment.scan == "infected":
            continue
        text = receiver.inspection(attachment.sha256, attachment.kind).text
        shown = f"/files/{attachment.id}/text?part={{}}" if text else f"/files/{attachment.id}"
        for number, paragraphs in enumerate(list(parts(text)) or [()], 1):
            yield replace(
                around,
                part=_part(attachment, number),
                words="files.title",
                title=f"{attachment.name} {attachment.title}".strip(),
                path=shown.format(number),
                paragraphs=paragraphs,
                at_ms=attachment.added_ms,
            )


def put(state: State, found: Iterable[Entry]) -> None:
    """Put entries into the search, each in a transaction of its own: a text is long."""
    index = SearchIndex(state)
    for entry in found:
        with state.begin() as connection:
            index.put(connection, entry)


def count(receiver: Receiver, of: Attachment) -> int:
    """How many entries a file has. Ask it before a transaction begins: it may have to be read."""
    return max(sum(1 for _ in parts(receiver.inspection(of.sha256, of.kind).text)), 1)


def remove(connection: Connection, state: State, of: Attachment, entries: int) -> None:
    """A file is found no more."""
    for number in range(1, entries + 1):
        SearchIndex(state).remove(connection, of.subject, _part(of, number))


def _part(of: Attachment, number: int) -> str:
    return f"{of.id}.{number}"
