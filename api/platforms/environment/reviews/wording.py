"""Decisions about readings as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.shapes import Station
from ingest.annotations.corrections import Correction

COLUMNS = (
    *("station", "indicator", "from", "until", "decision", "value", "unit", "why", "by", "at"),
    *("withdrawn-by", "withdrawn-at"),
)
HEADS = Heads(
    "reviews.column",
    COLUMNS,
    {
        "from": "instant",
        "until": "instant",
        "at": "instant",
        "withdrawn-at": "instant",
        "value": "number",
    },
)


def table(services: Services, station: Station, rows: Iterable[Correction]) -> Sheet:
    """Decisions for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("reviews.title"), _rows(services, station, rows))


def _rows(
    services: Services, station: Station, rows: Iterable[Correction]
) -> Iterator[list[Value]]:
    t = services.words
    for of in rows:
        row = t.indicators[of.series.partition("/")[2]]
        decision = "correct" if of.value is not None else of.quality.name.lower()
        yield [
            *(station.name, row.name, of.from_ms, of.to_ms, t(f"reviews.{decision}")),
            *(of.value, row.unit, of.why, of.by, of.at_ms, of.withdrawn_by, of.withdrawn_ms),
        ]
