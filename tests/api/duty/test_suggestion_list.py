"""Suggestions in the list, in the table that is handed out, in the search, and as items."""

from __future__ import annotations

from io import BytesIO

import httpx
import pytest
from starlette.datastructures import UploadFile

from api import items
from api.platforms.duty.listing import actions as listing
from api.platforms.duty.listing.records import A_PAGE, Asked
from api.platforms.duty.searched.actions import fill, follow
from api.platforms.duty.suggestions import actions
from api.ports import Reference, freeze
from api.roster import ROSTER
from api.search.index import Asked as Words
from api.search.index import SearchIndex
from api.shape import CoreServices
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.suggestion_hands import (
    CLERK,
    HOUSING,
    LEAD,
    REPLY,
    SECOND,
    THIRD,
    WATER,
    Duty,
)

LIST = "/duty/suggestions"


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


def titles(duty: Duty, who: str, **asked: object) -> list[str]:
    """The titles that somebody finds."""
    found = listing.found(duty.services, duty.people[who], Asked(**asked))  # type: ignore[arg-type]
    assert found.count == len(found.lines)
    return [of.title for of in found.lines]


@pytest.mark.parametrize("kind", BOTH)
def test_given_suggestions_then_each_reader_finds_the_own_share_by_every_filter(
    duty: Duty,
) -> None:
    """Drafts are their author's and of those who were asked to sign; secret ones the office's, the
    unit's and the signers'.
    """
    duty.drafted(title="草稿")
    asked = duty.drafted(by=SECOND, title="请陈明附议")
    actions.invite(duty.services, duty.people[SECOND], asked, [LEAD])
    duty.drafted(by=THIRD, title="别人的草稿")
    secret = duty.drafted(by=SECOND, title="要求保密", openness="secret")
    duty.submit(secret)
    assigned = duty.assigned()
    duty.take(CLERK, secret, "accept", number="2号", session="between", topic="housing")
    duty.take(CLERK, secret, "assign", unit="water", effort="normal", day=duty.today)

    handled = duty.row(assigned)["title"]
    assert titles(duty, LEAD) == [handled, "请陈明附议", "草稿"]
    assert titles(duty, LEAD, show="mine") == [handled, "草稿"]
    assert titles(duty, LEAD, show="sign") == ["请陈明附议"]
    assert titles(duty, SECOND) == [handled, "要求保密", "请陈明附议"]
    assert titles(duty, CLERK) == [handled, "要求保密"]
    assert titles(duty, HOUSING) == [handled]
    assert titles(duty, WATER) == ["要求保密"]
    assert titles(duty, CLERK, topic="housing") == ["要求保密"]
    assert titles(duty, CLERK, unit="housing", state="assigned", year="2026") == [handled]
    assert titles(duty, CLERK, year="2025") == []
    assert titles(duty, CLERK, show="open") == [handled, "要求保密"]
    assert titles(duty, CLERK, q="河道异味") == [handled]
    assert titles(duty, LEAD, q="草稿") == ["草稿"]
    assert titles(duty, THIRD, q="要求保密") == []


def test_given_more_than_a_page_then_the_list_goes_on_and_the_table_has_all(
    duty: Duty, address: str
) -> None:
    """Lamps stand at the lines whose term runs."""
    for number in range(A_PAGE + 2):
        duty.drafted(title=f"=第{number}件")
    duty.assigned()
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, LEAD)
        first = client.get("/api/v1/duty/suggestions").json()
        assert (len(first["lines"]), first["count"]) == (A_PAGE, A_PAGE + 3)
        assert (first["lines"][0]["lamp"], first["lines"][1]["lamp"]) == ("green", None)
        behind = {"before": first["following"]}
        rest = client.get("/api/v1/duty/suggestions", params=behind).json()
        assert [of["title"] for of in rest["lines"]] == ["=第2件", "=第1件", "=第0件"]
        page = client.get(LIST).text
        assert "待签收" in page
        assert f"before={first['following']}" in page
        table = client.get(f"{LIST}.csv", params={"show": "mine"}).text.splitlines()
        assert len(table) == A_PAGE + 4
        assert "'=第0件" in table[-1]
        assert client.get(f"{LIST}.xlsx").content.startswith(b"PK")


