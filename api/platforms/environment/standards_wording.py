"""Standards, and how their figures change, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from alerting.formats import water_class
from api.services import Services
from config.catalogue.words import Words
from config.vocabulary.indicators import Indicator
from config.vocabulary.time import ZONE
from ingest.standards.changes import Change, changes


@dataclass(frozen=True, slots=True)
class Changed:
    """The changes of an indicator by another set, past or coming."""

    t_ms: int
    on: str
    standards: str
    lines: tuple[str, ...]


def plain(figure: float | None) -> str:
    """A figure of a standard as it is printed."""
    return "—" if figure is None else f"{figure:g}"


def changed(services: Services, code: str) -> list[Changed]:
    """When the figures of an indicator changed or will change, and how."""
    found = []
    indicator = services.words.indicators[code]
    for on, of in groupby(changes(code), key=lambda change: change.on):
        rows = list(of)
        lines = tuple(line for row in rows if (line := _line(services, row, indicator)))
        names = services.words.listed(
            dict.fromkeys(standard_name(services.words, row.standard) for row in rows)
        )
        midnight = datetime(on.year, on.month, on.day, tzinfo=ZONE)
        found.append(Changed(int(midnight.timestamp() * 1000), on.isoformat(), names, lines))
    return [row for row in found if row.lines]


def standard_name(words: Words, name: str) -> str:
    """A set's name as people read it."""
    return name.replace(" (transition)", words("station.transition"))


def _line(services: Services, change: Change, indicator: Indicator) -> str:
    """A moved figure in words; the limits of class 1 areas concern no station of a district."""
    if change.kind == "limit" and change.entry == "1":
        return ""
    kind = "beyond" if change.entry == "beyond" else change.kind
    values = {
        "column": services.words(f"averaging.{change.column}") if change.kind != "class" else "",
        "place": water_class(services.words, change.entry)
        if change.kind == "class"
        else change.entry,
        "old": plain(change.old),
        "new": plain(change.new),
        "unit": indicator.unit,
    }
    return services.words(f"judging.change-{kind}", **values)
