"""Which flag each reading of a station deserves, by all checks together. Pure.

The flag of a reading is a function of the settings and of the readings around it, at most
``reach_ms`` away: so a history may be judged whole, in pieces or as it arrives, and says the same
in the end. A reading whose later neighbours are not there yet is judged without them, and again
when they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from config.catalogue.quality import CONDUCTIVITY, Checks
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.time import EAST_MS, HOUR_MS
from ingest.annotations.precedence import outranks
from ingest.quality import checks, crossing, jumps, sondes, stillness
from ingest.quality.checks import Flags, Instants, Values
from ingest.quality.excursions import AROUND_STEPS, excursions
from ingest.quality.floods import BEFORE_MS, Dilution, Mixing

ICE_CELSIUS = 0.3
ICE_HOURS = 24
TEMPERATURE, OXYGEN, OZONE, NITROGEN_DIOXIDE = "w01010", "w01009", "a05024", "a21004"
TURBIDITY = "w01003"


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one indicator by time: ``t`` UTC epoch ms, NaN where a value is missing;
    ``quality`` and ``cause`` are those that they came with.
    """

    t: Instants
    value: Values
    quality: NDArray[np.uint8]
    cause: NDArray[np.uint8]


def part_of(series: Series, rows: slice | Flags) -> Series:
    """Some rows of a series."""
    return Series(series.t[rows], series.value[rows], series.quality[rows], series.cause[rows])


@dataclass(frozen=True, slots=True)
class Station:
    """Series that are judged together: the series of a station by code, with the checks of each.

    ``above`` and ``below`` are the series of its neighbours on the river, by code.
    """

    series: Mapping[str, Series]
    checks: Mapping[str, Checks]
    cadence_ms: int
    above: Mapping[str, Series]
    below: Mapping[str, Series]


_IS_USED = np.zeros(256, np.bool_)
_IS_USED[[Quality.GOOD, Quality.SUSPECT, Quality.NOT_EVALUATED]] = True


class Layer(IntEnum):
    """Checks by how far they look: excursions last for weeks, all else for a day or three."""

    FAR = 0
    NEAR = 1


def flag(station: Station, code: str, layers: Sequence[Layer] = tuple(Layer)) -> Series:
    """One series with the flags and causes that the checks give it; of several the worst wins, of
    equals the first. A reading that came as bad or missing stays as it is, and no check leans on
    it. A reading below the detection limit stays good.
    """
    series, asked = station.series[code], station.checks[code]
    quality, cause = series.quality.copy(), series.cause.copy()
    sound = is_sound(series)
    used = np.flatnonzero(sound)
    t, value = series.t[used], series.value[used]
    if Layer.FAR in layers and asked.excursion:
        for found, why in _of_steps(station, code, t, value):
            _object(quality, cause, used[found], why)
    if Layer.NEAR in layers:
        _object(quality, cause, used[_out_of_water(station, code, t)], Cause.OUT_OF_WATER)
        written = jumps.placeholders(t, value, asked.placeholders, gap_ms(station))
        _object(quality, cause, used[written], Cause.PLACEHOLDER)
        for found, why in _of_each(series, asked, (INDICATORS[code].low, INDICATORS[code].high)):
            _object(quality, cause, np.flatnonzero(found & sound), why)
        for found, why in _of_neighbourhood(station, code, t, value):
            _object(quality, cause, _objected(series, used[found], why), why)
    return replace(series, quality=quality, cause=cause)


def _objected(series: Series, rows: NDArray[np.intp], why: Cause) -> NDArray[np.intp]:
    """Rows that a check objects to: results below a detection limit do not vary, and need not."""
    if why not in (Cause.FLAT_LINE, Cause.ATTENUATED):
        return rows
    others: NDArray[np.intp] = rows[series.cause[rows] != Cause.UNDETECTED]
    return others


def is_sound(series: Series) -> Flags:
    """Rows that measured the water or air, rightly or not. The intake's own word on a range is
    left to be said again here, beside the other checks.
    """
    said = _IS_USED[series.quality] | (series.cause == Cause.RANGE)
    sound: Flags = ~np.isnan(series.value) & said
    return sound


