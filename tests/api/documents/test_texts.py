"""Normative documents that the centre keeps: read, shown, found, amended, expired, repealed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.deadlines.opening import deadlines_of
from api.deadlines.records import Standing
from api.platforms.documents.texts import actions, repository
from api.search.index import SearchIndex
from config.vocabulary.time import day_of
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.documents.papers import p, word

both = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/documents/texts"
TODAY = date.fromisoformat(day_of(NOW_MS))
RULES = """通州区排水管理办法

通政规〔2024〕3号

第一章 总则

第一条 为了加强排水管理，根据《城镇排水与污水处理条例》，制定本办法。

第二条 本区范围内的排水户适用本办法。
排水户包括：
（一）工业企业；
（二）餐饮单位。

第二章 管理

第三条 排水户应当安装计量设备。

第四条 区水利局可以组织抽查。

第五条 本办法自2024年5月1日起施行。
"""
AMENDED = (
    RULES.replace("〔2024〕3号", "〔2026〕1号")
    .replace("第三条 排水户应当安装计量设备。", "第三条 排水户可以安装计量设备。")
    .replace("第四条 区水利局可以组织抽查。\n", "第四条 街道办事处配合抽查。\n")
)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the maker."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "shuili")
        yield client


def sent(
    client: httpx.Client, content: bytes | str, name: str = "办法.txt", **facts: Any
) -> httpx.Response:
    """A text over the API; with ``of`` a version of one."""
    of = facts.pop("of", None)
    path = f"{API}/{of}/versions" if of else API
    given = {"maker": "water", "kind": "department"} | facts
    raw = content.encode() if isinstance(content, str) else content
    return client.post(path, data=given, files={"file": (name, raw)})


def kept(client: httpx.Client, content: bytes | str = RULES, **facts: Any) -> int:
    """The number of a text that is kept."""
    answer = sent(client, content, **facts)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def terms(centre: RunningCentre, text: int) -> list[tuple[Standing, str]]:
    """The terms of the maker before it expires: how each stands, and the due day."""
    found = deadlines_of(centre.services).of_subject(actions.reference(text))
    return [(of.standing, of.reckoned.due.isoformat()) for of in found]


@both
def test_given_a_file_when_it_is_kept_then_it_stands_article_by_article_and_anybody_finds_it(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Title and 文号 come out of the text; a citation leads to the text that is kept of it."""
    cited = kept(
        clerk, "城镇排水与污水处理条例\n\n第一条 排水应当许可。\n", maker="npc", kind="other"
    )
    answer = sent(clerk, RULES, published="2024-04-01", in_force="2024-05-01")
    assert answer.status_code == 201, answer.text
    state = answer.json()
    assert (state["title"], state["number"]) == ("通州区排水管理办法", "通政规〔2024〕3号")
    assert [of["label"] for of in state["articles"]] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第五条",
    ]
    assert state["articles"][2]["chapter"] == "第二章 管理"
    (citation,) = [of for of in state["citations"] if of["role"] == "basis"]
    assert (citation["article"], citation["text"]) == (0, cited)
    with centre.services.state.read() as connection:
        rows = repository.articles(connection, state["id"])
    assert [of.article.text for of in rows] == [of["text"] for of in state["articles"]]
    page = deputy.get(f"/documents/texts/{state['id']}").text
    assert "　（一）工业企业；" in page
    assert f"/documents/texts/{cited}" in page
    assert "有效，未标明有效期" in page
    assert f"/documents/texts/{state['id']}" in deputy.get("/search/?q=餐饮单位").text
    item = deputy.get(f"/api/v1/items/documents/text/{state['id']}").json()
    assert item["content"]["number"] == "通政规〔2024〕3号"


