"""An article beside what it became."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from documents.text.records import Article

Change = Literal["same", "moved", "reworded", "moved and reworded", "added", "deleted"]
Kept = Literal["same", "deleted", "inserted"]


@dataclass(frozen=True, slots=True)
class Pair:
    """``old`` is None of an article that was added, ``new`` of one that was deleted.

    Moved is what left the order of the others; a number that shifts because another article came
    in or went is no move. ``marks`` are changes of what the words oblige to, as 应当→可以.
    """

    old: Article | None
    new: Article | None
    change: Change
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Signs that stand in both texts, only in the old one, or only in the new one."""

    kind: Kept
    text: str
