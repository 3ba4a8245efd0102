"""Plan an appraisal, open and count its ballots, give one; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.accounts.records import Account, Secrecy
from api.ballots import answers as sheets
from api.ballots import casting
from api.ballots import repository as ballots
from api.ballots import results as outcomes
from api.ballots.questions import Answers, FormFault
from api.ballots.records import Poll
from api.ballots.refusals import UnknownPoll
from api.deadlines.kept.answerable import staff
from api.platforms.judicial import unit_names
from api.platforms.judicial.appraisals import repository
from api.platforms.judicial.appraisals.procedure import PROCEDURE
from api.platforms.judicial.appraisals.records import (
    A_PAGE,
    Appraisal,
    NotAnswers,
    NotOpened,
    form,
)
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Json, Reference, Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.pages import Attaching
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services, into
from api.web.forms import LAST_DAY
from api.web.language import language_for
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS, begins_ms, day_of

ATTACHING = Attaching(PROCEDURE, ("planned", "reported"), (JudicialPermission.SUBMIT,))
"""The body puts files to its report before the ballots are opened."""
MESSAGES_A_SLICE = 50
MOST_WAITING = 50


def plan(services: Services, account: Account, given: Mapping[str, str]) -> str:
    """Begin an appraisal of one officer; its id.

    Raises:
        StepRefused: see :func:`api.procedures.taking.begin`; TextRefused, ConclusionRefused.
    """
    title = services.words("judicial.appraisals.ballot-title")
    draft = Poll(
        0, 0, 1, "draft", "anonymous", "deputies", (), LAST_DAY, form(services.words, title)
    )
    with taking.acts(services, PROCEDURE, account) as acting:
        poll = casting.begin(acting.connection, draft)
        made, _ = taking.begin(acting, given, poll=poll, secrecy=int(Secrecy.INTERNAL))
    return made


def appraisal(services: Services, account: Account, item_id: str) -> Appraisal:
    """An appraisal that an account sees; its results once they are counted.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
        poll = ballots.one(connection, row["poll"]) if row else None
        if row is None or poll is None:
            raise UnknownThing(f"unknown appraisal {item_id[:40]}")
        day = ballots.day_of_voter(connection, poll.id, account.username)
        results = None
        if poll.state == "closed":
            given = ballots.written(connection, poll.id)
            results = outcomes.results(poll.form, given, anonymous=True)
    return Appraisal(row, poll, day is not None, day not in (None, ballots.NOT_YET), results)


def listed(services: Services, account: Account) -> Sequence[Row]:
    """Appraisals that an account sees, the newest first; nothing of their results."""
    with services.state.read() as connection:
        return repository.listed(connection, account, A_PAGE)


def open_ballots(
    services: Services,
    account: Account,
    item_id: str,
    last_day: str,
    units: Sequence[str],
    version: int | None = None,
) -> None:
    """Ask the deputies of some units, or of all, anonymously until a day.

    Raises:
        UnknownThing, StepRefused
        NotOpened: the day is over, or fewer than five are asked.
    """
    found = appraisal(services, account, item_id)
    known = [of for of in unit_names.present(services, "delegation") if of in set(units)]
    title = PROCEDURE.title(found.row)[:100]
    asked = form(services.words, title)
    poll = replace(found.poll, last_day=_day(last_day), units=tuple(known), form=asked)
    given = {"last_day": last_day}
    try:
        with taking.acts(services, PROCEDURE, account) as acting:
            _check_open(acting, found)
            casting.save(services, acting.connection, account, poll)
            casting.open_poll(services, acting.connection, poll)
            taking.take(acting, item_id, "open", given, version)
    except FaultyInput as refused:
        raise NotOpened(
            [of.key for of in refused.faults if isinstance(of, FormFault)]
        ) from refused
    _tell(services, account, found.row)


def count_ballots(
    services: Services, account: Account, item_id: str, version: int | None = None
) -> None:
    """Take no more ballots, and count them.

    Raises:
        UnknownThing, StepRefused, NotTaken, BoxClosed
    """
    found = appraisal(services, account, item_id)
    with taking.acts(services, PROCEDURE, account) as acting:
        casting.close(services, acting.connection, found.poll)
        taking.take(acting, item_id, "count", {}, version)
    casting.stir(services, found.poll.id)


