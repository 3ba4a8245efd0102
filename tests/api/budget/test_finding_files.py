"""Files that a unit puts to a finding: seen by whoever sees it, kept with what was explained."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.budget.finding_hands import PUMPS, findings, run, sent, step
from tests.api.conftest import RunningCentre

pytestmark = pytest.mark.usefixtures("rule")
PAPER = ("验收单.txt", "两次维修的验收单".encode(), "text/plain")
MORE = ("付款说明.txt", "第二次维修的付款说明".encode(), "text/plain")
WHY = {"why": "传错了"}


@pytest.fixture
def asked(centre: RunningCentre, clerk: httpx.Client) -> int:
    """The id of a finding that the unit is to explain."""
    sent(clerk, PUMPS)
    run(centre)
    number: int = findings(clerk)[0]["id"]
    assert step(clerk, number, "select").is_success
    assert step(clerk, number, "send").is_success
    return number


def attached(client: httpx.Client, finding: int) -> list[dict[str, Any]]:
    """The files at a finding, over the API."""
    answer = client.get(f"/api/v1/budget/findings/{finding}/files")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def explained(
    client: httpx.Client, finding: int, text: str, *papers: tuple[str, bytes, str]
) -> httpx.Response:
    """The form of the explanation."""
    path = f"/budget/findings/{finding}/steps/explain"
    return client.post(path, data={"explanation": text}, files=[("files", of) for of in papers])


def test_given_an_explanation_with_a_file_then_whoever_sees_the_finding_sees_the_file_and_nobody_else(
    asked: int,
    clerk: httpx.Client,
    water: httpx.Client,
    housing: httpx.Client,
    deputy: httpx.Client,
) -> None:
    """It is counted on the list and in the item; deputies see it once there is something to mend."""
    assert explained(water, asked, "两次维修", PAPER).is_redirect
    (file,) = attached(clerk, asked)
    assert (file["name"], file["served"]) == ("验收单.txt", True)
    content = f"/api/v1/files/{file['id']}/content"
    assert "验收单.txt" in clerk.get(f"/budget/findings/{asked}").text
    assert "附件 1 个" in clerk.get("/budget/findings?show=all").text
    assert findings(water)[0]["files"] == 1
    assert clerk.get(f"/api/v1/items/budget/finding/{asked}").json()["content"]["files"] == 1
    assert [of.get(content).status_code for of in (clerk, water, housing, deputy)] == [
        *(200, 200),
        *(404, 404),
    ]
    assert step(clerk, asked, "rectify", verdict="重复", due_day="2027-03-01").is_success
    assert deputy.get(content).status_code == 200
    assert housing.get(f"/api/v1/budget/findings/{asked}/files").status_code == 404


def test_given_a_refused_file_or_no_text_then_nothing_that_was_written_or_sent_is_lost(
    asked: int, clerk: httpx.Client, water: httpx.Client
) -> None:
    """The page says why beside the field, and the finding stays with the unit."""
    refused = explained(water, asked, "两次维修，见附件", ("坏.txt", b"", "text/plain"))
    assert refused.status_code == 422
    assert "两次维修，见附件" in refused.text
    assert 'id="wrong-files"' in refused.text
    empty = explained(water, asked, "", PAPER)
    assert empty.status_code == 422
    assert 'id="wrong-explanation"' in empty.text
    assert "验收单.txt" in empty.text
    assert [of["name"] for of in attached(water, asked)] == ["验收单.txt"]
    assert findings(water)[0]["state"] == "sent"
    assert explained(clerk, asked, "不代答", PAPER).status_code == 403


def test_given_a_file_that_went_with_an_explanation_then_it_stays_and_a_later_one_may_be_taken_out(
    centre: RunningCentre, asked: int, clerk: httpx.Client, water: httpx.Client
) -> None:
    """Nobody puts files to a finding out of turn."""
    path = f"/budget/findings/{asked}/files"
    assert explained(water, asked, "两次维修", PAPER).is_redirect
    (first,) = attached(clerk, asked)
    late = water.post(f"/api/v1{path}", files={"file": MORE})
    assert late.status_code == 409
    assert water.post(f"{path}/{first['id']}", data=WHY).status_code == 409
    centre.clock.now_ms += 1000
    assert step(clerk, asked, "return", further="请补充第二次的").is_success
    made = water.post(f"/api/v1{path}", files={"file": MORE})
    assert made.status_code == 201
    again = water.post(f"/api/v1{path}", files={"file": MORE})
    assert again.json()["id"] == made.json()["id"]
    for file in (first["id"], made.json()["id"]):
        assert water.post(f"{path}/{file}", data=WHY).is_redirect
    assert [of["id"] for of in attached(clerk, asked)] == [first["id"]]
    assert clerk.post(f"/api/v1{path}", files={"file": MORE}).status_code == 403


def test_given_a_finding_to_rectify_then_a_deputy_begins_a_suggestion_from_it(
    asked: int, clerk: httpx.Client, water: httpx.Client, deputy: httpx.Client
) -> None:
    """With the question and its progress, natural persons masked; nobody else has the button."""
    assert explained(water, asked, "两次维修", PAPER).is_redirect
    assert step(clerk, asked, "rectify", verdict="重复", due_day="2027-03-01").is_success
    page, begun = f"/budget/findings/{asked}", f"source=budget%2Ffinding%2F{asked}"
    assert f"suggestions/new?{begun}" in deputy.get(page).text
    assert f"suggestions/new?{begun}" not in clerk.get(page).text
    suggestion = deputy.get(f"/duty/suggestions/new?{begun}").text
    assert "是否重复支付？目前进展：整改中。" in suggestion
    assert "张三" not in suggestion
