"""`qingyuan config push STATION`: send a station its part of the catalogue, hear its answer.

The message is retained: a station that is away hears it when it comes back.
"""

from __future__ import annotations

import argparse
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from config.settings import Settings

NO_ANSWER = 3


def run(argv: list[str]) -> int:
    """0: applied; 1: refused, or undone because nothing good was read; 3: no answer in time."""
    import msgspec

    from config.catalogue import loading, sending
    from config.vocabulary import reports, topics
    from ingest.arrival.bus import Bus

    parser = Parser("qingyuan config", "send a station its part of the catalogue")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    pushing = verbs.add_parser("push", help="apply it there without a restart")
    pushing.add_argument("station")
    pushing.add_argument("--wait", type=float, default=180.0, metavar="SECONDS")
    add_settings(pushing)
    given = parser.parse_args(argv)
    settings = configured(given)
    catalogue = loading.load(settings.catalogue)
    if given.station not in catalogue.stations:
        known = ", ".join(catalogue.stations)
        what = f"unknown {given.station!r}"
        raise FaultyInput([Fault("station", what, f"use one of {known}")])
    site, n = catalogue.site.id, time.time_ns() // 1_000_000
    answers: list[reports.Applied] = []
    came = threading.Event()

    def hear(_topic: str, payload: bytes) -> None:
        said = msgspec.json.decode(payload, type=reports.Applied)
        if said.n == n:
            answers.append(said)
            came.set()

    _audit(settings, given.station, n)
    bus = Bus(settings.broker, site, f"{site}.config", intake=False)
    bus.listen(topics.station_topic(site, given.station, "config", "applied"), hear)
    with bus:
        topic = topics.station_topic(site, given.station, "config")
        bus.publish(topic, sending.packed(catalogue, given.station, n), retain=True)
        came.wait(given.wait)
    if not answers:
        print(f"{given.station} does not answer; it will hear of it when it is back")
        return NO_ANSWER
    for fault in answers[0].faults:
        print(f"{given.station}: {fault}")
    if answers[0].ok:
        print(f"{given.station}: applied")
    return 0 if answers[0].ok else 1


def _audit(settings: Settings, station: str, n: int) -> None:
    """Leave a row where the state database is at hand: the command runs elsewhere too."""
    from api.audit import OPERATOR
    from ingest.state.database import open_state
    from qingyuan.maintenance.auditing import leave
    from qingyuan.runtime.site import MIGRATIONS

    if settings.state_url or (settings.data_dir / "state.sqlite").is_file():
        with closing(open_state(settings)) as state:
            state.migrate(MIGRATIONS)
            leave(state, OPERATOR.who, "command.config", station, str(n))
