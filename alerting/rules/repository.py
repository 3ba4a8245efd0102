"""The rules of a district with their versions: those of its file, and what people saved since.

A version holds from an instant on, until the next one does; never for readings before its saving.
An alert that stands when its rule changes is resolved at that instant, and the next version judges
anew from there. The only SQL of rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from alerting.rules.registry import KINDS
from alerting.rules.rule import Rule
from alerting.tables import VERSION
from config.vocabulary.errors import Fault, FaultyInput, QingyuanError
from config.vocabulary.time import FOR_EVER_MS
from ingest.state.database import State

FILE = ""
"""Stands for the author of a version that lies in the district's file."""


class SavedMeanwhile(QingyuanError):
    """Somebody saved another version first: ``version`` by ``author``."""

    def __init__(self, version: int, author: str) -> None:
        super().__init__(f"version {version} was saved meanwhile by {author}")
        self.version = version
        self.author = author


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as somebody wanted it from an instant on (UTC epoch ms); ``revision`` grows with
    each saving of any rule, 0 for those of the file. ``account`` is the author's username, None
    of the file and where a version is older than that was kept.
    """

    rule: Rule
    author: str
    reason: str
    saved_ms: int
    revision: int
    account: str | None = None

    @property
    def valid_from_ms(self) -> int:
        """When it begins to hold."""
        return self.rule.valid_from_ms

    @property
    def version(self) -> int:
        """Its number."""
        return self.rule.version

    @property
    def rule_id(self) -> str:
        """The rule's."""
        return self.rule.id


class _Known(NamedTuple):
    """The versions of every rule, read as of a revision."""

    revision: int
    versions: Mapping[str, list[Version]]
    rules: tuple[Rule, ...]


class RuleRepository:
    """Rules of the file and of the state database. Each process has its own; what was saved is
    remembered and read again when the revision says so.
    """

    def __init__(self, state: State, file: Sequence[Rule]) -> None:
        self.state = state
        self._file = tuple(file)
        self._known: _Known | None = None

    def revision(self) -> int:
        """How often anything was saved."""
        with self.state.read() as connection:
            return _revision(connection)

    def all(self) -> tuple[Rule, ...]:
        """Every version of every rule, each with the span in which it holds; the same tuple while
        nothing is saved.
        """
        return self._standing().rules

    def current(self, at_ms: int) -> tuple[Rule, ...]:
        """The rules in force at an instant, in the order of the file."""
        return tuple(
            rule for rule in self.all() if rule.valid_from_ms <= at_ms < rule.valid_until_ms
        )

    def versions(self, rule_id: str) -> list[Version]:
        """The versions of a rule, the first one first; none of an unknown rule."""
        return self._standing().versions.get(rule_id, [])

    def since(self, revision: int) -> list[Version]:
        """Versions saved after a revision."""
        rows = (version for rows in self._standing().versions.values() for version in rows)
        return [version for version in rows if version.revision > revision]

    def save(
        self,
        connection: Connection,
        rule: Rule,
        *,
        author: str,
        account: str,
        reason: str,
        valid_from_ms: int,
        now_ms: int,
    ) -> Version:
        """A new version of a rule of the file, in the caller's transaction. ``rule.version`` is
        the number that it shall have: one more than the last one's.

        Raises:
            SavedMeanwhile: there is such a version already.
            FaultyInput: no such rule; no reason; it would hold for the past, or from before the
                version that it follows.
        """
        last = _last(connection, rule.id) or next((r for r in self._file if r.id == rule.id), None)
        faults = []
        if last is None:
            faults.append(Fault("rule", f"unknown rule {rule.id!r}", "add it to rules.toml"))
        elif valid_from_ms < last.valid_from_ms:
            remedy = "let it hold later than the version before it"
            faults.append(Fault("valid_from_ms", "lies before the last version", remedy))
        if valid_from_ms < now_ms:
            remedy = "let it hold from now on, or later"
            faults.append(Fault("valid_from_ms", "lies in the past", remedy))
        if not reason.strip():
            faults.append(Fault("reason", "is missing", "say why the rule is changed"))
        if faults or last is None:
            raise FaultyInput(faults)
        if rule.version != last.version + 1:
            raise SavedMeanwhile(last.version, self._author(connection, rule.id))
        revision = _revision(connection) + 1
        saved = replace(rule, valid_from_ms=valid_from_ms, valid_until_ms=FOR_EVER_MS)
        row = {
            "revision": revision,
            "rule_id": rule.id,
            "version": rule.version,
            "document": encoded(saved),
            "author": author,
            "author_account": account,
            "reason": reason.strip(),
            "valid_from_ms": valid_from_ms,
            "saved_ms": now_ms,
        }
        connection.execute(sa.insert(VERSION).values(row))
        return Version(saved, author, reason.strip(), now_ms, revision, account)

    def _author(self, connection: Connection, rule_id: str) -> str:
        query = sa.select(VERSION.c.author).where(VERSION.c.rule_id == rule_id)
        return str(connection.scalar(query.order_by(VERSION.c.version.desc()).limit(1)) or "")

    def _standing(self) -> _Known:
        known = self._known
        with self.state.read() as connection:
            revision = _revision(connection)
            if known and known.revision == revision:
                return known
            query = sa.select(VERSION).where(VERSION.c.revision <= revision)
            rows = connection.execute(query.order_by(VERSION.c.version)).mappings().all()
        saved: dict[str, list[Version]] = {}
        for row in rows:
            saved.setdefault(row["rule_id"], []).append(_version(row))
        found = {
            rule.id: _in_order([Version(rule, FILE, rule.reason, 0, 0), *saved.get(rule.id, [])])
            for rule in self._file
        }
        every = tuple(version.rule for rows in found.values() for version in rows)
        self._known = _Known(revision, found, every)
        return self._known


def _in_order(versions: Sequence[Version]) -> list[Version]:
    """Versions of one rule, each until the next one holds. A file that has come to a greater
    number than what was saved takes the place of it all.
    """
    first, *saved = versions
    rows = [first, *(row for row in saved if row.version > first.version)]
    ends = [row.valid_from_ms for row in rows[1:]] + [FOR_EVER_MS]
    return [
        replace(row, rule=replace(row.rule, valid_until_ms=end))
        for row, end in zip(rows, ends, strict=True)
    ]


def _revision(connection: Connection) -> int:
    return connection.scalar(sa.select(sa.func.max(VERSION.c.revision))) or 0


def _last(connection: Connection, rule_id: str) -> Rule | None:
    query = sa.select(VERSION).where(VERSION.c.rule_id == rule_id)
    row = connection.execute(query.order_by(VERSION.c.version.desc()).limit(1)).mappings().first()
    return _version(row).rule if row else None


def _version(row: RowMapping) -> Version:
    marks = (row[name] for name in ("author", "reason", "saved_ms", "revision", "author_account"))
    return Version(stored(row["document"]), *marks)


def encoded(rule: Rule) -> str:
    """A rule as the state database keeps it."""
    return msgspec.json.encode(rule).decode()


def stored(text: str) -> Rule:
    """A rule of the state database."""
    document = msgspec.json.decode(text)
    signal = KINDS[document["kind"]].stored(document.pop("signal"))
    return replace(msgspec.convert(document, Rule), signal=signal)
