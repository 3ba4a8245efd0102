"""A frozen paper on a page: its texts with the pages of the rows that they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from api.accounts.records import Account
from api.kinds.reports import Column, Paper, Section, Table
from api.reports.comparison import Difference
from api.reports.forms.wording import grouped, note_of, of_cell, of_figure, said
from api.reports.records import Head, Offered
from api.services import Services
from config.catalogue.words import Words

LONGEST = 100
"""Signs of a field whose shape has no bound."""


@dataclass(frozen=True, slots=True)
class Text:
    """A value as people read it; ``path`` is empty where it counts nothing."""

    said: str
    path: str = ""
    right: bool = False


def sections(words: Words, paper: Paper) -> Sequence[dict[str, Any]]:
    """Of the page, in the paper's order."""
    return [_section(words, of) for of in paper.sections]


def _section(words: Words, section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": section.title,
        "text": section.text,
        "figures": [(of.label, Text(of_figure(words, of), of.path)) for of in section.figures],
        "tables": [_table(words, of) for of in section.tables],
    }


def _table(words: Words, table: Table) -> dict[str, Any]:
    every = [
        [
            Text(of_cell(words, cell, column), cell.path, _right(column))
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    columns, rows = grouped(table.columns, every)
    return {
        "title": table.title,
        "note": note_of(words, table),
        "heads": [Text(of.label, right=_right(of)) for of in columns],
        "rows": rows,
    }


def _right(column: Column) -> bool:
    return column.kind not in ("text", "day", "instant")


def differences(words: Words, found: Iterable[Difference]) -> Sequence[dict[str, str]]:
    """Values then and now; a row that is new or gone says so."""
    return [
        {
            "what": words.listed(part for part in (of.name, of.row, of.column) if part),
            "then": _side(words, of, of.then),
            "now": _side(words, of, of.now),
        }
        for of in found
    ]


def _side(words: Words, of: Difference, value: Any) -> str:
    if of.row and not of.column:
        return words("reports.row-none" if value is None else "reports.row-there")
    return said(words, value, of.kind, 2)


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a kind's form, of at most so many signs."""

    name: str
    label: str
    type: str
    value: str
    required: bool
    longest: int


def fields(
    services: Services, account: Account, kind: Offered, given: Mapping[str, str]
) -> Sequence[Field]:
    """Inputs of a kind's form, with what was given or is suggested."""
    suggested = msgspec.to_builtins(kind.kind.suggested(services, account))
    shape = kind.kind.parameters
    names = shape.__struct_fields__
    needed = names[: len(names) - len(shape.__struct_defaults__)]
    longest = msgspec.json.schema(shape)["$defs"][shape.__name__]["properties"]
    return [
        Field(
            name,
            services.words(f"{kind.kind.words}.{name}"),
            kind.kind.inputs.get(name, "text"),
            given.get(name, str(suggested.get(name, ""))),
            name in needed,
            longest[name].get("maxLength", LONGEST),
        )
        for name in names
    ]


def kind_said(words: Words, kind: Offered) -> str:
    """The name of a kind."""
    return words(f"{kind.kind.words}.name")


def maker_said(words: Words, head: Head) -> str:
    """Who made a paper."""
    return head.made_name or words("reports.by-the-centre")
