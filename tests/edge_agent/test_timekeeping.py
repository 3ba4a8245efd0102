"""Samples that wait while the station's clock is set: each keeps or gets the right instant."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from config.catalogue.shapes import Catalogue, Placement
from config.settings import BrokerSettings, SpoolLimits
from config.vocabulary import topics, wire
from config.vocabulary.health import Declared, Health
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.time import HOUR_MS
from edge_agent import operation_state
from edge_agent.agent import Agent
from edge_agent.clock import Machine
from edge_agent.spool.dating import Setting, dated, doubted
from edge_agent.spool.spool import Spool
from edge_agent.timekeeping import Timekeeping
from qingyuan.commands.station import edge
from tests.conftest import Mosquitto, wait_until
from tests.edge_agent.conftest import peer, reply
from tests.edge_agent.test_agent import CODES, at_work, district

T0 = 1_790_000_000_000
GOOD = {"w01010": Measured(8.0, Cause.NORMAL)}
SINCE_1970_MS = 600_000


class Box:
    """A station's machine: how long it runs nobody sets, its clock is set by hand."""

    def __init__(self, began_ms: int, *, boot: str = "m", kept: bool = False) -> None:
        self.began_ms, self.up_s, self.kept = began_ms, 100.0, kept
        self.machine = Machine(boot, lambda: self.up_s, lambda: self.kept)

    def now_ms(self) -> int:
        """By its clock."""
        return self.began_ms + int(self.up_s * 1000)


def take(timekeeping: Timekeeping, box: Box, count: int) -> None:
    """A sample a second."""
    for _ in range(count):
        box.up_s += 1
        now_ms, up_ms, clock = timekeeping.read()
        timekeeping.keep(Sample(now_ms, clock, GOOD), up_ms)


def rows(spool: Spool) -> list[Numbered]:
    """All that waits, in the order of its taking."""
    return [row for held in spool.held() for row in spool.backlog(held.b, 0, held.high, 1000)]


def at(spool: Spool) -> list[int]:
    return [row.sample.taken_ms for row in rows(spool)]


def opened(folder: Path, box: Box) -> Spool:
    """Keeps for a day."""
    return Spool(
        folder / "s.sqlite", limits=SpoolLimits(days=1), now_ms=box.now_ms,
        monotonic_s=lambda: box.up_s, machine=box.machine.boot,
    )  # fmt: skip


@pytest.mark.parametrize("kept", [True, False], ids=["by NTP", "by hand"])
@pytest.mark.parametrize(
    "wrong_ms", [SINCE_1970_MS, T0 - 3 * HOUR_MS, T0 + 8 * HOUR_MS, T0 - 1024 * 7 * 24 * HOUR_MS],
    ids=["1970", "behind", "ahead", "rollover of GPS"],
)  # fmt: skip
def test_given_a_wrong_clock_when_it_is_set_then_what_waits_is_dated_by_the_time_that_passed(
    tmp_path: Path, wrong_ms: int, kept: bool
) -> None:
    """Nothing is lost, and nothing is in doubt; each keeps its number."""
    box = Box(wrong_ms)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    take(timekeeping, box, 73)
    box.began_ms, box.kept = T0, kept
    take(timekeeping, box, 2)

    assert at(spool) == [T0 + 101_000 + index * 1000 for index in range(75)]
    sure = Clock.SYNCHRONISED if kept else Clock.FREE_RUNNING
    assert {row.sample.clock for row in rows(spool)} == {sure, Clock.STEPPED}
    assert [row.seq for row in rows(spool)] == list(range(1, 76))
    said = timekeeping.minute_report()
    assert (said.set_by_ms, said.redated, said.unknown) == (T0 - wrong_ms, 73, 0)
    assert spool.report().given_up == 0
    spool.close()


def test_given_an_agent_that_was_started_again_then_what_the_one_before_it_took_is_dated_too(
    tmp_path: Path,
) -> None:
    """On the same start of the machine; also where the clock was set while none ran."""
    box = Box(SINCE_1970_MS)
    for _ in range(2):
        spool = opened(tmp_path, box)
        take(Timekeeping("s", spool, box.machine, box.now_ms), box, 3)
        spool.close()
    box.began_ms = T0
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)

    assert at(spool) == [T0 + 101_000 + index * 1000 for index in range(6)]
    assert not timekeeping.unset
    spool.close()


