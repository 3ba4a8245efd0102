"""Ask every platform for what waits for a person, and how things stand."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from api.accounts.records import Account
from api.ports import Summary
from api.services import Services
from api.shape import Platform
from api.workbench.records import Board, Waiting

log = logging.getLogger(__name__)


def board(roster: Sequence[Platform], services: Services, account: Account) -> Board:
    """The workbench of a person. A platform that fails is named, and keeps nothing else away."""
    waiting: list[Waiting] = []
    summaries: list[Summary] = []
    silent: list[str] = []
    for platform in roster:
        try:
            todos = platform.todos(services, account)
            sentences = platform.summaries(services, account)
        except Exception:  # whatever a platform may raise, the others are shown
            log.exception("the workbench has no answer from %s", platform.slug)
            silent.append(platform.slug)
            continue
        waiting += (Waiting(platform.slug, todo) for todo in todos)
        summaries += sentences
    return Board(sorted(waiting, key=lambda of: of.urgency), summaries, silent)
