"""Descriptions of departments' tables: fields, key, unit, project and period. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from api.imports.sources.periods import PeriodKind
from api.kinds.tables import FieldKind
from api.web.forms import FIRST_DAY, LAST_DAY, NotAccepted
from config.files import read_toml
from config.vocabulary.errors import Fault

SHIPPED = Path(__file__).parents[1] / "data"
DEPARTMENTS = (
    *("government-office", "finance", "audit-office", "state-assets", "environment", "water"),
    *("housing", "transport", "education", "health", "civil-affairs", "labour", "agriculture"),
    *("natural-resources", "market", "urban-management"),
)
"""Ids of their units, in the official order."""
Due = Literal["day", "month", "quarter", "year"]
DUES: tuple[Due, ...] = get_args(Due)
Need = Literal["", "required", "key"]
NEEDS: tuple[Need, ...] = get_args(Need)
Role = Literal[
    "", "unit", "project", "period", "person", "function", "department-economic",
    "government-economic",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
"""Use of a field: it names the unit, the project or the period of a row, belongs to a natural
person, or is a code of a classification.
"""
ONCE: tuple[Role, ...] = ("unit", "project", "period")
CODED: tuple[Role, ...] = ("function", "department-economic", "government-economic")
KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
LONGEST_LABEL = 40
LONGEST_NAME = 60
LONGEST_HEADERS = 300
LONGEST_NOTE = 300
MOST_FIELDS = 40
MOST_DAYS = 366
FIRST_VERSION = 1
"""The proposal of the product."""
WrongKey = Literal[
    "name", "owner", "due-days", "since", "note", "why", "no-key", "no-period", "many", "label",
    "label-twice", "program-name", "headers", "role-twice", "period-kind", "role-kind", "rests",
    "rests-key",
]  # fmt: skip
WRONG_KEYS: tuple[WrongKey, ...] = get_args(WrongKey)
_PROGRAM_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
Found = tuple[WrongKey, Fault]


class NotDescribed(NotAccepted):
    """A description that does not hang together, with every fault; ``by_field`` has the key of the
    words by the field of the form, or by ``field.N`` of its rows.
    """

    def __init__(self, found: Sequence[Found]) -> None:
        key, fault = found[0]
        super().__init__(fault, key)
        self.faults = tuple(of for _, of in found)
        self.by_field: Mapping[str, WrongKey] = {of.where: key for key, of in reversed(found)}


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """A column: its name for programs, its label for people, and headers that it may have too."""

    name: str
    label: str
    kind: FieldKind
    need: Need = ""
    role: Role = ""
    headers: tuple[str, ...] = ()


class Description(Struct, frozen=True, forbid_unknown_fields=True):
    """A department's table. It is due ``due_days`` days after each period, of periods from
    ``since`` on (a month as ISO text; empty: the first one that was ever sent).
    """

    department: str
    name: str
    owner: str
    due: Due
    due_days: int
    field: tuple[Field, ...]
    since: str = ""
    note: str = ""

    def of_role(self, role: Role) -> Field | None:
        """The field with a role that one alone has."""
        return next((of for of in self.field if of.role == role), None)

    @property
    def period_kind(self) -> PeriodKind:
        """The periods that owe a table."""
        return self.due

    @property
    def money(self) -> Field | None:
        """The field whose sums are shown: the first one of money that rows must have."""
        money = [of for of in self.field if of.kind == "money"]
        return next((of for of in money if of.need), money[0] if money else None)

    @property
    def persons(self) -> frozenset[str]:
        """Names of the fields that belong to natural persons."""
        return frozenset(of.name for of in self.field if of.role == "person")

    @property
    def key(self) -> tuple[tuple[str, FieldKind], ...]:
        """The fields of the business key, by which rows of several loads are known to be one."""
        return tuple((of.name, of.kind) for of in self.field if of.need == "key")


def kind_name(department: str) -> str:
    """The kind of a department's table, as imports name it."""
    return f"budget.department-{department}"


@cache
def proposals() -> dict[str, Description]:
    """The product's own, by department, in the official order."""
    found = {}
    for path in sorted(SHIPPED.glob("*.toml")):
        one = msgspec.convert(read_toml(path, "install Qingyuan anew"), Description)
        found[one.department] = one
    return {department: found[department] for department in DEPARTMENTS}


