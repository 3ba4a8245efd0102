"""The centre's loop: nothing is acknowledged before it is on disk, and nothing stops for good."""

from __future__ import annotations

import errno
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import metrics
from config.catalogue.shapes import Catalogue
from config.vocabulary import reports, topics, wire
from config.vocabulary.bounds import MOST
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.refusals import Reason
from ingest.arrival import receiver as module
from ingest.arrival.bus import Bus
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake, Message, Taken
from ingest.arrival.receiver import Receiver
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal, JournalFull
from ingest.state.database import Holds
from tests.conftest import examples

T0 = 1_800_000_000_000
BOOT = "cd" * 16
STATION = "tonglv-jinsha"
ACK = f"qy/v1/tongzhou/{STATION}/ack"
LIVE = f"qy/v1/tongzhou/{STATION}/live"


class Wire:
    """A bus without a broker: hands out rounds and notes what is done, in order."""

    def __init__(self) -> None:
        self.connected = threading.Event()
        self.connected.set()
        self.session = 1
        self.rounds: list[list[Message]] = []
        self.done: list[str] = []
        self.published: list[tuple[str, bytes]] = []
        self.pulses: list[reports.Pulse] = []
        self.turned_away = 0
        self.held_back = dict[str, int]()
        self.held_back_ms = 0
        self.refusals = Counter[str]()

    def receive(self, _timeout_s: float, _most: int) -> list[Message]:
        return self.rounds.pop(0) if self.rounds else []

    def acknowledge(self, messages: Sequence[Message]) -> None:
        if messages:
            self.done.append("puback")

    def refused(self, letters: Mapping[str, int]) -> None:
        self.refusals.update(letters)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        if not self.connected.is_set():
            return False
        if retain:
            assert topic == "qy/v1/tongzhou/pulse"
            self.pulses.append(msgspec.json.decode(payload, type=reports.Pulse))
            return True
        self.done.append(topic.rpartition("/")[2])
        self.published.append((topic, payload))
        return True

    def sent(self, topic: str) -> int:
        return sum(name == topic for name, _ in self.published)


class Centre:
    """A core on a disk of its own, with a clock that stands until it is moved."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.folder, self.catalogue = folder, catalogue
        self.now, self.wire, self.stop = T0, Wire(), threading.Event()
        self.ticks = 0
        self.deadletters = DeadLetters(folder / "deadletters.sqlite")
        self.journal, self.readers_at = Journal(folder / "journal", segment_bytes=1), 0
        self.ledger = SequenceLedger.rebuilt(self.journal, folder / "ledger")
        intake = Intake(catalogue, self.ledger, self.deadletters)
        self.core = Receiver(
            bus=cast(Bus, self.wire),
            committer=Committer(intake, self.journal, self.ledger, lambda: self.now),
            site="tongzhou",
            upto_grace_ms=3000,
            reconnect_grace_ms=0,
            now_ms=lambda: self.now,
            ticks_ms=lambda: self.ticks,
            snapshot=folder / "ledger",
            passed=lambda: self.readers_at,
        )

    def hears(self, *messages: Message, after_ms: int = 0) -> None:
        """One round, as the loop makes it."""
        self.now += after_ms
        self.ticks += after_ms
        self.wire.rounds.append(list(messages))
        self.core._round(self.stop)

    def marks(self) -> list[int]:
        """Marks of silence in the journal."""
        entries = self.journal.read(0, limit=1000)
        return [entry.upto_ms for entry in entries if entry.upto_ms is not None]

    def close(self) -> None:
        self.journal.close()
        self.deadletters.close()


@pytest.fixture
def centre(catalogue: Catalogue, tmp_path: Path) -> Iterator[Centre]:
    """A centre that has heard nothing."""
    made = Centre(catalogue, tmp_path)
    yield made
    made.close()


def sample(seq: int, *, t: int = T0) -> Message:
    """One live sample."""
    body = Sample(t, Clock.SYNCHRONISED, {"w21003": Measured(0.5, Cause.NORMAL)})
    topic = topics.readings_topic("tongzhou", STATION, BOOT, seq)
    return Message(topic, wire.encode_live(body, oldest=1, sent_ms=t), seq)


def test_the_journal_stands_before_broker_and_spool_hear_of_it(centre: Centre) -> None:
    """That order is the promise."""
    centre.core.failpoint = lambda name: centre.wire.done.append(f"{name} {centre.journal.last}")

    centre.hears(sample(1))

    assert centre.wire.done == ["journaled 1", "puback", "ack", "live"]
    ack = msgspec.json.decode(centre.wire.published[0][1], type=wire.Ack)
    assert (ack.b, ack.ranges) == (BOOT, [(1, 1)])


def test_acks_go_out_at_once_and_then_once_a_second(centre: Centre) -> None:
    """One answer stands for many samples."""
    centre.hears(sample(1))
    for seq in range(2, 11):
        centre.hears(sample(seq), after_ms=100)
    assert centre.wire.sent(ACK) == 1

    centre.hears(after_ms=100)

    assert centre.wire.sent(ACK) == 2
    assert msgspec.json.decode(centre.wire.published[-1][1])["ranges"] == [[1, 10]]


def test_a_clock_that_is_set_back_keeps_neither_spools_nor_pages_waiting(centre: Centre) -> None:
    """Given a first sample, when the centre's clock goes back an hour, answers go on."""
    back = T0 - 3_600_000
    centre.hears(sample(1, t=back))

    centre.now = back
    centre.hears(sample(2, t=back + 1000))

    assert centre.wire.sent(ACK) == 2
    assert centre.wire.sent(LIVE) == 2


