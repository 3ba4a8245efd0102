"""A procedure on a page and over the API: both show the same steps and refuse in the same words."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

import config
from api.accounts.records import Account, Reach, Secrecy
from api.procedures import taking
from api.procedures.wording import diagram
from api.roster import ROSTER, words_of
from api.shape import Platform
from config.catalogue.words import LANGUAGES, Words
from tests.api.conftest import USERNAMES, RunningCentre, entered
from tests.api.letters.manifest import PLATFORM as LETTERS
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import PROCEDURE

API = "/api/v1/letters"
ROOT = Path(config.__file__).parents[1]
DEPUTY = Account(
    "daibiao", "陈明", reaches=(Reach(frozenset({LetterPermission.READ, LetterPermission.WRITE})),)
)
Entered = Callable[[str], httpx.Client]


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Letters are there as well."""
    return (*ROSTER, LETTERS)


@pytest.fixture
def as_role(address: str) -> Iterator[Entered]:
    """A client of somebody with a role."""
    with ExitStack() as stack:

        def entered_as(role: str) -> httpx.Client:
            client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
            return entered(client, USERNAMES[role])

        yield entered_as


@pytest.fixture
def letter(centre: RunningCentre) -> str:
    """The address of a draft, below its platform."""
    services = centre.services
    with taking.acts(services, PROCEDURE, DEPUTY) as acting:
        given = {"title": "河边异味", "body": "平潮段有异味"}
        marks = {"author": "daibiao", "weight": 0.5, "public": False, "secrecy": Secrecy.OPEN}
        item_id, _ = taking.begin(acting, given, **marks)
    return f"/{item_id}"


def shown(client: httpx.Client, letter: str) -> Mapping[str, Any]:
    """How it stands over the API."""
    found: Mapping[str, Any] = client.get(f"{API}{letter}/procedure").json()
    return found


def forms(page: str) -> set[str]:
    """The steps that a page has a form for."""
    return set(re.findall(r'action="/letters/\d+/steps/([a-z]+)"', page))


def test_given_two_roles_then_page_and_api_show_to_each_the_same_steps(
    as_role: Entered, letter: str
) -> None:
    """Those that others take stand there with the reason."""
    for role, possible in (("deputy", {"edit", "send"}), ("clerk", set()), ("auditor", set())):
        client = as_role(role)
        page, api = client.get(f"/letters{letter}").text, shown(client, letter)
        assert forms(page) == possible
        assert {of["step"] for of in api["steps"] if of["against"] is None} == possible
        against = [of["against"] for of in api["steps"] if of["against"]]
        assert all(html.escape(said) in page for said in against)
        assert len(against) == 2 - len(possible)
    assert (api["state"], api["title"], api["closed"]) == ("draft", "草稿", False)
    assert "“提交”只能由陈明本人办理。" in page


def test_given_the_whole_way_by_forms_then_each_step_leads_back_to_the_page(
    as_role: Entered, letter: str
) -> None:
    """Draft, sent, assigned, answered, closed; the terms show their lamps meanwhile."""
    deputy, clerk, officer = (as_role(role) for role in ("deputy", "clerk", "officer"))
    way = (
        (deputy, "send", {}),
        (clerk, "assign", {"unit": "environment", "day": "2026-11-24", "copy": ""}),
        (officer, "answer", {"text": "已清理", "result": "solved", "on": ""}),
        (deputy, "accept", {}),
    )
    for client, step, given in way:
        answer = client.post(f"/letters{letter}/steps/{step}", data=given)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/letters{letter}")
        if step == "assign":
            page = officer.get(f"/letters{letter}").text
            assert 'class="lamp green"' in page
            assert "承办单位：通州生态环境局" in page
            (term,) = shown(officer, letter)["terms"]
            assert (term["rule"], term["lamp"]) == ("petition.handle", "green")
    page = deputy.get(f"/letters{letter}").text
    assert "目前：已办结" in page
    assert "已办结，没有后续步骤。" in page
    assert "办理结果：已解决" in page
    assert forms(page) == set()
    events = shown(deputy, letter)["events"]
    assert [of["step"] for of in events] == ["write", "send", "assign", "answer", "accept"]


def test_given_a_refusal_then_page_and_api_say_the_same_words(
    as_role: Entered, letter: str
) -> None:
    """With the same status; programs read step, state and remedy."""
    clerk = as_role("clerk")
    page = clerk.post(f"/letters{letter}/steps/assign", data={"unit": "housing"})
    api = clerk.post(f"{API}{letter}/steps/assign", json={"given": {"unit": "housing"}})
    assert page.status_code == api.status_code == 409
    assert "现在不能“交办”：目前是“草稿”，要在“待交办”时才能办理。" in page.text
    assert api.json() | {"detail": ""} == {
        "detail": "",
        "step": "assign",
        "state": "draft",
        "sources": ["sent"],
        "steps": ["edit", "send"],
    }
    assert clerk.post(f"{API}{letter}/steps/burn", json={}).status_code == 404
    assert clerk.get(f"{API}/77/procedure").status_code == 404
    assert clerk.get("/letters/77").status_code == 404


