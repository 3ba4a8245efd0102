"""A station's spool and uplink as a process that kills itself: field SPEC PORT SPOOL BASE COUNT.

It appends what is missing of COUNT fixed samples, sends them and ends when all are settled.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from config.settings import BrokerSettings
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent import window
from edge_agent.spool import Spool
from edge_agent.uplink import Uplink
from tests.chaos.house import killer

BOOT = "0123456789abcdef" * 2
STATION = "tonglv-jinsha"


def sample(base_ms: int, index: int) -> Sample:
    """Quiet water, an exceedance from the 20th to the 60th second of every hundred, quiet."""
    ammonia = 3.0 + index / 1000 if 20 <= index % 100 < 60 else 0.4 + index / 10000
    ammonia = round(ammonia, 4)  # an instrument's figure, not a sum of binary fractions
    readings = {
        "w21003": Measured(ammonia, Cause.NORMAL),
        "w01009": Measured(None, Cause.TIMEOUT) if index % 7 == 0 else Measured(7.5, Cause.NORMAL),
    }
    return Sample(base_ms + index * 1000, Clock.SYNCHRONISED, readings)


def main() -> None:
    """Append, send, end."""
    spec, port, path, base, count = sys.argv[1:]
    # A lost sample is waited for shorter than in the field, so that a kill costs seconds.
    window.TIMEOUT_S = 3.0
    failpoint = killer(spec)
    spool = Spool(Path(path), boot=BOOT, failpoint=failpoint)
    for index in range(spool.last, int(count)):
        spool.append(sample(int(base), index))
    broker = BrokerSettings(port=int(port), username=f"tongzhou.{STATION}", password="s")
    uplink = Uplink(
        spool, broker, "tongzhou", STATION, reconnect_wait_s=(0.0, 0.2), failpoint=failpoint
    )
    stop = threading.Event()
    sending = threading.Thread(target=uplink.run, args=(stop,))
    sending.start()
    uplink.empty.wait()
    stop.set()
    sending.join()
    spool.close()


if __name__ == "__main__":
    main()
