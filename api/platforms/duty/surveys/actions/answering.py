"""Surveys for whoever is asked: found, left half done, answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.accounts.records import Account
from api.ballots import casting
from api.ballots import repository as ballots
from api.ballots.questions import Answers
from api.ballots.records import Response
from api.ballots.refusals import UnknownPoll
from api.platforms.duty.surveys import repository
from api.platforms.duty.surveys.records import (
    Survey,
)
from api.services import Services

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
            raise UnknownPoll(f"survey {item_id} does not ask {account.username}")
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
