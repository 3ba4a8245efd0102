"""The ledger against a plain set of numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.arrival import sequence_ledger as module
from ingest.arrival.sequence_ledger import SequenceLedger, spans
from ingest.journal.columns import Columns
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal

SEQS = st.lists(st.integers(1, 60), max_size=12)


@given(st.lists(SEQS, max_size=12))
def test_given_any_arrivals_the_ledger_holds_exactly_what_arrived(rounds: list[list[int]]) -> None:
    """Unseen, and the ranges of the ack."""
    ledger, model = SequenceLedger(), set[int]()
    for seqs in rounds:
        firsts = [seq not in model and seq not in seqs[:i] for i, seq in enumerate(seqs)]
        assert ledger.unseen("s", "b", seqs) == firsts
        ledger.settle(Settled("s", "b", 1, spans(seqs)))
        model.update(seqs)
    acked = {n for first, last in ledger.ack_for("s", "b") for n in range(first, last + 1)}
    assert acked == model


@given(st.sets(st.integers(1, 40)), st.integers(1, 45))
def test_holes_below_the_oldest_spooled_are_the_exact_loss(arrived: set[int], oldest: int) -> None:
    """What a spool gave up can come no more."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "b", 1, spans(sorted(arrived))))

    ledger.settle(Settled("s", "b", oldest, ()))

    assert ledger.lost() == len(set(range(1, oldest)) - arrived)


def test_an_ack_names_at_most_64_ranges_the_newest_first() -> None:
    """The oldest holes wait for a later ack."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "b", 1, spans(range(1, 400, 2))))

    ranges = ledger.ack_for("s", "b")

    assert len(ranges) == 64
    assert ranges[0] == (399, 399)
    assert ranges[-1] == (273, 273)


def test_a_ledger_rebuilt_from_the_journal_claims_what_the_journal_holds(tmp_path: Path) -> None:
    """And nothing of another station or boot."""
    journal = Journal(tmp_path)
    journal.append(Columns.empty(), [Settled("s", "b", 1, (Span(1, 3), Span(7, 7)))])

    ledger = SequenceLedger.rebuilt(journal)

    assert ledger.unseen("s", "b", [3, 4, 7]) == [False, True, False]
    assert ledger.unseen("s", "other", [3]) == [True]
    journal.close()


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 30), st.integers(0, 60)), max_size=25
    ),
    st.integers(1, 30),
    st.integers(0, 60),
)
def test_given_any_arrivals_no_instant_that_was_taken_looks_free(
    arrivals: list[tuple[str, int, int]], oldest: int, t: int
) -> None:
    """Whatever was folded; seqs that are refused take no instant."""
    ledger, taken = SequenceLedger(), set[int]()
    for boot, seq, at in arrivals:
        if ledger.unseen("s", boot, [seq])[0]:
            ledger.settle(Settled("s", boot, 1, spans([seq], [at])))
            taken.add(at)
    ledger.settle(Settled("s", "a", oldest, ()))

    if t in taken:
        assert ledger.taken_among("s", t, t)
    if not any(low <= t <= high for low, high in [(min(taken, default=1), max(taken, default=0))]):
        assert not ledger.taken_among("s", t, t)


def test_a_backlog_that_fills_a_hole_meets_nobodys_instants() -> None:
    """Live first, then what was missed: nothing of it needs a look into the store."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "b", 1, spans(range(1, 11), range(1000, 1010))))
    ledger.settle(Settled("s", "b", 1, spans([21, 22], [1020, 1021])))

    assert not ledger.taken_among("s", 1010, 1019)
    assert not ledger.taken_among("s", 1022, 1022)
    assert ledger.taken_among("s", 1009, 1010)


def test_what_arrived_is_counted_apart_from_what_was_lost() -> None:
    """Of every boot, folded or not."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "a", 4, spans([1, 3, 4])))
    ledger.settle(Settled("s", "b", 1, spans([2])))

    assert (ledger.stations(), ledger.arrived("s"), ledger.lost("s")) == (["s"], 4, 1)


ARRIVALS = st.lists(
    st.tuples(st.integers(0, 6), st.sets(st.integers(1, 12), min_size=1, max_size=5)), max_size=25
)


@given(ARRIVALS)
def test_given_few_open_books_what_arrives_again_is_new_or_known_and_its_instant_never_looks_free(
    arrivals: list[tuple[int, set[int]]],
) -> None:
    """So whoever looks up the instants named keeps exactly what came, each reading once."""
    kept, came = list[int](), set[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "OPEN_BOOTS", 2)
        patch.setattr(module, "OPEN_SPANS", 2)
        ledger = SequenceLedger()
        for boot, seqs in arrivals:
            order = sorted(seqs)
            news = ledger.unseen("s", f"{boot}", order)
            fresh = [seq for seq, new in zip(order, news, strict=True) if new]
            instants = [100 * boot + 5 * seq for seq in fresh]
            for t in instants:
                if not (ledger.taken_among("s", t, t) and t in came):  # the store writer's look-up
                    kept.append(t)
            came.update(instants)
            ledger.settle(Settled("s", f"{boot}", 1, spans(fresh, instants)))
    assert sorted(kept) == sorted(came)


def test_given_more_boots_than_are_kept_open_the_sums_stay_and_books_do_not() -> None:
    """With what the boots forgotten lacked."""
    ledger = SequenceLedger()
    for n in range(3 * module.OPEN_BOOTS):
        ledger.settle(Settled("s", f"{n:032x}", 2, spans([2, 4], [10 * n, 10 * n + 5])))

    assert ledger.arrived("s") == 6 * module.OPEN_BOOTS
    assert ledger.lost("s") == 3 * module.OPEN_BOOTS
    assert ledger.missing("s", {}) == (0, 3 * module.OPEN_BOOTS - 1), "the newest may still come"
    assert ledger.unseen("s", f"{0:032x}", [2]) == [True]
    assert ledger.taken_among("s", 0, 0)


def test_given_a_seq_left_out_each_time_a_book_forgets_the_lowest_and_counts_them_still() -> None:
    """A fold later takes them for settled, not for lost."""
    ledger, most = SequenceLedger(), 4 * module.OPEN_SPANS
    for seq in range(2, 2 * most + 1, 2):
        ledger.settle(Settled("s", "b", 1, spans([seq], [seq])))
    assert ledger.arrived("s") == most
    assert ledger.unseen("s", "b", [2, 2 * most]) == [True, False]

    ledger.settle(Settled("s", "b", 2 * most + 1, ()))

    assert ledger.lost("s") == most


def test_while_a_spool_holds_boots_that_it_cannot_name_nothing_of_those_gone_by_counts_as_lost() -> (
    None
):
    """It may hold just that."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "a", 1, spans([3], [3])))
    ledger.settle(Settled("s", "b", 1, spans([1], [9])))

    assert ledger.missing("s", {"b": (1, 4)}) == (3, 2)
    assert ledger.missing("s", {"b": (1, 4)}, 7) == (10, 0)
