"""The unfiled: yearly lists, gaps in numbers, and texts that are cited and not kept."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.records import ALWAYS, Span
from api.accounts.repositories.units import Units
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.documents.catalogue.actions import finding, lists
from api.platforms.documents.catalogue.procedure.lists import CATALOGUE
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE as YEARLY
from api.platforms.documents.catalogue.procedure.unfiled import ANSWER
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE as UNFILED
from api.platforms.documents.catalogue.records import (
    Filed,
    Known,
    Line,
    Source,
    gaps,
    read,
)
from api.ports import Reference
from config.vocabulary.time import begins_ms, day_of
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.documents.filing_hands import API, of_town, registered, step, text, town

__all__ = ["town"]
both = pytest.mark.parametrize("kind", BOTH)
LINES, LISTS = "/api/v1/documents/catalogue", "/api/v1/documents/yearly-lists"
TABLE = """名称\t文号\t公布日期
平潮镇农村河道保洁办法\t平政规〔2026〕1号\t2026-11-14
平潮镇集市管理办法\t平政规 [2026] 4号\t2026年3月1日
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def found(client: httpx.Client, **asked: str) -> dict[str, Mapping[str, Any]]:
    """Lines that somebody sees, by title or number."""
    lines = client.get(LINES, params=asked).json()["lines"]
    return {of["title"] or of["number"]: of for of in lines}


def running(centre: RunningCentre, kind: str, item: int) -> list[Deadline]:
    """The open terms of a thing."""
    found = deadlines_of(centre.services).of_subject(Reference("documents", kind, str(item)))
    return [of for of in found if of.open]


def owners(centre: RunningCentre, term: Deadline) -> tuple[str, ...]:
    """Who must act."""
    with centre.services.state.read() as connection:
        everybody = staff(connection, centre.services.roles, day_of(centre.clock.now_ms))
        return everybody.who(term.responsible)


def put_unit(centre: RunningCentre, span: Span) -> None:
    """The town is there on some days."""
    units = Units(centre.services.state)
    town = units.get("pingchao")
    assert town is not None
    with centre.services.state.begin() as connection:
        units.put(connection, replace(town, span=span))


