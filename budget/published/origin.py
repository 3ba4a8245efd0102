"""Department, year and stage of published tables, as far as they say. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from budget.published.kinds import narrow
from budget.published.records import Reading

Stage = Literal["budget", "accounts"]
_FUNDS = re.compile(r"一般公共预算|政府性基金预算|国有资本经营预算|预算(?:单位|部门)")
_YEAR = re.compile(r"(20\d\d)年")


@dataclass(frozen=True, slots=True)
class Origin:
    """Empty, or None: nothing says so."""

    department: str = ""
    year: int | None = None
    stage: Stage | Literal[""] = ""


def origin_of(reading: Reading, names: Iterable[str] = ()) -> Origin:
    """The department that tables name, else the longest of ``names`` in a title or a text; the
    year that most tables have; 决算 where anything is called so, 预算 where that is only a fund's
    name says nothing.
    """
    texts = list(_texts(reading))
    departments = Counter(table.department for table in reading.tables if table.department)
    years = Counter(table.year for table in reading.tables if table.year)
    years = years or Counter(int(one[1]) for text in texts if (one := _YEAR.search(text)))
    found = (name for name in sorted(names, key=len, reverse=True) if name)
    named = next((name for name in found if any(narrow(name) in text for text in texts)), "")
    return Origin(
        departments.most_common(1)[0][0] if departments else named,
        years.most_common(1)[0][0] if years else None,
        _stage(texts),
    )


def _stage(texts: Iterable[str]) -> Stage | Literal[""]:
    plain = [_FUNDS.sub("", text) for text in texts]
    if any("决算" in text for text in plain):
        return "accounts"
    return "budget" if any("预算" in text for text in plain) else ""


def _texts(reading: Reading) -> Iterator[str]:
    for table in reading.tables:
        yield from map(narrow, (table.file, table.sheet, table.title))
        yield from (column.full for column in table.columns)
    yield from (narrow(one.text) for one in reading.texts)
