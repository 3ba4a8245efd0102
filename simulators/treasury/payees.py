"""Who gets money: companies by trade, monopolies, public bodies and persons."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from config.files import read_toml
from simulators.treasury.units import DATA, REMEDY, Unit, account

_FAVOURITES = 6
"""Companies of a trade that a unit knows."""
_LATER = 16
"""Companies of a later trade."""


@dataclass(frozen=True, slots=True)
class Payee:
    """By its name in the register, with its account."""

    name: str
    account: str


class Payees:
    """The register of everybody who is paid; a unit has favourites in each trade."""

    def __init__(self, drawn: random.Random) -> None:
        self._drawn = drawn
        self._rows: dict[str, Any] = read_toml(DATA / "payees.toml", REMEDY)
        self._surnames = str(self._rows["surnames"])
        self._given = str(self._rows["given"]).split()
        self._brands = str(self._rows["brands"]).split()
        self._names: set[str] = set()
        self._trades = {trade: [self.fresh(trade) for _ in range(44)] for trade in self.trades}
        self._bodies = {key: Payee(name, account(drawn)) for key, name in self._named().items()}
        self._favourites: dict[tuple[str, str], list[Payee]] = {}
        self._own: dict[tuple[str, str], Payee] = {}
        self._persons = [Payee(self.name(), self.card()) for _ in range(2500)]

    @property
    def trades(self) -> dict[str, list[str]]:
        """Ends of names, by trade."""
        trades: dict[str, list[str]] = self._rows["trades"]
        return trades

    @property
    def _tails(self) -> dict[str, list[str]]:
        later: dict[str, list[str]] = self._rows["later_trades"]
        return self.trades | later

    def _companies(self, trade: str) -> list[Payee]:
        """All of a trade; those of a later one are founded when somebody first asks for them, so
        that they change no name of the others.
        """
        if trade not in self._trades:
            self._trades[trade] = [self.fresh(trade) for _ in range(_LATER)]
        return self._trades[trade]

    def _named(self) -> dict[str, str]:
        named: dict[str, str] = self._rows["bodies"]
        return named

    def fresh(self, trade: str) -> Payee:
        """A company that nobody has paid before."""
        while True:
            region, brand = (
                self._drawn.choice(self._rows["regions"]),
                self._drawn.choice(self._brands),
            )
            tail = self._drawn.choice(self._tails[trade])
            if self._drawn.random() < 0.12 and len(region) == 2:
                name = f"江苏{brand}（{region}）{tail}"
            else:
                name = f"{region}{brand}{tail}"
            if len(self._names) > 1200:
                name = name.replace(brand, brand + self._drawn.choice(self._brands), 1)
            if name not in self._names:
                self._names.add(name)
                return Payee(name, account(self._drawn))

    def name(self) -> str:
        """Of a person."""
        return self._drawn.choice(self._surnames) + self._drawn.choice(self._given)

    def card(self) -> str:
        """The number of a person's account."""
        return "6228" + account(self._drawn, 15)

    def body(self, key: str) -> Payee:
        """A monopoly or a public body."""
        return self._bodies[key]

    def group(self, key: str) -> list[Payee]:
        """Villages or towns."""
        return [self.own(name, key, name) for name in self._rows["groups"][key]]

    def own(self, holder: str, key: str, name: str) -> Payee:
        """An account of a holder for one use, the same each time."""
        return self._own.setdefault((holder, key), Payee(name, account(self._drawn)))

    def union(self, unit: Unit) -> Payee:
        """The union of a unit, which has an account of its own by law (Trade Union Law, 46)."""
        return self.own(unit.code, "union", f"{unit.name}工会委员会")

    def person(self, drawn: random.Random) -> Payee:
        """Anybody."""
        return self._persons[int(drawn.random() * len(self._persons))]

    def of_trade(self, trade: str) -> list[Payee]:
        """All companies of a trade that somebody knows."""
        return self._trades[trade]

    def favourites(self, unit: Unit, trade: str) -> list[Payee]:
        """The companies of a trade that a unit knows."""
        known = self._favourites.get((unit.code, trade))
        if known is None:
            known = self._drawn.sample(self._companies(trade), _FAVOURITES)
            self._favourites[unit.code, trade] = known
        return known

    def to(self, key: str, unit: Unit, drawn: random.Random) -> Payee:
        """Somebody whom a unit pays: a person, a body, its union, or a company of a trade."""
        if key == "person":
            return self.person(drawn)
        if key == "union":
            return self.union(unit)
        if key in self._bodies:
            return self._bodies[key]
        known = self.favourites(unit, key)
        return known[int(drawn.random() ** 1.6 * len(known))]


def typed(name: str, drawn: random.Random) -> str:
    """A name as somebody types it."""
    if drawn.random() >= 0.05:
        return name
    ways = (
        name.replace("（", "(").replace("）", ")"),
        name.replace("有限公司", "有限责任公司"),
        name + " ",
        name.replace("南通市", "南通"),
        name.replace("(", "（").replace(")", "）"),
    )
    return drawn.choice(ways)
