"""Units that pay: departments and those below them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import config
from config.files import read_toml

DATA = Path(__file__).parent / "data"
STATIONS = Path(config.__file__).parent / "data" / "districts" / "tongzhou" / "stations.toml"
REMEDY = "install the product again, whole"
FEWEST = 24
"""All departments, and some units below them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """With its bank accounts: the treasury's that is emptied daily, and its own real one."""

    code: str
    name: str
    department: str
    staff: int
    basic: str
    work: str
    zero_account: str
    own_account: str

    @property
    def leads(self) -> bool:
        """Whether it is the department itself."""
        return self.code.endswith("001")


def account(drawn: random.Random, digits: int = 17) -> str:
    """The number of a bank account."""
    return "32" + "".join(str(drawn.randrange(10)) for _ in range(digits - 2))


def _unit(row: dict[str, object], at: int, name: str, drawn: random.Random) -> Unit:
    code, staff = str(row["code"]), int(str(row["staff"]))
    return Unit(
        code=f"{code}{at:03}",
        name=name,
        department=code,
        staff=staff if at == 1 else drawn.randint(12, 90),
        basic=str(row["basic"]),
        work=str(row["work"]),
        zero_account=account(drawn),
        own_account=account(drawn),
    )


def load(count: int, drawn: random.Random) -> tuple[Unit, ...]:
    """So many units, all departments among them, in the order of their codes."""
    rows = read_toml(DATA / "units.toml", REMEDY)["department"]
    leading = [_unit(row, 1, row["name"], drawn) for row in rows]
    below = [
        _unit(row, at, name, drawn)
        for row in rows
        for at, name in enumerate(row["below"], start=2)
    ]
    wanted = min(max(count, FEWEST) - len(leading), len(below))
    some = drawn.sample(below, wanted)
    return tuple(sorted([*leading, *some], key=lambda unit: unit.code))


def subordinates(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """The units below each department that has some, by the department's code."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if not unit.leads:
            found.setdefault(unit.department, []).append(unit)
    return found


def stations() -> tuple[str, ...]:
    """Codes of the district's stations of water."""
    rows = read_toml(STATIONS, REMEDY)["station"]
    return tuple(row["id"] for row in rows if not row["id"].startswith("air"))
