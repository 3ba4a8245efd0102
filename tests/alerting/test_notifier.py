"""Who hears what of an alert event, when, and by what."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from alerting import tables
from alerting.alert import Level
from alerting.channels.protocol import Later, Never, Taken
from alerting.escalation.policy import Policy, Step, Target
from alerting.notify.entries import Entry, Note
from alerting.notify.readers import Person
from alerting.notify.wishes import Quiet, Wishes
from alerting.silences.silence import Scope, Silence
from config.catalogue.shapes import Catalogue
from config.settings import ChannelSettings, Settings
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.state.database import State, open_state
from tests.alerting.telling import (
    ABOVE,
    BELOW,
    DEPUTY,
    ELSEWHERE,
    KINDS,
    NOON_MS,
    OFFICER,
    Noted,
    Telling,
)
from tests.conftest import Postgres

BOTH_HEAR = [("daibiao", "begun"), ("huanbao", "begun")]
NIGHT_MS = NOON_MS + 11 * HOUR_MS
"""23:00 in Asia/Shanghai."""
pytestmark = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[State]:
    """One database of PostgreSQL for the tests of this module, one after the other."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("state"), state_url=postgres.database())
    with closing(open_state(settings)) as state:
        state.migrate([tables.MIGRATIONS])
        yield state


@pytest.fixture
def telling(
    kind: str, tmp_path: Path, catalogue: Catalogue, request: pytest.FixtureRequest
) -> Iterator[Telling]:
    """Over either database, without rows."""
    if kind == "postgresql":
        state: State = request.getfixturevalue("server")
        every = {table.name for table in tables.METADATA.sorted_tables}
        names = ", ".join(sorted(every - set(tables.MIGRATIONS.insert_only)))
        with state.begin() as connection:
            connection.execute(sa.text(f"truncate {names}"))
        yield Telling(state, catalogue)
        return
    with closing(open_state(Settings(data_dir=tmp_path))) as state:
        tables.METADATA.create_all(state.engine)
        yield Telling(state, catalogue)


def wish(telling: Telling, username: str, wishes: Wishes) -> None:
    with telling.state.begin() as connection:
        telling.messages.save_wishes(connection, username, wishes, telling.now_ms)


def silence(telling: Telling, minutes: int, level: Level = Level.ALARM, **scope: object) -> None:
    now = telling.now_ms
    row = Silence(
        0, "silence", Scope(**scope), level, "检修", "李岚", "huanbao", now, now,  # type: ignore[arg-type]
        now + minutes * MINUTE_MS,
    )  # fmt: skip
    with telling.state.begin() as connection:
        telling.silences.add(connection, row)


def test_given_an_alert_of_pollution_then_deputy_and_officer_hear_within_seconds(
    telling: Telling,
) -> None:
    """And once: nothing more while nothing changes."""
    telling.fires("a")
    assert telling.after(0.1) == BOTH_HEAR
    assert telling.after(60, every_s=30) == [("huanbao", "step")]


def test_given_a_notice_then_only_officers_hear(telling: Telling) -> None:
    """提示 is for those who look after the stations."""
    telling.fires("a", level=Level.NOTICE)
    assert telling.after(0.1) == [("huanbao", "begun")]


def test_given_a_fault_of_a_sensor_then_no_deputy_hears(telling: Telling) -> None:
    """Faults are never told as pollution."""
    telling.fires("a", level=Level.CRITICAL, about="maintenance", rule_id="sensor-not-measuring")
    assert telling.after(0.1) == [("huanbao", "begun")]


def test_given_alerts_that_fire_together_then_one_message_names_the_gravest(
    telling: Telling,
) -> None:
    """Levels of a rule and stations of a river within seconds of each other."""
    telling.fires("a", level=Level.WARNING)
    telling.fires("b", level=Level.CRITICAL)
    telling.fires("c", station=BELOW)
    assert telling.after(0.1) == BOTH_HEAR
    telling.send()
    (outgoing, _) = telling.channels["mail"].given
    assert outgoing.title.startswith("【严重】通吕运河")


