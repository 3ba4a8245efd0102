"""The agent's connection with TLS, against a real mosquitto with certificates made here."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config import tls
from config.settings import BrokerSettings
from config.vocabulary.errors import FaultyInput, Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from ingest.arrival.bus import Bus
from tests.conftest import Mosquitto, need, wait_until
from tests.edge_agent import test_uplink

ROOT = Path(__file__).parents[2]
USER = "it.s"


def openssl(*arguments: str) -> None:
    subprocess.run([need("openssl"), *arguments], check=True, capture_output=True)


def authority(folder: Path, name: str) -> None:
    """``name``.crt and ``name``.key: one that signs others."""
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
        "-days", "2", "-subj", f"/CN={name}",
        "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.crt"),
    )  # fmt: skip


def signed(folder: Path, name: str, by: str, *, alt: str, days: int = 1) -> None:
    """``name``.crt and ``name``.key, signed by an authority; ``alt``: for whom it is."""
    asked, key = folder / f"{name}.csr", folder / f"{name}.key"
    openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
        "-subj", f"/CN={name}", "-keyout", str(key), "-out", str(asked),
    )  # fmt: skip
    (folder / "ext").write_text(f"subjectAltName={alt}\n")
    openssl(
        "x509", "-req", "-in", str(asked), "-days", str(days),
        "-CA", str(folder / f"{by}.crt"), "-CAkey", str(folder / f"{by}.key"), "-CAcreateserial",
        "-extfile", str(folder / "ext"), "-out", str(folder / f"{name}.crt"),
    )  # fmt: skip
    key.chmod(0o644)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two authorities, brokers' certificates of the first, and a station's of each."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ca", "stranger"):
        authority(folder, name)
    signed(folder, "broker", "ca", alt="IP:127.0.0.1")
    signed(folder, "elsewhere", "ca", alt="DNS:broker.example,IP:10.0.0.1")
    signed(folder, "expired", "ca", alt="IP:127.0.0.1", days=-1)
    signed(folder, "station", "ca", alt="DNS:s")
    signed(folder, "intruder", "stranger", alt="DNS:s")
    return folder


@contextmanager
def mosquitto(folder: Path, keys: Path, certificate: str = "broker", *more: str) -> Iterator[int]:
    """A broker that speaks TLS alone; its port."""
    broker = Mosquitto(folder, {USER: "s", "centre": "c"})
    with (folder / "mosquitto.conf").open("a") as config:
        config.write(f"cafile {keys / 'ca.crt'}\n")
        config.write(f"certfile {keys / certificate}.crt\nkeyfile {keys / certificate}.key\n")
        config.write("".join(f"{line}\n" for line in more))
    broker.start()
    try:
        yield broker.port
    finally:
        broker.kill()


def settings(port: int, keys: Path, ca: str = "ca", ours: str = "") -> BrokerSettings:
    files = (str(keys / f"{ours}.crt"), str(keys / f"{ours}.key")) if ours else ("", "")
    return BrokerSettings("127.0.0.1", port, USER, "s", "", str(keys / f"{ca}.crt"), *files)


@contextmanager
def sending(folder: Path, broker: BrokerSettings) -> Iterator[Uplink]:
    """An uplink at work on a spool that holds one sample."""
    with closing(Spool(folder / "s.sqlite")) as spool:
        spool.append(Sample(1, Clock.SYNCHRONISED, {"w01010": Measured(8.0, Cause.NORMAL)}))
        with test_uplink.sending(spool, broker, at=("it", "s")) as uplink:
            yield uplink


@pytest.mark.parametrize("ours", ["", "station"], ids=["password", "certificate"])
def test_samples_arrive_through_tls(ours: str, keys: Path, tmp_path: Path) -> None:
    """With the station's password, and where the broker asks for it with its certificate too."""
    require = ["require_certificate true"] if ours else []
    with mosquitto(tmp_path, keys, "broker", *require) as port:
        heard = threading.Event()
        centre = settings(port, keys, ours=ours)
        bus = Bus(
            BrokerSettings(
                "127.0.0.1", port, "centre", "c", "", centre.tls_ca, centre.tls_cert, centre.tls_key
            ),
            "it", "it.centre", intake=False,
        )  # fmt: skip
        bus.listen("qy/v1/it/s/history/#", lambda *_: heard.set())
        bus.listen("qy/v1/it/s/readings/#", lambda *_: heard.set())
        with bus, sending(tmp_path, settings(port, keys, ours=ours)) as uplink:
            wait_until(heard.is_set)
            assert uplink.counts().trouble == ""


