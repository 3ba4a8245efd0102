"""Files are scanned by a real clamd, with signatures of our own."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from alerting.notify.entries import Note as Message
from api import audit
from api.accounts.repositories.people import People
from api.files import jobs
from api.files.contents import Contents
from api.files.inspection import clamd
from api.files.repository import Files
from api.roster import ROSTER
from api.services import Services
from api.shape import Platform
from config.settings import AttachmentSettings
from tests.api.conftest import BOTH, RunningCentre
from tests.api.test_file_contents import core_of
from tests.api.test_file_pages import NAME, sent
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note, write
from tests.conftest import free_port, need, wait_until
from tests.files.conftest import packed, word

OURS = b"qingyuan test signature"
# In two pieces, so that no scanner takes this file for the test file of EICAR.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STAND" + b"ARD-ANTIVIRUS-TEST-FILE!$H+H*"
CONFIGURATION = """\
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/socket
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength 1M
"""


class Clamd:
    """A daemon that knows two signatures; it may be stopped."""

    def __init__(self) -> None:
        self._program = need("clamd")
        self._folder = Path(tempfile.mkdtemp(prefix="qingyuan-clamd-"))
        self.port = free_port()
        signatures = (("Qingyuan-Test", OURS), ("Eicar-Signature", EICAR))
        lines = (f"{name}:0:*:{text.hex()}" for name, text in signatures)
        (self._folder / "ours.ndb").write_text("\n".join(lines) + "\n")
        settings = CONFIGURATION.format(folder=self._folder, port=self.port)
        (self._folder / "clamd.conf").write_text(settings)
        if os.geteuid() == 0:
            with (self._folder / "clamd.conf").open("a") as file:
                file.write("User root\n")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> str:
        """The path of its socket."""
        return str(self._folder / "socket")

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [self._program, "--config-file", str(self._folder / "clamd.conf")]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "clamd has ended"
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"zPING\0")
                return connection.recv(10) == b"PONG\0"
        except OSError:
            return False

    def stop(self) -> None:
        """End."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """End, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder)


@pytest.fixture(scope="module")
def daemon() -> Iterator[Clamd]:
    """A running one."""
    made = Clamd()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform whose notes have files."""
    return (*ROSTER, TOY)


@pytest.fixture
def scanner(daemon: Clamd) -> str:
    """Where the centre asks."""
    return f"127.0.0.1:{daemon.port}"


@pytest.fixture
def centre(centre: RunningCentre, scanner: str) -> RunningCentre:
    """It scans."""
    settings = AttachmentSettings(clamd=scanner)
    centre.services = replace(centre.services, attachments=settings)
    return centre


def scan_of(centre: RunningCentre, attachment_id: int) -> tuple[str, str]:
    """What is on record of a file."""
    files = Files(centre.services.state, Contents(centre.services.files))
    with centre.services.state.read() as connection:
        found = files.one(connection, attachment_id)
    assert found is not None
    return found.scan, found.virus


def messages(centre: RunningCentre) -> dict[str, str]:
    """What waits to be told, by reader."""
    with centre.services.state.read() as connection:
        entries = centre.services.messages.unrouted(connection)
    return {of.reader or "": of.body.text for of in entries if isinstance(of.body, Message)}


@pytest.mark.parametrize("way", ["tcp", "socket"])
@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"harmless", ("clean", "")),
        (EICAR, ("infected", "Eicar-Signature.UNOFFICIAL")),
        (b"x" * 300_000 + OURS, ("infected", "Qingyuan-Test.UNOFFICIAL")),
        (packed({"a.txt": OURS + bytes(9000)}), ("infected", "Qingyuan-Test.UNOFFICIAL")),
    ],
)
def test_the_daemon_tells_a_virus_from_a_harmless_content(
    daemon: Clamd, way: str, content: bytes, answer: tuple[str, str]
) -> None:
    """By host and port, and by the path of its socket; in archives too."""
    address = f"127.0.0.1:{daemon.port}" if way == "tcp" else daemon.socket
    assert clamd.scanned(address, io.BytesIO(content)) == answer


def test_given_more_than_the_daemon_takes_then_it_gives_no_verdict(daemon: Clamd) -> None:
    """Such a content is not called clean."""
    with pytest.raises(clamd.NotScanned):
        clamd.scanned(daemon.socket, io.BytesIO(bytes(3_000_000)))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/socket", "nonsense"])
def test_given_nobody_who_listens_then_that_is_said(address: str) -> None:
    """It would be the same with every other content."""
    with pytest.raises(clamd.ScannerAway, match=address):
        clamd.scanned(address, io.BytesIO(b"x"))


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_virus_then_nobody_is_handed_it_and_sender_and_office_are_told(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """The list says so, and names no way to it."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, NAME, word("x", OURS.decode()) + OURS)
    sent(deputy, note, "好的.docx", word("x"))
    assert scan_of(centre, 1) == ("infected", "Qingyuan-Test.UNOFFICIAL")
    assert scan_of(centre, 2) == ("clean", "")
    for address in ("/files/1", "/files/1/text", "/files/1/hidden", "/api/v1/files/1/content"):
        answer = officer.get(address)
        assert answer.status_code == 409, address
        assert OURS not in answer.content
    page = officer.get(f"/toy/notes/{note}").text
    assert "查出病毒，已隔离" in page
    assert 'href="/files/1"' not in page
    assert 'href="/files/2"' in page
    told = messages(centre)
    office = {of for role in ("officer", "clerk", "supervisor") for of in holders(centre, role)}
    assert set(told) == {"daibiao", *office}
    assert NAME in told["daibiao"]
    assert "Qingyuan-Test" in told["daibiao"]


