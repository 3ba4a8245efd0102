"""Intake: every message ends settled or refused, and one bad message stops nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.refusals import Details, PassedOver, Reason
from ingest.arrival.intake import Intake, Message, Taken
from ingest.arrival.sequence_ledger import SequenceLedger, spans
from ingest.journal.deadletters import DeadLetters
from ingest.quality.checks import LARGEST, to_resolution

NOW = 1_800_000_000_000
BOOT = "cd" * 16
STATION = "tonglv-jinsha"


@pytest.fixture
def deadletters(tmp_path: Path) -> Iterator[DeadLetters]:
    """An empty file of refusals."""
    letters = DeadLetters(tmp_path / "deadletters.sqlite")
    yield letters
    letters.close()


@pytest.fixture
def intake(catalogue: Catalogue, deadletters: DeadLetters) -> Intake:
    """An intake that has seen nothing."""
    return Intake(catalogue, SequenceLedger(), deadletters)


def message(
    readings: dict[str, Measured],
    *,
    t: int = NOW,
    seq: int = 1,
    clock: Clock = Clock.SYNCHRONISED,
    station: str = STATION,
) -> Message:
    """One live sample on its topic."""
    topic = topics.readings_topic("tongzhou", station, BOOT, seq)
    return Message(topic, wire.encode_live(Sample(t, clock, readings), oldest=1, sent_ms=t))


GOOD = {"w21003": Measured(0.5, Cause.NORMAL)}


def flags(taken: Taken) -> list[tuple[int, int]]:
    """Quality and cause of each row."""
    pairs = zip(taken.columns.quality.tolist(), taken.columns.cause.tolist(), strict=True)
    return list(pairs)


@pytest.mark.parametrize(
    ("measured", "quality", "cause"),
    [
        (Measured(0.5, Cause.NORMAL), Quality.GOOD, Cause.NORMAL),
        (Measured(300.0, Cause.NORMAL), Quality.GOOD, Cause.NORMAL),
        (Measured(300.1, Cause.NORMAL), Quality.BAD, Cause.RANGE),
        (Measured(-0.1, Cause.NORMAL), Quality.BAD, Cause.RANGE),
        (Measured(0.5, Cause.CALIBRATION), Quality.BAD, Cause.CALIBRATION),
        (Measured(400.0, Cause.CALIBRATION), Quality.BAD, Cause.CALIBRATION),
        (Measured(None, Cause.TIMEOUT), Quality.MISSING, Cause.TIMEOUT),
    ],
)
def test_each_reading_gets_its_flag_and_cause(
    intake: Intake, measured: Measured, quality: Quality, cause: Cause
) -> None:
    """Range of ammonia is 0 to 300 mg/L; the instrument's own word for a bad value stands."""
    taken = intake.take([message({"w21003": measured})], NOW)

    assert flags(taken) == [(quality, cause)]


