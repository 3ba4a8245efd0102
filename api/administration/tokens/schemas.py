"""Tokens of machines as programs read them."""

from __future__ import annotations

from pydantic import BaseModel

from api.administration.tokens.records import TokenState


class TokenRow(BaseModel):
    """A token. ``made_by`` is a username; it may be used before ``expires_ms``, and was last at
    ``used_ms``, to the minute. ``tables`` are kinds that it is bound to; empty: to none.
    """

    id: int
    name: str
    permissions: list[str]
    tables: list[str]
    unit: str
    made_by: str
    made_ms: int
    expires_ms: int
    used_ms: int | None
    ended_ms: int | None
    state: TokenState


class MadeToken(TokenRow):
    """A token just made; its ``secret`` is told this once."""

    secret: str
