"""A station's budget: no honest uplink ever waits, and nobody else waits for a station that does."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary import wire
from config.vocabulary.bounds import BODY_BYTES
from config.vocabulary.wire import SAMPLE_BYTES
from edge_agent.uplink.window import Window
from ingest.arrival.budget import BYTES_S, LETTERS_S, MESSAGES_S, TIMES, Bucket, Budget
from ingest.arrival.intake import Message
from ingest.arrival.waiting import HELD_BACK, HELD_BACK_BYTES, Put, Waiting
from tests.conftest import examples

STEPS = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 5000)), max_size=30)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@given(STEPS, st.integers(1, 10_000))
@settings(max_examples=examples(200))
def test_a_bucket_gives_its_rate_and_what_it_held_at_first_and_never_more(
    steps: list[tuple[int, int]], rate: int
) -> None:
    """One payment at most may overdraw it."""
    bucket, now_ms, spent = Bucket(rate, 0), 0, [0]
    for after_ms, n in steps:
        now_ms += after_ms
        if bucket.holds(now_ms):
            spent.append(n)
            bucket.spend(n)
    assert sum(spent) - spent[-1] <= rate + rate * now_ms / 1000


@given(st.lists(st.integers(-5000, 5000), max_size=20))
@settings(max_examples=examples(100))
def test_given_a_clock_that_jumps_a_bucket_is_full_at_most(jumps: list[int]) -> None:
    """However often it is asked."""
    bucket = Bucket(10, 0)
    for ms in jumps:
        bucket.holds(ms)
    bucket.spend(10)
    assert not bucket.holds(bucket.at_ms)


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=examples(50))
def test_an_uplink_whose_window_is_at_its_largest_never_waits(seed: int, refused: bool) -> None:
    """Acknowledged as often as the centre does, samples as large as they are, each alone in its
    message, and twice all that is under way at once; where ``refused``, each a dead letter.
    """
    chance, clock, seq = random.Random(seed), Clock(), 0
    window, budget = Window(size=wire.LIVE_UNDER_WAY, backlog=wire.BACKLOG_UNDER_WAY), Budget(0)
    for _ in range(5):
        for backlog in chance.sample([True, False], 2):
            for _ in range(window.room(backlog=backlog)):
                seq += 1
                window.sent("b", [seq], clock.ms / 1000, backlog=backlog)
                for _ in range(TIMES):
                    assert budget.take(SAMPLE_BYTES, clock.ms)
                    budget.refused(refused)
        clock.ms += wire.ACK_INTERVAL_MS
        window.settled("b", [(1, seq)], clock.ms / 1000)


def test_each_of_the_three_runs_out_by_itself() -> None:
    """Small messages, large ones, and such as are refused."""
    small, large, bad = Budget(0), Budget(0), Budget(0)

    assert sum(small.take(1, 0) for _ in range(2 * MESSAGES_S)) == MESSAGES_S
    assert sum(large.take(BODY_BYTES, 0) for _ in range(MESSAGES_S)) == -(-BYTES_S // BODY_BYTES)
    bad.refused(2 * LETTERS_S)
    assert not bad.take(1, 1000)
    assert bad.take(1, 1001)


def message(n: int, size: int = 1) -> Message:
    """One of a station; ``mid`` tells it from others."""
    return Message("t", b"x" * size, mid=n)


def test_given_a_flood_of_one_station_another_one_s_message_is_taken_in_the_next_round() -> None:
    """What was held back is taken as the budget fills, in its order, and nothing else is lost."""
    clock = Clock()
    waiting = Waiting(20_000, clock)
    for n in range(MESSAGES_S + 100):
        waiting.put("bad", message(n))
    while len(waiting.take(0, 500)) == 500:
        pass
    assert waiting.put("good", message(7)) is Put.IN_LINE
    assert [row.mid for row in waiting.take(0, 500)] == [7]

    clock.ms += 20
    found = waiting.take(0, 500)

    assert [row.mid for row in found] == list(range(MESSAGES_S, MESSAGES_S + len(found)))
    assert len(found) == MESSAGES_S * 20 // 1000
    assert not any(row.qos for row in found), "the broker has had its answer"
    assert waiting.held_back == {"bad": 100}


def test_what_is_held_back_of_a_station_is_bounded_by_number_and_bytes() -> None:
    """Beyond that it is let go of: an agent sends again what no ack names."""
    for size, most in ((1, HELD_BACK), (BODY_BYTES, HELD_BACK_BYTES // BODY_BYTES)):
        clock = Clock()
        waiting = Waiting(20_000, clock)
        waiting.refused({"bad": 1})
        for n in range(MESSAGES_S + HELD_BACK + 10):
            waiting.put("bad", message(n, size))
        while len(waiting.take(0, 500)) == 500:
            pass
        taken = 0
        for _ in range(200):
            clock.ms += 100
            taken += len(waiting.take(0, 500))
        assert taken == most


def test_what_was_held_back_for_longest_is_known_until_it_is_taken() -> None:
    """Of all stations."""
    clock = Clock()
    waiting = Waiting(10, clock)
    assert waiting.oldest_held_back_s() is None
    for of in ("a", "b"):
        waiting.put(of, message(0))
        waiting.refused({of: LETTERS_S})
    for of, came_s in (("a", 7.0), ("a", 8.0), ("b", 5.0)):
        waiting.put(of, Message(of, b"", received_s=came_s))
    assert waiting.oldest_held_back_s() == 5
    assert len(waiting.take(0, 10)) == 2

    clock.ms = 1000
    assert len(waiting.take(0, 10)) == 3
    assert waiting.oldest_held_back_s() is None


def test_given_letters_beyond_the_budget_only_their_station_waits() -> None:
    """They are known after the message was taken; until then it had credit."""
    clock = Clock()
    waiting = Waiting(10, clock)
    assert waiting.put("bad", message(1)) is Put.IN_LINE
    waiting.refused({"bad": LETTERS_S, "nobody": 1})
    assert waiting.put("bad", message(2)) is Put.HELD_BACK
    assert waiting.put("good", message(3)) is Put.IN_LINE
    assert [row.mid for row in waiting.take(0, 10)] == [1, 3]
    clock.ms = 1
    assert [row.mid for row in waiting.take(0, 10)] == [2]


def test_given_many_stations_beyond_their_budgets_they_take_half_of_a_round_in_equal_parts() -> (
    None
):
    """The line is never starved by what was held back."""
    clock = Clock()
    waiting = Waiting(100_000, clock)
    for of in ("a", "b", "c", "d"):
        waiting.put(of, message(0))
        waiting.refused({of: LETTERS_S})
        for n in range(100):
            waiting.put(of, Message(of, b"", mid=n))
    for n in range(500):
        waiting.put("good", Message("good", b"", mid=n))
    clock.ms = 1000

    found = [row.topic for row in waiting.take(0, 200)]

    assert [found.count(of) for of in ("a", "b", "c", "d")] == [25] * 4
    assert len(found) == 200