def test_given_the_broker_is_cut_then_pages_beside_it_hear_at_once_and_each_way_hears_once(
    centre: Centre,
) -> None:
    """What had arrived is theirs, and the broker's once it is back."""
    beside: list[str] = []
    centre.core.beside = (lambda topic, _: beside.append(topic) is None,)
    centre.wire.connected.clear()
    centre.hears(sample(1))
    assert (beside, centre.wire.sent(LIVE)) == ([LIVE], 0)

    centre.wire.connected.set()
    centre.hears(after_ms=5000)

    assert (beside, centre.wire.sent(LIVE)) == ([LIVE], 1)


def test_given_rules_that_are_behind_then_rounds_lie_further_apart_until_they_are_not(
    centre: Centre,
) -> None:
    """Within a bound; nothing else of a round changes."""
    apart = []
    for seq, waiting in enumerate([8, 9, 500, 500, 500, 8, 0, 0], 1):
        centre.core.waiting = lambda waiting=waiting: waiting
        centre.hears(sample(seq))
        apart.append(centre.core._apart_ms.now)

    assert apart == [20, 40, 80, 80, 80, 40, 20, 20]
    assert [entry.columns.seq.tolist() for entry in centre.journal.read(0)] == [
        [seq] for seq in range(1, 9)
    ]


def test_a_repeat_is_answered_like_a_first(centre: Centre) -> None:
    """The first answer may have been lost."""
    centre.hears(sample(1))
    centre.hears(sample(1), after_ms=1000)

    assert centre.wire.sent(ACK) == 2
    assert centre.journal.last == 1


def test_an_ack_that_nobody_could_hear_goes_out_after_the_reconnect(centre: Centre) -> None:
    """It stays owed."""
    centre.wire.connected.clear()
    centre.hears(sample(1))
    assert centre.wire.sent(ACK) == 0

    centre.wire.connected.set()
    centre.hears()

    assert centre.wire.sent(ACK) == 1


