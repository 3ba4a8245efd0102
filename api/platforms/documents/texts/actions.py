"""Keep normative documents and their versions, repeal them, show them and compare versions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account, Secrecy
from api.accounts.repositories.units import Units
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Responsible
from api.files import actions as files
from api.files.inspection.findings import parts
from api.files.repository import Attachment, Stored
from api.platforms.documents.laws import repository as laws
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import repository
from api.platforms.documents.texts.records import (
    KIND,
    KINDS,
    LONGEST_NUMBER,
    LONGEST_TITLE,
    Asked,
    Compared,
    Facts,
    Kept,
    Shown,
    Version,
    articles_of,
    completed,
    paragraphs_of,
)
from api.ports import Item, ItemKind, Reference
from api.search.index import Entry, SearchIndex
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, MOST_ID, NotAccepted
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import begins_ms, day_of
from documents.citing.citations import citations
from documents.comparing.alignment import align
from documents.text.records import Document

EXPIRES = "rev.text.expires"
"""The rule by which a maker decides before a text expires."""
MOST_ARTICLES, MOST_CHARACTERS = 3_000, 1_000_000
"""Of a text that is kept: it is written in one transaction, for which others wait."""
MOST_COMPARED, LONGEST_COMPARED = 1_500, 10_000
"""Articles of a version, and signs of one, that are compared while somebody waits."""
A_READ = 50


class UnknownText(Declared):
    """There is no such text, or no such version of it."""

    status = 404
    words = "documents.texts.unknown"


class ChangedMeanwhile(Declared):
    """Somebody kept a version or repealed it first."""

    status = 409
    words = "documents.texts.changed"


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was received, and what it says."""

    stored: Stored
    document: Document


def read(services: Services, name: str, file: BinaryIO) -> Original:
    """Receive a file and read it, before any transaction begins.

    Raises:
        FileRefused
        NotAccepted: it holds a virus, cannot be read, or is longer than any normative document.
    """
    stored = files.receiver(services).received(name, file)
    if stored.verdict.scan == "infected":
        raise NotAccepted(Fault("file", "holds a virus", "clean it"), "virus")
    return original(services, stored)


def original(services: Services, stored: Stored) -> Original:
    """A file that was received before, with what it says.

    Raises:
        NotAccepted: it cannot be read, or is longer than any normative document.
    """
    try:
        found = files.receiver(services).document(stored)
    except FaultyInput as error:
        fault = Fault("file", error.faults[0].what, error.faults[0].remedy)
        raise NotAccepted(fault, "unreadable", file=stored.name) from error
    long = sum(len(of) for of in paragraphs_of(found)) > MOST_CHARACTERS
    if long or sum(1 for _ in articles_of(found)) > MOST_ARTICLES:
        fault = Fault("file", "is longer than any normative document", "send it in parts")
        raise NotAccepted(fault, "long")
    return Original(stored, found)


def keep(
    connection: Connection,
    services: Services,
    account: Account,
    facts: Facts,
    original: Original,
    of: tuple[int, int] | None = None,
) -> int:
    """Keep a text, or the version that follows ``of``, an id and the version that was seen last;
    the id of the text. Title and 文号 that the facts leave empty come out of the text.

    In the caller's transaction stand also its file, its entry in the search, a row of the audit,
    and the term of the maker before it expires.

    Raises:
        NotAccepted: a fact that does not hold; the field and the remedy.
        UnknownText, ChangedMeanwhile
    """
    by, at_ms = (account.actor.who, services.now_ms()), services.now_ms()
    facts = checked(services, completed(facts, original.document))
    before = _standing(connection, of[0]) if of else None
    text, after = of or (repository.add(connection, facts, (by[0], at_ms)), 0)
    if before is not None:
        _remove_entries(connection, services, before)
    stored = original.stored
    made = (stored.sha256, stored.name)
    if not repository.add_version(connection, text, after, facts, original.document, made, by):
        raise ChangedMeanwhile(f"text {text} has another version by now")
    title = services.words("documents.texts.version-n", n=after + 1)
    files.attach_stored(services, connection, account, reference(text), stored, title)
    kept = _standing(connection, text)
    for entry in _entries(kept, original.document):
        SearchIndex(services.state).put(connection, entry)
    _watch(connection, services, account, kept)
    _audit(connection, account, "documents.keep-text", text, f"{after + 1} {facts.title}", at_ms)
    return text