def reach_ms(asked: Checks, cadence_ms: int, layer: Layer, *, coarse: bool = True) -> int:
    """How far from a reading the readings may lie that its flag rests on; without ``coarse``: in
    a station of which ``is_coarse`` says no.
    """
    apart_ms = follow_ms(cadence_ms)
    if layer is Layer.FAR:
        rule = asked.excursion
        background = (rule and rule.background_hours) or 0
        hours = 3 * rule.hours + rule.settle_hours + background if rule else 0.0
        before_ms = max(BEFORE_MS, int(AROUND_STEPS * apart_ms))
        return int(hours * HOUR_MS) + before_ms + 8 * cadence_ms
    windows = [rule.hours for rule in (asked.attenuated, asked.erratic) if rule]
    if asked.erratic:
        windows.append(asked.erratic.ice_hours or 0)
    longest = max([*windows, 0]) * HOUR_MS
    longest = max(longest, lean_ms(asked), jumps.reach_ms(apart_ms))
    if asked.flat:
        longest = max(longest, stillness.reach_ms(asked.flat, apart_ms, coarse=coarse))
    if asked.held:  # and as much before it
        longest = max(longest, 2 * checks.HELD_MS)
    return int(longest) + 2 * HOUR_MS + 5 * cadence_ms


def partners(asked: Checks) -> tuple[str, ...]:
    """The other series of the station that the checks of excursions look at, by code."""
    rule = asked.excursion
    if rule and rule.dilution:
        return TURBIDITY, TEMPERATURE
    return (CONDUCTIVITY, TEMPERATURE) if rule and rule.mixing else ()


def leans(asked: Checks) -> bool:
    """Whether a check looks at other series of the station."""
    rules = asked.sonde, asked.erratic, asked.at_most, asked.saturation
    return any(rules) or asked.ozone_and_nitrogen_dioxide is not None


def lean_ms(asked: Checks) -> int:
    """How far in time readings of other series of the station may lie that a check leans on."""
    iced = asked.erratic and asked.erratic.iced
    return sondes.REACH_MS if asked.sonde or asked.dry or iced else ICE_HOURS * HOUR_MS // 2


def is_coarse(station: Station, codes: Iterable[str]) -> bool:
    """Whether a series stands still that is written so coarsely that only more time tells."""
    return any(
        stillness.is_coarse(series.t[used], series.value[used], rule, gap_ms(station))
        for code in codes
        if (series := station.series.get(code))
        and (rule := station.checks[code].flat)
        and len(used := np.flatnonzero(is_sound(series)))
    )


def _of_each(
    series: Series, asked: Checks, possible: tuple[float, float]
) -> list[tuple[Flags, Cause]]:
    """The checks of a reading by itself."""
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


def gap_ms(station: Station) -> float:
    """Readings further apart than this do not follow each other."""
    return follow_ms(station.cadence_ms)


def follow_ms(cadence_ms: int) -> float:
    """As ``gap_ms``, by the cadence."""
    return max(2.5 * cadence_ms, HOUR_MS)


def leans_ms(cadence_ms: int) -> int:
    """How far in time a reading of a neighbour may lie to be leant on."""
    return max(cadence_ms, HOUR_MS)


def _of_steps(
    station: Station, code: str, t: Instants, value: Values
) -> list[tuple[Flags, Cause]]:
    """The rows between leaving a level and coming back: alone, or many."""
    asked, row = station.checks[code], INDICATORS[code]
    assert asked.excursion
    plausible = ~checks.outside(value, asked.usual or (row.low, row.high))
    natural = _floods(station, t, value, asked)
    away = excursions(t, value, plausible, asked.excursion, gap_ms(station), *natural)
    beside = np.concatenate([[False], away, [False]])
    return [(away & ~beside[:-2] & ~beside[2:], Cause.SPIKE), (away, Cause.RATE)]


def _floods(
    station: Station, t: Instants, value: Values, asked: Checks
) -> list[Callable[[int, int], bool]]:
    """Tells excursions that rain made, where something can."""
    rule = asked.excursion

    cold = cache(partial(_cold, station))

    def icy(at_ms: int) -> bool:
        return bool(_near_cold(*cold(), np.array([at_ms]))[0])

    if rule and rule.dilution and TURBIDITY in station.series:
        mud = partial(_sound, station.series, TURBIDITY)
        nothing = asked.dry.nothing if asked.dry else 0.0
        return [Dilution(t, value, cache(mud), rule.dilution, icy, nothing).natural]
    if rule and rule.mixing and CONDUCTIVITY in station.series:
        salt = partial(_sound, station.series, CONDUCTIVITY)
        return [Mixing(t, cache(salt), rule.mixing, icy, gap_ms(station)).natural]
    return []


def _out_of_water(station: Station, code: str, t: Instants) -> Flags:
    """Rows beside a conductivity of air, of what the same sonde measures."""
    asked, salt = station.checks[code], station.checks.get(CONDUCTIVITY)
    found = np.zeros(len(t), np.bool_)
    if not (salt and salt.dry and (asked.sonde or code == CONDUCTIVITY)):
        return found
    came = station.series.get(CONDUCTIVITY)
    if came is not None and (came.value < salt.dry.film).any():
        at, conductivity = _sound(station.series, CONDUCTIVITY)
        dry = sondes.dry(at, conductivity, salt.dry, salt.placeholders)
        found = _beside_those(t, at, dry, station.cadence_ms)
    return found


