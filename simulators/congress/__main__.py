"""Write a congress that is not there into a file.

    python -m simulators.congress --seed N [--years 4] --out FILE.jsonl

A line for each unit, deputy and suggestion, told apart by ``kind``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from simulators.congress.records import Congress
from simulators.congress.simulation import simulate


def lines(congress: Congress) -> Iterator[bytes]:
    """A line of JSON for each thing, without its end."""
    kinds = (
        ("unit", congress.units),
        ("deputy", congress.deputies),
        ("suggestion", congress.suggestions),
    )
    for kind, rows in kinds:
        for row in rows:
            yield msgspec.json.encode({"kind": kind, **msgspec.to_builtins(row)})


def main() -> int:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulators.congress", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--years", type=int, default=4, choices=range(1, 11), metavar="1-10")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with given.out.open("wb") as file:
        file.writelines(line + b"\n" for line in lines(simulate(given.seed, given.years)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
