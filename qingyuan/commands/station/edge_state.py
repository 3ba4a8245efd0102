"""`qingyuan edge state`: the local switch, the operation states that people declare."""

from __future__ import annotations

import getpass
import os
import sys
import time
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.quality import DECLARED, Cause
from qingyuan.arguments import Parser

if TYPE_CHECKING:
    from config.vocabulary.health import Declared

NORMAL = Cause.NORMAL.name.lower()
STATES = {cause.name.lower(): cause for cause in DECLARED}
MINUTES = 120


def run(argv: list[str]) -> int:
    """Show the switch, set a state that ends by itself, or end it."""
    from edge_agent import operation_state

    given = _parser().parse_args(argv)
    file = _file(given.data, given.station)
    now_ms = time.time_ns() // 1_000_000
    try:
        declared = operation_state.read(file)
    except FaultyInput as torn:
        if given.state is None:
            raise
        print(f"qingyuan: {torn}", file=sys.stderr)
        declared = []
    if given.state is not None:
        _check(given, file)
        declared = _changed(given, declared, now_ms)
        try:
            operation_state.write(file, declared, now_ms)
        except OSError as error:
            remedy = "run it as the agent's user, and look at the disk"
            raise Refused(str(file), f"cannot be written ({error})", remedy) from error
    standing = [line_of(one) for one in operation_state.standing(declared, now_ms)]
    print("\n".join(standing or ["normal: no state is set"]))
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan edge state", "what the instruments of this box are said to be in")
    parser.add_argument("state", nargs="?", help=f"{NORMAL}, {', '.join(STATES)}; none: show it")
    parser.add_argument(
        "--minutes", type=int, default=MINUTES, help="after which it ends by itself"
    )
    parser.add_argument("--instrument", default="all", metavar="NAME", help="as in `edge status`")
    parser.add_argument("--by", default=_me(), metavar="NAME", help="who says so")
    parser.add_argument("--station", help="where several agents share the data folder")
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser


def _me() -> str:
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.getuid())


def _changed(given: Namespace, declared: list[Declared], now_ms: int) -> list[Declared]:
    """The states declared from now on.

    Raises:
        FaultyInput: one instrument cannot leave what is said of all.
    """
    from config.vocabulary.bounds import cut
    from config.vocabulary.health import Declared
    from edge_agent.operation_state import ALL, ended, standing

    if given.state != NORMAL:
        until_ms = now_ms + given.minutes * 60_000
        said = Declared(STATES[given.state], given.instrument, now_ms, until_ms, cut(given.by))
        return [*ended(declared, given.instrument, now_ms), said]
    if given.instrument == ALL:
        return ended(declared, None, now_ms)
    for one in standing(declared, now_ms):
        if one.instrument == ALL:
            what, remedy = f"all are said to be in {one.state.name.lower()}", "end that for all"
            raise FaultyInput([Fault("--instrument", what, remedy)])
    return ended(declared, given.instrument, now_ms)


def _file(data: Path, station: str | None) -> Path:
    """The switch of the station, or of the only one.

    Raises:
        FaultyInput: there is no such station, or there are several.
    """
    folder = data / "spool"
    here = sorted(path.stem for path in folder.glob("*.sqlite"))
    if not here:
        what, remedy = f"{data} holds no agent's spool", "name the agent's data folder"
        raise FaultyInput([Fault("--data", what, remedy)])
    if (station or here[0]) not in here or (station is None and len(here) > 1):
        what = "several agents share this folder" if station is None else f"unknown {station!r}"
        raise FaultyInput([Fault("--station", what, f"use one of {', '.join(here)}")])
    return folder / f"{station or here[0]}.state.json"


def _check(given: Namespace, file: Path) -> None:
    """Raises FaultyInput with everything that does not hold."""
    from edge_agent.operation_state import ALL, LONGEST_MINUTES

    state, minutes, instrument = given.state, given.minutes, given.instrument
    faults = []
    if state not in (NORMAL, *STATES):
        what = f"unknown {state!r}"
        faults.append(Fault("state", what, f"use {NORMAL} or one of {', '.join(STATES)}"))
    if not 0 < minutes <= LONGEST_MINUTES:
        remedy = f"give 1 to {LONGEST_MINUTES}, and set it again when they are over"
        faults.append(Fault("--minutes", f"{minutes} is not possible", remedy))
    known = [] if instrument == ALL else _instruments(file)
    if instrument != ALL and instrument not in known:
        what = f"unknown {instrument!r}" if known else "no report of the agent names any yet"
        remedy = f"use one of {', '.join([ALL, *known])}"
        faults.append(Fault("--instrument", what, remedy))
    if faults:
        raise FaultyInput(faults)


def _instruments(file: Path) -> list[str]:
    """Instruments and loggers of the agent's last report."""
    import msgspec

    from config.vocabulary.health import Health

    station = file.name.removesuffix(".state.json")
    try:
        body = file.with_name(f"{station}.health.json").read_bytes()
        report = msgspec.json.decode(body, type=Health)
    except (OSError, msgspec.MsgspecError):
        return []
    return [*report.devices, *report.loggers]


def line_of(one: Declared) -> str:
    """The options: a state, of what, until when and by whom."""
    until = datetime.fromtimestamp(one.until_ms / 1000).astimezone()
    return f"{one.state.name.lower()}: {one.instrument}, until {until:%m-%d %H:%M}, by {one.by}"
