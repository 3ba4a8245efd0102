"""How often an account may ask for what costs much: declared at a route, counted by a process."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.accounts.limits import Admission
from api.authentication.requests import account_of
from api.web.declared import Declared
from config.catalogue.words import Words
from config.vocabulary.time import MINUTE_MS

F = TypeVar("F", bound=Callable[..., object])
_DECLARED = "allowance"


@dataclass(frozen=True, slots=True)
class Allowance:
    """``at_once`` requests of an account, and as many again in each span."""

    at_once: int
    span_ms: int


CHART = Allowance(600, MINUTE_MS)
"""A page of a station asks once for each indicator, at each step of a zoom; rules are tried, and
drawn, up to twelve times a second while a hand moves, where that is quick.
"""
COSTLY = Allowance(30, MINUTE_MS // 2)
"""Of tenths of a second: one a second is more than anybody reads, and a clerk may take all
tables of a platform one after the other.
"""
HEAVY = Allowance(10, MINUTE_MS)
"""Of seconds, or in a child process of which there is one: nobody looks at more outcomes."""


class TooOften(Declared):
    """An account asks too often for what costs much."""

    status = 429
    words = "error.often"

    def __init__(self, wait_ms: int) -> None:
        self._wait_s = math.ceil(wait_ms / 1000)
        super().__init__(f"this account asks too often for what costs much; wait {self._wait_s} s")
        self.headers = {"Retry-After": str(self._wait_s)}

    def said(self, words: Words) -> str:
        """With the seconds to wait."""
        return words(self.words, n=self._wait_s)


class Spending:
    """A process's memory of how often each account asked."""

    def __init__(self) -> None:
        self._by_allowance = {
            of: Admission(of.at_once, of.span_ms) for of in (CHART, COSTLY, HEAVY)
        }

    def spend(self, of: Allowance, username: str, now_ms: int) -> None:
        """Count a request.

        Raises:
            TooOften: it is not counted.
        """
        if wait_ms := self._by_allowance[of].wait_ms(username, now_ms):
            raise TooOften(wait_ms)


def costs(of: Allowance) -> Callable[[F], F]:
    """Declare that a route's function costs much. A table that is handed out need not."""

    def declared(function: F) -> F:
        setattr(function, _DECLARED, of)
        return function

    return declared


def allowance_of(route: Any) -> Allowance | None:
    """Of a route, for each account; None: as often as it likes."""
    own: Allowance | None = getattr(getattr(route, "endpoint", None), _DECLARED, None)
    handed_out = getattr(route, "path", "").endswith(".{form}")
    return own or (COSTLY if handed_out else None)


async def _of_account(request: Request) -> None:
    """Whoever acts for somebody spends the own allowance; a machine's token has one of its own,
    and nobody in particular is refused by the route itself.
    """
    of = allowance_of(request.scope.get("route"))
    if of is None:
        return
    account = await run_in_threadpool(account_of, request)
    if account is not None:
        state, who = request.app.state, account.clerk or account
        state.spending.spend(of, who.username, state.services.now_ms())


WithinAllowance = Depends(_of_account)
