"""What is kept of histories, so that a line on the move is answered from memory."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.platforms.environment.tuning import repository


def kept() -> repository._Kept[str]:
    """Texts, of as many rows as they have letters."""
    return repository._Kept(len)


def test_who_asks_for_what_is_being_made_waits_for_it() -> None:
    """Of two that ask at once only one makes it."""
    store, begun, go = kept(), threading.Event(), threading.Event()
    made: list[str] = []

    def make() -> str:
        begun.set()
        assert go.wait(60)
        made.append("a")
        return "a"

    with ThreadPoolExecutor(2) as people:
        first = people.submit(store.of, 1, make)
        assert begun.wait(60)
        second = people.submit(store.of, 1, make)
        go.set()
        assert (first.result(60), second.result(60), made) == ("a", "a", ["a"])


def test_what_failed_is_asked_for_anew() -> None:
    """A store that was away is no answer for two minutes."""
    store = kept()

    def fail() -> str:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        store.of(1, fail)
    assert store.of(1, lambda: "a") == "a"


def test_what_was_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as there are too many rows."""
    monkeypatch.setattr(repository, "MOST_KEPT", 5)
    store = kept()
    store.of(1, lambda: "aa")
    store.of(2, lambda: "bb")
    assert store.of(1, lambda: "anew") == "aa"
    store.of(3, lambda: "cc")
    assert store.of(1, lambda: "anew") == "aa"
    assert store.of(2, lambda: "anew") == "anew"
