"""Values that all pages of a moment share: reckoned once, however many ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")


class Shared:
    """Of each name the newest value, with the moment of which it is."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, threading.Lock] = {}
        self._values: dict[Hashable, tuple[Hashable, object]] = {}

    def get(self, name: Hashable, moment: Hashable, reckon: Callable[[], T]) -> T:
        """The value of a moment; who asks while it is reckoned waits for it."""
        with self._locks.setdefault(name, threading.Lock()):
            found = self._values.get(name)
            if found is None or found[0] != moment:
                found = self._values[name] = moment, reckon()
            return cast("T", found[1])
