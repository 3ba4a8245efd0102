"""Items that a suggestion was made of stay with it as they were, for those who may see them."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.platforms.duty.frozen_items import repository as frozen
from api.platforms.duty.frozen_items.tables import FROZEN_ITEM
from api.platforms.duty.publication import actions as publication
from api.platforms.duty.suggestions import actions as suggestions
from api.roster import ROSTER
from tests.api.budget.finding_hands import PUMPS, account_of, findings, rule, run
from tests.api.budget.finding_hands import sent as paid
from tests.api.budget.finding_hands import step as finding_step
from tests.api.budget.test_projects import SAID, everything, taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre, entered, spill
from tests.api.duty.handling_hands import Handling
from tests.api.duty.suggestion_hands import BODY, CLERK, HEAD, LEAD, TITLE
from tests.api.duty.test_publication import TEXTS, closed
from tests.api.duty.test_publication import step as release
from tests.api.telling import Core

__all__ = ["rule"]
API = "/api/v1/duty/suggestions"
PROJECT = "budget/project/P1"


def signed_in(address: str, username: str) -> Iterator[httpx.Client]:
    """Somebody's own client."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, username)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    yield from signed_in(address, "lianluo")


@pytest.fixture
def second(address: str) -> Iterator[httpx.Client]:
    """Another deputy."""
    yield from signed_in(address, "xuhui")


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit 区水利局."""
    yield from signed_in(address, "shuili")


@pytest.fixture
def handler(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit that handles the suggestion."""
    yield from signed_in(address, "zhujian")


