"""Rules as they hold here: those of the files, and over them what the office decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.deadlines.tables import RULE
from config.law import Law, Rule

RuleAct = Literal["confirmed", "changed", "added"]


@dataclass(frozen=True, slots=True)
class Held:
    """A rule as it holds; ``version`` 0 is that of a file, others the office decided on, on a
    ``basis``.
    """

    rule: Rule
    version: int = 0
    kind: RuleAct | None = None
    basis: str = ""
    who: str = ""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of a site; ``law`` are those of the files."""

    law: Law

    def all(self, connection: Connection) -> Mapping[str, Held]:
        """Every rule as it holds, by id in the order of the files."""
        found = {rule_id: Held(rule) for rule_id, rule in self.law.rules.items()}
        for row in connection.execute(sa.select(RULE).order_by(RULE.c.version)):
            found[row.rule] = _held(row)
        return found

    def one(self, connection: Connection, rule_id: str) -> Held:
        """The rule of an id.

        Raises:
            FaultyInput: there is none; the remedy names ids that are like it.
        """
        decided = self.versions(connection, rule_id)
        return decided[0] if decided else Held(self.law.rule(rule_id))

    def versions(self, connection: Connection, rule_id: str) -> Sequence[Held]:
        """The office's versions of a rule, the newest first."""
        query = sa.select(RULE).where(RULE.c.rule == rule_id).order_by(RULE.c.version.desc())
        return [_held(row) for row in connection.execute(query)]

    def add(
        self,
        connection: Connection,
        rule: Rule,
        kind: RuleAct,
        basis: str,
        *,
        who: str,
        at_ms: int,
    ) -> Held:
        """Keep another version."""
        newest = sa.select(sa.func.max(RULE.c.version)).where(RULE.c.rule == rule.id)
        held = Held(rule, (connection.scalar(newest) or 0) + 1, kind, basis, who, at_ms)
        row = {
            "rule": rule.id,
            "version": held.version,
            "kind": kind,
            "document": msgspec.json.encode(rule).decode(),
            "basis": basis,
            "who": who,
            "at_ms": at_ms,
        }
        connection.execute(sa.insert(RULE).values(row))
        return held


def _held(row: Row[Any]) -> Held:
    rule = msgspec.json.decode(row.document, type=Rule)
    return Held(rule, row.version, row.kind, row.basis, row.who, row.at_ms)
