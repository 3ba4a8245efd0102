"""Brokers that refuse what a station sends: by a limit of size, by a list, or without a word."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import BrokerSettings
from config.vocabulary import topics, wire
from config.vocabulary.health import Unsettled
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from edge_agent.spool.spool import Spool
from edge_agent.uplink import session as uplink_of_a_station
from edge_agent.uplink import window
from edge_agent.uplink.packets import PacketLimit, publish_bytes
from tests.conftest import Mosquitto, examples, wait_until
from tests.edge_agent.scripted_broker import Published, ScriptedBroker
from tests.edge_agent.test_uplink import SITE, STATION, Centre, sample, sending

USERS = {"centre": "c", f"{SITE}.{STATION}": "s"}
EVERYTHING = f"""
user centre
topic readwrite qy/#
user {SITE}.{STATION}
topic write qy/v1/{SITE}/{STATION}/#
topic read qy/v1/{SITE}/{STATION}/#
"""
NO_READINGS = f"""
user centre
topic readwrite qy/#
user {SITE}.{STATION}
topic read qy/v1/{SITE}/{STATION}/#
topic write qy/v1/{SITE}/{STATION}/status
"""
REFUSED: list[tuple[int, Unsettled, str]] = [
    (0x80, "refused", "Unspecified error"),
    (0x83, "refused", "Implementation specific error"),
    (0x87, "not-authorized", "Not authorized"),
    (0x97, "quota", "Quota exceeded"),
    (0x99, "refused", "Payload format invalid"),
]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is lost is sent again, and told, sooner than in the field."""
    monkeypatch.setattr(window, "TIMEOUT_S", 0.5)
    monkeypatch.setattr(uplink_of_a_station, "UNSETTLED_S", 0.0)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    with closing(Spool(tmp_path / "s.sqlite")) as spool:
        yield spool


def at(port: int) -> BrokerSettings:
    return BrokerSettings(port=port, username=f"{SITE}.{STATION}", password="s")


def large(codes: int) -> Sample:
    """A sample of so many indicators."""
    readings = {f"w{10000 + code}": Measured(1.25, Cause.NORMAL) for code in range(codes)}
    return Sample(1, Clock.SYNCHRONISED, readings)


def heard(broker: ScriptedBroker) -> set[int]:
    """Seqs of all samples that the broker took."""
    found = set[int]()
    for one in list(broker.published):
        if "/readings/" in one.topic or "/history/" in one.topic:
            address = topics.parse_topic(one.topic)
            found.update(range(address.first, address.last + 1))
    return found


@pytest.mark.parametrize("more", ["max_packet_size 400", "message_size_limit 300"])
def test_given_a_limit_below_a_batch_then_every_sample_arrives(
    tmp_path: Path, spool: Spool, more: str
) -> None:
    """NoticeKind in the CONNACK it is kept to without a reconnect. The other one is not told, and paho
    ends the connection at the answer: smaller batches are tried.
    """
    mosquitto = Mosquitto(tmp_path, USERS, more=[more])
    mosquitto.start()
    with closing(Centre(mosquitto)) as centre:
        spool.append(*(sample(1_775_001_600_000 + number) for number in range(100)))
        with sending(spool, at(mosquitto.port)) as uplink:
            wait_until(spool.empty.is_set, seconds=60)
            again = uplink.counts().reconnects
    mosquitto.kill()
    assert set(centre.heard) == set(range(1, 101))
    assert (again == 0) == more.startswith("max_packet_size")


