"""A deputy writes a draft, has it signed and submits it, on the page and over the API."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from api import audit
from api.platforms.duty.suggestions import actions
from api.platforms.duty.suggestions.records import NotEarlier
from api.platforms.duty.tables import SUGGESTION
from tests.api.conftest import BOTH, RunningCentre, entered, spill
from tests.api.duty.suggestion_hands import (
    BODY,
    CLERK,
    HOUSING,
    LEAD,
    SECOND,
    TEXT,
    THIRD,
    TITLE,
    Duty,
)

API = "/api/v1/duty/suggestions"
PAGE = "/duty/suggestions"


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


@pytest.fixture
def second(address: str) -> Iterator[httpx.Client]:
    """徐慧, signed in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, SECOND)


def test_given_a_draft_sent_twice_then_there_is_one_and_other_words_are_said_to_be_others(
    deputy: httpx.Client, second: httpx.Client, centre: RunningCentre
) -> None:
    """The key is the device's; nobody else's draft is found by it."""
    key = str(uuid.uuid4())
    body = {"draft_key": key, "given": TEXT}
    first, again = deputy.post(API, json=body), deputy.post(API, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert (again.json()["begun"], again.json()["same"]) == (False, True)
    other = deputy.post(API, json={"draft_key": key, "given": {**TEXT, "title": "别的"}})
    assert (other.status_code, other.json()["same"]) == (200, False)
    assert second.post(API, json=body).status_code == 409
    with centre.services.state.read() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(SUGGESTION))
        assert count == 1
    lacking = deputy.post(API, json={"draft_key": str(uuid.uuid4()), "given": {"title": "无"}})
    assert lacking.status_code == 422
    assert {of["field"] for of in lacking.json()["faults"]} == {"body", "openness"}


