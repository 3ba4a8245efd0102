"""A zip whose directory is bounded before anything is made of it: ``zipfile`` makes an object for
each of its entries, ten times the entry's bytes, before anybody can count them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import BinaryIO, cast

MOST_PARTS = 20_000
MOST_OF_DIRECTORY = 4 << 20
_ENTRY = b"PK\x01\x02"


class TooManyParts(zipfile.BadZipFile):
    """A zip with a directory that no file which people make has."""


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """A file as a zip.

    Raises:
        TooManyParts: its directory is larger than ``MOST_OF_DIRECTORY``, or names more than
            ``MOST_PARTS``.
        zipfile.BadZipFile: it is none.
    """
    opening = _Opening(file)
    archive = zipfile.ZipFile(cast("BinaryIO", opening))
    opening.read = file.read
    return archive


class _Opening:
    """A file that is being opened. Beside its end records its directory is read, at once: to watch
    that read is to find the same directory as ``zipfile`` does, whatever several end records say.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable
        self.read: Callable[..., bytes] = self._bounded

    def _bounded(self, most: int = -1) -> bytes:
        if most > MOST_OF_DIRECTORY:
            raise TooManyParts("its directory is too large")
        content = self._file.read(most)
        if content.count(_ENTRY) > MOST_PARTS:
            raise TooManyParts("it has too many parts")
        return content
