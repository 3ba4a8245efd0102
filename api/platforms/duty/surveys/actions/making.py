"""Surveys of the office: made, opened and closed, and their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.accounts.records import Account, Secrecy, Unit
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.ballots import casting
from api.ballots import repository as ballots
from api.ballots import results as outcomes
from api.ballots.questions import Form, FormFault, Values
from api.ballots.records import Poll, Response
from api.ballots.refusals import FormIsFixed, NotCounted
from api.ballots.results import Result
from api.deadlines.kept.answerable import staff
from api.platforms.duty.surveys import repository
from api.platforms.duty.surveys.procedure import KIND, PROCEDURE
from api.platforms.duty.surveys.records import (
    Settings,
    Survey,
    about_units,
    titled,
)
from api.ports import Reference
from api.procedures import taking
from api.services import Services, into
from api.web.forms import NotAccepted
from api.web.language import language_for
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, day_of
from ingest.state.database import State

A_PAGE = 30
MESSAGES_A_SLICE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results of a survey: how many were asked and have answered, and each question."""

    asked: int
    answered: int
    results: Sequence[Result]


def subject(item_id: int) -> Reference:
    """Points at a survey."""
    return Reference("duty", KIND, str(item_id))


def units(services: Services) -> list[Unit]:
    """Those that stand today, in the official order."""
    today = day_of(services.now_ms())
    return [unit for unit in Units(services.state).all() if unit.span.holds(today)]


def create(services: Services, account: Account, settings: Settings) -> int:
    """Begin a draft; its id.

    Raises:
        NotAccepted: a setting does not hold.
    """
    poll = _drafted(services, settings)
    with taking.acts(services, PROCEDURE, account) as acting:
        return _begin(acting, settings.kind, casting.begin(acting.connection, poll), poll)


def new_version(services: Services, account: Account, survey: Survey) -> int:
    """Begin a draft with the questions of a survey that was opened; its id."""
    poll = survey.poll
    last_day = max(poll.last_day, day_of(services.now_ms() + 14 * DAY_MS))
    with taking.acts(services, PROCEDURE, account) as acting:
        poll_id = casting.next_version(acting.connection, poll, last_day)
        return _begin(acting, survey.kind, poll_id, replace(poll, last_day=last_day))


def edit(services: Services, account: Account, survey: Survey, settings: Settings) -> None:
    """Change title, introduction, units and last day of a draft.

    Raises:
        NotAccepted, FormIsFixed, and whatever a step is refused with.
    """
    own = {"kind": survey.kind, "design": survey.poll.design, "audience": survey.poll.audience}
    poll = titled(survey.poll, _drafted(services, settings.model_copy(update=own)))
    version = int(settings.version) if settings.version.isdecimal() else None
    with taking.acts(services, PROCEDURE, account) as acting:
        casting.save(services, acting.connection, account, poll)
        given = {"title": poll.form.title, "last_day": poll.last_day}
        taking.take(acting, str(survey.id), "edit", given, version)


def ask(services: Services, account: Account, survey: Survey, form: Form) -> None:
    """Change the questions of a draft.

    Raises:
        FormIsFixed
    """
    if survey.state != "draft":
        raise FormIsFixed(f"survey {survey.id} is no draft; make a new version of it")
    with services.state.begin() as connection:
        casting.save(services, connection, account, replace(survey.poll, form=form))


def ask_about(
    services: Services,
    account: Account,
    survey: Survey,
    chosen: Sequence[str],
    text: str,
    ratings: Sequence[str],
) -> None:
    """Ask the same of each unit, in the official order.

    Raises:
        NotAccepted: no unit is chosen.
        FormIsFixed
    """
    names = [unit.name for unit in units(services) if unit.id in set(chosen)]
    if not names:
        raise NotAccepted(Fault("units", "names none", "choose at least one"), "no-units")
    reason = services.words("duty.survey.why")
    ask(services, account, survey, about_units(survey.poll.form, names, text, ratings, reason))


def opening_faults(services: Services, survey: Survey) -> list[FormFault]:
    """All that keeps a draft from being opened."""
    return casting.opening_faults(services, survey.poll)


