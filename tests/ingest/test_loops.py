"""A loop of the centre goes on whatever its step raises, ever less often, and says that it fails."""

from __future__ import annotations

import threading

import pytest

from ingest.loops import BAD_FAILURES, BAD_MS, LONGEST_WAIT_S, Loop, failing, is_bad

T0 = 1_800_000_000_000


class Step:
    """A step that raises while ``error`` is set."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __call__(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def step() -> Step:
    made = Step()
    made.error = OSError("the disk is full")
    return made


def test_given_a_step_that_fails_when_it_is_tried_again_and_again_then_waits_grow_to_a_limit(
    step: Step,
) -> None:
    """So that nothing is done once a second for ever."""
    loop = Loop("some loop")
    waits = [loop.tried(step) for _ in range(8)]
    assert waits == [1, 2, 4, 8, *[LONGEST_WAIT_S] * 4]
    step.error = None
    assert loop.tried(step) == 0


def test_given_failures_in_a_row_then_their_number_beginning_and_last_error_are_known(
    step: Step,
) -> None:
    """Until it works again."""
    now_ms = T0
    loop = Loop("some loop", lambda: now_ms)
    assert failing([loop]) == []
    loop.tried(step)
    now_ms += 1000
    step.error = KeyError("x")
    loop.tried(step)
    (found,) = failing([loop, Loop("another")])
    assert (found.name, found.since_ms, found.failures) == ("some loop", T0, 2)
    assert found.error == "KeyError: 'x'"
    step.error = None
    loop.tried(step)
    assert failing([loop]) == []


def test_given_one_error_that_comes_again_then_it_is_logged_ever_less_often(
    step: Step, caplog: pytest.LogCaptureFixture
) -> None:
    """In full the first time, and where it is another one; then at each power of two."""
    loop = Loop("some loop")
    for _ in range(64):
        loop.tried(step)
    assert [bool(row.exc_info) for row in caplog.records] == [True, *[False] * 6]
    step.error = ValueError("another")
    loop.tried(step)
    assert caplog.records[-1].exc_info
    step.error = None
    loop.tried(step)
    assert "works again after 65 failures" in caplog.text


@pytest.mark.parametrize(
    ("failures", "after_ms", "bad"),
    [
        (1, 0, False),
        (BAD_FAILURES - 1, BAD_MS - 1, False),
        (BAD_FAILURES, 0, True),
        (1, BAD_MS, True),
    ],
)
def test_people_must_know_after_some_failures_or_after_a_minute(
    step: Step, failures: int, after_ms: int, bad: bool
) -> None:
    """A passing trouble is none of their business."""
    loop = Loop("some loop", lambda: T0)
    for _ in range(failures):
        loop.tried(step)
    assert [is_bad(of, T0 + after_ms) for of in failing([loop])] == [bad]


def test_a_loop_that_is_told_to_stop_does_not_wait_for_its_next_try(step: Step) -> None:
    """And did its step until then."""
    loop, stop = Loop("some loop"), threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop, step))
    failed = threading.Event()
    loop.now_ms = lambda: (failed.set(), T0)[1]
    thread.start()
    assert failed.wait(60)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert loop.failing
