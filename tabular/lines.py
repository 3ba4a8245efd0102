"""A CSV file as its lines, one after another: plain or packed with gzip, UTF-8."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from config.vocabulary.errors import Fault, FaultyInput

LONGEST = 1 << 20
"""Bytes of a line; beyond it, it is no table that anybody wrote."""
DELIMITERS = ",;\t"
_PACKED = b"\x1f\x8b"


class Lines:
    """A file that is read once, from its beginning.

    Raises:
        FaultyInput: it is not there, or is not what it should be; also while it is read.
    """

    def __init__(self, path: Path, delimiter: str = ",") -> None:
        self._path, self._delimiter = path, delimiter
        self._digest = hashlib.blake2b(digest_size=16)
        self._open = ExitStack()
        try:
            self._raw = self._open.enter_context(path.open("rb"))
            self._size = os.fstat(self._raw.fileno()).st_size
            packed = self._raw.read(2) == _PACKED
            self._raw.seek(0)
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            raise self._fault(what, "name a CSV file that the centre may read") from error
        self._file: BinaryIO = self._raw
        if packed:
            unpacked = self._open.enter_context(gzip.GzipFile(fileobj=self._raw))
            self._file = cast("BinaryIO", unpacked)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each line that is not blank. A line is numbered as an editor does,
        from 1; one whose quotes run over several has the number of its last.
        """
        reader = csv.reader(self._texts(), delimiter=self._delimiter)
        try:
            for fields in reader:
                if fields:
                    yield reader.line_num, fields
        except csv.Error as error:
            what = f"line {reader.line_num} is no line of a CSV file ({error})"
            raise self._fault(what, "mend its quotes or line ends") from error

    def first(self) -> str:
        """The first line as it stands; afterwards only the rest is read."""
        return next(self._texts(), "")

    @property
    def share(self) -> float:
        """The share of the file that was read, 0 to 1."""
        return min(self._raw.tell() / self._size, 1.0) if self._size else 1.0

    @property
    def digest(self) -> str:
        """BLAKE2 of the bytes that were read, unpacked."""
        return self._digest.hexdigest()

    def _texts(self) -> Iterator[str]:
        encoding, number = "utf-8-sig", 0
        try:
            while raw := self._file.readline(LONGEST):
                number += 1
                if len(raw) == LONGEST:
                    raise self._fault(f"line {number} has no end", "name a CSV file")
                self._digest.update(raw)
                yield raw.decode(encoding)
                encoding = "utf-8"
        except UnicodeDecodeError as error:
            raise self._fault(f"line {number} is not UTF-8", "save it as UTF-8") from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._fault(f"cannot be unpacked ({error})", "pack it again") from error

    def _fault(self, what: str, remedy: str) -> FaultyInput:
        return FaultyInput([Fault(str(self._path), what, remedy)])


def header(path: Path, wanted: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter of a file, and the names in its first line. The delimiter is the one with
    which most of the wanted names are found; among equals the one that makes most fields.

    Raises:
        FaultyInput: see ``Lines``.
    """
    with Lines(path) as lines:
        text = lines.first()
    found = []
    for delimiter in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
        found.append((len(set(wanted) & set(names)), len(names), delimiter, names))
    _, _, delimiter, names = max(found, key=lambda one: one[:2])
    return delimiter, names
