"""The meaning of a concentration by the standard in force, in a clause.

Water is spoken of by class (GB 3838-2002), air by the level of its index and whom it concerns
(HJ 633).
"""

from __future__ import annotations

from datetime import date

from alerting.formats import day, water_class
from alerting.rules.comparison import Case
from config.catalogue.words import Words
from ingest.standards import air, water
from ingest.standards.tables import possible


def meaning(words: Words, case: Case, code: str, value: float) -> str:
    """Of a value in the indicator's unit; nothing where no standard speaks of it."""
    if not possible(code, value):
        return ""
    alert = case.alert
    on = day((alert.last_ms if case.stands else alert.peak_ms) or alert.fired_ms)
    if case.station.kind == "air":
        return _index(words, code, value, on) if code in air.air_items() else ""
    if code not in water.water_items():
        return ""
    found = water.water_quality({code: value}, on=on, lake=case.station.lake)
    if found.class_name is None:
        return ""
    clause = words("alert.water-class", name=water_class(words, found.class_name))
    return clause if case.limit.basis else clause + words("alert.basis", basis=found.standard)


def _index(words: Words, code: str, value: float, on: date) -> str:
    found = air.air_quality({code: value}, on=on, averaging="hourly", plan=[code])
    if found.aqi is None or found.level is None or found.class_name is None:
        return ""
    level = words("air.level", level=words.name(found.level), name=words.name(found.class_name))
    said = words("alert.index", n=found.aqi, level=level, standard=found.standard)
    groups = words.listed(map(words.name, air.sensitive_groups(code, found.aqi)))
    return said + (words("alert.groups", groups=groups) if groups else "")
