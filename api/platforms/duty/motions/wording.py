"""Motions in words, and the levels of congress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.platforms.duty.motions.records import LEVELS, Level
from api.procedures.procedure import Row
from config.catalogue.words import Words
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

_SHIPPED = Path(__file__).parent / "data" / "cosigners.toml"
_OWN = Path("duty") / "cosigners.toml"
"""Below the folder of the district."""


@dataclass(frozen=True, slots=True)
class MotionLine:
    """A motion in the list."""

    id: int
    title: str
    about: str
    state: str


@cache
def levels(district: Path) -> Mapping[str, Level]:
    """How many deputies a motion needs, by level, with the district's numbers where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or names an unknown level or no number.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product").get("level", [])
    known: dict[str, Level] = {}
    for of in found:
        level, deputies = of.get("id"), of.get("deputies")
        if level not in LEVELS or not isinstance(deputies, int) or deputies < 1:
            remedy = f"give id of {LEVELS} and deputies of 1 or more"
            raise FaultyInput([Fault(f"{path.name}: level", "does not hold", remedy)])
        known[level] = Level(level, deputies)
    return known


def line(
    words: Words, row: Row, names: Mapping[str, str], sessions: Mapping[str, str]
) -> MotionLine:
    """A motion in the list; ``sessions`` are names by key."""
    session = sessions.get(row["session"], row["session"])
    parts = (names.get(row["lead"], row["lead"]), session, str(row["submitted_day"] or ""))
    about = " · ".join(part for part in parts if part)
    state = words(f"duty.motion.state-{row['state']}")
    return MotionLine(row["id"], row["title"], about, state)


def as_suggestion(words: Words, row: Row) -> Mapping[str, str]:
    """The three parts as the text of a suggestion."""
    body = words(
        "duty.motions.as-suggestion",
        title=row["title"],
        basis=row["basis"],
        plan=row["plan"],
    )
    return {"title": row["title"], "body": body, "openness": "public"}
