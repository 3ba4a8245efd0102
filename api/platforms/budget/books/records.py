"""The district's own numbers for findings, and its units by the names of the treasury."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.accounts.records import Unit
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

_SHIPPED = Path(__file__).parent / "data" / "findings.toml"
_OWN = Path("budget") / "findings.toml"
"""Below the folder of the district."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """New findings that reach the office in a month, and ids of units by the name or code under
    which the treasury has them.
    """

    a_month: int
    units: Mapping[str, str]


@cache
def numbers(district: Path) -> Numbers:
    """Those of the product, or of the district where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or a value does not hold.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product")
    a_month, units = found.get("a_month"), found.get("units", {})
    if not isinstance(a_month, int) or a_month < 1:
        raise FaultyInput([Fault(f"{path.name}: a_month", "does not hold", "give 1 or more")])
    if not isinstance(units, dict) or not all(isinstance(of, str) for of in units.values()):
        remedy = 'write "name or code" = "id of a unit"'
        raise FaultyInput([Fault(f"{path.name}: units", "does not hold", remedy)])
    return Numbers(a_month, units)


def unit_of(
    mapped: Mapping[str, str], register: Iterable[Unit], code: str, name: str
) -> str | None:
    """The id of a unit of our register: as the district says, or where the whole name is the same,
    or where one name alone is the end of the treasury's, as 水利局 of 通州区水利局.
    """
    units = tuple(register)
    ids = {of.id for of in units}
    for written in (code, name):
        if mapped.get(written) in ids:
            return mapped[written]
    same = [of.id for of in units if of.name == name]
    ending = [of.id for of in units if _ends(name, of.name)]
    for found in (same, ending):
        if len(found) == 1:
            return found[0]
    return None


def _ends(name: str, registered: str) -> bool:
    plain = registered.removeprefix("区").removeprefix("市")
    return len(plain) > 2 and bool(name) and name.endswith(plain)
