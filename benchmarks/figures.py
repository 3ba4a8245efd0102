"""Figures of a benchmark, in one line that ``benchmarks.pairs`` reads, and processor time."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping


class Processor:
    """Processor time of this process since it was made or begun again: user and system, of all
    its threads, those of libraries too; not of processes that it started.
    """

    def __init__(self) -> None:
        self._begun_s = time.process_time()

    def begin(self) -> None:
        """Count from now on."""
        self._begun_s = time.process_time()

    def ms_per_thousand(self, readings: int) -> float:
        """Milliseconds per 1,000 readings."""
        return (time.process_time() - self._begun_s) * 1_000_000 / readings


def report(figures: Mapping[str, float]) -> None:
    """Print figures by name as one line of JSON: the last line of a benchmark."""
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}), flush=True)


def reported(output: str) -> dict[str, float]:
    """The figures in what a benchmark printed.

    Raises:
        ValueError: its last line is not one of figures.
        TypeError: the same, though it is JSON.
    """
    last = output.rstrip().rpartition("\n")[2]
    figures = json.loads(last)
    return {name: float(value) for name, value in dict(figures).items()}
