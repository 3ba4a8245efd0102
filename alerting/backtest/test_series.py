"""The shorthand in which a rule's own test writes a series, and the district that it stands for.

With blanks between: ``160`` a value, ``_`` a missing one, ``100+5`` the first of values that rise
by 5 (``100-5``: that fall); ``x3`` behind it: three of them; then marks: ``?`` not good; ``c``,
``m``, ``s``, ``f`` in calibration, in maintenance, stopped, faulty; ``!`` late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from config.catalogue.shapes import (
    Catalogue,
    Instrument,
    Placement,
    Register,
    River,
    Site,
    Station,
)
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS, Kind
from config.vocabulary.quality import Cause, quality_of
from ingest.journal.columns import Columns

BEGIN_MS = 1_767_196_800_000
"""When every series begins, a midnight in Asia/Shanghai; a test tells times from here."""
MOST_READINGS = 100_000
_TOKEN = re.compile(
    r"(?:(?P<missing>_)|(?P<value>-?\d+(?:\.\d+)?)(?P<step>[+-]\d+(?:\.\d+)?)?)"
    r"(?:x(?P<times>\d+))?(?P<marks>[?!cmsf]*)"
)
_CAUSES = {
    "?": Cause.UNUSUAL,
    "c": Cause.CALIBRATION,
    "m": Cause.MAINTENANCE,
    "s": Cause.STOPPED,
    "f": Cause.FAULT,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One of a series: its place in it, its value, why it is not good, and how it arrives."""

    target: int
    value: float
    late: bool = False
    cause: Cause = Cause.NORMAL
    series: str = ""


def readings(text: str, series: str, where: str, faults: list[Fault]) -> Iterator[Reading]:
    """A series out of its shorthand."""
    target = 0
    for token in text.split():
        found = _TOKEN.fullmatch(token)
        times = int(found["times"] or 1) if found else 0
        if not found or not 0 < times <= MOST_READINGS - target:
            what = f"{token!r} is no value of the shorthand"
            faults.append(Fault(where, what, 'write e.g. "100x3 160+5x4 _ 160!"'))
            return
        marks = found["marks"]
        cause = next((_CAUSES[mark] for mark in marks if mark in _CAUSES), Cause.NORMAL)
        for step in range(times):
            if not found["missing"]:
                value = float(found["value"]) + step * float(found["step"] or 0)
                yield Reading(target, value, "!" in marks, cause, series)
            target += 1


def district(codes: Mapping[str, list[str]], kind: Kind, cadence_ms: int) -> Catalogue:
    """A district of few stations, each with the indicators that it measures, the first one named
    downmost on a river; its water should be of class III.
    """
    stations, instruments = {}, {}
    for target, (name, measured) in enumerate(codes.items()):
        registers = [Register(code, 2 * at, "float32") for at, code in enumerate(measured)]
        make = Instrument(name, name, name, "holding", 0, "ABCD", registers)
        at = [Placement(name, 1, "localhost", 1)]
        stations[name] = Station(
            name, name, kind, (0.0, 0.0), name, cadence_ms, at,
            river="river", order=len(codes) - target, target="III" if kind == "water" else None,
        )  # fmt: skip
        instruments[name] = make
    river = River("river", "river", [(0.0, 0.0), (0.0, 1.0)])
    return Catalogue(Site("it", "it"), {"river": river}, stations, instruments)


def kind_of(code: str) -> Kind:
    """Whether an indicator is of water or of air."""
    return INDICATORS[code].kind


def columns(reading: Reading, every_ms: int) -> Columns:
    """One reading as it arrives."""
    return Columns(
        names=(reading.series,),
        series=np.zeros(1, np.uint32),
        t=np.array([BEGIN_MS + reading.target * every_ms], np.int64),
        value=np.array([reading.value]),
        quality=np.array([quality_of(reading.cause)], np.uint8),
        cause=np.array([reading.cause], np.uint8),
        received=np.zeros(1, np.int64),
        boots=("",),
        boot=np.zeros(1, np.uint16),
        seq=np.zeros(1, np.int64),
    )
