"""What servers need that tests start."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from pathlib import Path

from tests.conftest import need, wait_until


def self_signed(folder: Path, name: str, alt: str) -> tuple[Path, Path]:
    """Certificate and key of a server that is its own authority; ``alt``: for whom it is."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    command = [
        *(need("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt"),
        *("ec_paramgen_curve:P-256", "-noenc", "-days", "2", "-subj", f"/CN={name}"),
        *("-addext", f"subjectAltName={alt}", "-keyout", str(key), "-out", str(certificate)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def hung_up(link: socket.socket) -> bool:
    """Whether the other side ends it without a word."""
    try:
        return link.recv(1) == b""
    except ConnectionResetError:
        return True


def of_tls_1_2(port: int, offered: str) -> str:
    """The cipher suite that a server takes of those offered, in their order; empty: none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{offered}:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", port), 60) as bare:
        try:
            with context.wrap_socket(bare) as link:
                taken = link.cipher()
        except ssl.SSLError as error:
            if "HANDSHAKE_FAILURE" in str(error).upper().replace(" ", "_"):
                return ""
            raise
    return taken[0] if taken else ""


def listens(port: int) -> None:
    """Wait until somebody does."""

    def reached() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    wait_until(reached)
