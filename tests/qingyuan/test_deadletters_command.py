"""`qingyuan deadletters`: what was refused is listed, shown, mended and replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary import topics, wire
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from ingest.arrival.intake import Intake, Message
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from ingest.store.duckdb.store import DuckDBStore
from ingest.store.writer import StoreWriter
from qingyuan.commands.records import deadletters
from qingyuan.runtime.site import now_ms, only_one, opened

STATION, BOOT = "tonglv-jinsha", "cd" * 16
GOOD = {"w21003": Measured(0.5, Cause.NORMAL)}


def refuse(catalogue: Catalogue, data: Path, *messages: Message) -> list[str]:
    """Ids of what the intake makes of these."""
    letters = DeadLetters(data / "deadletters.sqlite")
    taken = Intake(catalogue, SequenceLedger(), letters).take(messages, now_ms())
    letters.close()
    return [letter.id for letter in taken.refused]


def live(station: str = STATION, *, t: int | None = None, seq: int = 1) -> Message:
    """A sample."""
    taken_ms = now_ms() - 1000 if t is None else t
    body = wire.encode_live(Sample(taken_ms, Clock.SYNCHRONISED, GOOD), oldest=1, sent_ms=0)
    return Message(topics.readings_topic("tongzhou", station, BOOT, seq), body)


def stored(data: Path, station: str = STATION) -> list[float]:
    """What the next start brings into the store."""
    journal, letters = Journal(data / "journal"), DeadLetters(data / "deadletters.sqlite")
    store = DuckDBStore(data / "readings.duckdb")
    StoreWriter(journal, store, letters, "tongzhou").step()
    values: list[float] = store.track(f"{station}/w21003", 0, 1 << 50).value.tolist()
    for part in (store, letters, journal):
        part.close()
    return values


def test_letters_are_listed_and_shown_while_the_centre_runs(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By station and by a part of the reason; the payload as it was."""
    first, second = refuse(catalogue, tmp_path, live("not-yet-built"), live(t=5, seq=2))
    with only_one(tmp_path):
        assert deadletters.run(["--data", str(tmp_path), "list"]) == 0
        everything = capsys.readouterr().out
        deadletters.run(["--data", str(tmp_path), "list", "--reason", "impossible time"])
        some = capsys.readouterr().out
        deadletters.run(["--data", str(tmp_path), "show", second])
        shown = capsys.readouterr().out

    assert first in everything
    assert "unknown station tongzhou/not-yet-built" in everything
    assert (first in some, second in some, "1 of 1; 2 in all" in some) == (False, True, True)
    assert "impossible time 5" in shown
    assert '"w21003"' in shown


def test_a_letter_replayed_under_its_right_station_is_stored_once(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It leaves the list; the same sample that comes again by hand changes nothing."""
    sample = live("not-yet-built")
    for _ in range(2):
        (letter,) = refuse(catalogue, tmp_path, sample)
        arguments = ["--data", str(tmp_path), "replay", letter, "--station", STATION]
        assert deadletters.run(arguments) == 0
        assert "1 readings are journaled" in capsys.readouterr().out
        assert stored(tmp_path) == [0.5]
    deadletters.run(["--data", str(tmp_path), "list"])
    assert "0 in all" in capsys.readouterr().out


def test_what_is_refused_again_stays_with_its_new_reason(
    catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the mended content is taken."""
    (letter,) = refuse(catalogue, tmp_path, Message(live().topic, b"{torn"))
    body = tmp_path / "body.json"
    body.write_bytes(live(t=5).payload)
    arguments = ["--data", str(tmp_path), "replay", letter, "--body", str(body)]
    assert deadletters.run(arguments) == 1
    said = capsys.readouterr().out
    assert "impossible time 5" in said

    body.write_bytes(live().payload)
    again = said.split("refused again as ")[1].partition(":")[0]
    assert deadletters.run(["--data", str(tmp_path), "replay", again, "--body", str(body)]) == 0
    assert stored(tmp_path) == [0.5]


def test_what_a_person_can_put_right_is_one_line(catalogue: Catalogue, tmp_path: Path) -> None:
    """No file, no such letter, a running centre, a letter that names no station."""
    with pytest.raises(Refused, match="name the centre's data directory with --data"):
        deadletters.run(["--data", str(tmp_path), "list"])
    letter, stray = refuse(catalogue, tmp_path, live(t=5), Message("some/where", b"{}"))[::-1]
    with pytest.raises(Refused, match="letter 123: is not there"):
        deadletters.run(["--data", str(tmp_path), "show", "123"])
    with only_one(tmp_path), pytest.raises(Refused, match="is used by another process; stop that"):
        deadletters.run(["--data", str(tmp_path), "replay", letter])
    with pytest.raises(Refused, match="--station"):
        deadletters.run(["--data", str(tmp_path), "replay", stray])


def test_a_replay_is_no_loss_and_nobody_s_turn_to_speak(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """Whatever seq the letter had; live or backlog."""
    samples = [
        live(t=5, seq=5001),
        Message(
            topics.history_topic("tongzhou", STATION, BOOT, 7001, 7001),
            wire.encode_history(
                [Numbered(BOOT, 7001, Sample(6, Clock.SYNCHRONISED, GOOD))], oldest=7001, sent_ms=0
            ),
        ),
    ]
    letters = refuse(catalogue, tmp_path, *samples)
    deadletters.run(["--data", str(tmp_path), "replay", *letters])
    with opened(Settings(data_dir=tmp_path)) as resources:
        ledger = resources.committer.ledger
        assert ledger.arrived(STATION) == 2
        assert (ledger.lost(STATION), ledger.missing(STATION, {})) == (0, (0, 0))
        assert resources.committer.take([live(seq=1)]).turns == ()
