"""The register of assets as a table that is handed out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.platforms.budget.assets.records import Asset
from api.web.tables import Heads, Sheet
from config.catalogue.words import Words

HEADS = Heads(
    "budget.assets.column",
    ("number", "unit", "name", "category", "bought", "value", "voucher", "load"),
    {"bought": "day", "value": "number", "load": "count"},
)


def table(words: Words, rows: Iterable[Asset], names: Mapping[str, str]) -> Sheet:
    """Things for a spreadsheet, in yuan."""
    lines = (
        (
            of.number,
            names.get(of.unit, of.unit),
            of.name,
            of.category,
            of.bought or None,
            of.value / 100,
            of.voucher,
            of.load,
        )
        for of in rows
    )
    return HEADS.sheet(words, words("budget.assets.title"), lines)
