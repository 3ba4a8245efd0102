"""Items that make a class of water or an AQI, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from alerting.formats import water_class
from config.catalogue.words import Words
from ingest.standards.air import AirJudgement
from ingest.standards.water import WaterJudgement, water_class_names


def of_water(words: Words, found: WaterJudgement) -> str:
    """Items of the worst class, and those beyond the target with their multiple over its limit.
    Class I is made by all items, and none is named.
    """
    said = []
    if found.class_name != water_class_names()[0]:
        names = words.listed(words.indicators[code].name for code in found.deciding)
        said.append(words("station.deciding", names=names))
    if found.exceeding and found.target:
        target = water_class(words, found.target)
        names = words.listed(_exceeding(words, found))
        said.append(words("station.exceeding", target=target, names=names))
    return words.clauses(said)


def of_air(words: Words, found: AirJudgement) -> str:
    """First pollutants, several where they tie; of an AQI up to 50 there is none (HJ 633)."""
    names = words.listed(words.indicators[code].name for code in found.primary)
    return words("station.primary", names=names) if names else ""


def _exceeding(words: Words, found: WaterJudgement) -> Iterator[str]:
    for code, multiple in found.exceeding.items():
        name = words.indicators[code].name
        if multiple is None:
            yield name
        else:
            yield words("station.exceeding-item", name=name, multiple=f"{multiple:.2f}")
