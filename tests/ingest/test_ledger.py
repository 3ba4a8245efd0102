"""The ledger against a plain set of numbers."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.journal import Columns, Journal, Settled
from ingest.ledger import Ledger, spans

SEQS = st.lists(st.integers(1, 60), max_size=12)


@given(st.lists(SEQS, max_size=12))
def test_given_any_arrivals_the_ledger_holds_exactly_what_arrived(rounds: list[list[int]]) -> None:
    """Unseen, and the ranges of the ack."""
    ledger, model = Ledger(), set[int]()
    for seqs in rounds:
        assert ledger.unseen("s", "b", seqs) == [seq not in model for seq in seqs]
        ledger.settle(Settled("s", "b", 1, spans(seqs)))
        model.update(seqs)
    acked = {n for first, last in ledger.ack_for("s", "b") for n in range(first, last + 1)}
    assert acked == model


@given(st.sets(st.integers(1, 40)), st.integers(1, 45))
def test_holes_below_the_oldest_spooled_are_the_exact_loss(arrived: set[int], oldest: int) -> None:
    """What a spool gave up can come no more."""
    ledger = Ledger()
    ledger.settle(Settled("s", "b", 1, spans(sorted(arrived))))

    ledger.settle(Settled("s", "b", oldest, ()))

    assert ledger.lost() == len(set(range(1, oldest)) - arrived)


def test_an_ack_names_at_most_64_ranges_the_newest_first() -> None:
    """The oldest holes wait for a later ack."""
    ledger = Ledger()
    ledger.settle(Settled("s", "b", 1, spans(range(1, 400, 2))))

    ranges = ledger.ack_for("s", "b")

    assert len(ranges) == 64
    assert ranges[0] == (399, 399)
    assert ranges[-1] == (273, 273)


def test_a_ledger_rebuilt_from_the_journal_claims_what_the_journal_holds(tmp_path: Path) -> None:
    """And nothing of another station or boot."""
    journal = Journal(tmp_path)
    journal.append(Columns.empty(), [Settled("s", "b", 1, ((1, 3), (7, 7)))])

    ledger = Ledger.rebuilt(journal)

    assert ledger.unseen("s", "b", [3, 4, 7]) == [False, True, False]
    assert ledger.unseen("s", "other", [3]) == [True]
    assert ledger.repeated("s") == 2
    journal.close()
