"""Rules in force, and their versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.budget.rulebook.tables import RULE
from budget.detection.documents import checked, load
from budget.detection.records import P, RuleDocument, RuleKind


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rule. That of the product has no author and was never saved.

    ``holds``: its kind still understands it; one that no longer does is in force no more.
    """

    document: RuleDocument
    account: str = ""
    saved_ms: int = 0
    holds: bool = True


def in_force(connection: Connection) -> tuple[RuleDocument, ...]:
    """Every rule of the product, by id, in its newest version that its kind understands."""
    every = all_versions(connection)
    return tuple(current(versions).document for versions in every.values())


def parameters(connection: Connection, kind: RuleKind[P]) -> P:
    """The parameters of the first rule of a kind, as it is in force."""
    rule = next(of for of in in_force(connection) if of.kind == kind.name)
    return msgspec.convert(rule.parameters, kind.parameters)


def current(versions: Sequence[Version]) -> Version:
    """That in force, of versions in their order."""
    return next(of for of in reversed(versions) if of.holds)


def all_versions(connection: Connection) -> Mapping[str, Sequence[Version]]:
    """Versions of every rule by id, the oldest first, which is that of the product."""
    saved: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(sa.select(RULE).order_by(RULE.c.id, RULE.c.version)):
        saved[row.id].append(row)
    return {
        of.id: [Version(of), *(_version(of, row) for row in saved[of.id])] for of in _of_product()
    }


def save(connection: Connection, document: RuleDocument, *, account: str, saved_ms: int) -> None:
    """Keep a version; its number is the caller's to have reckoned in the same transaction."""
    connection.execute(
        sa.insert(RULE).values(
            id=document.id,
            version=document.version,
            document=msgspec.json.encode(document).decode(),
            author=document.author,
            account=account,
            reason=document.reason,
            saved_ms=saved_ms,
        )
    )


@cache
def _of_product() -> tuple[RuleDocument, ...]:
    return load()


def _version(of: RuleDocument, row: sa.Row[Any]) -> Version:
    """Source, mark and known false alarms are the product's of today; parameters that came to the
    kind since then are so, too.
    """
    saved = msgspec.json.decode(row.document, type=RuleDocument)
    document = msgspec.structs.replace(
        of,
        parameters={**of.parameters, **saved.parameters},
        exclusions=saved.exclusions,
        on=saved.on,
        version=row.version,
        author=row.author,
        reason=row.reason,
    )
    return Version(document, row.account, row.saved_ms, _holds(document))


def _holds(document: RuleDocument) -> bool:
    try:
        checked(document)
    except msgspec.ValidationError:
        return False
    return True
