"""Files that are read and written as a whole."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from config.vocabulary.errors import Fault, FaultyInput


def read_toml(path: Path, remedy: str) -> dict[str, Any]:
    """The content of a TOML file, with a byte order mark or without; ``remedy`` is for one that
    cannot be read.

    Raises:
        FaultyInput: it cannot be read, or is not UTF-8, or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        fault = Fault(str(path), f"cannot be read ({error.strerror})", remedy)
        raise FaultyInput([fault]) from error
    except UnicodeDecodeError as error:
        raise FaultyInput([Fault(path.name, "is not UTF-8", "save it as UTF-8")]) from error
    except tomllib.TOMLDecodeError as error:
        fault = Fault(path.name, f"is not TOML: {error}", "mend that line")
        raise FaultyInput([fault]) from error
    except RecursionError as error:
        fault = Fault(path.name, "is nested too deeply", "write tables instead of brackets")
        raise FaultyInput([fault]) from error


def write_whole(path: Path, content: bytes, *, mode: int = 0o666, durable: bool = True) -> None:
    """Put other content into a file. A reader, also one after a crash of this process, sees all of
    the old content or all of the new one; where it is ``durable``, after a power cut as well.

    Args:
        path: its folder must be there.
        content: the new bytes.
        mode: permissions, less the process' umask.
        durable: whether to wait until disk and folder hold it.

    Raises:
        OSError: the disk does not take it; the old content stands.
    """
    fresh = path.with_name(path.name + ".fresh")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds what is listed in a folder.

    Raises:
        OSError: it does not.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
