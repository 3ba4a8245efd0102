"""Where second factors are kept: the sealed secret, the last step taken, recovery codes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import ACCOUNT, RECOVERY_CODE
from ingest.state.database import State


class Factors:
    """Second factors in the state database; of a recovery code only the hash is kept."""

    def __init__(self, state: State) -> None:
        self.state = state

    def kept(self, connection: Connection, username: str) -> tuple[str, int] | None:
        """The sealed secret of somebody, and the step of the last code that was taken."""
        query = sa.select(ACCOUNT.c.totp_sealed, ACCOUNT.c.totp_step)
        row = connection.execute(query.where(ACCOUNT.c.username == username)).first()
        return (row.totp_sealed, row.totp_step or 0) if row and row.totp_sealed else None

    def put(self, connection: Connection, username: str, sealed: str, step: int) -> None:
        """Keep a secret, in the place of one of before."""
        same = ACCOUNT.c.username == username
        values = {"totp_sealed": sealed, "totp_step": step}
        connection.execute(sa.update(ACCOUNT).where(same).values(values))

    def take_step(self, connection: Connection, username: str, step: int) -> bool:
        """Take a step; False: it was taken meanwhile, or a later one."""
        new = sa.and_(ACCOUNT.c.username == username, ACCOUNT.c.totp_step < step)
        taken = sa.update(ACCOUNT).where(new).values(totp_step=step)
        return bool(connection.execute(taken).rowcount)

    def put_codes(self, connection: Connection, username: str, hashes: Iterable[str]) -> None:
        """Keep recovery codes, in the place of those of before."""
        gone = sa.delete(RECOVERY_CODE).where(RECOVERY_CODE.c.username == username)
        connection.execute(gone)
        rows = [{"code_hash": of, "username": username} for of in hashes]
        connection.execute(sa.insert(RECOVERY_CODE), rows)

    def take_code(self, connection: Connection, username: str, code_hash: str) -> bool:
        """Use a recovery code up; False: there is none of this hash."""
        gone = sa.delete(RECOVERY_CODE).where(RECOVERY_CODE.c.username == username)
        gone = gone.where(RECOVERY_CODE.c.code_hash == code_hash)
        return bool(connection.execute(gone).rowcount)

    def codes_left(self, username: str) -> int:
        """How many recovery codes somebody has not used."""
        query = sa.select(sa.func.count()).where(RECOVERY_CODE.c.username == username)
        with self.state.read() as connection:
            return connection.scalar(query) or 0

    def drop(self, connection: Connection, username: str) -> None:
        """Take the second factor away, with its recovery codes."""
        nothing = {"totp_sealed": None, "totp_step": None}
        same = ACCOUNT.c.username == username
        connection.execute(sa.update(ACCOUNT).where(same).values(nothing))
        gone = sa.delete(RECOVERY_CODE).where(RECOVERY_CODE.c.username == username)
        connection.execute(gone)
