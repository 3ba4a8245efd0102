"""Classifications of public expenditure as dated data: codes with the days on which they are
valid, where they are from, and how sure that is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

import config
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

SHIPPED = Path(config.__file__).parent / "data" / "classifications"
Mark = Literal["read", "secondary", "unverified"]
MARKS: tuple[Mark, ...] = get_args(Mark)
"""The text was read; another system has it so; it is from general knowledge."""
Text = Annotated[str, Meta(min_length=1)]
_FIRST, _LAST = date.min, date.max
_DIGITS = re.compile(r"\s*(\d+)")
_MONTHS = 12
_REMEMBERED = 8192


class Code(Struct, frozen=True, forbid_unknown_fields=True):
    """A class or an item, valid from one day until another, both included. A mark or a source of
    its own goes before that of the classification.
    """

    code: Annotated[str, Meta(pattern=r"^\d{3,9}$")]
    name: Text
    valid_from: date | None = None
    valid_until: date | None = None
    mark: Mark | None = None
    source: str = ""


class Classification(Struct, frozen=True, forbid_unknown_fields=True):
    """A list of codes. Up to ``complete_digits`` digits it is thought to have all of them; nothing
    is said of longer codes that it lacks. ``lacking`` is what could not be had.
    """

    id: Text
    name: Text
    complete_digits: Annotated[int, Meta(ge=3, le=9)]
    mark: Mark
    source: Text
    lacking: str
    code: tuple[Code, ...]
    valid_from: date | None = None

    def valid(self, day: date) -> Sequence[Code]:
        """Codes that are valid on a day, in their order."""
        return [of for of in self.code if self.begins(of) <= day <= (of.valid_until or _LAST)]

    def begins(self, of: Code) -> date:
        """The first day of a code."""
        return of.valid_from or self.valid_from or _FIRST

    def knows(self, value: str, day: str) -> bool:
        """Whether the code in front of a value is valid on a day (ISO text; a year or a month is
        taken whole). True also where nothing can be said: there is no code, its length is beyond
        what is known, or the classification had not begun.
        """
        return self.judging()(value, day)

    def judging(self) -> Callable[[str, str], bool]:
        """The same as a function that is quick on many values."""
        spans: dict[str, list[tuple[date, date]]] = {}
        for of in self.code:
            spans.setdefault(of.code, []).append((self.begins(of), of.valid_until or _LAST))
        begins, digits = self.valid_from or _FIRST, self.complete_digits

        @lru_cache(_REMEMBERED)
        def spans_of(value: str) -> Sequence[tuple[date, date]] | None:
            found = _DIGITS.match(value)
            return spans.get(found.group(1)[:digits], ()) if found else None

        def knows(value: str, day: str) -> bool:
            valid, asked = spans_of(value), _span(day)
            if valid is None or asked is None or begins > asked[1]:
                return True
            return any(first <= asked[1] and asked[0] <= last for first, last in valid)

        return knows


@cache
def classifications(folder: Path = SHIPPED) -> dict[str, Classification]:
    """Those of the product, by id.

    Raises:
        FaultyInput: with every fault of the files at once.
    """
    found: dict[str, Classification] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            one = msgspec.convert(read_toml(path, "install Qingyuan anew"), Classification)
        except msgspec.ValidationError as error:
            faults.append(Fault(path.name, str(error), "mend that value"))
            continue
        faults += _faults(path.name, one)
        found[one.id] = one
    if faults:
        raise FaultyInput(faults)
    return found


def _faults(name: str, of: Classification) -> Iterator[Fault]:
    """Codes whose days end before they begin, or that are valid twice on a day."""
    by_code: dict[str, list[Code]] = {}
    for one in of.code:
        by_code.setdefault(one.code, []).append(one)
        if of.begins(one) > (one.valid_until or _LAST):
            yield Fault(f"{name}: {one.code}", "ends before it begins", "exchange the two days")
    for code, same in by_code.items():
        ordered = sorted(same, key=of.begins)
        for before, after in pairwise(ordered):
            if of.begins(after) <= (before.valid_until or _LAST):
                yield Fault(f"{name}: {code}", "is valid twice on a day", "part the days")


@lru_cache(_REMEMBERED)
def _span(day: str) -> tuple[date, date] | None:
    """The first and the last day of ISO text; None where it names none."""
    try:
        year, month = int(day[:4]), int(day[5:7] or 0)
        if day[8:]:
            whole = date.fromisoformat(day[:10])
            return whole, whole
        if not month:
            return date(year, 1, 1), date(year, _MONTHS, 31)
        following = date(year + month // _MONTHS, month % _MONTHS + 1, 1)
        return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None
