"""A benchmark of this checkout and of another commit in turn, and the median ratio of each figure.

    python -m benchmarks.pairs [--pairs N] COMMIT NAME [ARGUMENT ...]

The other commit stands in ``build/pairs`` as a work tree with an environment of its own, which the
next call finds there. Beside it this checkout's benchmark runs against the other commit's product:
so both measure the same. Where it cannot be imported there, the other commit's own benchmark runs,
which must end with a line of figures too. The two take turns at going first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import report, reported

ROOT = Path(__file__).absolute().parents[1]
CACHE = ROOT / "build" / "pairs"


class Checkout(NamedTuple):
    """A product, and the folder whose benchmarks are run against it."""

    name: str
    python: str
    product: Path
    benchmarks: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its Python; the benchmarks' folder is searched first, then the product's."""
        environment = os.environ | {"PYTHONPATH": str(self.product)}
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.benchmarks,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def measured(self, name: str, arguments: Sequence[str]) -> dict[str, float]:
        """The figures of one run of a benchmark."""
        ended = self.run("-m", f"benchmarks.{name}", *arguments)
        try:
            figures = reported(ended.stdout)
        except (ValueError, TypeError):
            figures = {}
        if ended.returncode or not figures:
            raise SystemExit(f"{self.name} gave no figures:\n{ended.stdout}{ended.stderr}")
        print(f"  {self.name:12} {figures}", flush=True)
        return figures


def main() -> None:
    """Print the figures of each pair and, as the last line, the median ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("commit", help="the other commit")
    parser.add_argument("name", help="of the benchmark, such as ingest")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the benchmark")
    asked = parser.parse_args()
    sides = (Checkout("this", sys.executable, ROOT, ROOT), _other(asked.commit, asked.name))
    ratios: dict[str, list[float]] = {}
    for number in range(asked.pairs):
        print(f"pair {number + 1}", flush=True)
        found = {
            side.name: side.measured(asked.name, asked.arguments)
            for side in (sides if number % 2 == 0 else sides[::-1])
        }
        ours, theirs = (found[side.name] for side in sides)
        for figure in ours.keys() & theirs.keys():
            if theirs[figure]:
                ratios.setdefault(figure, []).append(ours[figure] / theirs[figure])
    print(f"median of this over {sides[1].name}, of {asked.pairs} pairs")
    report({figure: statistics.median(of) for figure, of in sorted(ratios.items())})


def _other(commit: str, name: str) -> Checkout:
    """Another commit, ready to be measured."""
    digest = _git("rev-parse", "--verify", f"{commit}^{{commit}}")
    product = CACHE / digest[:12]
    if not product.exists():
        _git("worktree", "prune")
        _git("worktree", "add", "--detach", str(product), digest)
    subprocess.run([ROOT / "scripts" / "venv.sh", ".venv", "dev"], cwd=product, check=True)
    shared = CACHE / "this"
    shared.mkdir(exist_ok=True)
    link = shared / "benchmarks"
    if not link.exists():
        link.symlink_to(ROOT / "benchmarks")
    python = str(product / ".venv" / "bin" / "python")
    both = Checkout(digest[:12], python, product, shared)
    if both.run("-c", f"import benchmarks.{name}").returncode == 0:
        return both
    print(f"this benchmark does not fit {digest[:12]}; its own runs there")
    return both._replace(benchmarks=product)


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["/usr/bin/git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
