"""Who is paid: companies that work for many, and such as one affair is about."""

from __future__ import annotations

import random

from simulators.connections.kinds import common

_KNOWN = 7
"""Companies of a trade that anybody may pay."""


def brand(company: str) -> str:
    """How people call a company: without the region before and the form behind."""
    for region in sorted(common()["regions"], key=len, reverse=True):
        company = company.removeprefix(region)
    return company.removesuffix("有限公司")


class Companies:
    """The companies of a seed, no two of one brand and trade; and the numbers of projects."""

    def __init__(self, drawn: random.Random) -> None:
        self._taken: set[str] = set()
        self._projects = 0
        trades = common()["trades"]
        self._known = {of: [self.fresh(of, drawn) for _ in range(_KNOWN)] for of in trades}

    def fresh(self, trade: str, drawn: random.Random) -> str:
        """One that nobody has named yet."""
        known = common()
        while True:
            region, name = drawn.choice(known["regions"]), drawn.choice(known["brands"])
            made = f"{region}{name}{drawn.choice(known['trades'][trade])}"
            if brand(made) not in self._taken:
                self._taken.add(brand(made))
                return made

    def known(self, trade: str, drawn: random.Random) -> str:
        """One that works for many."""
        return drawn.choice(self._known[trade])

    def code(self, department: str, year: int) -> str:
        """The code of the next project of a department."""
        self._projects += 1
        return f"320612{department}001{year % 100:02}{self._projects:04}"
