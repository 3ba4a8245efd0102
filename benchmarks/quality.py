"""Quality control: what it finds of a technician's corrections, and how fast.

    python -m benchmarks.quality --data DIR [--readings N]

DIR holds recordings ``logan_STATION.csv.gz``: of each of ``SENSORS`` the raw value, and in
``_cor`` what a technician made of it. A reading is labelled that was removed, or that was moved by
more than the sensor's noise beside the correction of the days around it. That slow part is a drift
or the offset of a calibration, which no check of a reading can see; it is counted apart. Readings
without a corrected value were never judged and are left out, as are readings missing from the
beginning.

Beside ours stand the package ioos_qc with the same thresholds, where both have a test, and no rule
at all, which finds nothing. ``--readings`` are for the speed, at one a minute and 20 stations.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from ioos_qc import qartod
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from benchmarks.quality_healthy import stations
from config.catalogue.quality import Checks, defaults
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Quality
from config.vocabulary.time import MINUTE_MS
from ingest.quality.flagging import Series, Station, flag
from tabular.instants import instant

SENSORS = {
    "temp": ("w01010", 0.3),
    "cond": ("w01014", 15.0),
    "ph": ("w01001", 0.3),
    "do": ("w01009", 1.0),
    "turb": ("w01003", 5.0),
}
"""Column -> code, and the noise within which a correction is none."""
TUNED = ("FranklinBasin", "TonyGrove")
MANY = 28
"""Labels of a series; fewer are chance."""
ZONE = ZoneInfo("Etc/GMT+7")
REMOVED = -9999.0
SLOW_ROWS, LEAST_SLOW_ROWS = 193, 10
"""Two days of quarters of an hour."""
STATIONS, YEAR_MINUTES = 20, 525600
PEER_ROWS = 100_000
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How what is flagged and what is labelled agree; NaN where there is nothing of it."""

    precision: float
    recall: float

    @classmethod
    def of(cls, flagged: Bools, labelled: Bools) -> Score:
        """Of the rows of one series."""
        both, said, meant = (
            np.count_nonzero(of) for of in (flagged & labelled, flagged, labelled)
        )
        return cls(both / said if said else math.nan, both / meant if meant else math.nan)