@pytest.mark.parametrize(
    ("ahead_ms", "clock", "suspect"),
    [
        (120_000, Clock.SYNCHRONISED, False),
        (120_001, Clock.SYNCHRONISED, True),
        (0, Clock.NEVER_SET, True),
    ],
)
def test_a_doubted_clock_makes_a_reading_suspect(
    intake: Intake, ahead_ms: int, clock: Clock, suspect: bool
) -> None:
    """More than two minutes ahead, or a clock that was never set."""
    taken = intake.take([message(GOOD, t=NOW + ahead_ms, clock=clock)], NOW)

    expected = (Quality.SUSPECT, Cause.CLOCK) if suspect else (Quality.GOOD, Cause.NORMAL)
    assert flags(taken) == [expected]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Message("some/where", b"{}"), "stray-topic: fault not one"),
        (Message(f"qy/v1/tongzhou/nobody/readings/{BOOT}/1", b"{}"), "unknown-station"),
        (Message(f"qy/v1/elsewhere/{STATION}/readings/{BOOT}/1", b"{}"), "unknown-station"),
        (
            Message(f"qy/v1/tongzhou/{STATION}/readings/{BOOT}/1", b"\xff{"),
            "unreadable: fault JSON is malformed",
        ),
        (
            Message(f"qy/v1/tongzhou/{STATION}/readings/{BOOT}/1", b'{"v":2}'),
            "wire-version: version 2",
        ),
        (message(GOOD, t=946_684_799_999), "impossible-time: t "),
        (message(GOOD, t=NOW - 31 * 86_400_000), "impossible-time: t "),
        (message(GOOD, t=NOW + 24 * 3_600_000 + 1), "impossible-time: t "),
        (message({"a34004": Measured(1.0, Cause.NORMAL)}), "unknown-indicator: indicators a34004"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason_and_stops_nothing(
    intake: Intake, deadletters: DeadLetters, bad: Message, reason: str
) -> None:
    """A good message behind the bad one is kept."""
    taken = intake.take([bad, message(GOOD, seq=2)], NOW)

    assert taken.columns.seq.tolist() == [2]
    assert deadletters.count() == 1
    assert reason in str(deadletters.newest()[0].details)


def test_one_unknown_indicator_refuses_that_reading_and_keeps_the_others(
    intake: Intake, deadletters: DeadLetters
) -> None:
    """And the sample counts as kept."""
    taken = intake.take([message({**GOOD, "a34004": Measured(1.0, Cause.NORMAL)})], NOW)

    assert taken.columns.names == (f"{STATION}/w21003",)
    assert deadletters.count() == 1
    assert deadletters.seqs() == set()


def in_units(units: dict[str, str], readings: dict[str, Measured], seq: int = 1) -> Message:
    """A live sample that names units."""
    plain = message(readings, seq=seq)
    body = msgspec.structs.replace(wire.decode_live(plain.payload), u=units)
    return replace(plain, payload=msgspec.json.encode(body))


def test_a_reading_in_a_foreign_unit_is_refused_and_the_others_are_kept(
    intake: Intake, deadletters: DeadLetters
) -> None:
    """Nothing is converted on the way in: whoever changed a station's unit must hear of it."""
    readings = GOOD | {"w01009": Measured(7.0, Cause.NORMAL)}

    taken = intake.take([in_units({"w21003": "μg/L", "w01009": "mg/L"}, readings)], NOW)

    assert taken.columns.names == (f"{STATION}/w01009",)
    (letter,) = deadletters.newest()
    assert letter.details == Details(Reason.WRONG_UNIT, ("w21003",), ("μg/L",))
    assert not letter.whole
    assert wire.decode_live(letter.payload).u == {"w21003": "μg/L", "w01009": "mg/L"}


def test_a_sample_all_in_foreign_units_is_refused_whole_and_settled(
    intake: Intake, deadletters: DeadLetters
) -> None:
    """Its spool may forget it."""
    taken = intake.take([in_units({"w21003": "μg/L"}, GOOD)], NOW)

    assert (len(taken.columns), taken.settled[0].spans) == (0, spans([1]))
    assert [letter.reason for letter in deadletters.newest()] == [Reason.WRONG_UNIT]
    assert deadletters.seqs() == {(STATION, BOOT, 1)}


@pytest.mark.parametrize("units", [{"w21003": "mg/L"}, {"w01009": "ppm"}, {"x": "ppm"}, {}])
def test_the_right_unit_and_those_of_nothing_that_was_sent_are_no_matter(
    intake: Intake, deadletters: DeadLetters, units: dict[str, str]
) -> None:
    """A station may name all that it has, whatever it sends this time."""
    assert len(intake.take([in_units(units, GOOD)], NOW).columns) == 1
    assert deadletters.count() == 0


def test_a_foreign_unit_in_a_backlog_refuses_that_indicator_sample_by_sample(
    intake: Intake, deadletters: DeadLetters
) -> None:
    """Those of the batch that did not measure it are whole."""
    both = GOOD | {"w01009": Measured(7.0, Cause.NORMAL)}
    measured = [both, {"w01009": Measured(7.1, Cause.NORMAL)}, GOOD]
    rows = [
        Numbered(BOOT, seq, Sample(NOW + seq, Clock.SYNCHRONISED, readings))
        for seq, readings in enumerate(measured, start=1)
    ]
    body = wire.decode_history(wire.encode_history(rows, oldest=1, sent_ms=NOW))
    body = msgspec.structs.replace(body, u={"w21003": "μg/L"})
    topic = topics.history_topic("tongzhou", STATION, BOOT, 1, 3)

    taken = intake.take([Message(topic, msgspec.json.encode(body))], NOW)

    assert taken.columns.value.tolist() == [7.0, 7.1]
    assert [span[:2] for span in taken.settled[0].spans] == [(1, 3)]
    refused = sorted((letter.seq, letter.whole) for letter in deadletters.newest())
    assert refused == [(1, False), (3, True)]
    (total,) = deadletters.totals()
    assert (total.station, total.reason, total.letters) == (STATION, Reason.WRONG_UNIT, 2)


def test_a_refused_sample_is_settled_so_that_its_spool_may_forget_it(intake: Intake) -> None:
    """Otherwise it would come for ever."""
    taken = intake.take([message(GOOD, t=1)], NOW)

    assert taken.settled[0].spans == spans([1])


def test_a_repeat_is_not_kept_again_but_deserves_an_ack(
    catalogue: Catalogue, deadletters: DeadLetters
) -> None:
    """The first ack may have been lost."""
    ledger = SequenceLedger()
    intake = Intake(catalogue, ledger, deadletters)
    ledger.settle(intake.take([message(GOOD)], NOW).settled[0])

    again = intake.take([message(GOOD), message(GOOD)], NOW)

    assert len(again.columns) == 0
    assert again.settled == ()
    assert again.touched == {(STATION, BOOT)}


def test_given_a_number_that_its_spool_gave_up_when_it_comes_then_it_is_counted(
    catalogue: Catalogue, deadletters: DeadLetters
) -> None:
    """Nobody can say whether it was settled before: it is not kept, and not refused."""
    ledger = SequenceLedger()
    intake = Intake(catalogue, ledger, deadletters)
    later = Message(
        message(GOOD, seq=5).topic,
        wire.encode_live(Sample(NOW, Clock.SYNCHRONISED, GOOD), oldest=5, sent_ms=NOW),
    )
    ledger.settle(intake.take([later], NOW).settled[0])

    taken = intake.take([message(GOOD, seq=3), later], NOW)

    assert len(taken.columns) == deadletters.count() == 0
    assert taken.passed_over == {(STATION, PassedOver.GIVEN_UP): 1}


def test_a_history_batch_gives_the_same_columns_as_its_samples_one_by_one(intake: Intake) -> None:
    """Samples of unlike indicators included."""
    rows = [
        Numbered(BOOT, 3, Sample(NOW, Clock.SYNCHRONISED, GOOD)),
        Numbered(BOOT, 5, Sample(NOW + 1, Clock.STEPPED, {"w01009": Measured(None, Cause.FAULT)})),
    ]
    topic = topics.history_topic("tongzhou", STATION, BOOT, 3, 5)

    taken = intake.take([Message(topic, wire.encode_history(rows, oldest=3, sent_ms=NOW))], NOW)

    columns = taken.columns
    assert dict(zip(columns.seq.tolist(), columns.t.tolist(), strict=True)) == {
        3: NOW,
        5: NOW + 1,
    }
    assert np.isnan(columns.value[columns.seq == 5]).all()
    assert [span[:2] for span in taken.settled[0].spans] == [(3, 3), (5, 5)]


def test_the_rows_of_a_round_lie_series_by_series_as_they_came(intake: Intake) -> None:
    """Whoever reads the journal asks series by series."""
    both = {"w01009": Measured(8.0, Cause.NORMAL), **GOOD}

    taken = intake.take([message(both, seq=2, t=NOW + 5), message(both, seq=1)], NOW)

    series = [taken.columns.names[of].partition("/")[2] for of in taken.columns.series]
    assert taken.columns.seq.tolist() == [2, 1, 2, 1]
    assert series[0] == series[1] != series[2] == series[3]


KINDS = st.sampled_from(["readings", "history", "status", "ack", ""])
TOPICS = st.text(max_size=30) | st.builds(
    lambda station, kind, boot, span: f"qy/v1/tongzhou/{station}/{kind}/{boot}/{span}",
    st.sampled_from([STATION, "x", ""]),
    KINDS,
    st.sampled_from([BOOT, "zz", ""]),
    st.from_regex(r"[0-9]{0,3}(-[0-9]{0,3})?", fullmatch=True),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*"votqkrs", "w21003"]), inner, max_size=6)
    ),
    max_leaves=8,
)
BODIES = st.binary(max_size=40) | JSON.map(msgspec.json.encode)


