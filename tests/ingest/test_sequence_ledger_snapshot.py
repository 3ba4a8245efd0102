"""The ledger between two runs: from a snapshot and the journal behind it, never more than both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.arrival import sequence_ledger as module
from ingest.arrival.sequence_ledger import SequenceLedger, spans
from ingest.journal.columns import Columns
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal
from tests.conftest import examples

ROUNDS = st.lists(
    st.tuples(st.sampled_from("ab"), st.lists(st.integers(1, 30), max_size=5), st.integers(1, 30)),
    max_size=10,
)


def books(ledger: SequenceLedger) -> dict[str, tuple[list[tuple[int, int]], int]]:
    """All that a ledger says."""
    return {boot: (ledger.ack_for("s", boot), ledger.lost("s")) for boot in "ab"}


@settings(deadline=None, max_examples=examples(50))
@given(rounds=ROUNDS, kept_at=st.integers(0, 10))
def test_a_snapshot_anywhere_gives_the_ledger_that_the_whole_journal_gives(
    tmp_path_factory: pytest.TempPathFactory,
    rounds: list[tuple[str, list[int], int]],
    kept_at: int,
) -> None:
    """Ranges, folds and exact loss."""
    folder = tmp_path_factory.mktemp("ledger")
    journal, live = Journal(folder / "journal"), SequenceLedger()
    for place, (boot, seqs, oldest) in enumerate(rounds):
        if place == kept_at:
            live.save(folder / "snapshot", journal.last)
        settled = Settled("s", boot, oldest, spans(seqs))
        journal.append(Columns.empty(), [settled])
        live.settle(settled)

    again = SequenceLedger.rebuilt(journal, folder / "snapshot")

    assert books(again) == books(live) == books(SequenceLedger.rebuilt(journal))
    journal.close()


def test_a_snapshot_ahead_of_its_journal_is_passed_over(tmp_path: Path) -> None:
    """The journal came back from an older backup: what it lacks must be sent again."""
    ledger = SequenceLedger()
    ledger.settle(Settled("s", "a", 1, (Span(1, 9),)))
    ledger.save(tmp_path / "snapshot", 5)
    journal = Journal(tmp_path / "journal")

    again = SequenceLedger.rebuilt(journal, tmp_path / "snapshot")

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

    again = SequenceLedger.rebuilt(journal, tmp_path / "snapshot")

    assert again.ack_for("s", "a") == [(1, 2)]
    assert "passed over" in caplog.text
    journal.close()


BEFORE = bytes.fromhex(
    "82a16e05a5626f6f6b739293a173d9206161616161616161616161616161616161616161616161616161616161616161"
    "84a57370616e7391940707cd2328cd2328a5666c6f6f7206a6666f6c646564940003cd03e8cd0bb8a46c6f73740293"
    "a173d920626262626262626262626262626262626262626262626262626262626262626284a57370616e7391940202"
    "cd4e20cd4e20a5666c6f6f7201a6666f6c646564940000cf4000000000000000ffa46c6f737400"
)
"""Of a ledger that kept no sums: seqs 1 to 3 and 7 of one boot, folded below 6, and 2 of another."""


def test_a_snapshot_of_a_ledger_that_kept_no_sums_is_opened_with_all_that_it_says(
    tmp_path: Path,
) -> None:
    """The journal before it may be gone."""
    (tmp_path / "snapshot").write_bytes(BEFORE)
    journal = Journal(tmp_path / "journal", after=5)

    ledger = SequenceLedger.rebuilt(journal, tmp_path / "snapshot")

    assert (ledger.arrived("s"), ledger.lost("s")) == (5, 2)
    assert ledger.ack_for("s", "aa" * 16) == [(7, 7), (1, 5)]
    assert ledger.taken_among("s", 0, 10_000) == [(1000, 3000), (9000, 9000)]
    assert ledger.missing("s", {}) == (0, 1)
    journal.close()


def test_what_is_forgotten_is_so_after_a_restart_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums and spans of time come from the snapshot."""
    monkeypatch.setattr(module, "OPEN_BOOTS", 2)
    ledger = SequenceLedger()
    for n in range(5):
        ledger.settle(Settled("s", f"{n}", 1, spans([2], [n])))
    ledger.save(tmp_path / "snapshot", 0)
    journal = Journal(tmp_path / "journal")

    again = SequenceLedger.rebuilt(journal, tmp_path / "snapshot")

    assert (again.arrived("s"), again.missing("s", {})) == (5, (0, 4))
    assert again.taken_among("s", 0, 9) == ledger.taken_among("s", 0, 9)
    assert [again.ack_for("s", f"{n}") for n in range(5)] == [[], [], [], [(2, 2)], [(2, 2)]]
    journal.close()
