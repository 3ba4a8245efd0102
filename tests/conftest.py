"""What tests share: programs they need, free ports, the demonstration district, samples."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
import urllib3
from hypothesis import HealthCheck, settings

from config.catalogue import loading
from config.catalogue.shapes import Catalogue
from config.settings import DISTRICTS
from tests.databases import compiled_once

SOAK = os.environ.get("SOAK") == "1"
"""At full size, as `make soak` has it."""


def examples(full: int) -> int:
    """How many cases a property is tried on: all in `make soak`, a quarter in `make test`, which is
    run again and again; ten at least where there are as many.
    """
    return full if SOAK else max(full // 4, min(full, 10))


# Timing belongs in benchmarks; fixtures of a session do not change between examples.
settings.register_profile(
    "tests",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("tests")


MEMORY = Path("/dev/shm")
# What tests write is made durable a hundred thousand times. Here processes die, never the machine:
# where memory has room nobody need wait for a disk.
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    tempfile.tempdir = str(MEMORY)


def need(program: str) -> str:
    """The path of a program; without it the test is skipped, in CI it fails."""
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is missing: scripts/servers.sh installs it")
        pytest.skip(f"{program} is missing: scripts/servers.sh installs it")
    return found


@pytest.fixture(autouse=True)
def _own_umask() -> Iterator[None]:
    """A command that a test runs keeps its files to itself; servers of other users read later ones."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


