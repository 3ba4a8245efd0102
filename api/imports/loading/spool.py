"""Rows that were read and hold, on disk until they are loaded: frames of msgpack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from api.imports.records import ReadRow

ROWS_A_FRAME = 500
_SIZE = 4


def write(path: Path, rows: Iterable[ReadRow]) -> int:
    """Keep rows, and how many; nothing is there before all of them are."""
    half, count, left = path.with_suffix(".half"), 0, iter(rows)
    try:
        with half.open("wb") as file:
            while frame := list(islice(left, ROWS_A_FRAME)):
                body = msgspec.msgpack.encode(frame)
                file.write(len(body).to_bytes(_SIZE, "little") + body)
                count += len(frame)
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)
    return count


def read(path: Path) -> Iterator[ReadRow]:
    """The rows that were kept, in their order."""
    with path.open("rb") as file:
        while size := file.read(_SIZE):
            body = file.read(int.from_bytes(size, "little"))
            yield from msgspec.msgpack.decode(body, type=list[ReadRow])


def remove(path: Path) -> None:
    """Let go of rows; it is well where there are none."""
    with suppress(FileNotFoundError):
        path.unlink()