def _of_neighbourhood(
    station: Station, code: str, t: Instants, value: Values
) -> list[tuple[Flags, Cause]]:
    """The checks against the readings before and behind, beside, above and below."""
    asked = station.checks[code]
    apart_ms = gap_ms(station)
    found: list[tuple[Flags, Cause]] = []
    if asked.spike is not None:
        found.append((checks.spike(t, value, asked.spike, apart_ms), Cause.SPIKE))
    if asked.rate is not None:
        found.append((checks.rate(t, value, asked.rate, apart_ms), Cause.RATE))
    if asked.surge:
        found.append((jumps.surges(t, value, asked.surge, apart_ms), Cause.SPIKE))
    found += _of_stillness(t, value, asked, apart_ms)
    if asked.erratic:
        icy = _icy(station, t)
        erratic = checks.erratic(t, value, asked.erratic, icy, apart_ms)
        found.append((erratic, Cause.ERRATIC))
        if asked.erratic.iced is not None and icy.any():
            covered = _under_ice(station, t, icy, asked.erratic.iced)
            found.append((covered, Cause.CROSS_CHECK))
    return found + _of_others(station, code, t, value)


def _of_stillness(
    t: Instants, value: Values, asked: Checks, gap_ms: float
) -> list[tuple[Flags, Cause]]:
    found: list[tuple[Flags, Cause]] = []
    if rule := asked.flat:
        found.append((stillness.flat(t, value, rule, gap_ms), Cause.FLAT_LINE))
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
    asked, near_ms = station.checks[code], leans_ms(station.cadence_ms)
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
    """The rows of another series that a check may lean on."""
    other = series.get(code)
    if other is None:
        return np.empty(0, np.int64), np.empty(0)
    row = INDICATORS[code]
    used = is_sound(other) & ~checks.outside(other.value, (row.low, row.high))
    return other.t[used], other.value[used]


def _icy(station: Station, t: Instants) -> Flags:
    """Where the water was about to freeze within half of ICE_HOURS."""
    return _near_cold(*_cold(station), t)


def _cold(station: Station) -> tuple[Instants, NDArray[np.int64]]:
    """When the temperature was measured, and how often before it was that of freezing."""
    at, celsius = _sound(station.series, TEMPERATURE)
    return at, np.concatenate([[0], np.cumsum(celsius < ICE_CELSIUS)])


def _near_cold(at: Instants, cold: NDArray[np.int64], t: Instants) -> Flags:
    half = ICE_HOURS * HOUR_MS // 2
    first, last = np.searchsorted(at, t - half, "left"), np.searchsorted(at, t + half, "right")
    found: Flags = cold[last] > cold[first]
    return found


def _under_ice(station: Station, t: Instants, icy: Flags, part: float) -> Flags:
    """Rows at which ice keeps the water's salt from a sonde."""
    at, conductivity = _sound(station.series, CONDUCTIVITY)
    low = np.flatnonzero(conductivity < part * conductivity.max(initial=0.0))
    low = low[_near_cold(*_cold(station), at[low])]
    kept = np.zeros(len(at), np.bool_)
    if len(low):
        kept[low] = conductivity[low] < part * sondes.levels(at, conductivity, low)
    return icy & _beside_those(t, at, kept, station.cadence_ms)


def _beside_those(t: Instants, other: Instants, those: Flags, near_ms: int) -> Flags:
    """Rows to which, of all the rows of another series, one of ``those`` is nearest."""
    found, at = np.zeros(len(t), np.bool_), other[those]
    edges = np.zeros(len(t) + 1, np.int64)
    np.add.at(edges, np.searchsorted(t, at - near_ms, "left"), 1)
    np.add.at(edges, np.searchsorted(t, at + near_ms, "right"), -1)
    rows = np.flatnonzero(np.cumsum(edges[:-1]))
    if len(rows):
        found[rows] = crossing.beside(t[rows], (other, those.astype(np.float64)), near_ms) > 0
    return found


def _object(
    quality: NDArray[np.uint8], cause: NDArray[np.uint8], rows: NDArray[np.intp], why: Cause
) -> None:
    """Let a check speak of some rows; it is heard where it is worse than what was said."""
    heard = rows[outranks(quality[rows], cause[rows], quality_of(why))]
    quality[heard], cause[heard] = quality_of(why), why