SLOWEST = (
    "chaos",
    "qingyuan",
    "browser",
    "attack",
    "simulators",
    "edge_agent",
    "deploy",
    "alerting",
    "ingest",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rooms of few and long tests first: where processes share the tests none ends last alone."""

    def rank(item: pytest.Item) -> int:
        room = item.path.parent.name
        return SLOWEST.index(room) if room in SLOWEST else len(SLOWEST)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Modules and eleven thousand tests stay to the end: the collector need not look at them again
    and again.
    """
    gc.collect()
    gc.freeze()


WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_GIVEN: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody listens on.

    It lies below the ephemeral ports: a client that tries again and again to reach one of those
    while nobody listens may be given that very port and meet itself. None is given twice, also not
    by two processes that share the tests.
    """
    while True:
        port = random.randrange(20_000 + WORKER, 32_000, WORKERS)
        if port in _GIVEN:
            continue
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _GIVEN.add(port)
            return port


def wait_until(
    true: Callable[[], bool], nudge: Callable[[], None] = lambda: None, seconds: float = 60.0
) -> None:
    """Ask until it is so; a server that was told to show what it has may still be at it."""
    deadline = time.monotonic() + seconds
    while True:
        nudge()
        if true():
            return
        if time.monotonic() > deadline:
            pytest.fail("it does not come about")
        threading.Event().wait(0.05)


class Mosquitto:
    """A real broker with passwords, a queue of ten and no persistence; may be killed."""

    def __init__(
        self, folder: Path, users: dict[str, str], acl: str = "", more: Sequence[str] = ()
    ) -> None:
        self.port = free_port()
        self._program = need("mosquitto")
        passwords = folder / "passwd"
        for name, password in users.items():
            fresh = [] if passwords.exists() else ["-c"]
            command = [need("mosquitto_passwd"), *fresh, "-b", str(passwords), name, password]
            subprocess.run(command, check=True, capture_output=True)
        passwords.chmod(0o644)
        self._config = folder / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous false",
            f"password_file {passwords}",
            "max_queued_messages 10",
            "persistence false",
            "user root",
            *more,
        ]
        self._acl = folder / "acl"
        if acl:
            self._acl.write_text(acl)
            lines.append(f"acl_file {self._acl}")
        self._config.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.1).close()
                return
            except OSError:
                assert self._process.poll() is None
                with pytest.raises(subprocess.TimeoutExpired):
                    self._process.wait(0.05)
        pytest.fail("mosquitto does not listen")

    def let(self, acl: str) -> None:
        """Read another access list; connections stay."""
        assert self._process is not None
        self._acl.write_text(acl)
        self._process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


class Postgres:
    """A real PostgreSQL on a cluster of its own; it may be killed, and each test has a database."""

    def __init__(self) -> None:
        self.port = free_port()
        self._made = 0
        # Large, and it waits for no disk.
        self._folder = Path(tempfile.mkdtemp(prefix="qingyuan-postgres-", dir="/tmp"))
        # PostgreSQL refuses to run as root.
        self._as: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
            self._as = ["runuser", "-u", "postgres", "--"]
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8")

    def _run(self, program: str, *arguments: str) -> None:
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        found = need(str(folders[-1] / program) if folders else program)
        command = [*self._as, found, "-D", str(self._folder / "data"), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def start(self) -> None:
        """Start, and wait until it answers."""
        # Here processes die, never the machine, and syncing every file after a kill may take minutes.
        options = f"-p {self.port} -c fsync=off -c listen_addresses=127.0.0.1"
        options += " -c unix_socket_directories="
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "-o", options, "-l", log)

    def kill(self) -> None:
        """Every process ends at once, as by SIGKILL; committed work must stand."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def database(self, template: str = "template1") -> str:
        """A fresh database's URL, empty or the copy of another."""
        self._made += 1
        name = f"test_{self._made}"
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"create database {name} template {template}"))
        engine.dispose()
        return self.url(name)

    def remove(self) -> None:
        """End, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self._folder)


class VictoriaMetrics:
    """A real VictoriaMetrics with its data in a folder; may be killed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [
            need("victoria-metrics"),
            f"-storageDataPath={folder / 'victoria-metrics'}",
            f"-httpListenAddr=127.0.0.1:{self.port}",
            "-retentionPeriod=100y",
            "-search.latencyOffset=0s",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *flags: str) -> None:
        """Start, and wait until it answers."""
        command = [*self._command, *(flags or ("-dedup.minScrapeInterval=1ms",))]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_for(self._process, f"{self.url}/health")

    def flush(self) -> None:
        """Make visible what was written; that makes it no more durable."""
        urllib3.request("GET", f"{self.url}/internal/force_flush")

    def dead(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


class InfluxDB:
    """A real InfluxDB 1.6 with its data in a folder; may be killed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._config = folder / "influxdb.conf"
        self._config.write_text(
            f"""reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{folder}/influxdb/meta"
[data]
dir = "{folder}/influxdb/data"
wal-dir = "{folder}/influxdb/wal"
[http]
bind-address = "127.0.0.1:{self.port}"
log-enabled = false
[monitor]
store-enabled = false
"""
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = subprocess.Popen(
            [need("influxd"), "-config", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self._process, f"{self.url}/ping")

    def flush(self) -> None:
        """What it took it shows."""

    def dead(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    http = urllib3.PoolManager(retries=False)
    for _ in range(400):
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            if http.request("GET", url).status < 300:
                return
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)
    pytest.fail(f"nothing answers at {url}")


@pytest.fixture(scope="session", autouse=True)
def statements() -> Iterator[None]:
    """What the database of one test has compiled serves that of the next."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
def influxdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxDB]:
    """InfluxDB, started for the tests that ask for it."""
    server = InfluxDB(tmp_path_factory.mktemp("influxdb"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VictoriaMetrics]:
    """VictoriaMetrics, started for the tests that ask for it."""
    server = VictoriaMetrics(tmp_path_factory.mktemp("victoria-metrics"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL, started for the tests that ask for it."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def district() -> Path:
    """The folder of the demonstration district."""
    return DISTRICTS / "tongzhou"


@pytest.fixture(scope="session")
def catalogue(district: Path) -> Catalogue:
    """The demonstration district."""
    return loading.load(district)


@pytest.fixture(scope="session")
def quiet_district(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Path:
    """The demonstration district without the rule on silence, which depends on the hour."""
    folder = tmp_path_factory.mktemp("district") / "tongzhou"
    shutil.copytree(district, folder)
    rules = (folder / "rules.toml").read_text(encoding="utf-8")
    (folder / "rules.toml").write_text(rules[: rules.index('[[rule]]\nid = "station-silent"')])
    return folder


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """mosquitto for the centre and one station."""
    users = {"centre": "c", "tongzhou.tonglv-jinsha": "s"}
    broker = Mosquitto(tmp_path, users)
    broker.start()
    yield broker
    broker.kill()
