"""Write a treasury that is not there into a folder.

    python -m simulators.treasury DIR --seed N [--years 5] [--payments 200000]

A CSV file for each table, ``labels.json`` with the planted faults and their look-alikes, and a
folder ``published`` with the tables that departments publish.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulators.treasury.published.files import write_published
from simulators.treasury.simulation import treasury
from simulators.treasury.writing import write


def main() -> int:
    """Write the folder that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulators.treasury", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--years", type=int, default=5, choices=range(3, 7), metavar="3-6")
    parser.add_argument("--payments", type=int, default=200_000)
    given = parser.parse_args()
    made = treasury(given.seed, given.years, given.payments)
    write(made, given.folder)
    write_published(made.published, given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
