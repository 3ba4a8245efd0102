"""A child process that reads a file: bounded in time, memory and what it writes, and without the
secrets of ours.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from pathlib import Path

PATIENCE_S = 30.0
MOST_ANSWER = 64 << 20
_CHILD = "api.files.inspection.child"
MOST_WAITING = 8
_TURN = threading.Lock()
"""One file is read at a time: more would take memory and turns from alerts."""
_WAITING = threading.BoundedSemaphore(MOST_WAITING)
"""Each that waits holds a thread, of which the pages have few."""


class ReadingFailed(Exception):
    """A child process died, said too much, or took too long."""


class ReadingBusy(ReadingFailed):
    """Too many files wait to be read; try again later."""


def answer_of(*words: str, patience_s: float = PATIENCE_S) -> bytes:
    """The answer of a child process to a task of :mod:`api.files.inspection.child`.

    Raises:
        ReadingFailed, ReadingBusy
    """
    if not _WAITING.acquire(blocking=False):
        raise ReadingBusy("too many files wait to be read")
    try:
        with _TURN:
            return _answered(words, patience_s)
    finally:
        _WAITING.release()


def _answered(words: tuple[str, ...], patience_s: float) -> bytes:
    reader, writer = os.pipe()
    try:
        child = _started(words, writer)
    finally:
        os.close(writer)
    try:
        answer = _read(reader, time.monotonic() + patience_s)
    except ReadingFailed:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reader)
        _, status = os.waitpid(child, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise ReadingFailed(f"a reading ended with status {code}")
    return answer


def _started(words: tuple[str, ...], writer: int) -> int:
    python = sys.executable
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writer, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    command = [python, "-P", "-m", _CHILD, *words]
    return os.posix_spawn(python, command, environment, file_actions=actions)


def _read(reader: int, until_s: float) -> bytes:
    """Everything until the other end is closed."""
    said = bytearray()
    poll = select.poll()
    poll.register(reader, select.POLLIN | select.POLLHUP)
    while True:
        left_s = until_s - time.monotonic()
        if left_s <= 0 or not poll.poll(left_s * 1000):
            raise ReadingFailed("a reading took too long")
        piece = os.read(reader, 1 << 16)
        if not piece:
            return bytes(said)
        said += piece
        if len(said) > MOST_ANSWER:
            raise ReadingFailed("a reading said too much")


def path_of(path: Path) -> str:
    """As a child process takes it."""
    return str(path.absolute())
