"""The link of a message: one event for one person, without a password and without a session."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Level
from alerting.notify.links import Links, Opening
from api.accounts.limits import MOST_OF_ADDRESS
from api.tables import ACCOUNT, ROLE_GRANT
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.api.telling import Core
from tests.api.test_alerts import audited, text_of
from tests.phrases import has

pytestmark = pytest.mark.parametrize("kind", BOTH)
GONE = "/sign-in?to=/&why=link"
DEPUTY, OFFICER = "daibiao", "huanbao"


@pytest.fixture
def core(centre: RunningCentre) -> Core:
    return Core(centre)


@pytest.fixture
def event(core: Core) -> str:
    """Of which deputy and officer were told, each with a link."""
    return core.raised(spill())


def form(client: httpx.Client, link: str, **values: str) -> dict[str, str]:
    """The form of the page behind a link, as a browser sends it."""
    (secret,) = re.findall(r'name="form" value="([^"]+)"', client.get(link).text)
    return {"form": secret} | values


def read_ms(core: Core, username: str) -> list[int | None]:
    return [of.read_ms for of in core.centre.services.messages.of_reader(username)]


def gone_to(event: str) -> str:
    return f"/sign-in?to=/environment/events/{event}&why=link"


def test_given_the_link_of_a_message_then_it_opens_the_event_in_words_and_nothing_else(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """No session, no menu, no other page; nobody keeps, indexes or names it further."""
    answer = stranger.get(core.link_of(DEPUTY))
    assert answer.status_code == 200
    text = text_of(answer)
    for said in ("氨氮超标", "通吕运河平潮断面", "GB 3838-2002"):
        assert said in text
    assert has(text, "message.next-pollution-deputy")
    assert has(text, "events.ahead-step", n=1, of=2)
    headers = answer.headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in headers
    assert re.findall(r'<a[^>]* href="(/[^"]+)"', answer.text) == [
        f"/sign-in?to=/environment/events/{event}"
    ]
    assert stranger.get("/api/v1/session").status_code == 401


def test_given_a_scanner_that_fetches_it_again_and_again_then_nothing_was_acknowledged_or_read(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """To be shown the page does nothing, whatever asks for it."""
    link = core.link_of(DEPUTY)
    for method in ("GET", "HEAD", "GET"):
        stranger.request(method, link)
    with core.centre.services.state.read() as connection:
        assert core.centre.services.events.acts(connection, [event]) == {}
    assert read_ms(core, DEPUTY) == [None]


def test_when_the_person_acknowledges_with_a_note_then_it_is_theirs_and_says_that_it_came_by_link(
    core: Core, event: str, stranger: httpx.Client, officer: httpx.Client
) -> None:
    """Once; the page then says so and shows what comes next; the message counts as read."""
    link = core.link_of(DEPUTY)
    answer = stranger.post(link, data=form(stranger, link, note="已到现场"))
    assert (answer.status_code, answer.headers["location"]) == (303, link)
    assert "set-cookie" not in answer.headers
    text = text_of(stranger.get(link))
    assert has(text, "events.own-acknowledged", time="12:00:05")
    assert "已到现场" in text
    (act,) = officer.get(f"/api/v1/events/{event}/acts").json()
    assert (act["account"], act["note"], act["by_link"]) == (DEPUTY, "已到现场", True)
    assert has(text_of(officer.get(f"/environment/events/{event}")), "events.by-link")
    assert audited(core.centre, event) == [(DEPUTY, '{"note": "已到现场", "by_link": true}')]
    assert read_ms(core, DEPUTY) == [core.centre.clock.now_ms]
    assert "陈明（console 已读）" in text_of(officer.get(f"/environment/events/{event}"))

    again = stranger.post(link, data=form(stranger, link))
    assert again.headers["location"] == f"{link}?first=somebody"
    assert len(officer.get(f"/api/v1/events/{event}/acts").json()) == 1


def test_when_a_person_touches_the_page_then_the_message_counts_as_read(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """The script of the page tells; without the secret of the page nobody can."""
    link = core.link_of(DEPUTY)
    assert stranger.post(f"{link}/read", data={"form": "guessed"}).status_code == 204
    assert read_ms(core, DEPUTY) == [None]
    assert stranger.post(f"{link}/read", data=form(stranger, link)).status_code == 204
    assert read_ms(core, DEPUTY) == [core.centre.clock.now_ms]
    assert read_ms(core, OFFICER) == [None]


def test_given_an_officers_link_then_it_lets_take_as_well_a_deputys_does_not(
    core: Core, event: str, stranger: httpx.Client, officer: httpx.Client
) -> None:
    """Of the event alone: whoever was first is told to the second."""
    deputys, officers = core.link_of(DEPUTY), core.link_of(OFFICER)
    assert "我来处理</button>" not in stranger.get(deputys).text
    refused = stranger.post(f"{deputys}/take", data=form(stranger, deputys))
    assert refused.headers["location"] == gone_to(event)
    assert "我来处理</button>" in stranger.get(officers).text
    sent = form(stranger, officers)
    assert stranger.post(f"{officers}/take", data=sent).headers["location"] == officers
    assert officer.get(f"/api/v1/events/{event}").json()["taken_account"] == OFFICER
    assert has(text_of(stranger.get(deputys)), "events.ahead-taken", who="李岚")


def test_given_a_link_then_its_person_may_comment_too(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """What is lacking is said at the field, with the words that were written."""
    link = core.link_of(DEPUTY)
    refused = stranger.post(f"{link}/comments", data=form(stranger, link, note=" "))
    assert (refused.status_code, refused.headers["referrer-policy"]) == (422, "no-referrer")
    assert has(refused.text, "events.wrong-comment")
    sent = form(stranger, link, note="水面发黑")
    assert stranger.post(f"{link}/comments", data=sent).status_code == 303
    assert "水面发黑" in stranger.get(link).text


def test_given_a_page_of_before_it_became_graver_then_it_acknowledges_nothing(
    core: Core, event: str, stranger: httpx.Client, officer: httpx.Client
) -> None:
    """The person reads what is new first."""
    link = core.link_of(DEPUTY)
    old = form(stranger, link, note="知道")
    core.raised(spill(id="c" * 20, level=Level.CRITICAL))
    answer = stranger.post(link, data=old)
    assert answer.status_code == 409
    assert has(answer.text, "event-link.stale")
    assert officer.get(f"/api/v1/events/{event}/acts").json() == []
    assert stranger.post(link, data=form(stranger, link)).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"origin": "null"}, 303, id="a page without Referer, in an old browser"),
        pytest.param({"origin": "null", "sec-fetch-site": "same-origin"}, 303, id="in a new one"),
        pytest.param({"origin": "null", "sec-fetch-site": "cross-site"}, 403, id="of elsewhere"),
        pytest.param({"origin": "https://elsewhere.example"}, 403, id="another origin"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="another site"),
    ],
)
def test_only_a_form_of_our_own_page_acknowledges(
    core: Core, event: str, stranger: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """Chromium sends ``Origin: null`` from a page that sends no Referer."""
    link = core.link_of(DEPUTY)
    sent = form(stranger, link)
    assert stranger.post(link, data=sent, headers=headers).status_code == status


def a_day_passes(core: Core) -> None:
    core.centre.clock.now_ms += DAY_MS


def the_event_is_over(core: Core) -> None:
    core.over(spill())
    core.tell(7 * HOUR_MS)


def disabled(core: Core) -> None:
    _update(core, sa.update(ACCOUNT).values(disabled_ms=NOW_MS))


def without_role(core: Core) -> None:
    _update(core, sa.update(ROLE_GRANT).values(until_day="2026-11-23"))


def _update(core: Core, change: sa.Update) -> None:
    with core.centre.services.state.begin() as connection:
        connection.execute(change)


@pytest.mark.parametrize(
    "change",
    [a_day_passes, the_event_is_over, disabled, without_role],
    ids=lambda of: of.__name__,
)
def test_a_link_ends_and_leads_to_the_sign_in_page_with_plain_words(
    core: Core, event: str, stranger: httpx.Client, change: Callable[[Core], None]
) -> None:
    """After a day, with the event, and with what its person may; a form sent later does nothing."""
    link = core.link_of(DEPUTY)
    sent = form(stranger, link)
    change(core)
    for answer in (stranger.get(link), stranger.post(link, data=sent)):
        assert (answer.status_code, answer.headers["location"]) == (303, gone_to(event))
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert has(stranger.get(gone_to(event)).text, "event-link.gone")
    with core.centre.services.state.read() as connection:
        assert core.centre.services.events.acts(connection, [event]) == {}


@pytest.mark.parametrize("wrong", ["x", "a.b", "é.é", "a" * 500, "YWJj.YWJj"])
def test_wrong_links_answer_alike(event: str, stranger: httpx.Client, wrong: str) -> None:
    """Whatever is wrong with them."""
    answer = stranger.get(f"/e/{wrong}")
    assert (answer.status_code, answer.headers["location"]) == (303, GONE)


def test_a_link_of_another_key_or_person_or_event_opens_nothing(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """Nobody makes one out of another, nor for what is not there."""
    links = core.centre.services.links
    until_ms = NOW_MS + DAY_MS
    token = links.token(Opening(event, DEPUTY, until_ms))
    forged = Links(b"x" * 32, "").token(Opening(event, DEPUTY, until_ms))
    other = links.token(Opening("f" * 20, OFFICER, until_ms))
    mixed = other[:12] + token[12:]
    for wrong in (forged, mixed):
        assert stranger.get(f"/e/{wrong}").headers["location"] == GONE
    nothing = links.token(Opening("none", DEPUTY, until_ms))
    assert stranger.get(f"/e/{nothing}").headers["location"] == gone_to("none")
    nobody = links.token(Opening(event, "nobody", until_ms))
    assert stranger.get(f"/e/{nobody}").headers["location"] == GONE


def test_wrong_links_slow_their_address_down_a_right_one_never_waits(
    core: Core, event: str, stranger: httpx.Client
) -> None:
    """As wrong tokens of machines do."""
    statuses = [stranger.get("/e/wrong").status_code for _ in range(MOST_OF_ADDRESS + 1)]
    assert statuses == [303] * MOST_OF_ADDRESS + [429]
    answer = stranger.get("/e/wrong")
    assert has(answer.text, "event-link.many")
    assert "retry-after" in answer.headers
    assert stranger.get(core.link_of(DEPUTY)).status_code == 200
    core.centre.clock.now_ms += 5 * MINUTE_MS
    assert stranger.get("/e/wrong").status_code == 303
