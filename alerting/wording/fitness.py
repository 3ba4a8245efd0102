"""Remarks on rules that are blind at a station, or see there all the time, with remedies."""

from __future__ import annotations

import math
from collections.abc import Iterator

from alerting.formats import exact_duration
from alerting.rules.conditions.threshold import CADENCES_OF_A_GAP
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words


def remarks(rule: Rule, catalogue: Catalogue, words: Words) -> Iterator[str]:
    """A sentence for each remark and cadence, which names the stations; none where all is well."""
    found: dict[tuple[str, int], dict[str, None]] = {}
    for target in rule.targets(catalogue):
        if key := kind_of(rule).remark(rule, target):
            stations = found.setdefault((key, target.station.cadence_ms), {})
            stations[target.station.name] = None
    for (key, cadence_ms), stations in found.items():
        yield words(
            f"tuning.remark-{key}",
            stations=words.listed(stations),
            cadence=exact_duration(words, cadence_ms),
            least=exact_duration(words, math.ceil(CADENCES_OF_A_GAP * cadence_ms)),
        )
