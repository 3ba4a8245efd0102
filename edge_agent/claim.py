"""A station of a data folder belongs to one agent."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.vocabulary.errors import Refused


@contextmanager
def claimed(spool: Path) -> Iterator[None]:
    """While the body runs no other agent works with this spool. The lock is the process', so it
    ends with it, however that ends.

    Raises:
        Refused: another agent has it, or the folder cannot be written.
    """
    try:
        spool.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(spool.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        what, remedy = f"cannot be written ({error.strerror})", "free space there or mend it"
        raise Refused(f"data_dir {spool.parent.parent}", what, remedy) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        where, what = f"station {spool.stem}", f"another agent works in {spool.parent.parent}"
        raise Refused(where, what, "stop that one, or give this one another --data") from error
    try:
        yield
    finally:
        os.close(lock)
