"""A copy of an item that is kept with a paper, and as one reader sees it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from api.items import Copy
from api.ports import Frozen, Said


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that is kept: who saw the item so, by username, and when, UTC epoch ms."""

    frozen: Frozen
    who: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept copy that a reader may see."""

    kept: Kept
    copy: Copy

    @property
    def path(self) -> str:
        """The whole path of the item's page; empty where the reader finds it no more."""
        platform = self.kept.frozen.reference.platform
        return f"/{platform}{self.copy.now.path}" if self.copy.now else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure then, and now where it is another one; None where it is the same or not known."""

    name: str
    then: str
    now: str | None = None


def beside(then: Said, now: Said | None) -> list[Line]:
    """Figures of a copy, each with that of today where they differ; those that came since are
    there too, with nothing then.
    """
    if now is None:
        return [Line(name, value) for name, value in then]
    today, before = dict(now), dict(then)
    lines = [
        Line(name, value, None if today.get(name, "") == value else today.get(name, ""))
        for name, value in then
    ]
    return [*lines, *(Line(name, "", value) for name, value in now if name not in before)]
