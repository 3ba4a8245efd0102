"""The workbench: everything that waits for a person, from every platform."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

import httpx
import pytest

from alerting.events.event import AlertEvent
from alerting.notify.wishes import Wishes
from api.accounts.records import Account
from api.platforms.environment.waiting import MOST
from api.ports import Lamp, Summary, Todo
from api.roster import ROSTER
from api.services import Services
from api.shape import Platform
from api.web import asking
from api.web.asking import AT_ONCE, Askers
from api.workbench import actions
from api.workbench.wording import term
from config.catalogue.words import Words
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import NOW_MS, USERNAMES, RunningCentre, entered, spill
from tests.api.telling import Core
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy_second.manifest import PLATFORM as SECOND

MIDNIGHT_MS = NOW_MS - (NOW_MS + 8 * HOUR_MS) % DAY_MS
BY_TERM = (
    Todo("没有期限的", "/toy/old", NOW_MS - 9 * DAY_MS),
    Todo("后天到期", "/toy/3", NOW_MS, MIDNIGHT_MS + 3 * DAY_MS, "green"),
    Todo("已超期", "/toy/1", NOW_MS, MIDNIGHT_MS, "red"),
    Todo("今天到期", "/toy/2", NOW_MS, MIDNIGHT_MS + DAY_MS, "yellow", "办理中"),
)


def of_deputies(_services: Services, account: Account) -> Sequence[Todo]:
    """Only they have something to do."""
    return BY_TERM if "deputy" in account.roles else ()


def fails(_services: Services, _account: Account) -> Sequence[Summary]:
    """No database answers."""
    raise OSError


class Slow:
    """A platform that answers when it is let, and counts how often it was asked."""

    def __init__(self) -> None:
        self.let, self.asked = threading.Event(), 0

    def todos(self, _services: Services, _account: Account) -> Sequence[Todo]:
        """What waits, after a while."""
        self.asked += 1
        assert self.let.wait(60)
        return BY_TERM[:1]


@pytest.fixture
def slow() -> Iterator[Slow]:
    """One that answers at the end of the test at the latest."""
    made = Slow()
    yield made
    made.let.set()


@pytest.fixture
def roster(request: pytest.FixtureRequest, slow: Slow) -> tuple[Platform, ...]:
    """A toy platform beside the others; in the tests of them one that fails, or one that is slow
    and has come before the toy.
    """
    toy = replace(TOY, todos=of_deputies)
    if "fails" in request.node.name:
        toy = replace(toy, summaries=fails)
    if "slow" in request.node.name:
        return (*ROSTER, replace(SECOND, todos=slow.todos), toy)
    return (*ROSTER, toy)


@pytest.fixture
def core(centre: RunningCentre) -> Core:
    """Whoever tells people of what happens."""
    return Core(centre)


def titles(client: httpx.Client) -> list[str]:
    """Of what waits, in order."""
    return [of["title"] for of in client.get("/api/v1/workbench").json()["waiting"]]


def paths(client: httpx.Client) -> str:
    """Of the pages of what waits."""
    return " ".join(of["path"] for of in client.get("/api/v1/workbench").json()["waiting"])


def test_given_terms_then_the_earliest_stands_first_and_what_has_none_behind(
    deputy: httpx.Client,
) -> None:
    """Whatever order the platform gives them in."""
    assert titles(deputy) == ["已超期", "今天到期", "后天到期", "没有期限的"]


def test_given_a_term_then_the_page_says_in_plain_words_how_long_there_is_time(
    deputy: httpx.Client,
) -> None:
    """And leads to the thing with one tap."""
    page = deputy.get("/").text
    assert '<a href="/toy/2">' in page
    for said in ("已超期 1 天", "今天到期", "还剩 2 天", "办理中"):
        assert said in page


def test_given_two_people_then_each_sees_what_waits_for_them(
    deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Nobody is reminded of another one's work."""
    assert len(titles(deputy)) == 4
    assert titles(officer) == []
    assert "现在没有等您办理的事" in officer.get("/").text


def test_given_somebody_acts_for_a_deputy_then_the_workbench_is_the_deputys(
    address: str,
) -> None:
    """Without the deputy's messages, which are nobody else's."""
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, "lianluo").post("/act-for", data={"deputy": "daibiao"})
        page = clerk.get("/").text
    assert "已超期 1 天" in page
    assert 'id="news"' not in page