def begun(client: httpx.Client, source: str, **more: str) -> int:
    """The id of a draft that is made of an item."""
    given = {"title": TITLE, "body": BODY, "openness": "public"} | more
    body = {"draft_key": str(uuid.uuid4()), "given": given, "source": source}
    answer = client.post(API, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def assigned(deputy: httpx.Client, clerk: httpx.Client, item: int, unit: str) -> None:
    """The suggestion lies before everybody who may read suggestions, and in a unit's hands."""
    steps: tuple[tuple[httpx.Client, str, dict[str, Any]], ...] = (
        (deputy, "submit", {"none_of_grounds": True}),
        (clerk, "accept", {"given": {"number": "7", "session": "between", "topic": "water"}}),
        (
            clerk,
            "assign",
            {"given": {"unit": unit, "effort": "normal", "day": "2026-11-24"}},
        ),
    )
    for client, name, body in steps:
        answer = client.post(f"{API}/{item}/steps/{name}", json=body)
        assert answer.is_success, answer.text


def kept(client: httpx.Client, item: int) -> list[dict[str, Any]]:
    """The copies that somebody reads."""
    answer = client.get(f"{API}/{item}/frozen-items")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_question_about_a_project_when_payments_come_and_go_then_the_figures_of_then_stay(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Through new words of the draft and its submission; the page says what is otherwise now."""
    loads = everything(clerk)
    then = deputy.get(f"/api/v1/items/{PROJECT}").json()
    form = {"draft_key": str(uuid.uuid4()), "title": TITLE, "body": BODY, "openness": "public"}
    made = deputy.post("/duty/suggestions/new", data=form | {"source": PROJECT})
    assert made.status_code == 303
    page, item = made.headers["location"], int(made.headers["location"].rpartition("/")[2])
    (copy,) = kept(deputy, item)
    assert (copy["hash"], copy["frozen"], copy["differs"]) == (then["hash"], then["frozen"], False)
    assert hashlib.sha256(copy["frozen"].encode()).hexdigest() == copy["hash"]
    assert "与现在的数据一致" in deputy.get(page).text
    head = "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,项目编码"
    later = taken_in(
        clerk, "payments", [head, "900,101,水利局,清河环保有限公司,1000,2026-06-30,P1"]
    )
    changed = {"title": TITLE, "body": f"{BODY}请说明。", "openness": "public"}
    edited = deputy.post(f"{API}/{item}/steps/edit", json={"given": changed})
    assert edited.is_success, edited.text
    assigned(deputy, clerk, item, "housing")
    (after,) = kept(deputy, item)
    assert (after["frozen"], after["differs"], after["gone"]) == (then["frozen"], True, False)
    text = deputy.get(page).text
    for said in ("提出时的数据", SAID, "与现在的数据有出入", "4,300,000.00", "现在：4,301,000.00"):
        assert said in text
    for load in (*loads.values(), later):
        withdrawn(clerk, load)
    (gone,) = kept(clerk, item)
    assert (gone["frozen"], gone["gone"]) == (then["frozen"], True)
    assert SAID in deputy.get(page).text


def test_given_a_kept_project_then_each_role_sees_as_much_of_it_as_of_projects(
    centre: RunningCentre,
    clerk: httpx.Client,
    deputy: httpx.Client,
    second: httpx.Client,
    handler: httpx.Client,
) -> None:
    """The unit that handles the suggestion reads its text and nothing of the copy, not even that
    there is one; whoever may unmask sees what the deputy saw.
    """
    everything(clerk)
    item = begun(deputy, PROJECT)
    assert second.get(f"{API}/{item}/frozen-items").status_code == 404
    assigned(deputy, clerk, item, "housing")
    for client in (deputy, second, clerk):
        (copy,) = kept(client, item)
        assert "张三" not in json.dumps(copy, ensure_ascii=False)
        assert "泵站" in client.get(f"/duty/suggestions/{item}").text
    assert kept(handler, item) == []
    page = handler.get(f"/duty/suggestions/{item}").text
    assert BODY in page
    for hidden in ("提出时的数据", "泵站", "4,300,000"):
        assert hidden not in page
    for client in (handler, deputy):
        copied = client.get(f"/api/v1/items/duty/suggestion/{item}").text
        assert BODY in copied
        assert "泵站" not in copied
    with centre.services.state.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(FROZEN_ITEM)) == 1


@pytest.mark.usefixtures("rule")
def test_given_a_kept_finding_then_only_who_sees_the_finding_now_or_made_the_copy_reads_it(
    centre: RunningCentre,
    clerk: httpx.Client,
    deputy: httpx.Client,
    second: httpx.Client,
    water: httpx.Client,
    handler: httpx.Client,
) -> None:
    """A copy never shows more than the thing: not before deputies see it, nor after it was called
    back.
    """
    paid(clerk, PUMPS)
    run(centre)
    finding = findings(clerk)[0]["id"]
    source = f"budget/finding/{finding}"
    for name, given in (("select", {}), ("send", {"question": "请附合同"})):
        assert finding_step(clerk, finding, name, **given).is_success
    early = begun(deputy, source)
    assert kept(deputy, early) == []
    assert finding_step(water, finding, "explain", explanation="两次维修").is_success
    demand = {"verdict": "发票只有一张", "due_day": "2027-03-01"}
    assert finding_step(clerk, finding, "rectify", **demand).is_success
    assert "source=budget%2Ffinding%2F" in deputy.get(f"/budget/findings/{finding}").text
    item = begun(deputy, source)
    assigned(deputy, clerk, item, "housing")
    for client in (deputy, second, clerk):
        assert [of["differs"] for of in kept(client, item)] == [False]
    assert kept(handler, item) == []
    assert kept(deputy, early) == []
    assert finding_step(clerk, finding, "call-back", why="数据有误").is_success
    assert [of["gone"] for of in kept(deputy, item)] == [True]
    assert [of["gone"] for of in kept(clerk, item)] == [False]
    assert kept(second, item) == []


@pytest.mark.usefixtures("no_alerts_for_clerks")
def test_given_an_alert_and_its_event_then_a_suggestion_is_begun_out_of_both_and_keeps_them(
    centre: RunningCentre, deputy: httpx.Client, clerk: httpx.Client
) -> None:
    """Over the port of drafts; who may not see alerts keeps and reads none, and what has no copies
    is refused.
    """
    alert = spill()
    event = Core(centre).raised(alert)
    asks = f"source=environment%2Fevent%2F{event}"
    assert asks in deputy.get(f"/environment/events/{event}").text
    pointed = [
        {"platform": "environment", "kind": "alert", "id": alert.id},
        {"platform": "environment", "kind": "event", "id": event},
    ]
    drafts = "/api/v1/drafts/duty/suggestion"
    assert clerk.post(drafts, json={"items": pointed}).status_code == 404
    station = {"platform": "environment", "kind": "station", "id": alert.station}
    assert deputy.post(drafts, json={"items": [station]}).status_code == 404
    made = deputy.post(drafts, json={"items": pointed})
    assert made.status_code == 201, made.text
    item = int(made.json()["id"])
    assert [of["kind"] for of in kept(deputy, item)] == ["alert", "event"]
    text = deputy.get(f"/duty/suggestions/{item}").text
    assert text.count("氨氮") > 2
    assert "限值" in text
    assigned(deputy, clerk, item, "housing")
    assert kept(clerk, item) == []


def test_given_a_suggestion_that_is_released_then_the_public_reads_nothing_of_its_copies(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Nor does the form on which a release is prepared offer any of it."""
    everything(clerk)
    work = Handling(centre)
    item = closed(work)
    lead = account_of(centre, LEAD)
    copies = suggestions.copies_of(ROSTER, centre.services, lead, PROJECT)
    with centre.services.state.begin() as connection:
        frozen.keep(connection, int(item), LEAD, copies, centre.clock.now_ms)
    assert "4,300,000.00" in deputy.get(f"/duty/suggestions/{item}").text
    form = clerk.get(f"/duty/suggestions/{item}/release")
    made = publication.prepare(work.services, work.people[CLERK], item, TEXTS)
    release(work, HEAD, made, "release")
    listed = clerk.get("/api/v1/open/suggestions")
    assert TEXTS["title"] in listed.text
    for answer in (form, listed, clerk.get("/open/suggestions")):
        assert answer.status_code == 200
        for hidden in ("泵站", "4,300,000", "430000000", copies[0].hash):
            assert hidden not in answer.text


def test_given_a_key_that_is_sent_again_then_the_first_copy_stays(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A device that was offline sends its draft once more, after the data have changed."""
    loads = everything(clerk)
    given = {"title": TITLE, "body": BODY, "openness": "public"}
    body = {"draft_key": str(uuid.uuid4()), "given": given, "source": PROJECT}
    item = deputy.post(API, json=body).json()["id"]
    (first,) = kept(deputy, item)
    withdrawn(clerk, loads["payments"])
    again = deputy.post(API, json=body)
    assert (again.status_code, again.json()["id"]) == (200, item)
    (after,) = kept(deputy, item)
    assert (after["hash"], after["differs"]) == (first["hash"], True)
