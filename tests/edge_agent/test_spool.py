"""The spool: durable at return, forgets only what was settled, bounded in days."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SpoolLimits
from config.vocabulary import wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.time import DAY_MS
from edge_agent.spool.spool import Spool

ROOT = Path(__file__).parents[2]
DAY_S = DAY_MS / 1000


def sample(t: int, value: float | None = 1.5) -> Sample:
    """One indicator."""
    cause = Cause.NORMAL if value is not None else Cause.TIMEOUT
    return Sample(t, Clock.FREE_RUNNING, {"w21003": Measured(value, cause)})


def test_samples_come_back_as_they_were_given(tmp_path: Path) -> None:
    """Missing values, clock and order."""
    spool = Spool(tmp_path / "s.sqlite")
    spool.append(sample(1), sample(2, None))

    rows = spool.fresh(0, 10)

    assert rows == [Numbered(spool.boot, 1, sample(1)), Numbered(spool.boot, 2, sample(2, None))]
    spool.close()


def test_each_start_draws_a_new_boot_and_keeps_the_rows_of_earlier_ones(tmp_path: Path) -> None:
    """A cloned card or a restored image then doubles nothing."""
    first = Spool(tmp_path / "s.sqlite")
    first.append(sample(1), sample(2))
    first.close()
    second = Spool(tmp_path / "s.sqlite")
    second.append(sample(3))

    assert [(h.b, h.low, h.high) for h in second.held()] == [
        (first.boot, 1, 2),
        (second.boot, 1, 1),
    ]
    assert second.issued() == {first.boot: 2, second.boot: 1}
    second.close()


def test_only_what_was_settled_is_forgotten(tmp_path: Path) -> None:
    """An ack of another boot, or of what was never sent, changes nothing."""
    spool = Spool(tmp_path / "s.sqlite")
    spool.append(*(sample(t) for t in range(1, 6)))

    assert spool.forget("f" * 32, [(1, 9)]) == 0
    assert spool.forget(spool.boot, [(2, 3), (5, 99)]) == 3

    assert [row.seq for row in spool.fresh(0, 10)] == [1, 4]
    assert spool.oldest(spool.boot) == 1
    spool.forget(spool.boot, [(1, 5)])
    assert spool.oldest(spool.boot) == 6
    assert spool.issued() == {spool.boot: 5}
    spool.close()


def test_beyond_its_days_the_oldest_are_given_up_and_counted(tmp_path: Path) -> None:
    """Never the newest. Ten minutes of samples share a mark of their age."""
    clock_s = [0.0]
    spool = Spool(
        tmp_path / "s.sqlite", limits=SpoolLimits(days=1), monotonic_s=lambda: clock_s[0]
    )
    spool.append(sample(0), sample(10))
    clock_s[0] = 1200.0
    spool.append(sample(20))
    clock_s[0] = DAY_S + 600.0
    spool.append(sample(30))

    assert [row.seq for row in spool.fresh(0, 10)] == [3, 4]
    assert spool.report().given_up == 2
    spool.close()


@pytest.mark.parametrize("jump_ms", [60 * 366 * DAY_MS, -60 * 366 * DAY_MS])
def test_a_jump_of_the_clock_makes_no_sample_too_old(tmp_path: Path, jump_ms: int) -> None:
    """Whatever their instants are, and whatever the clock shows."""
    now_ms = [100 * 366 * DAY_MS]
    spool = Spool(tmp_path / "s.sqlite", limits=SpoolLimits(days=1), now_ms=lambda: now_ms[0])
    spool.append(*(sample(now_ms[0] + index) for index in range(73)))
    now_ms[0] += jump_ms
    spool.append(sample(now_ms[0]))

    assert len(spool.fresh(0, 100)) == 74
    assert spool.report().given_up == 0
    spool.close()


def test_age_goes_on_from_start_to_start_and_not_while_nothing_runs(tmp_path: Path) -> None:
    """A box that was dark for a year gives up nothing when it is back; the hours that an agent
    ran before its end count.
    """
    given_up, clock_s = [], [0.0]
    for start in range(4):
        clock_s[0] = start * 366.0 * DAY_S
        spool = Spool(
            tmp_path / "s.sqlite", limits=SpoolLimits(days=1), monotonic_s=lambda: clock_s[0]
        )
        for part in range(5):
            spool.append(sample(start * 10 + part))
            clock_s[0] += DAY_S / 8
        given_up.append(spool.report().given_up)
        spool.close()

    assert given_up == [0, 0, 4, 8]


def test_of_an_earlier_boot_that_is_too_old_the_last_stays_to_tell_of_the_rest(
    tmp_path: Path,
) -> None:
    """Without it the centre would never hear of the hole."""
    first = Spool(tmp_path / "s.sqlite")
    first.append(sample(0), sample(1), sample(2))
    first.close()
    clock_s = [0.0]
    second = Spool(
        tmp_path / "s.sqlite", limits=SpoolLimits(days=1), monotonic_s=lambda: clock_s[0]
    )
    clock_s[0] = 5.0 * DAY_S
    second.append(sample(DAY_MS * 5))

    assert [(h.b, h.low, h.high) for h in second.held()] == [
        (first.boot, 3, 3),
        (second.boot, 1, 1),
    ]
    assert second.report().given_up == 2
    second.close()


def test_after_sigkill_everything_that_append_returned_is_there(tmp_path: Path) -> None:
    """The process says each seq when it is on disk, and kills itself in between."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from edge_agent.spool.spool import Spool; from tests.edge_agent.test_spool import sample\n"
        "spool = Spool(Path(sys.argv[1]))\n"
        "for t in range(50): print(spool.append(sample(t)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = tmp_path / "s.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, check=False
    )
    said = [int(line) for line in done.stdout.split()]

    spool = Spool(path)

    assert (done.returncode, said) == (-9, list(range(1, 51)))
    assert [(held.low, held.high) for held in spool.held()] == [(1, 50)]
    spool.close()


VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
SAMPLES = st.builds(
    Sample,
    st.integers(0, 1 << 50),
    st.sampled_from(Clock),
    st.dictionaries(
        st.sampled_from(["w21003", "w01009", "a34004"]),
        st.builds(Measured, VALUES, st.sampled_from(Cause)),
    ),
)


@given(st.lists(SAMPLES, max_size=8))
def test_a_history_batch_is_read_back_from_its_bytes(samples: list[Sample]) -> None:
    """Unlike indicators in one batch included."""
    rows = [Numbered("ab" * 16, seq, row) for seq, row in enumerate(samples, start=5)]
    body = wire.decode_history(wire.encode_history(rows, oldest=5, sent_ms=9))
    assert wire.samples_of(body, "ab" * 16) == rows


@given(SAMPLES)
def test_a_live_sample_is_read_back_from_its_bytes(row: Sample) -> None:
    """With the oldest seq that is still spooled."""
    body = wire.decode_live(wire.encode_live(row, oldest=3, sent_ms=9))
    readings = {code: Measured(*pair) for code, pair in body.r.items()}
    assert (Sample(body.t, body.k, readings), body.o) == (row, 3)
