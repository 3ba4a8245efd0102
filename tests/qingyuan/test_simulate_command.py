"""`qingyuan simulate` with a scenario: its labels, and the way to the broker."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import DISTRICTS
from config.vocabulary.errors import FaultyInput
from qingyuan.commands.station import simulate
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
BROKER = DISTRICTS / "tongzhou" / "scenarios" / "broker.toml"


def test_trouble_on_the_way_to_the_broker_asks_for_the_relay() -> None:
    """Or it would strike nobody."""
    with pytest.raises(FaultyInput, match=r"broker\.toml: .*; add --relay, e\.g\. 1884="):
        simulate.run(["--scenario", str(BROKER)])


def test_it_tells_every_label_then_leads_to_the_broker_and_ends_when_reported() -> None:
    """In the order of time, before anything answers."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as broker:
        broker.settimeout(20)
        command = [sys.executable, "-m", "qingyuan", "simulate", "--scenario", str(BROKER)]
        command += ["--catalogue", str(DISTRICTS / "logger")]
        command += ["--relay", f"{port}=127.0.0.1:{broker.getsockname()[1]}"]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            try:
                assert running.stdout is not None
                said = [running.stdout.readline() for _ in range(4)]
                labels = [json.loads(line) for line in said[:2]]
                assert [label["kind"] for label in labels] == ["broker-loss", "broker-silence"]
                assert [label["ended"] - label["began"] for label in labels] == [180_000, 300_000]
                with socket.create_connection(("127.0.0.1", port)) as agent:
                    end, _ = broker.accept()
                    with end:
                        end.settimeout(20)
                        agent.sendall(b"hello")
                        assert end.recv(9) == b"hello"
                running.send_signal(signal.SIGINT)
                _, complaints = running.communicate(timeout=20)
                assert (running.returncode, complaints) == (0, "")
            finally:
                running.kill()