def test_given_a_list_that_lets_no_readings_through_then_it_is_said_until_it_is_mended(
    tmp_path: Path, spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    """Once in the log, and in what the report tells; then everything arrives."""
    mosquitto = Mosquitto(tmp_path, USERS, acl=NO_READINGS)
    mosquitto.start()
    spool.append(*(sample(taken_ms) for taken_ms in range(40)))
    with closing(Centre(mosquitto)) as centre, sending(spool, at(mosquitto.port)) as uplink:
        wait_until(lambda: uplink.counts().unsettled_ms is not None)
        said = uplink.counts()
        assert (said.why, said.said) == ("not-authorized", "Not authorized")
        assert "refuses history (Not authorized)" in said.trouble
        assert "qingyuan broker acl" in said.trouble
        minute_report = [one for one in caplog.messages if "Not authorized" in one]
        assert len(minute_report) == 1
        assert not centre.heard

        mosquitto.let(EVERYTHING)
        wait_until(spool.empty.is_set)
        assert uplink.counts().trouble == ""
        assert uplink.counts().unsettled_ms is None
    mosquitto.kill()
    assert set(centre.heard) == set(range(1, 41))


@pytest.mark.parametrize(("code", "why", "said"), REFUSED)
def test_given_a_reason_code_then_the_brokers_word_for_it_is_reported(
    spool: Spool, code: int, why: Unsettled, said: str
) -> None:
    spool.append(sample(1))
    with (
        closing(
            ScriptedBroker(code=lambda one: code if "/history/" in one.topic else 0)
        ) as broker,
        sending(spool, at(broker.port)) as uplink,
    ):
        wait_until(lambda: uplink.counts().why is not None)
        minute_report = uplink.counts()
        assert (minute_report.why, minute_report.said) == (why, said)
        assert f"({said}); " in minute_report.trouble


def test_given_a_broker_that_lets_the_station_hear_nothing_then_that_is_reported(
    spool: Spool,
) -> None:
    """Acknowledgements of the centre would never come."""
    spool.append(sample(1))
    with (
        closing(ScriptedBroker(granted=0x87)) as broker,
        sending(spool, at(broker.port)) as uplink,
    ):
        wait_until(lambda: uplink.counts().why == "not-authorized")
        assert "refuses subscriptions" in uplink.counts().trouble


@settings(max_examples=examples(12))
@given(most=st.integers(300, 3000), codes=st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_given_any_limit_then_no_packet_is_larger_and_all_that_fits_is_sent(
    tmp_path_factory: pytest.TempPathFactory, most: int, codes: list[int]
) -> None:
    """What needs more by itself waits in the spool, is told, and keeps nobody waiting."""
    samples = [large(count) for count in codes]
    with (
        closing(Spool(tmp_path_factory.mktemp("spool") / "s.sqlite")) as spool,
        closing(ScriptedBroker(most=most)) as broker,
    ):
        spool.append(*samples)
        fits = {row.seq for row in spool.fresh(0, 100) if size_alone(row) <= most}
        with sending(spool, at(broker.port)) as uplink:
            wait_until(lambda: heard(broker) >= fits)
            if len(fits) < len(samples):
                wait_until(lambda: uplink.counts().why == "packet-size")
                assert f"beyond {most} bytes" in uplink.counts().trouble
        assert heard(broker) == fits
        assert max(one.size for one in broker.published) <= most
        assert broker.connections == 1


def size_alone(row: object) -> int:
    """Bytes of the packet that has a sample of backlog alone."""
    assert hasattr(row, "seq")
    body = wire.encode_history([row], oldest=1, sent_ms=1_800_000_000_000)  # type: ignore[list-item]
    topic = topics.history_topic(SITE, STATION, "a" * 32, row.seq, row.seq)
    return publish_bytes(topic, body, properties=True)


@given(
    rows=st.lists(st.integers(1, 5000), min_size=1, max_size=100),
    announced=st.integers(1, 100_000),
    lost=st.lists(st.tuples(st.integers(2, 100_000), st.integers(0, 100), st.booleans())),
)
def test_given_any_past_then_a_cut_fits_and_one_row_is_left_out_only_where_it_is_too_large(
    rows: list[int], announced: int, lost: list[tuple[int, int, bool]]
) -> None:
    limit = PacketLimit(announced=announced)
    for size, samples, refused in lost:
        limit.lost(size, samples=samples, refused=refused)
    cut = limit.cut(rows, sum)
    assert list(cut) == rows[: len(cut)]
    assert sum(cut) <= limit.most
    assert cut or rows[0] > limit.most


@pytest.mark.parametrize("samples", [1, 50])
def test_given_a_line_that_only_failed_then_larger_packets_are_tried_again(samples: int) -> None:
    """The oftener it fails, the later."""
    limit, waits = PacketLimit(), list[int]()
    for _ in range(3):
        while not limit.lost(1000, samples=samples):
            pass
        assert not limit.cut([1000] * samples, sum) or samples > 1
        assert sum(limit.cut([10] * samples, sum)) <= 500
        waits.append(1)
        while not limit.confirmed(100):
            waits[-1] += 1
        assert limit.cut([1000] * samples, sum)
    assert waits == [waits[0], 2 * waits[0], 4 * waits[0]]


@pytest.mark.parametrize("version", [4, 5])
def test_the_size_of_a_packet_is_that_which_arrives(version: int, spool: Spool) -> None:
    """Where its length takes one byte, two or three."""
    sizes = list[tuple[int, int]]()

    def note(one: Published) -> int:
        expected = publish_bytes(one.topic, one.payload, properties=version == 5)
        sizes.append((one.size, expected))
        return 0

    with closing(ScriptedBroker(version=version, code=note)) as broker:
        spool.append(*(large(count) for count in (1, 2, 900, 3, 40, 50)))
        with sending(spool, at(broker.port)):
            wait_until(lambda: len(heard(broker)) == 6)
    assert max(sizes)[0] > 128**2
    assert all(came == expected for came, expected in sizes)


@pytest.mark.parametrize("version", [4, 5])
def test_given_a_broker_that_hangs_up_on_large_packets_then_smaller_ones_are_tried(
    spool: Spool, version: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a word, as brokers of MQTT 3.1.1 do; of a sample that is too large by itself the
    others do not wait.
    """
    caplog.set_level(logging.INFO)
    spool.append(*(large(60 if index == 7 else 1) for index in range(60)))
    hangs_up: Callable[[Published], int | None] = lambda one: None if one.size > 900 else 0  # noqa: E731
    with (
        closing(ScriptedBroker(version=version, code=hangs_up)) as broker,
        sending(spool, at(broker.port)) as uplink,
    ):
        expected = set(range(1, 61)) - {8}
        wait_until(lambda: heard(broker) >= expected, seconds=60)
        wait_until(lambda: uplink.counts().why == "packet-size")
        assert heard(broker) == expected
        assert [row.seq for row in spool.fresh(0, 100)] == [8]
    assert "smaller ones are tried" in caplog.text
    assert any("hangs up again and again" in one for one in caplog.messages)
