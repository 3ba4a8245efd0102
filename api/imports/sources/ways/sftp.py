"""A folder of a server over SFTP: its host key is pinned, and nothing is written there."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import paramiko

from api.imports.sources.records import Outcome
from api.imports.sources.ways.offers import MOST_FILES, Offer, Unreached, is_finished
from config.settings import ImportSettings, SftpSettings

ANSWERS_S = 15.0
"""A server that takes longer to answer is given up."""
_A_READ = 1 << 18


class Sftp:
    """A folder of a server that is open."""

    waits = True

    def __init__(self, settings: ImportSettings, server: str, folder: str) -> None:
        known = settings.sftp.get(server)
        if known is None:
            what = f"{server!r} is no server of the settings"
            remedy = f"write it as imports.sftp.{server}"
            raise Unreached("server", "server", what, remedy, name=server)
        if folder not in known.folders:
            what, remedy = (
                f"{folder!r} is none of its folders",
                "add it to folders in the settings",
            )
            raise Unreached("unlisted", "remote", what, remedy, name=folder)
        self._folder = folder.rstrip("/")
        try:
            self._transport = _connected(known)
            try:
                client = paramiko.SFTPClient.from_transport(self._transport)
                assert client is not None
                client.get_channel().settimeout(ANSWERS_S)
                self._client = client
            except BaseException:
                self._transport.close()
                raise
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise _unreached(known, error) from error

    def offers(self) -> Sequence[Offer]:
        """Every plain file, the earliest first."""
        found = []
        try:
            for entry in self._client.listdir_iter(self._folder):
                plain = entry.st_mode is not None and stat.S_ISREG(entry.st_mode)
                if plain and is_finished(entry.filename) and "/" not in entry.filename:
                    found.append(Offer(entry.filename, entry.st_size or 0, entry.st_mtime or 0))
                if len(found) >= MOST_FILES:
                    break
        except (OSError, EOFError, paramiko.SSHException) as error:
            what = f"{self._folder} cannot be listed ({error})"
            remedy = "ask the office whether it is there"
            name, why = self._folder, str(error)
            raise Unreached("folder", "remote", what, remedy, name=name, why=why) from error
        return sorted(found, key=lambda one: (one.modified, one.name))

    def content(self, offer: Offer) -> Iterator[bytes]:
        """The bytes of a file, not more than were listed."""
        try:
            with self._client.open(f"{self._folder}/{offer.name}", "rb") as file:
                file.prefetch(offer.size)
                left = offer.size
                while left and (part := file.read(min(left, _A_READ))):
                    left -= len(part)
                    yield part
        except (OSError, EOFError, paramiko.SSHException) as error:
            what = f"{offer.name} cannot be read ({error})"
            remedy, why = "it is tried again", str(error)
            raise Unreached("file", "file", what, remedy, name=offer.name, why=why) from error
        if left:
            what, remedy = f"{offer.name} became shorter", "it is taken later"
            raise Unreached("writing", "file", what, remedy, name=offer.name)

    def settle(self, _offer: Offer, _outcome: Outcome, _faults: str) -> bool:
        """Nothing: it stays there, and the register remembers that it was taken."""
        return False

    def close(self) -> None:
        """Hang up."""
        with suppress(Exception):
            self._client.close()
        self._transport.close()


def _connected(server: SftpSettings) -> paramiko.Transport:
    """The connection to a server whose host key is the one that the settings say.

    Raises:
        Unreached, OSError, paramiko.SSHException
    """
    connection = socket.create_connection((server.host, server.port), ANSWERS_S)
    transport = paramiko.Transport(connection)
    transport.banner_timeout = transport.auth_timeout = ANSWERS_S
    try:
        transport.start_client(timeout=ANSWERS_S)
        _check_key(transport, server)
        _authenticate(transport, server)
    except BaseException:
        transport.close()
        raise
    return transport


def _check_key(transport: paramiko.Transport, server: SftpSettings) -> None:
    shown = fingerprint(transport.get_remote_server_key().asbytes())
    if not hmac.compare_digest(shown, server.fingerprint):
        what = f"{server.host} shows the host key {shown}"
        remedy = "ask the office whether its key changed; else somebody stands between"
        raise Unreached("fingerprint", "server", what, remedy, name=server.host, shown=shown)


def _authenticate(transport: paramiko.Transport, server: SftpSettings) -> None:
    try:
        if server.key_file:
            transport.auth_publickey(server.user, paramiko.PKey.from_path(Path(server.key_file)))
        else:
            password = Path(server.password_file).read_text(encoding="utf-8-sig").splitlines()
            transport.auth_password(server.user, password[0] if password else "", fallback=False)
    except paramiko.AuthenticationException as error:
        what = f"{server.host} does not let {server.user} in"
        remedy = "mend password or key of the settings"
        raise Unreached(
            "user", "server", what, remedy, name=server.host, user=server.user
        ) from error
    except (OSError, ValueError, UnicodeError, paramiko.UnknownKeyType) as error:
        what = f"the file with the key or password of {server.host} cannot be read"
        remedy = "name a file that the service may read"
        raise Unreached("secret", "server", what, remedy, name=server.host) from error


def fingerprint(key: bytes) -> str:
    """Of a public key, as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def _unreached(server: SftpSettings, error: Exception) -> Unreached:
    why = str(error) or type(error).__name__
    what = f"{server.host}:{server.port} does not answer ({why})"
    remedy = "ask the office whether it runs, and see to the way there"
    return Unreached("silent", "server", what, remedy, name=server.host, why=why)
