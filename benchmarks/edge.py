"""The edge agent beside what it is made of, measured in the same run.

    python -m benchmarks.edge [--section NAME]

Section "spool": samples kept one by one and drained in batches, beside bare SQLite that writes and
reads the same bytes in the same mode.

Section "modbus": every indicator as a value of one instrument, in groups with holes between them,
polled and decoded by the agent, beside bare pymodbus that reads the same registers value by value,
and in the best grouping by hand, without decoding. The instrument is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pymodbus.client import ModbusTcpClient

from benchmarks.figures import Processor, report
from config.catalogue.shapes import Instrument, Placement, Register
from config.vocabulary import bounds, wire
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from simulators import instruments, lines

try:
    from edge_agent.modbus.polling import Device, Line
    from edge_agent.spool.body import encode
    from edge_agent.spool.spool import Spool
except ModuleNotFoundError:  # benchmarks.pairs runs this beside older commits too
    from edge_agent.spool_body import encode

    from edge_agent.modbus import Device, Line
    from edge_agent.spool import Spool

SAMPLES, ROUNDS = 2000, 5
CODES = tuple(INDICATORS)[:12]
T0_MS = 1_790_000_000_000


class Pace(NamedTuple):
    """Things a second, and processor time of a thousand of them in ms."""

    a_second: float
    cpu_ms: float


def main() -> None:
    """Print each section's figures with its ratios and, as the last line, all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, action="append")
    figures: dict[str, float] = {}
    for section in parser.parse_args().section or SECTIONS:
        figures |= SECTIONS[section]()
    report(figures)


def _medians(rounds: Sequence[Sequence[Pace]]) -> list[Pace]:
    """Of each column of the rounds."""
    return [
        Pace(*(statistics.median(part) for part in zip(*column, strict=True)))
        for column in zip(*rounds, strict=True)
    ]


def spool() -> dict[str, float]:
    """A sample of twelve indicators a commit, synchronous FULL; drained in the wire's batches."""
    keeping, bare_keeping, draining, bare_draining = _medians(
        [_spool_round() for _ in range(ROUNDS)]
    )
    writes, bare_writes = keeping.a_second, bare_keeping.a_second
    drains, bare_drains = draining.a_second, bare_draining.a_second
    print(f"spool    keeps {writes:9,.0f} samples/s, bare SQLite {bare_writes:9,.0f}")
    print(f"         drains {drains:8,.0f} samples/s, bare SQLite {bare_drains:9,.0f}")
    print(f"ratio keeps {writes / bare_writes:.2f} drains {drains / bare_drains:.2f}")
    return {
        "kept_a_second": writes,
        "kept_cpu_ms_per_1000": keeping.cpu_ms,
        "kept_ratio": writes / bare_writes,
        "drained_a_second": drains,
        "drained_cpu_ms_per_1000": draining.cpu_ms,
        "drained_ratio": drains / bare_drains,
    }


def _spool_round() -> tuple[Pace, Pace, Pace, Pace]:
    """Of samples: kept by the spool, by bare SQLite; drained by the spool, by bare SQLite."""
    samples = [_sample(T0_MS + index * 60_000) for index in range(SAMPLES)]
    with tempfile.TemporaryDirectory() as folder:
        kept = Spool(Path(folder) / "spool.sqlite")
        bare = Bare(Path(folder) / "bare.sqlite")
        with closing(kept), closing(bare):
            return (
                _pace(lambda: [kept.append(sample) for sample in samples], SAMPLES),
                _pace(lambda: [bare.write(sample) for sample in samples], SAMPLES),
                _pace(lambda: _drain(kept), SAMPLES),
                _pace(bare.drain, SAMPLES),
            )


def _sample(taken_ms: int) -> Sample:
    readings = {
        code: Measured(round(placement + taken_ms % 997 / 1000, 4), Cause.NORMAL)
        for placement, code in enumerate(CODES)
    }
    return Sample(taken_ms, Clock.SYNCHRONISED, readings)


