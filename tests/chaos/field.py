"""Stations' spools and uplinks as a process that kills itself at a named point."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from config.settings import BrokerSettings
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.spool import Spool
from edge_agent.uplink import window
from edge_agent.uplink.session import Uplink
from tests.chaos.dying import killer

BOOT = "0123456789abcdef" * 2
STATION = "tonglv-jinsha"
STATIONS = (
    STATION,
    "tonglv-pingchao",
    "tonglv-erjia",
    "xinjianghai-shigang",
    "xinjianghai-xingdong",
    "xinjianghai-chuanjiang",
)
AT_ONCE = 10


CALM = {
    "w01010": 15.0,
    "w01001": 7.2,
    "w01014": 420.0,
    "w01003": 6.0,
    "w21011": 0.08,
    "w01019": 3.0,
}
"""Of each indicator a value that no rule minds; the digits behind it count the samples."""


def sample(base_ms: int, index: int) -> Sample:
    """Quiet water, an exceedance from the 20th to the 60th second of every hundred, quiet."""
    ammonia = 3.0 + index % 1000 / 1000 if 20 <= index % 100 < 60 else 0.4 + index % 1000 / 10000
    ammonia = round(ammonia, 4)  # an instrument's figure, not a sum of binary fractions
    readings = {
        code: Measured(round(value + index % 977 / 10_000, 4), Cause.NORMAL)
        for code, value in CALM.items()
    }
    readings["w21003"] = Measured(ammonia, Cause.NORMAL)
    readings["w01009"] = (
        Measured(None, Cause.TIMEOUT) if index % 7 == 0 else Measured(7.5, Cause.NORMAL)
    )
    return Sample(base_ms + index * 1000, Clock.SYNCHRONISED, readings)


def main(spec: str, port: str, folder: str, base: str, count: str, stations: str) -> None:
    """Each appends what is missing of so many fixed samples, sends them and ends when all are
    settled.
    """
    # A lost sample is waited for shorter than in the field, so that a kill costs seconds.
    window.TIMEOUT_S = 3.0
    failpoint = killer(spec)
    sending = [
        threading.Thread(
            target=_send, args=(station, int(port), Path(folder), int(base), int(count), failpoint)
        )
        for station in stations.split(",")
    ]
    for thread in sending:
        thread.start()
    for thread in sending:
        thread.join()


def _send(
    station: str,
    port: int,
    folder: Path,
    base_ms: int,
    count: int,
    failpoint: Callable[[str], None],
) -> None:
    spool = Spool(folder / f"{station}.sqlite", boot=BOOT, failpoint=failpoint)
    stop = threading.Event()
    broker = BrokerSettings(port=port, username=f"tongzhou.{station}", password="s")
    uplink = Uplink(
        spool, broker, "tongzhou", station, reconnect_wait_s=(0.0, 0.2), failpoint=failpoint
    )
    # All of it first: sent while it grows, the newest would go before the rest, and what is told
    # of the alerts would hang on the pace of the disk.
    while spool.last < count:
        rows = [sample(base_ms, i) for i in range(spool.last, min(spool.last + AT_ONCE, count))]
        spool.append(*rows)
    sending = threading.Thread(target=uplink.run, args=(stop,))
    sending.start()
    uplink.empty.wait()
    stop.set()
    sending.join()
    spool.close()
