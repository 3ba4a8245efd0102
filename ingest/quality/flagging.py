"""Which flag each reading of a station deserves, by all checks together. Pure.

What is said of a reading is a function of the settings and of the readings around it, at most
``reach_ms`` away: so a history may be judged whole, in pieces or as it arrives, and says the same
in the end. A reading whose later neighbours are not there yet is judged without them, and again
when they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import Checks
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality, quality_of, severity
from ingest.quality import checks, crossing
from ingest.quality.checks import HOUR_MS, Flags, Instants, Values
from ingest.quality.excursions import LEVEL_MS, excursions

EAST_MS = 8 * HOUR_MS
ICE_CELSIUS = 0.3
ICE_HOURS = 24
TEMPERATURE, OXYGEN, OZONE, NITROGEN_DIOXIDE = "w01010", "w01009", "a05024", "a21004"


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one indicator by time: ``t`` UTC epoch ms, NaN where a value is missing;
    ``quality`` and ``cause`` are those that they came with.
    """

    t: Instants
    value: Values
    quality: NDArray[np.uint8]
    cause: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Station:
    """What is judged together: the series of a station by code, with the checks of each.

    ``above`` and ``below`` are the series of its neighbours on the river, by code.
    """

    series: Mapping[str, Series]
    checks: Mapping[str, Checks]
    cadence_ms: int
    above: Mapping[str, Series]
    below: Mapping[str, Series]


_SEVERITY = np.zeros(256, np.uint8)
_OF_CAUSE = np.zeros(256, np.uint8)
for _quality in Quality:
    _SEVERITY[_quality] = severity(_quality)
for _cause in Cause:
    _OF_CAUSE[_cause] = quality_of(_cause)
_USED = (Quality.GOOD, Quality.SUSPECT, Quality.NOT_EVALUATED)


def flag(station: Station, code: str) -> Series:
    """One series with the flags and causes that the checks give it; of several the worst wins,
    of equals the first. A reading that came as bad or missing stays as it is, and no check leans
    on it. What the detection limit says leaves a reading good.
    """
    series, asked = station.series[code], station.checks[code]
    quality, cause = series.quality.copy(), series.cause.copy()
    row = INDICATORS[code]
    sound = ~np.isnan(series.value) & np.isin(series.quality, _USED)
    for found, why in _of_each(series, asked, (row.low, row.high)):
        _object(quality, cause, found & sound, why)
    used = np.flatnonzero(sound)
    t, value = series.t[used], series.value[used]
    for found, why in _of_neighbourhood(station, code, t, value):
        _object(quality, cause, used[found], why)
    return replace(series, quality=quality, cause=cause)


def reach_ms(asked: Checks, cadence_ms: int) -> int:
    """How far from a reading the readings may lie that its flag rests on."""
    hours = [24.0, ICE_HOURS]
    if asked.flat:
        hours.append(asked.flat.hours)
    if asked.attenuated:
        hours.append(asked.attenuated.hours)
    if rule := asked.excursion:
        hours.append(rule.hours + rule.settle_hours + (rule.background_hours or 0))
    return int(max(hours) * HOUR_MS) + LEVEL_MS + 24 * cadence_ms


def _of_each(
    series: Series, asked: Checks, possible: tuple[float, float]
) -> list[tuple[Flags, Cause]]:
    """What may be said of a reading by itself."""
    found = [(checks.outside(series.value, possible), Cause.RANGE)]
    if asked.usual:
        found.append((checks.outside(series.value, asked.usual), Cause.UNUSUAL))
    if asked.seasonal:
        found.append((_out_of_season(series, asked), Cause.UNUSUAL))
    if asked.detection is not None:
        found.append((series.value < asked.detection, Cause.BELOW_DETECTION))
    return found


def _out_of_season(series: Series, asked: Checks) -> Flags:
    days = (series.t + EAST_MS).astype("datetime64[ms]").astype("datetime64[M]")
    month = days.astype(np.int64) % 12 + 1
    found = np.zeros(len(month), np.bool_)
    for name, span in asked.seasonal.items():
        found |= (month == int(name)) & checks.outside(series.value, span)
    return found


