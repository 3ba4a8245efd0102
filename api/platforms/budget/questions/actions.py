"""Save questions, name, order and remove them. The shared ones are the office's, and each change
of them is in the audit.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.questions import repository, wording
from api.platforms.budget.questions.records import (
    LONGEST_NAME,
    LONGEST_QUERY,
    MOST_OWN,
    MOST_SHARED,
    SHARED,
    Kept,
    PageName,
    Question,
    moved,
    names_person,
    read,
)
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

Deed = Literal["share-question", "rename-question", "remove-question", "order-questions"]


class UnknownQuestion(Declared):
    """There is none, or it is somebody else's."""

    status = 404
    words = "budget.questions.unknown"


class NotTheOffice(Declared):
    """The shared ones are changed by those who may change rules."""

    status = 403
    words = "budget.questions.office-only"


def kept(services: Services, account: Account) -> Kept:
    """The own questions and the shared ones."""
    with services.state.read() as connection:
        return repository.kept(connection, account.username)


def save(
    services: Services,
    account: Account,
    page: PageName,
    query: str,
    name: str,
    *,
    shared: bool = False,
) -> Question:
    """Keep the question of a page under a name, for oneself or for everybody.

    Raises:
        NotTheOffice
        NotAccepted: there is no name, another one has it, there are too many, the page does not
            understand the question, or a shared one names a natural person.
    """
    if shared and not may_share(account):
        raise NotTheOffice("shared questions are saved by those who may save rules")
    asked = read(page, query) if len(query) <= LONGEST_QUERY else None
    if asked is None:
        fault = Fault("query", "is no question of this page", "save it from the page itself")
        raise NotAccepted(fault, "query")
    if shared and names_person(asked):
        fault = Fault("shared", "may name a natural person", "save it for yourself")
        raise NotAccepted(fault, "person")
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        if shared:
            repository.begin(connection, account.username, now_ms)
        found = _owned(connection, account, shared=shared)
        said = _named(services, found, name)
        most = MOST_SHARED if shared else MOST_OWN
        if len(found) >= most:
            fault = Fault("name", f"{most} are there already", "remove one first")
            raise NotAccepted(fault, "many", n=most)
        of = Question("", SHARED if shared else account.username, said, "", page, asked)
        number = repository.add(connection, of, account.username, now_ms)
        if shared:
            _record(services, connection, account, "share-question", number, said)
    return Question(str(number), of.owner, said, "", page, asked)


def rename(services: Services, account: Account, key: str, name: str) -> None:
    """Give a question another name.

    Raises:
        UnknownQuestion
        NotTheOffice
        NotAccepted: there is none, or another one has it.
    """
    with services.state.begin() as connection:
        of, found = _found(services, connection, account, key)
        said = _named(services, [one for one in found if one is not of], name)
        repository.rename(connection, int(of.key), said)
        if of.shared:
            before = wording.name(services.words, of)
            _record(
                services, connection, account, "rename-question", int(of.key), f"{before} → {said}"
            )


def remove(services: Services, account: Account, key: str) -> None:
    """Take a question away.

    Raises:
        UnknownQuestion
        NotTheOffice
    """
    with services.state.begin() as connection:
        of, _ = _found(services, connection, account, key)
        repository.remove(connection, int(of.key))
        if of.shared:
            said = wording.name(services.words, of)
            _record(services, connection, account, "remove-question", int(of.key), said)


def move(services: Services, account: Account, key: str, step: Literal[-1, 1]) -> None:
    """Let a question and its neighbour change their order; at the end nothing changes.

    Raises:
        UnknownQuestion
        NotTheOffice
    """
    with services.state.begin() as connection:
        of, found = _found(services, connection, account, key)
        order = moved([int(one.key) for one in found], int(of.key), step)
        repository.put_in_order(connection, order)
        if of.shared:
            said = wording.name(services.words, of)
            _record(services, connection, account, "order-questions", int(of.key), said)


def may_share(account: Account) -> bool:
    """Who decides what everybody is offered decides like whoever saves rules."""
    return account.may(BudgetPermission.SAVE_RULES)


def _owned(connection: Connection, account: Account, *, shared: bool) -> tuple[Question, ...]:
    found = repository.kept(connection, account.username)
    return found.shared if shared else found.own


def _found(
    services: Services, connection: Connection, account: Account, key: str
) -> tuple[Question, tuple[Question, ...]]:
    """A question that the account may change, and all of its owner."""
    before = repository.kept(connection, account.username)
    of = next((one for one in before.every if key == one.key), None)
    of = of or next((one for one in before.shared if key == one.proposed), None)
    if of is None:
        raise UnknownQuestion(f"no question {key!r}; see /api/v1/budget/questions")
    if not of.shared:
        return of, before.own
    if not may_share(account):
        raise NotTheOffice("shared questions are changed by those who may save rules")
    repository.begin(connection, account.username, services.now_ms())
    shared = _owned(connection, account, shared=True)
    return next(one for one in shared if key in (one.key, one.proposed)), shared


def _named(services: Services, others: tuple[Question, ...] | list[Question], name: str) -> str:
    said = " ".join(name.split())
    if not 0 < len(said) <= LONGEST_NAME or "\0" in said:
        what, remedy = "is missing or too long", f"write up to {LONGEST_NAME} characters"
        raise NotAccepted(Fault("name", what, remedy), "name", n=LONGEST_NAME)
    if said in {wording.name(services.words, of) for of in others}:
        raise NotAccepted(Fault("name", "is that of another one", "write another"), "twice")
    return said


def _record(
    services: Services,
    connection: Connection,
    account: Account,
    deed: Deed,
    number: int,
    detail: str,
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=f"budget.{deed}",
        subject=str(number),
        detail=detail,
        at_ms=services.now_ms(),
    )
