"""Hits of texts by the checks in force: made at once, kept, made anew, and judged by people."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.platforms.documents.rulebook import repository
from api.platforms.documents.rulebook.records import (
    VERDICTS,
    Book,
    Examined,
    Hit,
    Judgement,
    Verdict,
    hit_of,
)
from api.platforms.documents.texts import repository as texts
from api.platforms.documents.texts.actions import UnknownText
from api.platforms.documents.texts.records import Kept, Version
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from documents.checks.engine import run
from documents.checks.records import CheckDocument
from documents.checks.records import Hit as Found
from documents.text.records import Document

A_SLICE, RENEWED_S = 50, 20.0
"""Texts whose hits are made anew between two questions, and seconds of it a minute."""


class UnknownHit(Declared):
    """There is no such hit any more, as the text or the check changed."""

    status = 404
    words = "documents.checks.unknown-hit"


def hits(
    connection: Connection, services: Services, text: int, version: int | None = None
) -> tuple[Hit, ...]:
    """The hits of a text in a version counted from 1, without it in its newest, by the checks and
    laws in force today, in the order of checks and of the text. Kept hits that still hold are
    given; the others are made at once. Nothing is written.

    Raises:
        UnknownText: there is no such text or version.
    """
    _, found = _version(connection, text, version)
    book = repository.book(connection, today(services))
    return _all(connection, book, found)


def examined(services: Services, text: int, version: int | None = None) -> Examined:
    """A text with its hits, for its page.

    Raises:
        UnknownText
    """
    with services.state.read() as connection:
        kept, found = _version(connection, text, version)
        book = repository.book(connection, today(services))
        return Examined(
            kept,
            found,
            texts.document(connection, found.id),
            _all(connection, book, found),
            {of.id: of for of in book.checks},
            repository.precisions(connection),
        )


def found_by(
    book: Book, checks: Sequence[CheckDocument], text: int, document: Document
) -> Mapping[str, tuple[Found, ...]]:
    """By each of some checks, whether on or off, what it finds in a document of a text.

    The one way in which hits are made: at once, for keeping, and for trials.
    """
    others = book.faulty_elsewhere(text)
    return {of.id: run(document, [of], book.table, book.on, others) for of in checks}


def judge(
    services: Services, account: Account, text: int, key: str, verdict: str, reason: str
) -> Hit:
    """Write what somebody says of a hit of the newest version; ``open`` takes it back.

    Raises:
        UnknownText, UnknownHit
        NotAccepted: it is no verdict, or the reason is missing or long.
    """
    said, why = _verdict(verdict), " ".join(reason.split())
    if not 0 < len(why) <= LONGEST_WHY:
        remedy = f"write up to {LONGEST_WHY} characters"
        raise NotAccepted(Fault("reason", "is missing or long", remedy), "reason", n=LONGEST_WHY)
    at_ms = services.now_ms()
    # Checks run before the transaction, for which all others who write wait.
    found = examined(services, text)
    hit = next((of for of in found.hits if of.key == key), None)
    if hit is None:
        raise UnknownHit(f"text {text} has no hit {key}")
    judgement = Judgement(
        text, hit.check, key, said, why, hit.label, hit.words, found.kept.facts.title,
        account.signed, at_ms,
    )  # fmt: skip
    with services.state.begin() as connection:
        kept, version = _version(connection, text, None)
        if kept.version != found.kept.version:
            raise UnknownHit(f"text {text} has another version by now")
        repository.judge(connection, judgement, version.id, account.username)
        detail = {"check": hit.check, "words": hit.words, "verdict": said, "reason": why}
        audit.record(
            connection,
            by=account.actor,
            action="documents.judge-hit",
            subject=str(text),
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=at_ms,
        )
    return replace(hit, judged=None if said == "open" else judgement)


def renew(core: CoreServices) -> None:
    """Make the hits of newest versions that lack them or whose rules changed, slice by slice; a
    minute later it goes on.
    """
    services = core.acting
    until = time.monotonic() + RENEWED_S
    with core.state.read() as connection:
        book = repository.book(connection, today(services))
    stamps = book.stamps()
    while time.monotonic() < until:
        with core.state.read() as connection:
            waiting = repository.unmade(connection, stamps.values(), A_SLICE)
        for one in waiting:
            with core.state.read() as connection:
                document = texts.document(connection, one.id)
                known = repository.kept(connection, one.id)
            wanted = _lacking(book, stamps, known)
            made = found_by(book, wanted, one.text, document)
            with core.state.begin() as connection:
                rows = {check: (stamps[check], found) for check, found in made.items()}
                repository.keep(connection, one.id, rows, core.now_ms())
        if len(waiting) < A_SLICE:
            break
    with core.state.begin() as connection:
        repository.forget_older(connection, stamps)


def today(services: Services) -> date:
    """The district's day, on which texts are checked."""
    return date.fromisoformat(day_of(services.now_ms()))


def _all(connection: Connection, book: Book, version: Version) -> tuple[Hit, ...]:
    stamps, known = book.stamps(), repository.kept(connection, version.id)
    made: dict[str, tuple[Found, ...]] = {
        check: found for check, (stamp, found) in known.items() if stamp == stamps.get(check)
    }
    wanted = _lacking(book, stamps, known)
    if wanted:
        document = texts.document(connection, version.id)
        made |= found_by(book, wanted, version.text, document)
    judged = repository.judged(connection, version.text)
    checks = [of for of in book.checks if of.id in made]
    return tuple(hit_of(check, of, judged) for check in checks for of in made[check.id])


def _lacking(
    book: Book,
    stamps: Mapping[str, str],
    known: Mapping[str, tuple[str, tuple[Found, ...]]],
) -> list[CheckDocument]:
    kept = {check for check, (stamp, _) in known.items() if stamp == stamps.get(check)}
    return [of for of in book.checks if of.on and of.id not in kept]


def _version(connection: Connection, text: int, version: int | None) -> tuple[Kept, Version]:
    kept = texts.one(connection, text)
    if kept is None:
        raise UnknownText(f"there is no text {text}")
    versions = texts.versions(connection, text)
    wanted = version or kept.version
    found = next((of for of in versions if of.version == wanted), None)
    if found is None:
        raise UnknownText(f"there is no version {wanted}")
    return kept, found


def _verdict(given: str) -> Verdict:
    found = next((of for of in VERDICTS if of == given), None)
    if found is None:
        remedy = f"give one of {', '.join(get_args(Verdict))}"
        raise NotAccepted(Fault("verdict", "is unknown", remedy), "verdict")
    return found
