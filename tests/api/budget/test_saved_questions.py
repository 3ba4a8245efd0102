"""Saved questions: read and checked, one's own or everybody's, and each change of those audited."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.platforms.budget.questions.records import LONGEST_NAME, MOST_OWN, PROPOSED
from api.platforms.budget.questions.tables import QUESTION
from tests.api.conftest import BOTH, RunningCentre

both = pytest.mark.parametrize("kind", BOTH)
FIRST = "哪些钱用在接待上"


def saved(client: httpx.Client, name: str, query: str, **more: str) -> httpx.Response:
    """The answer to the form that stands below a page."""
    data = {"page": "payments", "query": query, "name": name} | more
    return client.post("/budget/questions", data=data)


def kept(client: httpx.Client) -> list[dict[str, Any]]:
    """The questions that somebody sees, over the API."""
    answer = client.get("/api/v1/budget/questions")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def names(client: httpx.Client) -> list[str]:
    """Their names in their order."""
    return [of["name"] for of in kept(client)]


def key(client: httpx.Client, name: str) -> str:
    """Of a question by its name."""
    found: str = next(of["key"] for of in kept(client) if of["name"] == name)
    return found


def deeds(client: httpx.Client, action: str) -> list[tuple[str, str]]:
    """Who did it and the detail, of rows of the audit."""
    path = "/api/v1/administration/audit"
    rows = client.get(path, params={"action": f"budget.{action}"}).json()["rows"]
    return [(of["who"], of["detail"]) for of in rows]


def test_given_a_fresh_centre_when_somebody_opens_the_payments_then_the_proposed_ones_stand_there(
    deputy: httpx.Client,
) -> None:
    """Each leads to its payments; opening writes nothing."""
    for path in ("/budget/", "/budget/payments", "/budget/comparison"):
        page = deputy.get(path).text
        assert 'href="/budget/payments?q=%E6%8E%A5%E5%BE%85"' in page, path
        assert FIRST in page
    assert [of["key"] for of in kept(deputy)] == [*PROPOSED]
    for of in kept(deputy):
        assert deputy.get(f"/budget{of['path']}").status_code == 200


@both
def test_a_question_of_each_page_is_saved_shown_renamed_put_in_order_and_removed(
    deputy: httpx.Client, clerk: httpx.Client, administrator: httpx.Client
) -> None:
    """For oneself: nobody else sees it, and the audit has nothing of it."""
    assert saved(deputy, " 一月  大额 ", "least=1000000&period=2026-01").status_code == 303
    assert saved(deputy, "各年", "lines=project", page="comparison").status_code == 303
    assert saved(deputy, "各科目", "by=economic", page="totals").status_code == 303
    own = [of for of in kept(deputy) if not of["shared"]]
    assert [(of["name"], of["path"]) for of in own] == [
        ("一月 大额", "/payments?period=2026-01&least=1000000"),
        ("各年", "/comparison?lines=project"),
        ("各科目", "/?by=economic"),
    ]
    assert "一月 大额" in deputy.get("/budget/payments").text
    assert not set(names(clerk)) & {of["name"] for of in own}
    last = key(deputy, "各科目")
    for _ in range(3):
        assert deputy.post(f"/budget/questions/{last}/move", data={"to": "up"}).is_redirect
    assert names(deputy)[:3] == ["各科目", "一月 大额", "各年"]
    answer = deputy.post(f"/budget/questions/{last}/rename", data={"name": "按经济分类"})
    assert answer.is_redirect
    for client in (clerk, administrator):
        assert client.post(f"/budget/questions/{last}/remove").status_code in (403, 404)
    assert deputy.post(f"/budget/questions/{key(deputy, '各年')}/remove").is_redirect
    assert names(deputy)[:2] == ["按经济分类", "一月 大额"]
    assert deeds(administrator, "share-question") == deeds(administrator, "remove-question") == []


@both
def test_shared_ones_are_the_office_s_and_each_change_is_in_the_audit(
    deputy: httpx.Client, clerk: httpx.Client, administrator: httpx.Client
) -> None:
    """From the first change on the proposed ones are rows, which may be renamed and removed."""
    assert saved(deputy, "大家的", "q=电费", shared="yes").status_code == 403
    assert deputy.post("/budget/questions/receptions/remove").status_code == 403
    assert saved(clerk, "电费", "q=电费", shared="yes").status_code == 303
    assert names(deputy)[-1] == "电费"
    assert len(names(deputy)) == len(PROPOSED) + 1
    # A page that stood open since before has the name of the product's own.
    assert clerk.post("/budget/questions/receptions/rename", data={"name": "接待费"}).is_redirect
    assert clerk.post("/budget/questions/largest/remove").is_redirect
    moved = key(clerk, "电费")
    assert clerk.post(f"/budget/questions/{moved}/move", data={"to": "up"}).is_redirect
    assert names(deputy)[0] == "接待费"
    assert names(deputy)[-2] == "电费"
    assert deeds(administrator, "share-question") == [("lianluo", "电费")]
    assert deeds(administrator, "rename-question") == [("lianluo", f"{FIRST} → 接待费")]
    assert deeds(administrator, "remove-question") == [("lianluo", "一百万元以上的支付")]
    assert deeds(administrator, "order-questions") == [("lianluo", "电费")]


@pytest.mark.parametrize(
    ("name", "query", "more", "said"),
    [
        ("", "q=电费", {}, "请写名称"),
        ("长" * (LONGEST_NAME + 1), "q=电费", {}, "请写名称"),
        (FIRST, "q=电费", {"shared": "yes"}, "请换一个"),
        ("坏", "period=2026-13", {}, "看不懂"),
        ("坏", "q=a&evil=1", {}, "看不懂"),
        ("坏", "q=" + "长" * 3000, {}, "看不懂"),
        ("某人", "payee=张三", {"shared": "yes"}, "可能是个人"),
    ],
)
def test_a_question_that_does_not_hold_is_refused_with_its_remedy_and_nothing_is_lost(
    clerk: httpx.Client, name: str, query: str, more: dict[str, str], said: str
) -> None:
    """The form comes again with all that was written."""
    answer = saved(clerk, name, query, **more)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'name="name" value="{name}"' in answer.text
    assert re.search(r'name="query" value="[^"]+"', answer.text)
    assert not [of for of in kept(clerk) if not of["shared"]]


def test_a_saved_question_that_its_page_understands_no_more_says_so_and_has_no_link(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """As after an update of the product; it can still be removed."""
    assert saved(deputy, "老问题", "q=电费").is_redirect
    for changed in ({"asked": '{"gone":"1"}'}, {"page": "nowhere"}):
        with centre.services.state.begin() as connection:
            connection.execute(sa.update(QUESTION).values(changed))
        assert kept(deputy)[0]["path"] == ""
        assert "老问题" not in deputy.get("/budget/payments").text
        assert "不能用了" in deputy.get("/budget/questions").text
    assert deputy.delete(f"/api/v1/budget/questions/{key(deputy, '老问题')}").status_code == 204


def test_a_person_has_so_many_questions_and_no_more(deputy: httpx.Client) -> None:
    """Over the API, which says which field is wrong."""
    body = {"page": "totals", "query": "by=month"}
    for n in range(MOST_OWN):
        made = deputy.post("/api/v1/budget/questions", json=body | {"name": f"第{n}个"})
        assert made.status_code == 201, made.text
    answer = deputy.post("/api/v1/budget/questions", json=body | {"name": "再一个"})
    assert answer.status_code == 422
    assert "name" in answer.json()["detail"]
