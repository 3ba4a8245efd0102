"""Ask every platform for what waits for a person, and how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from api.accounts.records import Account
from api.ports import Summary, Todo
from api.services import Services
from api.shape import Platform, nothing_to_say, nothing_waits
from api.web.asking import Askers
from api.workbench.records import Board, Waiting

Answer = tuple[Sequence[Todo], Sequence[Summary]]


def board(
    askers: Askers, roster: Sequence[Platform], services: Services, account: Account
) -> Board:
    """The workbench of a person. A platform that fails, or is slow, is named, and keeps nothing
    else away.
    """
    questions = {
        platform.slug: partial(_answer, platform, services, account)
        for platform in roster
        if platform.todos is not nothing_waits or platform.summaries is not nothing_to_say
    }
    answers = askers.ask_all(questions)
    waiting: list[Waiting] = []
    summaries: list[Summary] = []
    for slug, (todos, sentences) in answers.given.items():
        waiting += (Waiting(slug, todo) for todo in todos)
        summaries += sentences
    ordered = sorted(waiting, key=lambda of: of.urgency)
    return Board(ordered, summaries, answers.silent, answers.late)


def _answer(platform: Platform, services: Services, account: Account) -> Answer:
    return list(platform.todos(services, account)), list(platform.summaries(services, account))
