"""Read and export the log of sign-ins; the audit has who exported it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from api import audit
from api.accounts.records import Account
from api.accounts.visibility import Usernames, of_people
from api.administration.permission import AdministrationPermission
from api.administration.sign_ins import repository
from api.administration.sign_ins.records import Asked, SignIn
from api.services import Services
from config.vocabulary.time import day_of


def searched(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[list[SignIn], int, int | None]:
    """Sign-ins of one page, how many there are on all of them, and where the next one begins."""
    seen = _seen(services, account)
    found = repository.search(services.state, asked, seen, before=asked.before, most=most + 1)
    total = repository.count(services.state, asked, seen)
    return found[:most], total, found[most - 1].id if len(found) > most else None


def exported(
    services: Services, account: Account, asked: Asked
) -> tuple[Iterator[list[SignIn]], int]:
    """Sign-ins of all pages, some at a time, and how many there are."""
    seen, chosen = _seen(services, account), asked.model_dump(mode="json", exclude_defaults=True)
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action="sign-in.export",
            subject="",
            detail=json.dumps(chosen, ensure_ascii=False) if chosen else "",
            at_ms=services.now_ms(),
        )
    total = repository.count(services.state, asked, seen)
    return repository.slices(services.state, asked, seen), total


def _seen(services: Services, account: Account) -> Usernames | None:
    today = day_of(services.now_ms())
    return of_people(account, AdministrationPermission.SEE_SIGN_INS, today)
