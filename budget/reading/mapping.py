"""Which column of a table is which column of payments, as a person named them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from budget.reading.headers import USUAL
from config.vocabulary.errors import Fault, FaultyInput
from tabular import figures
from tabular.layout import Column

TEXTS: Mapping[str, str] = {
    "unit": "unit",
    "payee": "payee",
    "account": "payee_account",
    "payer": "payer",
    "payer-account": "payer_account",
    "use": "use",
    "code": "economic",
    "function": "function",
    "project": "project",
    "indicator": "indicator",
    "id": "voucher",
    "application": "application",
    "contract": "contract",
    "invoice": "invoice",
    "fund": "fund",
}
"""By the name in a ``--map`` the column of payments that holds texts."""
SAME: Mapping[str, str] = {"voucher": "id", "economic": "code", "payee-account": "account"}
"""Other names of some."""
CODES = ("economic", "function")
"""Columns of codes of a classification."""
AMOUNT, DATE = "amount", "date"
NEEDED = ("unit", "payee", AMOUNT, DATE)
NAMES = (*NEEDED, *(name for name in TEXTS if name not in NEEDED))
_BLANK = re.compile(r"[\s_\-]+")
_BRACKETS = re.compile(r"\([^()]*\)$")
_FORM = "write it as name=COLUMN"


@dataclass(frozen=True, slots=True)
class Asked:
    """Names of columns by the name of what they hold. Several for one thing are alternatives:
    files of other years call it otherwise. What nobody mapped is looked for under its usual
    headers, unless ``only_mapped``.
    """

    columns: Mapping[str, tuple[str, ...]]
    only_mapped: bool = False

    def among(self, columns: Sequence[Column], file: str) -> Mapping[str, Column]:
        """The columns of one table.

        Raises:
            FaultyInput: one is not there; its fault lists those that are.
        """
        found: dict[str, Column] = {}
        faults: list[Fault] = []
        for name, asked in self.columns.items():
            fitting = next((of for one in asked if (of := _fitting(one, columns))), [])
            if len(fitting) == 1:
                found[name] = fitting[0]
                continue
            said = " or ".join(map(repr, asked))
            what = (
                f"{said} may be {_listed(fitting)}"
                if fitting
                else f"has no column {said} ({name})"
            )
            faults.append(Fault(file, what, f"name one of {_listed(columns)}"))
        if faults:
            raise FaultyInput(faults)
        return found if self.only_mapped else {**found, **self._by_header(found, columns)}

    def _by_header(
        self, mapped: Mapping[str, Column], columns: Sequence[Column]
    ) -> Mapping[str, Column]:
        """Columns for the names that nobody mapped, by their usual headers."""
        free = [column for column in columns if column not in mapped.values()]
        found: dict[str, Column] = {}
        for name, headers in USUAL.items():
            fitting = [of for header in headers if len(of := _fitting(header, free)) == 1]
            if name not in self.columns and fitting:
                found[name] = fitting[0][0]
        return found


def asked(texts: Iterable[str], *, only_mapped: bool = False) -> Asked:
    """The ``--map`` options.

    Raises:
        FaultyInput: with every fault of them.
    """
    columns: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for text in texts:
        name, equals, column = (part.strip() for part in text.partition("="))
        name = SAME.get(name.replace("_", "-"), name.replace("_", "-"))
        if not equals or not column:
            faults.append(Fault(f"--map {text}", "is not name=COLUMN", f"{_FORM}; see --help"))
        elif name not in NAMES:
            remedy = f"{_FORM} with one of {', '.join(NAMES)}"
            faults.append(Fault(f"--map {text}", f"there is no {name!r}", remedy))
        else:
            columns.setdefault(name, []).append(column)
    faults += [
        Fault("--map", f"{name} is missing", f"add --map {name}=COLUMN")
        for name in NEEDED
        if name not in columns and not faults
    ]
    if faults:
        raise FaultyInput(faults)
    return Asked({name: tuple(of) for name, of in columns.items()}, only_mapped)


def _fitting(wanted: str, columns: Sequence[Column]) -> list[Column]:
    """The columns of that name; else those that differ in case, blanks or width; else those that
    have a group's name before it or a unit behind it.
    """
    for form in (str, _loose, _barest):
        found = [column for column in columns if form(column.name) == form(wanted)]
        if found:
            return found
    return []


def _loose(name: str) -> str:
    return _BLANK.sub("", figures.plain(name)).casefold()


def _barest(name: str) -> str:
    return _BRACKETS.sub("", _loose(name.rpartition("/")[2] or name))


def _listed(columns: Iterable[Column]) -> str:
    return ", ".join(column.name for column in columns)
