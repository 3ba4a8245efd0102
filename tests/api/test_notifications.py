"""My notifications and the bell, and wishes of what to be told."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from alerting.alert import Alert, Change, State, Transition
from alerting.events.event import Notice, NoticeKind
from alerting.notify.entries import Entry, Note, of_notice
from alerting.notify.repository import Message
from alerting.notify.routing import TOLD
from alerting.notify.wishes import Quiet, Wishes
from api.own_account.contacts.repository import Contacts
from config.settings import ChannelSettings
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre, entered, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/notifications"
BELL = re.compile(r'<a class="bell".*?</a>', re.DOTALL)
WISHES = "/notifications/wishes"
NOTHING: dict[str, object] = {
    "rivers": [], "areas": [], "stations": [], "kinds": [], "least": "", "quiet": "role",
    "channels": [], "weekly": True,
}  # fmt: skip


def event_of(centre: RunningCentre, alert: Alert) -> str:
    """The event that an alert begins."""
    services = centre.services
    with services.state.begin() as connection:
        return services.events.of_alert(
            connection, alert, "river tonglv", alert.rule_id, centre.clock.now_ms
        )


def sent_to(
    centre: RunningCentre, *entries: Entry, reader: str = "daibiao", kind: str = "begun"
) -> Message:
    """A message to somebody that was sent by mail."""
    messages, now_ms = centre.services.messages, centre.clock.now_ms
    with centre.services.state.begin() as connection:
        for entry in entries:
            messages.post(connection, entry, now_ms)
            messages.route(connection, entry, {reader: TOLD}, now_ms)
        made = messages.bundle(connection, reader, kind, entries, ["mail"], now_ms)
        (way,) = messages.deliveries(connection, [made.id])[made.id]
        messages.settle(connection, replace(way, state="sent", next_ms=None, settled_ms=now_ms))
    return made


def begun(centre: RunningCentre, alert: Alert) -> Entry:
    """The notice of the beginning of an alert's event."""
    centre.put(alert)
    event = event_of(centre, alert)
    return of_notice(
        Notice(
            event, NoticeKind.BEGUN, alert, alert.level, (alert.station,), 1, centre.clock.now_ms
        )
    )


def note(centre: RunningCentre, n: int = 0) -> Entry:
    """A message of another platform."""
    body = Note(f"建议 {n} 已答复", "承办单位已经答复，请您评价。", "/notifications/")
    return Entry(f"{n:032x}", "note", spill().level, centre.clock.now_ms, body, None, "daibiao")


def unread(client: httpx.Client) -> int:
    """By the bell of a page, which says the same as the API."""
    (bell,) = BELL.findall(client.get("/account/").text)
    shown = re.search(r'<b class="count">(\d+)</b>', bell)
    assert f"{client.get(f'{API}/unread').json()['unread']} 条未读" in bell
    return int(shown[1]) if shown else 0


