"""How long sessions and the log of sign-ins are kept."""

from __future__ import annotations

import threading

from api.accounts.repositories.sessions import Sessions
from api.accounts.repositories.sign_ins import SignIns
from config.vocabulary.time import DAY_MS
from ingest.state.database import State

SIGN_INS_MS = 190 * DAY_MS
"""The Cybersecurity Law (网络安全法) has logs of a network kept for six months at least: 184 days
where they are the longest, and some to spare.
"""
MOST_AT_ONCE = 1000
"""Rows of one transaction: others wait meanwhile."""


def let_go(state: State, now_ms: int, stop: threading.Event) -> None:
    """Drop sessions that have ended and sign-ins of long ago, in slices, until told to stop."""

    def sessions() -> int:
        with state.begin() as connection:
            return Sessions(state).drop_ended(connection, now_ms, MOST_AT_ONCE)

    def sign_ins() -> int:
        return SignIns(state).drop_before(now_ms - SIGN_INS_MS, MOST_AT_ONCE)

    for dropped in (sessions, sign_ins):
        while not stop.is_set() and dropped() == MOST_AT_ONCE:
            pass