def test_given_a_platform_that_fails_then_the_others_are_shown_and_it_is_named(
    deputy: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """For people in a sentence, for programs by its slug, and in the log."""
    assert deputy.get("/api/v1/workbench").json()["silent"] == ["toy"]
    page = deputy.get("/").text
    assert "“积木”暂时没有回应" in page
    assert "没有最新的有效数据" in page
    assert "no answer from toy" in caplog.text


def test_given_a_platform_that_is_slow_then_the_page_does_not_wait_for_it(
    deputy: httpx.Client, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the others have is there; it is named, and is heard again when it answers in time."""
    monkeypatch.setattr(asking, "WITHIN_S", 1.0)
    page = deputy.get("/").text
    assert "“文件柜”没有及时回应" in page
    assert "已超期 1 天" in page
    answer = deputy.get("/api/v1/workbench").json()
    assert (answer["late"], answer["silent"]) == (["papers"], [])
    slow.let.set()
    answer = deputy.get("/api/v1/workbench").json()
    assert answer["late"] == []
    assert "papers" in {of["platform"] for of in answer["waiting"]}


def test_given_a_platform_that_is_slow_when_many_ask_then_it_keeps_few_threads(
    centre: RunningCentre, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody waits for any more is not asked of it later."""
    monkeypatch.setattr(asking, "WITHIN_S", 0.05)
    askers, roster = Askers(), (replace(SECOND, todos=slow.todos),)
    somebody = Account("daibiao", "陈明")
    for _ in range(2 * AT_ONCE):
        board = actions.board(askers, roster, centre.services, somebody)
        assert (board.late, board.waiting) == (["papers"], [])
    slow.let.set()
    monkeypatch.setattr(asking, "WITHIN_S", 60)
    board = actions.board(askers, roster, centre.services, somebody)
    assert ([of.todo for of in board.waiting], board.late) == (list(BY_TERM[:1]), [])
    assert slow.asked == AT_ONCE + 1


def test_given_a_platform_then_its_tile_counts_what_waits_there(deputy: httpx.Client) -> None:
    """And nothing is said of platforms of which the person sees no page."""
    page = deputy.get("/").text
    assert "4 件等您办理" in page
    assert 'href="/administration/"' not in page


def test_given_an_event_then_it_waits_until_somebody_of_the_role_answers(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """An officer's answer leaves it with the deputies."""
    event = core.raised(spill())
    assert event in paths(officer)
    officer.post(f"/environment/events/{event}/acknowledge", data={"note": ""})
    assert event not in paths(officer)
    assert event in paths(deputy)


def test_given_a_wished_level_then_an_event_below_it_does_not_wait_for_the_person(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """It waits for others, and for the person from the wished level on."""
    event = core.raised(spill())
    for least, waits in (("warning", True), ("critical", False)):
        with core.centre.services.state.begin() as connection:
            wishes = Wishes(least=least)  # type: ignore[arg-type]
            core.centre.services.messages.save_wishes(connection, "daibiao", wishes, NOW_MS)
        assert (event in paths(deputy)) is waits
    assert event in paths(officer)


def test_given_wishes_when_the_newest_events_are_not_of_them_then_the_older_ones_are_listed(
    core: Core, deputy: httpx.Client
) -> None:
    """Others take no room of the list from them."""
    wished = core.raised(spill(station="tonglv-jinsha"))
    with core.centre.services.state.begin() as connection:
        for n in range(2 * MOST):
            newer = AlertEvent(f"{n}", "pollution", "-", "air", NOW_MS, NOW_MS + n, NOW_MS)
            core.centre.services.events.save(connection, newer)
        wishes = Wishes(stations=("tonglv-jinsha",))
        core.centre.services.messages.save_wishes(connection, "daibiao", wishes, NOW_MS)
    assert wished in paths(deputy)


def test_given_wishes_of_another_place_then_an_event_does_not_wait_for_the_person(
    core: Core, deputy: httpx.Client
) -> None:
    """The sentence of how things stand names how many stations are followed."""
    event = core.raised(spill())
    with core.centre.services.state.begin() as connection:
        wishes = Wishes(stations=("air-jinsha",))
        core.centre.services.messages.save_wishes(connection, "daibiao", wishes, NOW_MS)
    assert event not in paths(deputy)
    page = deputy.get("/").text
    assert "您关注的 1 个站点" in page


@pytest.mark.parametrize(
    ("due_ms", "lamp", "said"),
    [
        (MIDNIGHT_MS + DAY_MS, "yellow", "今天到期"),
        (MIDNIGHT_MS + DAY_MS + 1, "yellow", "还剩 1 天"),
        (MIDNIGHT_MS, "red", "已超期 1 天"),
        (MIDNIGHT_MS, "unconfirmed", "到期已过 1 天（期限待确认）"),
        (MIDNIGHT_MS + 8 * DAY_MS, "unconfirmed", "还剩 7 天（期限待确认）"),
        (None, None, ""),
    ],
)
def test_given_a_due_instant_then_the_words_count_days_of_the_calendar(
    due_ms: int | None, lamp: Lamp | None, said: str
) -> None:
    """A rule that nobody confirmed never calls anything overdue."""
    todo = Todo("", "/", NOW_MS, due_ms, lamp)
    assert term(Words.load("zh-CN"), todo, NOW_MS) == said


@pytest.mark.parametrize("role", USERNAMES)
def test_whatever_platform_somebody_is_offered_opens_for_them(address: str, role: str) -> None:
    """From the workbench and from the head of every page."""
    slugs = {platform.slug for platform in ROSTER}
    with httpx.Client(base_url=address, timeout=30) as client:
        entered(client, USERNAMES[role])
        links = re.findall(r'href="(/[a-z-]+/[a-z-]*)"', client.get("/").text)
        offered = {path for path in links if path.split("/")[1] in slugs}
        refused = {path for path in offered if client.get(path).status_code >= 400}
    assert len(offered) > 2
    assert refused == set()
