"""A browser of the tests, which decrypts what comes and checks who sent it, written from RFC 8188,
8291 and 8292 without our own code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.channels.providers import Request


def unpadded(given: bytes) -> str:
    """Base64 for URLs."""
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def read(given: str) -> bytes:
    """The bytes of it."""
    return base64.urlsafe_b64decode(given + "==")


def key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """A public key of 65 bytes."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def private(number: str) -> ec.EllipticCurvePrivateKey:
    """A private key as the standard's appendix writes it."""
    return ec.derive_private_key(int.from_bytes(read(number), "big"), ec.SECP256R1())


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Its public half in 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _sha(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, b"".join(parts), hashlib.sha256)


class Browser:
    """With its own key pair and secret."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey | None = None, auth: bytes | None = None
    ) -> None:
        self._key = key or ec.generate_private_key(ec.SECP256R1())
        self._auth = auth or os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        """As a browser gives them to a page."""
        return {"p256dh": unpadded(point(self._key)), "auth": unpadded(self._auth)}

    def address(self, endpoint: str) -> str:
        """Of messages to it."""
        return json.dumps({"endpoint": endpoint, **self.keys})

    def decrypted(self, body: bytes) -> bytes:
        """The plain text: RFC 8291, 3.4, and the one record of RFC 8188, 2."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self._key.exchange(ec.ECDH(), key_of(theirs))
        about = b"WebPush: info\0" + point(self._key) + theirs
        secret = _sha(_sha(self._auth, shared), about, b"\1")
        drawn = _sha(salt, secret)
        key = _sha(drawn, b"Content-Encoding: aes128gcm\0", b"\1")[:16]
        nonce = _sha(drawn, b"Content-Encoding: nonce\0", b"\1")[:12]
        plain, delimiter, padding = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\2")
        assert delimiter
        assert not padding.strip(b"\0")
        return plain

    def notification(self, request: Request) -> Any:
        """Of a request to the push service."""
        return json.loads(self.decrypted(request.body))


def proof(authorization: str) -> tuple[dict[str, Any], str]:
    """Claims and key of a header whose signature holds: RFC 8292, 2 and 3."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    given = dict(part.split("=", 1) for part in rest.split(", "))
    return claims(given["t"], given["k"]), given["k"]


def claims(token: str, key: str) -> dict[str, Any]:
    """Of a token whose signature holds."""
    header, body, signature = token.split(".")
    assert json.loads(read(header)) == {"typ": "JWT", "alg": "ES256"}
    r, s = read(signature)[:32], read(signature)[32:]
    whole = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    key_of(read(key)).verify(whole, f"{header}.{body}".encode(), ec.ECDSA(SHA256()))
    found: dict[str, Any] = json.loads(read(body))
    return found
