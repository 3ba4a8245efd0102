"""Documents for deputies: published by topic, recorded where confidential, and named weekly."""

from __future__ import annotations

import httpx
import pytest

from api.platforms.duty.briefing import actions, repository
from api.platforms.duty.briefing.procedure import PROCEDURE
from api.platforms.duty.briefing.records import View
from api.procedures import taking
from api.procedures.refusals import UnknownThing
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import said
from tests.api.duty.suggestion_hands import CLERK, LEAD, SECOND, Duty

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
    found = actions.briefing(duty.services, duty.people[who], (), topic, 1)
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