def _of_neighbourhood(
    station: Station, code: str, t: Instants, value: Values
) -> list[tuple[Flags, Cause]]:
    """What the readings before and behind, beside, above and below say."""
    asked = station.checks[code]
    row = INDICATORS[code]
    gap_ms = max(2.5 * station.cadence_ms, HOUR_MS)
    found: list[tuple[Flags, Cause]] = []
    if asked.excursion:
        usual = asked.usual or (row.low, row.high)
        plausible = ~checks.outside(value, usual)
        away = excursions(t, value, plausible, asked.excursion, gap_ms)
        alone = away & ~np.roll(away, 1) & ~np.roll(away, -1)
        found += [(alone, Cause.SPIKE), (away, Cause.RATE)]
    if asked.spike is not None:
        found.append((checks.spike(value, asked.spike), Cause.SPIKE))
    if asked.rate is not None:
        found.append((checks.rate(t, value, asked.rate), Cause.RATE))
    found += _of_stillness(t, value, asked, gap_ms)
    if asked.erratic:
        icy = _icy(station, t)
        found.append((checks.erratic(t, value, asked.erratic, icy), Cause.ERRATIC))
    return found + _of_others(station, code, t, value)


def _of_stillness(
    t: Instants, value: Values, asked: Checks, gap_ms: float
) -> list[tuple[Flags, Cause]]:
    found: list[tuple[Flags, Cause]] = []
    if rule := asked.flat:
        window_ms = rule.hours * HOUR_MS
        ends = checks.still(t, value, window_ms, rule.tolerance, gap_ms)
        flat = checks.back_to_beginning(t, ends, window_ms)
        if rule.exempt:
            flat &= checks.outside(value, rule.exempt)
        found.append((flat, Cause.FLAT_LINE))
    if asked.held:
        found.append((checks.held(t, value, asked.held.step, gap_ms), Cause.FLAT_LINE))
    if weak := asked.attenuated:
        window_ms = weak.hours * HOUR_MS
        ends = checks.still(t, value, window_ms, np.nextafter(weak.range, 0), gap_ms)
        found.append((checks.back_to_beginning(t, ends, window_ms), Cause.ATTENUATED))
    return found


def _of_others(
    station: Station, code: str, t: Instants, value: Values
) -> list[tuple[Flags, Cause]]:
    asked, near_ms = station.checks[code], max(station.cadence_ms, HOUR_MS)
    found: list[tuple[Flags, Cause]] = []

    def beside(other: str) -> Values:
        return crossing.beside(t, _sound(station.series, other), station.cadence_ms)

    for other, by in asked.at_most.items():
        found.append((crossing.exceeds(value, beside(other), by), Cause.CROSS_CHECK))
    if asked.saturation is not None and code == OXYGEN:
        oversaturated = crossing.oversaturated(value, beside(TEMPERATURE), asked.saturation)
        found.append((oversaturated, Cause.CROSS_CHECK))
    if asked.ozone_and_nitrogen_dioxide is not None and code == OZONE:
        level = asked.ozone_and_nitrogen_dioxide
        both = (value > level) & (beside(NITROGEN_DIOXIDE) > level)
        found.append((both, Cause.CROSS_CHECK))
    if asked.neighbours is not None:
        above = crossing.beside(t, _sound(station.above, code), near_ms)
        below = crossing.beside(t, _sound(station.below, code), near_ms)
        apart = crossing.apart(value, above, below, asked.neighbours)
        found.append((apart, Cause.NEIGHBOURS))
    return found


def _sound(series: Mapping[str, Series], code: str) -> tuple[Instants, Values]:
    """What of another series may be leant on."""
    other = series.get(code)
    if other is None:
        return np.empty(0, np.int64), np.empty(0)
    row = INDICATORS[code]
    used = np.isin(other.quality, _USED) & (other.value >= row.low) & (other.value <= row.high)
    return other.t[used], other.value[used]


def _icy(station: Station, t: Instants) -> Flags:
    """Where the water was about to freeze within half of ICE_HOURS."""
    at, celsius = _sound(station.series, TEMPERATURE)
    cold = np.concatenate([[0], np.cumsum(celsius < ICE_CELSIUS)])
    half = ICE_HOURS * HOUR_MS // 2
    first, last = np.searchsorted(at, t - half, "left"), np.searchsorted(at, t + half, "right")
    return cold[last] > cold[first]


def _object(
    quality: NDArray[np.uint8], cause: NDArray[np.uint8], rows: NDArray[np.generic], why: Cause
) -> None:
    """Let a check speak of some rows; it is heard where it is worse than what was said."""
    places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
    given = quality_of(why)
    if given is Quality.GOOD:
        heard = places[(quality[places] == Quality.GOOD) & (cause[places] == Cause.NORMAL)]
    else:
        heard = places[_SEVERITY[quality[places]] < severity(given)]
    quality[heard], cause[heard] = given, why
