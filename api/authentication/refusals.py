"""Refused permissions in the audit: once an hour of each account and permission at most."""

from __future__ import annotations

import threading

from api import audit
from api.accounts.permission import Permission
from api.accounts.records import Account
from config.vocabulary.bounds import cut
from config.vocabulary.time import HOUR_MS
from ingest.state.database import State

MOST_KEPT = 1000
"""Beyond so many, those are forgotten of which the hour is over."""


class Refusals:
    """A process's memory of them: whoever asks again and again does not fill the audit."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._noted_ms: dict[tuple[audit.Actor, Permission], int] = {}
        self._lock = threading.Lock()

    def note(self, account: Account, permission: Permission, asked: str, now_ms: int) -> None:
        """Record that somebody asked for what they may not."""
        if not self._is_due(account.actor, permission, now_ms):
            return
        with self._state.begin() as connection:
            audit.record(
                connection,
                by=account.actor,
                action="permission.refused",
                subject=permission,
                detail=cut(asked),
                at_ms=now_ms,
            )

    def _is_due(self, actor: audit.Actor, permission: Permission, now_ms: int) -> bool:
        with self._lock:
            noted_ms = self._noted_ms.get((actor, permission))
            if noted_ms is not None and 0 <= now_ms - noted_ms < HOUR_MS:
                return False
            if len(self._noted_ms) >= MOST_KEPT:
                lately = self._noted_ms.items()
                self._noted_ms = {key: at for key, at in lately if now_ms - at < HOUR_MS}
            self._noted_ms[actor, permission] = now_ms
            return True
