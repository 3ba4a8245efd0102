"""Write three years of judicial figures that are not there into a folder.

    python -m simulators.judicial DIR --seed N

A sheet (xlsx or CSV) for each body and month, ``hearings.csv``, ``trials.csv``, ``letters.csv``,
and ``labels.json`` with the planted faults and what seems one.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulators.judicial.simulation import judicial
from simulators.judicial.writing import write


def main() -> int:
    """Write the folder that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulators.judicial", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    write(judicial(given.seed), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
