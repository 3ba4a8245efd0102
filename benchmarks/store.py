"""The store by itself, as ``benchmarks.ingest`` prints it: writing, room on disk, memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.time import MINUTE_MS
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake, Message
from ingest.arrival.receiver import MOST_MESSAGES
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.quality.checks import to_resolution
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from qingyuan.runtime.site import now_ms
from simulators import nature

BATCH = 100
T0_MS = 1_767_225_600_000  # 2026-01-01 00:00 UTC
DAY = 1440
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def _columns(names: tuple[str, ...], t: Ints, values: Floats, delay: Ints) -> Columns:
    """Good readings of every series at each ``t``, as they arrive; values a row for each ``t``."""
    count, series = values.size, len(names)
    taken = np.repeat(t, series)
    return Columns(
        names=names,
        series=np.tile(np.arange(series, dtype=np.uint32), len(t)),
        t=taken,
        value=values.ravel(),
        quality=np.full(count, Quality.GOOD, np.uint8),
        cause=np.zeros(count, np.uint8),
        received=taken + delay,
        boots=("aa" * 16,),
        boot=np.zeros(count, np.uint16),
        seq=np.arange(count),
    )


def writes() -> None:
    """Batches of a full round of the intake; bare DuckDB gets the same arrays, in its own table
    and its own transactions.
    """
    rng = np.random.default_rng(1)
    names = tuple(f"s{place // 9}/w{place:05}" for place in range(90))
    rounds = MOST_MESSAGES * 9 // len(names)
    batches = [
        _columns(
            names,
            T0_MS + (first + np.arange(rounds)) * MINUTE_MS,
            np.round(rng.normal(20, 3, (rounds, len(names))), 4),
            rng.integers(80, 480, rounds * len(names)),
        )
        for first in range(0, 400 * rounds, rounds)
    ]
    with tempfile.TemporaryDirectory() as folder:
        readings = sum(map(len, batches))
        bare = readings / _written_bare(Path(folder) / "bare.duckdb", batches)
        store = DuckDBStore(Path(folder) / "readings.duckdb")
        begun = time.monotonic()
        for n, batch in enumerate(batches, start=1):
            store.append(n, batch)
        ours = readings / (time.monotonic() - begun)
        store.close()
    print(f"store    {len(batches)} batches of {len(batches[0])} readings")
    print(f"         bare   {bare:12,.0f} readings/s")
    print(f"         store  {ours:12,.0f} readings/s, ratio {ours / bare:.2f}")


def _written_bare(path: Path, batches: Sequence[Columns]) -> float:
    """Seconds of DuckDB alone."""
    arrays = [
        {name: getattr(of, name) for name in ("series", "t", "value", "quality", "cause")}
        | {"received": of.received}
        for of in batches
    ]
    with duckdb.connect(str(path)) as db:
        db.execute(
            "create table t (series uinteger, t bigint, value double, quality utinyint,"
            " cause utinyint, received bigint)"
        )
        begun = time.monotonic()
        for batch in arrays:
            db.register("batch", batch)
            db.execute("insert into t select * from batch")
            db.unregister("batch")
        return time.monotonic() - begun


def disk(catalogue: Catalogue) -> None:
    """A year of three stations, tidied every fifth day: the whole file, and of it what is in use;
    then a month of other kinds of data. Values are four weeks of ``simulators.nature``, over and
    over: another thousand of them is packed by itself.
    """
    names, values = _weeks(catalogue)
    rng = np.random.default_rng(2)

    def jitter(count: int) -> Ints:
        return rng.integers(80, 480, count)

    def steady(count: int) -> Ints:
        return np.full(count, 80, np.int64)

    singles = values.astype(np.float32).astype(np.float64)
    floats = to_resolution(singles.ravel()).reshape(singles.shape)
    print(f"disk     {len(names)} series, one reading a minute; bytes a reading after tidy")
    year = _on_disk(names, values, 365, jitter)
    print(f"         a year, tidied every fifth day: file {year[0]:.2f}, in use {year[1]:.2f}")
    for what, kind, delay in (
        ("received up to 0.4 s later", values, jitter),
        ("received always 80 ms later", values, steady),
        ("values of float32 registers", floats, jitter),
    ):
        print(f"         a month, {what}: in use {_on_disk(names, kind, 30, delay)[1]:.2f}")


def _weeks(catalogue: Catalogue) -> tuple[tuple[str, ...], Floats]:
    """Series of three stations, and four weeks of their values a minute apart."""
    places = list(catalogue.stations.values())[:3]
    pairs = [(place, code) for place in places for code in catalogue.plans[place.id]]
    values = [
        [round(nature.value(1, place, code, T0_MS + i * MINUTE_MS), 4) for place, code in pairs]
        for i in range(28 * DAY)
    ]
    return tuple(f"{place.id}/{code}" for place, code in pairs), np.array(values)


def _on_disk(
    names: tuple[str, ...], values: Floats, days: int, delay: Callable[[int], Ints]
) -> tuple[float, float]:
    """Bytes of the file, and of the blocks in use, a reading."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "readings.duckdb"
        store = DuckDBStore(path)
        for day in range(days):
            minutes = np.arange(day * DAY, (day + 1) * DAY)
            rows = values[minutes % len(values)]
            columns = _columns(names, T0_MS + minutes * MINUTE_MS, rows, delay(rows.size))
            store.append(day + 1, columns)
            if day % 5 == 4 or day == days - 1:
                store.tidy()
        store.close()
        size, readings = path.stat().st_size, days * DAY * len(names)
        with duckdb.connect(str(path)) as db:
            query = "select used_blocks * block_size from pragma_database_size()"
            ((used,),) = db.execute(query).fetchall()
    return size / readings, used / readings


