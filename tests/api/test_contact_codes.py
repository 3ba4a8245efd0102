"""Addresses are confirmed by a code that is sent there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import httpx
import pytest
import sqlalchemy as sa

from alerting.channels.protocol import AddressKind, Later, Limit, Outcome, Outgoing, Taken
from alerting.notify.dispatcher import Sender
from alerting.notify.rendering import Renderer
from alerting.tables import MESSAGE, OUTBOX
from api.accounts.credentials import contact_codes
from api.accounts.repositories.readers import Readers
from api.tables import AUDIT, CONTACT_CODE
from config.settings import ChannelSettings
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/account/contacts"
ADDRESS = "chen.ming@example.cn"
MAIL = ChannelSettings("mail", "mail")
OTHERS = (ChannelSettings("screen", "console"), ChannelSettings("group", "feishu", reads="deputy"))


@pytest.fixture
def centre(centre: RunningCentre) -> RunningCentre:
    """With mail, a console and a group chat."""
    centre.services = replace(centre.services, channels=(MAIL, *OTHERS))
    return centre


@dataclass
class Post:
    """Mail as it is handed to the provider, who answers as the test says."""

    centre: RunningCentre
    reaches: AddressKind = "mail"
    limit: Limit | None = None
    answer: Outcome = field(default_factory=Taken)
    given: list[Outgoing] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Outcome:
        self.given.append(outgoing)
        return self.answer

    def comes(self) -> list[Outgoing]:
        """All that is sent now."""
        services, before = self.centre.services, len(self.given)
        key = services.site_key.of(contact_codes.PURPOSE)
        renderer = Renderer(
            services.wording, services.events, services.links, services.grouping, services.now_ms
        )
        readers = Readers(services.state, "zh-CN", key)
        Sender(
            MAIL, self, services.messages, readers, renderer, "zh-CN", services.now_ms,
            jitter=lambda: 0.0,
        ).step()  # fmt: skip
        return self.given[before:]

    def code(self) -> str:
        """The one that comes now."""
        (outgoing,) = self.comes()
        (found,) = re.findall(r"\d{6}", outgoing.text)
        return str(found)


@pytest.fixture
def post(centre: RunningCentre) -> Post:
    """The provider of the site's mail."""
    return Post(centre)


@pytest.fixture
def contact(deputy: httpx.Client) -> int:
    """An address of the deputy that nobody has confirmed."""
    return added(deputy, "mail", ADDRESS)


def added(client: httpx.Client, kind: str, value: str) -> int:
    body = {"kind": kind, "value": value, "password": PASSWORDS["daibiao"]}
    return int(client.post(API, json=body).json()["id"])


def confirmed(client: httpx.Client) -> dict[str, bool]:
    """The addresses, and whether each is confirmed."""
    return {of["value"]: of["confirmed_ms"] is not None for of in client.get(API).json()}


