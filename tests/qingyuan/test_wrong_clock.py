"""A station whose clock was set wrong: its data come as ever, and officers are told."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path

from alerting.notify.entries import OfEvent
from alerting.notify.repository import Messages
from alerting.wording.sentences import CLOCK_OFF
from broker.embedded import EmbeddedBroker
from config.catalogue.shapes import Catalogue
from config.settings import BrokerSettings, Settings
from edge_agent.agent import Agent
from qingyuan.assembly import opened
from tests.conftest import free_port, wait_until

STATION = "tonglv-jinsha"
TEN_MINUTES_MS = 600_000


def rules_heard(messages: Messages, reader: str) -> set[str]:
    """Rules of whose alerts somebody was told."""
    entries = (entry for message in messages.of_reader(reader) for entry in message.entries)
    return {entry.body.alert.rule_id for entry in entries if isinstance(entry.body, OfEvent)}


def test_a_clock_ten_minutes_behind_is_an_alert_for_officers(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    """All the way from the agent over a broker to the outbox."""
    port, stop = free_port(), threading.Event()
    station = f"tongzhou.{STATION}"
    broker = BrokerSettings(port=port, username="centre", password="c")
    settings = Settings(data_dir=tmp_path / "centre", broker=broker)
    with ExitStack() as stack:
        stack.enter_context(EmbeddedBroker(port, {"centre": "c", station: "s"}))
        running = stack.enter_context(opened(settings))
        agent = Agent(
            catalogue,
            STATION,
            tmp_path / "spool" / "s.sqlite",
            BrokerSettings(port=port, username=station, password="s"),
            now_ms=lambda: time.time_ns() // 1_000_000 - TEN_MINUTES_MS,
        )
        speaking = threading.Thread(target=agent.run, args=(stop,))
        speaking.start()
        stack.callback(speaking.join)
        stack.callback(stop.set)

        wait_until(
            lambda: any(row.alert.rule_id == CLOCK_OFF for row in running.repository.listing()),
            seconds=60,
        )
        (kept,) = (row for row in running.repository.listing() if row.alert.rule_id == CLOCK_OFF)
        messages = running.services.messages
        assert kept.alert.station == STATION
        wait_until(lambda: CLOCK_OFF in rules_heard(messages, "huanbao"), seconds=60)
        assert CLOCK_OFF not in rules_heard(messages, "daibiao")
        assert running.ledger.arrived(STATION) > 0
