"""Officers see who was told what, by which channel, and whether it arrived; and try a channel."""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import replace

import httpx
import msgspec
import pytest

from alerting.alert import Level
from alerting.channels.protocol import Later, Limit, Outcome, Outgoing, Taken
from alerting.events.event import Notice, NoticeKind
from alerting.notify.dispatcher import Sender
from alerting.notify.entries import Entry, Note, of_notice
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Delivery, DeliveryState
from alerting.notify.routing import TOLD
from api.accounts.repositories.readers import Readers
from config.settings import ChannelSettings
from config.vocabulary.reports import ChannelPulse, Pulse
from config.vocabulary.time import DAY_MS, MINUTE_MS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/environment/deliveries", "/api/v1/deliveries"


@pytest.fixture(autouse=True)
def channels(centre: RunningCentre) -> None:
    """Persons are told by mail, officers by a group chat as well."""
    ways = (
        ChannelSettings("mail", "mail"),
        ChannelSettings("chat", "wecom-robot", reads="officer"),
    )
    centre.services = replace(centre.services, channels=ways)


def entry_of(centre: RunningCentre) -> Entry:
    """Something told of an alert."""
    alert = centre.put(spill())
    with centre.services.state.begin() as connection:
        event = centre.services.events.of_alert(
            connection, alert, "river tonglv", alert.rule_id, NOW_MS
        )
    notice = Notice(event, NoticeKind.BEGUN, alert, alert.level, (alert.station,), 1, NOW_MS)
    return of_notice(notice)


def delivered(
    centre: RunningCentre,
    reader: str,
    channel: str,
    state: DeliveryState,
    *,
    entry: Entry | None = None,
    at_ms: int = NOW_MS,
    why: str = "",
) -> str:
    """A message to a reader, and what became of it; its id."""
    entry = entry or Entry(
        secrets.token_hex(16), "note", Level.NOTICE, at_ms, Note("安排", "明天开会。")
    )
    messages = centre.services.messages
    with centre.services.state.begin() as connection:
        messages.post(connection, entry)
        messages.route(connection, entry, {reader: TOLD}, at_ms)
        made = messages.bundle(connection, reader, entry.kind, [entry], [channel], at_ms)
        settled = Delivery(made.id, channel, 0, state, 2, at_ms, None, at_ms + 2000, why)
        if state == "waiting":
            settled = Delivery(made.id, channel, 0, state, 2, at_ms, at_ms + 9000, None, why)
        messages.settle(connection, settled)
    return made.id


@pytest.fixture
def log(centre: RunningCentre) -> dict[str, str]:
    """Three deliveries: to a deputy, an officer and a group chat, a day apart; ids by channel."""
    entry = entry_of(centre)
    return {
        "mail": delivered(centre, "daibiao", "mail", "delivered", entry=entry),
        "sms": delivered(
            centre, "huanbao", "sms", "failed", at_ms=NOW_MS - DAY_MS, why="450 mailbox busy"
        ),
        "chat": delivered(centre, "@chat", "chat", "waiting", at_ms=NOW_MS - 2 * DAY_MS),
    }


def test_an_officer_sees_to_whom_by_what_and_what_came_of_it(
    log: dict[str, str], officer: httpx.Client, deputy: httpx.Client
) -> None:
    """With the name of the person and the provider's words; deputies are not led there."""
    page = officer.get(PAGE).text
    for words in (
        "陈明 · mail",
        "李岚 · sms",
        "chat · chat",
        "已送达",
        "失败",
        "等待发送",
        "450 mailbox busy",
    ):
        assert words in page
    assert page.index("陈明 · mail") < page.index("李岚 · sms"), "the newest first"
    assert deputy.get(PAGE).status_code == deputy.get(API).status_code == 403
    answer = officer.get(API).json()
    assert [row["message"] for row in answer["deliveries"]] == list(log.values())
    first = answer["deliveries"][0]
    assert (first["reader"], first["name"], first["attempts"]) == ("daibiao", "陈明", 2)
    assert "氨氮" in first["title"]
    assert first["events"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "陈"}, ["mail"]),
        ({"q": "HUANBAO"}, ["sms"]),
        ({"q": "nobody"}, []),
        ({"channel": "chat"}, ["chat"]),
        ({"state": "failed"}, ["sms"]),
        ({"from_day": "2026-11-24"}, ["mail"]),
        ({"from_day": "2026-11-23", "until_day": "2026-11-23"}, ["sms"]),
        ({"most": "2"}, ["mail", "sms"]),
        ({"most": "2", "page": "2"}, ["chat"]),
    ],
)
def test_deliveries_are_found_by_person_channel_state_and_day(
    log: dict[str, str], officer: httpx.Client, query: dict[str, str], found: list[str]
) -> None:
    """Each narrows the list; a page at a time."""
    answer = officer.get(API, params=query).json()
    assert [row["channel"] for row in answer["deliveries"]] == found
    assert officer.get(PAGE, params={k: v for k, v in query.items() if k != "most"}).is_success


def test_deliveries_are_found_by_the_event_of_which_they_speak(
    centre: RunningCentre, log: dict[str, str], officer: httpx.Client
) -> None:
    """Whose page each leads to."""
    (event,) = officer.get(API).json()["deliveries"][0]["events"]
    answer = officer.get(API, params={"event": event}).json()
    assert (answer["total"], answer["deliveries"][0]["channel"]) == (1, "mail")
    assert f"/environment/events/{event}" in officer.get(PAGE).text