def holders(centre: RunningCentre, role: str) -> tuple[str, ...]:
    """Who holds a role."""
    return People(centre.services.state).holders(role, "2026-11-24")


def setting(services: Services, settings: AttachmentSettings) -> None:
    """The centre runs with other settings from now on."""
    object.__setattr__(services, "attachments", settings)


@pytest.fixture
def away() -> str:
    """Nobody listens there."""
    return f"127.0.0.1:{free_port()}"


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_daemon_that_is_away_then_a_file_waits_and_is_scanned_later(
    centre: RunningCentre, deputy: httpx.Client, scanner: str, away: str
) -> None:
    """It is kept at once and handed out afterwards; of a virus people hear then."""
    note, services = write(centre.services, Note("便条")), centre.services
    setting(services, AttachmentSettings(clamd=away))
    sent(deputy, note, "好的.docx", word("x"))
    sent(deputy, note, "坏的.docx", word("y") + OURS)
    answer = deputy.get("/files/1")
    assert answer.status_code == 409
    assert "正在等待查毒" in answer.text
    assert "正在等待查毒" in deputy.get(f"/toy/notes/{note}").text
    jobs.scan(core_of(services))
    assert scan_of(centre, 1) == ("unscanned", "")
    setting(services, AttachmentSettings(clamd=scanner))
    jobs.scan(core_of(services))
    assert scan_of(centre, 1) == ("clean", "")
    assert scan_of(centre, 2)[0] == "infected"
    assert deputy.get("/files/1").status_code == 200
    assert deputy.get("/files/2").status_code == 409
    assert "坏的.docx" in messages(centre)["daibiao"]
    (row,) = audit.search(services.state, action="files.virus-found")
    assert row.detail == "Qingyuan-Test.UNOFFICIAL"


def test_given_a_content_that_gets_no_verdict_then_others_behind_it_do(
    centre: RunningCentre, deputy: httpx.Client, scanner: str, away: str
) -> None:
    """One that is too large for the daemon holds nobody up."""
    note, services = write(centre.services, Note("便条")), centre.services
    setting(services, AttachmentSettings(clamd=away))
    sent(deputy, note, "large.txt", b"x" * 3_000_000)
    sent(deputy, note, "small.txt", b"x")
    setting(services, AttachmentSettings(clamd=scanner))
    jobs.scan(core_of(services))
    assert [scan_of(centre, of)[0] for of in (1, 2)] == ["unscanned", "clean"]


def test_given_the_setting_then_what_waits_is_handed_out(
    centre: RunningCentre, deputy: httpx.Client, away: str
) -> None:
    """A site may decide so; without a daemon nobody waits at all."""
    note, services = write(centre.services, Note("便条")), centre.services
    setting(services, AttachmentSettings(clamd=away))
    sent(deputy, note, "好的.docx", word("x"))
    assert deputy.get("/files/1").status_code == 409
    for settings in (AttachmentSettings(clamd=away, serve_unscanned=True), AttachmentSettings()):
        setting(services, settings)
        assert deputy.get("/files/1").status_code == 200


def test_given_a_form_beyond_the_bound_then_it_is_not_read_to_its_end(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The bound follows the setting; a file just over it is refused in words."""
    note, services = write(centre.services, Note("便条")), centre.services
    setting(services, AttachmentSettings(most_mb=1))
    over = sent(deputy, note, "a.txt", b"x" * 1_000_001)
    assert (over.status_code, "文件超过 1 MB" in over.text) == (422, True)
    assert sent(deputy, note, "a.txt", b"x" * 1_100_000).status_code == 413
    assert sent(deputy, note, "a.txt", b"x" * 1_000_000).status_code == 303