def memory(catalogue: Catalogue, readings: int) -> None:
    """Backlog through intake, journal and store, without a broker; the resident set at every
    tenth. The journal lets go of what is stored, and the ledger is written down, as in the core.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        store, journal = DuckDBStore(folder / "readings.duckdb"), Journal(folder / "journal")
        letters = DeadLetters(folder / "letters.sqlite")
        for part in (store, journal, letters):
            stack.callback(part.close)
        ledger = SequenceLedger.rebuilt(journal)
        committer = Committer(Intake(catalogue, ledger, letters), journal, ledger, now_ms)
        store_writer = StoreWriter(journal, store, letters, catalogue.site.id)
        print(f"memory   {_resident():6.0f} MB before")
        kept, tenths = 0, 0
        for messages in _rounds(catalogue, readings):
            kept += len(committer.take(messages).columns)
            store_writer.step()
            while kept * 10 >= readings * (tenths + 1):
                tenths += 1
                journal.forget(min(committer.keep_ledger(folder / "ledger"), store.position()))
                print(f"         {_resident():6.0f} MB after {kept:,} readings", flush=True)


def _rounds(catalogue: Catalogue, readings: int) -> Iterator[list[Message]]:
    """A batch of every station, again and again; samples lie a second apart, the last just now."""
    each = sum(map(len, catalogue.plans.values())) * BATCH
    count = -(-readings // each)
    begin, boot = now_ms() - count * BATCH * 1000, "dd" * 16
    for turn in range(count):
        first, round_ = turn * BATCH + 1, list[Message]()
        for station, codes in catalogue.plans.items():
            rows = [
                Numbered(
                    boot,
                    seq,
                    Sample(
                        begin + seq * 1000,
                        Clock.SYNCHRONISED,
                        {code: Measured(7 + seq % 97 / 100, Cause.NORMAL) for code in codes},
                    ),
                )
                for seq in range(first, first + BATCH)
            ]
            topic = topics.history_topic(
                catalogue.site.id, station, boot, first, first + BATCH - 1
            )
            body = wire.encode_history(rows, oldest=first, sent_ms=begin)
            round_.append(Message(topic, body))
        yield round_


def _resident() -> float:
    """MB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
