"""The edge agent beside what it is made of, measured in the same run.

    python -m benchmarks.edge [--section NAME]

Section "spool": samples kept one by one and drained in batches, beside bare SQLite that writes and
reads the same bytes in the same mode.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from config.vocabulary import wire
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool import Spool
from edge_agent.spool_body import encode

SAMPLES, ROUNDS = 2000, 5
CODES = tuple(INDICATORS)[:12]
T0_MS = 1_790_000_000_000


def main() -> None:
    """Print each section's figures; ratios stand in its last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, action="append")
    for section in parser.parse_args().section or SECTIONS:
        SECTIONS[section]()


def spool() -> None:
    """A sample of twelve indicators a commit, synchronous FULL; drained in the wire's batches."""
    rounds = [_spool_round() for _ in range(ROUNDS)]
    writes, bare_writes, drains, bare_drains = (
        statistics.median(column) for column in zip(*rounds, strict=True)
    )
    print(f"spool    keeps {writes:9,.0f} samples/s, bare SQLite {bare_writes:9,.0f}")
    print(f"         drains {drains:8,.0f} samples/s, bare SQLite {bare_drains:9,.0f}")
    print(f"ratio keeps {writes / bare_writes:.2f} drains {drains / bare_drains:.2f}")


def _spool_round() -> tuple[float, float, float, float]:
    """Samples a second: kept and drained by the spool, written and drained by bare SQLite."""
    samples = [_sample(T0_MS + index * 60_000) for index in range(SAMPLES)]
    with tempfile.TemporaryDirectory() as folder:
        kept = Spool(Path(folder) / "spool.sqlite")
        bare = Bare(Path(folder) / "bare.sqlite")
        with closing(kept), closing(bare):
            return (
                _pace(lambda: [kept.append(sample) for sample in samples]),
                _pace(lambda: [bare.write(sample) for sample in samples]),
                _pace(lambda: _drain(kept)),
                _pace(bare.drain),
            )


def _sample(taken_ms: int) -> Sample:
    readings = {
        code: Measured(round(place + taken_ms % 997 / 1000, 4), Cause.NORMAL)
        for place, code in enumerate(CODES)
    }
    return Sample(taken_ms, Clock.SYNCHRONISED, readings)


def _pace(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return SAMPLES / (time.perf_counter() - begun)


def _drain(kept: Spool) -> None:
    """As the uplink does: read and decode, encode for the wire, forget."""
    while rows := kept.backlog(kept.boot, 0, kept.last, wire.HISTORY_SAMPLES):
        wire.encode_history(rows, oldest=rows[0].seq, sent_ms=T0_MS)
        kept.forget(kept.boot, [(rows[0].seq, rows[-1].seq)])


class Bare:
    """A table of number and bytes, and nothing that is not needed for it."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        self._db.execute("create table row (seq integer primary key, body blob)")

    def write(self, sample: Sample) -> None:
        """A commit of its own."""
        self._db.execute("insert into row (body) values (?)", (encode(sample),))

    def drain(self) -> None:
        """Read and delete in batches of the same size."""
        query = "select seq, body from row order by seq limit ?"
        while rows := self._db.execute(query, (wire.HISTORY_SAMPLES,)).fetchall():
            span = (rows[0][0], rows[-1][0])
            self._db.execute("delete from row where seq between ? and ?", span)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


SECTIONS = {"spool": spool}

if __name__ == "__main__":
    main()