@both
def test_given_january_then_each_maker_owes_its_list_and_what_it_has_and_nobody_filed_is_found(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """By 31 January; the list, the gaps in its numbers, and who may see which line."""
    registered(town, clerk)
    lists.open_lists(core_of(centre))
    assert town.get(LISTS).json()["lists"] == []
    centre.clock.now_ms = begins_ms(date(2027, 1, 5))
    put_unit(centre, Span(until_day="2027-01-04"))
    lists.open_lists(core_of(centre))
    put_unit(centre, ALWAYS)
    for client, username in ((clerk, "lianluo"), (deputy, "daibiao")):
        entered(client, username)
    of_town(town)
    assert town.get(LISTS).json()["lists"] == [], "a unit that ended owes none"
    for _ in range(2):
        lists.open_lists(core_of(centre))
    (owed,) = town.get(LISTS).json()["lists"]
    assert (owed["year"], owed["state"], owed["maker"]) == (2026, "due", "pingchao")
    (term,) = running(centre, "yearly-list", owed["id"])
    assert (term.rule.id, term.reckoned.due.isoformat()) == (CATALOGUE, "2027-01-31")
    assert "pingchao" in owners(centre, term)
    assert step(town, f"{LISTS}/{owed['id']}", "send", sending="2-lines").status_code == 409
    page = f"/documents/yearly-lists/{owed['id']}/fill"
    answer = town.post(page, data={"lines": TABLE, "version": "1"})
    assert answer.status_code == 303, answer.text
    assert running(centre, "yearly-list", owed["id"]) == []
    assert [of["number"] for of in town.get(f"{LISTS}/{owed['id']}").json()["lines"]] == [
        "平政规〔2026〕1号",
        "平政规〔2026〕4号",
    ]
    assert clerk.post("/documents/catalogue/find").status_code == 303
    assert {name: of["source"] for name, of in found(clerk).items()} == {
        "平潮镇集市管理办法": "list",
        "平政规〔2026〕2号": "gap",
        "平政规〔2026〕3号": "gap",
    }
    assert clerk.post(f"{LINES}/find").json() == {"found": 0, "filed": 0}
    assert found(town) == found(deputy) == {}
    assert deputy.get(LISTS).json()["lists"] == []
    gap = found(clerk)["平政规〔2026〕2号"]["id"]
    given = {"reason": "number-not-used", "remark": "来函说明未使用"}
    assert step(clerk, f"{LINES}/{gap}", "settle", **given).status_code == 200
    assert clerk.post(f"{LINES}/find").json()["found"] == 0
    assert "文号没有使用" in clerk.get(f"/documents/catalogue/{gap}").text


@both
def test_given_a_line_when_the_maker_is_asked_then_it_has_a_term_until_it_answers_or_files(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client
) -> None:
    """No term without an owner; what is filed later closes its line by itself."""
    listed = town.post(LISTS, json={"maker": "pingchao", "year": 2025}).json()
    rows = "平潮镇集市管理办法,平政规〔2025〕1号,2025-03-01\n平潮镇殡葬办法,平政规〔2025〕2号,"
    sent = town.post(f"{LISTS}/{listed['id']}/lines", json={"lines": rows})
    assert sent.status_code == 200, sent.text
    finding.follow(core_of(centre))
    first, second = (found(clerk)[of]["id"] for of in ("平潮镇集市管理办法", "平潮镇殡葬办法"))
    for line in (first, second):
        answer = step(clerk, f"{LINES}/{line}", "ask", request="请说明为什么没有报送")
        assert answer.status_code == 200, answer.text
        (term,) = running(centre, "unfiled", line)
        assert (term.rule.id, "pingchao" in owners(centre, term)) == (ANSWER, True)
    assert set(found(town)) == {"平潮镇集市管理办法", "平潮镇殡葬办法"}
    assert "请说明为什么没有报送" in town.get(f"/documents/catalogue/{first}").text
    assert step(town, f"{LINES}/{first}", "answer", answer="属于内部文件").status_code == 200
    assert (
        step(town, f"{LINES}/{first}", "settle", reason="internal", remark="x").status_code == 403
    )
    assert running(centre, "unfiled", first) == []
    content = text("平政规〔2025〕2号").replace("平潮镇农村河道保洁办法", "平潮镇殡葬办法")
    registered(town, clerk, content, title="平潮镇殡葬办法", number="平政规〔2025〕2号")
    finding.follow(core_of(centre))
    assert found(clerk)["平潮镇殡葬办法"]["state"] == "filed"
    assert running(centre, "unfiled", second) == []
    assert found(clerk, state="answered").keys() == {"平潮镇集市管理办法"}
    with httpx.Client(base_url=str(town.base_url), timeout=60) as water:
        entered(water, "shuili")
        assert found(water) == {}
        assert water.get(f"{LISTS}/{listed['id']}").status_code == 404
        assert water.post(LISTS, json={"maker": "pingchao", "year": 2025}).status_code == 422


def test_given_a_kept_text_that_cites_texts_of_makers_here_then_only_those_not_kept_are_found(
    clerk: httpx.Client,
) -> None:
    """Laws and texts of other places are nobody's here, and what is ended is no lead."""
    body = """通州区排水管理办法

通政规〔2026〕1号

第一条 根据《中华人民共和国水法》《江苏省水资源管理条例》和《通州区河道管理规定》，制定本办法。

第二条 依照《平潮镇集市管理办法》第三条执行，《海门区河道管理规定》不适用。

第三条 《通州区旧排水管理办法》同时废止。
"""
    data = {"maker": "government-office", "kind": "government"}
    sent = clerk.post(
        "/api/v1/documents/texts", data=data, files={"file": ("a.txt", body.encode())}
    )
    assert sent.status_code == 201, sent.text
    clerk.post(f"{LINES}/find")
    assert {name: (of["source"], of["maker"]) for name, of in found(clerk).items()} == {
        "通州区河道管理规定": ("cited", "government-office"),
        "平潮镇集市管理办法": ("cited", "pingchao"),
    }
    kept = "通州区河道管理规定\n\n第一条 某某。\n".encode()
    clerk.post("/api/v1/documents/texts", data=data, files={"file": ("b.txt", kept)})
    assert clerk.post(f"{LINES}/find").json() == {"found": 0, "filed": 1}


def test_given_a_table_with_faults_or_a_workbook_then_each_line_is_named_and_nothing_is_lost(
    town: httpx.Client,
) -> None:
    """Pasted or uploaded, as the maker has it."""
    owed = town.post(LISTS, json={"maker": "pingchao", "year": 2025}).json()
    page = f"/documents/yearly-lists/{owed['id']}/fill"
    wrong = "平潮镇集市管理办法,平政规〔2025〕1号,三月\n,平政规〔2025〕2号,2025-03-01\n"
    answer = town.post(page, data={"lines": wrong})
    assert answer.status_code == 422
    assert "第 1 行日期读不出：三月" in answer.text
    assert "第 2 行没有名称" in answer.text
    assert "平政规〔2025〕2号" in answer.text
    assert town.post(page, data={"lines": ""}).status_code == 422
    both_said = town.post(page, data={"lines": "平潮镇集市管理办法", "nothing": "yes"})
    assert both_said.status_code == 422
    assert 'value="yes" checked' in both_said.text
    ahead = town.post("/documents/yearly-lists", data={"maker": "pingchao", "year": "2031"})
    assert (ahead.status_code, 'value="2031"' in ahead.text) == (422, True)
    assert town.post(page, data={"nothing": "yes", "version": "1"}).status_code == 303
    assert town.get(f"{LISTS}/{owed['id']}").json()["lines"] == []
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["2025年目录"], ["序号", "文号", "名称", "公布日期"],
                  [1, "平政规〔2025〕1号", "平潮镇集市管理办法", date(2025, 3, 1)]):  # fmt: skip
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    answer = town.post(page, data={"version": "2"}, files={"file": ("目录.xlsx", out.getvalue())})
    assert answer.status_code == 303, answer.text
    (line,) = town.get(f"{LISTS}/{owed['id']}").json()["lines"]
    assert line == {
        "title": "平潮镇集市管理办法",
        "number": "平政规〔2025〕1号",
        "published": "2025-03-01",
    }
    stale = town.post(page, data={"lines": "别的", "version": "2"})
    assert stale.status_code == 422
    assert API not in stale.text


