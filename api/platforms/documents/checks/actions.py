"""See checks, try a draft of one on every text that is kept, and save what was tried."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from api import audit
from api.accounts.records import Account
from api.platforms.documents.checks import repository
from api.platforms.documents.checks.records.form import hash_of, same
from api.platforms.documents.checks.records.trials import Change, Line, Trial, asked, difference
from api.platforms.documents.checks.repository import Begun
from api.platforms.documents.rulebook import repository as rulebook
from api.platforms.documents.rulebook.actions import found_by, today
from api.platforms.documents.rulebook.records import Book, Precision, Version
from api.platforms.documents.rulebook.repository import Tally
from api.platforms.documents.texts import repository as texts
from api.services import Services
from api.shape import CoreServices
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from documents.checks.records import CheckDocument

A_SLICE = 20
"""Texts that are examined between two writes."""
AT_ONCE_S, BEHIND_S = 3.0, 20.0
"""Seconds of a trial while somebody waits, and of a minute's job."""


class UnknownCheck(Declared):
    """There is none of this id, or no such trial."""

    status = 404
    words = "documents.checks.unknown"


@dataclass(frozen=True, slots=True)
class Kept:
    """A check in force with its versions, the oldest first, what it finds, and how often people
    said that it was right.
    """

    check: CheckDocument
    versions: Sequence[Version]
    tally: Tally
    precision: Precision

    @property
    def last(self) -> int:
        """The number of the newest version, whether it holds or not."""
        return self.versions[-1].document.version


def every(services: Services) -> list[Kept]:
    """Every check, by id."""
    with services.state.read() as connection:
        found = rulebook.all_versions(connection)
        book = rulebook.book(connection, today(services))
        tallies = rulebook.tallies(connection, book.stamps().values())
        precisions = rulebook.precisions(connection)
    return [
        Kept(
            rulebook.current(of).document,
            of,
            tallies.get(check, Tally()),
            precisions.get(check, Precision()),
        )
        for check, of in found.items()
    ]


def find(services: Services, check: str) -> Kept:
    """A check.

    Raises:
        UnknownCheck
    """
    found = next((of for of in every(services) if of.check.id == check), None)
    if found is None:
        raise UnknownCheck(f"unknown check {check!r}; see /api/v1/documents/checks")
    return found


def try_(
    services: Services, account: Account, check: str, draft: CheckDocument, reason: str = ""
) -> Trial:
    """Begin a trial of a draft on every text that is kept, and go as far as somebody waits; the
    rest is the job's. ``reason`` is kept for the form.

    Raises:
        UnknownCheck
        NotAccepted: the draft is the check in force.
    """
    at_ms = services.now_ms()
    with services.state.read() as connection:
        versions = _versions(rulebook.all_versions(connection), check)
        now = rulebook.current(versions).document
        if same(draft, now):
            fault = Fault("parameters", "are those in force", "change something first")
            raise NotAccepted(fault, "same")
        book = rulebook.book(connection, today(services))
        begun = Begun(
            check, versions[-1].document.version, draft, hash_of(draft),
            (book.stamp(now), book.stamp(draft)), reason.strip()[:LONGEST_WHY], account.signed,
            account.username, at_ms,
        )  # fmt: skip
    with services.state.begin() as connection:
        number = repository.add(connection, begun)
    return go_on(services, number)


def go_on(services: Services, number: int, seconds: float | None = None) -> Trial:
    """Examine further texts of a trial for some seconds, without them as long as somebody waits.
    A trial that is out of date stands still.

    Raises:
        UnknownCheck: there is no such trial.
    """
    until = time.monotonic() + (AT_ONCE_S if seconds is None else seconds)
    while True:
        trial = tried(services, number)
        book, now = _book(services, trial)
        if trial.done or _is_old(trial, book, now) or time.monotonic() >= until:
            return trial
        _examine(services, book, now, trial)


def tried(services: Services, number: int, check: str = "") -> Trial:
    """A trial as far as it went; of a ``check`` where one is given.

    Raises:
        UnknownCheck: there is no such trial; only the newest ones are kept.
    """
    with services.state.read() as connection:
        found = repository.one(connection, number)
    if found is None or check not in ("", found.check):
        raise UnknownCheck(f"there is no trial {number}")
    return found


def is_old(services: Services, trial: Trial) -> bool:
    """Whether the rules, laws or day of a trial are no more, so that it cannot be saved."""
    return _is_old(trial, *_book(services, trial))


