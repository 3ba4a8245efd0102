"""`qingyuan deadletters`: refusals listed, mended and replayed."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.vocabulary.errors import Refused
from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from ingest.journal.deadletters import DeadLetters
    from ingest.journal.refusal import Refusal
from config.vocabulary.refusals import Reason
from qingyuan.maintenance.replay import one


def run(argv: list[str]) -> int:
    """List and show; replay also while the centre runs. 1: refused again."""
    from ingest.journal.deadletters import DeadLetters
    from qingyuan.maintenance import tasks

    given = _parser().parse_args(argv)
    settings = configured(given)
    path = settings.data_dir / "deadletters.sqlite"
    if not path.is_file():
        raise Refused(str(path), "is not there", "name the centre's data directory with --data")
    if given.verb == "replay":
        body = given.body.read_bytes().decode() if given.body else None
        options = {"ids": given.id, "body": body, "station": given.station}
        return tasks.run("replay", options, settings)
    deadletters = DeadLetters(path)
    try:
        if given.verb == "list":
            return _list(deadletters, given)
        _show(one(deadletters, given.id[0]))
        return 0
    finally:
        deadletters.close()


def _parser() -> Parser:
    parser = Parser("qingyuan deadletters", "what was refused: look at it, mend it, replay it")
    add_settings(parser)
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    listing = verbs.add_parser("list", help="the newest first")
    listing.add_argument("--station")
    listing.add_argument("--reason", choices=list(Reason), type=Reason, help="docs/refusals.md")
    listing.add_argument("--most", type=int, default=100)
    verbs.add_parser("show", help="all of one").add_argument("id", nargs=1)
    again = verbs.add_parser("replay", help="through the intake once more")
    again.add_argument("id", nargs="+")
    again.add_argument("--body", type=Path, help="the mended content of one letter")
    again.add_argument("--station", help="the station that it belongs to")
    return parser


def _list(deadletters: DeadLetters, given: argparse.Namespace) -> int:
    from ingest.journal.refusal import Chosen

    found = deadletters.listed(Chosen(given.station, given.reason), given.most)
    for letter in found:
        one = letter.refusal
        print(f"{one.id}  {_time(one)}  {one.station or '-':20}  {one.details}")
    meant = sum(
        row.letters
        for row in deadletters.totals()
        if given.station in (None, row.station) and given.reason in (None, row.reason)
    )
    dropped = sum(deadletters.dropped().values())
    more = f", {dropped} older ones were dropped" if dropped else ""
    print(f"{len(found)} of {meant}; {deadletters.count()} in all{more}")
    return 0


def _show(refusal: Refusal) -> None:
    print(f"letter    {refusal.id}\nreceived  {_time(refusal)}\ntopic     {refusal.topic}")
    print(f"seq       {refusal.seq or '-'}\nreason    {refusal.details}")
    print(f"kept      {'nothing of it' if refusal.whole else 'its other readings'}\n")
    try:
        print(json.dumps(json.loads(refusal.payload), ensure_ascii=False, indent=2))
    except ValueError:
        print(refusal.payload)


def _time(refusal: Refusal) -> str:
    from config.vocabulary.time import ZONE

    return datetime.fromtimestamp(refusal.received_ms / 1000, ZONE).isoformat(timespec="seconds")