@both
def test_given_a_text_when_an_amended_version_comes_then_both_stand_and_the_change_of_force_is_seen(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The older version stays as it was; the search finds the newer one alone."""
    text = kept(clerk)
    answer = sent(clerk, AMENDED, of=text, after=1, number="")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["version"], answer.json()["number"]) == (2, "通政规〔2026〕1号")
    older = deputy.get(f"{API}/{text}", params={"version": 1}).json()
    assert older["articles"][2]["text"] == "排水户应当安装计量设备。"
    pairs = deputy.get(f"{API}/{text}/compare", params={"old": 1, "new": 2}).json()["pairs"]
    assert [(of["change"], of["marks"]) for of in pairs if of["old"] == "第三条"] == [
        ("reworded", ["应当→可以"])
    ]
    page = deputy.get(f"/documents/texts/{text}/compare").text
    assert "<del>应当</del><ins>可以</ins>" in page
    assert "应当→可以" in page
    assert f"/texts/{text}" in deputy.get("/search/?q=配合抽查").text
    assert f"/texts/{text}" not in deputy.get("/search/?q=可以组织抽查").text


def test_given_two_who_amend_at_once_then_the_second_is_refused_and_the_same_file_is_not_kept_twice(
    clerk: httpx.Client,
) -> None:
    """409 for a version that another one overtook."""
    text = kept(clerk)
    assert sent(clerk, AMENDED, of=text, after=1).status_code == 201
    assert sent(clerk, AMENDED + "\n第六条 另行规定。\n", of=text, after=1).status_code == 409
    again = sent(clerk, RULES)
    assert again.status_code == 422
    assert f"text {text}" in again.text
    assert clerk.get(f"{API}/{text}").json()["version"] == 2
    assert clerk.get(API).json()["count"] == 1


@both
def test_given_an_expiry_then_its_maker_has_a_term_ninety_days_before_until_a_new_version_or_the_end(
    centre: RunningCentre, clerk: httpx.Client, water: httpx.Client
) -> None:
    """No term without an owner; an expired text begins none."""
    until = TODAY + timedelta(days=400)
    text = kept(clerk, valid_until=until.isoformat())
    ((standing, due),) = terms(centre, text)
    assert standing == Standing.RUNNING
    assert date.fromisoformat(due) == until - timedelta(days=90)
    assert "通州区排水管理办法" in water.get("/deadlines/").text
    longer = (until + timedelta(days=700)).isoformat()
    assert sent(clerk, AMENDED, of=text, after=1, valid_until=longer).status_code == 201
    assert sorted(of for of, _ in terms(centre, text)) == sorted(
        [Standing.ENDED, Standing.RUNNING]
    )
    body = {"repealed": TODAY.isoformat(), "why": "通政规〔2026〕9号"}
    assert clerk.post(f"{API}/{text}/repeal", json=body).json()["validity"] == "repealed"
    assert {of for of, _ in terms(centre, text)} == {Standing.ENDED}
    assert sent(clerk, RULES + "\n", of=text, after=2).status_code == 409
    old = kept(clerk, RULES + "\n\n", published="2019-01-01", valid_until="2024-01-01")
    assert terms(centre, old) == []


def test_given_texts_on_a_day_then_each_stands_in_exactly_one_validity(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The filter of the list and what each line says are the same, whatever was stated."""
    yesterday, tomorrow = (TODAY + timedelta(days=n) for n in (-1, 1))
    days = (None, yesterday.isoformat(), TODAY.isoformat(), tomorrow.isoformat())
    number = 0
    for in_force in days:
        for until in days:
            if in_force and until and until < in_force:
                continue
            number += 1
            stated = {"in_force": in_force, "valid_until": until}
            given = {name: day for name, day in stated.items() if day}
            text = kept(clerk, f"{RULES}\n第六条 共{number}项。\n", **given)
            if number % 2:
                repealed = days[number % 3 + 1]
                body = {"repealed": repealed, "why": "另一件"}
                assert clerk.post(f"{API}/{text}/repeal", json=body).is_success
    every = {of["id"]: of["validity"] for of in deputy.get(API).json()["texts"]}
    assert len(every) == number
    found: dict[int, str] = {}
    for validity in ("in-force", "coming", "unstated", "expired", "repealed"):
        for of in deputy.get(API, params={"validity": validity}).json()["texts"]:
            assert of["id"] not in found
            found[of["id"]] = validity
    assert found == every
    answer = deputy.get("/documents/texts.csv", params={"validity": "expired"})
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 1 + list(every.values()).count("expired")


def test_given_a_form_with_faults_then_what_was_written_stays_and_nothing_is_kept(
    clerk: httpx.Client,
) -> None:
    """Each fault at its field, with the remedy; also of a file without text."""
    written = {
        "maker": "water",
        "kind": "department",
        "title": "某某办法",
        "published": "2024-13-01",
    }
    page = clerk.post(
        "/documents/texts/new", data=written, files={"file": ("a.txt", RULES.encode())}
    )
    assert page.status_code == 422
    assert 'value="某某办法"' in page.text
    assert "日期不对" in page.text
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    page = clerk.post(
        "/documents/texts/new",
        data=written | {"published": ""},
        files={"file": ("a.png", picture)},
    )
    assert page.status_code == 422
    early = written | {"published": "2024-04-01", "passed": "2024-05-01"}
    page = clerk.post(
        "/documents/texts/new", data=early, files={"file": ("a.txt", RULES.encode())}
    )
    assert "公布日期早于通过日期" in page.text
    assert clerk.get(API).json()["count"] == 0


def test_given_a_word_file_when_a_clerk_keeps_it_on_the_page_then_its_original_is_handed_out(
    clerk: httpx.Client, deputy: httpx.Client, tmp_path: Path
) -> None:
    """A deputy sees it, and may keep none."""
    raw = word(tmp_path / "办法.docx", *(p(of) for of in RULES.splitlines() if of)).read_bytes()
    given = {"maker": "water", "kind": "department"}
    answer = clerk.post("/documents/texts/new", data=given, files={"file": ("办法.docx", raw)})
    assert answer.status_code == 303, answer.text
    page = deputy.get(answer.headers["location"])
    assert "第三条" in page.text
    assert "登记修改后的新版本" not in page.text
    form = clerk.get(f"{answer.headers['location']}/version").text
    assert '<option value="water" selected>' in form
    assert "通政规〔2024〕3号" not in form
    (href,) = {of.split('"')[0] for of in page.text.split('href="')[1:] if of.startswith("/files/")
               and "/text" not in of}  # fmt: skip
    assert deputy.get(href).content == raw
    assert sent(deputy, AMENDED).status_code == 403


def test_given_a_search_that_forgot_everything_when_it_is_filled_then_texts_are_found_again(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Also a text that stands there in parts."""
    long = "\n".join(f"第{of}项 排水户名称和位置的说明。" * 40 for of in range(80))
    text = kept(
        clerk, RULES.replace("可以组织抽查。", f"可以组织抽查。\n{long}\n末尾的独有词句。")
    )
    index = SearchIndex(centre.services.state)
    before = index.count("documents")
    assert before > 1
    with centre.services.state.begin() as connection:
        for part in ("", *map(str, range(2, before + 1))):
            index.remove(connection, actions.reference(text), part)
    assert index.count("documents") == 0
    actions.fill(core_of(centre))
    assert index.count("documents") == before
    assert f"/texts/{text}" in deputy.get("/search/?q=末尾的独有词句").text
