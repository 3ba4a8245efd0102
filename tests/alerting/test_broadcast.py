"""Open pages hear of each change of the record, by every way that works."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alerting.alert import Change
from alerting.broadcast import REPEATED, Broadcast
from tests.alerting.conftest import RunningCentre
from tests.alerting.test_repository import ALERT, put


class Record:
    """As much of a repository as a broadcast asks; gives few transitions at once."""

    def __init__(self) -> None:
        self.last = 0

    def last_transition(self) -> int:
        return self.last

    def since(self, after: int, most: int = 3) -> list[tuple[int, Change, int, object]]:
        numbers = range(after + 1, min(self.last, after + most) + 1)
        return [(number, Change.FIRED, 0, replace(ALERT, id=str(number))) for number in numbers]


class Sayings:
    """Sentences that nobody looks at."""

    summary = ""

    def sentences(self, *_: object) -> Sayings:
        return self


class Way:
    """Leads somewhere, or is cut."""

    def __init__(self) -> None:
        self.works, self.heard = True, list[int]()

    def __call__(self, message: bytes) -> bool:
        if self.works:
            self.heard.append(int(msgspec.json.decode(message)["id"]))
        return self.works


steps = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=20)


@given(steps)
def test_however_ways_are_cut_each_hears_every_change_once_and_in_order(
    said: list[tuple[int, bool, bool]],
) -> None:
    """And one that works hears no later for the other."""
    record: Any = Record()
    sayings: Any = Sayings()
    ways = Way(), Way()
    broadcast = Broadcast(record, sayings, ways, lambda: 0, threading.Event())
    broadcast.step()
    for fresh, first, second in said:
        record.last += fresh
        ways[0].works, ways[1].works = first, second
        before = [len(way.heard) for way in ways]
        broadcast.step()
        for way, known in zip(ways, before, strict=True):
            assert not way.works or len(way.heard) >= min(known + 3, record.last)
    for way in ways:
        way.works = True
    for _ in range(record.last):
        broadcast.step()
    assert [way.heard for way in ways] == 2 * [list(range(1, record.last + 1))]


def test_given_a_record_when_the_core_begins_then_its_last_changes_are_told_once_more(
    centre: RunningCentre,
) -> None:
    """Nobody knows which of them were heard."""
    way = Way()
    put(centre, *(replace(ALERT, id=str(number)) for number in range(REPEATED + 2)))
    sayings: Any = Sayings()
    broadcast = Broadcast(centre.repository, sayings, [way], lambda: 0, threading.Event())
    broadcast.step()
    assert way.heard == list(range(2, REPEATED + 2))
