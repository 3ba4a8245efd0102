"""Oversized messages cost no more than small ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.centre import Centre
from config.catalogue import loading
from config.settings import DISTRICTS
from config.vocabulary import topics
from config.vocabulary.bounds import BODY_BYTES, HISTORY_SAMPLES, MISHAPS
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


@pytest.mark.parametrize(
    ("mishaps", "reason"), [(MISHAPS + 1, Reason.UNREADABLE), (50_000, Reason.TOO_LARGE)]
)
def test_given_a_status_with_more_mishaps_than_one_may_have_it_is_one_letter_and_says_nothing(
    tmp_path: Path, mishaps: int, reason: Reason
) -> None:
    """So none of them reaches the pulse, which the broker would not take."""
    deadletters = DeadLetters(tmp_path / "letters.sqlite")
    intake = Intake(loading.load(DISTRICTS / "tongzhou"), SequenceLedger(), deadletters)
    body: dict[str, object] = {"v": 1, "online": True, "t": 1, "held": []}
    body["mishaps"] = [{"t": 1, "what": "copied"}] * mishaps
    topic = topics.station_topic("tongzhou", "tonglv-jinsha", "status")

    taken = intake.take([Message(topic, json.dumps(body).encode())], NOW_MS)

    letters = deadletters.newest()
    deadletters.close()
    assert [of.reason for of in letters] == [reason]
    assert not taken.said
    assert len(letters[0].payload) <= BODY_BYTES


def test_given_a_huge_report_of_health_it_is_passed_over_with_a_line_that_is_short(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By its size, before it is parsed, or by its loggers."""
    heard = Centre(lambda: NOW_MS)
    for station, loggers in (("many", 251), ("huge", 50_000)):
        body: dict[str, object] = {
            "v": 1,
            "t": 1,
            "b": "",
            "up_ms": 1,
            "sensors": {},
            "devices": {},
        }
        body["loggers"] = {f"{n}": {} for n in range(loggers)}
        heard.hear_health(topics.health_topic("tongzhou", station), json.dumps(body).encode())
        assert heard.health(station) is None
    assert len(caplog.messages) == 2
    assert max(len(line) for line in caplog.messages) < 500