def test_given_two_rivers_then_two_events(telling: Telling) -> None:
    """Each is told by itself."""
    telling.fires("a")
    telling.fires("b", station=ELSEWHERE)
    assert sorted(telling.after(0.1)) == sorted(BOTH_HEAR * 2)


def test_given_a_rise_then_it_is_told_and_a_fall_is_not(telling: Telling) -> None:
    """Of what people know only a graver level is news."""
    telling.fires("a")
    telling.after(0.1)
    telling.fires("b", level=Level.CRITICAL)
    assert telling.after(0.1) == [("daibiao", "risen"), ("huanbao", "risen")]
    telling.ends("b")
    assert telling.after(5) == []


def test_given_further_stations_then_a_digest_of_the_last_minutes_tells_them(
    telling: Telling,
) -> None:
    """One message for all that came within ten minutes, not one for each."""
    telling.fires("a")
    telling.after(0.1)
    telling.fires("b", station=BELOW)
    assert telling.after(1, every_s=10) == []
    telling.fires("c", station="tonglv-erjia")
    assert telling.after(9.5, every_s=10) == [("daibiao", "further"), ("huanbao", "further")]


def test_given_the_end_then_those_who_heard_hear_of_it(telling: Telling) -> None:
    """Once, when nothing of it stands any more."""
    telling.fires("a", level=Level.NOTICE)
    telling.fires("b", station=BELOW, level=Level.NOTICE)
    telling.after(0.1)
    telling.ends("a")
    assert telling.after(1) == []
    telling.ends("b")
    assert telling.after(1) == [("huanbao", "over")]


def test_given_an_alert_that_never_was_then_it_is_taken_back(telling: Telling) -> None:
    """Those who heard of it hear that it is not so."""
    telling.fires("a")
    telling.after(0.1)
    telling.never_was("a")
    assert telling.after(1) == [("daibiao", "withdrawn"), ("huanbao", "withdrawn")]


def test_given_an_alert_that_is_over_before_it_could_be_told_then_nobody_hears(
    telling: Telling,
) -> None:
    """It is on record, and belongs to no event."""
    telling.fires("a")
    telling.ends("a")
    assert telling.after(1) == []
    assert telling.open() == []


def test_given_data_that_stay_away_then_it_is_told_once(telling: Telling) -> None:
    """Nobody knows how it goes on."""
    telling.fires("a")
    telling.after(0.1)
    telling.loses_data("a")
    assert telling.after(1) == [("daibiao", "data-lost"), ("huanbao", "data-lost")]
    assert telling.after(10) == []


def test_given_one_that_comes_and_goes_then_it_is_held_after_the_third_time(
    telling: Telling,
) -> None:
    """Three times each beginning and end; then a message that it does so, and one at its end."""
    telling.now_ms -= 4 * HOUR_MS
    heard = []
    for turn in range(6):
        telling.fires(f"a{turn}")
        heard += telling.after(20)
        telling.ends(f"a{turn}")
        heard += telling.after(20)
    kinds = [what for who, what in heard if who == "daibiao"]
    assert kinds == ["begun", "over", "again", "over", "again", "over", "comes-and-goes"]
    assert telling.after(7 * 60) == [("daibiao", "over"), ("huanbao", "over")]


def test_given_one_that_is_held_then_a_rise_breaks_through(telling: Telling) -> None:
    """Being spared must not hide what is graver."""
    for turn in range(5):
        telling.fires(f"a{turn}")
        telling.after(20)
        telling.ends(f"a{turn}")
        telling.after(20)
    telling.fires("b", level=Level.CRITICAL)
    assert telling.after(1) == [("daibiao", "risen"), ("huanbao", "risen")]


def test_given_the_same_event_a_day_later_then_it_begins_anew(telling: Telling) -> None:
    """What stayed away for six hours is over."""
    telling.fires("a")
    telling.after(1)
    telling.ends("a")
    telling.after(24 * 60, every_s=3600)
    telling.fires("b")
    assert telling.after(0.1) == BOTH_HEAR


