"""The broker as deploy/mosquitto.conf sets it up."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from tests.conftest import free_port, need
from tests.deploy.servers import hung_up, listens, of_tls_1_2, self_signed

FILE = Path(__file__).parents[2] / "deploy" / "mosquitto.conf"
ELSEWHERE = "127.0.0.2"
"""An address of this machine that is not the one for itself."""
CONNECT = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02it"


class Broker(NamedTuple):
    """Its port for stations, that for its own machine, and the authority of its certificate."""

    stations: int
    itself: int
    ca: Path


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Running as the file says, on other ports."""
    folder = tmp_path_factory.mktemp("broker")
    data = folder / "data"
    data.mkdir()
    certificate, _ = self_signed(data, "broker", "IP:127.0.0.1")
    (data / "ca.crt").write_bytes(certificate.read_bytes())
    (data / "acl").touch(0o700)
    passwords = [need("mosquitto_passwd"), "-c", "-b", "data/passwd", "it.s", "right"]
    subprocess.run(passwords, cwd=folder, check=True, capture_output=True)
    (data / "passwd").chmod(0o600)
    found = Broker(free_port(), free_port(), certificate)
    text = FILE.read_text(encoding="utf-8")
    text = text.replace("listener 8883", f"listener {found.stations}")
    text = text.replace("listener 1883", f"listener {found.itself}")
    (folder / "mosquitto.conf").write_text(f"{text}\nuser root\n", encoding="utf-8")
    command = [need("mosquitto"), "-c", "mosquitto.conf"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as running:
        listens(found.itself)
        yield found
        running.terminate()


def answer(port: int, password: str, ca: Path | None) -> str:
    """What a station is told that comes with a password."""
    answers: list[str] = []
    told = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("it.s", password)
    if ca:
        client.tls_set(str(ca))

    def on_connect(*given: object) -> None:
        answers.append(str(given[3]))
        told.set()

    client.on_connect = on_connect
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert told.wait(60)
    client.disconnect()
    client.loop_stop()
    return answers[0]


def test_a_station_comes_with_tls_and_its_password(broker: Broker) -> None:
    """Who it is its password says."""
    assert answer(broker.stations, "right", broker.ca) == "Success"
    assert answer(broker.stations, "wrong", broker.ca) == "Not authorized"


def test_where_stations_come_from_the_network_nothing_is_answered_without_tls(
    broker: Broker,
) -> None:
    """A password that crosses it in clear is everybody's."""
    with socket.create_connection((ELSEWHERE, broker.stations), 60) as bare:
        bare.sendall(CONNECT)
        assert hung_up(bare)


def test_without_tls_only_the_machine_itself_is_answered(broker: Broker) -> None:
    """And it needs its password as well."""
    assert answer(broker.itself, "right", None) == "Success"
    assert answer(broker.itself, "wrong", None) == "Not authorized"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((ELSEWHERE, broker.itself), 60)


def test_a_cipher_without_forward_secrecy_is_refused(broker: Broker) -> None:
    """Or one that does not authenticate what it hides; the strongest comes first."""
    assert of_tls_1_2(broker.stations, "AES128-GCM-SHA256") == ""
    assert of_tls_1_2(broker.stations, "ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA") == ""
    assert "AES256-GCM" in of_tls_1_2(broker.stations, "ECDHE+AES128+AESGCM:ECDHE+AESGCM")
