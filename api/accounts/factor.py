"""The second factor of a person: set up, asked for, taken away."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.accounts.credentials import second_factor
from api.accounts.repositories.factors import Factors
from config.vocabulary.errors import QingyuanError
from config.vocabulary.time import MINUTE_MS
from ingest.state.database import State

log = logging.getLogger(__name__)
PENDING_MS = 15 * MINUTE_MS
"""A secret that was shown may be confirmed so long."""


class WrongCode(QingyuanError):
    """No code of now, nor one that was not used."""

    def __init__(self) -> None:
        super().__init__("code: is not right, or was used before; write the newest one")


class Late(QingyuanError):
    """A secret was shown too long ago, or to somebody else."""

    def __init__(self) -> None:
        super().__init__("pending: was made too long ago, or for somebody else; begin again")


@dataclass(frozen=True, slots=True)
class Pending:
    """A secret that is shown and not kept yet; ``sealed`` comes back with the first code."""

    secret: str
    sealed: str


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The second factors of a site, under its key."""

    state: State
    key: bytes

    def begin(self, username: str, now_ms: int) -> Pending:
        """A new secret. Nothing is kept before a code of it comes back."""
        secret = second_factor.fresh_secret()
        return Pending(secret, second_factor.seal(self.key, username, f"{secret} {now_ms}"))

    def resume(self, username: str, sealed: str, now_ms: int) -> Pending:
        """A secret that was shown.

        Raises:
            Late
        """
        try:
            secret, _, shown_ms = second_factor.unseal(self.key, username, sealed).partition(" ")
        except second_factor.CannotUnseal as error:
            raise Late from error
        if not shown_ms or not 0 <= now_ms - int(shown_ms) < PENDING_MS:
            raise Late
        return Pending(secret, sealed)

    def finish(
        self, connection: Connection, username: str, pending: Pending, code: str, now_ms: int
    ) -> tuple[str, ...]:
        """Keep the secret, for its code came back; ten new recovery codes.

        Raises:
            WrongCode
        """
        step = second_factor.step_of(pending.secret, code, now_ms, 0)
        if step is None:
            raise WrongCode
        sealed = second_factor.seal(self.key, username, pending.secret)
        Factors(self.state).put(connection, username, sealed, step)
        return self.fresh_codes(connection, username)

    def take(self, connection: Connection, username: str, code: str, now_ms: int) -> str:
        """Take a code of the app or a recovery code, which is good once; which of the two it was.

        Where the site's key is another one than it was, recovery codes are still good.

        Raises:
            WrongCode
        """
        factors = Factors(self.state)
        kept = factors.kept(connection, username)
        if kept is None:
            raise WrongCode
        step = self._step(username, kept, code, now_ms)
        if step is not None and factors.take_step(connection, username, step):
            return "app"
        if factors.take_code(connection, username, second_factor.recovery_hash(code)):
            return "recovery"
        raise WrongCode

    def fresh_codes(self, connection: Connection, username: str) -> tuple[str, ...]:
        """Ten new recovery codes, in the place of those of before."""
        codes = second_factor.fresh_recovery_codes()
        hashes = map(second_factor.recovery_hash, codes)
        Factors(self.state).put_codes(connection, username, hashes)
        return codes

    def _step(self, username: str, kept: tuple[str, int], code: str, now_ms: int) -> int | None:
        sealed, after_step = kept
        try:
            secret = second_factor.unseal(self.key, username, sealed)
        except second_factor.CannotUnseal as error:
            log.error("%s", error)  # noqa: TRY400 — its text is the whole of it
            return None
        return second_factor.step_of(secret, code, now_ms, after_step)