def test_given_the_night_then_a_deputy_hears_at_once_only_what_is_grave(telling: Telling) -> None:
    """关注 waits for the morning's digest, 警告 does not; an officer hears both."""
    telling.now_ms = NIGHT_MS
    telling.fires("a", level=Level.WARNING)
    assert telling.after(0.1) == [("huanbao", "begun")]
    telling.fires("b", station=ELSEWHERE)
    assert telling.after(0.1) == BOTH_HEAR
    telling.ends("b")
    telling.ends("a")
    assert telling.after(7 * 60, every_s=600) == []
    assert telling.after(61, every_s=600) == [("daibiao", "digest"), ("huanbao", "digest")]


def test_given_a_wish_for_a_river_then_another_river_is_not_told(telling: Telling) -> None:
    """Nor another area, and the reason is kept."""
    wish(telling, "daibiao", Wishes(rivers=("xinjianghai",)))
    telling.fires("a")
    assert telling.after(0.1) == [("huanbao", "begun")]
    telling.fires("b", station=ELSEWHERE)
    assert ("daibiao", "begun") in telling.after(0.1)
    (first, _) = telling.open()
    with telling.state.read() as connection:
        ((_, tellings),) = telling.messages.of_event(connection, first.id)
    assert {of.reader: of.why for of in tellings} == {"daibiao": "place", "huanbao": ""}


def test_given_a_wish_for_a_level_then_less_is_not_told_and_a_rise_is(telling: Telling) -> None:
    """It is the first that the person hears of the event."""
    wish(telling, "daibiao", Wishes(least="critical"))
    telling.fires("a")
    assert telling.after(0.1) == [("huanbao", "begun")]
    telling.fires("b", level=Level.CRITICAL)
    assert telling.after(0.1) == [("daibiao", "risen"), ("huanbao", "risen")]


def test_given_quiet_hours_of_ones_own_then_they_take_the_place_of_the_night(
    telling: Telling,
) -> None:
    """And what waited comes when they end."""
    wish(telling, "daibiao", Wishes(quiet=Quiet("11:00", "14:00", "critical")))
    telling.fires("a")
    assert telling.after(0.1) == [("huanbao", "begun")]
    assert ("daibiao", "begun") in telling.after(121)


def test_given_somebody_on_duty_then_quiet_hours_hold_back_less(telling: Telling) -> None:
    """Whoever is on duty hears 关注 at night as well."""
    telling.duty = {"leader": "daibiao"}
    telling.now_ms = NIGHT_MS
    telling.fires("a", level=Level.WARNING)
    assert ("daibiao", "begun") in telling.after(0.1)


def test_given_channels_in_order_then_the_first_is_tried_and_the_next_where_it_fails(
    telling: Telling,
) -> None:
    """At once after a failure; once one has taken it, the other does not send it any more."""
    telling.channels["mail"].answer = Later("away")
    wish(telling, "daibiao", Wishes(channels=("mail", "mobile")))
    telling.people.persons = [DEPUTY]
    telling.fires("a")
    telling.after(0.1)
    telling.send()
    assert [of.addresses for of in telling.channels["mail"].given] == [("daibiao@mail",)]
    telling.after(0.02)
    telling.send()
    assert [of.addresses for of in telling.channels["mobile"].given] == [("daibiao@mobile",)]
    telling.channels["mail"].answer = Taken()
    telling.after(60)
    before = len(telling.channels["mail"].given)
    telling.send()
    assert len(telling.channels["mail"].given) == before
    with telling.state.read() as connection:
        states = [of.state for _, of in telling.messages.every(connection)]
    assert sorted(states) == ["sent", "superseded"]


def test_given_a_channel_that_hangs_then_the_next_one_is_tried_within_seconds(
    telling: Telling,
) -> None:
    """Nobody waits for an answer that does not come."""
    telling.people.persons = [DEPUTY]
    telling.fires("a")
    telling.after(0.1)
    telling.after(0.15)
    telling.senders["mobile"].step()
    assert len(telling.channels["mobile"].given) == 1
    assert telling.now_ms - NOON_MS < 20_000