def checked(services: Services, facts: Facts) -> Facts:
    """The same facts.

    Raises:
        NotAccepted: the maker is no unit, the title is missing or long, or the days contradict
            each other.
    """
    if Units(services.state).get(facts.maker) is None:
        raise NotAccepted(Fault("maker", "is no unit", "choose one"), "maker")
    if facts.kind not in KINDS:
        raise NotAccepted(Fault("kind", "is unknown", f"give one of {', '.join(KINDS)}"), "kind")
    if not facts.title or len(facts.title) > LONGEST_TITLE:
        fault = Fault("title", "is missing or long", f"write {LONGEST_TITLE} signs at most")
        raise NotAccepted(fault, "title", n=LONGEST_TITLE)
    if len(facts.number) > LONGEST_NUMBER:
        fault = Fault("number", "is long", f"write {LONGEST_NUMBER} signs at most")
        raise NotAccepted(fault, "number", n=LONGEST_NUMBER)
    if facts.passed and facts.published and facts.published < facts.passed:
        fault = Fault("published", "lies before the day it was passed", "compare both days")
        raise NotAccepted(fault, "published-early")
    first = facts.in_force or facts.published or facts.passed
    if facts.valid_until and first and facts.valid_until < first:
        fault = Fault("valid_until", "lies before it is in force", "compare both days")
        raise NotAccepted(fault, "valid-early")
    return facts


def send(
    services: Services,
    account: Account,
    facts: Facts,
    name: str,
    file: BinaryIO,
    of: tuple[int, int] | None = None,
) -> int:
    """Keep in a transaction of its own what somebody sends by hand; the id of the text. Facts are
    checked before the file is read.

    Raises:
        FileRefused
        NotAccepted: also where this very file is kept already.
        UnknownText, ChangedMeanwhile
    """
    checked(services, replace(facts, title=facts.title or "-"))
    original = read(services, name, file)
    with services.state.begin() as connection:
        known = repository.of_content(connection, original.stored.sha256)
        if known is not None:
            what = f"is kept already as text {known[0]}"
            fault = Fault("file", what, "open it, or send another")
            raise NotAccepted(fault, "known", id=known[0])
        return keep(connection, services, account, facts, original, of)


def repeal(services: Services, account: Account, text: int, day: str, why: str) -> Kept:
    """Write since which day a text holds no more, and by what.

    Raises:
        NotAccepted: nobody says by what.
        UnknownText, ChangedMeanwhile
    """
    said, at_ms = " ".join(why.split()), services.now_ms()
    if not said or len(said) > LONGEST_WHY:
        fault = Fault("why", "is missing or long", f"name the document that ends it in "
                      f"{LONGEST_WHY} signs at most")  # fmt: skip
        raise NotAccepted(fault, "why", n=LONGEST_WHY)
    with services.state.begin() as connection:
        _standing(connection, text)
        if not repository.repeal(connection, text, day, said):
            raise ChangedMeanwhile(f"text {text} is repealed already")
        kept = _standing(connection, text)
        _watch(connection, services, account, kept)
        _audit(connection, account, "documents.repeal-text", text, f"{day} {said}", at_ms)
    return kept


def shown(services: Services, text: int, version: int | None = None) -> Shown:
    """A text in its newest version, or in one that is asked for.

    Raises:
        UnknownText
    """
    with services.state.read() as connection:
        kept = _standing(connection, text)
        versions = repository.versions(connection, text)
        wanted = _numbered(versions, version or kept.version)
        document = repository.document(connection, wanted.id)
        table = laws.table(connection)
        found = citations(document, table.known())
        titles = {of.law for of in found if of.law}
        known = {title: law for title in titles if (law := table.find(title))}
        full = {title: law.title for title, law in known.items()}
        cited = repository.by_titles(connection, titles | set(full.values()))
    kept_of = {title: cited.get(title) or cited.get(full.get(title, "")) for title in titles}
    others = {title: of for title, of in kept_of.items() if of and of != text}
    return Shown(kept, wanted, versions, document, found, others, known)


def compared(services: Services, text: int, old: int, new: int) -> Compared:
    """Two versions of a text side by side.

    Raises:
        UnknownText
        NotAccepted: they are longer than can be compared while somebody waits.
    """
    with services.state.read() as connection:
        kept = _standing(connection, text)
        versions = repository.versions(connection, text)
        sides = _numbered(versions, old), _numbered(versions, new)
        before, after = ([of.article for of in repository.articles(connection, text, side.version)]
                         for side in sides)  # fmt: skip
    every = [*before, *after]
    most = max((len(of.text) for of in every), default=0)
    if max(len(before), len(after)) > MOST_COMPARED or most > LONGEST_COMPARED:
        fault = Fault("version", "is too long to be compared", "compare the files themselves")
        raise NotAccepted(fault, "too-long-to-compare")
    return Compared(kept, *sides, align(before, after))


def listed(services: Services, asked: Asked) -> tuple[Sequence[Kept], int]:
    """A page of a question, and how many texts there are."""
    with services.state.read() as connection:
        return repository.listed(connection, asked, today(services))