def test_given_a_machine_that_was_started_anew_then_nobody_knows_when_and_it_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What was taken in 1970 is kept as it is. What was taken by a clock that nothing kept right
    is put in doubt, once it is known to have been wrong; what something kept right stays good.
    """
    for began_ms, boot, kept in ((SINCE_1970_MS, "1", False), (T0, "2", False), (T0, "3", True)):
        box = Box(began_ms, boot=boot, kept=kept)
        spool = opened(tmp_path, box)
        take(Timekeeping("s", spool, box.machine, box.now_ms), box, 2)
        spool.close()
    box = Box(T0 + HOUR_MS, boot="4")
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    before = at(spool)
    box.began_ms += HOUR_MS
    timekeeping.tend()

    assert at(spool) == before
    never, kept_right = Clock.NEVER_SET, Clock.SYNCHRONISED
    assert [row.sample.clock for row in rows(spool)] == [never] * 4 + [kept_right] * 2
    assert timekeeping.minute_report().unknown == 2
    assert "2 are put in doubt, 2 are of a time that nobody knows" in caplog.text
    spool.close()


def test_given_a_clock_that_was_kept_right_when_a_hand_sets_it_wrong_then_what_waits_stays(
    tmp_path: Path,
) -> None:
    """And what was taken by the wrong clock is dated right when something keeps it again."""
    box = Box(T0, kept=True)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    take(timekeeping, box, 2)
    box.began_ms, box.kept = T0 + 8 * HOUR_MS, False
    take(timekeeping, box, 2)
    assert at(spool)[:2] == [T0 + 101_000, T0 + 102_000]
    box.began_ms, box.kept = T0, True
    take(timekeeping, box, 1)

    assert at(spool) == [T0 + 101_000 + index * 1000 for index in range(5)]
    spool.close()


def test_given_a_step_that_something_vouches_for_only_later_then_it_counts_from_then_on(
    tmp_path: Path,
) -> None:
    """A time service sets a clock first and says that it keeps it a moment later."""
    box = Box(T0 - HOUR_MS, kept=True)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    take(timekeeping, box, 1)
    box.began_ms, box.kept = T0, False
    take(timekeeping, box, 1)
    box.kept = True
    take(timekeeping, box, 1)

    assert at(spool) == [T0 + 101_000, T0 + 102_000, T0 + 103_000]
    spool.close()


def test_given_a_clock_that_falls_back_to_1970_then_what_it_dated_waits_until_it_is_set_again(
    tmp_path: Path,
) -> None:
    """Also where it then goes on as before."""
    box = Box(T0, kept=True)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    take(timekeeping, box, 1)
    box.began_ms = SINCE_1970_MS
    take(timekeeping, box, 1)
    assert not timekeeping.tend()
    box.began_ms = T0
    assert timekeeping.tend()

    assert at(spool) == [T0 + 101_000, T0 + 102_000]
    spool.close()


def test_given_a_clock_that_is_set_while_instruments_are_asked_then_the_sample_is_of_the_new_time(
    tmp_path: Path,
) -> None:
    """Whoever noticed the step dated only what lay there."""
    box = Box(SINCE_1970_MS)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    now_ms, up_ms, clock = timekeeping.read()
    box.began_ms, box.up_s = T0, box.up_s + 10
    assert timekeeping.tend()
    timekeeping.keep(Sample(now_ms, clock, GOOD), up_ms)

    assert at(spool) == [T0 + 100_000]
    spool.close()


SAMPLES = st.builds(Sample, st.integers(0, 1 << 42), st.sampled_from(Clock), st.just(GOOD))
SETTINGS = st.builds(
    Setting, st.just("m"), st.integers(T0, T0 + HOUR_MS), st.booleans(), st.booleans()
)


@given(SAMPLES, st.integers(0, 1 << 40), SETTINGS)
def test_dating_twice_is_dating_once(sample: Sample, up_ms: int, setting: Setting) -> None:
    """So that a failure in between costs nothing; values never change."""
    for date in (dated(sample, up_ms, setting), doubted(sample, setting)):
        assert date.readings is sample.readings
        assert doubted(doubted(date, setting), setting) == doubted(date, setting)
    once = dated(sample, up_ms, setting)
    assert dated(once, up_ms, setting) == once


class Centre:
    """Hears what a station sends, and settles it."""

    def __init__(self, broker: Mosquitto) -> None:
        self.taken_ms: dict[tuple[str, int], int] = {}
        self.online = False
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("centre", "c")
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", broker.port)
        self._client.subscribe("qy/v1/#", qos=1)
        self._client.loop_start()

    def _hear(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        body = json.loads(message.payload)
        if message.topic.endswith("/status"):
            self.online = body["online"]
        if "/readings/" not in message.topic and "/history/" not in message.topic:
            return
        address = topics.parse_topic(message.topic)
        instants = body["t"] if isinstance(body["t"], list) else [body["t"]]
        for seq, taken_ms in zip(body.get("s", [address.first]), instants, strict=True):
            self.taken_ms.setdefault((address.boot, seq), taken_ms)
        ack = wire.Ack(wire.VERSION, address.boot, [(address.first, address.last)])
        topic = topics.station_topic("site", "s", "ack")
        client.publish(topic, msgspec.json.encode(ack), qos=1)

    def close(self) -> None:
        """Hear nothing any more."""
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """For a station s of a site."""
    found = Mosquitto(tmp_path, {"centre": "c", "site.s": "s"})
    found.start()
    yield found
    found.kill()


class RunningBox(Box):
    """One on which time passes, and may be made to."""

    def __init__(self, began_ms: int) -> None:
        super().__init__(began_ms)
        self._began_s, self.more_s = time.monotonic(), 0.0
        self.machine = Machine("m", self._up_s)

    def _up_s(self) -> float:
        return time.monotonic() - self._began_s + self.more_s

    def now_ms(self) -> int:
        """By its clock."""
        return self.began_ms + int(self._up_s() * 1000)


def report(agent: Agent) -> Health:
    assert agent._health.latest is not None
    return agent._health.latest


def test_given_power_before_the_network_when_ntp_comes_then_every_sample_comes_with_its_instant(
    tmp_path: Path, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until then nothing of 1970 leaves the box, though the centre is there, and status and report
    say why; the agent is started again in between. No minute of it is fifty years.
    """
    box, centre = RunningBox(SINCE_1970_MS), Centre(broker)
    settings = BrokerSettings(port=broker.port, username="site.s", password="s")
    path = tmp_path / "spool" / "s.sqlite"

    def agent_of(catalogue: Catalogue) -> Agent:
        return Agent(
            catalogue, "s", path, settings, now_ms=box.now_ms, machine=box.machine,
            reconnect_wait_s=(0.0, 0.0),
        )  # fmt: skip

    with (
        peer(lambda request: reply(request, 7)) as found,
        closing(centre),
    ):
        place = Placement(CODES[0], 1, "127.0.0.1", found.port, timeout_ms=10_000)
        catalogue = district(place, cadence_ms=20)
        with at_work(agent_of(catalogue)) as agent:
            wait_until(lambda: agent.spool.last >= 5)
        earlier = agent.spool.boot, agent.spool.last
        with at_work(agent_of(catalogue)) as agent:
            wait_until(lambda: centre.online)
            some = agent.spool.last + 5
            wait_until(lambda: agent.spool.last >= some)
            box.more_s += 60
            wait_until(lambda: agent._health.latest is not None)
            assert edge.run(["status", "--data", str(tmp_path)]) == 1
            assert centre.taken_ms == {}
            now_ms = box.now_ms()
            switched = Declared(Cause.MAINTENANCE, "all", now_ms, now_ms + HOUR_MS, "王")
            operation_state.write(path.with_name("s.state.json"), [switched], now_ms)
            box.began_ms = T0
            last = agent.spool.last
            wait_until(lambda: {earlier, (agent.spool.boot, last)} <= set(centre.taken_ms))
            wait_until(lambda: report(agent).clock.redated >= last)
            redated = report(agent).clock.redated
            assert [one.by for one in report(agent).declared] == ["王"]
            edge.run(["status", "--data", str(tmp_path)])

    assert len(centre.taken_ms) >= earlier[1] + last
    in_order = [
        centre.taken_ms[key]
        for key in sorted(centre.taken_ms, key=lambda k: (k[0] != earlier[0], k[1]))
    ]
    assert in_order == sorted(in_order)
    assert T0 <= in_order[0] <= in_order[-1] <= box.now_ms()
    said = capsys.readouterr().out
    assert "up 1 min" in said
    assert "! the clock was never set: set up NTP" in said
    assert f" by {(T0 - SINCE_1970_MS) / 1000:+.0f} s, {redated} samples that waited are" in said
    assert "given up: the spool" not in said


def test_given_a_logger_beside_an_instrument_when_the_clock_is_set_then_its_instants_stay(
    tmp_path: Path,
) -> None:
    """DataTime is the logger's, and so is the time that an instrument shows of itself."""
    box = Box(T0 - 3 * HOUR_MS)
    spool = opened(tmp_path, box)
    timekeeping = Timekeeping("s", spool, box.machine, box.now_ms)
    shown = Sample(T0 + 7, Clock.FREE_RUNNING, GOOD)
    spool.append_once("mn", shown, box.now_ms())
    take(timekeeping, box, 1)
    box.began_ms = T0
    timekeeping.tend()

    assert at(spool) == [T0 + 7, T0 + 101_000]
    assert rows(spool)[0].sample == shown
    spool.close()
