"""`qingyuan config push`: the centre's catalogue reaches a station that is at work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.catalogue import loading
from config.settings import BrokerSettings
from edge_agent.agent import Agent
from qingyuan.commands.station import config
from simulators.instruments import device as simulated
from tests.conftest import Mosquitto, free_port
from tests.edge_agent.conftest import modbus_server

MAKE = """
id = "m"
make = "Make"
model = "Model"
function = "holding"
first_address = 0
word_order = "ABCD"
registers = [{ indicator = "w01010", address = 10, type = "float32" }]
"""
STATIONS = """
[site]
id = "it"
name = "It"

[[river]]
id = "r"
name = "R"
line = [[121.0, 32.0], [121.1, 32.0]]

[[station]]
id = "s"
name = "S"
kind = "water"
area = "A"
position = [121.0, 32.0]
river = "r"
order = 1
target = "III"
cadence_ms = CADENCE
instruments = [{ instrument = "m", host = "127.0.0.1", port = PORT, unit = 1, timeout_ms = 300 }]
"""


def write(folder: Path, port: int, cadence_ms: int) -> Path:
    """The catalogue as an engineer has it."""
    (folder / "instruments").mkdir(parents=True, exist_ok=True)
    (folder / "instruments" / "m.toml").write_text(MAKE, encoding="utf-8")
    text = STATIONS.replace("PORT", str(port)).replace("CADENCE", str(cadence_ms))
    (folder / "stations.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrokerSettings]:
    """A real broker; the command finds it in its environment."""
    found = Mosquitto(tmp_path, {"centre": "c", "it.s": "s"})
    found.start()
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'catalogue = "{tmp_path / "district"}"\n[broker]\nport = {found.port}\n'
        'username = "centre"\npassword = "c"\n',
        encoding="utf-8",
    )
    yield BrokerSettings("127.0.0.1", found.port, "it.s", "s")
    found.kill()


def test_a_changed_cadence_is_applied_and_a_wrong_port_is_undone(
    tmp_path: Path, broker: BrokerSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command waits for the station's word and says it; its exit status tells a script."""
    port = free_port()
    district = write(tmp_path / "district", port, 100)
    catalogue = loading.load(district)
    placement = catalogue.stations["s"].instruments[0]
    push = ["push", "s", "--settings", str(tmp_path / "settings.toml"), "--wait"]
    assert config.run([*push, "0.2"]) == config.NO_ANSWER
    assert "does not answer" in capsys.readouterr().out

    stop = threading.Event()
    agent = Agent(
        catalogue, "s", tmp_path / "spool" / "s.sqlite", broker,
        reconnect_wait_s=(0.0, 0.0), trial_ms=1500,
    )  # fmt: skip
    thread = threading.Thread(target=agent.run, args=(stop,))
    with modbus_server(
        placement, [simulated(placement, catalogue.instruments["m"], lambda _: 8.0)]
    ):
        thread.start()
        try:
            write(district, port, 50)
            assert config.run([*push, "20"]) == 0
            assert agent.station.cadence_ms == 50

            write(district, free_port(), 50)
            assert config.run([*push, "20"]) == 1
            assert agent.station.instruments[0].port == port
        finally:
            stop.set()
            thread.join()
    said = capsys.readouterr().out
    assert "s: applied" in said
    assert "reads nothing good" in said
