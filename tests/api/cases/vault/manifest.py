"""A platform whose things are as secret as a test puts them, each with one word that is nowhere
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.accounts.records import Account, Secrecy
from api.ports import Copies, Item, ItemKind, Reference
from api.services import Services
from api.shape import Platform
from tests.api.cases.vault.permission import VaultPermission


@dataclass(frozen=True)
class Thing:
    """``word`` is all that it says; ``shown`` are the people who see it now, by username."""

    word: str
    secrecy: Secrecy
    kind: Copies
    shown: frozenset[str]

    def seen_by(self, account: Account) -> bool:
        """Whether somebody sees it now."""
        reaches = [of for of in account.reaches if VaultPermission.READ in of.permissions]
        known = any(of.secrecy >= self.secrecy for of in reaches)
        return known and account.username in self.shown

    @property
    def reference(self) -> Reference:
        """Points at it; its id says nothing."""
        return Reference("vault", self.kind, str(THINGS.index(self)))


THINGS: list[Thing] = []
"""All that was put, by id."""


def _kind(copies: Copies) -> ItemKind:
    def read(_services: Services, account: Account, item_id: str) -> Item | None:
        thing = THINGS[int(item_id)]
        if not thing.seen_by(account):
            return None
        content = {
            "summary": thing.word,
            "began_ms": 1_795_000_000_000 + int(item_id),
            "history": [{"at_ms": 1_795_100_000_000, "done": f"{thing.word}做了", "by": "某人"}],
        }
        return Item(f"{thing.word}号", f"/{copies}/{item_id}", content, thing.secrecy)

    return ItemKind(copies, VaultPermission.READ, read, copies)


PLATFORM = Platform(
    slug="vault",
    folder=Path(__file__).parent,
    permissions=VaultPermission,
    words=Path(__file__).parent / "words",
    items=(_kind("seen"), _kind("permitted")),
)
