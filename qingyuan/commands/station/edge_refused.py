"""`qingyuan edge refused`: what of this box's loggers was refused, with the first packet of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.vocabulary.errors import Fault, FaultyInput

if TYPE_CHECKING:
    from edge_agent.hj212.refusals import Entry

_TRY = {
    "garbage": "look whether something else than the logger calls this port",
    "length": "its length field is no number from 1 to 1024; ask its maker",
    "ending": "its length field does not count the data segment; ask its maker",
    "check sum": "look at the line and at its maker's CRC: nothing of it is taken",
    "text": "take out strict, or let it send ASCII",
    "form": "mend what is named in the logger's menu",
    "unreadable": "mend what is named in the logger's menu",
    "caller from elsewhere": "if that is the logger, add its address to callers in stations.toml",
    "cut off": "look at the line; a logger must send a packet whole before it hangs up",
    "without readings": "compare codes and names in stations.toml with what it sends",
    "refused for MN": "write the same MN in stations.toml and in the logger's menu",
    "refused for PW": "write the same password in stations.toml and in the logger's menu",
    "refused for Flag": "write the profile in stations.toml that the logger speaks",
}


def run(argv: list[str]) -> int:
    """Print the reasons of each logger, the newest last; 1 where something was refused."""
    from edge_agent.hj212 import refusals
    from qingyuan.arguments import Parser

    parser = Parser(
        "qingyuan edge refused", "what of the loggers of this box was refused, and why"
    )
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--station", help="where several agents share the data folder")
    parser.add_argument("--json", action="store_true", help="the files as they are")
    given = parser.parse_args(argv)
    folder = given.data / "spool"
    known = sorted(path.stem for path in folder.glob("*.sqlite"))
    names = [name for name in known if given.station in (None, name)]
    if not names:
        what = f"{given.data} holds no agent's spool"
        if known:
            what = f"unknown station {given.station!r}, there are {', '.join(known)}"
        remedy = "name the agent's data folder, and a station of it"
        raise FaultyInput([Fault("--station" if known else "--data", what, remedy)])
    refused = False
    for name in names:
        file = refusals.file_of(folder / f"{name}.sqlite")
        loggers = refusals.read(file)
        refused = refused or any(not one.taken for of in loggers.values() for one in of)
        if given.json:
            body = file.read_text(encoding="utf-8") if file.exists() else "null"
            sys.stdout.write(f'{{"station":"{name}","refused":{body}}}\n')
        else:
            print("\n".join(_lines(name, loggers)))
    return 1 if refused else 0


def _lines(name: str, loggers: dict[str, list[Entry]]) -> Iterator[str]:
    if not any(loggers.values()):
        yield f"{name}: nothing was refused"
    for mn, entries in loggers.items():
        for one in sorted(entries, key=lambda entry: entry.last_ms):
            why = f" ({one.why})" if one.why else ""
            remedy = "" if one.taken else f"; {_TRY.get(one.what, 'look at the packet')}"
            yield f"{name}: logger {mn}: {one.what}{why}{remedy}"
            caller = f" from {one.caller}" if one.caller else ""
            span = f"first {_time(one.first_ms)}{caller}, last {_time(one.last_ms)}"
            yield f"  {one.count} until now, {span}"
            if one.packet:
                yield f"  {one.packet}"


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000).astimezone():%Y-%m-%d %H:%M:%S}"
