"""How an indicator is judged, in the words of a page. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.platforms.environment.standards_wording import Changed
from config.vocabulary.indicators import Indicator
from ingest.standards.limits import Source

_CONFIDENCE = {
    "from-memory": "memory",
    "read in the text, agreed": "agreed",
    "read in the text": "read",
    "hourly columns": "compared",
}
"""How the note of a table begins, and the last part of its key; the first that fits."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A table of a standard: where it stands, since when it holds, how sure its figures are."""

    standard: str
    clause: str
    since: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` begin with what the row is of; ``marked`` is the one that counts here."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of quality control, what it asks, and the flag that it gives."""

    name: str
    asks: str
    flag: str


@dataclass(frozen=True, slots=True)
class Judging:
    """How one indicator is judged today; ``limit`` is empty where it is not."""

    indicator: Indicator
    limit: str
    note: str
    bases: tuple[Basis, ...]
    tables: tuple[Table, ...]
    changes: tuple[Changed, ...]
    checks: tuple[Check, ...]


def confidence_key(source: Source) -> str:
    """Last part of the key of how sure the figures of a source are."""
    starts = (start for start in _CONFIDENCE if source.confidence.startswith(start))
    return _CONFIDENCE[next(starts)]


def table_number(source: Source) -> str:
    """Number of the table in the standard; empty where it is not known."""
    found = re.match(r"table (\d+)", source.clause)
    return found[1] if found else ""
