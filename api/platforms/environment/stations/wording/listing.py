"""The stations as a table: each as it is judged, and each of its newest readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from api.platforms.environment.stations.records import WORST_FIRST, Order, Overview
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.catalogue.words import Words
from config.vocabulary.detection import below, limit_of
from config.vocabulary.indicators import Kind
from config.vocabulary.quality import Quality

COLUMNS = (
    *("station", "id", "area", "river", "state", "word", "late", "firing"),
    *("indicator", "value", "unit", "at", "good", "below"),
)
HEADS = Heads("stations.column", COLUMNS, {"firing": "count", "value": "number", "at": "instant"})


Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    rivers = [(of.id, of.name) for of in services.catalogue.rivers.values()]
    towns_named = [(of, t.name(area)) for area, of in towns(services).items()]
    standings = [(of, t(f"stations.standing-{of}")) for of in WORST_FIRST]
    kinds = [(of, t(f"overview.{of}")) for of in get_args(Kind)]
    orders = [(of, t(f"stations.order-{of}")) for of in get_args(Order)]
    return [
        ("kind", t("stations.kind"), _with_all(t, kinds)),
        ("river", t("stations.column-river"), _with_all(t, rivers)),
        ("town", t("stations.column-area"), _with_all(t, towns_named)),
        ("standing", t("stations.standing"), _with_all(t, standings)),
        ("order", t("stations.order"), orders),
    ]


def towns(services: Services) -> dict[str, str]:
    """Areas of stations that are towns of the catalogue, with the town's id."""
    ids = {of.name: of.id for of in services.catalogue.towns.values()}
    names = {of.area: services.words.name(of.area) for of in services.catalogue.stations.values()}
    return {area: ids[name] for area, name in sorted(names.items()) if name in ids}


def _with_all(t: Words, options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", t("stations.all")), *options]


def sheet(services: Services, rows: Sequence[Sequence[Value]]) -> Sheet:
    """The table."""
    return HEADS.sheet(services.words, services.words("stations.title"), rows)


def rows(services: Services, stations: Sequence[Overview]) -> list[list[Value]]:
    """A row for each newest reading, one without of a station that has none. The value of one
    below detection is half of its limit, so that it stays a number; the last column has ``<0.02``.
    """
    t = services.words
    latest = {of.series: of for of in services.store.latest()}
    found: list[list[Value]] = []
    for of in stations:
        station = of.station
        river = services.catalogue.rivers.get(station.river or "")
        late = t("stations.yes") if of.late else t("stations.no")
        begin: list[Value] = [station.name, station.id, t.name(station.area)]
        begin += [river.name if river else "", of.judged.label, of.judged.word, late, of.firing]
        readings = [
            (row, latest[key])
            for row in services.catalogue.indicators(station.id)
            if (key := f"{station.id}/{row.code}") in latest
        ]
        for row, reading in readings:
            good = t("stations.yes") if reading.quality == Quality.GOOD else t("stations.no")
            limit = limit_of(reading.value, reading.cause)
            result = "" if limit is None else below(limit, row.decimals)
            found.append([*begin, row.name, reading.value, row.unit, reading.t_ms, good, result])
        if not readings:
            found.append([*begin, *[None] * 6])
    return found
