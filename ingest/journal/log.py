"""Append-only batches with a growing number; samples in the journal are settled.

A journal is a folder of segments. A record is a header (magic, length, number, CRC-32 of number
and payload) and a payload; ``append`` returns after fsync. A torn record can only stand at the
end of the last segment, where it is cut off at opening; damage anywhere else is refused.
"""

from __future__ import annotations

import os
import struct
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.vocabulary.errors import QingyuanError, Refused
from ingest.journal.columns import DTYPES, Columns
from ingest.journal.entry import Entry, Settled, Span

_MAGIC = b"QYJ1"
_DIGITS = "[0-9]" * 16
_HEADER = struct.Struct("<4sIQI")


RECENT_ENTRIES, RECENT_ROWS = 256, 1_000_000
"""So many of the newest entries, and readings in them (40 MB), are kept in memory as well: two
full rounds of backlog, which every reader would have to unpack.
"""


class JournalFull(QingyuanError):
    """The disk takes no more; nothing was appended, so nothing may be acknowledged."""


class _Payload(msgspec.Struct, array_like=True):
    names: tuple[str, ...]
    boots: tuple[str, ...]
    rows: int
    arrays: memoryview
    settled: tuple[tuple[str, str, int, tuple[Span, ...], tuple[int, ...]], ...]
    upto_ms: int | None


class Journal:
    """One folder, one writer, any number of readers in this process. An empty one goes on behind
    number ``after``, which its readers have come to with a journal that is no more.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = 64 << 20, after: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._grown = threading.Condition()
        self._pins = 0
        self._offsets: dict[int, tuple[Path, int]] = {}
        self._recent: dict[int, Entry] = {}
        """The newest entries, which every reader is about to ask for."""
        self._recent_rows = 0
        segments = sorted(folder.glob(f"{_DIGITS}.journal"))
        # A segment is named for its first number, so numbers go on even from an empty one.
        self.last = int(segments[0].stem) - 1 if segments else after
        for path in segments:
            self._index(path, newest=path == segments[-1])
        self._path = segments[-1] if segments else self._segment(after + 1)
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        self._end = os.fstat(self._fd).st_size
        self._sync_folder()

    def append(
        self, columns: Columns, settled: Sequence[Settled] = (), *, upto_ms: int | None = None
    ) -> int:
        """Write a record to disk and return its number.

        Raises:
            JournalFull: the disk is full; the journal stands as before.
        """
        payload = _encode(columns, settled, upto_ms)
        n = self.last + 1
        number = n.to_bytes(8, "little")
        header = _HEADER.pack(_MAGIC, len(payload), n, zlib.crc32(payload, zlib.crc32(number)))
        try:
            if self._end >= self._segment_bytes:
                self._roll(n)
            start = self._end
            self._cut()
            _write(self._fd, header + payload)
            os.fsync(self._fd)
        except OSError as error:
            with suppress(OSError):  # what cannot be cut now is cut before the next record
                self._cut()
            raise JournalFull(f"{self._path}: {error.strerror}; free space on its disk") from error
        self._end = start + len(header) + len(payload)
        with self._grown:
            self._offsets[n] = (self._path, start)
            self.last = n
            self._remember(Entry(n, columns, tuple(settled), upto_ms))
            self._grown.notify_all()
        return n

    def _remember(self, entry: Entry) -> None:
        self._recent[entry.n] = entry
        self._recent_rows += len(entry.columns)
        while self._recent_rows > RECENT_ROWS or len(self._recent) > RECENT_ENTRIES:
            oldest = self._recent.pop(next(iter(self._recent)))
            self._recent_rows -= len(oldest.columns)

    def read(self, after: int, *, limit: int = 64, rows: int | None = None) -> list[Entry]:
        """Entries with a greater number, in order; none behind that with which they come to so
        many readings.
        """
        with self._grown:
            first = max(after + 1, next(iter(self._offsets), after + 1))
            end = min(self.last, first + limit - 1)
            found = [self._recent.get(n) or self._offsets[n] for n in range(first, end + 1)]
        entries: list[Entry] = []
        for of in found:
            if rows is not None and rows <= 0:
                break
            entries.append(of if isinstance(of, Entry) else _read_at(*of))
            rows = None if rows is None else rows - len(entries[-1].columns)
        return entries

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait for an entry with a greater number; False when none came in time."""
        with self._grown:
            return self._grown.wait_for(lambda: self.last > after, timeout_s)

    def forget(self, upto_n: int) -> None:
        """Drop whole segments of which no entry has a number above ``upto_n``."""
        with self._grown:
            if self._pins:
                return
            highest: dict[Path, int] = {}
            for n, (path, _) in self._offsets.items():
                highest[path] = max(n, highest.get(path, 0))
            gone = {p for p, n in highest.items() if n <= upto_n and p != self._path}
            self._offsets = {n: at for n, at in self._offsets.items() if at[0] not in gone}
        for path in gone:
            path.unlink()

    def segments(self, after: int) -> list[tuple[Path, int]]:
        """The segments that hold what has a greater number, and the newest one in any case, each
        with its size as of the present last number.
        """
        with self._grown:
            paths = {path for n, (path, _) in self._offsets.items() if n > after} | {self._path}
            return [
                (path, self._end if path == self._path else path.stat().st_size)
                for path in sorted(paths)
            ]

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Nothing is forgotten inside this context."""
        with self._grown:
            self._pins += 1
        try:
            yield
        finally:
            with self._grown:
                self._pins -= 1

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)

    def _segment(self, first: int) -> Path:
        return self._folder / f"{first:016d}.journal"

    def _roll(self, n: int) -> None:
        path = self._segment(n)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        os.close(self._fd)
        self._fd, self._path, self._end = fd, path, 0
        self._sync_folder()

    def _cut(self) -> None:
        """Take away what a failed append left behind the last whole record."""
        if os.fstat(self._fd).st_size != self._end:
            os.ftruncate(self._fd, self._end)

    def _sync_folder(self) -> None:
        fd = os.open(self._folder, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def _index(self, path: Path, *, newest: bool) -> None:
        good = 0
        if int(path.stem) != self.last + 1:
            raise _damaged(path, 0, f"does not follow number {self.last}: a segment is missing")
        for n, start, end in _scan(path):
            if n != self.last + 1:
                raise _damaged(path, start)
            self._offsets[n] = (path, start)
            self.last, good = n, end
        size = path.stat().st_size
        if good == size:
            return
        if not newest or _record_follows(path, good):
            raise _damaged(path, good)
        with path.open("r+b") as file:
            file.truncate(good)
            os.fsync(file.fileno())


def _write(fd: int, data: bytes) -> None:
    """All of it or an error: the kernel may take a part."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _scan(path: Path) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every whole record from the beginning of a segment."""
    with path.open("rb") as file:
        start = 0
        while (record := _whole(file.read(_HEADER.size), file.read)) is not None:
            n, size = record
            yield n, start, start + size
            start += size


