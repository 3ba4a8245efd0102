"""Where proposed changes of rules are kept, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerting.rules.repository import encoded, stored
from alerting.rules.rule import Rule
from alerting.tables import PROPOSAL
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State

ProposalState = Literal["open", "confirmed", "withdrawn"]


class DecidedMeanwhile(QingyuanError):
    """It is no longer open."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule as somebody wants its next version. ``rule.valid_from_ms`` is from when on it shall
    hold; where it is confirmed later, from then on. ``account`` and ``decided_account`` are
    usernames, ``hand`` that of who acted for the author, or the author's own; instants are UTC
    epoch ms.
    """

    id: int
    rule: Rule
    author: str
    account: str
    hand: str
    reason: str
    saved_ms: int
    state: ProposalState
    decided_by: str | None
    decided_account: str | None
    decided_ms: int | None

    def made_by(self, *usernames: str) -> bool:
        """Whether one of them made it, or had it made."""
        return not {self.account, self.hand}.isdisjoint(usernames)


class Proposals:
    """Those of the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def of(self, rule_id: str) -> list[Proposal]:
        """Those of a rule, the newest first."""
        query = sa.select(PROPOSAL).where(PROPOSAL.c.rule_id == rule_id)
        with self.state.read() as connection:
            rows = connection.execute(query.order_by(PROPOSAL.c.id.desc())).mappings().all()
        return [_proposal(row) for row in rows]

    def awaited(self) -> frozenset[str]:
        """Rules for which one is open."""
        query = sa.select(PROPOSAL.c.rule_id).where(PROPOSAL.c.state == "open")
        with self.state.read() as connection:
            return frozenset(connection.scalars(query))

    def add(
        self,
        connection: Connection,
        rule: Rule,
        *,
        author: str,
        account: str,
        hand: str,
        reason: str,
        now_ms: int,
    ) -> int:
        """Keep a new one, in the caller's transaction; its id."""
        row = {
            "rule_id": rule.id,
            "document": encoded(rule),
            "author": author,
            "author_account": account,
            "author_hand": hand,
            "reason": reason.strip(),
            "saved_ms": now_ms,
            "state": "open",
        }
        found = connection.execute(sa.insert(PROPOSAL).values(row)).inserted_primary_key
        assert found is not None
        return int(found[0])

    def decide(
        self,
        connection: Connection,
        proposal_id: int,
        state: Literal["confirmed", "withdrawn"],
        *,
        by: str,
        account: str,
        at_ms: int,
    ) -> None:
        """Close an open one, in the caller's transaction.

        Raises:
            DecidedMeanwhile: it is closed.
        """
        query = sa.update(PROPOSAL).where(PROPOSAL.c.id == proposal_id, PROPOSAL.c.state == "open")
        values = {
            "state": state,
            "decided_by": by,
            "decided_account": account,
            "decided_ms": at_ms,
        }
        if connection.execute(query.values(values)).rowcount == 0:
            raise DecidedMeanwhile(f"proposal {proposal_id} is no longer open")


def _proposal(row: RowMapping) -> Proposal:
    return Proposal(
        row["id"],
        stored(row["document"]),
        row["author"],
        row["author_account"],
        row["author_hand"],
        row["reason"],
        row["saved_ms"],
        row["state"],
        row["decided_by"],
        row["decided_account"],
        row["decided_ms"],
    )
