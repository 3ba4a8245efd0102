"""A deputy's yearly report in words: the facts, and no total of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.kinds.reports import Cell, Column, Means, Paper, Section, Table
from api.platforms.duty.duty_records.records import Line
from config.catalogue.words import Words

_COLUMNS = ("day", "kind", "title", "verifier", "note")
_CONTESTED = ("day", "kind", "title", "objection", "note")


def paper(means: Means, name: str, year: str, delegation: str, lines: Sequence[Line]) -> Paper:
    """The report of a person and a year."""
    t = means.words
    stands = [of for of in lines if of.row["state"] == "verified"]
    contested = [of for of in lines if of.row["state"] == "contested"]
    person = t("duty.records.person", name=name, delegation=delegation or "—")
    sections = (
        Section(
            "facts",
            t("duty.records.report-facts"),
            (person, t("duty.records.report-means")),
            tables=(_table(t, "facts", _COLUMNS, stands),),
        ),
        Section(
            "contested",
            t("duty.records.report-contested"),
            (t("duty.records.report-contested-means"),),
            tables=(_table(t, "contested", _CONTESTED, contested),),
        ),
    )
    title = t("duty.records.report-title", name=name, year=year)
    subtitle = t("duty.records.report-subtitle", year=year)
    return Paper(title, subtitle, means.catalogue.site.name, sections)


def _table(t: Words, name: str, columns: Sequence[str], lines: Sequence[Line]) -> Table:
    heads = tuple(
        Column(of, t(f"duty.records.column-{of}"), "day" if of == "day" else "text")
        for of in columns
    )
    rows = []
    for line in lines:
        values = _values(t, line)
        path = f"/duty/records/{line.row['id']}"
        rows.append(tuple(Cell(values[of], path if of == "title" else "") for of in columns))
    note = "" if rows else t("duty.records.report-none")
    return Table(name, t(f"duty.records.report-{name}"), heads, tuple(rows), note)


def _values(t: Words, line: Line) -> Mapping[str, str]:
    row = line.row
    return {
        "day": row["day"].isoformat(),
        "kind": t(f"duty.records.kind-{row['kind']}"),
        "title": row["title"],
        "verifier": line.verifier,
        "objection": row["objection"] or "",
        "note": row["note"] or "",
    }
