"""The channel that needs no provider: a line on the console and one in a file of the data folder.

It is there where the settings name no other.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import msgspec

from alerting.channels.protocol import AddressKind, Later, Limit, Outcome, Outgoing, Taken
from config.catalogue.words import Words

FILE = "messages.jsonl"


class Console:
    """Writes a JSON line, synced, and then prints. A message that stands in the file already is
    not written twice, so a crash between the two loses at most the print.
    """

    reaches: AddressKind = "screen"
    limit: Limit | None = None

    def __init__(self, folder: Path, screen: TextIO, words: Words) -> None:
        self._path, self._screen, self._words = folder / FILE, screen, words
        known = self._path.read_bytes() if self._path.exists() else b""
        whole = known[: known.rfind(b"\n") + 1]
        if whole != known:
            os.truncate(self._path, len(whole))  # written anew, it could be lost by a second crash
        self._end = len(whole)
        self._keys = {msgspec.json.decode(line)["key"] for line in whole.splitlines()}

    def send(self, outgoing: Outgoing) -> Outcome:
        """Write and print."""
        if outgoing.key in self._keys:
            return Taken(delivered=True)
        who = outgoing.addresses[0] if outgoing.addresses else ""
        row = {
            "key": outgoing.key, "reader": who, "kind": outgoing.kind, "title": outgoing.title,
            "text": outgoing.text, "data": outgoing.data,
        }  # fmt: skip
        if why := self._written(msgspec.json.encode(row) + b"\n"):
            return Later(why)
        self._keys.add(outgoing.key)
        line = self._words("message.printed", who=who, text=outgoing.text)
        with suppress(OSError, ValueError):  # a closed console is not worth a second try
            print(line, file=self._screen, flush=True)
        return Taken(delivered=True)

    def _written(self, line: bytes) -> str:
        try:
            with self._path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):  # a part may stand, which the next line must not follow
                os.truncate(self._path, self._end)
            return str(error)
        self._end += len(line)
        return ""
