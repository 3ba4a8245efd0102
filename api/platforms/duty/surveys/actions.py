"""Actions on surveys: make, open, close and answer them, and see what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from api.accounts.records import Account, Secrecy, Unit
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.ballots import casting
from api.ballots import repository as ballots
from api.ballots import results as outcomes
from api.ballots.questions import Answers, Form, FormFault, Values
from api.ballots.records import Poll, Response
from api.ballots.refusals import NotCounted, UnknownPoll
from api.ballots.results import Result
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys import repository
from api.platforms.duty.surveys.procedure import KIND, PROCEDURE
from api.platforms.duty.surveys.records import (
    Settings,
    Survey,
    about_units,
    titled,
)
from api.ports import Item, ItemKind, Reference, Todo
from api.procedures import taking
from api.services import Services
from api.web.forms import MOST_ID, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, begins_ms, day_of

A_PAGE = 30
MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class Own:
    """A survey that somebody is asked. ``answered`` is the day on which they did, empty: not yet;
    ``response`` their named answers.
    """

    survey: Survey
    answered: str
    response: Response | None = None
    begun: Answers = field(default_factory=dict)
    """Named answers as they were left half done, or else as they were given."""

    @property
    def done(self) -> bool:
        """Whether they have answered."""
        return bool(self.answered)


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
    if step == "close":
        casting.stir(services, survey.poll.id)


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
    given: Mapping[str, Sequence[Values]]
    with services.state.read() as connection:
        if poll.anonymous:
            given = ballots.written(connection, poll.id)
        else:
            given = _by_question(ballots.responses(connection, poll.id))
    asked, answered = counts(services, survey)
    found = outcomes.results(poll.form, given, anonymous=poll.anonymous)
    return Outcome(asked, answered, found)


def responses(services: Services, survey: Survey) -> list[Response]:
    """The named answers as they stand; none of an anonymous survey, which has no such rows."""
    if survey.poll.anonymous:
        return []
    with services.state.read() as connection:
        return ballots.responses(connection, survey.poll.id)


def own(services: Services, account: Account) -> list[Own]:
    """The surveys that somebody is asked, the newest first."""
    with services.state.read() as connection:
        asked = ballots.asked_of(connection, account.username, MOST_WAITING)
        surveys = repository.of_polls(connection, [poll.id for poll, _ in asked])
    return [
        Own(surveys[poll.id], "" if day == ballots.NOT_YET else day)
        for poll, day in asked
        if poll.id in surveys
    ]


def own_one(services: Services, account: Account, item_id: int) -> Own:
    """One of them.

    Raises:
        UnknownPoll: there is none, or somebody was not asked.
    """
    with services.state.read() as connection:
        survey = repository.one(connection, item_id)
        if survey is None or survey.poll.state == "draft":
            raise UnknownPoll(f"unknown survey {item_id}")
        day = ballots.day_of_voter(connection, survey.poll.id, account.username)
        if day is None:
            raise UnknownPoll(f"survey {item_id} does not ask {account.username}")
        response = ballots.response(connection, survey.poll.id, account.username)
        begun = ballots.draft(connection, survey.poll.id, account.username)
    if begun is None:
        begun = response.answers if response else {}
    return Own(survey, "" if day == ballots.NOT_YET else day, response, begun)


def keep(services: Services, account: Account, survey: Survey, answers: Answers) -> None:
    """Keep named answers that are half done. Of anonymous ones nothing is kept before they are
    given: the pages themselves carry them.
    """
    if not survey.poll.anonymous:
        with services.state.begin() as connection:
            ballots.keep_draft(connection, survey.poll.id, account.username, answers)


def answer(services: Services, account: Account, survey: Survey, answers: Answers) -> None:
    """Answer by name, or give an anonymous ballot.

    Raises:
        UnknownPoll, NotTaken, AnsweredBefore, OnlyInPerson, BoxClosed
        FaultyInput
    """
    if survey.poll.anonymous:
        casting.vote(services, account, survey.poll.id, answers)
    else:
        casting.respond(services, account, survey.poll.id, answers)


def by_link(services: Services, token: str) -> Survey | None:
    """The survey for the public behind an address."""
    with services.state.read() as connection:
        poll = ballots.by_token(connection, token)
        return repository.of_polls(connection, [poll.id]).get(poll.id) if poll else None


def answer_by_link(services: Services, survey: Survey, browser: str, answers: Answers) -> None:
    """Give a ballot without an account; ``browser`` is a hash of its mark.

    Raises:
        UnknownPoll, NotTaken, AnsweredBefore, BoxClosed
        FaultyInput
    """
    casting.vote_by_link(services, survey.poll.id, browser, answers)


def answered_by(services: Services, survey: Survey, browser: str) -> bool:
    """Whether a browser has answered."""
    return bool(casting.has_voted(services, survey.poll, browser))


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Surveys that wait for somebody's answers; for the office those whose last day is over."""
    today, words = day_of(services.now_ms()), services.words
    found = []
    if account.may(DutyPermission.TAKE_PART):
        for one in own(services, account):
            poll = one.survey.poll
            if not one.done and poll.takes_answers(today):
                note = words(f"duty.survey.todo-{one.survey.kind}")
                found.append(
                    _todo(services, one.survey, f"/duty/my-surveys/{one.survey.id}", note)
                )
    if account.may(DutyPermission.SURVEY):
        for survey in listed(services, account, 0):
            if survey.over(today):
                note = words("duty.survey.todo-close")
                found.append(_todo(services, survey, f"/duty/surveys/{survey.id}", note))
    return found


def read(services: Services, account: Account, item_id: str) -> Item | None:
    """A survey for whoever is asked, and for the office; its papers are seen by the same."""
    if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
        return None
    number = int(item_id)
    survey = find(services, account, number)
    path = f"/surveys/{number}"
    if survey is None:
        try:
            survey = own_one(services, account, number).survey
        except UnknownPoll:
            return None
        path = f"/my-surveys/{number}"
    poll = survey.poll
    content = {
        "kind": services.words(f"duty.survey.kind-{survey.kind}"),
        "state": services.words(f"duty.survey.state-{survey.state}"),
        "design": services.words(f"duty.survey.design-{poll.design}"),
        "introduction": poll.form.intro,
        "version": poll.version,
        "last_day": poll.last_day,
        "questions": [question.text for question in poll.form.questions],
    }
    return Item(survey.title, path, content)


ITEM = ItemKind(KIND, DutyPermission.SEE, read)


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


def _todo(services: Services, survey: Survey, path: str, note: str) -> Todo:
    last = begins_ms(date.fromisoformat(survey.poll.last_day))
    now = services.now_ms()
    return Todo(survey.title, path, min(now, last), due_ms=last + DAY_MS, note=note)
