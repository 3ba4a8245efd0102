"""The second factor: codes of an authenticator (RFC 6238), and recovery codes for its loss."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.vocabulary.errors import QingyuanError

STEP_MS = 30_000
RECOVERY_CODES = 10
_GROUPS, _OF_GROUP = 6, 4
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: five bits each, none that is taken for another."""
_MISREAD = str.maketrans("OILU", "011V")
_NONCE = 12


class CannotUnseal(QingyuanError):
    """A secret was sealed with another site key, or for somebody else."""

    def __init__(self, username: str) -> None:
        super().__init__(
            f"second factor of {username}: was sealed with another site key; "
            "put back the site.key that belongs to this state, or reset the second factor"
        )


def fresh_secret() -> str:
    """160 bits, the length that RFC 4226, 4 recommends, in base 32."""
    return pyotp.random_base32()


def provisioning(secret: str, username: str, issuer: str) -> str:
    """The otpauth address by which an authenticator takes a secret over."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def picture(uri: str, title: str) -> str:
    """An address as a QR code: SVG for a page, black on white also where a page is dark.

    It has no size and no style of its own; ``title`` is for those who do not see it.
    """
    code = segno.make_qr(uri, error="m")
    return code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, light="#fff", title=title)


def grouped(secret: str) -> str:
    """A secret as one types it, by four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(secret: str, code: str, now_ms: int, after_step: int) -> int | None:
    """The time step whose code this is, of those after ``after_step``, which is the last one that
    was taken: each is good once (RFC 6238, 5.2). A clock may be a step behind or ahead.
    """
    given = _typed(code).encode()
    now, otp = now_ms // STEP_MS, pyotp.TOTP(secret)
    fits = [
        step
        for step in range(max(now - 1, after_step + 1), now + 2)
        if hmac.compare_digest(otp.generate_otp(step).encode(), given)
    ]
    return max(fits, default=None)


def fresh_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 120 bits, each good once: from 112 bits on a plain hash is enough (ASVS 6.5.2),
    and a right one is found by it at once.
    """
    return tuple(_fresh_recovery_code() for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> str:
    """SHA-256 of a recovery code, whatever its case, blanks, hyphens, and an O for a 0."""
    return hashlib.sha256(_typed(code).upper().translate(_MISREAD).encode()).hexdigest()


def seal(key: bytes, username: str, secret: str) -> str:
    """A secret as the state database keeps it: AES-256-GCM, bound to its person."""
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, secret.encode(), username.encode())
    return base64.b64encode(sealed).decode()


def unseal(key: bytes, username: str, sealed: str) -> str:
    """The secret of a person.

    Raises:
        CannotUnseal
    """
    try:
        kept = base64.b64decode(sealed, validate=True)
        secret = AESGCM(key).decrypt(kept[:_NONCE], kept[_NONCE:], username.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(username) from error
    return secret.decode()


def _fresh_recovery_code() -> str:
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_OF_GROUP)) for _ in range(_GROUPS)
    )


def _typed(code: str) -> str:
    """Without what separates groups, and in half width: a phone may type either."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", code))