def main() -> None:
    """Print a line a series, means, and the speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--readings", type=int, default=STATIONS * YEAR_MINUTES)
    given = parser.parse_args()
    tuned, held_out, many = (list[tuple[Score, Score]]() for _ in range(3))
    heads = f"{'judged':>8}{'labelled':>9}{'drift':>7}{'ours P':>8}{'R':>5}{'ioos P':>8}{'R':>5}"
    print(f"{'':24}{heads}")
    for file in sorted(given.data.glob("*.csv.gz")):
        labelled = list(_recording(file))
        found = [scores for _, scores in labelled]
        many += [scores for count, scores in labelled if count >= MANY]
        (tuned if _station(file) in TUNED else held_out).extend(found)
        _means(_station(file), found)
    _means("all tuned on", tuned)
    _means("all held out", held_out)
    _means(f"all of {MANY} labels or more", many)
    print("no rule at all flags nothing: recall 0 everywhere, no precision")
    print("means: of series with a labelled reading; precision of those with a flagged one alone")
    _healthy()
    _speed(given.readings)


def _healthy() -> None:
    """Of made readings of healthy water and air the shares that are doubted all the same."""
    for station in stations(365, seed=1):
        shares = (f"{code} {doubted / count:.2%}" for code, doubted, count in station.flagged())
        print(f"healthy {station.name}: doubted {', '.join(shares)}")


def _station(file: Path) -> str:
    return file.name.removesuffix(".csv.gz").removeprefix("logan_").rstrip("0123456789")


def _recording(file: Path) -> Iterator[tuple[int, tuple[Score, Score]]]:
    """Of each series with a labelled reading how many there are, and the score of ours and of the
    peer.
    """
    with gzip.open(file, "rt", encoding="utf-8") as text:
        lines = list(csv.DictReader(text))
    t = np.array([instant(line["datetime"], ZONE) for line in lines], np.int64)
    raws = {name: _numbers(line[name] for line in lines) for name in SENSORS}
    series = {SENSORS[name][0]: _series(t, raw) for name, raw in raws.items()}
    station = Station(series, defaults(), int(np.median(np.diff(t))), {}, {})
    for name, raw in raws.items():
        code, noise = SENSORS[name]
        corrected = _numbers(line[f"{name}_cor"] for line in lines)
        judged = ~np.isnan(series[code].value) & ~np.isnan(corrected)
        labelled, drift = _labels(raw, corrected, judged, noise)
        ours = np.isin(flag(station, code).quality, (Quality.SUSPECT, Quality.BAD))
        peers = _peer(t, series[code].value, code)
        scores = Score.of(ours & judged, labelled), Score.of(peers & judged, labelled)
        counts = (np.count_nonzero(of) for of in (judged, labelled, drift))
        _line(f"{_station(file)} {name}", counts, scores)
        if labelled.any():
            yield int(np.count_nonzero(labelled)), scores


def _numbers(texts: Iterator[str]) -> Floats:
    return np.array([math.nan if text in ("NULL", "") else float(text) for text in texts])


def _series(t: Ints, raw: Floats) -> Series:
    value = np.where(raw == REMOVED, np.nan, raw)
    quality = np.where(np.isnan(value), Quality.MISSING, Quality.GOOD).astype(np.uint8)
    return Series(t, value, quality, np.zeros(len(t), np.uint8))


def _labels(raw: Floats, corrected: Floats, judged: Bools, noise: float) -> tuple[Bools, Bools]:
    """Rows that a check should find, and those that were only moved slowly."""
    removed = judged & (corrected == REMOVED)
    moved = np.where(judged & ~removed, raw - corrected, np.nan)
    labelled = removed | (np.abs(moved - _running_median(moved)) > noise)
    return labelled, (np.abs(moved) > noise) & ~labelled


def _running_median(value: Floats) -> Floats:
    """Of the ``SLOW_ROWS`` around each row; NaN where less than LEAST_SLOW_ROWS are known."""
    half = SLOW_ROWS // 2
    padded = np.pad(value, half, constant_values=np.nan)
    found = np.empty(len(value))
    for begin in range(0, len(value), 10_000):
        rows = sliding_window_view(padded[begin : begin + 10_000 + 2 * half], SLOW_ROWS)
        ranked = np.sort(rows, axis=1)  # NaN last
        known = np.count_nonzero(~np.isnan(ranked), axis=1)
        each = np.arange(len(rows))
        middle = (ranked[each, np.maximum(known - 1, 0) // 2] + ranked[each, known // 2]) / 2
        found[begin : begin + len(rows)] = np.where(known >= LEAST_SLOW_ROWS, middle, np.nan)
    return found


def _peer(t: Ints, value: Floats, code: str) -> Bools:
    """The flags of ioos_qc."""
    asked = defaults()[code]
    found = [test(t, value, asked) for test in (_gross_range(code), _flat_line, _spike)]
    flagged: Bools = np.isin(found, (3, 4)).any(axis=0)
    return flagged


def _gross_range(code: str) -> Callable[[Ints, Floats, Checks], NDArray[np.uint8]]:
    row = INDICATORS[code]

    def test(_: Ints, value: Floats, asked: Checks) -> NDArray[np.uint8]:
        return qartod.gross_range_test(value, (row.low, row.high), asked.usual)

    return test


def _flat_line(t: Ints, value: Floats, asked: Checks) -> NDArray[np.uint8]:
    assert asked.flat
    seconds = int(asked.flat.hours * 3600)
    tolerance = max(asked.flat.tolerance, 1e-9)  # it means less than, we mean at most
    at = t.astype("datetime64[ms]")
    return qartod.flat_line_test(value, at, seconds, seconds, tolerance)


def _spike(_: Ints, value: Floats, asked: Checks) -> NDArray[np.uint8]:
    rule = asked.excursion
    assert rule
    step = min(amount[0] for amount in (rule.below, rule.above) if amount)
    return qartod.spike_test(value, step)


def _line(name: str, counts: Iterator[int], scores: Sequence[Score]) -> None:
    judged, labelled, drift = counts
    words = "".join(f"{score.precision:8.2f}{score.recall:5.2f}" for score in scores)
    print(f"{name:24}{judged:8}{labelled:9}{drift:7}{words}", flush=True)


def _means(name: str, found: Sequence[tuple[Score, Score]]) -> None:
    if not found:
        return
    words = ""
    for scores in zip(*found, strict=True):
        precisions = [score.precision for score in scores if not math.isnan(score.precision)]
        precision = np.mean(precisions) if precisions else math.nan
        words += f"{precision:8.2f}{np.mean([score.recall for score in scores]):5.2f}"
    print(f"{name + ', mean':24}{'':24}{words}", flush=True)


def _speed(readings: int) -> None:
    """Readings a second, of a year of ``STATIONS`` stations."""
    rows = max(readings // STATIONS, 1000)
    t = 1_767_225_600_000 + MINUTE_MS * np.arange(rows)
    took = peer_took = 0.0
    peer_rows = min(rows, PEER_ROWS)
    for place in range(STATIONS):
        code = ("w01003", "w01014")[place % 2]
        series = _series(t, _made(code, rows, place))
        station = Station({code: series}, defaults(), MINUTE_MS, {}, {})
        begun = time.perf_counter()
        flagged = flag(station, code)
        took += time.perf_counter() - begun
        assert np.isin(flagged.quality, (Quality.SUSPECT, Quality.BAD)).any(), "nothing was asked"
        if place < 2:
            begun = time.perf_counter()
            _all_of_peer(t[:peer_rows], series.value[:peer_rows], code)
            peer_took += time.perf_counter() - begun
    ours, peers = rows * STATIONS / took, 2 * peer_rows / peer_took
    print(
        f"speed    {rows * STATIONS:,} readings a minute apart, half turbidity, half conductivity"
    )
    print(f"         ours      {ours:12,.0f} readings/s, every check of the indicator")
    print(f"         ioos_qc   {peers:12,.0f} readings/s, five tests on {2 * peer_rows:,} of them")
    print(f"         ratio {ours / peers:.1f}")


def _made(code: str, rows: int, seed: int) -> Floats:
    """A course of days and hours with noise, and now and then a spike, a wave, a stuck sensor."""
    rng = np.random.default_rng(seed)
    level, noise = (20.0, 0.6) if code == "w01003" else (560.0, 2.0)
    knots = np.arange(0, rows + 720, 720)
    slow = np.interp(np.arange(rows), knots, rng.normal(size=len(knots)))
    value = level * np.exp(0.2 * slow) + rng.normal(0, noise, rows)
    for at in rng.integers(0, rows, rows // 5000):
        value[at : at + rng.integers(1, 4)] *= rng.choice([0.1, 12])
    for at in rng.integers(0, rows, rows // 40_000):
        wave = np.exp(-np.arange(600) / 120)[: rows - at]
        value[at : at + 600] += 6 * level * wave
    for at in rng.integers(0, rows, rows // 40_000 + 1):
        value[at : at + 900] = value[at]
    return np.round(value, 1)


def _all_of_peer(t: Ints, value: Floats, code: str) -> None:
    asked, at = defaults()[code], t.astype("datetime64[ms]")
    _peer(t, value, code)
    qartod.rate_of_change_test(value, at, 1.0)
    assert asked.flat
    hours = int(asked.flat.hours * 3600)
    qartod.attenuated_signal_test(value, at, 0.1, 0.0, hours, hours // 60, check_type="range")


if __name__ == "__main__":
    main()
