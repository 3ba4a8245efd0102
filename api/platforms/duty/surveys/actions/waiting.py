"""Surveys that wait for somebody, and surveys as items for other platforms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.accounts.records import Account
from api.ballots.refusals import UnknownPoll
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.actions.answering import own, own_one
from api.platforms.duty.surveys.actions.making import find, listed
from api.platforms.duty.surveys.procedure import KIND
from api.platforms.duty.surveys.records import (
    Survey,
)
from api.ports import Item, ItemKind, Todo
from api.services import Services
from api.web.forms import MOST_ID
from config.vocabulary.time import DAY_MS, begins_ms, day_of


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


def _todo(services: Services, survey: Survey, path: str, note: str) -> Todo:
    last = begins_ms(date.fromisoformat(survey.poll.last_day))
    now = services.now_ms()
    return Todo(survey.title, path, min(now, last), due_ms=last + DAY_MS, note=note)