def _whole(header: bytes, read: Callable[[int], bytes]) -> tuple[int, int] | None:
    if len(header) < _HEADER.size:
        return None
    magic, length, n, crc = _HEADER.unpack(header)
    if magic != _MAGIC:
        return None
    payload = read(length)
    number = n.to_bytes(8, "little")
    if len(payload) < length or zlib.crc32(payload, zlib.crc32(number)) != crc:
        return None
    return n, _HEADER.size + length


def _record_follows(path: Path, offset: int) -> bool:
    """Whether a whole record stands behind a broken one: then it is damage, not a torn end."""
    with path.open("rb") as file:
        file.seek(offset + 1)
        rest = file.read()
    at = rest.find(_MAGIC)
    while at >= 0:
        tail = BytesIO(rest[at:])
        if _whole(tail.read(_HEADER.size), tail.read):
            return True
        at = rest.find(_MAGIC, at + 1)
    return False


def _damaged(path: Path, offset: int, how: str = "") -> Refused:
    what = how or f"damaged at byte {offset}, with whole records behind it"
    return Refused(str(path), what, "restore this file from a backup; nothing was changed")


def _encode(columns: Columns, settled: Sequence[Settled], upto_ms: int | None) -> bytes:
    arrays = memoryview(
        b"".join(
            np.ascontiguousarray(array, DTYPES[name]).data
            for name, array in columns.arrays().items()
        )
    )
    rows = tuple((s.station, s.boot, s.oldest, s.spans, s.clashing) for s in settled)
    return msgspec.msgpack.encode(
        _Payload(columns.names, columns.boots, len(columns), arrays, rows, upto_ms)
    )


def _read_at(path: Path, offset: int) -> Entry:
    with path.open("rb") as file:
        file.seek(offset)
        _, length, n, _ = _HEADER.unpack(file.read(_HEADER.size))
        payload = msgspec.msgpack.decode(file.read(length), type=_Payload)
    at = 0
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype in DTYPES.items():
        arrays[name] = np.frombuffer(payload.arrays, dtype, payload.rows, at)
        at += dtype.itemsize * payload.rows
    columns = Columns(names=payload.names, boots=payload.boots, **arrays)
    return Entry(n, columns, tuple(Settled(*row) for row in payload.settled), payload.upto_ms)
