"""A poll from its first draft to its closing, and the answers that people give meanwhile.

Named answers are events like all else: a row for each time, with its row of the audit.
**Anonymous ballots are the one exception.** A ballot goes into the sealed box in the transaction
that notes who has voted, and nothing else is written of it: no row of the audit, no time, no
number. See docs/ballots.md for what may still be found out, and by whom.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import msgspec
from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.ballots import answers as sheets
from api.ballots import box, repository
from api.ballots.answers import most_bytes
from api.ballots.box import GROUP, BoxNotOpened, Seal
from api.ballots.questions import Answers, FormFault, faults
from api.ballots.records import Poll, Response
from api.ballots.refusals import (
    AnsweredBefore,
    BoxClosed,
    FormIsFixed,
    NotTaken,
    OnlyInPerson,
    UnknownPoll,
)
from api.services import Services
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import day_of

MOST_ASKED = 2000
ROWS_A_SLICE = 250
"""Answers that are written anew in one transaction, after the closing."""
_FORM_SAVED = "ballot.form"
_ANSWERED = "ballot.answer"
_ROLES = {"deputies": "deputy", "staff": "handler"}
"""The role that whoever is asked holds, by audience."""


def begin(connection: Connection, poll: Poll) -> int:
    """Write a draft; its id."""
    return repository.add(connection, poll)


def next_version(connection: Connection, poll: Poll, last_day: str) -> int:
    """A draft with the form of a poll, to be changed; its id."""
    version = repository.latest_version(connection, poll.series) + 1
    draft = replace(poll, version=version, state="draft", last_day=last_day, asked=0, answered=0)
    return repository.add(connection, draft)


def save(services: Services, connection: Connection, account: Account, poll: Poll) -> None:
    """Change a draft; the audit keeps the form as it is now.

    Raises:
        FormIsFixed
    """
    if not repository.save(connection, poll):
        raise FormIsFixed(f"poll {poll.id} was opened; make a new version of it")
    audit.record(
        connection,
        by=account.actor,
        action=_FORM_SAVED,
        subject=f"ballots/poll/{poll.id}",
        detail=msgspec.json.encode(poll.form).decode(),
        at_ms=services.now_ms(),
    )


_FAULTS = {
    "over": ("last_day", "is over", "give a later one"),
    "public-named": ("design", "is named", "ask the public anonymously"),
    "nobody": ("audience", "is nobody", "choose other units"),
    "crowd": ("audience", "is too large", f"ask {MOST_ASKED} people at most"),
    "few": ("audience", "is too small to be anonymous", f"ask at least {GROUP}, or by name"),
}
FAULT_KEYS = tuple(_FAULTS)


def opening_faults(services: Services, poll: Poll) -> list[FormFault]:
    """All that keeps a draft from being opened now."""
    found = list(faults(poll.form, anonymous=poll.anonymous))
    return found + [FormFault(*_FAULTS[key], key) for key in _against(services, poll)]


def _against(services: Services, poll: Poll) -> Iterator[str]:
    if poll.last_day < day_of(services.now_ms()):
        yield "over"
    if poll.audience == "public":
        if not poll.anonymous:
            yield "public-named"
        return
    with services.state.read() as connection:
        asked = len(people_asked(services, connection, poll))
    if not asked:
        yield "nobody"
    elif asked > MOST_ASKED:
        yield "crowd"
    elif poll.anonymous and asked < GROUP:
        yield "few"


def people_asked(services: Services, connection: Connection, poll: Poll) -> list[str]:
    """Who would be asked if a draft were opened now."""
    day = day_of(services.now_ms())
    return repository.people_of(connection, _ROLES[poll.audience], poll.units, day)


def open_poll(services: Services, connection: Connection, poll: Poll) -> list[str]:
    """Fix the form and who is asked; these people. In the caller's transaction.

    Raises:
        FaultyInput: with every fault.
        FormIsFixed
    """
    if found := opening_faults(services, poll):
        raise FaultyInput(found)
    if not repository.move(connection, poll.id, "draft", "open"):
        raise FormIsFixed(f"poll {poll.id} was opened before")
    asked = [] if poll.audience == "public" else people_asked(services, connection, poll)
    repository.ask(connection, poll.id, asked)
    if poll.anonymous:
        repository.put_box(connection, poll.id, _seal(services, poll).sealed([]))
    return asked


def respond(services: Services, account: Account, poll_id: int, answers: Answers) -> None:
    """Give answers by name, or other ones before the closing.

    Raises:
        UnknownPoll, NotTaken
        FaultyInput: with every fault of the answers.
    """
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        poll = _taking(connection, poll_id, answers, day_of(now_ms))
        answers = sheets.complete(poll.form, answers)
        if poll.anonymous or not _is_asked(connection, poll, account):
            raise UnknownPoll(f"poll {poll_id} does not ask {account.username} by name")
        before = repository.response(connection, poll_id, account.username)
        number = before.number + 1 if before else 1
        kept = Response(account.username, account.signed, number, now_ms, answers)
        actor = account.actor
        repository.respond(connection, poll_id, kept, actor.who if actor.on_behalf else "")
        repository.mark(connection, poll_id, account.username, day_of(now_ms))
        repository.forget_draft(connection, poll_id, account.username)
        audit.record(
            connection,
            by=actor,
            action=_ANSWERED,
            subject=f"ballots/poll/{poll_id}",
            detail=json.dumps({"number": number, "form": poll.hash}),
            at_ms=now_ms,
        )


def vote(services: Services, account: Account, poll_id: int, answers: Answers) -> None:
    """Give an anonymous ballot, once.

    Raises:
        UnknownPoll, NotTaken, AnsweredBefore, OnlyInPerson, BoxClosed
        FaultyInput: with every fault of the answers.
    """
    if account.clerk:
        raise OnlyInPerson("an anonymous ballot is given in person; act for nobody")
    day = day_of(services.now_ms())
    with services.state.begin() as connection:
        poll = _taking(connection, poll_id, answers, day)
        if not poll.anonymous or not _is_asked(connection, poll, account):
            raise UnknownPoll(f"poll {poll_id} does not ask {account.username} anonymously")
        if not repository.mark(connection, poll_id, account.username, day):
            raise AnsweredBefore(f"poll {poll_id}: {account.username} has answered")
        _put(services, connection, poll, answers)


def vote_by_link(services: Services, poll_id: int, browser: str, answers: Answers) -> None:
    """Give a ballot without an account. ``browser`` is a hash of what a browser was given: it
    answers once, which says nothing of people.

    Raises:
        UnknownPoll, NotTaken, AnsweredBefore, BoxClosed
        FaultyInput: with every fault of the answers.
    """
    day = day_of(services.now_ms())
    with services.state.begin() as connection:
        poll = _taking(connection, poll_id, answers, day)
        if poll.audience != "public":
            raise UnknownPoll(f"poll {poll_id} is not for the public")
        if repository.day_of_voter(connection, poll_id, browser) is not None:
            raise AnsweredBefore(f"poll {poll_id}: this browser has answered")
        repository.ask(connection, poll_id, [browser])
        repository.mark(connection, poll_id, browser, day)
        _put(services, connection, poll, answers)


def has_voted(services: Services, poll: Poll, voter: str) -> bool | None:
    """Whether somebody has answered; None: was not asked."""
    with services.state.read() as connection:
        day = repository.day_of_voter(connection, poll.id, voter)
    return None if day is None else day != repository.NOT_YET


def close(services: Services, connection: Connection, poll: Poll) -> None:
    """Take no more answers. Ballots that wait are written, or never, where fewer than five came.
    In the caller's transaction; :func:`stir` follows it.

    Raises:
        NotTaken: it is not open.
        BoxClosed
    """
    asked, answered = repository.counts(connection, poll.id)
    if not repository.move(connection, poll.id, "open", "closed", asked=asked, answered=answered):
        raise NotTaken(f"poll {poll.id} is not open")
    if poll.anonymous:
        seal = _seal(services, poll)
        with repository.erasing(connection):
            waiting = _opened(seal, repository.box(connection, poll.id))
            before = repository.has_written(connection, poll.id)
            last = box.emptied(waiting, written_before=before)
            repository.write(connection, poll.id, [sheets.decoded(of) for of in last])
            repository.change_box(connection, poll.id, seal.sealed([]))


def stir(services: Services, poll_id: int) -> None:
    """Write the ballots of a closed poll anew, in slices. A kill on the way loses nothing."""
    with services.state.read() as connection:
        keys = box.shuffled(repository.keys(connection, poll_id))
    for at in range(0, len(keys), ROWS_A_SLICE):
        with services.state.begin() as connection, repository.erasing(connection):
            repository.write_anew(connection, poll_id, keys[at : at + ROWS_A_SLICE])


def _taking(connection: Connection, poll_id: int, answers: Answers, day: str) -> Poll:
    poll = repository.one(connection, poll_id)
    if poll is None or poll.state == "draft":
        raise UnknownPoll(f"unknown poll {poll_id}")
    if not poll.takes_answers(day):
        raise NotTaken(f"poll {poll_id} takes no answers since {poll.last_day}, or was closed")
    if found := sheets.faults(poll.form, answers):
        raise FaultyInput(found)
    return poll


def _is_asked(connection: Connection, poll: Poll, account: Account) -> bool:
    return repository.day_of_voter(connection, poll.id, account.username) is not None


def _put(services: Services, connection: Connection, poll: Poll, answers: Answers) -> None:
    seal = _seal(services, poll)
    with repository.erasing(connection):
        waiting = _opened(seal, repository.box(connection, poll.id))
        ballot = sheets.encoded(sheets.complete(poll.form, answers))
        waiting, now = box.added(waiting, ballot)
        repository.write(connection, poll.id, [sheets.decoded(of) for of in now])
        repository.change_box(connection, poll.id, seal.sealed(waiting))


def _seal(services: Services, poll: Poll) -> Seal:
    key = services.site_key.of(f"ballot-box.{poll.token or poll.id}")
    return Seal(key, poll.id, most_bytes(poll.form))


def _opened(seal: Seal, sealed: bytes) -> list[bytes]:
    try:
        return seal.opened(sealed)
    except BoxNotOpened as error:
        raise BoxClosed(str(error)) from error
