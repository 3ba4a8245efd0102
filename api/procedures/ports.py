"""The ports by which a platform hands on things with a procedure: as items, and as todos."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from api.accounts.records import Account, Secrecy
from api.ports import Copies, Item, ItemKind, Json, Said, Todo, nothing_said
from api.procedures import repository, wording
from api.procedures.procedure import Procedure, Row
from api.services import Services
from config.catalogue.words import Words

MOST = 200
"""Of one step: whoever has more waiting sees the oldest."""


def item_kind(
    procedure: Procedure,
    content: Callable[[Services, Row], Json],
    copies: Copies = "never",
    said: Callable[[Words, Json], Said] = nothing_said,
) -> ItemKind:
    """The declaration of a procedure's things as items.

    Args:
        procedure: whose things they are.
        content: what the thing itself says; its state and its history are added.
        copies: who reads a copy that was kept.
        said: the figures of a content in words.
    """

    def read(services: Services, account: Account, item_id: str) -> Item | None:
        with services.state.read() as connection:
            row = repository.row_for(connection, procedure, item_id, account, procedure.see)
            if row is None:
                return None
            # A copy that is kept says the same to everybody who reads it.
            events = repository.events_for(connection, procedure, str(row["id"]), None)
        subject = repository.reference(procedure, str(row["id"]))
        history = [
            {
                "at_ms": moment.at_ms,
                "done": moment.title,
                "by": moment.note,
                "given": dict(moment.said),
            }
            for moment in reversed(wording.moments(services, procedure, subject, events))
        ]
        own = {"state": services.words(f"{procedure.words}.state-{row['state']}")}
        path = procedure.path(row).removeprefix(f"/{procedure.platform}")
        body = {**content(services, row), **own, "history": history}
        return Item(procedure.title(row), path, body, Secrecy(row.get("secrecy", 0)))

    return ItemKind(procedure.kind, procedure.see, read, copies, said)


def todos(services: Services, account: Account, procedure: Procedure) -> Sequence[Todo]:
    """Things for which an account can take a step that is awaited, each once; not one that another
    person has to take. A thing with a term that runs is left to the deadlines, which show it to
    whoever must act.
    """
    words, hands = services.words, {account.username, account.actor.who}
    found: dict[object, Todo] = {}
    with services.state.read() as connection:
        for step in procedure.steps:
            if not step.sources or not step.awaited or step.automatic:
                continue
            title = words(f"{procedure.words}.step-{step.name}")
            for row, since_ms in repository.waiting(connection, procedure, step, account, MOST):
                if step.another_than and row[step.another_than] in hands:
                    continue
                todo = Todo(procedure.title(row), procedure.path(row), since_ms, note=title)
                found.setdefault(row["id"], todo)
    return list(found.values())


def count(
    services: Services, account: Account, procedure: Procedure, states: Collection[str]
) -> int:
    """How many things in some states an account sees, for the wall."""
    with services.state.read() as connection:
        return repository.count(connection, procedure, account, states)


def running(services: Services, account: Account, procedure: Procedure) -> int:
    """How many things an account sees that are under way: not over, and no draft, which is still
    its writer's own.
    """
    states = [of.name for of in procedure.states if not of.closed and of.name != "draft"]
    return count(services, account, procedure, states)
