"""No bytes that anybody sends end a round of the intake, a page's ear or an agent's."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import msgspec

from api.centre import Centre
from config.catalogue import sending
from config.catalogue.shapes import Catalogue
from config.settings import BrokerSettings
from config.vocabulary import topics, wire
from config.vocabulary.bounds import MOST
from config.vocabulary.health import Health
from config.vocabulary.reading import Numbered
from config.vocabulary.refusals import Reason
from config.vocabulary.reports import Applied, Pulse
from edge_agent.remote_configuration import Remote
from edge_agent.spool.spool import Spool
from edge_agent.uplink.session import Uplink
from ingest.arrival.commit import Committer
from ingest.arrival.intake import Intake, Message
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.arrival.station_monitor import StationMonitor
from ingest.journal.deadletters import DeadLetters
from ingest.journal.log import Journal
from tests.attack.fuzzing import Fuzzer
from tests.chaos.field import sample
from tests.chaos.path import SOAK

PAYLOADS = 1_000_000 if SOAK else 10_000
ROUND = 100
"""Messages of a round: one is honest, first or last or between."""
NOW_MS = 1_800_000_000_000
SITE, THIEF, HONEST = "tongzhou", "xinjianghai-xingdong", "tonglv-jinsha"
BOOT = "ab" * 16
SPAN_MS = PAYLOADS // ROUND * 1000
STATUS = {
    "v": 1, "online": True, "t": NOW_MS, "held": [{"b": BOOT, "low": 1, "high": 9}],
    "mishaps": [{"t": NOW_MS, "what": "broken", "aside": "s.1"}], "senders": ["a", "b"],
}  # fmt: skip
HEALTH = {
    "v": 1, "t": NOW_MS, "b": BOOT, "up_ms": 1,
    "sensors": {"w21003": {"good": 1, "last_good_ms": NOW_MS}}, "devices": {"a": {"silent": 1}},
    "loggers": {"l": {"counts": {"data": 1}, "behind_ms": 1}},
    "declared": [{"state": 7, "instrument": "all", "since_ms": 1, "until_ms": 2, "by": "x"}],
}  # fmt: skip


def valid(kind: str, number: int) -> bytes:
    """What an honest agent sends."""
    if kind == "status":
        return json.dumps(STATUS).encode()
    taken = sample(NOW_MS - 100_000, number % 1000)
    if kind == "readings":
        return wire.encode_live(taken, oldest=1, sent_ms=NOW_MS)
    rows = [Numbered(BOOT, number + n, taken) for n in range(3)]
    return wire.encode_history(rows, oldest=1, sent_ms=NOW_MS)


def of_thief(fuzzer: Fuzzer, number: int) -> Message:
    """On one of its topics, which its broker lets it name as it likes."""
    kind = fuzzer.random.choice(("readings", "readings", "history", "status"))
    rest = {
        "readings": f"readings/{BOOT}/{number}",
        "history": f"history/{BOOT}/{number}-{number + 2}",
        "status": "status",
    }[kind]
    if fuzzer.random.random() < 0.02:
        rest = rest.replace(*fuzzer.random.choice((("1", str(10**18)), ("-", "--"), (BOOT, "é"))))
    body = fuzzer.broken(valid(kind, number))
    return Message(topics.station_topic(SITE, THIEF, rest), body)


def of_honest(seq: int) -> Message:
    """One live sample."""
    topic = topics.readings_topic(SITE, HONEST, BOOT, seq)
    taken = sample(NOW_MS - SPAN_MS, seq)
    return Message(topic, wire.encode_live(taken, oldest=1, sent_ms=NOW_MS))


def test_given_payloads_broken_in_every_way_no_round_of_the_intake_is_lost(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """None is taken apart for a fault that nobody thought of, every honest sample is kept, and a
    pulse can be sent behind it.
    """
    fuzzer, ledger, monitor = Fuzzer(35), SequenceLedger(), StationMonitor()
    with (
        closing(DeadLetters(tmp_path / "letters.sqlite")) as letters,
        closing(Journal(tmp_path / "journal")) as journal,
    ):
        committer = Committer(Intake(catalogue, ledger, letters), journal, ledger, lambda: NOW_MS)
        for seq in range(1, PAYLOADS // ROUND + 1):
            first = seq * ROUND * 3
            round_ = [of_thief(fuzzer, first + 3 * n) for n in range(ROUND - 1)]
            round_.insert(fuzzer.random.randrange(ROUND), of_honest(seq))
            taken = committer.take(round_)
            assert not [of for of in taken.refused if of.details.reason is Reason.NOT_TAKEN]
            assert f"{HONEST}/w21003" in taken.columns.names
            monitor.hear(taken.said)
            for station in ledger.stations():
                msgspec.json.encode(monitor.pulse(station, ledger, NOW_MS))
        assert ledger.arrived(HONEST) == PAYLOADS // ROUND
        assert ledger.arrived(THIEF) > 0


def test_given_broken_reports_of_stations_and_of_the_core_the_last_good_one_stands() -> None:
    """Pages hear both on the thread of their bus."""
    fuzzer, heard = Fuzzer(36), Centre(lambda: NOW_MS)
    health, pulse = json.dumps(HEALTH).encode(), msgspec.json.encode(Pulse(1, NOW_MS, 1, 1, 1))
    topic = topics.health_topic(SITE, THIEF)
    for _ in range(PAYLOADS // 4):
        heard.hear_health(topic, fuzzer.broken(health))
        heard.hear("", fuzzer.broken(pulse))
    heard.hear_health(topic, health)
    heard.hear("", pulse)
    assert heard.health(THIEF) == msgspec.json.decode(health, type=Health)
    assert heard.pulse == msgspec.json.decode(pulse, type=Pulse)


def test_given_broken_acks_an_agent_hears_on_and_forgets_nothing_that_it_did_not_send(
    tmp_path: Path,
) -> None:
    """However large their ranges are."""
    fuzzer = Fuzzer(37)
    with closing(Spool(tmp_path / "spool.sqlite", boot=BOOT)) as spool:
        spool.append(*(sample(NOW_MS, n) for n in range(5)))
        held, uplink = spool.held(), Uplink(spool, BrokerSettings(), SITE, HONEST)
        topic = topics.station_topic(SITE, HONEST, "ack")
        for _ in range(PAYLOADS // 2):
            first = fuzzer.random.randrange(1, 9)
            ack = wire.Ack(1, BOOT, [(first, fuzzer.random.choice((first, 9, MOST)))])
            uplink.hear(topic, fuzzer.broken(msgspec.json.encode(ack)))
        assert spool.held() == held


def test_given_broken_configurations_an_agent_answers_each_and_starts_again_with_one_that_holds(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """In words that the centre can read. What holds by chance is on trial, and kept."""
    fuzzer, file, clock = Fuzzer(38), tmp_path / "config.json", iter(range(0, 10**12, 10**6))
    remote = Remote(file, catalogue, HONEST, lambda: next(clock))
    refused = 0
    for n in range(1, PAYLOADS // 10):
        remote.hear(fuzzer.broken(sending.packed(catalogue, HONEST, n)))
        for good in (False, True):
            remote.next(good=good)
        while (answer := remote.answer()) is not None:
            refused += not wire.decoded(answer, Applied).ok
    assert refused > PAYLOADS // 100
    assert Remote(file, catalogue, HONEST, lambda: 0).catalogue.stations.keys() == {HONEST}
