"""An oversized batch costs no more than a small one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.catalogue import loading
from config.settings import DISTRICTS
from config.vocabulary import topics
from config.vocabulary.bounds import HISTORY_SAMPLES
from config.vocabulary.refusals import Reason
from ingest.arrival.intake import Intake, Message
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters

NOW_MS = 1_800_000_000_000


@pytest.mark.parametrize(
    ("rows", "reason"),
    [(HISTORY_SAMPLES + 1, Reason.UNREADABLE), (100_000, Reason.TOO_LARGE)],
)
def test_given_impossible_instants_beyond_a_batch_s_bound_its_ends_alone_are_letters(
    tmp_path: Path, rows: int, reason: Reason
) -> None:
    """One body is kept, whatever the rows; only the first letter has it."""
    deadletters = DeadLetters(tmp_path / "letters.sqlite")
    intake = Intake(loading.load(DISTRICTS / "tongzhou"), SequenceLedger(), deadletters)
    body = {"v": 1, "o": 1, "q": 1, "s": list(range(1, rows + 1)), "t": [1] * rows}
    body |= {"k": [0] * rows, "r": {"w21003": [[1.0] * rows, [0] * rows]}}
    topic = topics.history_topic("tongzhou", "tonglv-jinsha", "ab" * 16, 1, rows)

    intake.take([Message(topic, json.dumps(body).encode())], NOW_MS)

    letters = deadletters.newest()
    deadletters.close()
    assert [(of.seq, of.reason) for of in letters] == [(rows, reason), (1, reason)]
    assert not letters[0].payload
    assert letters[1].payload