def other(code: str) -> str:
    """A code that is not right."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_given_an_address_when_its_code_is_typed_then_it_is_confirmed(
    centre: RunningCentre, deputy: httpx.Client, post: Post, contact: int
) -> None:
    """By the pages; then the person is told there."""
    assert f"验证 {ADDRESS}" in deputy.get("/account/contacts").text
    sent = deputy.post(f"/account/contacts/{contact}/code")
    assert sent.headers["location"] == "/account/contacts?done=code-sent"
    (outgoing,) = post.comes()
    assert outgoing.addresses == (ADDRESS,)
    assert outgoing.kind == "code"
    code = re.findall(r"\d{6}", outgoing.text)[0]
    assert code in outgoing.short
    assert outgoing.link == ""
    assert "已发送" in deputy.get("/account/contacts").text
    typed = deputy.post(
        f"/account/contacts/{contact}/confirm", data={"code": f" {code[:3]} {code[3:]}"}
    )
    assert typed.headers["location"] == "/account/contacts?done=confirmed"
    assert confirmed(deputy) == {ADDRESS: True}
    readers = Readers(centre.services.state, "zh-CN")
    person = readers.person("daibiao", centre.clock.now_ms)
    assert person
    assert person.reachable == {"mail"}


def test_given_a_code_on_its_way_then_it_stands_in_no_table_and_no_list(
    centre: RunningCentre, deputy: httpx.Client, post: Post, contact: int
) -> None:
    """Whoever reads the database cannot confirm; the audit knows neither code nor address."""
    deputy.post(f"{API}/{contact}/code")
    code = post.code()
    with centre.services.state.read() as connection:
        for table in (OUTBOX, MESSAGE, CONTACT_CODE, AUDIT):
            rows = " ".join(str(tuple(row)) for row in connection.execute(sa.select(table)))
            assert not re.search(rf"\b{code}\b", rows)
            assert table is not AUDIT or ADDRESS not in rows
    assert centre.services.messages.of_reader("daibiao") == []
    assert centre.services.messages.unread("daibiao") == 0


@pytest.mark.parametrize("late_ms", [0, 1])
def test_a_code_is_good_for_ten_minutes(
    centre: RunningCentre, deputy: httpx.Client, post: Post, contact: int, late_ms: int
) -> None:
    """And not an instant longer."""
    deputy.post(f"{API}/{contact}/code")
    code = post.code()
    centre.clock.now_ms += 10 * MINUTE_MS - 1 + late_ms
    answer = deputy.post(f"{API}/{contact}/confirm", json={"code": code})
    assert answer.status_code == (422 if late_ms else 204)
    assert confirmed(deputy) == {ADDRESS: not late_ms}


def test_a_code_that_could_not_be_sent_in_ten_minutes_is_sent_no_more(
    centre: RunningCentre, deputy: httpx.Client, post: Post, contact: int
) -> None:
    """The provider was away; another channel is not tried, it would confirm nothing."""
    deputy.post(f"{API}/{contact}/code")
    post.answer = Later("away")
    assert len(post.comes()) == 1
    centre.clock.now_ms += 10 * MINUTE_MS
    with centre.services.state.read() as connection:
        assert centre.services.messages.stuck(connection, centre.clock.now_ms, 0) == []
    assert post.comes() == []
    ((_, delivery),) = of_codes(centre)
    assert delivery == "failed"


def of_codes(centre: RunningCentre) -> list[tuple[str, str]]:
    """Every delivery: channel and state."""
    with centre.services.state.read() as connection:
        every = centre.services.messages.every(connection)
    return [(delivery.channel, delivery.state) for _, delivery in every]


def test_a_code_is_wrong_five_times_at_most(
    deputy: httpx.Client, post: Post, contact: int
) -> None:
    """Then the right one is good no more, and another one is asked for."""
    deputy.post(f"{API}/{contact}/code")
    code = post.code()
    for _ in range(contact_codes.MOST_TRIES):
        wrong = deputy.post(f"/account/contacts/{contact}/confirm", data={"code": other(code)})
        assert "验证码不正确" in wrong.text
    spent = deputy.post(f"{API}/{contact}/confirm", json={"code": code})
    assert spent.status_code == 422
    assert "have a new one sent" in spent.json()["detail"]
    deputy.post(f"{API}/{contact}/code")
    assert deputy.post(f"{API}/{contact}/confirm", json={"code": post.code()}).status_code == 204


def test_a_newer_code_ends_the_one_before(
    centre: RunningCentre, deputy: httpx.Client, post: Post, contact: int
) -> None:
    """Only the newest counts."""
    deputy.post(f"{API}/{contact}/code")
    first = post.code()
    centre.clock.now_ms += 1000
    deputy.post(f"{API}/{contact}/code")
    second = post.code()
    assert first != second
    assert deputy.post(f"{API}/{contact}/confirm", json={"code": first}).status_code == 422
    assert deputy.post(f"{API}/{contact}/confirm", json={"code": second}).status_code == 204


def test_given_three_codes_within_an_hour_then_the_fourth_waits(
    centre: RunningCentre, deputy: httpx.Client, contact: int
) -> None:
    """The answer says how long; the page too."""
    for _ in range(contact_codes.MOST_OF_CONTACT):
        assert deputy.post(f"{API}/{contact}/code").status_code == 204
        centre.clock.now_ms += MINUTE_MS
    slowed = deputy.post(f"{API}/{contact}/code")
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"] == str(57 * 60)
    assert "57 分钟" in deputy.post(f"/account/contacts/{contact}/code").text
    centre.clock.now_ms += 57 * MINUTE_MS
    assert deputy.post(f"{API}/{contact}/code").status_code == 204


def test_given_an_address_taken_out_and_added_again_then_a_person_has_six_codes_an_hour(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Nobody lets the site write to strangers on and on."""
    answers = []
    for n in range(contact_codes.MOST_OF_PERSON + 1):
        contact = added(deputy, "mail", f"somebody-{n}@example.cn")
        answers.append(deputy.post(f"{API}/{contact}/code").status_code)
        deputy.post(f"{API}/{contact}/remove", json={"password": PASSWORDS["daibiao"]})
    assert answers == [204] * contact_codes.MOST_OF_PERSON + [429]
    centre.clock.now_ms += HOUR_MS
    again = added(deputy, "mail", ADDRESS)
    assert deputy.post(f"{API}/{again}/code").status_code == 204