def vote(services: Services, account: Account, item_id: str, answers: Answers) -> None:
    """Give an anonymous ballot, once.

    Raises:
        UnknownThing, UnknownPoll, NotTaken, AnsweredBefore, OnlyInPerson, BoxClosed
        NotAnswers: with every question that does not hold.
    """
    found = appraisal(services, account, item_id)
    if not found.asked:
        raise UnknownPoll(f"appraisal {item_id[:40]} does not ask {account.username}")
    if wrong := sheets.wrong(found.poll.form, answers):
        raise NotAnswers(wrong)
    casting.vote(services, account, found.poll.id, answers)


def counts(services: Services, found: Appraisal) -> tuple[int, int]:
    """How many deputies are asked, and how many have voted."""
    if found.poll.state == "closed":
        return found.poll.asked, found.poll.answered
    with services.state.read() as connection:
        return ballots.counts(connection, found.poll.id)


def subject(row: Row) -> Reference:
    """Points at an appraisal."""
    return procedures.reference(PROCEDURE, str(row["id"]))


def content(services: Services, row: Row) -> Json:
    """An appraisal as an item; its results stand on its own page alone."""
    names = ("person", "office", "basis", "meeting", "decision", "measures")
    unit = unit_names.every(services).get(row["unit"], row["unit"])
    return {"unit": unit, **{name: row[name] for name in names}}


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Ballots that wait for somebody, and for the office those whose last day is over."""
    now_ms = services.now_ms()
    today, words = day_of(now_ms), services.words
    with services.state.read() as connection:
        asked = ballots.asked_of(connection, account.username, MOST_WAITING)
        waits = {poll.id: poll for poll, day in asked if day == ballots.NOT_YET}
        rows = repository.of_polls(connection, waits)
        over = repository.to_count(connection, account, today)
    found = []
    for poll_id, row in rows.items():
        if waits[poll_id].takes_answers(today):
            last = begins_ms(row["last_day"])
            note = words("judicial.appraisals.todo-vote")
            path = f"{PROCEDURE.path(row)}/ballot"
            title = PROCEDURE.title(row)
            found.append(Todo(title, path, min(now_ms, last), due_ms=last + DAY_MS, note=note))
    note = words("judicial.appraisals.todo-count")
    for row in over:
        since_ms = begins_ms(row["last_day"]) + DAY_MS
        found.append(Todo(PROCEDURE.title(row), PROCEDURE.path(row), since_ms, note=note))
    return found


def _check_open(acting: taking.Acting, found: Appraisal) -> None:
    """Whether the step may be taken but for the ballots, which are opened with it.

    Raises:
        StepRefused
    """
    step = replace(PROCEDURE.by_name["open"], allowed=lambda *_: "")
    taking.check(acting, found.row, step)


def _tell(services: Services, account: Account, row: Row) -> None:
    """Post a message to everybody who is asked, in slices: there may be many, and the ballot waits
    on their workbench in any case.
    """
    now_ms = services.now_ms()
    with services.state.read() as connection:
        readers = ballots.silent(connection, row["poll"])
        languages = staff(connection, services.roles, day_of(now_ms)).languages
    for at in range(0, len(readers), MESSAGES_A_SLICE):
        with services.state.begin() as connection:
            for reader in readers[at : at + MESSAGES_A_SLICE]:
                language = language_for(languages.get(reader, ""), "", services.words.language)
                words = into(services, language).words
                done = words("judicial.appraisal.done-open")
                note = Note(
                    PROCEDURE.title(row),
                    words("procedures.told", who=account.signed, done=done),
                    f"{PROCEDURE.path(row)}/ballot",
                )
                key = f"judicial-appraisal-{row['id']}-{reader}"
                entry = Entry(key, "note", Level.NOTICE, now_ms, note, reader=reader)
                services.messages.post(connection, entry)


def _day(said: str) -> str:
    """A day as it is kept with ballots; one that is none is over."""
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return ""
