"""Actions on tokens of machines; the audit stands in the same transaction."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.tokens import Token, Tokens
from api.accounts.sign_in import MACHINE, NEVER_FOR_OTHERS, SENDS, hash_of
from api.administration.permission import AdministrationPermission
from api.administration.tokens import repository
from api.administration.tokens.records import NewToken, Offer
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import DAY_MS, begins_ms, day_of

PREFIX = "qy_"
"""So that a secret that lies about is known for one."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token with its secret, of which only the hash is kept."""

    token: Token
    secret: str


def offer(services: Services, roster: Iterable[Platform], account: Account) -> Offer:
    """The choices of an administrator: what some role of the site may do, but administration. A
    token has no second factor, outlives the person who made it and could make others.
    """
    platforms = [of for of in roster if of.slug != NEVER_FOR_OTHERS]
    reaches = [
        of for of in account.reaches if AdministrationPermission.MANAGE_TOKENS in of.permissions
    ]
    return Offer(
        permissions={
            str(one): one
            for platform in platforms
            for one in platform.permissions
            if services.roles.having(one)
        },
        units=repository.units(services.state, account),
        everywhere=any(not of.unit for of in reaches),
        by_unit=frozenset(of.slug for of in platforms if of.by_unit),
        tables={of.name: of for platform in platforms for of in platform.tables},
    )


def listed(services: Services, account: Account) -> tuple[Token, ...]:
    """Tokens that an administrator sees, the newest first."""
    return Tokens(services.state).all(repository.seen(account))


def create(
    services: Services, roster: Iterable[Platform], account: Account, new: NewToken
) -> Made:
    """Make a token.

    Raises:
        NotAccepted: something of it does not hold.
    """
    now = services.now_ms()
    today = date.fromisoformat(day_of(now))
    last = new.last_day(offer(services, roster, account), today)
    secret = PREFIX + secrets.token_urlsafe(32)
    tables = tuple(sorted(set(new.tables)))
    permissions = (SENDS,) if tables else tuple(sorted(set(new.permissions)))
    expires, by = begins_ms(last) + DAY_MS, account.actor
    detail = {"name": new.name, "permissions": permissions, "unit": new.unit, "until": str(last)}
    detail |= {"tables": tables} if tables else {}
    with services.state.begin() as connection:
        token_id = Tokens(services.state).add(
            connection,
            hash_of(secret),
            new.name,
            permissions,
            new.unit,
            by.who,
            now,
            expires,
            tables,
        )
        audit.record(
            connection,
            by=by,
            action="token.create",
            subject=f"{MACHINE}{token_id}",
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now,
        )
    token = Token(token_id, new.name, permissions, new.unit, by.who, now, expires, tables=tables)
    return Made(token, secret)


def end(services: Services, account: Account, token_id: int) -> bool:
    """Let a token stand no longer; whether it did."""
    now = services.now_ms()
    with services.state.begin() as connection:
        ended = Tokens(services.state).end(connection, token_id, now, repository.seen(account))
        if ended:
            audit.record(
                connection,
                by=account.actor,
                action="token.end",
                subject=f"{MACHINE}{token_id}",
                detail="",
                at_ms=now,
            )
    if ended:
        services.live.end(f"{MACHINE}{token_id}")
    return ended
