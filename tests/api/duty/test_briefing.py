"""Documents for deputies: published by topic, recorded where confidential, and named weekly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import httpx
import pytest
from msgspec import structs

from api.accounts.records import Account
from api.platforms.duty.briefing import actions, repository
from api.platforms.duty.briefing.procedure import PROCEDURE
from api.platforms.duty.briefing.records import View
from api.ports import Summary
from api.procedures import taking
from api.procedures.refusals import UnknownThing
from api.roster import ROSTER
from api.services import Services
from api.shape import CoreServices, Platform
from config.catalogue.words import Words
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, begins_ms
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import said
from tests.api.duty.suggestion_hands import CLERK, LEAD, SECOND, Duty
from tests.api.toy.manifest import PLATFORM as TOY

TEXT = {"topic": "economy", "marking": "internal", "title": "经济运行情况", "text": "前三季度……"}


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


def published(duty: Duty, **fields: str) -> str:
    """The id of a document that deputies see."""
    item_id = actions.write(duty.services, duty.people[CLERK], TEXT | fields)
    with taking.acts(duty.services, PROCEDURE, duty.people[CLERK]) as acting:
        taking.take(acting, item_id, "publish", {})
    return item_id


def titles(duty: Duty, who: str, topic: str = "") -> list[str]:
    """The documents that somebody finds."""
    found = actions.documents(duty.services, duty.people[who], topic, 1)
    return [row["title"] for row in found.documents]


@pytest.mark.parametrize("kind", BOTH)
def test_given_documents_then_deputies_see_them_from_publication_until_they_are_withdrawn(
    duty: Duty,
) -> None:
    """By topic; a draft is the office's."""
    draft = actions.write(duty.services, duty.people[CLERK], TEXT | {"title": "草稿"})
    item_id = published(duty)
    published(duty, topic="law", title="执法检查报告")
    assert titles(duty, LEAD) == ["执法检查报告", "经济运行情况"]
    assert titles(duty, LEAD, "law") == ["执法检查报告"]
    assert titles(duty, CLERK) == ["执法检查报告", "经济运行情况", "草稿"]
    with pytest.raises(UnknownThing):
        actions.document(duty.services, duty.people[LEAD], draft)
    with taking.acts(duty.services, PROCEDURE, duty.people[CLERK]) as acting:
        taking.take(acting, item_id, "withdraw-document", {"why": "数字有误"})
    assert titles(duty, LEAD) == ["执法检查报告"]
    with pytest.raises(UnknownThing):
        actions.document(duty.services, duty.people[LEAD], item_id)


@pytest.mark.parametrize("kind", BOTH)
def test_when_confidential_documents_are_viewed_then_views_are_written_a_hundred_at_once(
    duty: Duty,
) -> None:
    """And at the latest when the office asks; of others nothing is recorded."""
    services, lead = duty.services, duty.people[LEAD]
    internal, item_id = published(duty), published(duty, marking="confidential")

    def kept() -> int:
        with services.state.read() as connection:
            return len(repository.views(connection, int(item_id)))

    for _ in range(99):
        actions.document(services, lead, item_id)
        actions.document(services, lead, internal)
    assert kept() == 0
    actions.read(services, duty.people[SECOND], item_id)
    assert kept() == 100
    actions.document(services, lead, item_id)
    at_ms = duty.centre.clock.now_ms
    last, second, *_ = actions.views(services, int(item_id))
    assert last == View(int(item_id), LEAD, "", lead.signed, at_ms)
    assert second.who == SECOND
    assert actions.views(services, int(internal)) == []


def test_when_a_file_of_a_confidential_document_is_opened_then_that_is_recorded_too(
    duty: Duty, address: str
) -> None:
    """The office writes, attaches and publishes on its pages, and sees who was there."""
    own = {"Origin": address}
    with httpx.Client(base_url=address, timeout=60) as office:
        entered(office, CLERK)
        short = office.post("/duty/briefing/new", data=TEXT | {"title": ""}, headers=own)
        assert short.status_code == 422
        assert "前三季度" in short.text
        made = office.post(
            "/duty/briefing/new", data=TEXT | {"marking": "confidential"}, headers=own
        )
        path = made.headers["location"]
        given = {"file": ("数据.txt", "第一行".encode())}
        office.post(f"{path}/files", data={"title": ""}, files=given, headers=own)
        assert office.post(f"{path}/steps/publish", headers=own).status_code == 303
        with httpx.Client(base_url=address, timeout=60) as deputy:
            entered(deputy, LEAD)
            row = actions.document(duty.services, duty.people[CLERK], path.rpartition("/")[2])
            (file,) = actions.attached(duty.services, row)
            assert deputy.get(f"/files/{file.id}").status_code == 200
            assert "查看记录" not in deputy.get(path).text
            assert "已被记录" in deputy.get(path).text
            assert "经济运行情况" in deputy.get("/duty/briefing").text
        page = office.get(path).text
    views = page.split("查看记录")[1]
    assert views.count(duty.people[LEAD].name) == 3


