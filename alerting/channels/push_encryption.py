"""Messages that only one browser can read (RFC 8291 over RFC 8188), and the proof of who sends
them (RFC 8292). Pure but for what is drawn.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
AUTH_BYTES = 16
RECORD_BYTES = 4096
"""Of the one record of a message, which is as long as every push service takes (RFC 8030, 7.2)."""
MOST_PLAIN_BYTES = RECORD_BYTES - 86 - 16 - 1
"""Less the header, the tag of AES-GCM and the delimiter."""
_DERIVED_BYTES = 48


def to_text(given: bytes) -> str:
    """Base64 as URLs have it, without padding."""
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def from_text(given: str) -> bytes:
    """The bytes of it.

    Raises:
        ValueError: it is not written so.
    """
    return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A browser as senders know it: its public key, and the secret that it shares with them."""

    key: ec.EllipticCurvePublicKey
    auth: bytes

    @classmethod
    def read(cls, p256dh: str, auth: str) -> Receiver:
        """Out of the texts of a subscription.

        Raises:
            ValueError: one is none.
        """
        secret = from_text(auth)
        if len(secret) != AUTH_BYTES:
            raise ValueError(f"auth has {len(secret)} bytes, not {AUTH_BYTES}")
        return cls(ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_text(p256dh)), secret)


def encrypted(
    plain: bytes,
    receiver: Receiver,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message. Sender's key and salt are drawn anew for each, as they must be;
    only the examples of the standards give them.

    Raises:
        ValueError: it is longer than one record holds.
    """
    if len(plain) > MOST_PLAIN_BYTES:
        raise ValueError(f"{len(plain)} bytes are more than {MOST_PLAIN_BYTES}")
    sender, salt = sender or ec.generate_private_key(CURVE), salt or os.urandom(16)
    public, theirs = point(sender.public_key()), point(receiver.key)
    shared = sender.exchange(ec.ECDH(), receiver.key)
    secret = _derived(shared, receiver.auth, b"WebPush: info\0" + theirs + public, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(public)]) + public
    return header + AESGCM(key).encrypt(nonce, plain + b"\2", None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key in 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


class Sender:
    """Shows push services who we are, by the key pair of a site.

    The pair is derived from the site's secret key, so that nobody has one file more to keep: 48
    bytes by HKDF, modulo the group's order less one, and one (FIPS 186-5, A.2.1).
    """

    def __init__(self, secret: bytes) -> None:
        drawn = _derived(secret, b"", b"VAPID P-256", _DERIVED_BYTES)
        number = int.from_bytes(drawn, "big") % (CURVE.group_order - 1) + 1
        self._key = ec.derive_private_key(number, CURVE)
        self.public = to_text(point(self._key.public_key()))
        """As browsers take it, when they subscribe."""

    def authorization(self, audience: str, subject: str, until_s: int) -> str:
        """The header of a request to the push service of an origin, good until an instant."""
        header = msgspec.json.encode({"typ": "JWT", "alg": "ES256"})
        claims = msgspec.json.encode({"aud": audience, "exp": until_s, "sub": subject})
        signed = f"{to_text(header)}.{to_text(claims)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return f"vapid t={signed}.{to_text(signature)}, k={self.public}"