def take(
    services: Services, account: Account, survey: Survey, step: str, version: int | None
) -> None:
    """Open, close or drop a survey.

    Raises:
        StepRefused, and what the ballots refuse.
        FaultyInput: a draft does not hold together.
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        if step == "open":
            casting.open_poll(services, acting.connection, survey.poll)
        elif step == "close":
            casting.close(services, acting.connection, survey.poll)
        taking.take(acting, str(survey.id), step, {}, version)
    if step == "open":
        _tell(services, account, survey)
    elif step == "close":
        casting.stir(services, survey.poll.id)


def _tell(services: Services, account: Account, survey: Survey) -> None:
    """Post a message to everybody who is asked, in slices: there may be many, and the survey waits
    on their workbench in any case.
    """
    now_ms = services.now_ms()
    with services.state.read() as connection:
        readers = ballots.silent(connection, survey.poll.id)
        languages = staff(connection, services.roles, day_of(now_ms)).languages
    for at in range(0, len(readers), MESSAGES_A_SLICE):
        with services.state.begin() as connection:
            for reader in readers[at : at + MESSAGES_A_SLICE]:
                language = language_for(languages.get(reader, ""), "", services.words.language)
                words = into(services, language).words
                done = words("duty.survey.done-open")
                note = Note(
                    survey.title,
                    words("procedures.told", who=account.signed, done=done),
                    f"/duty/my-surveys/{survey.id}",
                )
                key = f"duty-survey-{survey.id}-{reader}"
                entry = Entry(key, "note", Level.NOTICE, now_ms, note, reader=reader)
                services.messages.post(connection, entry)


def find(services: Services, account: Account, item_id: int) -> Survey | None:
    """A survey that somebody of the office sees."""
    with services.state.read() as connection:
        return repository.of_office(connection, account, item_id)


def listed(services: Services, account: Account, before: int) -> list[Survey]:
    """A page of them and one more, the newest first."""
    with services.state.read() as connection:
        return repository.listed(connection, account, before, A_PAGE + 1)


def versions(services: Services, survey: Survey) -> list[Survey]:
    """Every version of a survey."""
    with services.state.read() as connection:
        return repository.versions(connection, survey.poll.series)


def counts(services: Services, survey: Survey) -> tuple[int, int]:
    """How many people are asked, and how many have answered."""
    poll = survey.poll
    if poll.state == "closed":
        return poll.asked, poll.answered
    with services.state.read() as connection:
        if poll.state == "draft" and poll.audience != "public":
            return len(casting.people_asked(services, connection, poll)), 0
        return ballots.counts(connection, poll.id)


def silent(services: Services, survey: Survey) -> list[str]:
    """The names of those who have not answered yet."""
    if survey.poll.audience == "public":
        return []
    with services.state.read() as connection:
        usernames = ballots.silent(connection, survey.poll.id)
    return sorted(People(services.state).names(usernames).values())


def outcome(services: Services, survey: Survey) -> Outcome:
    """The results: of a named survey at any time, of an anonymous one once it is closed.

    Raises:
        NotCounted
    """
    poll = survey.poll
    if poll.anonymous and poll.state != "closed":
        raise NotCounted(f"survey {survey.id} is anonymous and has not ended")
    asked, answered = counts(services, survey)
    return Outcome(asked, answered, results_of(services.state, survey))


def results_of(state: State, survey: Survey) -> list[Result]:
    """The answers to each question as they may be shown now, whoever asks."""
    poll = survey.poll
    given: Mapping[str, Sequence[Values]]
    with state.read() as connection:
        if poll.anonymous:
            given = ballots.written(connection, poll.id)
        else:
            given = _by_question(ballots.responses(connection, poll.id))
    return outcomes.results(poll.form, given, anonymous=poll.anonymous)


def responses(services: Services, survey: Survey) -> list[Response]:
    """The named answers as they stand; none of an anonymous survey, which has no such rows."""
    if survey.poll.anonymous:
        return []
    with services.state.read() as connection:
        return ballots.responses(connection, survey.poll.id)


def _drafted(services: Services, settings: Settings) -> Poll:
    known = [unit.id for unit in units(services)]
    return settings.drafted(known, day_of(services.now_ms()))


def _begin(acting: taking.Acting, kind: str, poll_id: int, poll: Poll) -> int:
    given = {
        "title": poll.form.title,
        "kind": kind,
        "design": poll.design,
        "audience": poll.audience,
        "last_day": poll.last_day,
    }
    marks = {"poll": poll_id, "secrecy": int(Secrecy.INTERNAL), "public": False}
    item_id, _ = taking.begin(acting, given, **marks)
    return int(item_id)


def _by_question(every: Sequence[Response]) -> Mapping[str, Sequence[Values]]:
    found: dict[str, list[Values]] = {}
    for response in every:
        for question, values in response.answers.items():
            found.setdefault(question, []).append(values)
    return found
