"""Core, pages and field as processes of their own, on mosquitto, VictoriaMetrics and PostgreSQL.

What came of it is read with the servers' own means, not through our code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.access_list import acl
from config.catalogue.shapes import Catalogue
from tests.chaos import field, forked
from tests.chaos.field import STATION, sample
from tests.conftest import Mosquitto, Postgres, VictoriaMetrics, free_port, need
from tests.signing_in import sign_in

ROOT = Path(__file__).parents[2]
COUNT = 100
USERS = {"centre": "c", "pages": "p", f"tongzhou.{STATION}": "s"}


class Servers:
    """What the three processes share, and how it is asked."""

    def __init__(self, folder: Path, catalogue: Catalogue, postgres: Postgres) -> None:
        self.folder, self.postgres = folder, postgres
        self.broker = Mosquitto(folder, USERS, acl(catalogue))
        self.store = VictoriaMetrics(folder)
        self.state_url = postgres.database()

    def settings(self, user: str) -> dict[str, str]:
        """A process's environment."""
        return {
            "QINGYUAN_BROKER_PORT": str(self.broker.port),
            "QINGYUAN_BROKER_USERNAME": user,
            "QINGYUAN_BROKER_PASSWORD": USERS[user],
            "QINGYUAN_STORE": "victoriametrics",
            "QINGYUAN_STORE_URL": self.store.url,
            "QINGYUAN_STATE_URL": self.state_url,
        }

    def exported(self, field: str) -> dict[int, float]:
        """Value by instant, as VictoriaMetrics exports it."""
        self.store.flush()
        match = f'reading_{field}{{site="tongzhou",series="{STATION}/w21003"}}'
        query = {"match[]": match, "start": "0", "end": "4102444800"}
        answer = httpx.get(f"{self.store.url}/api/v1/export", params=query)
        rows = [json.loads(line) for line in answer.text.splitlines()]
        return {
            t: value
            for row in rows
            for t, value in zip(row["timestamps"], row["values"], strict=True)
        }

    def psql(self, query: str) -> list[list[str]]:
        """Rows, as psql prints them."""
        database = self.state_url.rpartition("/")[2]
        where = ["-h", "127.0.0.1", "-p", str(self.postgres.port), "-U", "postgres", database]
        command = [need("psql"), "-A", "-t", "-F", "|", "-c", query, *where]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return [line.split("|") for line in done.stdout.splitlines()]


@pytest.fixture
def servers(tmp_path: Path, catalogue: Catalogue, postgres: Postgres) -> Iterator[Servers]:
    """Mosquitto, VictoriaMetrics, and a database of PostgreSQL."""
    found = Servers(tmp_path, catalogue, postgres)
    with ExitStack() as stack:
        for server in (found.broker, found.store):
            server.start()
            stack.callback(server.kill)
        yield found


def until(question: Callable[[], Any], wanted: object) -> None:
    """Ask until the answer is the wanted one."""
    deadline, found = time.monotonic() + 90, None
    while (found := question()) != wanted:
        assert time.monotonic() < deadline, found
        threading.Event().wait(0.2)


@contextmanager
def started(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process; it does not outlive the test."""
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_three_processes_and_three_servers_are_one_centre(servers: Servers) -> None:
    """Readings lie in VictoriaMetrics, the alert in PostgreSQL, pages know of both; and when the
    core is killed a second one, which waited, goes on.
    """
    base_ms = time.time_ns() // 1_000_000 - 3_600_000
    core = ("qingyuan", "core", "--data", str(servers.folder / "core"))
    with ExitStack() as stack:
        first = stack.enter_context(started(*core, **servers.settings("centre")))
        assert line(first).startswith("core of")
        second = stack.enter_context(started(*core, **servers.settings("centre")))
        assert line(second) == "another core serves this site; waiting for it to end"
        where = ("--data", str(servers.folder / "pages"), "--port", str(free_port()))
        beside = {"QINGYUAN_CORE_DATA_DIR": str(servers.folder / "core")}
        pages = stack.enter_context(
            started("qingyuan", "api", *where, **servers.settings("pages"), **beside)
        )
        address = line(pages)

        _send(servers, base_ms, COUNT)
        issued = {s.taken_ms: s.readings["w21003"].value for s in _samples(base_ms, COUNT)}
        until(lambda: servers.exported("good"), issued)
        ended = ["ammonia-over-class", "resolved", "3.059"]
        until(lambda: [row[:3] for row in _alerts(servers)], [ended, ended])

        _acknowledge(servers, address)
        assert [row[3] for row in _alerts(servers)] == ["陈明"] * 2, "the event's"
        assert _dead_letters(servers, address) == {"letters": [], "next": None}
        figures = f'qingyuan_samples_arrived{{station="{STATION}"}} {float(COUNT)}'
        until(lambda: figures in httpx.get(f"{address}metrics").text, True)

        first.kill()
        assert line(second).startswith("core of")
        _send(servers, base_ms, 2 * COUNT)
        until(lambda: len(servers.exported("good")), 2 * COUNT)
        until(lambda: len(_alerts(servers)), 4)


def _alerts(servers: Servers) -> list[list[str]]:
    """Both levels of each exceedance, the higher one first."""
    return servers.psql(
        "select rule_id, alert.state, peak, acknowledged_by"
        " from alert left join alert_event on alert_event.id = event_id"
        " where rule_id = 'ammonia-over-class' order by alert.began_ms, level desc"
    )


def _samples(base_ms: int, count: int) -> list[Any]:
    return [sample(base_ms, index) for index in range(count)]


def _send(servers: Servers, base_ms: int, count: int) -> None:
    """The station's spool and uplink, until everything is settled."""
    where = (str(servers.broker.port), str(servers.folder))
    arguments = ("none", *where, str(base_ms), str(count), STATION)
    process = forked.started(field.main, arguments, servers.folder / "field.log")
    process.join(60)
    assert process.exitcode == 0


def _dead_letters(servers: Servers, address: str) -> Any:
    """An officer on the pages, which ask the core."""
    with _entered(servers, address, "huanbao") as officer:
        return officer.get("/api/v1/dead-letters").json()


@contextmanager
def _entered(servers: Servers, address: str, username: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        sign_in(client, servers.folder / "pages", username)
        yield client


def _acknowledge(servers: Servers, address: str) -> None:
    """A deputy on the pages."""
    with _entered(servers, address, "daibiao") as deputy:
        (found,) = [
            row
            for row in deputy.get("/api/v1/alerts", params={"station": STATION}).json()
            if row["level"] == "critical"
        ]
        answer = deputy.post(f"/api/v1/alerts/{found['id']}/acknowledge")
        assert answer.status_code == 200


def test_pages_alone_are_refused_where_store_or_state_belong_to_one_process(
    tmp_path: Path,
) -> None:
    """With the remedy, in one line."""
    command = [sys.executable, "-m", "qingyuan", "api", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "qingyuan: store: is an embedded part, which belongs to one process; use `qingyuan serve`,"
        " or set store, store_url and state_url to servers\n"
    )