def test_given_a_removed_address_then_its_code_goes_nowhere(
    deputy: httpx.Client, post: Post, contact: int
) -> None:
    """It was written by mistake."""
    deputy.post(f"{API}/{contact}/code")
    deputy.post(f"{API}/{contact}/remove", json={"password": PASSWORDS["daibiao"]})
    assert post.comes() == []


@pytest.mark.parametrize(
    ("kind_of", "value"), [("mobile", "13800138000"), ("feishu", "ou_7d8a6e6df7621556ce0d21922b")]
)
def test_given_no_channel_of_its_kind_then_an_address_cannot_be_confirmed(
    deputy: httpx.Client, kind_of: str, value: str
) -> None:
    """A group chat reaches no person. The page says so and offers no button."""
    contact = added(deputy, kind_of, value)
    page = deputy.get("/account/contacts").text
    assert "还没有开通发往这类联系方式的渠道" in page
    assert f"/contacts/{contact}/code" not in page
    refused = deputy.post(f"{API}/{contact}/code")
    assert refused.status_code == 422
    assert "no channel reaches" in refused.json()["detail"]


def test_nobody_confirms_the_address_of_another(
    deputy: httpx.Client, officer: httpx.Client, post: Post, contact: int
) -> None:
    """Nor has a code sent there."""
    assert officer.post(f"{API}/{contact}/code").status_code == 422
    deputy.post(f"{API}/{contact}/code")
    code = post.code()
    assert officer.post(f"{API}/{contact}/confirm", json={"code": code}).status_code == 422
    assert confirmed(deputy) == {ADDRESS: False}


def test_a_confirmed_address_is_confirmed_once(
    deputy: httpx.Client, post: Post, contact: int
) -> None:
    """And gets no further code."""
    deputy.post(f"{API}/{contact}/code")
    code = {"code": post.code()}
    assert deputy.post(f"{API}/{contact}/confirm", json=code).status_code == 204
    assert deputy.post(f"{API}/{contact}/confirm", json=code).status_code == 422
    assert deputy.post(f"{API}/{contact}/code").status_code == 422


@pytest.mark.parametrize(
    ("kind_of", "value", "is_address"),
    [
        ("wecom", "ChenMing", True),
        ("wecom", "陈明", False),
        ("dingtalk", "manager4220", True),
        ("dingtalk", "a b", False),
        ("feishu", "ou_7d8a6e6df7621556ce0d21922b676706ccs", True),
        ("feishu", "chenming", False),
    ],
)
def test_accounts_of_providers_have_their_own_form(
    deputy: httpx.Client, kind_of: str, value: str, is_address: bool
) -> None:
    """What is none comes back with its words."""
    body = {"kind": kind_of, "value": value, "password": PASSWORDS["daibiao"]}
    assert deputy.post(API, json=body).status_code == (201 if is_address else 422)
