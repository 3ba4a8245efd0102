"""A loop of a running centre that fails on and on: the heartbeat says so, and officers are told."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from alerting import self_monitoring
from alerting.alert import State
from alerting.wording.sentences import LOOP_FAILING
from broker.embedded import EmbeddedBroker
from config.settings import BrokerSettings, Settings
from ingest import loops
from ingest.quality.worker import QualityWorker
from qingyuan.assembly import opened
from tests.conftest import free_port, wait_until


def test_given_a_quality_worker_that_fails_then_it_stands_in_the_heartbeat_and_officers_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the way from the loop over the broker to the pages and to the outbox, and back."""
    monkeypatch.setattr(loops, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(self_monitoring, "LOOK_S", 0.1)
    monkeypatch.setattr(self_monitoring, "KNOWN_MS", 0)
    port = free_port()
    broker = BrokerSettings(port=port, username="centre", password="c")
    settings = Settings(data_dir=tmp_path / "centre", broker=broker)

    def broken(_: QualityWorker) -> bool:
        raise OSError("the disk is worn out")

    with ExitStack() as stack:
        stack.enter_context(EmbeddedBroker(port, {"centre": "c"}))
        running = stack.enter_context(opened(settings))
        centre, repository = running.services.centre, running.repository
        messages = running.services.messages
        with monkeypatch.context() as patch:
            patch.setattr(QualityWorker, "step", broken)
            wait_until(lambda: bool(centre.pulse and centre.pulse.failing), seconds=60)
            wait_until(lambda: bool(repository.listing()), seconds=60)
            wait_until(lambda: bool(messages.of_reader("huanbao")), seconds=60)
        assert centre.pulse
        (failing,) = centre.pulse.failing
        assert (failing.name, failing.error) == ("quality worker", "OSError: the disk is worn out")
        (kept,) = repository.listing()
        assert (kept.alert.rule_id, kept.alert.station) == (LOOP_FAILING, "")
        assert not messages.of_reader("daibiao")
        wait_until(lambda: repository.listing()[0].alert.state is State.RESOLVED, seconds=60)
        wait_until(lambda: bool(centre.pulse and not centre.pulse.failing), seconds=60)
        assert centre.pulse.audit
        assert centre.pulse.audit.fault == ""