def test_the_log_is_a_table_for_a_spreadsheet(log: dict[str, str], officer: httpx.Client) -> None:
    """All pages of a search."""
    text = officer.get(f"{PAGE}.csv?state=failed").content.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[:3] == ["时间", "发给", "内容"]
    assert row[1:4] == ["李岚", "安排", "sms"]
    assert row[-1] == "450 mailbox busy"


class _Refusing:
    """A provider that refuses, with an address, a number and a key in its words."""

    reaches = "screen"
    limit: Limit | None = None

    def send(self, _outgoing: Outgoing) -> Outcome:
        """Never take it."""
        return Later("550 <li.lan@example.org> 13912345678 no: https://p.example/send?key=abc")


class _Taking(_Refusing):
    """A provider that takes all."""

    def send(self, _outgoing: Outgoing) -> Outcome:
        """Take it."""
        return Taken("7")


def sender(centre: RunningCentre, channel: object) -> Sender:
    """The thread's work for the channel ``mail``."""
    services = centre.services
    renderer = Renderer(
        services.wording, services.events, services.links, services.grouping, centre.clock
    )
    readers = Readers(services.state, "zh-CN")
    return Sender(
        services.channels[0],
        channel,  # type: ignore[arg-type]
        services.messages,
        readers,
        renderer,
        "zh-CN",
        centre.clock,
    )


def test_an_officer_tries_a_channel_and_sees_what_came_of_it(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The message goes to oneself, over this channel alone."""
    answer = officer.post("/environment/operations/channels/mail/test")
    address = answer.headers["location"]
    assert "渠道 mail 的测试通知：等待发送" in officer.get(address).text
    assert sender(centre, _Taking()).step()
    assert "渠道 mail 的测试通知：已发出" in officer.get(address).text
    (row,) = officer.get(API).json()["deliveries"]
    assert (row["reader"], row["kind"], row["channel"]) == ("huanbao", "test", "mail")
    officer.post("/environment/operations/channels/chat/test")
    rows = officer.get(API).json()["deliveries"]
    assert {(row["reader"], row["channel"]) for row in rows} == {
        ("huanbao", "mail"),
        ("@chat", "chat"),
    }
    assert officer.post("/environment/operations/channels/none/test").status_code == 404


def test_a_provider_s_words_are_shown_without_addresses_numbers_and_keys(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """In the log and beside the test."""
    address = officer.post("/environment/operations/channels/mail/test").headers["location"]
    assert sender(centre, _Refusing()).step()
    (row,) = officer.get(API).json()["deliveries"]
    assert row["why"] == "550 <l…@example.org> 139****5678 no: https://p.example/send?…"
    for page in (officer.get(PAGE).text, officer.get(address).text):
        assert "139****5678" in page
        assert "li.lan" not in page


def test_the_page_of_operations_says_how_each_channel_does(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """By the core's last word, with what waits."""
    assert "还没有消息" in officer.get("/environment/operations").text
    delivered(centre, "huanbao", "mail", "waiting", at_ms=NOW_MS - MINUTE_MS)
    failing = ChannelPulse("mail", "mail", "open", 7, NOW_MS - MINUTE_MS, "<away>", NOW_MS - 5000)
    works = ChannelPulse("chat", "wecom-robot", sent_ms=NOW_MS - 1000)
    hear(centre, failing, works)
    page = officer.get("/environment/operations").text
    for words in ("连续失败 7 次", "&lt;away&gt;", "企业微信群机器人", "还有 1 条通知没有发出"):
        assert words in page
    mail, chat = officer.get("/api/v1/operations").json()["channels"]
    assert (mail["circuit"], mail["failures"], mail["error"]) == ("open", 7, "<away>")
    assert (chat["circuit"], chat["reads"], chat["sent_ms"]) == (
        "closed",
        "officer",
        NOW_MS - 1000,
    )


def hear(centre: RunningCentre, *channels: ChannelPulse) -> None:
    """The core says how the channels do."""
    pulse = Pulse(1, centre.clock.now_ms, 1, 1, 1, channels=list(channels))
    centre.services.centre.hear("", msgspec.json.encode(pulse))


BANNER = "通知可能未送达"


def test_given_a_channel_that_fails_on_and_on_then_every_page_of_an_officer_says_so(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Until it works again; a deputy can do nothing about it and is not told."""
    hear(centre, ChannelPulse("mail", "mail", "closed", 2, NOW_MS, "slow"))
    assert BANNER not in officer.get("/environment/alerts").text
    hear(centre, ChannelPulse("mail", "mail", "open", 5, NOW_MS, "away"))
    for page in ("/environment/alerts", "/environment/rules", "/account/"):
        assert BANNER in officer.get(page).text
    assert BANNER not in deputy.get("/environment/alerts").text
    hear(centre, ChannelPulse("mail", "mail"))
    assert BANNER not in officer.get("/environment/alerts").text


def test_given_a_message_that_waits_for_ten_minutes_or_a_silent_core_then_the_banner_is_there(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Whichever comes first."""
    hear(centre)
    assert BANNER not in officer.get("/environment/alerts").text
    delivered(centre, "huanbao", "mail", "waiting", at_ms=NOW_MS)
    centre.clock.now_ms += 10 * MINUTE_MS
    hear(centre)
    assert BANNER not in officer.get("/environment/alerts").text
    centre.clock.now_ms += MINUTE_MS
    hear(centre)
    assert BANNER in officer.get("/environment/alerts").text
    with centre.services.state.begin() as connection:
        assert centre.services.messages.purge(connection, centre.clock.now_ms + 1)
    centre.clock.now_ms += 10_000
    hear(centre)
    assert BANNER not in officer.get("/environment/alerts").text
    centre.clock.now_ms += MINUTE_MS
    assert BANNER in officer.get("/environment/alerts").text