def test_on_the_first_working_morning_of_a_week_deputies_get_one_message_of_public_titles(
    duty: Duty,
) -> None:
    """Tuesday is none of a week that had its message; nothing new, no message."""
    clock, core = duty.centre.clock, core_of(duty.centre)
    published(duty, marking="public", title="公开资料")
    published(duty, marking="internal", title="内部资料")
    before = {who: said(duty.centre, who) for who in (LEAD, CLERK)}

    def new(who: str) -> list[str]:
        return [of for of in said(duty.centre, who) if of not in before[who]]

    clock.now_ms += 4 * DAY_MS  # a Saturday
    actions.digest(core)
    assert new(LEAD) == []
    clock.now_ms += 2 * DAY_MS
    for _ in range(2):
        actions.digest(core)
    (text,) = new(LEAD)
    assert "2 份" in text
    assert "公开资料" in text
    assert "内部资料" not in text
    assert new(CLERK) == []
    clock.now_ms += 7 * DAY_MS
    actions.digest(core)
    assert len(new(LEAD)) == 1


def breaks(_services: Services, _account: Account) -> Sequence[Summary]:
    """No database answers."""
    raise OSError


def breaks_weekly(
    _core: CoreServices, _readers: Mapping[str, Words], _since_ms: int, _until_ms: int
) -> Mapping[str, Sequence[str]]:
    """No store answers."""
    raise OSError


@pytest.fixture
def roster(request: pytest.FixtureRequest) -> tuple[Platform, ...]:
    """The platforms of the product; where a test is about one that fails, a toy does."""
    fails = "fails" in request.node.name
    toy = replace(TOY, summaries=breaks, weekly=breaks_weekly) if fails else TOY
    return (*ROSTER, toy)


def test_given_a_platform_that_fails_then_the_page_and_the_message_name_it(
    duty: Duty, address: str, roster: tuple[Platform, ...]
) -> None:
    """What the others say and the documents are there all the same."""
    published(duty)
    with httpx.Client(base_url=address, timeout=60) as deputy:
        text = entered(deputy, LEAD).get("/duty/briefing").text
    assert "“积木”暂时没有回应" in text
    assert "没有最新的有效数据" in text
    assert "经济运行情况" in text
    duty.centre.clock.now_ms += 6 * DAY_MS
    actions.digest(replace(core_of(duty.centre), roster=roster))
    text = said(duty.centre, LEAD)[-1]
    assert "“积木”上周的情况这次没有取到" in text
    assert "新发布 1 份资料" in text


def test_given_a_week_of_readings_then_the_message_says_how_it_was_at_the_stations_of_ones_area(
    duty: Duty,
) -> None:
    """Without a document as well: the worst indicator against its class, days beyond it, days
    with too little data. Of others nothing is said.
    """
    centre = duty.centre
    clean: list[float | None] = [0.5] * 144
    high: list[float | None] = [1.4] * 144
    short: list[float | None] = [0.5] * 24 + [None] * 120
    stations = centre.services.catalogue.stations
    stations["tonglv-jinsha"] = structs.replace(
        stations["tonglv-jinsha"], cadence_ms=10 * MINUTE_MS
    )
    monday_ms = begins_ms(date(2026, 11, 30))
    centre.clock.now_ms = monday_ms - 10 * MINUTE_MS
    days = [clean, clean, high, clean, short, clean, clean]
    centre.measured("tonglv-jinsha/w21003", [value for day in days for value in day])
    before = {who: said(centre, who) for who in (LEAD, SECOND)}
    centre.clock.now_ms = monday_ms + 8 * HOUR_MS
    actions.digest(replace(core_of(centre), roster=ROSTER))
    own, other = ([of for of in said(centre, who) if of not in before[who]] for who in before)
    assert own[0].splitlines() == [
        (
            "通吕运河金沙断面：日均值最差的是氨氮，11月25日为 1.400 mg/L，属Ⅳ类；"
            "7 天中有 1 天未达到Ⅲ类；1 天没有足够的有效数据。"
        ),
        "金沙空气站：7 天都没有足够的有效数据。",
    ]
    assert "通吕运河平潮断面：7 天都没有" in other[0]