def test_given_a_refused_address_then_the_message_goes_over_the_next_channel(
    telling: Telling,
) -> None:
    """The provider's words are kept."""
    telling.people.persons = [DEPUTY]
    telling.channels["mail"].answer = Never("550 no such user", gone=("daibiao@mail",))
    telling.fires("a")
    telling.after(0.1)
    telling.send()
    telling.after(0.02)
    telling.send()
    with telling.state.read() as connection:
        found = [(of.channel, of.state, of.why) for _, of in telling.messages.every(connection)]
    assert found == [("mail", "failed", "550 no such user"), ("mobile", "sent", "")]
    assert telling.people.forgotten == ["daibiao@mail"]


def test_given_a_channel_that_is_away_for_a_day_then_the_message_is_given_up(
    telling: Telling,
) -> None:
    """After it was tried ever less often."""
    telling.people.persons = [DEPUTY]
    for channel in telling.channels.values():
        channel.answer = Later("away")
    telling.fires("a")
    telling.after(0.1)
    for _ in range(50):
        telling.send()
        telling.after(30)
        for sender in telling.senders.values():
            sender._open_until_s = 0.0
    with telling.state.read() as connection:
        rows = [
            of for message, of in telling.messages.every(connection) if message.kind == "begun"
        ]
    assert {row.state for row in rows} == {"given-up"}
    assert all(10 < row.attempts <= 51 for row in rows)


def test_given_a_group_chat_then_it_reads_what_its_role_reads(
    telling: Telling,
) -> None:
    """Beside the people."""
    chat = Noted("wecom")
    telling.channels = {"mail": Noted(), "group": chat}
    telling.settings = [
        ChannelSettings("mail", "mail"), ChannelSettings("group", "wecom-robot", reads="officer"),
    ]  # fmt: skip
    telling.restart()
    telling.fires("a", level=Level.NOTICE)
    assert telling.after(0.1) == [("@group", "begun"), ("huanbao", "begun")]
    telling.send()
    assert chat.given[0].to_chat
    assert chat.given[0].link.startswith("http://q.example/environment/events/")


def test_given_a_silence_then_nobody_hears_and_at_its_end_what_stands_is_told(
    telling: Telling,
) -> None:
    """It is recorded all the same."""
    silence(telling, 30, stations=(ABOVE,))
    telling.fires("a")
    assert telling.after(29, every_s=60) == []
    assert [of.id for of in telling.open()] == ["a"]
    assert telling.after(2) == BOTH_HEAR


def test_given_a_silence_of_what_was_told_then_its_end_says_that_it_stands(
    telling: Telling,
) -> None:
    """People may have taken it to be over."""
    telling.fires("a")
    telling.after(0.1)
    silence(telling, 30, rivers=("tonglv",))
    telling.fires("b", station=BELOW)
    assert telling.after(29, every_s=60) == []
    assert telling.after(2) == [("daibiao", "stands"), ("huanbao", "stands")]


def test_given_a_silence_then_a_graver_level_breaks_through(telling: Telling) -> None:
    """Unless the silence names it."""
    silence(telling, 300, stations=(ABOVE,))
    telling.fires("a", level=Level.CRITICAL)
    assert telling.after(0.1) == BOTH_HEAR
    silence(telling, 300, Level.CRITICAL, stations=(ELSEWHERE,))
    telling.fires("b", station=ELSEWHERE, level=Level.CRITICAL)
    assert telling.after(0.1) == []


LADDER = Policy(
    "grave-pollution", "x", "pollution", "alarm",
    (Step(15, (Target("duty", "leader"),)), Step(15, (Target("role", "officer"),))),
    rounds=2,
)  # fmt: skip


def escalating(telling: Telling) -> str:
    """Under a policy of two steps, twice; the event's id."""
    with telling.state.begin() as connection:
        telling.policies.save(connection, LADDER, "李岚", "huanbao", telling.now_ms)
    telling.duty = {"leader": "daibiao"}
    telling.fires("a")
    telling.after(0.1)
    return telling.open()[0].id


def acts(telling: Telling, event: str) -> list[str]:
    with telling.state.read() as connection:
        return [act.kind for act in telling.events.acts(connection, [event]).get(event, [])]


def test_given_nobody_answers_then_each_step_asks_its_people_once_to_the_end(
    telling: Telling,
) -> None:
    """Twice around, then it is on record that nobody answered; over restarts as well."""
    event = escalating(telling)
    heard = []
    for _ in range(20):
        heard += telling.after(5)
        telling.restart()
    assert heard == [("daibiao", "step"), ("huanbao", "step")] * 2
    assert acts(telling, event) == ["step"] * 4 + ["nobody-answered"]


