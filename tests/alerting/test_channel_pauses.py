"""A channel whose provider says when to come again, for all or for one reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from alerting.channels.protocol import Later, Limit, Outcome, Taken
from alerting.notify import dispatcher
from alerting.notify.dispatcher import OPENS_AFTER, Sender
from config.settings import ChannelSettings

FULL = Later("130101 send too fast", 600.0)
ENOUGH = Later("isv.BUSINESS_LIMIT_CONTROL", 3600.0, of_reader=True)


@dataclass
class Answering:
    """A channel that answers as it is told."""

    answer: Outcome = field(default_factory=Taken)
    asked: int = 0
    reaches = "mobile"
    limit: Limit | None = None

    def send(self, _: object) -> Outcome:
        self.asked += 1
        return self.answer


class Clock:
    """Seconds that the test counts."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(dispatcher, "time", found)
    return found


class Three:
    """Three messages wait, whatever becomes of them."""

    def sendable(self, *_: object) -> list[tuple[Any, Any]]:
        return [(None, None)] * 3


class Carrying(Sender):
    """Without a database: an attempt and what is noted of it."""

    def _carry(self, *given: Any) -> None:
        self._note(self._sent(given[1]))


def sender(channel: Any) -> Sender:
    none: Any = None
    messages: Any = Three()
    settings = ChannelSettings("sms", "sms-aliyun")
    return Carrying(settings, channel, messages, none, none, "zh-CN", lambda: 0)


def test_a_provider_that_is_full_is_left_alone_until_it_has_room(clock: Clock) -> None:
    """From the first refusal on: another attempt may only make it longer."""
    channel = Answering(FULL)
    of = sender(channel)
    of.step()
    clock.now_s += 599
    of.step()
    assert channel.asked == 1
    channel.answer = Taken()
    clock.now_s += 1
    of.step()
    assert channel.asked == 4
    assert of.state.circuit == "closed"


def test_a_reader_who_has_had_enough_holds_up_nobody_else(clock: Clock) -> None:
    """However often that message is tried: the channel does well."""
    channel = Answering(ENOUGH)
    of = sender(channel)
    for _ in range(OPENS_AFTER):
        of.step()
    assert channel.asked == 3 * OPENS_AFTER
    assert (of.state.circuit, of.state.failures, of.state.error) == ("closed", 0, "")
