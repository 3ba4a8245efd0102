"""Escalation policies as officers write them and everybody reads them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from alerting.alert import Level
from config.vocabulary.time import MINUTE_MS
from tests.api.conftest import BOTH, RunningCentre, spill
from tests.api.telling import Core
from tests.api.test_alerts import audited, text_of
from tests.phrases import has

SHIPPED = "grave-pollution"
PAGE, API = "/environment/policies", "/api/v1/policies"


def written(**changes: object) -> dict[str, Any]:
    """A form that holds: half an hour, the deputy by name and every officer."""
    return {
        "id": "river",
        "name": "河道污染",
        "about": "pollution",
        "least": "warning",
        "rounds": "2",
        "order": "10",
        "wait": ["30", ""],
        "people": ["陈明", ""],
        "positions": ["", ""],
        "asks": ["0-officer"],
        "do": "save",
    } | changes


def policy(client: httpx.Client, policy_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{API}/{policy_id}").json()
    return found


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_form_that_holds_when_saved_then_it_is_in_force_from_the_next_message_on(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Author and audit stand beside it; of those that fit the first in order is taken."""
    assert officer.post(f"{PAGE}/new", data=written()).status_code == 303
    found = policy(officer, "river")
    assert found["document"] == {
        "id": "river",
        "name": "河道污染",
        "about": "pollution",
        "least": "warning",
        "steps": [
            {
                "wait_minutes": 30,
                "targets": [
                    {"kind": "role", "name": "officer"},
                    {"kind": "person", "name": "daibiao"},
                ],
            }
        ],
        "rounds": 2,
        "rank": 10,
        "retired": False,
    }
    assert [(of["author"], of["account"]) for of in found["versions"]] == [("李岚", "huanbao")]
    ((who, detail),) = audited(centre, "river", "policy.save")
    assert (who, '"wait_minutes":30' in detail) == ("huanbao", True)

    core = Core(centre)
    event = core.raised(spill(level=Level.WARNING))
    state = officer.get(f"/api/v1/events/{event}").json()
    assert (state["policy"], state["step_ms"]) == (
        "river",
        centre.clock.now_ms + 30 * MINUTE_MS,
    )
    assert {of.addresses[0] for of in core.tell(30 * MINUTE_MS)} == {"daibiao", "huanbao"}