def test_given_a_field_that_does_not_hold_then_the_form_keeps_what_was_written(
    as_role: Entered, letter: str
) -> None:
    """The words stand at the field, over the API in the list of faults."""
    as_role("deputy").post(f"/letters{letter}/steps/send", data={})
    clerk = as_role("clerk")
    page = clerk.post(
        f"/letters{letter}/steps/assign", data={"unit": "", "copy": "housing", "day": "2027-01-01"}
    )
    assert page.status_code == 422
    assert 'aria-describedby="wrong-assign-unit"' in page.text
    assert "不是有效的日期，也不能晚于今天" in page.text
    assert '<option value="housing" selected>' in page.text
    given = {"copy": "housing", "day": "2027-01-01"}
    api = clerk.post(f"{API}{letter}/steps/assign", json={"given": given})
    assert {of["field"] for of in api.json()["faults"]} == {"unit", "day"}


def test_given_a_page_that_was_read_before_then_its_form_is_refused(
    as_role: Entered, letter: str
) -> None:
    """It carries the version that it showed."""
    deputy = as_role("deputy")
    page = deputy.get(f"/letters{letter}").text
    assert '<input type="hidden" name="version" value="1">' in page
    given = {"version": "1", "body": "又写了一遍"}
    assert deputy.post(f"/letters{letter}/steps/edit", data=given).status_code == 303
    again = deputy.post(f"/letters{letter}/steps/edit", data=given)
    assert again.status_code == 409
    assert "陈明刚刚办理了：修改了草稿。" in again.text


def test_given_a_wrong_step_then_it_is_taken_back_on_the_page_and_over_the_api(
    as_role: Entered, letter: str
) -> None:
    """With a reason; the page shows the step in gray."""
    deputy = as_role("deputy")
    deputy.post(f"/letters{letter}/steps/send", data={})
    assert "撤回“已提交”" in deputy.get(f"/letters{letter}").text
    assert deputy.post(f"/letters{letter}/steps/withdraw", data={"why": ""}).status_code == 409
    assert (
        deputy.post(f"/letters{letter}/steps/withdraw", data={"why": "未写完"}).status_code == 303
    )
    page = deputy.get(f"/letters{letter}").text
    assert "陈明；原因：未写完" in page
    assert "陈明；已撤回" in page
    deputy.post(f"{API}{letter}/steps/send", json={"version": 3})
    assert shown(deputy, letter)["withdrawable"] is True
    api = deputy.post(f"{API}{letter}/steps/withdraw", json={"why": "再想想", "version": 4})
    assert (api.status_code, api.json()["state"], api.json()["version"]) == (200, "draft", 5)
    auditor = as_role("auditor")
    assert shown(auditor, letter)["withdrawable"] is False
    refused = auditor.post(f"{API}{letter}/steps/withdraw", json={"why": "看看"})
    assert refused.json()["why"] == "final"


def test_given_nobody_has_signed_in_or_the_page_is_another_sites_then_no_step_is_taken(
    as_role: Entered, stranger: httpx.Client, letter: str
) -> None:
    """As every other change."""
    assert stranger.post(f"{API}{letter}/steps/send", json={}).status_code == 401
    foreign = {"Origin": "http://elsewhere.example"}
    for path in (f"/letters{letter}/steps/send", f"{API}{letter}/steps/send"):
        answer = as_role("deputy").post(path, json={}, headers=foreign)
        assert answer.status_code == 403
    administrator = as_role("administrator")
    assert administrator.get(f"/letters{letter}").status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_procedure_then_its_keys_are_all_the_words_that_it_asks_for(
    language: str,
) -> None:
    """A platform's test of words takes its family from them."""
    words = Words.load(language, words_of([LETTERS]))  # type: ignore[arg-type]
    prefix = "letters.letter."
    found = {key.removeprefix(prefix) for key in words.texts if key.startswith(prefix)}
    assert found == PROCEDURE.keys()


def test_given_the_rows_then_the_drawing_has_each_state_and_each_step() -> None:
    """As Mermaid reads it, and as the docs show it."""
    words = Words.load("zh-CN", words_of([LETTERS]))
    drawn = diagram(PROCEDURE, words).splitlines()
    assert diagram(PROCEDURE, words) in (ROOT / "docs/procedures.md").read_text(encoding="utf-8")
    assert drawn[0] == "stateDiagram-v2"
    assert '    state "待交办" as sent' in drawn
    assert "    [*] --> draft: 写信" in drawn
    assert "    assigned --> draft: 退回" in drawn
    assert drawn[-1] == "    closed --> [*]"
    arrows = [line for line in drawn if ": " in line]
    assert len(arrows) == sum(max(len(step.sources), 1) for step in PROCEDURE.steps)
