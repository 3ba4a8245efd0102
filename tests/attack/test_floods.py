"""A station that sends as fast as it can keeps nobody else waiting.

By QoS 1 it does not reach its budget of 2400 messages in a second: the centre acknowledges what it
has kept, and has 2000 under way at most, so that a sender beside it comes to 1700. By QoS 0 nothing
holds it: 20,000 are sent in a second and a half.
"""

from __future__ import annotations

import json
import time
import uuid

from tests.attack.honest import HONEST, THIEF, now_ms
from tests.attack.serving import Serving
from tests.chaos.path import SOAK
from tests.conftest import wait_until

MESSAGES = 20_000 if SOAK else 2_000
UNACKNOWLEDGED = 20_000
"""Also in a small run: fewer might come within a second of the budget and be taken."""
PATIENCE_S = 3600 if SOAK else 240
RESEND_S, MOST_AGAIN = 5.0, 1000 if SOAK else 10_000
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


def test_given_a_flood_that_nobody_acknowledges_then_its_station_alone_is_held_back_and_it_is_told(
    centre: Serving,
) -> None:
    """An officer reads of it. What is let go of is sent again, and in the end all of it is there."""
    flood, before, letters = Flood(centre, UNACKNOWLEDGED), centre.counts(), centre.letters()
    others = {of: centre.counts(of).held_back for of in HONEST}
    with centre.undisturbed():
        flood.send(qos=0)
        wait_until(lambda: centre.counts().over_budget)
        wait_until(lambda: held_back(centre) > before.held_back)
    assert {of: centre.counts(of).held_back for of in HONEST} == others
    wait_until(flood.settled, flood.send_again, PATIENCE_S)
    assert centre.counts().lost == before.lost
    assert centre.letters() == letters, centre.reasons()[:3000]


def held_back(centre: Serving) -> int:
    """Messages of the thief beyond the budget, as an officer reads it."""
    stations = centre.officer.get("/api/v1/operations").json()["stations"]
    return sum(of["held_back"] for of in stations if of["station"] == THIEF)


class Flood:
    """Samples of one boot, each in a live message of its own."""

    def __init__(self, centre: Serving, messages: int = MESSAGES) -> None:
        self._centre, self._boot, self._begun_ms = centre, uuid.uuid4().hex, now_ms()
        self._messages, self._sent_s = messages, 0.0

    def send(self, most: int = UNACKNOWLEDGED, qos: int = 1) -> None:
        """The first ones of which the newest ack says nothing."""
        acked = self._centre.acked.get(self._boot, [])
        settled = {seq for first, last in acked for seq in range(first, last + 1)}
        for seq in [seq for seq in range(1, self._messages + 1) if seq not in settled][:most]:
            live = LIVE | {"t": self._begun_ms - self._messages + seq, "q": now_ms()}
            self._centre.bad(f"readings/{self._boot}/{seq}", json.dumps(live).encode(), qos=qos)
        self._sent_s = time.monotonic()

    def send_again(self) -> None:
        """After a while."""
        if time.monotonic() - self._sent_s > RESEND_S:
            self.send(MOST_AGAIN)

    def settled(self) -> bool:
        """Whether the ack says so of all of it."""
        return self._centre.acked.get(self._boot) == [(1, self._messages)]
