"""Every sample that a spool sends comes to an end: kept, or refused and counted, and settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.catalogue.shapes import Catalogue
from config.vocabulary import reports, topics, wire
from config.vocabulary.bounds import BODY_BYTES, MOST
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.refusals import Details, Reason
from ingest.arrival.intake import Intake, Message, Taken
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.deadletters import DeadLetters

NOW = 1_800_000_000_000
BOOT = "cd" * 16
STATION = "tonglv-jinsha"
GOOD = {"w21003": Measured(0.5, Cause.NORMAL)}
FOREIGN = {"a34004": Measured(1.0, Cause.NORMAL), "a34002": Measured(1.0, Cause.NORMAL)}


class Centre:
    """An intake with its ledger, which settles what is taken as the core does."""

    def __init__(self, catalogue: Catalogue, path: Path) -> None:
        self.catalogue = catalogue
        self.ledger = SequenceLedger()
        self.deadletters = DeadLetters(path)
        self._intake = Intake(catalogue, self.ledger, self.deadletters)

    def take(self, *messages: Message) -> Taken:
        """One round."""
        taken = self._intake.take(messages, NOW)
        for settled in taken.settled:
            self.ledger.settle(settled)
        return taken

    def acked(self, station: str = STATION) -> set[int]:
        """Seqs that the spool hears of."""
        ranges = self.ledger.ack_for(station, BOOT)
        return {seq for first, last in ranges for seq in range(first, last + 1)}

    def refused(self) -> set[int]:
        """Seqs of which nothing was kept."""
        return {seq for _, _, seq in self.deadletters.seqs()}


@pytest.fixture
def centre(catalogue: Catalogue, tmp_path: Path) -> Iterator[Centre]:
    """A centre that has heard nothing."""
    made = Centre(catalogue, tmp_path / "deadletters.sqlite")
    yield made
    made.deadletters.close()


def live(
    seq: int, readings: dict[str, Measured] | None = None, *, oldest: int = 1, t: int = NOW
) -> Message:
    """One live sample."""
    sample = Sample(t, Clock.SYNCHRONISED, GOOD if readings is None else readings)
    topic = topics.readings_topic("tongzhou", STATION, BOOT, seq)
    return Message(topic, wire.encode_live(sample, oldest=oldest, sent_ms=NOW))


def batch(*seqs: int, t: int = NOW) -> Message:
    """Backlog."""
    rows = [Numbered(BOOT, seq, Sample(t + seq, Clock.SYNCHRONISED, GOOD)) for seq in seqs]
    topic = topics.history_topic("tongzhou", STATION, BOOT, seqs[0], seqs[-1])
    return Message(topic, wire.encode_history(rows, oldest=seqs[0], sent_ms=NOW))


@pytest.mark.parametrize(
    "message",
    [
        Message(live(1).topic, b"{garbage"),
        Message(live(1).topic, b'{"v":2,"o":1}'),
        Message(live(1).topic, live(1).payload.replace(b",0]", b",77]")),
        Message(live(1).topic, b'{"v":1,"r":' + b"[" * 100_000),
        Message(f"qy/v1/tongzhou/{STATION}/history/{BOOT}/1-1", b"\xff\xfe"),
        live(1, {}),
        live(1, FOREIGN),
        live(1, t=5),
        batch(1, t=5),
    ],
    ids=[
        "no JSON",
        "another version",
        "a cause nobody knows",
        "nested without end",
        "a batch that is no text",
        "a sample without readings",
        "nothing but foreign indicators",
        "an impossible time",
        "an impossible time in a batch",
    ],
)
def test_what_cannot_be_kept_is_refused_whole_and_settled(
    centre: Centre, message: Message
) -> None:
    """Otherwise its spool would send it for ever, or it would be lost without a trace."""
    taken = centre.take(message)

    assert len(taken.columns) == 0
    assert centre.acked() == centre.refused() == {1}
    assert taken.touched == {(STATION, BOOT)}


def test_a_station_that_the_catalogue_lacks_is_refused_and_settled(centre: Centre) -> None:
    """Its samples wait among the dead letters, not in its spool."""
    topic = topics.readings_topic("tongzhou", "not-yet-built", BOOT, 4)

    centre.take(Message(topic, live(4).payload))

    assert centre.acked("not-yet-built") == {4}
    assert centre.deadletters.seqs() == {("not-yet-built", BOOT, 4)}


def test_an_oldest_beyond_the_message_itself_swallows_nothing(centre: Centre) -> None:
    """A wrong ``o`` must not make later samples look like repeats."""
    centre.take(live(1, oldest=MOST))

    taken = centre.take(live(2), live(3, oldest=1))

    assert taken.columns.seq.tolist() == [2, 3]
    assert centre.ledger.lost() == 0


def test_a_batch_that_does_not_decode_settles_only_what_it_carries(centre: Centre) -> None:
    """Seqs that it leaves out are under way elsewhere and may still arrive."""
    message = batch(10, 12, 20)
    torn = Message(message.topic, message.payload.replace(b",0]", b",77]"))
    assert msgspec.json.decode(torn.payload)["s"] == [10, 12, 20]

    centre.take(torn)
    assert centre.acked() == {10, 12, 20}
    taken = centre.take(live(11, oldest=10))

    assert taken.columns.seq.tolist() == [11]
    assert centre.ledger.lost() == 9, "1 to 9 were given up, as the live sample says"


def test_a_batch_of_which_nothing_can_be_read_settles_its_ends(centre: Centre) -> None:
    """The first and the last are in it for certain; so the spool gets on, and loses nothing."""
    centre.take(Message(batch(1, 4).topic, b"torn"))

    assert centre.acked() == {1, 4}
    assert centre.take(live(2), live(3)).columns.seq.tolist() == [2, 3]


@pytest.mark.parametrize("span", ["0", "0-3", "9-3"])
def test_a_span_that_is_none_is_refused_without_a_seq(centre: Centre, span: str) -> None:
    """Seqs begin at 1 and grow."""
    kind = "history" if "-" in span else "readings"

    taken = centre.take(Message(f"qy/v1/tongzhou/{STATION}/{kind}/{BOOT}/{span}", live(1).payload))

    assert centre.deadletters.count() == 1
    assert taken.settled == ()


def test_of_a_refused_batch_each_letter_holds_its_own_sample(centre: Centre) -> None:
    """A station with a wrong clock must not fill the disk a hundred times over."""
    whole = batch(*range(1, 101), t=5)

    centre.take(whole)

    letters = centre.deadletters.newest(200)
    assert len(letters) == 100
    assert sum(len(letter.payload) for letter in letters) < 4 * len(whole.payload) + 100 * 100
    assert {wire.decode_history(letter.payload).s[0] for letter in letters} == set(range(1, 101))


def test_given_a_sample_with_many_indicators_that_nobody_knows_it_is_kept_with_one_letter(
    centre: Centre,
) -> None:
    """Each letter holds the whole of the sample: one for each would fill the disk."""
    unknown = {f"x{n}": Measured(1.0, Cause.NORMAL) for n in range(100)}

    taken = centre.take(live(1, GOOD | unknown))

    assert taken.columns.seq.tolist() == [1] * len(GOOD)
    (letter,) = centre.deadletters.newest()
    assert letter.details == Details(
        Reason.UNKNOWN_INDICATOR, tuple(f"x{n}" for n in range(10)), further=90
    )
    assert not letter.whole


@pytest.mark.parametrize("kind", ["readings", "history", "status"])
def test_of_a_body_that_is_too_large_the_letter_holds_the_first_part(
    centre: Centre, kind: str
) -> None:
    """Not parsed; the seqs that its topic names are settled."""
    whole = batch(3, 4) if kind == "history" else live(3)
    topic = f"qy/v1/tongzhou/{STATION}/status" if kind == "status" else whole.topic

    centre.take(Message(topic, whole.payload + b" " * BODY_BYTES))

    letters = {letter.seq: letter for letter in centre.deadletters.newest()}
    assert letters.keys() == {"readings": {3}, "history": {3, 4}, "status": {0}}[kind]
    assert b"".join(one.payload for one in letters.values()).startswith(whole.payload)
    assert all(len(one.payload) < BODY_BYTES / 8 for one in letters.values())
    assert all(one.reason is Reason.TOO_LARGE for one in letters.values())
    assert centre.acked() == letters.keys() - {0}


def test_a_status_beyond_bounds_is_a_dead_letter_and_the_one_before_it_stands(
    centre: Centre,
) -> None:
    """It names the field."""
    topic = f"qy/v1/tongzhou/{STATION}/status"
    good = reports.Status(wire.VERSION, online=True, t=NOW, held=[])
    bad = msgspec.json.encode(good).replace(f"{NOW}".encode(), b"9" * 400)

    taken = centre.take(Message(topic, msgspec.json.encode(good)), Message(topic, bad))

    assert taken.said == {STATION: good}
    assert ["`$.t`" in letter.details.fault for letter in centre.deadletters.newest()] == [True]


def test_the_same_refusal_on_another_span_is_kept_once(centre: Centre) -> None:
    """After a crash between dead letters and journal a batch comes again, cut differently."""
    centre.deadletters.refuse([])
    first = Intake(centre.catalogue, SequenceLedger(), centre.deadletters)
    first.take([batch(1, 2, t=5)], NOW)

    centre.take(batch(1, t=5), batch(2, 3, t=5))

    assert centre.deadletters.count() == 3


MESSAGES = st.one_of(
    st.builds(live, st.integers(1, 12), oldest=st.integers(-3, 40)),
    st.builds(live, st.integers(1, 12), st.sampled_from([{}, FOREIGN]), oldest=st.integers(1, 12)),
    st.builds(live, st.integers(1, 12), t=st.sampled_from([5, NOW, NOW + 10**9])),
    st.builds(
        lambda seqs: batch(*sorted(seqs)), st.sets(st.integers(1, 12), min_size=1, max_size=5)
    ),
    st.builds(
        lambda seq, body: Message(live(seq).topic, body), st.integers(1, 12), st.binary(max_size=9)
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(st.lists(MESSAGES, max_size=5), max_size=6))
def test_whatever_comes_in_whatever_order_each_seq_is_kept_or_refused_exactly_once(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, rounds: list[list[Message]]
) -> None:
    """The sum that the loss report rests on: sent = kept + refused + given up by the spool."""
    centre = Centre(catalogue, tmp_path_factory.mktemp("c") / "deadletters.sqlite")
    kept: list[int] = []
    sent: set[int] = set()
    for messages in rounds:
        taken = centre.take(*messages)
        kept += taken.columns.seq.tolist()
        for message in messages:
            address = topics.parse_topic(message.topic)
            body = wire.decode_history(message.payload).s if address.kind == "history" else []
            sent |= set(body or [address.first])
    assert len(kept) == len(set(kept)), "a sample was kept twice"
    assert not set(kept) & centre.refused()
    assert sent <= centre.acked(), "a spool would send it for ever"
    missed = sent - set(kept) - centre.refused()
    assert len(missed) <= centre.ledger.lost(), "a sample went without a trace"
    centre.deadletters.close()


def test_a_retained_reading_that_comes_again_at_a_reconnect_is_answered_from_the_ledger(
    centre: Centre,
) -> None:
    """MQTT 3.1.1 cannot refuse it: it is settled once, and its spool hears so each time."""
    first, *again = [centre.take(replace(live(1), session=session)) for session in range(3)]

    assert len(first.columns) == 1
    for taken in again:
        assert len(taken.columns) == len(taken.settled) == len(taken.refused) == 0
        assert taken.touched == {(STATION, BOOT)}
        assert taken.repeated == {STATION: 1}
    assert centre.acked() == {1}
