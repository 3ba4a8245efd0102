"""`qingyuan edge status`: how the agents on this box are, and what to try."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.reading import Clock
from config.vocabulary.time import HOUR_MS
from qingyuan.commands.station.edge_state import line_of

if TYPE_CHECKING:
    from config.vocabulary.health import ClockHealth, Health, LoggerHealth, SensorHealth

STALE_MS = 180_000
_CLOCK = {
    Clock.SYNCHRONISED: "kept right",
    Clock.FREE_RUNNING: "nobody keeps it right; set up NTP",
    Clock.STEPPED: "set just now",
    Clock.NEVER_SET: "never set",
}
_TRY = {
    Cause.TIMEOUT: "check its power, wiring and unit address; raise timeout_ms where it is slow",
    Cause.LINE_DOWN: "check the line: cable, converter, host and port",
    Cause.DEVICE_REFUSED: (
        "compare registers and function code with its manual: qingyuan probe live names them"
    ),
    Cause.STANDING_STILL: (
        "all its registers stand still: look at its sensor cable, and whether the gateway repeats"
        " what it read last"
    ),
    Cause.SENTINEL: "look at the instrument: it says that it has no value",
    Cause.NOT_A_NUMBER: "compare type and word order with its manual: qingyuan probe",
}


def run(argv: list[str]) -> int:
    """Print the last report of each agent; 1 where something is wrong."""
    import msgspec

    from config.vocabulary.health import Health
    from qingyuan.arguments import Parser

    parser = Parser("qingyuan edge status", "how the agents on this box are")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--json", action="store_true", help="the reports as they are")
    given = parser.parse_args(argv)
    files = sorted((given.data / "spool").glob("*.health.json"))
    if not files:
        what = f"{given.data} holds no report"
        remedy = "name the agent's data folder; a report comes a minute after its start"
        raise FaultyInput([Fault("--data", what, remedy)])
    wrong = 0
    for file in files:
        name = file.name.removesuffix(".health.json")
        body = file.read_bytes()
        if given.json:
            sys.stdout.write(f'{{"station":"{name}","report":{body.decode()}}}\n')
        report = msgspec.json.decode(body, type=Health)
        faults = list(_faults(report))
        wrong += len(faults)
        if not given.json:
            print("\n".join(_lines(name, report, faults)))
    return 1 if wrong else 0


def _lines(name: str, report: Health, faults: list[str]) -> Iterator[str]:
    at = datetime.fromtimestamp(report.t / 1000).astimezone()
    yield f"{name}: {at:%Y-%m-%d %H:%M:%S}, up {report.up_ms // 60_000} min"
    for code, said in report.sensors.items():
        late = f", {said.late} late" if said.late else ""
        state = "" if said.cause == Cause.NORMAL else f"  {said.cause.name.lower()}"
        yield f"  {code:8} {said.good} good of {said.good + said.failed}{late}{state}"
    for device, asked in report.devices.items():
        line = f"{asked.corrupt} corrupt, {asked.reconnects} reconnects"
        took = f"{asked.mean_ms} ms, 95 % within {asked.p95_ms} ms"
        yield f"  {device}: {asked.answered} answers, {asked.silent} silent, {line}, {took}"
    for mn, logger in report.loggers.items():
        yield f"  logger {mn}: " + ", ".join(f"{n} {what}" for what, n in logger.counts.items())
    yield from (f"  switch: {line_of(one)}" for one in report.declared)
    up = report.uplink
    yield f"  uplink: {up.reconnects} reconnects, {up.resent} messages sent again"
    left = "" if report.days_left is None else f", {room(report.days_left)}"
    yield f"  spool: {report.held} samples wait{left}, {report.given_up} given up"
    yield f"  clock: {_CLOCK[report.clock.state]}{_steps(report.clock)}{_last_set(report.clock)}"
    yield f"  memory: {report.rss_mb:g} MB, at most {report.peak_mb:g} MB"
    yield from (f"  ! {fault}" for fault in faults)


def room(days: float) -> str:
    """For how long a spool has room; below two days in hours, below two hours in minutes, and
    never more than there is.
    """
    for unit, one_s in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if days * 86_400 >= 2 * one_s:
            return f"room for {days * 86_400 // one_s:.0f} {unit} at this pace"
    return "room for a minute at most at this pace"


def _steps(clock: ClockHealth) -> str:
    if not clock.steps:
        return ""
    return f"; set {clock.steps} times in this minute, by {clock.stepped_ms / 1000:+.0f} s in all"


def _last_set(clock: ClockHealth) -> str:
    if clock.set_ms is None:
        return ""
    at = datetime.fromtimestamp(clock.set_ms / 1000).astimezone()
    by = f"{clock.set_by_ms / 1000:+.0f} s"
    waiting = f"{clock.redated} samples that waited are dated again"
    return f"; last set at {at:%Y-%m-%d %H:%M:%S} by {by}, {waiting}"


def _unsettled(report: Health) -> str:
    since_ms = report.uplink.unsettled_ms
    if since_ms is None:
        return ""
    since = datetime.fromtimestamp(since_ms / 1000).astimezone()
    return f"nothing was settled since {since:%Y-%m-%d %H:%M:%S}: "


def _clocks(report: Health) -> Iterator[str]:
    if report.clock.state is Clock.NEVER_SET:
        yield (
            "the clock was never set: set up NTP, and look at the battery of the clock; samples"
            " wait until it is, and are dated then"
        )
    if report.clock.unknown:
        yield (
            f"{report.clock.unknown} samples are of a time that nobody knows: the box was started"
            " anew before its clock was set; see them among the dead letters of the centre"
        )
    for mn, logger in report.loggers.items():
        if logger.clock_off:
            off_s = (logger.behind_ms or 0) / 1000
            way = "behind" if off_s > 0 else "ahead"
            yield f"logger {mn}: its clock is {abs(off_s):.0f} s {way}; set it in its menu"
        yield from _of_logger(mn, logger)


def _of_logger(mn: str, logger: LoggerHealth) -> Iterator[str]:
    if logger.data_time_behind_ms:
        hours = abs(logger.data_time_behind_ms) // HOUR_MS
        way = "behind" if logger.data_time_behind_ms > 0 else "ahead"
        remedy = "set its time zone to Asia/Shanghai (UTC+8) in its menu"
        yield f"logger {mn}: its DataTime is {hours} h {way}, its readings are in doubt; {remedy}"
    if logger.senders:
        callers = " and ".join(logger.senders)
        remedy = "switch off the one that is not the station's, or give it its own MN"
        yield f"logger {mn}: two send with this MN, {callers}; {remedy}"


def _fails(said: SensorHealth) -> bool:
    """Whether readings failed; where none was due in the minute, whether the last one did."""
    last = not said.good and quality_of(said.cause) is not Quality.GOOD
    return said.failed > 0 or last


def _faults(report: Health) -> Iterator[str]:
    """Faults, each with its remedy."""
    if abs(time.time() * 1000 - report.t) > STALE_MS:
        yield "no report for three minutes: is the agent running?"
    yield from _clocks(report)
    if report.switch_fault:
        yield report.switch_fault
    if report.uplink.trouble:
        yield f"{_unsettled(report)}{report.uplink.trouble}"
    declared = {one.state for one in report.declared}
    for code, said in report.sensors.items():
        if _fails(said) and said.cause not in declared:
            remedy = _TRY.get(said.cause, "look at the instrument")
            if said.cause is Cause.NOT_A_NUMBER and report.loggers:
                own = f"{remedy}; of a logger: " if report.devices else ""
                remedy = f"{own}see its text with qingyuan edge refused"
            yield f"{code}: {said.failed or 'the last'} without a good value; {remedy}"
    if report.late:
        yield f"{report.late} rounds left out: lengthen the cadence, or shorten time-outs"
    if report.given_up:
        yield (
            f"{report.given_up} samples given up: the spool was full, or they waited too long;"
            " mend the link"
        )
