"""A curve in words, and its rows as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alerting.alert import Alert
from alerting.formats import instant
from api.platforms.environment.charted import Drawn, cadences
from api.platforms.environment.charts.records import Curve, is_of_8_hours
from api.platforms.environment.stations.wording import causes
from api.services import Services
from api.web.tables import Column, Sheet, Value
from config.catalogue.shapes import Station
from config.vocabulary.detection import reading
from config.vocabulary.indicators import Indicator
from config.vocabulary.quality import Quality
from config.vocabulary.time import HOUR_MS, day_of

Line = dict[str, str | float | None]
SPAN_MS = {"hour": HOUR_MS, "day": 24 * HOUR_MS}
NOTHING = "—"


def drawn(services: Services, code: str, of: Drawn) -> str:
    """The name of a point of a curve."""
    return services.words(f"charts.drawn-{'8h' if is_of_8_hours(code, of) else of}")


def summary(
    services: Services,
    station: Station,
    indicator: Indicator,
    curve: Curve,
    lines: Sequence[Line],
    span: tuple[int, int],
) -> list[str]:
    """Sentences: extremes and mean, how many lie beyond each limit, how complete it is."""
    words, kind = services.words, drawn(services, indicator.code, curve.drawn)
    rows = np.flatnonzero(curve.counted)
    if not len(rows):
        return [words("charts.nothing", drawn=kind)]
    low, high = (rows[at(curve.value[rows])] for at in (np.argmin, np.argmax))
    unit = f" {indicator.unit}" if indicator.unit else ""
    found = [
        words(
            "charts.extent",
            drawn=kind,
            n=len(rows),
            low=_value(curve, low, indicator) + unit,
            high=_value(curve, high, indicator) + unit,
            low_at=_when(services, curve, low),
            high_at=_when(services, curve, high),
            mean=f"{np.mean(curve.value[rows]):.{indicator.decimals}f}{unit}",
        )
    ]
    found += [_beyond(services, curve, line, unit) for line in lines if line["value"] is not None]
    share = _share(services, station, indicator.code, curve, span)
    found.append(words("charts.complete", share=_percent(share)))
    if curve.t[0] - span[0] > max(station.late_after_ms, SPAN_MS.get(curve.drawn, 0)):
        found.append(words("charts.since", time=_when(services, curve, 0)))
    return found


def table(
    services: Services, indicator: Indicator, curve: Curve, rows: Sequence[int]
) -> list[tuple[str, str, str, str]]:
    """Rows of a curve as people read them: time, value, what is to be said of it, how complete."""
    return [
        (
            _when(services, curve, row),
            _value(curve, row, indicator),
            judged(services, curve, row),
            _percent(curve.share[row]) + "%" if len(curve.share) else "",
        )
        for row in rows
    ]


def sheet(services: Services, station: Station, indicator: Indicator, curve: Curve) -> Sheet:
    """Every row for a spreadsheet; what is below detection is written with its limit."""
    words = services.words
    unit = f" {indicator.unit}" if indicator.unit else ""
    columns = [
        Column(words("charts.time"), "instant"),
        Column(indicator.name + unit, "number", indicator.decimals),
        Column(words("charts.judged")),
    ]
    if len(curve.share):
        columns.append(Column(words("charts.share"), "percent"))
    title = f"{station.name} {indicator.name}"
    return Sheet(title, columns, _rows(services, indicator, curve))


def judged(services: Services, curve: Curve, row: int) -> str:
    """Flag and cause of a reading, or that a mean is of too little; of a good one nothing."""
    words, value = services.words, curve.value[row]
    if len(curve.share):
        return "" if curve.counted[row] else words("charts.incomplete")
    flag = Quality.MISSING if np.isnan(value) else int(curve.quality[row])
    said = causes.flags(services).get(flag, words("quality.missing"))
    if curve.cause[row]:
        return words("quality.judged", flag=said, cause=causes.causes(services)[curve.cause[row]])
    return "" if curve.counted[row] else said


def alert(services: Services, found: Alert) -> str:
    """An alert in a line: its level, its rule, from when to when."""
    words, now_ms = services.words, services.now_ms()
    end = found.resolved_ms
    return words(
        "charts.alert" if end else "charts.alert-stands",
        level=words(f"level.{found.level.name.lower()}"),
        rule=services.wording.sentences(found, now_ms).rule_name,
        begin=instant(words, found.began_ms, now_ms),
        end=instant(words, end or 0, now_ms),
    )


def _rows(services: Services, indicator: Indicator, curve: Curve) -> Iterator[list[Value]]:
    for row, t in enumerate(curve.t.tolist()):
        shown = _value(curve, row, indicator)
        value: Value = None if shown == NOTHING else shown if "<" in shown else float(shown)
        share = [round(float(curve.share[row]), 4)] if len(curve.share) else []
        yield [t, value, judged(services, curve, row), *share]


def _value(curve: Curve, row: int, indicator: Indicator) -> str:
    value = float(curve.value[row])
    if np.isnan(value):
        return NOTHING
    return reading(value, int(curve.cause[row]), indicator.decimals)


def _when(services: Services, curve: Curve, row: int) -> str:
    t = int(curve.t[row])
    return day_of(t) if curve.drawn == "day" else instant(services.words, t, services.now_ms())


def _beyond(services: Services, curve: Curve, line: Line, unit: str) -> str:
    """How much of what counts lies beyond a limit, as rules compare it."""
    values, sign, limit = curve.judged(), float(line["sign"] or 1), float(line["value"] or 0)
    n = int(np.count_nonzero(sign * values > sign * limit))
    return services.words(
        "charts.above" if sign > 0 else "charts.below",
        limit=f"{line['name']} {limit:g}{unit}",
        n=n,
        share=_percent(n / len(values)),
    )


def _share(
    services: Services, station: Station, code: str, curve: Curve, span: tuple[int, int]
) -> float:
    """How much of a span was measured; what lies ahead of now is no part of it."""
    from_ms, to_ms = span[0], min(span[1], services.now_ms() + 1)
    if curve.drawn == "readings":
        each = cadences(services, station, code).at(curve.t[curve.counted])
        covered = int(each.sum())
    else:
        covered = int(np.nansum(curve.share) * SPAN_MS[curve.drawn])
    return min(1.0, covered / max(to_ms - from_ms, 1))


def _percent(share: float) -> str:
    """Of 1; 100 and 0 only where it is all and nothing."""
    found = f"{share * 100:.1f}"
    if found == "100.0" and share < 1:
        return "99.9"
    if found == "0.0" and share > 0:
        return "<0.1"
    return found.removesuffix(".0")
