"""The form of a description as it is written, which loses nothing by a fault. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Bounded

from api.kinds.tables import FieldKind
from api.platforms.budget.departments.records.descriptions import (
    KINDS,
    NEEDS,
    ROLES,
    Description,
    Due,
    Field,
    NotDescribed,
)
from api.web.forms import LONGEST_WHY, Typed
from config.vocabulary.errors import Fault

NEW_ROWS = 3
"""Empty ones below the fields."""
_BETWEEN = re.compile(r"[、,，;；\n]+")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
Column = Annotated[list[Typed], Bounded(max_length=100)]


class Written(BaseModel):
    """A description in a form: each list has a value for each row, of which those without a label
    are none. ``version`` is the one that was seen.
    """

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Bounded(ge=1, le=1_000_000)] = 1
    name: Typed = ""
    owner: Typed = ""
    due: Due = "month"
    due_days: Typed = ""
    since: Typed = ""
    note: Typed = ""
    why: Typed = ""
    names: Column = []
    labels: Column = []
    kinds: Column = []
    needs: Column = []
    roles: Column = []
    headers: Column = []

    @classmethod
    def of(cls, of: Description, version: int) -> Written:
        """The form of what is in force, with room for more fields."""
        fields, more = of.field, [""] * NEW_ROWS
        return cls(
            version=version,
            name=of.name,
            owner=of.owner,
            due=of.due,
            due_days=str(of.due_days),
            since=of.since,
            note=of.note,
            names=[*(one.name for one in fields), *more],
            labels=[*(one.label for one in fields), *more],
            kinds=[*(one.kind for one in fields), *more],
            needs=[*(one.need for one in fields), *more],
            roles=[*(one.role for one in fields), *more],
            headers=[*("、".join(one.headers) for one in fields), *more],
        )

    def rows(self) -> Iterator[tuple[str, str, str, str, str, str]]:
        """Name, label, kind, need, role and headers of each row."""
        columns = (self.names, self.labels, self.kinds, self.needs, self.roles, self.headers)
        yield from zip_longest(*columns, fillvalue="")

    def kept(self) -> Written:
        """With room for more fields below those that were written."""
        meant = [row for row in self.rows() if _is_meant(row)]
        rows = [*meant, *(row for row in self.rows() if row[0] and not _is_meant(row))]
        names, labels, kinds, needs, roles, headers = (
            [*(row[column] for row in rows), *[""] * NEW_ROWS] for column in range(6)
        )
        return self.model_copy(
            update={
                "names": names,
                "labels": labels,
                "kinds": kinds,
                "needs": needs,
                "roles": roles,
                "headers": headers,
            }
        )

    def description(self, department: str) -> Description:
        """The description as it was written, not yet checked. A new field gets a name of its own;
        one that has no label any more goes.
        """
        days = self.due_days.strip()
        taken = {name for name in self.names if _NAME.fullmatch(name)}
        return Description(
            department=department,
            name=plain(self.name),
            owner=plain(self.owner),
            due=self.due,
            due_days=int(days) if days.isascii() and days.isdigit() else -1,
            since=self.since.strip(),
            note=plain(self.note),
            field=tuple(_field(row, taken) for row in self.rows() if _is_meant(row)),
        )


def reasoned(given: str) -> str:
    """Why a description is changed.

    Raises:
        NotDescribed: nobody says so.
    """
    why = given.strip()
    if not why or len(why) > LONGEST_WHY or "\0" in why:
        fault = Fault("why", "is empty or long", f"say it in {LONGEST_WHY} signs at most")
        raise NotDescribed([("why", fault)])
    return why


def _is_meant(row: tuple[str, str, str, str, str, str]) -> bool:
    name, label, *_, headers = row
    return bool(label.strip()) or (not name and bool(headers.strip()))


def _field(row: tuple[str, str, str, str, str, str], taken: set[str]) -> Field:
    name, label, kind, need, role, headers = row
    if not _NAME.fullmatch(name):
        name = next(of for n in range(1, 1000) if (of := f"more_{n}") not in taken)
        taken.add(name)
    known: FieldKind = next((of for of in KINDS if of == kind), "text")
    return Field(
        name=name,
        label=plain(label),
        kind=known,
        need=next((of for of in NEEDS if of == need), ""),
        role=next((of for of in ROLES if of == role), ""),
        headers=tuple(of for of in map(plain, _BETWEEN.split(headers)) if of),
    )


def plain(text: str) -> str:
    """A line without signs that nobody sees."""
    return "".join(sign for sign in text if sign.isprintable()).strip()
