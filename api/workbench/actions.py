"""Ask every platform for what waits for a person, and how things stand."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import wait

from api.accounts.records import Account
from api.ports import Summary, Todo
from api.services import Services
from api.shape import Platform, nothing_to_say, nothing_waits
from api.workbench.asking import Askers
from api.workbench.records import Board, Waiting

WITHIN_S = 2.0
"""So long the page waits for all platforms together."""
Answer = tuple[Sequence[Todo], Sequence[Summary]]
log = logging.getLogger(__name__)


def board(
    askers: Askers, roster: Sequence[Platform], services: Services, account: Account
) -> Board:
    """The workbench of a person. A platform that fails, or is slow, is named, and keeps nothing
    else away.
    """
    asked = [
        (platform.slug, askers.ask(platform.slug, _answer, platform, services, account))
        for platform in roster
        if platform.todos is not nothing_waits or platform.summaries is not nothing_to_say
    ]
    in_time, _ = wait([future for _, future in asked], WITHIN_S)
    waiting: list[Waiting] = []
    summaries: list[Summary] = []
    silent: list[str] = []
    late: list[str] = []
    for slug, future in asked:
        if future not in in_time:
            future.cancel()  # where nobody has begun to answer, nobody needs to
            log.warning("the workbench waited %s s for %s and has no answer", WITHIN_S, slug)
            late.append(slug)
        elif error := future.exception():  # whatever a platform may raise, the others are shown
            log.error("the workbench has no answer from %s", slug, exc_info=error)
            silent.append(slug)
        else:
            todos, sentences = future.result()
            waiting += (Waiting(slug, todo) for todo in todos)
            summaries += sentences
    return Board(sorted(waiting, key=lambda of: of.urgency), summaries, silent, late)


def _answer(platform: Platform, services: Services, account: Account) -> Answer:
    return list(platform.todos(services, account)), list(platform.summaries(services, account))