def test_given_a_deputy_acknowledges_then_officers_are_asked_all_the_same(
    telling: Telling,
) -> None:
    """It stops the steps of the own role alone."""
    event = escalating(telling)
    telling.acknowledges(DEPUTY, event)
    assert telling.after(80, every_s=60) == [("huanbao", "step")] * 2


def test_given_an_officer_takes_it_then_nobody_is_asked(telling: Telling) -> None:
    """处理中 stops all; a rise is told still, and asks nobody either."""
    event = escalating(telling)
    telling.acknowledges(OFFICER, event, taken=True)
    assert telling.after(120, every_s=300) == []
    telling.fires("b", level=Level.CRITICAL)
    assert telling.after(120, every_s=300) == [("daibiao", "risen"), ("huanbao", "risen")]


def test_given_everybody_has_acknowledged_then_a_rise_asks_anew(telling: Telling) -> None:
    """What was acknowledged was less grave."""
    event = escalating(telling)
    telling.acknowledges(OFFICER, event)
    telling.acknowledges(DEPUTY, event)
    assert telling.after(120, every_s=300) == []
    telling.fires("b", level=Level.CRITICAL)
    telling.after(0.1)
    assert telling.after(16) == [("daibiao", "step")]


def test_given_turns_that_follow_only_what_moves_then_all_news_of_events_is_told(
    telling: Telling,
) -> None:
    """A beginning, a rise, a step that is due and the end; of what does not move no row is read."""
    event = escalating(telling)
    telling.fires("b", station=ELSEWHERE)
    assert telling.after(0.1, whole=False) == BOTH_HEAR
    telling.fires("c", level=Level.CRITICAL)
    assert telling.after(0.1, whole=False) == [("daibiao", "risen"), ("huanbao", "risen")]
    other = next(of.id for of in telling.open() if of.id != event)
    telling.acknowledges(OFFICER, other, taken=True)
    assert telling.after(16, whole=False) == [("daibiao", "step")]
    for name in ("a", "c"):
        telling.ends(name)
    assert telling.after(60, whole=False) == [("daibiao", "over"), ("huanbao", "over")]
    with telling.state.read() as connection:
        last = telling.events.last_transition(connection)
        moved = telling.events.moved(connection, last, telling.now_ms, telling.now_ms)
    assert moved == []


def test_given_the_end_then_the_steps_end(telling: Telling) -> None:
    """And at a silence they wait."""
    escalating(telling)
    silence(telling, 60, stations=(ABOVE,))
    assert telling.after(59, every_s=60) == []
    telling.ends("a")
    assert telling.after(120, every_s=300) == [("daibiao", "over"), ("huanbao", "over")]


def test_given_doubted_data_then_the_station_carries_no_event_until_they_are_not(
    telling: Telling,
) -> None:
    """Two agents speak as the station: officers hear of that."""
    telling.fires("m", about="maintenance", rule_id="two-agents", indicator="")
    telling.fires("a")
    assert telling.after(5) == [("huanbao", "begun")]
    telling.ends("m")
    assert set(telling.after(1)) == {("huanbao", "over"), *BOTH_HEAR}


def test_given_a_doubt_that_arises_before_the_event_is_told_then_it_waits_as_well(
    telling: Telling,
) -> None:
    """A wrong clock is seen some seconds after its readings."""
    telling.fires("a")
    assert telling.after(0.05) == []
    telling.fires("m", about="maintenance", rule_id="clock-off", indicator="")
    assert telling.after(5) == [("huanbao", "begun")]
    telling.ends("m")
    assert set(telling.after(1)) == {("huanbao", "over"), *BOTH_HEAR}


def test_given_a_beginning_of_long_ago_then_it_is_told_once_silence_is_known(
    telling: Telling,
) -> None:
    """Of what was read more than a day ago nobody knows whether it stands."""
    telling.known_ms = NOON_MS - 3 * DAY_MS
    telling.fires("a", last_ms=NOON_MS - 2 * DAY_MS)
    assert telling.after(5) == []
    telling.known_ms = NOON_MS
    assert telling.after(1) == BOTH_HEAR


