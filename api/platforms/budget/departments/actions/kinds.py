"""Kinds of tables: one for each department, with the fields that its description has, control
sheets, and the tables of the treasury with the sheets that they are held against.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec

from api.audit import CENTRE
from api.kinds.tables import Control, TableField, TableKind
from api.platforms.budget.departments import repository
from api.platforms.budget.departments.records.descriptions import (
    CODED,
    DEPARTMENTS,
    FIRST_VERSION,
    Description,
    Field,
    kind_name,
)
from api.platforms.budget.departments.records.questions import due_day
from api.platforms.budget.departments.repository import Version
from api.platforms.budget.departments.tables import CONTROL, CONTROL_FIELDS, ROW
from api.platforms.budget.permission import BudgetPermission
from config.classifications import classifications
from ingest.state.database import State

SHEETS: Mapping[str, tuple[str, ...]] = {
    "budget.payments": ("", "budget.payments", "国库集中支付", "支付"),
    "budget.indicators": ("budget.indicators", "预算指标", "指标"),
    "budget.plans": ("budget.plans", "用款计划"),
    "budget.applications": ("budget.applications", "支付申请"),
    "budget.adjustments": ("budget.adjustments", "预算调整调剂", "预算调整"),
    "budget.contracts": ("budget.contracts", "采购合同"),
}
"""Names that control sheets give to tables; of payments also none."""
UNITS = ("unit_code", "unit")


def controlled(kinds: Iterable[TableKind]) -> tuple[TableKind, ...]:
    """The treasury's kinds, held against control sheets where these may count them."""
    return tuple(
        replace(
            kind,
            units=tuple(of for of in UNITS if of in {field.name for field in kind.fields}),
            controls=partial(_controls, SHEETS[kind.name]),
        )
        if kind.name in SHEETS
        else kind
        for kind in kinds
    )


def _controls(names: Collection[str], state: State, months: Collection[str]) -> Sequence[Control]:
    with state.read() as connection:
        return repository.controls(connection, names, months)


def _described(department: str, state: State, version: int) -> TableKind:
    with state.read() as connection:
        return kind_of(repository.described(connection, department, version))


def kind_of(of: Version) -> TableKind:
    """The kind by a version of its description."""
    description = of.description
    unit, period = description.of_role("unit"), description.of_role("period")
    return replace(
        KIND_OF[description.department],
        label=f"{description.owner}：{description.name}",
        version=of.version,
        fields=tuple(map(_field, _ordered(description))),
        period=period.name if period else "",
        units=(unit.name,) if unit else (),
        controls=partial(_controls, (description.name, kind_name(description.department))),
        due=partial(due_day, description),
        packed=partial(_packed, of),
    )


def _ordered(of: Description) -> Sequence[Field]:
    """With the money first that is added up, so that control sheets are held against it."""
    return sorted(of.field, key=lambda one: one != of.money)


def _field(of: Field) -> TableField:
    return TableField(
        of.name,
        "",
        of.kind,
        (of.label, *of.headers),
        required=of.need == "required",
        key=of.need == "key",
        label=of.label,
        known=classifications()[of.role].judging() if of.role in CODED else None,
    )


def _packed(version: Version, values: Sequence[Any]) -> Mapping[str, Any]:
    """The columns of a row."""
    of = version.description
    cells = {field.name: value for field, value in zip(_ordered(of), values, strict=True)}
    named = {role: of.of_role(role) for role in ("unit", "project", "period")}
    searched = (
        str(cells[field.name])
        for field in of.field
        if field.kind in ("text", "code") and field.role != "person" and cells[field.name]
    )
    return {
        "department": of.department,
        "version": version.version,
        **{role: (cells[one.name] if one else None) or "" for role, one in named.items()},
        "amount": cells[of.money.name] if of.money else None,
        "words": "\n".join(searched).casefold(),
        "cells": msgspec.json.encode(cells).decode(),
    }


def _loaded(department: str, state: State, load: int) -> None:
    """Keep the product's proposal with the first load that rests on it."""
    with state.begin() as connection:
        found = repository.load(connection, load)
        if found.mapping.version == FIRST_VERSION:
            repository.keep_first(connection, department, CENTRE, found.loaded_ms or found.made_ms)


KIND_OF: Mapping[str, TableKind] = {
    department: TableKind(
        name=kind_name(department),
        words="budget.kind.department",
        permission=BudgetPermission.LOAD,
        table=ROW,
        fields=(),
        described=partial(_described, department),
        keyed_by=department,
        loaded=partial(_loaded, department),
    )
    for department in DEPARTMENTS
}
CONTROLS = TableKind(
    name="budget.controls",
    words="budget.kind.controls",
    permission=BudgetPermission.LOAD,
    table=CONTROL,
    fields=CONTROL_FIELDS,
)
KINDS = (CONTROLS, *KIND_OF.values())
