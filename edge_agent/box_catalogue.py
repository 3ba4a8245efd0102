"""Which counts more: the catalogue on the box, or a configuration that the centre sent.

The catalogue that was changed on the box after the last sending does. That it changed tells its
content, kept as a digest beside the configurations. When it was written tells its files' date,
unless that lies ahead: files that were copied under a wrong clock would outrank what is sent.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import msgspec

from config.catalogue import sending
from config.files import write_whole

log = logging.getLogger(__name__)


class _Known(msgspec.Struct, frozen=True):
    """A catalogue of the box, and the number of a configuration above which it does not stand."""

    digest: str
    n: int


def outranked(folder: Path, kept: Path, now_ms: int) -> int:
    """The greatest number of a configuration above which the catalogue in ``folder`` stands; what
    it was found to be is written beside ``kept``, the configuration that was kept last.
    """
    files = [folder / "stations.toml", *sorted((folder / "instruments").glob("*.toml"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(b"%b\0%b\0" % (file.name.encode(), file.read_bytes()))
    heard = max(_number(kept), _number(kept.with_suffix(".tried")))
    known = _known(kept.with_suffix(".box"))
    if known is not None and known.digest == digest.hexdigest():
        return known.n if known.n <= now_ms else min(known.n, heard)
    written_ms = int(max(file.stat().st_mtime for file in files) * 1000)
    if written_ms > now_ms:
        log.warning(
            "the catalogue in %s is dated ahead of the clock; its date is not heeded", folder
        )
        written_ms = 0
    n = max(written_ms, heard if known is not None else 0)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        body = msgspec.json.encode(_Known(digest.hexdigest(), n))
        write_whole(kept.with_suffix(".box"), body)
    except OSError as error:
        log.warning("that the catalogue is another is found again at the next start: %s", error)
    return n


def _number(file: Path) -> int:
    try:
        return sending.number_of(file.read_bytes())
    except OSError:
        return 0


def _known(file: Path) -> _Known | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Known)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