def test_given_two_hundred_stations_of_three_events_while_one_provider_is_away(
    telling: Telling,
) -> None:
    """The first station of each within 20 s over the other channel, three messages an hour at
    most, nothing twice, and nothing waits when the provider is back.
    """
    telling.people.persons = [DEPUTY]
    telling.channels["mail"].answer = Later("connection refused")
    places = [of.id for of in telling.catalogue.stations.values() if of.kind == "water"]
    rules = ("ammonia-over-class", "oxygen-low", "permanganate-over-class")
    river = [name for name in places if telling.catalogue.stations[name].river == "tonglv"]
    for n in range(200):
        telling.fires(f"a{n}", station=river[n % len(river)], rule_id=rules[n % 3])
        if n % 20 == 0:
            telling.after(0.05)
            telling.send()
    telling.after(0.2, every_s=2)
    telling.send()
    first = {tuple(of.data["entries"][0]["rule"]) for of in telling.channels["mobile"].given}  # type: ignore[index]
    assert len(first) == 3
    for _ in range(58):
        telling.after(1)
        telling.send()
    assert len(telling.channels["mobile"].given) == 3
    telling.channels["mail"].answer = Taken()
    telling.channels["mail"].given.clear()
    for sender in telling.senders.values():
        sender._open_until_s = 0.0
    telling.after(0.5)
    telling.send()
    assert telling.messages.waiting() == (0, None)
    sent = [of.key for name in ("mobile", "mail") for of in telling.channels[name].given]
    assert len(sent) == len(set(sent))


def test_given_a_provider_that_tells_of_devices_then_the_delivery_says_so(
    telling: Telling,
) -> None:
    """And one that the device never got goes over the next channel."""
    arrived: dict[str, bool | None] = {"daibiao@mail": False}

    class Asked(Noted):
        """A channel with receipts."""

        def delivered(self, provider_id: str, address: str, sent_ms: int) -> bool | None:
            assert (provider_id, sent_ms) == ("p1", telling.now_ms)
            return arrived[address]

    telling.people.persons = [DEPUTY]
    telling.channels["mail"] = Asked(answer=Taken("p1"))
    telling.restart()
    telling.fires("a")
    telling.after(0.1)
    telling.send()
    telling.senders["mail"].collect()
    telling.after(0.02)
    telling.send()
    with telling.state.read() as connection:
        found = [(of.channel, of.state) for _, of in telling.messages.every(connection)]
    assert found == [("mail", "failed"), ("mobile", "sent")]


def test_given_messages_of_long_ago_then_they_are_removed_with_all_that_was_of_them(
    telling: Telling,
) -> None:
    """And those of now stay."""
    telling.fires("a")
    telling.after(0.1)
    telling.send()
    telling.ends("a")
    telling.after(401 * 24 * 60)
    telling.fires("b")
    telling.after(0.1)
    telling.after(120)
    telling.after(120)
    assert {of.entries[0].event for of in telling.made() if of.entries} == {"b"}  # type: ignore[attr-defined]


def test_given_a_note_of_a_platform_then_its_one_reader_hears_whatever_roles_that_one_holds(
    telling: Telling,
) -> None:
    """A platform posts it in its own transaction; at night what is not urgent waits."""
    clerk = Person("lianluo", "王芳", "zh-CN", frozenset(), KINDS)
    telling.people.persons = [DEPUTY, clerk]
    note = Note("您有一件建议待签收", "请在三日内签收。", "/duty/suggestions/1")
    for key, urgent in (("n1", False), ("n2", True)):
        entry = Entry(key, "note", Level.NOTICE, telling.now_ms, replace(note, urgent=urgent))
        with telling.state.begin() as connection:
            telling.messages.post(connection, dataclasses.replace(entry, reader="lianluo"))
    telling.now_ms = NIGHT_MS
    assert telling.after(1) == [("lianluo", "note")]
    assert telling.after(9 * 60) == [("lianluo", "note")]
    telling.send()
    assert [of.title for of in telling.channels["mail"].given] == [note.title] * 2