def lines(services: Services, number: int, change: Change | None, most: int) -> Sequence[Line]:
    """Lines of a trial, all or of one change."""
    with services.state.read() as connection:
        return repository.lines(connection, number, change, most)


def follow(core: CoreServices) -> None:
    """Go on with trials that nobody waits for."""
    until = time.monotonic() + BEHIND_S
    with core.state.read() as connection:
        waiting = repository.unfinished(connection)
    for trial in waiting:
        left = until - time.monotonic()
        if left > 0:
            go_on(core.acting, trial.id, left)


def save(
    services: Services,
    account: Account,
    draft: CheckDocument,
    *,
    after: int,
    reason: str,
    trial: int,
) -> CheckDocument:
    """Keep a draft as the version behind ``after``, in force from now on. The trial must be of
    this very draft, beside the check in force, by the laws and faults of now, and on every text.

    Raises:
        UnknownCheck
        NotAccepted: there is no reason, no such trial, nothing is other than before, or somebody
            was first.
    """
    why = reason.strip()
    if not 0 < len(why) <= LONGEST_WHY or "\0" in why:
        what, remedy = "is missing or too long", f"write up to {LONGEST_WHY} characters"
        raise NotAccepted(Fault("reason", what, remedy), "reason", n=LONGEST_WHY)
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        versions = _versions(rulebook.all_versions(connection), draft.id)
        last = versions[-1].document
        if last.version != after:
            fault = Fault("version", f"{after} is not the newest", "read the check again")
            raise NotAccepted(fault, "first", who=last.author)
        now = rulebook.current(versions).document
        if same(draft, now):
            fault = Fault("parameters", "are those in force", "change something first")
            raise NotAccepted(fault, "same")
        book = rulebook.book(connection, today(services))
        _tried(repository.one(connection, trial), book, now, draft)
        saved = replace(draft, version=after + 1, author=account.signed, reason=why)
        rulebook.save(connection, saved, account.username, now_ms)
        detail = {"version": saved.version, "reason": why, "trial": trial}
        audit.record(
            connection,
            by=account.actor,
            action="documents.save-check",
            subject=saved.id,
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now_ms,
        )
    return saved


def _tried(trial: Trial | None, book: Book, now: CheckDocument, draft: CheckDocument) -> None:
    if trial is None or trial.check != draft.id or trial.draft_hash != hash_of(draft):
        fault = Fault("trial", "is not of this draft", "try the draft as it is now")
        raise NotAccepted(fault, "untried")
    if _is_old(trial, book, now):
        fault = Fault("trial", "was by other rules, laws or days", "try the draft again")
        raise NotAccepted(fault, "stale")
    if not trial.done:
        what = f"has {trial.remaining} texts before it"
        raise NotAccepted(Fault("trial", what, "let it end"), "unfinished", n=trial.remaining)


def _book(services: Services, trial: Trial) -> tuple[Book, CheckDocument]:
    with services.state.read() as connection:
        book = rulebook.book(connection, today(services))
    return book, next(of for of in book.checks if of.id == trial.check)


def _is_old(trial: Trial, book: Book, now: CheckDocument) -> bool:
    return trial.stamps != (book.stamp(now), book.stamp(trial.draft))


def _examine(services: Services, book: Book, now: CheckDocument, trial: Trial) -> None:
    with services.state.read() as connection:
        some = rulebook.following(connection, trial.cursor, A_SLICE)
        documents = [texts.document(connection, of.id) for of in some]
    found: list[Line] = []
    counts, figures = Counter(trial.counts), [trial.now, trial.then]
    for one, document in zip(some, documents, strict=True):
        before, after = (
            found_by(book, [of], one.text, document)[trial.check] for of in (now, trial.draft)
        )
        figures = [figures[0] + asked(before), figures[1] + asked(after)]
        found += [Line(change, one.text, one.title, hit) for change, hit in
                  difference(before, after)]  # fmt: skip
    counts.update(of.change for of in found)
    if some:
        with services.state.begin() as connection:
            repository.advance(
                connection, trial, some[-1].id, trial.texts + len(some), found,
                (counts, figures[0], figures[1]),
            )  # fmt: skip


def _versions(found: Mapping[str, Sequence[Version]], check: str) -> Sequence[Version]:
    if check not in found:
        raise UnknownCheck(f"unknown check {check!r}; see /api/v1/documents/checks")
    return found[check]
