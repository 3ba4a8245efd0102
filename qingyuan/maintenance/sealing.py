"""Backups that only the holder of a key can read: each file encrypted by age (age-encryption.org,
v1) for the recipients of ``backup_recipients``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_file, encrypt_file
from pyrage.x25519 import Identity, Recipient

from config.vocabulary.errors import Refused

Key = TypeVar("Key")

SEALED = ".age"
"""Behind the name of a file that is encrypted."""


def recipients_of(file: Path) -> list[Recipient]:
    """Public keys, ``age1…``, a line each; lines that begin with ``#`` say whose they are.

    Raises:
        Refused: the file cannot be read, or holds something else.
    """
    remedy = "write the public keys that age-keygen prints, a line each"
    return _keys(file, Recipient.from_str, "public key", remedy)


def identities_of(file: Path) -> list[Identity]:
    """Secret keys, ``AGE-SECRET-KEY-1…``, a line each.

    Raises:
        Refused: the file cannot be read, or holds something else.
    """
    return _keys(file, Identity.from_str, "secret key", "name the file that age-keygen wrote")


def _keys(file: Path, key_of: Callable[[str], Key], what: str, remedy: str) -> list[Key]:
    """A fault never shows the line: it may hold a secret."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(str(file), f"cannot be read ({error})", remedy) from error
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            found.append(key_of(line.strip()))
        except (RecipientError, IdentityError) as error:
            raise Refused(str(file), f"line {number} is no {what}", remedy) from error
    if not found:
        raise Refused(str(file), f"holds no {what}", remedy)
    return found


def seal(folder: Path, recipients: Sequence[Recipient]) -> None:
    """Encrypt every file of a folder; nothing stays in clear."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        encrypt_file(str(path), f"{path}{SEALED}", recipients)
        path.unlink()


def is_sealed(folder: Path, manifest: str) -> bool:
    """Whether a backup has to be unsealed before it can be read."""
    return (folder / f"{manifest}{SEALED}").is_file()


@contextmanager
def unsealed(folder: Path, identities: Sequence[Identity], beside: Path) -> Iterator[Path]:
    """The files of a sealed folder in clear, in a folder that is gone at the end.

    Raises:
        Refused: a file is for other keys, was changed, or is not sealed.
    """
    with TemporaryDirectory(prefix="unsealed-", dir=beside) as clear:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise Refused(str(path), "is no file", "use another backup")
            if path.is_dir():
                continue
            if path.suffix != SEALED:
                raise Refused(str(path), "is not sealed as the rest is", "use another backup")
            target = Path(clear) / path.relative_to(folder).with_suffix("")
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                decrypt_file(str(path), str(target), identities)
            except (DecryptError, OSError) as error:
                what = f"does not open ({error})"
                raise Refused(str(path), what, "use its key, or another backup") from error
        yield Path(clear)
