"""SM4 of HJ 212-2025: ECB over whole blocks. The only ``cryptography`` of the agent."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB


def decrypt(key: bytes, blocks: bytes) -> bytes:
    """Whole blocks of 16 bytes in plain text; the key has 16 bytes."""
    # The standard asks for ECB: equal blocks look equal to whoever listens.
    decryptor = Cipher(SM4(key), ECB()).decryptor()  # noqa: S305
    return decryptor.update(blocks) + decryptor.finalize()
