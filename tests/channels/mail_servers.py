"""Servers of mail for the tests: Debian's Exim, and one that fails as it is told."""

from __future__ import annotations

import os
import shutil
import socketserver
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.conftest import free_port, need, wait_until
from tests.deploy.servers import listens, self_signed

USER, PASSWORD = "alarm@example.org", "a password of the post"

CONFIGURATION = """\
primary_hostname = post.example
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/pid
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = {bare} : {starttls} : {tls}
tls_on_connect_ports = {tls}
tls_certificate = {certificate}
tls_privatekey = {key}
tls_advertise_hosts = ${{if eq{{$received_port}}{{{bare}}}{{}}{{*}}}}
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
deliver_drop_privilege
acl_smtp_mail = protected
acl_smtp_rcpt = known
begin acl
protected:
  accept condition = ${{if eq{{$received_port}}{{{bare}}}}}
  require message = Must issue a STARTTLS command first
          encrypted = *
  require message = Authentication required
          authenticated = *
  accept
known:
  require message = no such user here
          !local_parts = nobody
  accept
begin routers
all:
  driver = accept
  transport = kept
begin transports
kept:
  driver = appendfile
  directory = {folder}/kept
  maildir_format
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
"""


class Exim:
    """A real server with a certificate that keeps all mail in one folder. On ``bare`` anybody may
    hand it over; on the other two only who has signed in over TLS.
    """

    def __init__(self) -> None:
        program = need("exim4")
        self.bare, self.starttls, self.tls = free_port(), free_port(), free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="qingyuan-exim-"))
        self._folder.chmod(0o755)
        self.ca, key = self_signed(self._folder, "post", "IP:127.0.0.1")
        for each in ("spool", "kept"):
            (self._folder / each).mkdir()
        for each in ("spool", "kept", key.name):
            if os.geteuid() == 0:  # it goes on as a user of its own
                shutil.chown(self._folder / each, "Debian-exim")
        text = CONFIGURATION.format(
            folder=self._folder,
            bare=self.bare,
            starttls=self.starttls,
            tls=self.tls,
            certificate=self.ca,
            key=key,
            user=USER,
            password=PASSWORD,
        )
        (self._folder / "configuration").write_text(text)
        command = [program, "-C", str(self._folder / "configuration"), "-bdf"]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        for port in (self.bare, self.starttls, self.tls):
            listens(port)

    def kept(self, identity: str) -> EmailMessage:
        """The mail of a Message-ID, once it lies there."""
        found: list[EmailMessage] = []

        def there() -> bool:
            found[:] = [mail for mail in self._all() if mail["message-id"] == identity]
            return bool(found)

        wait_until(there)
        [mail] = found
        return mail

    def _all(self) -> Iterator[EmailMessage]:
        for file in (self._folder / "kept").glob("new/*"):
            yield message_from_bytes(file.read_bytes(), policy=default)

    def remove(self) -> None:
        """End, and leave nothing behind."""
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder)


class Scripted(socketserver.ThreadingTCPServer):
    """A server that takes everything except where ``says`` has another reply for a command; there
    ``cut`` hangs up, ``silent`` says nothing, and ``dripping`` never ends its reply.
    """

    daemon_threads = False

    def __init__(self, says: Mapping[str, str], certificate: tuple[Path, Path] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.says, self.over = says, threading.Event()
        self.heard: list[str] = []
        """Commands, and whole messages."""
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, *_: object) -> None:
        """A client that hangs up, or does not trust the certificate, is what a test wants."""


class _Over(Exception):
    """The talk ends here."""


class _Talk(socketserver.StreamRequestHandler):
    server: Scripted

    def handle(self) -> None:
        with suppress(_Over):
            self._say("greeting", "220 scripted")
            while line := self.rfile.readline().decode().strip():
                self.server.heard.append(line)
                word = line.partition(" ")[0].upper()
                reply = self._say(word, self._usual(word))
                if word == "STARTTLS" and reply.startswith("220"):
                    self._protect()
                if word == "DATA" and reply.startswith("354"):
                    self.server.heard.append(
                        b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                    )
                    self._say("message", "250 taken")

    def _usual(self, word: str) -> str:
        if word == "EHLO":
            offered = "250-STARTTLS\r\n" if self.server.tls else ""
            return f"250-scripted\r\n{offered}250 AUTH PLAIN"
        usual = {"DATA": "354 go on", "STARTTLS": "220 go on", "AUTH": "235 in", "QUIT": "221 bye"}
        return usual.get(word, "250 ok")

    def _protect(self) -> None:
        assert self.server.tls
        super().finish()
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _say(self, word: str, usual: str) -> str:
        reply, over = self.server.says.get(word, usual), self.server.over
        if reply == "silent":
            over.wait(60)
        if reply == "dripping":
            self.wfile.write(b"250-")
            while not over.wait(0.05):
                self.wfile.write(b".")
        if reply in ("cut", "silent", "dripping"):
            raise _Over
        self.wfile.write(f"{reply}\r\n".encode())
        return reply


@contextmanager
def scripted(
    says: Mapping[str, str] | None = None, certificate: tuple[Path, Path] | None = None
) -> Iterator[Scripted]:
    """A server that listens and talks as it is told."""
    with Scripted(says or {}, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