@given(st.lists(st.tuples(TOPICS, BODIES), max_size=6))
def test_no_bytes_on_any_topic_raise(
    catalogue: Catalogue, messages: list[tuple[str, bytes]]
) -> None:
    """Whatever anybody publishes."""
    with tempfile.TemporaryDirectory() as folder:
        letters = DeadLetters(Path(folder) / "d.sqlite")
        intake = Intake(catalogue, SequenceLedger(), letters)
        intake.take([Message(topic, body) for topic, body in messages], NOW)
        letters.close()


@pytest.mark.parametrize(
    ("instants", "clashing"),
    [([0, 1, 2], ()), ([0, 2, 1], ()), ([0, 1, 1], (3,)), ([2, 1, 0], ())],
)
def test_samples_that_may_share_an_instant_are_named_for_the_store_writer(
    intake: Intake, instants: list[int], clashing: tuple[int, ...]
) -> None:
    """Only these cost a look into the store; time that runs backwards shares none by itself."""
    messages = [message(GOOD, t=NOW + at, seq=seq) for seq, at in enumerate(instants, start=1)]

    assert intake.take(messages, NOW).settled[0].clashing == clashing


def test_another_boot_within_the_time_of_the_first_is_looked_at(
    catalogue: Catalogue, deadletters: DeadLetters
) -> None:
    """A cloned card, or an import over what is there."""
    ledger = SequenceLedger()
    intake = Intake(catalogue, ledger, deadletters)
    for settled in intake.take([message(GOOD, t=NOW + s, seq=s) for s in (1, 2, 3)], NOW).settled:
        ledger.settle(settled)
    other = message(GOOD, t=NOW + 2).topic.replace(BOOT, "ab" * 16)

    taken = intake.take([replace(message(GOOD, t=NOW + 2), topic=other)], NOW)

    assert taken.settled[0].clashing == (1,)


