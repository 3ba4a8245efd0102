"""The secret of a site: one file beside the data, of which each use has a key of its own."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.files import write_whole
from config.settings import Settings
from config.vocabulary.errors import Refused

FILE = "site.key"
BYTES = 32


@dataclass(frozen=True, slots=True)
class SiteKey:
    """Never written into the state database, so whoever has that alone can forge nothing."""

    secret: bytes = field(repr=False)

    def of(self, purpose: str) -> bytes:
        """The key of 32 bytes of one use: HMAC-SHA256 of its name (NIST SP 800-108r1, 4.1)."""
        return hmac.digest(self.secret, purpose.encode(), hashlib.sha256)

    def of_channel(self, purpose: str) -> bytes:
        """The same of a way by which messages leave."""
        return self.of(f"channel.{purpose}")


def key_path(settings: Settings) -> Path:
    """The file of the key, whether it is there or not."""
    return Path(settings.key_file) if settings.key_file else settings.data_dir / FILE


def load(settings: Settings) -> SiteKey:
    """The key of ``key_file``, or of the data directory; drawn where there is none.

    Raises:
        Refused: the file cannot be read or made, or holds no key.
    """
    path = key_path(settings)
    try:
        secret = _read_or_draw(path)
    except (OSError, ValueError) as error:
        remedy = f"give it {2 * BYTES} hexadecimal digits that only this user may read"
        raise Refused(str(path), f"is no site key ({error})", remedy) from error
    if len(secret) < BYTES:
        what = f"holds {len(secret)} bytes, which is too short"
        raise Refused(str(path), what, f"give it {2 * BYTES} hexadecimal digits")
    return SiteKey(secret)


def _read_or_draw(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _draw(path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _draw(path: Path) -> None:
    """Of two processes that start at once one draws; neither ever sees half a file."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    write_whole(fresh, secrets.token_bytes(BYTES).hex().encode() + b"\n", mode=0o600)
    try:
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
