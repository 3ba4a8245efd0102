"""Bad input: exactly one line that names the field or port and says what to do, and status 2."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broker.embedded import EmbeddedBroker
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]


def complaint(*arguments: str, **environment: str) -> str:
    """What a command that must fail says."""
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )
    assert done.returncode == 2, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@contextmanager
def occupied() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_broken_catalogue_names_file_and_key(tmp_path: Path, district: Path) -> None:
    """And `check` lists every fault."""
    folder = tmp_path / "d"
    shutil.copytree(district, folder)
    text = (folder / "stations.toml").read_text(encoding="utf-8")
    (folder / "stations.toml").write_text(text.replace('river = "tonglv"', 'river = "nile"', 1))

    line = complaint("check", str(folder))

    assert "stations.toml: station[1].river" in line
    assert "use one of tonglv, xinjianghai" in line


@pytest.mark.parametrize("name", ["stations.toml", "rules.toml", "people.toml"])
def test_a_file_in_another_encoding_is_named(tmp_path: Path, district: Path, name: str) -> None:
    """GBK is still met in old editors."""
    folder = tmp_path / "d"
    shutil.copytree(district, folder)
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(text, encoding="gbk", errors="replace")

    assert f"{name}: is not UTF-8; save it as UTF-8" in complaint("check", str(folder))


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["nonsense"], "command: unknown 'nonsense'; use one of"),
        (["standard", "air", "a34004=x"], "a34004: 'x' is not a number"),
        (["standard", "air", "w21003=1"], "w21003: is not an item"),
        (["standard", "air", "a34004=-1"], "a34004: -1.0 cannot be measured"),
        (["standard", "air", "a34004"], "a34004: has no value"),
        (["standard", "air", "a34004=1", "--on", "soon"], "--on: 'soon' is not a date"),
        (["standard", "water", "w01009=nan"], "w01009: nan cannot be measured"),
        (["standard", "soil", "x=1"], "see qingyuan standard --help"),
        (["edge", "--station", "x", "--broker", "nowhere"], "is not host:port"),
        (["edge", "--station", "atlantis"], "--station: unknown station 'atlantis'; use one of"),
        (["serve", "--settings", "/none.toml"], "/none.toml: cannot be read"),
        (["check", "/nowhere"], "/nowhere/stations.toml: cannot be read"),
    ],
)
def test_a_wrong_word_on_the_command_line_is_named(arguments: list[str], names: str) -> None:
    """One row a mistake."""
    assert names in complaint(*arguments)


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    """From the environment."""
    line = complaint("serve", "--data", str(tmp_path), QINGYUAN_BROKER_PORT="many")
    assert "broker.port" in line


def test_an_unreachable_broker_is_named(tmp_path: Path) -> None:
    """Host, port and remedy."""
    port = str(free_port())
    line = complaint("serve", "--data", str(tmp_path), QINGYUAN_BROKER_PORT=port)
    assert f"broker 127.0.0.1:{port}" in line
    assert "start it or mend" in line


def test_a_wrong_password_of_the_broker_is_named(tmp_path: Path) -> None:
    """The user, never the password."""
    port = free_port()
    with EmbeddedBroker(port, {"centre": "right"}):
        line = complaint(
            "serve",
            "--data",
            str(tmp_path),
            QINGYUAN_BROKER_PORT=str(port),
            QINGYUAN_BROKER_USERNAME="centre",
            QINGYUAN_BROKER_PASSWORD="wrong-one",
        )
    assert "mend username 'centre'" in line
    assert "wrong-one" not in line


def test_an_occupied_port_of_the_pages_is_named(tmp_path: Path) -> None:
    """By its number."""
    with occupied() as port:
        line = complaint("demo", "--data", str(tmp_path), "--port", str(port), "--for", "1")
    assert f"port {port} (http)" in line


def test_a_second_serve_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """With the remedy; the lock is the operating system's and dies with its process."""
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        line = complaint("serve", "--data", str(tmp_path))
    assert f"data_dir {tmp_path}" in line
    assert "stop that one" in line