def test_a_value_is_kept_to_eight_decimals_and_eleven_digits(intake: Intake) -> None:
    """0.1 * 3 is 0.3, and a number that is no measurement is bad without a value."""
    readings = {
        "w21003": Measured(1 / 3, Cause.NORMAL),
        "w01009": Measured(0.1 * 3, Cause.NORMAL),
        "w01014": Measured(12345.678901234, Cause.NORMAL),
        "w01003": Measured(3e38, Cause.NORMAL),
    }

    columns = intake.take([message(readings)], NOW).columns

    kept = {columns.names[i]: v for i, v in zip(columns.series, columns.value, strict=True)}
    assert kept[f"{STATION}/w21003"] == 0.33333333
    assert kept[f"{STATION}/w01009"] == 0.3
    assert kept[f"{STATION}/w01014"] == 12345.678901
    assert np.isnan(kept[f"{STATION}/w01003"])
    (row,) = np.flatnonzero(np.isnan(columns.value))
    assert (columns.quality[row], columns.cause[row]) == (Quality.BAD, Cause.RANGE)


@given(st.floats(-1e8, 1e8))
def test_what_is_kept_is_a_whole_number_of_its_resolution(size: float) -> None:
    """It prints in eleven digits and eight decimals, and rounding again changes nothing."""
    kept = to_resolution(np.array([size]))

    if abs(size) >= LARGEST:
        assert np.isnan(kept[0])
        return
    assert float(kept[0]) == float(f"{kept[0]:.11g}") == float(f"{kept[0]:.8f}")
    assert kept[0] == pytest.approx(size, rel=1e-10, abs=1e-8)
    assert to_resolution(kept).tolist() == kept.tolist()


def test_what_is_no_number_is_kept_as_none() -> None:
    """Nor is what is beyond all magnitude."""
    assert np.isnan(to_resolution(np.array([np.nan, np.inf, -np.inf, -1e7]))).all()


def test_an_imported_sample_may_be_older_than_any_spool(intake: Intake) -> None:
    """But no older than 2000, and never of the future."""
    old = message(GOOD, t=NOW - 400 * 86_400_000)
    ahead = message(GOOD, t=NOW + 25 * 3_600_000, seq=2)

    taken = intake.take([replace(row, imported=True) for row in (old, ahead)], NOW)

    assert taken.columns.seq.tolist() == [1]
    assert [refusal.seq for refusal in taken.refused] == [2]


@pytest.mark.parametrize("cause", [Cause.RANGE, Cause.CLOCK, Cause.REVIEWED, Cause.CORRECTED])
def test_what_only_the_centre_may_say_of_a_reading_no_station_says(
    intake: Intake, cause: Cause
) -> None:
    """It is judged as if the station had said nothing."""
    taken = intake.take([message({"w21003": Measured(0.5, cause)})], NOW)
    assert flags(taken) == [(Quality.GOOD, Cause.NORMAL)]
    assert taken.passed_over == {(STATION, PassedOver.OWN_CAUSE): 1}