def test_given_a_picture_sent_twice_then_it_is_there_once_and_only_at_an_own_draft(
    deputy: httpx.Client, second: httpx.Client, duty: Duty
) -> None:
    """A device whose answer was lost sends it again."""
    item_id = duty.drafted()
    file = {"file": ("现场.txt", "每天傍晚".encode())}
    made = [deputy.post(f"{API}/{item_id}/files", files=file).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert len(actions.attached(duty.services, duty.row(item_id))) == 1
    assert second.post(f"{API}/{item_id}/files", files=file).status_code == 404
    actions.invite(duty.services, duty.people[LEAD], item_id, [SECOND])
    assert second.post(f"{API}/{item_id}/files", files=file).status_code == 403
    gone = deputy.post(f"{PAGE}/{item_id}/files/{made[0]}", data={"why": "拍错了"})
    assert gone.status_code == 303
    assert not actions.attached(duty.services, duty.row(item_id))


def test_given_the_form_without_a_script_then_it_keeps_a_draft_and_shows_each_fault(
    deputy: httpx.Client,
) -> None:
    """What was written comes back."""
    page = deputy.get(f"{PAGE}/new").text
    assert "代表法第59条" in page
    refused = deputy.post(f"{PAGE}/new", data={"title": TITLE, "openness": "public"})
    assert refused.status_code == 422
    assert f'value="{TITLE}"' in refused.text
    assert 'id="wrong-body"' in refused.text
    form = {**TEXT, "body": "一行\r\n两行", "draft_key": str(uuid.uuid4())}
    files = {"files": ("现场.txt", "每天傍晚".encode())}
    kept = deputy.post(f"{PAGE}/new", data=form, files=files)
    assert kept.status_code == 303
    shown = deputy.get(kept.headers["location"]).text
    assert "现场.txt" in shown
    assert "这是草稿，只有领衔代表和被邀请附议的代表看得到" in shown
    editing = deputy.get(f"{kept.headers['location']}/edit").text
    assert "一行\n两行" in editing


def test_given_an_alert_then_a_draft_begins_with_what_it_says_and_names_it(
    deputy: httpx.Client, centre: RunningCentre
) -> None:
    """Through the port of items: the platforms know nothing of each other."""
    alert = centre.put(spill())
    assert (
        "/duty/suggestions/new?source=environment%2Falert%2F"
        in deputy.get(f"/environment/alerts/{alert.id}").text
    )
    source = f"environment/alert/{alert.id}"
    page = deputy.get(f"{PAGE}/new", params={"source": source}).text
    assert "氨氮" in page
    body = {"draft_key": str(uuid.uuid4()), "given": TEXT, "source": source}
    made = deputy.post(API, json=body).json()
    assert f'href="/environment/alerts/{alert.id}"' in deputy.get(made["address"]).text


def test_given_the_list_of_grounds_then_nobody_submits_without_it(
    deputy: httpx.Client, duty: Duty
) -> None:
    """On the page as over the API; the audit keeps that it was gone through."""
    item_id = duty.drafted()
    refused = deputy.post(f"{PAGE}/{item_id}/steps/submit", data={})
    assert refused.status_code == 422
    assert "请先核对" in refused.text
    assert deputy.post(f"{API}/{item_id}/steps/submit", json={}).status_code == 422
    assert duty.row(item_id)["state"] == "draft"
    done = deputy.post(f"{API}/{item_id}/steps/submit", json={"none_of_grounds": True})
    assert done.json()["state"] == "submitted"
    (row,) = audit.search(duty.services.state, action="duty.no-ground")
    assert row.subject == f"duty/suggestion/{item_id}"
    short = duty.drafted(body="太短")
    page = deputy.post(f"{PAGE}/{short}/steps/submit", data={"none_of_grounds": "yes"})
    assert page.status_code == 409
    assert "正文太短" in page.text


def test_given_deputies_are_asked_then_each_reads_signs_or_declines_and_the_lead_sees_it(
    deputy: httpx.Client, second: httpx.Client, duty: Duty
) -> None:
    """Whoever was not asked sees no draft; the one who was asked has it on the workbench."""
    item_id = duty.drafted()
    page = f"{PAGE}/{item_id}"
    assert second.get(page).status_code == 404
    assert "徐慧" in deputy.get(page).text
    asked = deputy.post(f"{page}/invitations", data={"usernames": [SECOND, THIRD]})
    assert asked.status_code == 303
    assert any(
        "请您附议" in of["note"] for of in second.get("/api/v1/workbench").json()["waiting"]
    )
    shown = second.get(page).text
    assert BODY in shown
    assert 'value="yes">附议' in shown
    read = second.get(f"{API}/{item_id}/signatures").json()
    signed = second.post(
        f"{API}/{item_id}/signature", json={"signs": True, "text_hash": read["text_hash"]}
    )
    assert [of["state"] for of in signed.json()["signatures"]] == ["signed", "invited"]
    assert "附议（1人有效）" in deputy.get(page).text
    assert not second.get("/api/v1/workbench").json()["waiting"]
    edited = deputy.post(f"{page}/edit", data={**TEXT, "body": f"{BODY}请尽快。"})
    assert edited.status_code == 303
    assert "附议（0人有效）" in deputy.get(page).text
    assert "附议的是修改前的文字，已失效" in deputy.get(page).text
    old = {"signs": "yes", "text_hash": read["text_hash"]}
    late = second.post(f"{page}/signature", data=old)
    assert late.status_code == 409
    assert "文字刚刚改动过" in late.text
    assert second.post(f"{page}/invitations", data={"usernames": [THIRD]}).status_code == 403
    nobody = deputy.post(f"{API}/{item_id}/invitations", json={"usernames": [CLERK]})
    assert nobody.status_code == 422


@pytest.mark.parametrize("who", [CLERK, HOUSING])
def test_given_a_suggestion_of_others_then_the_page_has_no_form_of_the_deputy(
    address: str, duty: Duty, who: str
) -> None:
    """The office and the unit read the same page, each with its own steps."""
    item_id = duty.assigned()
    with httpx.Client(base_url=address, timeout=60) as client:
        page = entered(client, who).get(f"{PAGE}/{item_id}").text
    assert "none_of_grounds" not in page
    assert "/invitations" not in page
    assert ('/steps/sign-for"' in page) == (who == HOUSING)
    assert "已交给承办单位，等它签收" in page
    assert "区住房和城乡建设局：" in page


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_earlier_one_that_is_raised_again_then_the_pages_of_both_name_each_other(
    deputy: httpx.Client, second: httpx.Client, duty: Duty
) -> None:
    """The form offers it with the text, and keeps what was chosen; a draft is named to nobody
    else, and nothing that was not submitted is raised again.
    """
    earlier = duty.drafted(SECOND, title="平潮镇通吕运河治理")
    draft = {**TEXT, "draft_key": str(uuid.uuid4()), "raised_again": earlier}
    refused = deputy.post(f"{PAGE}/new", data=draft)
    assert refused.status_code == 422
    assert "还没有提交" in refused.text
    assert f'value="{TITLE}"' in refused.text
    body = {"draft_key": str(uuid.uuid4()), "given": {**TEXT, "raised_again": "x"}}
    assert deputy.post(API, json=body).status_code == 422
    duty.submit(earlier)
    offered = deputy.post("/duty/similar", data={"title": TITLE, "body": BODY, "chosen": "0"})
    assert f'name="raised_again" value="{earlier}" form="writing">' in offered.text
    kept = deputy.post("/duty/similar", data={"title": "幼儿园", "chosen": earlier})
    chosen = f'name="raised_again" value="{earlier}" form="writing" checked'
    assert chosen in kept.text
    path = deputy.post(f"{PAGE}/new", data=draft).headers["location"]
    item_id = path.rpartition("/")[2]
    assert chosen in deputy.get(f"{path}/edit").text
    assert f'再次提出：<a class="more" href="/duty/suggestions/{earlier}"' in deputy.get(path).text
    assert "后来又提出" not in second.get(f"{PAGE}/{earlier}").text
    duty.submit(item_id)
    assert f'后来又提出：<a class="more" href="{path}"' in second.get(f"{PAGE}/{earlier}").text
    assert second.get(f"{API}/{item_id}").json()["raised_again"] == int(earlier)
    assert second.get(f"{API}/{earlier}").json()["raised_later"] == [int(item_id)]
    duty.take(CLERK, item_id, "amend", why="请补充")
    duty.edit(item_id)
    assert second.get(f"{API}/{earlier}").json()["raised_later"] == []
    assert duty.row(item_id)["raised_again"] is None
    with pytest.raises(NotEarlier):
        duty.edit(item_id, raised_again=item_id)
