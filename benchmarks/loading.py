"""How long a million payments on their way into the state database keep writers of alerts waiting.

    python -m benchmarks.loading [--rows N] [--state sqlite|postgresql]

A CSV of N made-up payments is checked, loaded, loaded again and withdrawn, in a database of its
own. Meanwhile somebody writes a row of the audit every 5 ms, and the time until it is committed is
taken; first of all while nothing is loaded (alone). Fails where anybody waited longer than 0.2 s.
"""

from __future__ import annotations

import argparse
import gc
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from api import audit
from api import tables as account_tables
from api.audit import Actor
from api.imports import tables
from api.imports.contents import Contents
from api.imports.loading import checker, loader
from api.imports.loading.parts import Parts
from api.imports.reading import matching
from api.imports.reading.opened import opened
from api.imports.records import Load
from benchmarks.figures import report
from config.settings import Settings
from ingest.state.database import State, open_state
from tests.api.toy import notes
from tests.api.toy.payments import PAYMENTS
from tests.conftest import Postgres

MOST_WAITED_MS = 200.0
ALONE_S = 15.0
OFFICER = Actor("bench")
HEAD = "支付凭证号,预算单位,收款人全称,支付日期,支付金额\n"


def main() -> int:
    """Print how long each step took, and the longest wait; 1 where it was too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--state", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, made(asked.state, Path(folder)) as state:
        state.migrate([account_tables.MIGRATIONS, tables.MIGRATIONS, notes.MIGRATIONS])
        contents, kinds = Contents(Path(folder) / "imports"), {PAYMENTS.name: PAYMENTS}
        parts = Parts(state, contents, now_ms, kinds)
        longest = 0.0
        for name, work in _steps(parts, asked.rows):
            waits: list[float] = []
            with somebody_writes(state, waits):
                begun_s = time.monotonic()
                work()
                took_s = time.monotonic() - begun_s
            longest = max(longest, *waits)
            figures |= _of_step(asked.state, name, took_s, sorted(waits))
        figures["held_ms"] = state.holds.longest_ms
        held = state.holds
        print(f"longest transaction {held.longest_ms:.1f} ms, {held.over} over 100 ms")
    report(figures)
    return int(longest > MOST_WAITED_MS)


def _of_step(state: str, name: str, took_s: float, waits: Sequence[float]) -> dict[str, float]:
    most = waits[int(len(waits) * 0.999)]
    print(
        f"{state} {name:8} {took_s:7.1f} s; of {len(waits):,} writers 99.9 % waited at most"
        f" {most:6.1f} ms, the longest {waits[-1]:6.1f} ms",
        flush=True,
    )
    return {f"{name}_s": took_s, f"{name}_wait_ms": waits[-1], f"{name}_most_wait_ms": most}


def _steps(parts: Parts, rows: int) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "alone", lambda: time.sleep(ALONE_S)
    first = _sent(parts, rows)
    yield "check", lambda: checker.check_rows(parts, _claimed(parts, first))
    waiting = parts.contents.folder / "again"
    shutil.copy(parts.rows_of(first.id), waiting)
    yield "load", lambda: _load(parts, first)
    again = _sent(parts, rows)
    waiting.rename(parts.rows_of(again.id))
    with parts.state.begin() as connection:
        parts.loads.move(connection, again.id, ("draft",), "checked", rows=rows)
    yield "again", lambda: _load(parts, again)
    assert _now(parts, again.id).state == "unchanged"
    yield "withdraw", lambda: loader.withdraw(parts, _now(parts, first.id), "bench", OFFICER)


def _sent(parts: Parts, rows: int) -> Load:
    stored = parts.contents.kept(_csv(rows))
    with parts.state.begin() as connection:
        load_id = parts.loads.add(
            connection, kind=PAYMENTS.name, source="bench", file="bench.csv",
            sha256=stored.sha256, size=stored.size, by=OFFICER.who, at_ms=now_ms(),
        )  # fmt: skip
    return _now(parts, load_id)


def _claimed(parts: Parts, load: Load) -> Load:
    file = opened(parts.contents.path(load.sha256), load.file)
    found = matching.matches(PAYMENTS, file.columns, None, {})
    return checker.claim(
        parts, load, matching.mapping_of(found, file.sheet, file.header, {}), OFFICER
    )


def _load(parts: Parts, load: Load) -> None:
    loader.load_rows(parts, loader.claim(parts, _now(parts, load.id), OFFICER), OFFICER)


def _now(parts: Parts, load_id: int) -> Load:
    found = parts.loads.one(load_id)
    assert found is not None
    return found


def _csv(rows: int) -> Iterator[bytes]:
    """The same rows each time, a thousand at once."""
    chance, first = random.Random(1), date(2026, 1, 1)  # noqa: S311 - made-up rows
    yield HEAD.encode()
    lines = []
    for number in range(rows):
        day = first + timedelta(days=chance.randrange(365))
        fen = chance.randrange(1, 10**8)
        unit, payee = chance.randrange(80), chance.randrange(3000)
        amount = f"{fen // 100}.{fen % 100:02}"
        lines.append(f"{number:012},预算单位{unit},收款人{payee}有限公司,{day},{amount}\n")
        if len(lines) == 1000:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def now_ms() -> int:
    """UTC epoch ms."""
    return time.time_ns() // 1_000_000


@contextmanager
def made(kind: str, folder: Path) -> Iterator[State]:
    """A state database of a kind, without tables."""
    if kind == "sqlite":
        state = open_state(Settings(data_dir=folder))
        yield state
        state.close()
        return
    server = Postgres()
    server.start()
    try:
        state = open_state(Settings(data_dir=folder, state_url=server.database()))
        yield state
        state.close()
    finally:
        server.remove()


@contextmanager
def somebody_writes(state: State, waits: list[float]) -> Iterator[None]:
    """A small transaction every 5 ms meanwhile; ``waits`` gets each one's time in ms. Objects made
    before are frozen, as the centre does once it has started.
    """
    over = threading.Event()
    gc.collect()
    gc.freeze()

    def write() -> None:
        while True:
            begun_s = time.monotonic()
            with state.begin() as connection:
                audit.record(
                    connection, by=OFFICER, action="try", subject="", detail="{}", at_ms=now_ms()
                )
            waits.append((time.monotonic() - begun_s) * 1000)
            if over.wait(0.005):
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