def test_a_full_disk_acknowledges_nothing_and_goes_on_with_the_same_messages(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Loudly."""
    append, tries = centre.journal.append, list[list[str]]()

    def full_twice(*args: object, **marks: object) -> int:
        tries.append(list(centre.wire.done))
        if len(tries) < 3:
            raise JournalFull("the disk is full")
        return append(*args, **marks)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "FULL_RETRY_S", 0.01)
    monkeypatch.setattr(centre.journal, "append", full_twice)
    centre.hears(sample(1))

    assert tries == [[], [], []]
    assert centre.wire.done == ["puback", "ack", "live"]
    assert [record.levelname for record in caplog.records] == ["CRITICAL", "CRITICAL"]
    assert centre.journal.read(0)[0].columns.seq.tolist() == [1]


def test_reported_to_stop_while_the_disk_is_full_it_leaves_the_messages_to_their_spools(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not hang."""

    def full(*_: object, **__: object) -> int:
        raise JournalFull("the disk is full")

    monkeypatch.setattr(centre.journal, "append", full)
    centre.stop.set()

    centre.hears(sample(1))

    assert centre.wire.done == []


def test_a_round_that_fails_settles_nothing_and_does_not_make_the_broker_fall_silent(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker delivers only so many unanswered messages; the spool sends it all again."""
    take, stop = centre.core.committer.intake.take, threading.Event()
    failures = iter([OSError(errno.EIO, "dead letters cannot be written")])

    def fail_once(messages: Sequence[Message], now_ms: int) -> Taken:
        if error := next(failures, None):
            stop.set()
            raise error
        return take(messages, now_ms)

    monkeypatch.setattr(centre.core.committer.intake, "take", fail_once)
    centre.wire.rounds = [[sample(1)]]
    centre.core.run(stop)

    assert centre.wire.done == ["puback"]
    assert centre.journal.last == 0
    centre.hears(sample(1))
    assert centre.wire.done == ["puback", "puback", "ack", "live"]


@pytest.mark.parametrize("lag_ms", [-100_000, 0, 3_600_000])
def test_pages_hear_a_station_once_a_second_whatever_its_clock_says(
    centre: Centre, lag_ms: int
) -> None:
    """A clock ahead does not silence it, a backlog does not flood them."""
    for seq in range(1, 42):
        centre.hears(sample(seq, t=T0 - lag_ms + seq * 100), after_ms=100)

    assert centre.wire.sent(LIVE) == 5


def test_a_doubted_clock_and_an_older_sample_move_no_newest(centre: Centre) -> None:
    """Pages show what was measured last."""
    centre.hears(sample(1))
    centre.hears(sample(2, t=T0 + 500_000), sample(3, t=T0 - 5), after_ms=5000)

    assert centre.wire.sent(LIVE) == 1


def test_silence_is_marked_once_a_second_up_to_the_grace(centre: Centre) -> None:
    """From the first round on in which nothing more was waiting."""
    centre.hears(sample(1))
    assert centre.marks() == []
    for _ in range(25):
        centre.hears(after_ms=100)

    assert centre.marks() == [T0 + 100 - 3000, T0 + 1100 - 3000, T0 + 2100 - 3000]


def test_silence_stands_still_while_the_session_is_down_and_until_caught_up(
    centre: Centre,
) -> None:
    """What was not heard is not known to be silence."""
    centre.hears()
    centre.wire.connected.clear()
    centre.hears(after_ms=60_000)
    centre.wire.connected.set()
    centre.hears(sample(1), after_ms=1000)
    assert centre.marks() == [T0 - 3000]

    centre.hears(after_ms=1000)

    assert centre.marks()[-1] == T0 + 62_000 - 3000


def test_a_reconnect_that_nobody_saw_is_noticed_by_its_session(centre: Centre) -> None:
    """It may take less time than a round."""
    centre.hears()
    centre.wire.session += 1
    centre.hears(sample(1), after_ms=5000)

    assert centre.marks() == [T0 - 3000]


def test_silence_is_not_known_while_older_messages_wait(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long stop of the disk, say."""
    monkeypatch.setattr(module, "MOST_MESSAGES", 2)
    centre.hears()
    centre.hears(sample(1), sample(2), after_ms=4000)
    assert centre.marks() == [T0 - 3000]

    centre.hears(sample(3))

    assert centre.marks()[-1] == T0 + 4000 - 3000


def test_silence_is_not_known_of_the_time_since_what_is_held_back_came(centre: Centre) -> None:
    """For a minute: a station that floods for ever keeps no other one from being missed."""
    centre.hears()
    for held_back_ms, after_ms in ((0, 2000), (5000, 5000), (35_000, 30_000), (125_000, 90_000)):
        centre.wire.held_back_ms = held_back_ms
        centre.ticks, centre.core._last_round = 0, None  # the loop was not kept from running
        centre.hears(after_ms=after_ms)

    assert [mark - T0 + 3000 for mark in centre.marks()] == [0, 2000, 67_000]


@pytest.mark.parametrize(
    ("wall_ms", "ticks_ms"),
    [(60_000, 60_000), (60_000, 0), (0, 60_000), (-60_000, 0), (6000, 6000)],
)
def test_what_a_process_that_was_stopped_did_not_hear_is_no_silence(
    centre: Centre, wall_ms: int, ticks_ms: int
) -> None:
    """Nor what a machine did that slept, or whose clock was set: stations get the time that they
    get after a reconnect.
    """
    centre.core.reconnect_grace_ms = 10_000
    for _ in range(12):
        centre.hears(after_ms=1000)
    known = centre.marks()[-1]
    assert known == centre.now - 3000

    centre.now += wall_ms
    centre.ticks += ticks_ms
    resumed = centre.now
    for _ in range(10):
        centre.hears()
        centre.now += 990
        centre.ticks += 990
    assert centre.marks()[-1] == known

    while centre.now < max(resumed, known) + 20_000:
        centre.hears(after_ms=1000)
    assert centre.marks()[-1] == centre.now - 3000


def test_silence_is_known_while_rounds_take_their_time(centre: Centre) -> None:
    """A slow disk is no pause."""
    centre.core.reconnect_grace_ms = 10_000
    for _ in range(10):
        centre.hears(after_ms=4000)
    assert centre.marks()[-1] == centre.now - 3000


def test_old_segments_go_once_every_reader_passed_and_the_ledger_is_kept(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """After a restart it still knows every repeat, from the snapshot and what came after it."""
    first = Centre(catalogue, tmp_path)
    for seq in (1, 2, 3):
        first.hears(sample(seq))
    first.readers_at = 2
    first.hears(sample(4), after_ms=module.TIDY_INTERVAL_MS)
    assert first.journal.read(0)[0].n == 3
    first.hears(sample(5))
    first.close()

    again = Centre(catalogue, tmp_path)
    again.hears(*(sample(seq) for seq in range(1, 7)))

    kept = [entry.columns.seq.tolist() for entry in again.journal.read(0)]
    assert kept[-1] == [6]
    assert again.ledger.repeated() == 5
    again.close()


def status(
    boot: str, low: int, high: int, *, online: bool = True, senders: Sequence[str] = ()
) -> Message:
    """What the station says of its spool, and of two that call it as one logger."""
    held = [reports.Held(boot, low, high)] if high else []
    said = reports.Status(wire.VERSION, online, T0, held, senders=list(senders))
    body = msgspec.json.encode(said)
    return Message(topics.station_topic("tongzhou", STATION, "status"), body)


def test_a_pulse_says_what_arrived_and_what_still_waits_at_the_station(centre: Centre) -> None:
    """At most every two seconds."""
    centre.hears(sample(1), sample(2, t=T0 + 1), sample(2, t=T0 + 1), status(BOOT, 3, 7))
    centre.hears(after_ms=100)
    centre.hears(after_ms=2000)

    assert len(centre.wire.pulses) == 2
    said = centre.wire.pulses[-1].stations[STATION]
    assert (said.arrived, said.waiting, said.repeated, said.lost) == (2, 5, 1, 0)
    assert said.online


def test_of_a_boot_gone_by_what_is_no_longer_held_is_lost(centre: Centre) -> None:
    """Not of the boot that speaks: what it lacks may be under way."""
    centre.hears(sample(1), sample(3, t=T0 + 2), status(BOOT, 0, 0), after_ms=2000)
    assert centre.wire.pulses[-1].stations[STATION].lost == 0

    later = Sample(T0 + 5000, Clock.SYNCHRONISED, {"w21003": Measured(0.5, Cause.NORMAL)})
    topic = topics.readings_topic("tongzhou", STATION, "ef" * 16, 1)
    centre.hears(Message(topic, wire.encode_live(later, oldest=1, sent_ms=T0)), after_ms=2000)

    assert centre.wire.pulses[-1].stations[STATION].lost == 1


def test_a_pulse_says_how_far_a_station_s_clock_is_off(centre: Centre) -> None:
    """By live messages, also those whose sample is refused; backlog and imports tell nothing."""
    centre.hears(status(BOOT, 1, 1), sample(1), after_ms=2000)
    assert centre.wire.pulses[-1].stations[STATION].behind_ms == centre.now - T0

    year_2000 = 946_684_800_000
    body = Sample(year_2000, Clock.NEVER_SET, {"w21003": Measured(0.5, Cause.NORMAL)})
    topic = topics.readings_topic("tongzhou", STATION, BOOT, 2)
    message = Message(topic, wire.encode_live(body, oldest=1, sent_ms=year_2000))
    for _ in range(3):
        centre.hears(message, after_ms=70_000)
    said = centre.wire.pulses[-1].stations[STATION]
    assert said.behind_ms is not None
    assert said.behind_ms > T0 - year_2000
    assert said.clock_off


def test_two_boots_that_speak_in_turns_for_five_minutes_are_two_agents(centre: Centre) -> None:
    """One that was started again never gives the word back, and says nothing of the kind."""

    def speaks(boot: str, seq: int) -> bool:
        body = Sample(centre.now, Clock.SYNCHRONISED, {"w21003": Measured(0.5, Cause.NORMAL)})
        topic = topics.readings_topic("tongzhou", STATION, boot, seq)
        message = Message(topic, wire.encode_live(body, oldest=1, sent_ms=centre.now))
        centre.hears(message, after_ms=30_000)
        return centre.wire.pulses[-1].stations[STATION].two_agents

    assert not any(speaks("aa" * 16, seq) for seq in range(1, 15))
    assert not any(speaks("bb" * 16, seq) for seq in range(1, 15))

    turns = [speaks(boot * 16, seq) for seq in range(20, 40) for boot in ("cc", "dd")]

    assert turns[0] is False
    assert turns[-1] is True
    centre.hears(after_ms=400_000)
    assert not centre.wire.pulses[-1].stations[STATION].two_agents


def test_a_station_beyond_its_budget_is_told_until_five_minutes_after(centre: Centre) -> None:
    """With how many messages; the letters of a round are paid for by their station."""
    bad = topics.readings_topic("tongzhou", STATION, BOOT, 1)
    centre.hears(Message(bad, b"no JSON"))
    assert centre.wire.refusals == {STATION: 1}
    assert not centre.wire.pulses[-1].stations[STATION].over_budget

    centre.wire.held_back = {STATION: 9}
    centre.hears(after_ms=3000)
    said = centre.wire.pulses[-1].stations[STATION]
    assert (said.over_budget, said.held_back) == (True, 9)

    centre.hears(after_ms=301_000)
    said = centre.wire.pulses[-1].stations[STATION]
    assert (said.over_budget, said.held_back) == (False, 9)


def test_given_two_senders_of_one_logger_then_they_count_like_two_agents(centre: Centre) -> None:
    """For as long as the agent says so, and is there to say it."""

    def counts(**said: Any) -> bool:
        centre.hears(status(BOOT, 1, 1, **said), after_ms=30_000)
        return centre.wire.pulses[-1].stations[STATION].two_agents

    two = ["10.0.0.5:4001", "10.0.0.6:4002"]
    centre.hears(sample(1))
    assert counts(senders=two)
    assert not counts(senders=two, online=False)
    assert not counts()


def test_given_a_round_of_500_boots_of_one_station_each_hears_its_ack(centre: Centre) -> None:
    """As many as there are in a round are kept open, and the last words of none are."""
    boots = [f"{n:032x}" for n in range(module.MOST_MESSAGES)]
    body = Sample(T0, Clock.SYNCHRONISED, {"w21003": Measured(0.5, Cause.NORMAL)})
    payload = wire.encode_live(body, oldest=1, sent_ms=T0)
    on = [topics.readings_topic("tongzhou", STATION, boot, 1) for boot in boots]

    centre.hears(*(Message(topic, payload) for topic in on))

    acks = [
        msgspec.json.decode(body, type=wire.Ack)
        for topic, body in centre.wire.published
        if topic == ACK
    ]
    assert sorted(ack.b for ack in acks) == boots
    assert all(ack.ranges == [(1, 1)] for ack in acks)


def test_what_a_message_waited_at_the_centre_is_not_its_station_s_clock(centre: Centre) -> None:
    """Given one that came ten minutes before it is settled, and rounds that were full."""
    message = sample(1)
    late = replace(message, received_s=time.monotonic() - 600)
    centre.hears(status(BOOT, 1, 1), late, after_ms=600_000)
    said = centre.wire.pulses[-1].stations[STATION]
    assert said.behind_ms is not None
    assert abs(said.behind_ms) < 10_000


def test_behind_a_full_round_nothing_is_known_of_a_clock(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages may have waited at the broker."""
    monkeypatch.setattr(module, "MOST_MESSAGES", 2)
    centre.hears(sample(1), sample(2), after_ms=600_000)
    centre.hears(sample(3), after_ms=2000)
    assert centre.wire.pulses[-1].stations[STATION].behind_ms is None

    centre.hears(sample(4, t=centre.now), after_ms=2000)

    assert centre.wire.pulses[-1].stations[STATION].behind_ms == 2000


def test_given_a_message_that_cannot_be_reckoned_with_it_alone_is_a_dead_letter(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that fails; the others of the round are settled and pages hear them."""
    decode = wire.decode_live

    def fails(payload: bytes) -> wire.Live:
        found = decode(payload)
        if found.t == T0 + 13:
            raise OverflowError("too large to reckon with")
        return found

    monkeypatch.setattr(wire, "decode_live", fails)
    centre.hears(*(sample(seq, t=T0 + seq) for seq in range(1, 21)))

    kept = [seq for entry in centre.journal.read(0) for seq in entry.columns.seq.tolist()]
    assert kept == [seq for seq in range(1, 21) if seq != 13]
    (letter,) = centre.deadletters.newest()
    assert (letter.seq, letter.payload) == (13, sample(13, t=T0 + 13).payload)
    assert letter.reason is Reason.NOT_TAKEN
    assert letter.details.fault.startswith("OverflowError")
    assert msgspec.json.decode(centre.wire.published[0][1], type=wire.Ack).ranges == [(1, 20)]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), MemoryError()])
def test_given_a_disk_or_a_memory_that_fails_no_honest_message_becomes_a_dead_letter(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The round fails as a whole and comes again."""

    def fails(*_: object) -> None:
        raise error

    where = centre.deadletters if isinstance(error, OSError) else centre.core.committer.intake
    monkeypatch.setattr(where, "refuse" if isinstance(error, OSError) else "_columns", fails)
    with pytest.raises(type(error)):
        centre.hears(sample(1), sample(2))
    monkeypatch.undo()

    centre.hears(sample(1), sample(2))

    assert centre.deadletters.count() == 0
    assert centre.ledger.arrived(STATION) == 2


NUMBERS = st.one_of(st.integers(0, MOST), st.just(MOST), st.just(T0), st.integers())
BODIES = st.fixed_dictionaries(
    {"v": st.just(1), "o": NUMBERS, "t": NUMBERS, "q": NUMBERS, "k": st.integers(0, 3)}
    | {
        "r": st.dictionaries(
            st.sampled_from(["w21003", "w01009", "x"]),
            st.tuples(
                st.none() | st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 30)
            ),
        )
    }
)
STATUSES = st.fixed_dictionaries(
    {"v": st.just(1), "online": st.booleans(), "t": NUMBERS, "further": NUMBERS}
    | {
        "held": st.lists(
            st.fixed_dictionaries({"b": st.just(BOOT), "low": NUMBERS, "high": NUMBERS}),
            max_size=3,
        )
    }
)


@given(
    st.lists(
        st.tuples(st.integers(1, 10), BODIES) | st.tuples(st.none(), STATUSES),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=examples(60))
def test_given_any_message_no_round_and_no_pulse_fails(
    catalogue: Catalogue,
    tmp_path_factory: pytest.TempPathFactory,
    sent: list[tuple[int | None, dict[str, object]]],
) -> None:
    """And each one with a seq is settled."""
    made = Centre(catalogue, tmp_path_factory.mktemp("core"))
    on = [
        topics.readings_topic("tongzhou", STATION, BOOT, seq)
        if seq
        else topics.station_topic("tongzhou", STATION, "status")
        for seq, _ in sent
    ]
    made.hears(
        *(Message(t, json.dumps(b).encode()) for t, (_, b) in zip(on, sent, strict=True)),
        after_ms=2000,
    )
    seqs = {seq for seq, _ in sent if seq}
    assert made.wire.pulses
    assert made.ledger.arrived(STATION) + made.ledger.lost(STATION) >= len(seqs)
    assert metrics.text(made.wire.pulses[-1], present=True, holds=Holds())
    made.close()
