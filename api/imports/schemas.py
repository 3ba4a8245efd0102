"""Loads over the API as programs read them."""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import BaseModel

from api.imports.records import Fault, LeftOut, Load, LoadState, Report, TotalLine, Unlike
from api.imports.wording import remedy, what
from api.kinds.tables import TableKind
from config.catalogue.words import Words


class FieldState(BaseModel):
    """A field of a kind: its name, what kind of cells it has, and headers by which it is known."""

    name: str
    label: str
    kind: str
    headers: list[str]
    required: bool
    key: bool


class KindState(BaseModel):
    """A kind of table."""

    name: str
    label: str
    fields: list[FieldState]


class FaultState(BaseModel):
    """A fault of the file; row 0: of the whole."""

    row: int
    column: str
    key: str
    what: str
    remedy: str


class LoadLine(BaseModel):
    """A load as lists have it; instants in UTC epoch ms, totals in fen by field."""

    id: int
    kind: str
    source: str
    file: str
    sha256: str
    state: LoadState
    made_by: str
    made_ms: int
    loaded_ms: int | None
    withdrawn_ms: int | None
    rows: int
    refused: int
    fresh: int
    changed: int
    same: int
    faults: int
    totals: dict[str, int]
    from_month: str
    until_month: str


class LoadWhole(LoadLine):
    """A load with its mapping, its report and its faults, of which 1,000 are listed."""

    mapping: dict[str, Any]
    report: dict[str, Any]
    listed: list[FaultState]


def kind_state(words: Words, kind: TableKind) -> KindState:
    """A kind as programs read it."""
    fields = [
        FieldState(
            name=of.name, label=of.named(words), kind=of.kind, headers=list(of.headers),
            required=of.needed, key=of.key,
        )
        for of in kind.fields
    ]  # fmt: skip
    return KindState(name=kind.name, label=kind.named(words), fields=fields)


def line(load: Load) -> LoadLine:
    """A load as lists have it."""
    return LoadLine(**_values(load))


def whole(words: Words, load: Load, report: Report, faults: list[Fault]) -> LoadWhole:
    """A load with all that is known of it."""
    return LoadWhole(
        **_values(load),
        mapping=msgspec.to_builtins(load.mapping),
        report=_report(report),
        listed=[
            FaultState(
                row=of.row, column=of.column, key=of.key, what=what(words, of),
                remedy=remedy(words, of),
            )
            for of in faults
        ],
    )  # fmt: skip


def _values(load: Load) -> dict[str, Any]:
    return {name: getattr(load, name) for name in LoadLine.model_fields}


def _report(report: Report) -> dict[str, Any]:
    lines: tuple[TotalLine | Unlike | LeftOut, ...]
    found: dict[str, Any] = msgspec.to_builtins(report)
    for name, lines in (
        ("total_lines", report.total_lines),
        ("unlike", report.unlike),
        ("left_out", report.left_out),
    ):
        found[name] = [msgspec.structs.asdict(of) for of in lines]
    return found
