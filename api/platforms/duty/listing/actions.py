"""Find suggestions for a list, a table or a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.accounts.records import Account
from api.deadlines.records import Deadline
from api.platforms.duty.listing import repository
from api.platforms.duty.listing.records import A_PAGE, Asked, Criteria, Found, Line
from api.search.index import Asked as Searched
from api.search.index import SearchIndex
from api.services import Services

SEARCHED = 200
"""Texts with the words of a question, of which the newest and best are looked at."""


def found(services: Services, account: Account, asked: Asked) -> Found:
    """A page of the list."""
    criteria, bounded = _criteria(services, account, asked)
    with services.state.read() as connection:
        lines = repository.lines(connection, account, criteria, A_PAGE + 1)
        count = repository.count(connection, account, criteria, repository.COUNTED + 1)
    following = lines[A_PAGE - 1].id if len(lines) > A_PAGE else 0
    return Found(tuple(lines[:A_PAGE]), count, following, bounded)


def every(services: Services, account: Account, asked: Asked, most: int) -> tuple[list[Line], int]:
    """All pages of a question, and how many lines there are in all, ``most`` and one at most."""
    criteria, _ = _criteria(services, account, asked.model_copy(update={"before": 0}))
    with services.state.read() as connection:
        lines = list(repository.every(connection, account, criteria, most + 1))
    return lines, len(lines)


def terms(services: Services, lines: Sequence[Line]) -> Mapping[int, Deadline]:
    """Of each line the open term that is due first."""
    with services.state.read() as connection:
        return repository.terms(connection, [of.id for of in lines])


def _criteria(services: Services, account: Account, asked: Asked) -> tuple[Criteria, bool]:
    """As the repository takes it; and whether more texts have the words than are looked at."""
    among: set[int] | None = None
    bounded = False
    if asked.q:
        index = SearchIndex(services.state)
        question = Searched(asked.q, "duty", repository.KIND)
        answer = index.found(account, question, 0, SEARCHED)
        bounded = answer.bounded or answer.total > SEARCHED
        with services.state.read() as connection:
            drafts = repository.own_drafts(connection, account.username, asked.q)
        among = {int(of.subject.id) for of in answer.hits} | set(drafts)
    criteria = Criteria(
        show=asked.show,
        state=asked.state,
        unit=asked.unit,
        topic=asked.topic,
        town=asked.town,
        year=int(asked.year) if asked.year else None,
        among=among,
        before=asked.before,
    )
    return criteria, bounded
