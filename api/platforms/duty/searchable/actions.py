"""Put meetings, surveys and motions into the search with their files, and take out what is seen
by those who write it alone. A job follows every minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.files import indexing
from api.files.contents import Contents
from api.files.receiving import Receiver
from api.files.repository import Attachment, Files
from api.platforms.duty.searchable import repository
from api.platforms.duty.searchable.records import KINDS, LED, Text
from api.ports import Reference
from api.search.index import LONGEST, Entry, SearchIndex
from api.shape import CoreServices
from config.vocabulary.time import HOUR_MS

FOLLOWED_MS = HOUR_MS
A_READ = 100


def follow(core: CoreServices) -> None:
    """The job: things with which something was done within the last hour."""
    with core.state.read() as connection:
        changed = repository.changed_since(connection, core.now_ms() - FOLLOWED_MS)
    for kind, items in changed.items():
        for first in range(0, len(items), A_READ):
            with core.state.read() as connection:
                found = repository.texts(connection, kind, items[first : first + A_READ])
            for text in found:
                _put(core, text)


def fill(core: CoreServices) -> None:
    """Every one of them, for a search that has forgotten them."""
    for kind in KINDS:
        after = 0
        while True:
            with core.state.read() as connection:
                items = repository.following(connection, kind, after, A_READ)
                found = repository.texts(connection, kind, items)
            if not items:
                break
            after = items[-1]
            for text in found:
                _put(core, text)


def _put(core: CoreServices, text: Text) -> None:
    index, subject = SearchIndex(core.state), _subject(text)
    receiver = Receiver(Contents(core.files), core.attachments, core.now_ms)
    attached = _attached(core, subject)
    if text.shown:
        entry = _entry(text)
        with core.state.begin() as connection:
            index.put(connection, entry)
        indexing.put(core.state, indexing.entries(receiver, entry, attached))
        return
    counts = [indexing.count(receiver, of) for of in attached]
    with core.state.begin() as connection:
        index.remove(connection, subject)
        for of, count in zip(attached, counts, strict=True):
            indexing.remove(connection, core.state, of, count)


def _subject(text: Text) -> Reference:
    return Reference("duty", text.kind, str(text.item))


def _attached(core: CoreServices, subject: Reference) -> Sequence[Attachment]:
    with core.state.read() as connection:
        return Files(core.state, Contents(core.files)).of_subject(connection, subject)


def _entry(text: Text) -> Entry:
    path = f"/duty/found/{text.kind}" if text.kind in LED else f"/duty/{text.kind}s"
    return Entry(
        subject=_subject(text),
        permission=text.permission,
        words=f"duty.found-{text.kind}",
        title=text.title[:LONGEST],
        path=f"{path}/{text.item}",
        paragraphs=list(_paragraphs(text)),
        unit=text.unit,
        secrecy=text.secrecy,
        public=text.public,
        people=text.people,
        at_ms=text.at_ms,
    )


def _paragraphs(text: Text) -> Iterator[str]:
    """As far as an entry reaches."""
    room = LONGEST - len(text.title)
    for line in text.paragraphs:
        if len(line) > room:
            return
        room -= len(line)
        yield line
