"""ClamAV's daemon, asked over its INSTREAM command whether a content is a virus."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Literal

Scan = Literal["clean", "infected", "unscanned"]

PATIENCE_S = 60.0
_PIECE = 1 << 18
_LONGEST_ANSWER = 4096


class NotScanned(Exception):
    """The daemon gave no verdict on a content."""


class ScannerAway(NotScanned):
    """Nobody listens: it would be the same with every other."""


def scanned(address: str, file: BinaryIO) -> tuple[Scan, str]:
    """The daemon's answer to a content, and the name of the virus.

    Raises:
        NotScanned, ScannerAway
    """
    try:
        connection = _connected(address)
    except (OSError, ValueError) as error:
        raise ScannerAway(f"clamd at {address}: {error}") from error
    with connection:
        try:
            # A daemon that has enough of a content hangs up, and its answer says so.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(connection, file)
            return _verdict(_answer(connection))
        except OSError as error:
            raise NotScanned(f"clamd at {address}: {error}") from error


def _send(connection: socket.socket, file: BinaryIO) -> None:
    connection.sendall(b"zINSTREAM\0")
    while piece := file.read(_PIECE):
        connection.sendall(struct.pack(">I", len(piece)) + piece)
    connection.sendall(struct.pack(">I", 0))


def _connected(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        return socket.create_connection((host.strip("[]"), int(port)), PATIENCE_S)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE_S)
    try:
        connection.connect(str(Path(address)))
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(said: str) -> tuple[Scan, str]:
    """``stream: OK``, ``stream: NAME FOUND``, or what is wrong."""
    _, _, outcome = said.partition(": ")
    if outcome == "OK":
        return "clean", ""
    if outcome.endswith(" FOUND"):
        return "infected", outcome.removesuffix(" FOUND")[:200]
    raise NotScanned(said or "it closed without an answer")
