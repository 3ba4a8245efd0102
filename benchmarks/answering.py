"""How long a question to the state database takes: by the clock, and the processor time of this
process with that of the PostgreSQL process that answers it, which other work on the machine
stretches less.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from ingest.state.database import State

PARTS = ("p50", "p95", "cpu_p50", "cpu_p95")


def timed(state: State, ask: Callable[[], object], rounds: int) -> dict[str, float]:
    """Milliseconds of a question: the parts by name. One thread asks, on one connection; the first
    time is left out, as it makes the statement, once in the life of a process.
    """
    backend = _backend(state)
    ask()
    gc.collect()
    gc.freeze()  # as the centre does once it has started
    clock, processor = [], []
    for _ in range(rounds):
        begun, begun_cpu = time.perf_counter(), time.process_time() + _on_processor_s(backend)
        ask()
        processor.append((time.process_time() + _on_processor_s(backend) - begun_cpu) * 1000)
        clock.append((time.perf_counter() - begun) * 1000)
    return {
        "p50": median(clock),
        "p95": quantiles(clock, n=20)[-1],
        "cpu_p50": median(processor),
        "cpu_p95": quantiles(processor, n=20)[-1],
    }


def _backend(state: State) -> int | None:
    """The process that answers; None: this one."""
    if state.engine.dialect.name != "postgresql":
        return None
    with state.read() as connection:
        return int(connection.exec_driver_sql("select pg_backend_pid()").scalar_one())


def _on_processor_s(process: int | None) -> float:
    if process is None:
        return 0.0
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