class TestMessages:
    """Messages that a person was sent."""

    def test_given_a_message_when_the_list_is_opened_then_it_is_read_and_the_bell_is_quiet(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """It says what was told, leads to its event, and its delivery shows that it was opened."""
        entry = begun(centre, spill())
        message = sent_to(centre, entry)
        assert unread(deputy) == 1
        page = deputy.get("/notifications/").text
        assert "未读" in page
        assert "氨氮" in page
        assert f'href="/environment/events/{entry.event}"' in page
        assert '<b class="count">' not in BELL.findall(page)[0]
        assert unread(deputy) == 0
        assert "未读" not in deputy.get("/notifications/").text.split("<main")[1]
        (row,) = deputy.get(API).json()
        assert row["id"] == message.id
        assert row["read_ms"] == centre.clock.now_ms
        assert [way["state"] for way in row["deliveries"]] == ["opened"]

    def test_given_a_page_that_stands_open_when_it_asks_for_itself_then_nothing_is_opened(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """It tells of what is new, and the bell counts it."""
        deputy.get("/notifications/")
        sent_to(centre, note(centre))
        answer = deputy.get("/notifications/", headers={"live-parts": "none"}).json()
        assert "有 1 条新通知" in answer["parts"]["news"]["html"]
        assert '<b class="count">1</b>' in answer["parts"]["bell"]["html"]
        assert unread(deputy) == 1

    def test_given_many_messages_then_they_come_by_pages_the_newest_first(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """A page opens its own alone."""
        for n in range(23):
            centre.clock.now_ms += MINUTE_MS
            sent_to(centre, note(centre, n))
        first = deputy.get("/notifications/").text
        assert re.findall(r"<h2>建议 (\d+) 已答复", first) == [str(n) for n in range(22, 2, -1)]
        assert 'rel="next" href="?page=2"' in first
        assert unread(deputy) == 3
        second = deputy.get("/notifications/?page=2").text
        assert re.findall(r"<h2>建议 (\d+) 已答复", second) == ["2", "1", "0"]
        assert 'rel="next"' not in second
        assert unread(deputy) == 0

    def test_given_a_digest_then_each_event_has_a_line_that_says_how_it_stands_now(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """One was over since; each line leads to its event."""
        here, there = spill(), spill(id="b" * 20, station="tonglv-jinsha")
        entries = [begun(centre, here), begun(centre, there)]
        sent_to(centre, *entries, kind="digest")
        over = replace(there, state=State.RESOLVED, resolved_ms=centre.clock.now_ms)
        with centre.services.state.begin() as connection:
            change = Transition(Change.RESOLVED, over, centre.clock.now_ms, "")
            centre.services.alerts.record(connection, 2, [change])
        page = deputy.get("/notifications/").text
        assert "2 件事的汇总，1 件未解除" in page
        lines = re.findall(r'<li><a href="(/environment/events/\w+)">(.+?)</a></li>', page)
        assert [path for path, _ in lines] == [f"/environment/events/{of.event}" for of in entries]
        assert "仍未解除" in lines[0][1]
        assert "解除。" in lines[1][1]

    def test_given_twelve_events_then_a_digest_has_ten_lines_and_counts_the_rest(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """Nobody reads more at once."""
        entries = [begun(centre, spill(id=f"{n:020d}")) for n in range(12)]
        sent_to(centre, *entries, kind="digest")
        page = deputy.get("/notifications/").text
        assert page.count("仍未解除：") == 10
        assert "其余 2 件请在平台上查看" in page

    def test_nobody_reads_or_opens_what_another_was_told(
        self, centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
    ) -> None:
        """Though its id be known."""
        message = sent_to(centre, note(centre))
        assert officer.get(API).json() == []
        assert officer.post(f"{API}/read", json={"ids": [message.id]}).status_code == 204
        assert unread(deputy) == 1
        assert deputy.post(f"{API}/read", json={"ids": [message.id]}).status_code == 204
        assert unread(deputy) == 0

    def test_given_a_reader_of_english_then_the_same_message_is_in_english(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """Text is made when it is read."""
        sent_to(centre, begun(centre, spill()))
        page = deputy.get("/notifications/", headers={"Accept-Language": "en"}).text
        assert "unread" in page
        assert "Ammonia" in page

    def test_given_somebody_who_acts_for_a_deputy_then_the_deputys_messages_stay_unread(
        self, centre: RunningCentre, deputy: httpx.Client, address: str
    ) -> None:
        """There is no bell, and the page is refused."""
        sent_to(centre, note(centre))
        with httpx.Client(base_url=address, timeout=10) as client:
            clerk = entered(client, "lianluo")
            assert clerk.post("/act-for", data={"deputy": "daibiao"}).status_code == 303
            assert 'class="bell"' not in clerk.get("/environment/").text
            assert clerk.get("/notifications/").status_code == 403
        assert unread(deputy) == 1


class TestWishes:
    """Wishes of a person."""

    @pytest.fixture(autouse=True)
    def ways(self, centre: RunningCentre) -> None:
        """Mail and text messages, and a group chat."""
        centre.services = replace(
            centre.services,
            channels=(
                ChannelSettings("mail", "mail"),
                ChannelSettings("sms", "sms-aliyun"),
                ChannelSettings("group", "feishu", reads="deputy"),
            ),
        )

    def test_given_no_wish_then_the_page_says_what_the_role_brings(
        self, deputy: httpx.Client, officer: httpx.Client
    ) -> None:
        """In plain words, with what is missing and where it is added."""
        page = deputy.get(WISHES).text
        assert "您会收到全区的污染事件通知，级别为“关注”及以上。" in page
        assert "每天 22:00 到次日 07:00，只有“警告”及以上的事件会立即通知您" in page
        assert "目前没有能通知到您的方式" in page
        for way in ("邮件", "短信"):
            assert f"还不能通过{way}通知您" in page
        assert 'href="/account/contacts"' in page
        assert "飞书" not in page
        theirs = officer.get(WISHES).text
        assert "污染事件和设备情况通知，级别为“提示”及以上" in theirs
        assert "只有“关注”及以上的事件会立即" in theirs

    def test_given_wishes_when_they_are_saved_then_they_are_kept_and_said(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """Every field of the form comes back as it was chosen."""
        form = {
            "rivers": ["tonglv"],
            "stations": ["xinjianghai-shigang"],
            "kinds": ["ammonia-over-class"],
            "least": "alarm",
            "quiet": "own",
            "quiet_from": "12:30",
            "quiet_until": "14:00",
            "quiet_least": "critical",
            "channels": [""],
        }
        saved = deputy.post(WISHES, data=form)
        assert saved.headers["location"] == f"{WISHES}?done=saved"
        assert centre.services.messages.wishes_of("daibiao") == Wishes(
            rivers=("tonglv",),
            stations=("xinjianghai-shigang",),
            kinds=("ammonia-over-class",),
            least="alarm",
            quiet=Quiet("12:30", "14:00", "critical"),
            weekly=False,
        )
        page = deputy.get(saved.headers["location"]).text
        assert "您会收到通吕运河、新江海河石港断面的污染事件通知，级别为“警告”及以上。" in page
        assert "只包括这些事件：" in page
        assert "每天 12:30 到 14:00，只有“严重”及以上" in page
        assert "不接收每周汇总" in page
        assert 'value="tonglv" checked' in page
        assert 'name="quiet_from" value="12:30"' in page
        assert "weekly" in page
        assert 'value="yes" checked' not in page

    def test_given_confirmed_addresses_then_channels_are_tried_in_the_wished_order(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """And only those that reach the person can be chosen."""
        confirmed(centre, deputy, "mail", "chen@example.cn")
        page = deputy.get(WISHES).text
        assert "通知方式：邮件。" in page
        assert "还不能通过邮件" not in page
        refused = deputy.put(f"{API}/wishes", json=NOTHING | {"channels": ["sms"]})
        assert refused.status_code == 422
        assert "channels: has no 'sms'; choose among mail" in refused.json()["detail"]
        confirmed(centre, deputy, "mobile", "13800138000")
        wished = NOTHING | {"channels": ["sms", "mail"]}
        assert deputy.put(f"{API}/wishes", json=wished).status_code == 204
        assert "通知方式依次为：短信、邮件。" in deputy.get(WISHES).text

    @pytest.mark.parametrize(
        ("field", "changes", "said"),
        [
            ("rivers", {"rivers": ["yangtze"]}, "已经不存在"),
            ("areas", {"areas": ["nowhere"]}, "已经不存在"),
            ("stations", {"stations": ["", "x"]}, "已经不存在"),
            ("kinds", {"kinds": ["two-agents"]}, "已经不存在"),
            ("channels", {"channels": ["group"]}, "已经不存在"),
            ("rivers", {"rivers": ["tonglv", "tonglv"]}, "选了两次"),
            ("quiet_from", {"quiet": "own", "quiet_until": "07:00"}, "例如 22:00"),
            ("quiet_from", {"quiet": "own", "quiet_from": "24:00"}, "例如 22:00"),
            ("quiet_until", {"quiet": "own", "quiet_from": "07:00", "quiet_until": "7"}, "例如"),
            (
                "quiet_until",
                {"quiet": "own", "quiet_from": "07:00", "quiet_until": "07:00"},
                "与开始时间相同",
            ),
        ],
    )
    def test_given_what_does_not_hold_then_it_is_said_at_its_field_and_nothing_is_kept(
        self,
        centre: RunningCentre,
        deputy: httpx.Client,
        field: str,
        changes: dict[str, object],
        said: str,
    ) -> None:
        """A deputy hears of no equipment, and a group chat is nobody's own."""
        if field == "channels":
            confirmed(centre, deputy, "mail", "chen@example.cn")
        answer = deputy.post(WISHES, data=changes)
        assert answer.status_code == 422
        assert re.search(rf'id="wrong-{field}"[^>]*>[^<]*{said}', answer.text)
        refused = deputy.put(f"{API}/wishes", json=NOTHING | changes)
        assert refused.status_code == 422
        assert refused.json()["detail"].startswith(field)
        assert centre.services.messages.wishes_of("daibiao") == Wishes()

    def test_given_no_quiet_hours_then_everything_is_told_at_once(
        self, centre: RunningCentre, deputy: httpx.Client
    ) -> None:
        """At any hour of the day; taken back it is the night of the role again."""
        assert deputy.put(f"{API}/wishes", json=NOTHING | {"quiet": "none"}).status_code == 204
        assert "无论什么时间，都会立即通知您" in deputy.get(WISHES).text
        quiet = centre.services.messages.wishes_of("daibiao").quiet
        assert quiet
        hours = [centre.clock.now_ms + n * HOUR_MS for n in range(24)]
        assert [quiet.ends_ms(at_ms) for at_ms in hours] == [None] * 24
        state = deputy.get(f"{API}/wishes").json()
        assert (state["quiet"], state["quiet_from"]) == ("none", "22:00")
        deputy.put(f"{API}/wishes", json=NOTHING)
        assert centre.services.messages.wishes_of("daibiao") == Wishes()

    def test_given_somebody_whose_role_hears_nothing_then_there_is_nothing_to_wish(
        self, administrator: httpx.Client
    ) -> None:
        """The page says so."""
        page = administrator.get(WISHES).text
        assert "您的角色不接收报警通知" in page
        assert 'class="form narrow"' not in page
        assert administrator.get(f"{API}/wishes").status_code == 404


def confirmed(centre: RunningCentre, client: httpx.Client, kind: str, value: str) -> None:
    """An address that was confirmed."""
    body = {"kind": kind, "value": value, "password": PASSWORDS["daibiao"]}
    one = client.post("/api/v1/account/contacts", json=body).json()["id"]
    contacts = Contacts(centre.services.state)
    with centre.services.state.begin() as connection:
        contacts.confirm(connection, one, centre.clock.now_ms)