def every(services: Services, asked: Asked, most: int) -> tuple[Sequence[Kept], int]:
    """All pages of a question up to a number of rows, and how many there are."""
    with services.state.read() as connection:
        _, count = repository.listed(connection, asked, today(services))
        return repository.every(connection, asked, today(services), most), count


def originals(services: Services, text: int) -> Sequence[Attachment]:
    """The files of all versions as they came."""
    return files.of_subject(services, reference(text))


def fill(core: CoreServices) -> None:
    """Every text, for a search that has forgotten them."""
    after = 0
    while True:
        with core.state.read() as connection:
            found = repository.following(connection, after, A_READ)
            documents = [_newest(connection, of) for of in found]
        if not found:
            return
        after = found[-1].id
        pairs = zip(found, documents, strict=True)
        SearchIndex(core.state).put_all(entry for of in pairs for entry in _entries(*of))


def reference(text: int) -> Reference:
    """A text as others point at it."""
    return Reference("documents", KIND, str(text))


def today(services: Services) -> str:
    """The district's day, ISO text."""
    return day_of(services.now_ms())


def _standing(connection: Connection, text: int) -> Kept:
    kept = repository.one(connection, text)
    if kept is None:
        raise UnknownText(f"there is no text {text}")
    return kept


def _numbered(versions: Sequence[Version], wanted: int) -> Version:
    found = next((of for of in versions if of.version == wanted), None)
    if found is None:
        raise UnknownText(f"there is no version {wanted}")
    return found


def _newest(connection: Connection, kept: Kept) -> Document:
    return repository.document(connection, repository.versions(connection, kept.id)[0].id)


def _watch(connection: Connection, services: Services, account: Account, kept: Kept) -> None:
    """The maker's term before the text expires: a new version or the end of the text meets the one
    that runs, and another expiry begins another.
    """
    deadlines, at_ms = deadlines_of(services), services.now_ms()
    subject, by = reference(kept.id), account.actor
    deadlines.end(connection, (subject, EXPIRES), at_ms, actor=by, at_ms=at_ms)
    until = kept.facts.valid_until
    if kept.repealed or not until or until < day_of(at_ms):
        return
    who = Responsible(kept.facts.maker, DocumentsPermission.FILE)
    path = f"/documents/texts/{kept.id}"
    title, last = kept.facts.title, date.fromisoformat(until)
    deadlines.start(
        connection, EXPIRES, subject, title, path, who, last, actor=by, at_ms=at_ms
    )  # fmt: skip


def _entries(kept: Kept, document: Document) -> Iterator[Entry]:
    """A text as it is found by whoever sees texts: what was published is no secret."""
    facts = kept.facts
    found = [of for of in (facts.number, *paragraphs_of(document)) if of]
    for number, some in enumerate(list(parts(found)) or [()], 1):
        yield Entry(
            subject=reference(kept.id),
            part="" if number == 1 else str(number),
            permission=DocumentsPermission.SEE,
            words="documents.texts.found-text",
            title=facts.title,
            path=f"/documents/texts/{kept.id}",
            paragraphs=some,
            unit=facts.maker,
            secrecy=Secrecy.OPEN,
            public=True,
            at_ms=begins_ms(date.fromisoformat(facts.published)) if facts.published else 0,
        )


def _remove_entries(connection: Connection, services: Services, before: Kept) -> None:
    for entry in _entries(before, _newest(connection, before)):
        SearchIndex(services.state).remove(connection, entry.subject, entry.part)


def _audit(
    connection: Connection, account: Account, action: str, text: int, said: str, at_ms: int
) -> None:
    detail = json.dumps({"said": said}, ensure_ascii=False)
    audit.record(
        connection, by=account.actor, action=action, subject=str(text), detail=detail, at_ms=at_ms
    )


def _read_item(services: Services, _account: Account, item: str) -> Item | None:
    if not (item.isascii() and item.isdigit() and len(item) <= len(str(MOST_ID))):
        return None
    with services.state.read() as connection:
        kept = repository.one(connection, int(item))
    if kept is None:
        return None
    unit, facts = Units(services.state).get(kept.facts.maker), kept.facts
    content = {"title": facts.title, "number": facts.number, "kind": facts.kind,
               "maker": unit.name if unit else facts.maker, "version": kept.version,
               "passed": facts.passed, "published": facts.published, "in_force": facts.in_force,
               "valid_until": facts.valid_until, "repealed": kept.repealed}  # fmt: skip
    return Item(facts.title, f"/texts/{kept.id}", content)


ITEM = ItemKind(KIND, DocumentsPermission.SEE, _read_item, "seen")