def checked(of: Description) -> Description:
    """A description that hangs together.

    Raises:
        NotDescribed
    """
    if found := [*_of_head(of), *_of_fields(of)]:
        raise NotDescribed(found)
    return of


def resting(before: Description, after: Description) -> None:
    """See that rows in force stay what they are.

    Raises:
        NotDescribed: another key, or another kind or role of a field that they have.
    """
    found: list[Found] = []
    known = {of.name: of for of in before.field}
    for number, of in enumerate(after.field):
        was = known.get(of.name)
        same_role = was and (was.role == of.role or not {was.role, of.role} & {*ONCE})
        if was and not (was.kind == of.kind and same_role):
            fault = Fault(f"field.{number}", "is of rows in force", "withdraw their loads first")
            found.append(("rests", fault))
    roles = [{of.name for of in one.field if of.role in ONCE} for one in (before, after)]
    if before.key != after.key or roles[0] != roles[1]:
        fault = Fault("fields", "is another key of rows in force", "withdraw their loads first")
        found.append(("rests-key", fault))
    if found:
        raise NotDescribed(found)


def _of_head(of: Description) -> Iterator[Found]:
    if not of.name.strip() or len(of.name) > LONGEST_NAME:
        yield "name", Fault("name", "is empty or long", f"give {LONGEST_NAME} signs at most")
    if not of.owner.strip() or len(of.owner) > LONGEST_NAME:
        yield "owner", Fault("owner", "is empty or long", f"give {LONGEST_NAME} signs at most")
    if not 0 <= of.due_days <= MOST_DAYS:
        yield "due-days", Fault("due_days", "is no number of days", f"give 0 to {MOST_DAYS}")
    if of.since and not _is_month(of.since):
        yield "since", Fault("since", f"{of.since!r} is no month", "write it as 2026-01")
    if len(of.note) > LONGEST_NOTE:
        yield "note", Fault("note", "is long", f"give {LONGEST_NOTE} signs at most")


def _of_fields(of: Description) -> Iterator[Found]:
    if not of.key:
        yield "no-key", Fault("fields", "has no key", "choose the fields that tell rows apart")
    if of.of_role("period") is None:
        yield "no-period", Fault("fields", "has no period", "choose the field of day or month")
    if len(of.field) > MOST_FIELDS:
        yield "many", Fault("fields", "are many", f"give {MOST_FIELDS} at most")
    for number, one in enumerate(of.field):
        yield from _of_field(f"field.{number}", one, of.field[:number])


def _of_field(where: str, of: Field, before: Sequence[Field]) -> Iterator[Found]:
    if not _PROGRAM_NAME.fullmatch(of.name) or of.name in {one.name for one in before}:
        remedy = "give small letters, digits and _, each name once"
        yield "program-name", Fault(where, f"{of.name!r} is no name for programs", remedy)
    if len("、".join(of.headers)) > LONGEST_HEADERS:
        yield "headers", Fault(where, "has long headers", f"give {LONGEST_HEADERS} signs at most")
    if not of.label or len(of.label) > LONGEST_LABEL:
        yield "label", Fault(where, "has no name", f"give one of {LONGEST_LABEL} signs at most")
    elif of.label in {one.label for one in before}:
        yield "label-twice", Fault(where, "has the name of another", "give each its own")
    if of.role in ONCE and of.role in {one.role for one in before}:
        yield "role-twice", Fault(where, f"is a second {of.role}", "choose one field for it")
    if of.role == "period" and (of.kind not in ("date", "month") or not of.need):
        yield "period-kind", Fault(where, "is no needed day or month", "make it one")
    elif of.role not in ("", "period") and of.kind not in ("text", "code"):
        yield "role-kind", Fault(where, "is neither text nor code", "make it one of the two")


def _is_month(text: str) -> bool:
    year, dash, month = text[:4], text[4:5], text[5:]
    digits = f"{year}{month}".isascii() and f"{year}{month}".isdigit()
    shape = len(text) == len("2026-01") and dash == "-" and digits and "01" <= month <= "12"
    return shape and FIRST_DAY <= f"{text}-01" <= LAST_DAY