@pytest.mark.parametrize(
    ("certificate", "ca", "words"),
    [
        ("broker", "stranger", "not signed by the authority in .*stranger.crt; put the certif"),
        ("elsewhere", "ca", "not for the name 127.0.0.1; set broker.host to a name in the certif"),
        ("expired", "ca", "not valid now .*expired.*; look at this machine's clock"),
    ],
)
def test_a_broker_that_is_not_to_be_trusted_gets_nothing_and_the_reason_is_reported(
    certificate: str,
    ca: str,
    words: str,
    keys: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In words with the remedy, in the log and in the report; the sample stays in the spool."""
    with (
        mosquitto(tmp_path, keys, certificate) as port,
        sending(tmp_path, settings(port, keys, ca)) as uplink,
    ):
        wait_until(lambda: bool(caplog.records))
        assert re.search(words, caplog.text)
        assert "spooling meanwhile" in caplog.text
        assert re.search(words, uplink.counts().trouble)
        assert not uplink.empty.is_set()
        with pytest.raises(Refused, match=words):
            Bus(settings(port, keys, ca), "it", "it.centre", intake=False).start(0.5)


@pytest.mark.parametrize(
    ("ours", "words"),
    [("", "set broker.tls_cert and broker.tls_key"), ("intruder", "accept")],
    ids=["none", "a stranger's"],
)
def test_a_broker_that_wants_another_certificate_of_ours_says_so(
    ours: str, words: str, keys: Path, tmp_path: Path
) -> None:
    """It hangs up, and what to try is told."""
    with (
        mosquitto(tmp_path, keys, "broker", "require_certificate true") as port,
        sending(tmp_path, settings(port, keys, ours=ours)) as uplink,
    ):
        wait_until(lambda: words in uplink.counts().trouble)


def test_a_port_that_speaks_no_tls_is_named_and_so_is_one_that_does(
    keys: Path, tmp_path: Path
) -> None:
    """Each way round."""
    with mosquitto(tmp_path, keys) as port, sending(tmp_path, BrokerSettings(port=port)) as uplink:
        wait_until(lambda: "if this port speaks TLS, set broker.tls_ca" in uplink.counts().trouble)
    plain = Mosquitto(tmp_path, {})
    (tmp_path / "passwd").touch()
    plain.start()
    try:
        with sending(tmp_path, settings(plain.port, keys)) as uplink:
            wait_until(lambda: "does not speak TLS on this port" in uplink.counts().trouble)
    finally:
        plain.kill()


def test_a_broker_that_comes_back_with_the_right_certificate_is_trusted_again(
    keys: Path, tmp_path: Path
) -> None:
    """A renewed authority is read at the next attempt, without a restart."""
    ca = tmp_path / "our.crt"
    shutil.copy(keys / "stranger.crt", ca)
    with mosquitto(tmp_path, keys) as port:
        broker = BrokerSettings("127.0.0.1", port, USER, "s", "", str(ca))
        with sending(tmp_path, broker) as uplink:
            wait_until(lambda: "not signed" in uplink.counts().trouble)
            ca.unlink()
            wait_until(lambda: "broker.tls_ca: names no file" in uplink.counts().trouble)
            shutil.copy(keys / "ca.crt", ca)
            wait_until(lambda: uplink.counts().trouble == "")


def test_older_versions_than_1_2_are_not_spoken(keys: Path) -> None:
    """And a certificate and its name are always looked at."""
    spoken = tls.context(settings(8883, keys))
    assert spoken is not None
    assert spoken.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert spoken.verify_mode is ssl.CERT_REQUIRED
    assert spoken.check_hostname


def test_every_file_that_cannot_be_used_is_named_at_once(keys: Path, tmp_path: Path) -> None:
    """Before anything is tried."""
    paper = tmp_path / "paper"
    paper.write_text("no certificate")

    def faults(ca: str, cert: str = "", key: str = "") -> list[str]:
        with pytest.raises(FaultyInput) as found:
            tls.context(BrokerSettings(tls_ca=ca, tls_cert=cert, tls_key=key))
        return [f"{fault.where} {fault.what}" for fault in found.value.faults]

    ca, cert = str(keys / "ca.crt"), str(keys / "station.crt")
    assert faults("/no", "/such", "/file") == [
        "broker.tls_ca names no file: /no",
        "broker.tls_cert names no file: /such",
        "broker.tls_key names no file: /file",
    ]
    assert faults("", "", ca) == [
        "broker.tls_ca is not set, and a client certificate is",
        "broker.tls_cert is not set, and tls_key is",
    ]
    assert faults(str(paper), cert, str(keys / "ca.key")) == [
        f"broker.tls_ca {paper} holds no certificate",
        f"broker.tls_cert {cert} and its key do not go together",
    ]
    locked = tmp_path / "locked.key"
    openssl("ec", "-in", str(keys / "station.key"), "-aes256", "-passout", "pass:x",
            "-out", str(locked))  # fmt: skip
    assert faults(ca, cert, str(locked)) == [
        f"broker.tls_cert {cert} and its key do not go together"
    ]
    assert tls.context(BrokerSettings()) is None


def test_the_command_takes_it_from_settings_and_never_a_password_from_its_line(
    keys: Path, tmp_path: Path
) -> None:
    """`qingyuan edge` as a process: the file names authority and password file."""
    (tmp_path / "password").write_text("s\n")
    with mosquitto(tmp_path, keys) as port:
        (tmp_path / "box.toml").write_text(
            f'data_dir = "{tmp_path / "box"}"\n[broker]\nport = {port}\nusername = "{USER}"\n'
            f'tls_ca = "{keys / "ca.crt"}"\npassword_file = "{tmp_path / "password"}"\n'
        )
        command = [sys.executable, "-m", "qingyuan", "edge", "--station", "tonglv-jinsha"]
        command += ["--settings", str(tmp_path / "box.toml")]
        status = threading.Event()
        centre = BrokerSettings("127.0.0.1", port, "centre", "c", "", str(keys / "ca.crt"))
        bus = Bus(centre, "tongzhou", "tongzhou.centre", intake=False)
        bus.listen("qy/v1/tongzhou/tonglv-jinsha/status", lambda *_: status.set())
        with bus:
            process = subprocess.Popen(command, cwd=ROOT)
            try:
                wait_until(status.is_set)
            finally:
                process.kill()
                process.wait()
        assert (tmp_path / "box" / "spool" / "tonglv-jinsha.sqlite").exists()
    for more, complaint in (
        (["--password", "s"], "unrecognized arguments"),
        (["--settings", str(tmp_path / "none.toml")], "name an existing settings file"),
    ):
        done = subprocess.run(
            [*command, *more], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, complaint in done.stderr) == (2, True)
