"""How long the heavy tasks of a centre keep other writers of its state database waiting.

    python -m benchmarks.state [--alerts N]

In a data directory of its own, on SQLite: N alerts come and go, live; one decision takes all of
them back; quality control says as much of the past; 10,000 spans are let go of; N rows of the
audit are chained. Beside each task a person acknowledges, again and again, and the time of that is
taken too. Fails where a transaction lasts longer than the limit of the product (100 ms).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from api import audit
from api import tables as account_tables
from api.audit_chain import links
from benchmarks.figures import report
from config.catalogue import loading
from config.settings import DISTRICTS
from config.vocabulary.quality import Cause, Quality
from ingest.annotations.findings import Finding, Judgement
from ingest.state.database import MOST_HELD_MS, Holds, State
from tests.alerting.conftest import SERIES, T0, RunningCentre

SPANS = 10_000


def main() -> int:
    """Print the longest of each task; 1 where one is too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=500)
    alerts = parser.parse_args().alerts
    district = DISTRICTS / "tongzhou"
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        centre = RunningCentre(Path(folder), district, loading.load(district))
        centre.state.migrate([account_tables.MIGRATIONS])
        for name, task in _tasks(centre, alerts):
            centre.state.holds = Holds()
            waits: list[float] = []
            with _somebody_acknowledges(centre.state, waits):
                task()
            longest = figures[f"{name}_ms"] = centre.state.holds.longest_ms
            figures[f"{name}_wait_ms"] = max(waits)
            print(f"{name:8} longest {longest:6.1f} ms, a person waited {max(waits):6.1f} ms")
        centre.close()
    report(figures)
    return int(any(of > MOST_HELD_MS for name, of in figures.items() if "wait" not in name))


def _tasks(centre: RunningCentre, alerts: int) -> Iterator[tuple[str, Callable[[], None]]]:
    for at_s in range(0, alerts * 100, 100):
        centre.measured(at_s, at_s + 20, 1.5, imported=True)
        centre.measured(at_s + 20, at_s + 100, 0.3, imported=True)
    yield "live", centre.settle
    centre.keep()
    centre.decide(0, alerts * 100, value=0.2)
    yield "amend", centre.settle
    yield "findings", lambda: _say(centre)
    yield "drop", lambda: centre.findings.drop_before(T0 * 2)
    with centre.state.begin() as connection:
        for row in range(alerts):
            audit.record(
                connection,
                by=audit.Actor("x"),
                action="try",
                subject=str(row),
                detail="{}",
                at_ms=T0,
            )
    yield "audit", lambda: _chain(centre.state)


def _say(centre: RunningCentre) -> None:
    rows = [
        Finding(SERIES, 1, T0 + at * 1000, T0 + at * 1000 + 500, Quality.BAD, Cause.FAULT, T0)
        for at in range(SPANS)
    ]
    a_time = SPANS // 100
    centre.findings.say(
        [
            Judgement(SERIES, 1, some[0].from_ms, some[-1].to_ms, tuple(some), T0)
            for some in (rows[begin : begin + a_time] for begin in range(0, SPANS, a_time))
        ]
    )


def _chain(state: State) -> None:
    while links.chain(state, b"k" * 32):
        pass


@contextmanager
def _somebody_acknowledges(state: State, waits: list[float]) -> Iterator[None]:
    """A small transaction every 5 ms, with its time in ms."""
    over = threading.Event()

    def acknowledge() -> None:
        while True:
            begun_s = time.monotonic()
            with state.begin() as connection:
                connection.exec_driver_sql("update engine set n = n where id = 1")
            waits.append((time.monotonic() - begun_s) * 1000)
            if over.wait(0.005):
                return

    thread = threading.Thread(target=acknowledge)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
