"""Monthly tables as the imports take them in: recognised by title and header, checked as the form
checks, and of each file a version that counts as long as its load is in force.

The office loads what a body handed over, and so accepts it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from api.accounts.records import Secrecy
from api.kinds.tables import TableKind, Unsound, WholeKey, WholeRow
from api.platforms.judicial.figures import repository
from api.platforms.judicial.figures.actions import sending
from api.platforms.judicial.figures.records.checks import Wrong, unsound
from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import (
    TOTAL,
    Figures,
    Template,
    cell,
    templates,
)
from api.platforms.judicial.figures.tables import FIELDS, IMPORTED
from api.platforms.judicial.free_text import identified
from api.platforms.judicial.permission import JudicialPermission
from ingest.state.database import State

IN_FORCE = "in-force"
_UNIT = re.compile(r"(?:填报|报送|编报)?单位[:：]\s*([^\s　:：]{2,40})")
_PERIOD = re.compile(r"(20\d\d)\s*[年.\-/]\s*(1[0-2]|0?[1-9])(?:\s*月|(?!\d))")
_KEYS: Mapping[str, WholeKey] = {
    "old": "carry",
    "pending": "balance",
    "parts": "parts",
    "total": "sum",
}


def above(texts: Sequence[str]) -> Mapping[str, Any]:
    """The body and the month that a table names above its header: the body by the title or the
    name of the unit, and by neither where they contradict each other.
    """
    found: dict[str, Any] = {}
    titled = {of.body for of in templates().values() if any(map(_in(texts), of.titles))}
    named = {
        of.body
        for of in templates().values()
        for text in texts
        for unit in _UNIT.findall(text)
        if unit.endswith(of.called)
    }
    bodies = titled & named if titled and named else titled | named
    if len(bodies) == 1:
        found["body"] = bodies.pop()
    months = {f"{year}-{int(month):02}" for text in texts for year, month in _period(text)}
    if len(months) == 1:
        found["month"] = months.pop()
    return found


def _period(text: str) -> Sequence[tuple[str, str]]:
    """Years and months of a text, without the day on which it was sent."""
    plain = re.sub(r"(?:报送|填报|制表|上报)(?:日期|时间)[:：]\s*\S+", "", text)
    return [(of[0], of[1]) for of in _PERIOD.findall(plain)]


def _in(texts: Sequence[str]) -> Any:
    whole = "\n".join(texts)
    return lambda title: title in whole


def whole(state: State, rows: Sequence[WholeRow]) -> Sequence[Unsound]:
    """Everything that does not hold in a table, by row and field."""
    data = [of for of in rows if not of.label]
    sums = [of for of in rows if of.label]
    if not data:
        return []
    body, month = data[0].values["body"], data[0].values["month"]
    template = templates()[body]
    ids = {name: row for row, name in template.rows.items()}
    found = [
        Unsound(of.number, "kind", "row-unknown", of.values["kind"])
        for of in data
        if of.values["kind"] not in ids
    ]
    there = {ids[of.values["kind"]]: of for of in data if of.values["kind"] in ids}
    found += [
        Unsound(0, "kind", "row-lacks", name)
        for row, name in template.rows.items()
        if row not in there
    ]
    if found:
        return found
    values = _values(template, there)
    values |= _sums(template, values, sums[0].values if sums else {})
    with state.read() as connection:
        before = sending.carried(connection, body, month)
    numbers = {row: of.number for row, of in there.items()}
    numbers[TOTAL] = sums[0].number if sums else 0
    return [_said(of, numbers) for of in unsound(template, values, before)]


def _said(of: Wrong, numbers: Mapping[str, int]) -> Unsound:
    key = _KEYS[of.key]
    return Unsound(numbers[of.row], of.column, key, str(of.given), str(of.expected))


def _values(template: Template, rows: Mapping[str, WholeRow]) -> dict[str, int]:
    return {
        cell(row, column): rows[row].values[column] or 0
        for row in template.rows
        for column in template.columns
    }


def _sums(template: Template, values: Figures, said: Mapping[str, Any]) -> Figures:
    """The line of sums as a file has it; where it has none, as the rows make it."""
    return {
        cell(TOTAL, column): made if (given := said.get(column)) is None else given
        for column in template.columns
        for made in [sum(values[cell(row, column)] for row in template.rows)]
    }


def loaded(state: State, load_id: int) -> None:
    """A load came into force or was withdrawn: a version of its month counts, or no longer does.
    One whose figures count already makes none.
    """
    with state.begin() as connection:
        load = repository.load(connection, load_id)
        if load is None:
            return
        if load["state"] != IN_FORCE:
            repository.withdraw(connection, load_id)
        elif not repository.of_load(connection, load_id):
            _add(connection, load_id, load)


def _add(connection: Connection, load_id: int, load: Mapping[str, Any]) -> None:
    rows = repository.imported(connection, load_id)
    body, month = rows[0]["body"], rows[0]["month"]
    template = templates()[body]
    ids = {name: row for row, name in template.rows.items()}
    there = {ids[of["kind"]]: WholeRow(of["row"], "", of) for of in rows if of["kind"] in ids}
    values = _values(template, there)
    values |= _sums(template, values, {})
    counts = repository.accepted(connection, body, month)
    if counts is not None and counts.values == values:
        return
    last = repository.last(connection, body, month)
    file = "" if identified(load["file"]) else load["file"]
    row = {
        "body": body,
        "month": month,
        "version": last["version"] + 1 if last else 1,
        "state": "accepted",
        "figures": json.dumps(values),
        "why": file,
        "sent_by": load["made_by"],
        "sent_ms": load["made_ms"],
        "reason": "",
        "secrecy": int(Secrecy.INTERNAL),
        "hidden": sending.not_shown(connection, body, Month(month, values)),
        "decided_by": load["loaded_by"],
        "decided_ms": load["loaded_ms"],
        "load": load_id,
    }
    repository.add(connection, row)


KIND = TableKind(
    name="judicial.figures",
    words="judicial.figures.title",
    permission=JudicialPermission.CHECK,
    table=IMPORTED,
    fields=FIELDS,
    period="month",
    loaded=loaded,
    above=above,
    whole=whole,
)
