"""Where escalation policies are kept: every version with its author, the newest is in force."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.escalation.policy import SHIPPED, Policy
from alerting.tables import POLICY
from ingest.state.database import State as Database


@dataclass(frozen=True, slots=True)
class Version:
    """A policy as somebody saved it: the name as it was then, and the account."""

    revision: int
    policy: Policy
    author: str
    account: str
    saved_ms: int


class Policies:
    """Policies in the state database, over those of the product."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def in_force(self, connection: Connection) -> dict[str, Policy]:
        """The newest version of each, by id, retired ones too."""
        found = {policy.id: policy for policy in SHIPPED}
        for row in connection.execute(sa.select(POLICY).order_by(POLICY.c.revision)):
            found[row.policy_id] = msgspec.json.decode(row.document, type=Policy)
        return found

    def versions(self, connection: Connection, policy_id: str) -> list[Version]:
        """Every version of a policy that was saved, the newest first."""
        query = sa.select(POLICY).where(POLICY.c.policy_id == policy_id)
        return [
            Version(
                row.revision,
                msgspec.json.decode(row.document, type=Policy),
                row.author,
                row.author_account,
                row.saved_ms,
            )
            for row in connection.execute(query.order_by(POLICY.c.revision.desc()))
        ]

    def save(
        self, connection: Connection, policy: Policy, author: str, account: str, now_ms: int
    ) -> None:
        """Keep a new version, in force from now on."""
        row = {
            "policy_id": policy.id,
            "document": msgspec.json.encode(policy).decode(),
            "author": author,
            "author_account": account,
            "saved_ms": now_ms,
        }
        connection.execute(sa.insert(POLICY).values(row))
