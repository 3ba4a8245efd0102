"""`qingyuan deadletters`: what was refused, looked at, mended and replayed."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config import settings as configuration
from config.settings import Settings
from config.vocabulary.errors import Refused
from qingyuan.words import Parser

if TYPE_CHECKING:
    from ingest.deadletters import DeadLetters, Refusal

ALL = 1 << 62


def run(argv: list[str]) -> int:
    """List and show at any time; replay while the centre stands still. 1: refused again."""
    from ingest.deadletters import DeadLetters

    given = _parser().parse_args(argv)
    settings = configuration.load(given.settings, os.environ)
    path = (given.data or settings.data_dir) / "deadletters.sqlite"
    if not path.is_file():
        raise Refused(str(path), "is not there", "name the centre's data directory with --data")
    letters = DeadLetters(path)
    try:
        if given.verb == "list":
            return _list(letters, given)
        found = [_one(letters, name) for name in given.id]
        if given.verb == "show":
            _show(found[0])
            return 0
        return _replay(letters, found, settings, path.parent, given)
    finally:
        letters.close()


def _parser() -> Parser:
    parser = Parser("qingyuan deadletters", "what was refused: look at it, mend it, replay it")
    parser.add_argument("--settings", type=Path, help="a TOML file; see config/settings.py")
    parser.add_argument("--data", type=Path, help="the centre's data directory")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    listing = verbs.add_parser("list", help="the newest first")
    listing.add_argument("--station")
    listing.add_argument("--reason", default="", help="a part of the reason")
    listing.add_argument("--most", type=int, default=100)
    verbs.add_parser("show", help="all of one").add_argument("id", nargs=1)
    again = verbs.add_parser("replay", help="through the intake once more")
    again.add_argument("id", nargs="+")
    again.add_argument("--body", type=Path, help="the mended content of one letter")
    again.add_argument("--station", help="the station that it belongs to")
    return parser


def _list(letters: DeadLetters, given: argparse.Namespace) -> int:
    found = [
        letter
        for letter in letters.newest(ALL)
        if given.reason in letter.reason and given.station in (None, letter.station)
    ]
    for letter in found[: given.most]:
        print(f"{letter.id}  {_time(letter)}  {letter.station or '-':20}  {letter.reason}")
    print(f"{min(len(found), given.most)} of {len(found)}; {letters.count()} in all")
    return 0


def _show(letter: Refusal) -> None:
    print(f"letter    {letter.id}\nreceived  {_time(letter)}\ntopic     {letter.topic}")
    print(f"seq       {letter.seq or '-'}\nreason    {letter.reason}")
    print(f"kept      {'nothing of it' if letter.whole else 'its other readings'}\n")
    try:
        print(json.dumps(json.loads(letter.payload), ensure_ascii=False, indent=2))
    except ValueError:
        print(letter.payload)


def _one(letters: DeadLetters, name: str) -> Refusal:
    found = [letter for letter in letters.newest(ALL) if letter.id == name]
    if not found:
        raise Refused(f"letter {name}", "is not there", "see qingyuan deadletters list")
    return found[0]


def _replay(
    letters: DeadLetters,
    found: Sequence[Refusal],
    settings: Settings,
    data: Path,
    given: argparse.Namespace,
) -> int:
    from config.catalogue import loading
    from ingest.intake import Intake
    from ingest.journal import Journal
    from ingest.ledger import Ledger
    from ingest.replay import message_of, replay
    from qingyuan.house import now_ms, only_one

    if given.body and len(found) > 1:
        raise Refused("--body", "is the content of one letter", "replay the others by themselves")
    body = given.body.read_bytes() if given.body else None
    catalogue = loading.load(settings.catalogue)
    site = catalogue.site.id
    messages = [message_of(row, site, body=body, station=given.station) for row in found]
    refused = 0
    with only_one(data):
        journal = Journal(data / "journal")
        ledger = Ledger.rebuilt(journal, data / "ledger.snapshot")
        intake = Intake(catalogue, ledger, letters)
        for letter, message in zip(found, messages, strict=True):
            taken = replay(letter, message, intake, journal, ledger, letters, now_ms())
            print(f"{letter.id}  {len(taken.columns)} readings are journaled")
            for again in taken.refused:
                print(f"{letter.id}  refused again as {again.id}: {again.reason}")
            refused += len(taken.refused)
        journal.close()
    return 1 if refused else 0


def _time(letter: Refusal) -> str:
    from alerting.wording import ZONE

    return datetime.fromtimestamp(letter.received_ms / 1000, ZONE).isoformat(timespec="seconds")
