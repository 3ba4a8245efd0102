"""Read and export the audit, which has who exported it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from api import audit
from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.visibility import of_people
from api.administration.audit_trail import repository
from api.administration.audit_trail.records import Asked, ChainState, Found
from api.administration.permission import AdministrationPermission
from api.audit_chain import links
from api.services import Services
from config.vocabulary.time import MINUTE_MS, day_of

READ_A_PAGE = 20_000
"""So many rows are searched for a text at a time, as no index helps to find it."""


def searched(services: Services, account: Account, asked: Asked, most: int) -> Found:
    """Rows of one page. Those with a text are not counted where only some rows were searched."""
    state = services.state
    chosen = _chosen(services, account, asked, AdministrationPermission.SEE_AUDIT)
    before = asked.before or None
    after = (before or audit.newest(state) + 1) - 1 - READ_A_PAGE if asked.q else 0
    rows = audit.search(state, before_id=before, after_id=after, most=most + 1, **chosen)
    if len(rows) > most:
        following: int | None = rows[most - 1].id
    else:
        following = after + 1 if after > 0 else None
    partly = asked.q and (before or after > 0)
    return Found(rows[:most], None if partly else audit.count(state, **chosen), following)


def exported(
    services: Services, account: Account, asked: Asked
) -> tuple[Iterator[audit.Row], int]:
    """Rows of all pages, and how many there are."""
    chosen = _chosen(services, account, asked, AdministrationPermission.EXPORT_AUDIT)
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action="audit.export",
            subject="",
            detail=json.dumps(asked.chosen(), ensure_ascii=False),
            at_ms=services.now_ms(),
        )
    return audit.rows(services.state, **chosen), audit.count(services.state, **chosen)


def chain_state(services: Services) -> ChainState:
    """The chain as it stands."""
    pulse = services.centre.pulse
    waiting = links.unchained(services.state)
    return ChainState(repository.head(services.state), waiting, pulse.audit if pulse else None)


def known_actions(services: Services) -> Sequence[str]:
    """Every action that there is a row of, as of this minute."""
    minute = services.now_ms() // MINUTE_MS
    return services.shared.get("audit", minute, lambda: audit.actions(services.state))


def _chosen(
    services: Services, account: Account, asked: Asked, permission: Permission
) -> audit.Asked:
    """The search, within the people whose deeds an account may see."""
    called = repository.usernames_called(services.state, asked.who) if asked.who else []
    return audit.Asked(
        who=[asked.who, *called] if asked.who else [],
        among=of_people(account, permission, day_of(services.now_ms())),
        action=asked.action,
        subject=asked.subject,
        text=asked.q,
        from_ms=asked.from_ms,
        until_ms=asked.until_ms,
    )
