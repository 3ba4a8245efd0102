"""Channels that need no provider: the console, a file, and the broker for open pages."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import msgspec

from alerting.notify.channels.protocol import Sent
from alerting.record.repository import Message
from config.catalogue.words import Words


class Console:
    """Prints a message for the one who watches."""

    def __init__(self, stream: TextIO, words: Words) -> None:
        self._stream = stream
        self._words = words

    def send(self, message: Message) -> Sent:
        """One line a message; a closed console is not worth a second try."""
        try:
            who = self._words(f"role.{message.audience}")
            line = self._words("message.printed", who=who, text=message.text)
            print(line, file=self._stream, flush=True)
        except (OSError, ValueError):
            return Sent.NEVER
        return Sent.DELIVERED


class File:
    """One JSON line a message, synced; a key that stands there already is not written twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        known = path.read_bytes() if path.exists() else b""
        whole = known[: known.rfind(b"\n") + 1]
        if whole != known:
            os.truncate(path, len(whole))  # written anew, it could be lost by a second crash
        self._end = len(whole)
        self._keys = {msgspec.json.decode(line)["key"] for line in whole.splitlines()}

    def send(self, message: Message) -> Sent:
        """Append and sync."""
        if message.key in self._keys:
            return Sent.DELIVERED
        kept = ("key", "alert_id", "event", "audience", "text")
        row = {name: value for name, value in asdict(message).items() if name in kept}
        line = msgspec.json.encode(row) + b"\n"
        try:
            with self._path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):  # a part may stand, which the next line must not follow
                os.truncate(self._path, self._end)
            return Sent.TRY_AGAIN
        self._end += len(line)
        self._keys.add(message.key)
        return Sent.DELIVERED


class Broker:
    """Publishes a transition for every open page; ``publish`` says whether it went out."""

    def __init__(self, topic: str, publish: Callable[[str, bytes], bool]) -> None:
        self._topic = topic
        self._publish = publish

    def send(self, message: Message) -> Sent:
        """Publish on the site's alerts topic."""
        done = self._publish(self._topic, message.text.encode())
        return Sent.DELIVERED if done else Sent.TRY_AGAIN
