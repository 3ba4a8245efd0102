"""How well checks of documents find planted faults, and how many clauses of laws they flag.

``python -m benchmarks.documents DIR [--laws DIR] [--on YYYY-MM-DD]``: ``DIR`` holds documents and
``labels.json`` with ``file``, ``kind``, ``article``, ``words`` and ``innocent`` of each label, as
``simulators.documents`` writes them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from documents.checks.clauses import clauses
from documents.checks.documents import load as load_checks
from documents.checks.engine import run
from documents.checks.records import Hit
from documents.laws.table import Table
from documents.laws.table import load as load_laws
from documents.text.reading import read

CHECKS: Mapping[str, str] = {
    "sets-penalty": "penalty",
    "sets-licence": "licence",
    "sets-compulsion": "compulsion",
    "charges": "charge",
    "proof-demand": "proof",
    "market-limit": "market",
    "cuts-rights": "rights",
    "cites-repealed": "repealed-law",
    "cites-older-version": "older-version",
    "cites-missing-article": "missing-article",
    "cites-vague": "vague-basis",
    "validity-missing": "validity-missing",
    "validity-too-long": "validity-over",
    "validity-expired": "validity-expired",
    "date-missing": "date-missing",
    "date-impossible": "date-impossible",
    "in-force-before-published": "force-before-published",
    "in-force-too-soon": "force-too-soon",
    "identity-differs": "identity",
    "own-article-missing": "own-article",
}
"""The check that answers a kind of label."""


def main() -> None:
    """Print recall and precision of each check, and the share of the laws' clauses it flags."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 12, 1))
    parser.add_argument(
        "--shown", default="", help="check whose misses and false alarms are shown"
    )
    given = parser.parse_args()
    table = load_laws(given.laws)
    if given.folder:
        _planted(given.folder, table, given.on, given.shown)
    if given.laws:
        _laws(given.laws, table, given.on)


def _planted(folder: Path, table: Table, on: date, shown: str) -> None:
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    faults = [of for of in _rows(labels) if not of.get("innocent")]
    by_file = defaultdict(list)
    for label in faults:
        by_file[label["file"]].append(label)
    names = sorted({of["file"] for of in _rows(labels)})
    found, missed, false = Counter[str](), Counter[str](), Counter[str]()
    checks = load_checks()
    for name in names:
        hits = [of for of in run(read(folder / name), checks, table, on) if of.excluded is None]
        for label in by_file[name]:
            if any(_answers(hit, label) for hit in hits):
                found[label["kind"]] += 1
            else:
                missed[label["kind"]] += 1
                _show(
                    shown, CHECKS[label["kind"]], "MISSED", name, label["article"], label["words"]
                )
        for hit in hits:
            if not any(_answers(hit, label) for label in by_file[name]):
                false[hit.check] += 1
                _show(shown, hit.check, "FALSE", name, hit.label, hit.words)
    for kind, check in CHECKS.items():
        print(_line(kind, found[kind], missed[kind], false[check]))


def _rows(labels: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = labels["labels"] if isinstance(labels, dict) else labels
    return rows


def _show(shown: str, kind: str, *of: object) -> None:
    if shown in {kind, "all"}:
        print(kind, *of)


def _line(kind: str, found: int, missed: int, wrong: int) -> str:
    recall = f"{found / (found + missed):.2f}" if found + missed else "-"
    precision = f"{found / (found + wrong):.2f}" if found + wrong else "-"
    return (
        f"{kind:26} recall {recall} of {found + missed:3}  precision {precision} ({wrong} false)"
    )


def _answers(hit: Hit, label: Mapping[str, Any]) -> bool:
    """The same kind of fault in the same article; of the whole document, wherever it is said."""
    if hit.check != CHECKS[label["kind"]]:
        return False
    within = label["article"] or ""
    return not within.startswith("第") or not hit.label or hit.label == within


def _laws(folder: Path, table: Table, on: date) -> None:
    """Laws may set what they set: the share shows how much a check says of a text that may."""
    checks = [of for of in load_checks() if of.kind == "wording"]
    flagged, excused, total = Counter[str](), Counter[str](), 0
    for path in _files(folder):
        document = read(path)
        total += len(clauses(document))
        for hit in run(document, checks, table, on):
            (flagged if hit.excluded is None else excused)[hit.check] += 1
    print(f"{total} clauses of laws")
    for check in checks:
        share = flagged[check.id] / total
        print(f"{check.id:28} {share:6.2%} flagged, {excused[check.id]} excused")


def _files(folder: Path) -> Iterator[Path]:
    files: Iterable[Path] = folder.iterdir()
    yield from sorted(of for of in files if of.suffix in {".md", ".txt", ".docx", ".pdf"})


if __name__ == "__main__":
    main()
