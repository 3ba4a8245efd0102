"""A core that is silent is told by the process beside it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from alerting.channels.protocol import Outcome, Outgoing
from alerting.watching.core_watch import SILENT_MS, CoreWatch
from config.catalogue.words import Words
from config.settings import ChannelSettings
from tests.alerting.notified import NOON_MS, OFFICER, People, Way


@dataclass
class Clocks:
    """Now, and when the core spoke last."""

    now_ms: int = NOON_MS
    heard_ms: int = NOON_MS


@pytest.fixture
def clocks() -> Clocks:
    """The core has just spoken."""
    return Clocks()


@pytest.fixture
def ways() -> dict[str, Way]:
    """Two for persons, and an officers' and a deputies' group chat."""
    return {name: Way(reaches="mail") for name in ("first", "second", "officers", "deputies")}


@pytest.fixture
def watch(clocks: Clocks, ways: dict[str, Way]) -> CoreWatch:
    """Over these channels."""
    settings = {
        "first": ChannelSettings("first", "mail"),
        "second": ChannelSettings("second", "sms-aliyun"),
        "officers": ChannelSettings("officers", "wecom-robot", reads="officer"),
        "deputies": ChannelSettings("deputies", "wecom-robot", reads="deputy"),
    }
    return CoreWatch(
        lambda: clocks.heard_ms,
        People(),
        {name: (of, ways[name]) for name, of in settings.items()},
        Words.load("zh-CN"),
        "南通市通州区",
        "zh-CN",
        "https://renda.example/environment/operations",
        lambda: clocks.now_ms,
    )


def sent(ways: dict[str, Way]) -> dict[str, list[tuple[str, ...]]]:
    """To which addresses, by channel."""
    return {name: [of.addresses for of in way.sent] for name, way in ways.items()}


NOBODY: dict[str, list[tuple[str, ...]]] = {
    "first": [],
    "second": [],
    "officers": [],
    "deputies": [],
}


def test_given_a_core_silent_for_three_minutes_then_officers_are_told_once(
    clocks: Clocks, ways: dict[str, Way], watch: CoreWatch
) -> None:
    """By the first channel that reaches them, and in their group chat; deputies are not."""
    clocks.now_ms += SILENT_MS - 1
    watch.step()
    assert sent(ways) == NOBODY
    clocks.now_ms += 1
    watch.step()
    clocks.now_ms += 10 * SILENT_MS
    watch.step()
    assert sent(ways) == NOBODY | {"first": [(OFFICER,)], "officers": [()]}
    (message,) = ways["first"].sent
    assert "没有回应" in message.title
    assert message.link.endswith("/environment/operations")


def test_given_a_core_that_came_back_then_its_next_silence_is_told_again(
    clocks: Clocks, ways: dict[str, Way], watch: CoreWatch
) -> None:
    """Each with a key of its own."""
    for _ in range(2):
        clocks.now_ms += SILENT_MS
        watch.step()
        clocks.heard_ms = clocks.now_ms
        watch.step()
    assert len({message.key for message in ways["first"].sent}) == 2


class _Raising(Way):
    def send(self, _outgoing: Outgoing) -> Outcome:
        """Fail."""
        raise OSError("no route to huanbao@example.org")


def test_given_a_channel_that_fails_or_raises_then_the_next_one_is_taken(
    clocks: Clocks, ways: dict[str, Way], watch: CoreWatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where none takes it the log says so, without an address."""
    clocks.now_ms += SILENT_MS
    settings = watch.channels["first"][0]
    watch.channels = {**watch.channels, "first": (settings, _Raising())}
    watch.step()
    assert sent(ways)["second"] == [(OFFICER,)]
    assert "huanbao@" not in caplog.text
    ways["second"].away = "421 out of service"
    assert f"{OFFICER} cannot be told" not in caplog.text
    clocks.heard_ms = clocks.now_ms
    clocks.now_ms += SILENT_MS
    watch.step()
    assert f"{OFFICER} cannot be told" in caplog.text
