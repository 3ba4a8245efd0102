"""A station that sends as fast as it can keeps nobody else waiting."""

from __future__ import annotations

import json
import time
import uuid

from tests.attack.honest import now_ms
from tests.attack.serving import Serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

MESSAGES = 20_000 if SOAK else 2_000
PATIENCE_S = 3600 if SOAK else 240
RESEND_S, MOST_AGAIN = 5.0, 1000
"""As an agent, which sends again what was not acknowledged, and not all of it at once."""
LIVE = {"v": 1, "o": 1, "k": 0, "r": {"w21003": [0.4, 0]}}


def test_given_a_flood_of_live_messages_honest_stations_are_heard_and_all_of_it_is_settled(
    centre: Serving,
) -> None:
    """The flood may wait: what is not acknowledged is sent again, and nothing is lost."""
    flood, before, letters = Flood(centre), centre.counts(), centre.letters()
    with centre.undisturbed():
        flood.send()
    wait_until(flood.settled, flood.send_again, PATIENCE_S)
    wait_until(lambda: centre.counts().arrived >= before.arrived + MESSAGES)
    assert centre.counts().arrived == before.arrived + MESSAGES
    assert centre.counts().lost == before.lost
    assert centre.letters() == letters


class Flood:
    """Samples of one boot, each in a live message of its own."""

    def __init__(self, centre: Serving) -> None:
        self._centre, self._boot, self._begun_ms = centre, uuid.uuid4().hex, now_ms()
        self._sent_s = 0.0

    def send(self, most: int = MESSAGES) -> None:
        """The first ones of which the newest ack says nothing."""
        acked = self._centre.acked.get(self._boot, [])
        settled = {seq for first, last in acked for seq in range(first, last + 1)}
        for seq in [seq for seq in range(1, MESSAGES + 1) if seq not in settled][:most]:
            live = LIVE | {"t": self._begun_ms - MESSAGES + seq, "q": now_ms()}
            self._centre.bad(f"readings/{self._boot}/{seq}", json.dumps(live).encode())
        self._sent_s = time.monotonic()

    def send_again(self) -> None:
        """After a while."""
        if time.monotonic() - self._sent_s > RESEND_S:
            self.send(MOST_AGAIN)

    def settled(self) -> bool:
        """Whether the ack says so of all of it."""
        return self._centre.acked.get(self._boot) == [(1, MESSAGES)]
