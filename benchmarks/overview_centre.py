"""A centre of many stations and alerts as a process of its own, for benchmarks.pages.

    python -m benchmarks.overview_centre STATIONS ALERTS PORT

It prints its address when its pages answer, and ends with its input.
"""

from __future__ import annotations

import sys

from scripts.months import months

DAYS, CADENCE_MS = 3, 300_000
"""The overview judges the newest hours; five minutes are the pace in service."""
CODES = ("w01001", "w01009", "w21003", "w21011", "w01019", "a34004", "a34002", "a05024")


def main() -> None:
    """Serve until nobody listens any more."""
    stations, alerts, port = (int(of) for of in sys.argv[1:4])
    with months(port, DAYS, CADENCE_MS, CODES, stations, alerts) as address:
        print(address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
