"""The window: grows with clean acks, shrinks at a loss, and leaves room for live samples."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.uplink.window import LARGEST, LEAST_BACKLOG, MOST_BACKLOG, SMALLEST, Window

BOOT = "b"


def test_backlog_takes_at_most_half_and_live_the_rest() -> None:
    """Of a window of twenty: ten live samples, or a message of a hundred."""
    window = Window(backlog=MOST_BACKLOG)
    assert (window.room(backlog=True), window.room(backlog=False)) == (100, 20)
    window.sent(BOOT, list(range(100)), 0.0, backlog=True)
    assert (window.room(backlog=True), window.room(backlog=False)) == (0, 10)


def test_live_samples_that_are_under_way_leave_less_for_backlog() -> None:
    """Fifteen of twenty leave five, which fifty of backlog weigh."""
    window = Window(backlog=MOST_BACKLOG)
    window.sent(BOOT, list(range(15)), 0.0, backlog=False)
    assert (window.room(backlog=True), window.room(backlog=False)) == (50, 5)
    window.sent(BOOT, list(range(15, 56)), 0.0, backlog=True)
    assert (window.room(backlog=True), window.room(backlog=False)) == (9, 0)


def test_an_ack_in_time_makes_it_four_wider() -> None:
    """And an ack of nothing that is under way changes nothing."""
    window = Window()
    window.sent(BOOT, [1, 2], 0.0, backlog=False)
    assert not window.settled(BOOT, [(1, 2)], 1.0)
    assert window.size == 24
    assert not window.holds(BOOT, 1)
    window.settled(BOOT, [(1, 2)], 1.0)
    window.settled("other", [(1, 2)], 1.0)
    assert window.size == 24


def test_where_acks_come_late_it_becomes_smaller() -> None:
    """More than two seconds: what waits on the line keeps the next live sample waiting."""
    window, rooms = Window(size=40, backlog=100), []
    for _ in range(6):
        window.sent(BOOT, [1], 0.0, backlog=True)
        assert not window.settled(BOOT, [(1, 1)], 2.1)
        rooms.append((window.room(backlog=False), window.room(backlog=True)))
    assert rooms == [(28, 70), (19, 49), (13, 34), (9, 23), (8, 20), (8, 20)]


def test_backlog_grows_by_a_fifth_with_each_ack_in_time() -> None:
    """From twenty samples at first to a thousand, half of the largest window."""
    window, rooms = Window(size=LARGEST), []
    for _ in range(30):
        rooms.append(window.room(backlog=True))
        window.sent(BOOT, [1], 0.0, backlog=True)
        window.settled(BOOT, [(1, 1)], 2.0)
    assert (rooms[:4], rooms[-1]) == ([20, 24, 28, 33], 1000)


def test_a_sample_is_lost_when_one_sent_a_second_later_was_settled() -> None:
    """Less than a second may be reordering."""
    window = Window()
    window.sent(BOOT, [1], 0.0, backlog=False)
    window.sent(BOOT, [2], 0.5, backlog=False)
    window.sent(BOOT, [3], 1.0, backlog=False)
    assert window.settled(BOOT, [(3, 3)], 1.1)
    assert (window.holds(BOOT, 1), window.holds(BOOT, 2), window.size) == (False, True, 14)


def test_after_fifteen_seconds_without_an_ack_a_sample_is_lost() -> None:
    """It may then be sent again; one that is younger is waited for."""
    window = Window()
    window.sent(BOOT, [1], 0.0, backlog=False)
    window.sent(BOOT, [2], 0.1, backlog=False)
    assert not window.expire(14.9)
    assert window.expire(15.0)
    assert (window.holds(BOOT, 1), window.holds(BOOT, 2)) == (False, True)


@given(
    st.lists(st.tuples(st.sampled_from(["send", "ack", "wait"]), st.integers(1, 30)), max_size=60)
)
def test_whatever_happens_it_stays_within_its_bounds(events: list[tuple[str, int]]) -> None:
    """And never holds more than it may."""
    window, now, seq = Window(), 0.0, 0
    for event, number in events:
        now += 0.3
        if event == "send":
            count = min(number, window.room(backlog=True))
            window.sent(BOOT, list(range(seq, seq + count)), now, backlog=True)
            seq += count
            assert sum(window.holds(BOOT, one) for one in range(seq)) <= MOST_BACKLOG
        elif event == "ack":
            window.settled(BOOT, [(seq - number, seq)], now)
        else:
            now += number
            window.expire(now)
        assert SMALLEST <= window.size <= LARGEST
        assert LEAST_BACKLOG <= window.backlog <= MOST_BACKLOG