def _pace(work: Callable[[], object], count: int) -> Pace:
    processor, begun = Processor(), time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    return Pace(count / seconds, processor.ms_per_thousand(count))


def _drain(kept: Spool) -> None:
    """As the uplink does: read and decode, encode for the wire, forget."""
    while rows := kept.backlog(kept.boot, 0, kept.last, bounds.HISTORY_SAMPLES):
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
        self._db.execute("insert into row (body) values (?)", (encode("", 0, sample),))

    def drain(self) -> None:
        """Read and delete in batches of the same size."""
        query = "select seq, body from row order by seq limit ?"
        while rows := self._db.execute(query, (bounds.HISTORY_SAMPLES,)).fetchall():
            span = (rows[0][0], rows[-1][0])
            self._db.execute("delete from row where seq between ? and ?", span)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def modbus() -> dict[str, float]:
    """Registers a second of the three, over Modbus TCP on this machine."""
    placement = Placement("bench", 1, "127.0.0.1", 15_998)
    server = multiprocessing.get_context("fork").Process(
        target=_serve, args=(placement,), daemon=True
    )
    server.start()
    try:
        device = Device(Line(placement), placement, MAKE, time.monotonic)
        bare = ModbusTcpClient(placement.host, port=placement.port)
        _until_answered(bare)
        rounds = [_modbus_round(device, bare) for _ in range(ROUNDS)]
        bare.close()
    finally:
        server.terminate()
        server.join()
    agent, *others = _medians(rounds)
    ours, (single, grouped) = agent.a_second, (one.a_second for one in others)
    print(f"modbus   agent, grouped and decoded {ours:9,.0f} registers/s")
    print(f"         pymodbus by hand-made groups {grouped:7,.0f}, value by value {single:7,.0f}")
    print(f"ratio hand-made {ours / grouped:.2f} value by value {ours / single:.1f}")
    return {
        "polled_a_second": ours,
        "polled_cpu_ms_per_1000": agent.cpu_ms,
        "polled_ratio": ours / grouped,
    }


ADDRESSES = tuple(address for block in (0, 60, 130) for address in range(block, block + 28, 2))
"""Three groups of float32 values, too far apart to be read over the holes between them."""
GROUPS = ((0, 28), (60, 28), (130, 28))
MAKE = Instrument(
    "bench", "Make", "Model", "holding", 0, "ABCD",
    [Register(code, at, "float32") for code, at in zip(INDICATORS, ADDRESSES, strict=False)],
)  # fmt: skip
POLLS = 200


def _serve(placement: Placement) -> None:
    async def serve() -> None:
        await lines.serve(placement, [instruments.device(placement, MAKE, lambda _: 8.0)])
        await asyncio.Event().wait()

    asyncio.run(serve())


def _until_answered(bare: ModbusTcpClient) -> None:
    deadline = time.monotonic() + 20
    while not bare.connect():
        if time.monotonic() > deadline:
            raise SystemExit("the instrument does not come up")
        time.sleep(0.1)


def _modbus_round(device: Device, bare: ModbusTcpClient) -> tuple[Pace, Pace, Pace]:
    """Of registers: the agent, value by value, in groups by hand."""
    calm, wanted = threading.Event(), 2 * len(MAKE.registers)
    last = MAKE.registers[-1].address + 2
    groups = [(first, min(count, last - first)) for first, count in GROUPS if first < last]

    def polls() -> None:
        for _ in range(POLLS):
            if any(one.value is None for one in device.poll(calm).values()):
                raise SystemExit("the instrument does not answer the agent")

    def reads(spans: Sequence[tuple[int, int]]) -> None:
        for _ in range(POLLS):
            for first, count in spans:
                if bare.read_holding_registers(first, count=count, device_id=1).isError():
                    raise SystemExit("the instrument does not answer pymodbus")

    single = [(register.address, 2) for register in MAKE.registers]
    count = wanted * POLLS
    return (
        _pace(polls, count),
        _pace(lambda: reads(single), count),
        _pace(lambda: reads(groups), count),
    )


SECTIONS = {"spool": spool, "modbus": modbus}

if __name__ == "__main__":
    main()
