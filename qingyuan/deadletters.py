"""`qingyuan deadletters`: what was refused, looked at, mended and replayed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.vocabulary.errors import Refused
from qingyuan.words import Parser, add_settings, configured

if TYPE_CHECKING:
    from ingest.deadletters import DeadLetters, Refusal
    from qingyuan.desk import Desk
    from qingyuan.errands import Line

ALL = 1 << 62


def run(argv: list[str]) -> int:
    """List and show; replay also while the centre runs. 1: refused again."""
    from ingest.deadletters import DeadLetters
    from qingyuan import errands

    given = _parser().parse_args(argv)
    settings = configured(given)
    path = settings.data_dir / "deadletters.sqlite"
    if not path.is_file():
        raise Refused(str(path), "is not there", "name the centre's data directory with --data")
    if given.verb == "replay":
        body = given.body.read_bytes().decode() if given.body else None
        options = {"ids": given.id, "body": body, "station": given.station}
        return errands.run("replay", options, settings)
    letters = DeadLetters(path)
    try:
        if given.verb == "list":
            return _list(letters, given)
        _show(_one(letters, given.id[0]))
        return 0
    finally:
        letters.close()


def _parser() -> Parser:
    parser = Parser("qingyuan deadletters", "what was refused: look at it, mend it, replay it")
    add_settings(parser)
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
    dropped = letters.dropped()
    more = f", {dropped} older ones were dropped" if dropped else ""
    print(f"{min(len(found), given.most)} of {len(found)}; {letters.count()} in all{more}")
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


def replayed(desk: Desk, options: Mapping[str, Any]) -> Iterator[Line]:
    """The errand: each letter through the intake once more."""
    from ingest.replay import message_of, replay
    from qingyuan.errands import Line

    ids, body, station = options["ids"], options["body"], options["station"]
    if body is not None and len(ids) > 1:
        raise Refused("--body", "is the content of one letter", "replay the others by themselves")
    letters, site = desk.deadletters, desk.ground.catalogue.site.id
    found = [_one(letters, name) for name in ids]
    mended = body.encode() if body is not None else None
    messages = [message_of(letter, site, body=mended, station=station) for letter in found]
    refused = 0
    for letter, message in zip(found, messages, strict=True):
        taken = replay(letter, message, desk.settling, letters)
        yield Line(f"{letter.id}  {len(taken.columns)} readings are journaled")
        for again in taken.refused:
            yield Line(f"{letter.id}  refused again as {again.id}: {again.reason}")
        refused += len(taken.refused)
    yield Line(status=1 if refused else 0)


def _time(letter: Refusal) -> str:
    from alerting.dates import ZONE

    return datetime.fromtimestamp(letter.received_ms / 1000, ZONE).isoformat(timespec="seconds")
