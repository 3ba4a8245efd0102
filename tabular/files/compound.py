"""Streams of a compound file, in which an xls lies ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFA
"""From here on numbers of sectors mean something else."""
_IN_HEADER, _ENTRY, _ROOT = 109, 128, 5
_STREAM = 2
_SHIFTS, _SMALL_SHIFT = (9, 12), 6


def stream(content: bytes, names: Collection[str]) -> bytes | None:
    """The first stream that has one of these names, None where there is none.

    Raises:
        ValueError: the file is damaged.
    """
    if not content.startswith(_SIGNATURE):
        return None
    try:
        return _stream(content, names)
    except (struct.error, IndexError) as error:
        raise ValueError("a compound file that ends early") from error


def _stream(content: bytes, names: Collection[str]) -> bytes | None:
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    if shift not in _SHIFTS or small_shift != _SMALL_SHIFT:
        raise ValueError("a compound file with sectors of another size")
    size, small = 1 << shift, 1 << small_shift
    directory, cutoff, small_table, more = struct.unpack_from("<I4xII4xI", content, 48)
    table = _table(content, size, more)
    root = b""
    for name, kind, first, length in _entries(_chained(content, table, directory, size, size)):
        if kind == _ROOT:
            root = _chained(content, table, first, size, size)
        elif kind == _STREAM and name in names:
            if length >= cutoff:
                return _chained(content, table, first, size, size)[:length]
            numbers = _numbers(_chained(content, table, small_table, size, size))
            return _chained(root, numbers, first, small, 0)[:length]
    return None


def _table(content: bytes, size: int, more: int) -> list[int]:
    """For each sector the one that follows it."""
    parts = [of for of in struct.unpack_from(f"<{_IN_HEADER}I", content, 76) if of < _FREE]
    most, table = len(content) // size, list[int]()
    for _ in range(most):
        if more >= _FREE:
            break
        *found, more = _numbers(_sector(content, more, size, size))
        parts += [of for of in found if of < _FREE]
    for part in parts:
        if len(table) > most:
            break
        table += _numbers(_sector(content, part, size, size))
    return table


def _chained(content: bytes, table: list[int], first: int, size: int, ahead: int) -> bytes:
    """Sectors one behind the other; ``ahead`` bytes lie in front of the first one of all."""
    found = list[bytes]()
    while first < _FREE:
        if len(found) > len(table):
            raise ValueError("a compound file whose sectors go in a circle")
        found.append(_sector(content, first, size, ahead))
        first = table[first]
    return b"".join(found)


def _sector(content: bytes, number: int, size: int, ahead: int) -> bytes:
    at = ahead + number * size
    return content[at : at + size]


def _numbers(sectors: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4]))


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind, first sector and length, bytes."""
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        first, size = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        yield name, kind, first, size
