"""Write normative documents that are not there into a folder.

    python -m simulators.documents DIR --seed N [--documents 80]

A Markdown or Word file for each document, ``earlier/`` with versions that some replaced,
``versions.json`` telling how their articles went on, and ``labels.json`` with the planted faults
and their look-alikes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulators.documents.simulation import library
from simulators.documents.writing import write


def main() -> int:
    """Write the folder that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m simulators.documents", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--documents", type=int, default=80)
    given = parser.parse_args()
    write(library(given.seed, given.documents), given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
