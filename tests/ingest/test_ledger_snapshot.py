"""The ledger between two runs: from a snapshot and the journal behind it, never more than both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.journal import Columns, Journal, Settled, Span
from ingest.ledger import Ledger, spans

ROUNDS = st.lists(
    st.tuples(st.sampled_from("ab"), st.lists(st.integers(1, 30), max_size=5), st.integers(1, 30)),
    max_size=10,
)


def books(ledger: Ledger) -> dict[str, tuple[list[tuple[int, int]], int]]:
    """All that a ledger says."""
    return {boot: (ledger.ack_for("s", boot), ledger.lost("s")) for boot in "ab"}


@settings(deadline=None, max_examples=50)
@given(rounds=ROUNDS, kept_at=st.integers(0, 10))
def test_a_snapshot_anywhere_gives_the_ledger_that_the_whole_journal_gives(
    tmp_path_factory: pytest.TempPathFactory,
    rounds: list[tuple[str, list[int], int]],
    kept_at: int,
) -> None:
    """Ranges, folds and exact loss."""
    folder = tmp_path_factory.mktemp("ledger")
    journal, live = Journal(folder / "journal"), Ledger()
    for place, (boot, seqs, oldest) in enumerate(rounds):
        if place == kept_at:
            live.save(folder / "snapshot", journal.last)
        settled = Settled("s", boot, oldest, spans(seqs))
        journal.append(Columns.empty(), [settled])
        live.settle(settled)

    again = Ledger.rebuilt(journal, folder / "snapshot")

    assert books(again) == books(live) == books(Ledger.rebuilt(journal))
    journal.close()


def test_a_snapshot_ahead_of_its_journal_is_passed_over(tmp_path: Path) -> None:
    """The journal came back from an older backup: what it lacks must be sent again."""
    ledger = Ledger()
    ledger.settle(Settled("s", "a", 1, (Span(1, 9),)))
    ledger.save(tmp_path / "snapshot", 5)
    journal = Journal(tmp_path / "journal")

    again = Ledger.rebuilt(journal, tmp_path / "snapshot")

    assert again.unseen("s", "a", [1]) == [True]
    journal.close()


@pytest.mark.parametrize("content", [b"", b"\xc1garbage", b"\x93\x01"])
def test_a_broken_snapshot_is_passed_over_with_a_word(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """The journal is still there."""
    (tmp_path / "snapshot").write_bytes(content)
    journal = Journal(tmp_path / "journal")
    journal.append(Columns.empty(), [Settled("s", "a", 1, (Span(1, 2),))])

    again = Ledger.rebuilt(journal, tmp_path / "snapshot")

    assert again.ack_for("s", "a") == [(1, 2)]
    assert "passed over" in caplog.text
    journal.close()
