"""What the agent makes of a logger's clock, by when its packets were sent and came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.catalogue.shapes import Logger
from config.vocabulary.time import HOUR_MS
from edge_agent.hj212.door import Door, Stranger
from edge_agent.hj212.frames import Frames
from edge_agent.hj212.segments import Packet, instant_ms
from edge_agent.spool.spool import Spool
from simulators.hj212_logger import framed

LOGGER = Logger("A110000_0001", "123456", "2025", 9212, "127.0.0.1", ["w21003"])
SENT = "20261124160000"
Come = Callable[..., int | None]


def heartbeat(mn: str = LOGGER.mn, rf: str = "") -> Packet:
    """Sent a quarter of a second after ``SENT`` by the logger's clock."""
    head = f"QN={SENT}250;ST=21;CN=9015;PW=123456;MN={mn};Flag=9;{rf}CP=&&&&"
    (packet,) = Frames().feed(framed(head))
    assert isinstance(packet, Packet)
    return packet


@pytest.fixture
def come(tmp_path: Path) -> Iterator[Come]:
    """Packets come so long after they were sent; what the report of the minute then says."""
    spool, now_ms = Spool(tmp_path / "s.sqlite"), [0]
    door = Door("here", LOGGER, spool, lambda: now_ms[0])
    sent_ms = (instant_ms(SENT) or 0) + 250

    def take(*after_ms: int, rf: str = "") -> int | None:
        for after in after_ms:
            now_ms[0] = sent_ms + after
            door.take(heartbeat(rf=rf))
        return door.minute_report().behind_ms

    yield take
    spool.close()


@pytest.mark.parametrize("off_ms", [0, HOUR_MS, -HOUR_MS])
def test_the_quickest_packet_of_a_minute_tells(come: Come, off_ms: int) -> None:
    """On the way, and while it waited to be sent again, a packet only loses time."""
    assert come(off_ms + 90_000, off_ms + 40, off_ms + 4000) == off_ms + 40


def test_a_minute_without_packets_leaves_it_as_it_was(come: Come) -> None:
    """Loggers may speak once an hour; the next packet counts by itself."""
    assert come() is None
    assert come(40) == 40
    assert come() == 40
    assert come(HOUR_MS) == HOUR_MS


def test_what_is_marked_as_sent_again_tells_nothing(come: Come) -> None:
    """It bears the time of the first sending."""
    assert come(HOUR_MS, rf="RF=1;") is None


def test_a_stranger_s_clock_is_nobody_s(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.sqlite")
    door = Door("here", LOGGER, spool, lambda: 0)
    with pytest.raises(Stranger):
        door.take(heartbeat(mn="B"))
    assert door.minute_report().behind_ms is None
    spool.close()


def test_by_a_clock_that_was_never_set_no_other_is_judged(tmp_path: Path) -> None:
    """A box that starts in 1970 finds no logger decades ahead."""
    with closing(Spool(tmp_path / "s.sqlite")) as spool:
        door = Door("here", LOGGER, spool, lambda: 600_000)
        door.take(heartbeat())
        assert door.minute_report().behind_ms is None
