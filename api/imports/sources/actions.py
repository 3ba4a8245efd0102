"""Actions on the register: add a source, change, stop and ask it; its audit in the transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.accounts.sign_in import MACHINE
from api.authentication.requests import BoundToTables
from api.deadlines.kept.rulebook import RuleAct
from api.deadlines.opening import deadlines_of
from api.imports import actions
from api.imports.loading.parts import Parts
from api.imports.sources.forms import Changed, New, Offered
from api.imports.sources.notices import Checked, Owners
from api.imports.sources.records import Source
from api.imports.sources.repository import Sources
from api.imports.sources.terms import Register
from api.ports import Item
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def register_of(services: Services) -> Register:
    """The register of a process with pages."""
    return Register(Sources(services.state), deadlines_of(services), services.words)


def offered(services: Services, parts: Parts, account: Account) -> Offered:
    """The choices of somebody who keeps the register."""
    t, state, settings = services.words, services.state, services.imports
    today, people = _today(services).isoformat(), People(services.state)
    return Offered(
        kinds={name: of.named(t) for name, of in actions.named(parts, account).items()},
        units={of.id: of.name for of in Units(state).all() if of.span.holds(today)},
        people=people.names(people.usernames()),
        machines=Sources(state).machines(services.now_ms()),
        servers={name: of.folders for name, of in settings.sftp.items()},
        databases=list(settings.database),
        folder=settings.folder,
    )


def one(services: Services, parts: Parts, account: Account, source_id: int) -> Source | None:
    """A source that somebody may see."""
    found = Sources(services.state).one(source_id)
    return found if found and found.kind in actions.seen(parts, account) else None


def add(services: Services, parts: Parts, account: Account, given: New, choices: Offered) -> int:
    """Register a source; its id.

    Raises:
        NotAccepted
    """
    terms, since = given.checked(choices, _today(services))
    sources, now_ms = Sources(services.state), services.now_ms()
    with services.state.begin() as connection:
        if sources.named(connection, given.kind, given.name):
            fault = Fault("name", "is another source's of the kind", "give another one")
            raise NotAccepted(fault, "taken")
        source_id = sources.add(
            connection, parts.kinds[given.kind], given.name, given.period, since.isoformat(),
            terms, by=account.actor.who, at_ms=now_ms,
        )  # fmt: skip
        found = sources.found(connection, source_id)
        assert found is not None
        _keep_rule(services, connection, account, found, "added")
        _record(connection, account, "imports.source-added", found, now_ms)
    return source_id


def change(
    services: Services, account: Account, source: Source, given: Changed, choices: Offered
) -> None:
    """Give a source other terms; periods that wait have them at once.

    Raises:
        NotAccepted
    """
    terms, register, now_ms = given.terms(choices), register_of(services), services.now_ms()
    if terms == source.terms:
        return
    waiting = [owed for owed, _ in register.waiting(source)]
    due = (terms.due_amount, terms.due_unit) != (source.terms.due_amount, source.terms.due_unit)
    with services.state.begin() as connection:
        register.sources.put(
            connection, source.id, **asdict(terms), tried_ms=None, seen="{}", problem=""
        )
        after = register.sources.found(connection, source.id)
        assert after is not None
        if due:
            _keep_rule(services, connection, account, after, "changed")
        if due or terms.responsible != source.terms.responsible:
            why = services.words("sources.terms-changed")
            register.renew(connection, after, waiting, why, account.actor, now_ms)
        _record(connection, account, "imports.source-changed", after, now_ms)


def stop(services: Services, account: Account, source: Source, why: str) -> None:
    """Let a source owe nothing any more, and fetch nothing."""
    register, now_ms = register_of(services), services.now_ms()
    waiting = register.waiting(source)
    with services.state.begin() as connection:
        register.sources.put(connection, source.id, active=False)
        for owed, _ in waiting:
            register.deadlines.cancel(
                connection, owed.deadline, why, actor=account.actor, at_ms=now_ms
            )
        _record(connection, account, "imports.source-stopped", source, now_ms, why=why)


def go_on(services: Services, account: Account, source: Source) -> None:
    """Let a source owe again, from today on."""
    sources, now_ms = Sources(services.state), services.now_ms()
    values = {"active": True, "since_day": _today(services).isoformat(), "tried_ms": None}
    with services.state.begin() as connection:
        sources.put(connection, source.id, **values)
        _record(connection, account, "imports.source-resumed", source, now_ms)


def ask(services: Services, account: Account, source: Source) -> None:
    """Let the core fetch from a source within the minute."""
    sources, now_ms = Sources(services.state), services.now_ms()
    with services.state.begin() as connection:
        sources.put(connection, source.id, tried_ms=None)
        _record(connection, account, "imports.source-asked", source, now_ms)


def source_of(services: Services, account: Account, source_id: int) -> Source | None:
    """The source for which a machine sends; None where that does not name it.

    Raises:
        BoundToTables: the machine is bound to tables, and this is none of them.
    """
    found = Sources(services.state).one(source_id)
    ours = found if found is not None and may_send(account, found) else None
    if account.tables and (ours is None or ours.kind not in account.tables):
        raise BoundToTables(account.tables)
    return ours


def may_send(account: Account, source: Source) -> bool:
    """Whether a machine is the one that a source names."""
    terms = source.terms
    return (
        source.active and terms.way == "token" and account.username == f"{MACHINE}{terms.server}"
    )


def tell_refused(services: Services, source: Source, checked: Checked) -> None:
    """Let the owner of a source hear that what its machine sent was not taken in."""
    owners = Owners(services.messages, services.roles, services.words)
    with services.state.begin() as connection:
        owners.tell(connection, source, checked, services.now_ms())


def read(services: Services, account: Account, source_id: str) -> Item | None:
    """A source as an item: whoever sees loads of its kind sees it, and its deadlines."""
    found = Sources(services.state).one(int(source_id)) if source_id.isdecimal() else None
    if found is None or not any(found.permission in of.permissions for of in account.reaches):
        return None
    return Item(found.name, f"/sources/{found.id}", _content(services, found))


def _content(services: Services, source: Source) -> Mapping[str, object]:
    unit = Units(services.state).get(source.terms.unit)
    return {
        "name": source.name,
        "unit": unit.name if unit else source.terms.unit,
        "period": services.words(f"sources.period-{source.period}"),
    }


def _keep_rule(
    services: Services, connection: Connection, account: Account, source: Source, kind: RuleAct
) -> None:
    rulebook, today = deadlines_of(services).rulebook, _today(services)
    rule, basis = source.rule(account.signed, today), services.words("sources.title")
    rulebook.add(connection, rule, kind, basis, who=account.username, at_ms=services.now_ms())


def _record(
    connection: Connection,
    account: Account,
    action: str,
    source: Source,
    at_ms: int,
    why: str = "",
) -> None:
    detail = {"name": source.name, "kind": source.kind, "period": source.period}
    detail |= asdict(source.terms) | ({"why": why} if why else {})
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=str(source.id),
        detail=json.dumps(detail, ensure_ascii=False),
        at_ms=at_ms,
    )


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))