def hits(duty: Duty, who: str, words: str) -> list[str]:
    """The addresses of what somebody finds in the search."""
    found = SearchIndex(duty.services.state).found(duty.people[who], Words(words))
    return [of.path for of in found.hits]


def test_given_steps_then_the_search_has_text_number_and_replies_and_no_draft(duty: Duty) -> None:
    """A file at it too, which is found no more once it is a draft again."""
    item_id = duty.drafted(body="沿岸居民反映强烈，请查明芦苇荡旁的排口并限期整治，公开处理结果。")
    path = f"{LIST}/{item_id}"
    attach(duty, item_id, "现场照片里有蓝色水桶")
    assert hits(duty, LEAD, "芦苇荡") == hits(duty, LEAD, "蓝色水桶") == []
    duty.submit(item_id)
    assert hits(duty, THIRD, "芦苇荡") == [path]
    assert len(hits(duty, THIRD, "蓝色水桶")) == 1
    duty.take(CLERK, item_id, "amend", why="请补充")
    assert hits(duty, THIRD, "芦苇荡") == hits(duty, THIRD, "蓝色水桶") == []
    duty.submit(item_id)
    duty.take(CLERK, item_id, "accept", number="2026-088", session="between", topic="water")
    duty.take(CLERK, item_id, "assign", unit="housing", effort="normal", day=duty.today)
    duty.take(HOUSING, item_id, "sign-for")
    duty.contacted(item_id)
    duty.take(HOUSING, item_id, "reply", **REPLY | {"text": "截污管道已接通", "day": duty.today})
    assert hits(duty, THIRD, "2026-088") == hits(duty, HOUSING, "截污管道") == [path]
    assert hits(duty, WATER, "截污管道") == []
    secret = duty.drafted(title="关于保密事项的建议", openness="secret")
    duty.submit(secret)
    assert hits(duty, CLERK, "保密事项") == [f"{LIST}/{secret}"]
    assert hits(duty, SECOND, "保密事项") == []


def attach(duty: Duty, item_id: str, text: str) -> None:
    """A file with a text in it."""
    upload = UploadFile(BytesIO(text.encode()), filename="说明.txt")
    actions.attach(duty.services, duty.people[LEAD], item_id, upload)


def test_given_a_search_that_forgot_them_then_the_jobs_put_them_back(duty: Duty) -> None:
    """After a restore, and where a process died between a step and the search."""
    services = duty.services
    item_id = duty.assigned()
    duty.drafted(title="一份草稿")
    core = CoreServices(
        services.state, services.store, services.catalogue, services.now_ms, services.publish,
        services.words, services.roles, services.working_days, services.files, services.district,
        services.wording, services.grouping,
    )  # fmt: skip
    for work in (fill, follow):
        SearchIndex(services.state).empty("duty")
        assert hits(duty, CLERK, "河道异味") == []
        work(core)
        assert hits(duty, CLERK, "河道异味") == [f"{LIST}/{item_id}"]
        assert hits(duty, LEAD, "一份草稿") == []


def test_given_an_answered_suggestion_then_another_platform_gets_all_of_it_in_words(
    duty: Duty,
) -> None:
    """Names beside ids, days as text; and nothing for whoever may not see it."""
    item_id = duty.assigned()
    duty.take(HOUSING, item_id, "sign-for")
    duty.contacted(item_id)
    duty.take(HOUSING, item_id, "reply", **REPLY | {"day": duty.today})
    duty.rated(item_id, LEAD, "dissatisfied")
    reference = Reference("duty", "suggestion", item_id)
    found = items.read(ROSTER, duty.services, duty.people[CLERK], reference)
    assert found is not None
    assert found.content["unit_name"] == "区住房和城乡建设局"
    assert found.content["number"] == f"{item_id}号"
    assert [of["result"] for of in found.content["replies"]] == ["A类：已解决或基本解决"]
    assert "dissatisfied" not in freeze(reference, found).body.decode()
    assert items.read(ROSTER, duty.services, duty.people[WATER], reference) is None