def test_the_list_tells_every_policy_in_sentences(
    officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Deputies read it too, but not who is named, and have no form."""
    officer.post(f"{PAGE}/new", data=written())
    for client, who in (
        (officer, "生态环境工作人员、陈明"),
        (deputy, "生态环境工作人员、指定人员"),
    ):
        text = text_of(client.get(PAGE))
        assert has(text, "policies.said-first", wait="30 分钟", who=who)
        assert has(text, "policies.said-end", n=2)
        assert "重大污染无人确认" in text
    assert "<form" in officer.get(f"{PAGE}/river").text.split("<main")[1]
    assert "<form" not in deputy.get(f"{PAGE}/river").text.split("<main")[1]
    document = policy(deputy, "river")["document"]
    assert document["steps"][0]["targets"][1] == {"kind": "person", "name": ""}
    assert deputy.get(f"{PAGE}/new").status_code == 403
    assert deputy.post(f"{PAGE}/{SHIPPED}/retire").status_code == 403


def test_a_preview_says_what_would_be_and_saves_nothing(officer: httpx.Client) -> None:
    """What was written stays in the form."""
    answer = officer.post(f"{PAGE}/new", data=written(do="preview"))
    assert answer.status_code == 200
    assert has(answer.text, "policies.said-first", wait="30 分钟", who="生态环境工作人员、陈明")
    assert 'value="河道污染"' in answer.text
    assert officer.get(f"{API}/river").status_code == 404


def test_each_save_is_a_version_and_nobody_overwrites_unread(officer: httpx.Client) -> None:
    """A form that was open while somebody else saved is refused with the name of that person."""
    officer.post(f"{PAGE}/new", data=written())
    revision = policy(officer, "river")["revision"]
    changed = written(wait=["45"], revision=str(revision))
    assert officer.post(f"{PAGE}/river", data=changed).status_code == 303
    refused = officer.post(f"{PAGE}/river", data=changed)
    assert refused.status_code == 422
    assert has(refused.text, "policies.wrong-changed", who="李岚")
    assert len(policy(officer, "river")["versions"]) == 2
    page = text_of(officer.get(f"{PAGE}/river"))
    assert "45 分钟" in page
    assert "30 分钟" in page


def test_the_products_own_policy_is_changed_and_retired_like_any_other(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """An event that begins then is escalated by none."""
    assert has(officer.get(PAGE).text, "policies.shipped")
    assert officer.post(f"{PAGE}/{SHIPPED}/retire").status_code == 303
    assert has(officer.get(PAGE).text, "policies.retired")
    assert [who for who, _ in audited(centre, SHIPPED, "policy.retire")] == ["huanbao"]
    core = Core(centre)
    event = core.raised(spill())
    page = text_of(officer.get(f"/environment/events/{event}"))
    assert has(page, "events.ahead-told")
    assert core.tell(24 * 60 * MINUTE_MS) == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"id": "River"}, "id"),
        ({"id": SHIPPED}, "taken"),
        ({"name": " "}, "name"),
        ({"least": "worst"}, "least"),
        ({"about": "weather"}, "least"),
        ({"rounds": "0"}, "rounds"),
        ({"rounds": "一"}, "rounds"),
        ({"order": "1001"}, "order"),
        ({"wait": ["", ""]}, "steps"),
        ({"wait": ["1441", ""]}, "wait"),
        ({"wait": ["1.5", ""]}, "wait"),
        ({"asks": [], "people": ["", ""]}, "targets"),
        ({"people": ["陈明、张三", ""]}, "person"),
        ({"people": ["guanli", ""]}, "person"),
        ({"positions": ["值班员", ""]}, "position"),
    ],
)
def test_what_does_not_hold_comes_back_with_its_words(
    officer: httpx.Client, changes: dict[str, object], key: str
) -> None:
    """At its field, with all that was written."""
    refused = officer.post(f"{PAGE}/new", data=written(**changes))
    assert refused.status_code == 422
    assert has(refused.text, f"policies.wrong-{key}")
    assert 'aria-invalid="true"' in refused.text or 'role="alert"' in refused.text
    assert 'value="30"' in refused.text or "wait" in changes
    assert officer.get(f"{API}/river").status_code == 404


def test_the_api_saves_what_it_tells_and_names_what_does_not_hold(officer: httpx.Client) -> None:
    """A document without its id; a new policy or another version."""
    document = policy(officer, SHIPPED)["document"]
    del document["id"]
    made = officer.put(f"{API}/second", json={"document": document})
    assert made.status_code == 200
    assert made.json()["document"] == document | {"id": "second"}
    for wrong in ({"rounds": 99}, {"steps": []}, {"unknown": 1}):
        answer = officer.put(f"{API}/second", json={"document": document | wrong})
        assert answer.status_code == 422
    step = {"wait_minutes": 5, "targets": [{"kind": "person", "name": "nobody"}]}
    answer = officer.put(f"{API}/second", json={"document": document | {"steps": [step]}})
    assert "nobody who can be told" in answer.json()["detail"]
    old = {"document": document, "revision": made.json()["revision"] + 1}
    assert officer.put(f"{API}/second", json=old).status_code == 422


def test_an_unknown_policy_is_not_found(officer: httpx.Client) -> None:
    """On pages and over the API."""
    assert officer.get(f"{PAGE}/none").status_code == 404
    assert officer.post(f"{PAGE}/none/retire").status_code == 404
    assert officer.get(f"{API}/none").status_code == 404
