"""What is due is sent whatever a channel does, and what is given up says so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from alerting.alert import Change, Transition
from alerting.channels.protocol import Channel, Sent
from alerting.courier import LONGEST_RETRY_MS, Courier
from alerting.repository import Message
from tests.alerting.conftest import House
from tests.alerting.test_repository import ALERT


@dataclass
class Way:
    """A channel that does as it is told: raises, or answers; ``heard`` are keys it delivered."""

    does: Exception | Sent = Sent.DELIVERED
    heard: list[str] = field(default_factory=list)
    asked: int = 0

    def send(self, message: Message) -> Sent:
        """As ``does`` says."""
        self.asked += 1
        if isinstance(self.does, Exception):
            raise self.does
        if self.does is Sent.DELIVERED:
            self.heard.append(message.key)
        return self.does


def courier(house: House, *ways: Channel, deputy: Sequence[Channel] = ()) -> Courier:
    """Of officers by these ways, and of deputies."""
    channels = {"officer": ways, "deputy": deputy}
    return Courier(house.repository, channels, threading.Event(), lambda: house.now_ms)


def post(house: House, key: str, audience: str = "officer") -> None:
    """A message that is due."""
    now = house.now_ms
    message = Message(key, ALERT.id, "fired", audience, "氨氮超标", "", now, next_ms=now)
    with house.state.begin() as connection:
        house.repository.record(connection, 1, [Transition(Change.FIRED, ALERT, now, "")])
        house.repository.post(connection, [message])


def outbox(house: House) -> dict[str, Message]:
    """By key."""
    return {message.key: message for message in house.repository.told(ALERT.id)}


def test_a_channel_that_raises_delays_neither_other_channels_nor_other_messages(
    house: House,
) -> None:
    """And is tried again, later and later, until it works; nobody is sent anything twice."""
    broken, sound, other = Way(RuntimeError("no route")), Way(), Way()
    carrier = courier(house, broken, sound, deputy=[other])
    post(house, "a")
    post(house, "b")
    post(house, "c", "deputy")
    carrier.step()
    assert (sound.heard, other.heard) == (["a", "b"], ["c"])
    assert outbox(house)["a"].sent_ms is None

    for _ in range(20):
        house.now_ms += LONGEST_RETRY_MS
        carrier.step()
    assert sound.heard == ["a", "b"]
    broken.does = Sent.DELIVERED
    house.now_ms += LONGEST_RETRY_MS
    carrier.step()
    assert broken.heard == ["a", "b"]
    assert sound.heard == ["a", "b"]
    assert all(message.sent_ms and not message.muted for message in outbox(house).values())


def test_a_channel_that_raises_is_asked_ever_less_often(house: House) -> None:
    """Twice as long after each time."""
    broken = Way(OSError("gone"))
    carrier = courier(house, broken)
    post(house, "a")
    for _ in range(60):
        carrier.step()
        house.now_ms += 1000
    assert broken.asked == 6


def test_what_a_channel_raises_is_logged_when_it_changes(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at each attempt."""
    way = Way(ValueError("wrong number"))
    carrier = courier(house, way)
    for key in "abc":
        post(house, key)
    with caplog.at_level(logging.WARNING, "alerting.courier"):
        carrier.step()
        carrier.step()
        way.does = ValueError("no credit")
        house.now_ms += LONGEST_RETRY_MS
        carrier.step()
        way.does = Sent.DELIVERED
        house.now_ms += LONGEST_RETRY_MS
        carrier.step()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert "Way" in said[0]
    assert "ValueError: wrong number" in said[0]
    assert "no credit" in said[1]
    assert "again" in said[2]


def test_what_is_due_when_it_stops_is_tried_once_whatever_is_raised(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends, and what was not sent stays due."""
    stop = threading.Event()
    stop.set()
    way = Way(RuntimeError("no route"))
    carrier = courier(house, way)
    post(house, "a")
    carrier.run(stop)
    assert way.asked == 1
    assert outbox(house)["a"].next_ms is not None

    monkeypatch.setattr(Courier, "step", lambda _: 1 / 0)
    carrier.run(stop)


@pytest.mark.parametrize(
    ("ways", "why"), [([], "no channel"), ([Way(Sent.NEVER), Way(Sent.NEVER)], "not delivered")]
)
def test_a_message_that_is_given_up_says_why(house: House, ways: list[Way], why: str) -> None:
    """It waits no more."""
    post(house, "a")
    courier(house, *ways).step()
    message = outbox(house)["a"]
    assert (message.sent_ms, message.next_ms, message.muted) == (None, None, why)


def test_one_way_that_gives_a_message_up_is_made_good_by_another(house: House) -> None:
    """It was delivered."""
    post(house, "a")
    courier(house, Way(Sent.NEVER), Way()).step()
    message = outbox(house)["a"]
    assert (message.sent_ms, message.muted) == (house.now_ms, "")