def test_a_table_with_any_line_ends_is_read_and_an_open_quotation_is_named() -> None:
    """As old workbooks and databases write them; a quotation that is not closed takes all."""
    listed, wrong = read("甲办法\r乙\0办法\r\n丙办法")
    assert ([of.title for of in listed], wrong) == (["甲办法", "乙办法", "丙办法"], [])
    listed, (fault,) = read(f'甲办法,"{"字" * 140_000}')
    assert (listed, fault.field) == ((), "quotes")


@pytest.mark.parametrize(
    ("source", "title", "number", "closed"),
    [
        ("list", "工作规则", "", False),
        ("list", "集市管理办法", "", True),
        ("list", "另一个名称", "平政规[2026]4号", True),
        ("gap", "", "平政规〔2026〕4号", True),
        ("gap", "", "平政规〔2026〕5号", False),
        ("cited", "工作规则", "", True),
    ],
)
def test_a_line_is_closed_by_what_its_own_maker_filed_and_a_cited_text_by_whoever_made_it(
    source: Source, title: str, number: str, closed: bool
) -> None:
    """Many makers have working rules of one title."""
    filed = Filed(
        [Known("town", "集市管理办法", "平政规〔2026〕4号"), Known("court", "工作规则", "")]
    )
    line = Line(1, "town", source, 2026, title, number, "found", None)
    assert filed.closes(line) is closed


@given(there=st.sets(st.integers(1, 60), min_size=1, max_size=60))
def test_gaps_are_exactly_the_numbers_below_the_last_that_nobody_has(there: set[int]) -> None:
    """Of the series of normative documents alone, however it is written."""
    known = [("a", f"通政规〔2026〕{n}号") for n in there]
    known += [("a", "通政发〔2026〕90号"), ("a", "通政规[2025]1号"), ("b", "无号")]
    missing = set(range(1, max(there))) - there
    found = [of.number for of in gaps(known)]
    if len(missing) <= 50:
        assert found == [f"通政规〔2026〕{n}号" for n in sorted(missing)]
    else:
        assert found == []


@given(said=st.text(max_size=300))
def test_whatever_is_pasted_is_read_or_named_line_by_line(said: str) -> None:
    """Nothing of a table is dropped without a word."""
    listed, wrong = read(said)
    rows = {of.row for of in wrong}
    assert all(of.title for of in listed) or rows
    assert len([of for of in listed if of.title]) <= len(said.splitlines()) + 1


@pytest.mark.parametrize("procedure", [YEARLY, UNFILED])
def test_every_state_leads_on_or_is_an_end_and_every_word_is_there(
    procedure: Any, centre: RunningCentre
) -> None:
    """By the rows alone."""
    for state in procedure.states:
        assert state.closed != bool(procedure.following(state.name)), state
    for key in sorted(procedure.keys()):
        assert centre.services.words(f"{procedure.words}.{key}")
