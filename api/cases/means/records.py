"""The steps that each means of supervision asks for, as data. Pure.

Source: 监督法 (2024) chapters 2 and 4 to 7; the clause of each step stands with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from api.cases.records import MEANS, Means
from config.files import read_toml
from config.law import CODES, Mark, Text

KIND = "case-measure"
RUNNING = ("planned",)
OVER = ("done", "skipped", "void")
STATES = (*RUNNING, *OVER)
LONGEST_NOTE = 2000
"""Characters."""
Who = Literal["office", "unit", "committee"]
"""Who has to do a step: the office, the body supervised, or the committee that leads the case."""
WHO: tuple[Who, ...] = get_args(Who)
_FILE = Path(__file__).parent / "data" / "means.toml"


class Required(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A step that a clause asks for. ``rule`` is the id of the rule of its term, which counts back
    from the day of the meeting; empty where the clause has no number.
    """

    name: Text
    title_zh: Text
    title_en: Text
    clause_zh: Text
    mark: Mark
    who: Who
    rule: str = ""

    @property
    def code(self) -> str:
        """How sure the clause is, in short."""
        return CODES[self.mark]


class _Of(Struct, frozen=True, forbid_unknown_fields=True):
    id: Means
    step: tuple[Required, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    means: tuple[_Of, ...]


def load(path: Path = _FILE) -> Mapping[Means, tuple[Required, ...]]:
    """The steps of every means, in the order in which they come.

    Raises:
        FaultyInput: the file cannot be read.
        ValueError: a means or a step stands twice, or a means is missing.
    """
    read = msgspec.convert(read_toml(path, "install the product anew"), _File)
    found = {of.id: of.step for of in read.means}
    if sorted(of.id for of in read.means) != sorted(MEANS):
        raise ValueError(f"{path.name}: give each means once: {', '.join(MEANS)}")
    for of in read.means:
        if len({step.name for step in of.step}) < len(of.step):
            raise ValueError(f"{path.name}: a step of {of.id} stands twice")
    return found


REQUIRED = load()


def timed() -> Iterator[tuple[Means, Required]]:
    """The steps that have a term."""
    for means, steps in REQUIRED.items():
        yield from ((means, step) for step in steps if step.rule)


def required(means: str, name: str) -> Required | None:
    """A step of a means; None where a later table has it no more."""
    steps = next((steps for of, steps in REQUIRED.items() if of == means), ())
    return next((step for step in steps if step.name == name), None)
