"""Put suggestions into the search, with their files, and take out what became a draft again.

A step of a suggestion puts it anew right after it is committed; a job follows every few minutes,
for steps that no page took and for a process that died in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.accounts.records import Secrecy
from api.files import indexing
from api.files.contents import Contents
from api.files.receiving import Receiver
from api.files.repository import Attachment, Files
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.searched import repository
from api.platforms.duty.searched.records import HIDDEN, Text
from api.ports import Reference
from api.search.index import LONGEST, Entry, SearchIndex
from api.services import Services
from api.shape import CoreServices
from config.vocabulary.time import HOUR_MS, begins_ms

FOLLOWED_MS = HOUR_MS
A_READ = 200
Given = Services | CoreServices


def put(given: Given, item: int) -> None:
    """A suggestion as it is found from now on; a draft is not."""
    with given.state.read() as connection:
        found = repository.texts(connection, [item])
    for text in found:
        _put(given, text)


def follow(core: CoreServices) -> None:
    """The job: suggestions with which something was done within the last hour."""
    with core.state.read() as connection:
        items = repository.changed_since(connection, core.now_ms() - FOLLOWED_MS)
    for text in _texts(core, items):
        _put(core, text)


def fill(core: CoreServices) -> None:
    """Every suggestion, for a search that has forgotten them."""
    after = 0
    while True:
        with core.state.read() as connection:
            items = repository.following(connection, after, A_READ)
        if not items:
            return
        after = items[-1]
        shown = [of for of in _texts(core, items) if of.state not in HIDDEN]
        SearchIndex(core.state).put_all(_entry(of) for of in shown)
        for text in shown:
            if attached := _attached(core, text.item):
                indexing.put(core.state, _files(core, text, attached))


def _texts(given: Given, items: Sequence[int]) -> Iterator[Text]:
    for at in range(0, len(items), A_READ):
        with given.state.read() as connection:
            found = repository.texts(connection, items[at : at + A_READ])
        yield from found


def _put(given: Given, text: Text) -> None:
    index, attached = SearchIndex(given.state), _attached(given, text.item)
    if text.state in HIDDEN:
        receiver = _receiver(given)
        counts = [indexing.count(receiver, of) for of in attached]
        with given.state.begin() as connection:
            index.remove(connection, _subject(text.item))
            for of, count in zip(attached, counts, strict=True):
                indexing.remove(connection, given.state, of, count)
        return
    with given.state.begin() as connection:
        index.put(connection, _entry(text))
    indexing.put(given.state, _files(given, text, attached))


def _subject(item: int) -> Reference:
    return Reference("duty", repository.KIND, str(item))


def _attached(given: Given, item: int) -> list[Attachment]:
    with given.state.read() as connection:
        return Files(given.state, Contents(given.files)).of_subject(connection, _subject(item))


def _receiver(given: Given) -> Receiver:
    return Receiver(Contents(given.files), given.attachments, given.now_ms)


def _files(given: Given, text: Text, attached: Sequence[Attachment]) -> Iterator[Entry]:
    return indexing.entries(_receiver(given), _entry(text), attached)


def _entry(text: Text) -> Entry:
    return Entry(
        subject=_subject(text.item),
        permission=DutyPermission.SEE,
        words="duty.found-suggestion",
        title=text.title[:LONGEST],
        path=f"/duty/suggestions/{text.item}",
        paragraphs=list(_paragraphs(text)),
        unit=text.unit,
        secrecy=Secrecy(text.secrecy),
        concerned=text.concerned,
        at_ms=begins_ms(text.day) if text.day else 0,
    )


def _paragraphs(text: Text) -> Iterator[str]:
    """Number, text, and of the replies the last ones first, as far as an entry reaches."""
    room = LONGEST - len(text.title)
    replies = (line for answer in reversed(text.answers) for line in answer.splitlines())
    for line in (text.number, *text.body.splitlines(), *replies):
        if len(line) > room:
            return
        room -= len(line)
        if line:
            yield line
