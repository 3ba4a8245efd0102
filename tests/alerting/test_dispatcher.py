"""What is due is sent whatever a channel does, and what is given up says so."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from alerting.alert import Change, Transition
from alerting.notify.channels.protocol import Channel, Sent
from alerting.notify.dispatcher import LONGEST_RETRY_MS, Dispatcher
from alerting.record.repository import Message
from tests.alerting.conftest import RunningCentre
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


def dispatcher(
    centre: RunningCentre, *ways: Channel, deputy: Sequence[Channel] = ()
) -> Dispatcher:
    """Of officers by these ways, and of deputies."""
    channels = {"officer": ways, "deputy": deputy}
    return Dispatcher(centre.repository, channels, threading.Event(), lambda: centre.now_ms)


def post(centre: RunningCentre, key: str, audience: str = "officer") -> None:
    """A message that is due."""
    now = centre.now_ms
    message = Message(key, ALERT.id, "fired", audience, "氨氮超标", "", now, next_ms=now)
    with centre.state.begin() as connection:
        centre.repository.record(connection, 1, [Transition(Change.FIRED, ALERT, now, "")])
        centre.repository.post(connection, [message])


def outbox(centre: RunningCentre) -> dict[str, Message]:
    """By key."""
    return {message.key: message for message in centre.repository.messages_of(ALERT.id)}


def test_a_channel_that_raises_delays_neither_other_channels_nor_other_messages(
    centre: RunningCentre,
) -> None:
    """And is tried again, later and later, until it works; nobody is sent anything twice."""
    broken, sound, other = Way(RuntimeError("no route")), Way(), Way()
    carrier = dispatcher(centre, broken, sound, deputy=[other])
    post(centre, "a")
    post(centre, "b")
    post(centre, "c", "deputy")
    carrier.step()
    assert (sound.heard, other.heard) == (["a", "b"], ["c"])
    assert outbox(centre)["a"].sent_ms is None

    for _ in range(20):
        centre.now_ms += LONGEST_RETRY_MS
        carrier.step()
    assert sound.heard == ["a", "b"]
    broken.does = Sent.DELIVERED
    centre.now_ms += LONGEST_RETRY_MS
    carrier.step()
    assert broken.heard == ["a", "b"]
    assert sound.heard == ["a", "b"]
    assert all(message.sent_ms and not message.muted for message in outbox(centre).values())


def test_a_channel_that_raises_is_asked_ever_less_often(centre: RunningCentre) -> None:
    """Twice as long after each time."""
    broken = Way(OSError("gone"))
    carrier = dispatcher(centre, broken)
    post(centre, "a")
    for _ in range(60):
        carrier.step()
        centre.now_ms += 1000
    assert broken.asked == 6


def test_what_a_channel_raises_is_logged_when_it_changes(
    centre: RunningCentre, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at each attempt."""
    way = Way(ValueError("wrong number"))
    carrier = dispatcher(centre, way)
    for key in "abc":
        post(centre, key)
    with caplog.at_level(logging.WARNING, "alerting.notify.dispatcher"):
        carrier.step()
        carrier.step()
        way.does = ValueError("no credit")
        centre.now_ms += LONGEST_RETRY_MS
        carrier.step()
        way.does = Sent.DELIVERED
        centre.now_ms += LONGEST_RETRY_MS
        carrier.step()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert "Way" in said[0]
    assert "ValueError: wrong number" in said[0]
    assert "no credit" in said[1]
    assert "again" in said[2]


def test_what_is_due_when_it_stops_is_tried_once_whatever_is_raised(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends, and what was not sent stays due."""
    stop = threading.Event()
    stop.set()
    way = Way(RuntimeError("no route"))
    carrier = dispatcher(centre, way)
    post(centre, "a")
    carrier.run(stop)
    assert way.asked == 1
    assert outbox(centre)["a"].next_ms is not None

    monkeypatch.setattr(Dispatcher, "step", lambda _: 1 / 0)
    carrier.run(stop)


@pytest.mark.parametrize(
    ("ways", "why"), [([], "no channel"), ([Way(Sent.NEVER), Way(Sent.NEVER)], "not delivered")]
)
def test_a_message_that_is_given_up_says_why(
    centre: RunningCentre, ways: list[Way], why: str
) -> None:
    """It waits no more."""
    post(centre, "a")
    dispatcher(centre, *ways).step()
    message = outbox(centre)["a"]
    assert (message.sent_ms, message.next_ms, message.muted) == (None, None, why)


def test_one_way_that_gives_a_message_up_is_made_good_by_another(centre: RunningCentre) -> None:
    """It was delivered."""
    post(centre, "a")
    dispatcher(centre, Way(Sent.NEVER), Way()).step()
    message = outbox(centre)["a"]
    assert (message.sent_ms, message.muted) == (centre.now_ms, "")
