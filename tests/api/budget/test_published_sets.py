"""Published tables: sent, confirmed, shown with what does not hold, replaced and withdrawn."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.platforms.budget.books import repository as books
from api.platforms.budget.disclosure import repository
from api.platforms.budget.disclosure.records import Checked, Proposed
from api.platforms.budget.disclosure.tables import SET
from api.platforms.budget.findings.actions import screening
from budget.detection.documents import load
from tabular.sheets import Sheet
from tests.api.budget.finding_hands import findings, step
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import core_of
from tests.budget.published_sets import changed, figures_of, sheets_of
from tests.conftest import examples

both = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/budget/published"
RULES = tuple(of for of in load() if of.kind.startswith("published-"))
HEAD = (
    "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,支出功能分类,部门经济分类,资金性质"
)
BROKEN = changed(sheets_of(7), 4, 5, 2, Decimal("1234.56"))
"""A set with one figure of another."""


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Sheets as a file, numbers as numbers."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for top, left, bottom, right in sheet.merged:
                page.merge_range(top, left, bottom, right, "")
            for number, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    if cell is not None:
                        page.write(
                            number, column, float(cell) if isinstance(cell, Decimal) else cell
                        )
    return file.getvalue()


def sent(
    client: httpx.Client, sheets: Sequence[Sheet], name: str = "2025年部门预算.xlsx"
) -> httpx.Response:
    """A workbook over the API."""
    return client.post(API, files=[("file", (name, workbook(sheets)))])


def confirmed(client: httpx.Client, sheets: Sequence[Sheet], **origin: Any) -> int:
    """The number of a set that stands."""
    draft = sent(client, sheets)
    assert draft.status_code == 201, draft.text
    number: int = draft.json()["id"]
    body = {"department": "区水利局", "year": 2025, "stage": "accounts"} | origin
    answer = client.post(f"{API}/{number}/confirm", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["stands"]
    return number


def stand(centre: RunningCentre) -> list[tuple[int, str, int, str]]:
    """The sets that rules see."""
    found = books.books(centre.services.state).published
    return [(of.id, of.department, of.year, of.stage) for of in found]


def run(centre: RunningCentre) -> tuple[int, int]:
    """The rules on published tables ran."""
    done = screening.refresh(core_of(centre).acting, RULES)
    return done.found, done.withdrawn


@both
def test_given_a_workbook_when_it_is_sent_then_its_tables_wait_until_somebody_says_whose(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Every figure to the fen with its cell; the break by its cell; the original as it came."""
    answer = sent(clerk, BROKEN)
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    assert (draft["state"], draft["department"], draft["unit"]) == ("draft", "区水利局", "water")
    assert (draft["year"], draft["stage"], draft["tables"], draft["breaks"]) == (
        2025, "budget", 8, 1,
    )  # fmt: skip
    (wrong,) = draft["found"]
    assert (wrong["sheet"], wrong["cell"], wrong["says"]) == ("公开05表", "C6", "1234.56")
    true = figures_of(7)
    three = next(of for of in draft["content"] if of["kind"] == "three-public")
    assert {of["cell"]: of["fen"] for of in three["figures"]}["F5"] == true.reception
    path = f"/budget/published/{draft['id']}"
    assert (deputy.get(path).status_code, stand(centre)) == (404, [])
    form = clerk.get(path)
    assert 'value="区水利局"' in form.text
    assert "公开05表 · C6" in form.text
    bad = {"department": " ", "year": "二〇二五", "stage": "accounts"}
    refused = clerk.post(f"{path}/confirm", data=bad)
    assert refused.status_code == 422
    assert "请填写部门名称" in refused.text
    assert 'value="二〇二五"' in refused.text
    good = {"department": "区水利局", "year": "2025", "stage": "budget"}
    assert clerk.post(f"{path}/confirm", data=good).status_code == 303
    assert clerk.post(f"{path}/confirm", data=good).status_code == 409
    assert stand(centre) == [(draft["id"], "区水利局", 2025, "budget")]
    shown = deputy.get(path)
    assert (shown.status_code, "/confirm" in shown.text) == (200, False)
    assert "2025年部门预算.xlsx" in shown.text
    attached = shown.text.partition('href="/files/')[2].partition('"')[0]
    assert deputy.get(f"/files/{attached}").content == workbook(BROKEN)
    text = deputy.get(f"{path}/figures.csv").text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) - 1 == sum(len(of["figures"]) for of in draft["content"])


@both
def test_the_same_content_twice_changes_nothing_and_a_newer_set_stands_in_its_place(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Withdrawn, the one before it stands again with every figure; the reason is needed."""
    first = confirmed(clerk, sheets_of(7))
    before = books.books(centre.services.state).published
    again = sent(clerk, sheets_of(7), "换了名字.xlsx")
    assert (again.status_code, again.json()["id"]) == (201, first)
    assert books.books(centre.services.state).published == before
    second = confirmed(clerk, sheets_of(8))
    assert [of[0] for of in stand(centre)] == [second]
    assert clerk.get(f"{API}/{first}").json()["stands"] is False
    other = confirmed(clerk, sheets_of(9), year=2024)
    assert [of[0] for of in stand(centre)] == [second, other]
    path = f"{API}/{second}/withdraw"
    assert clerk.post(path, json={"why": " "}).status_code == 422
    assert clerk.post(path, json={"why": "传错了文件"}).is_success
    assert clerk.post(path, json={"why": "传错了文件"}).status_code == 409
    stands = books.books(centre.services.state).published
    assert [of for of in stands if of.year == 2025] == list(before)
    assert "传错了文件" in clerk.get(f"/budget/published/{second}").text
    back = sent(clerk, sheets_of(8)).json()
    assert (back["state"], back["id"] > second) == ("draft", True)
    assert clerk.post(f"{API}/{back['id']}/drop").status_code == 204
    assert clerk.get(f"{API}/{back['id']}").status_code == 404


CONTENTS = ("a" * 64, "b" * 64, "c" * 64)
OWNERS = (("区水利局", "water"), ("区某某中心", None))
Act = tuple[str, int, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(("send", "confirm", "withdraw", "drop")),
        st.integers(0, 9), st.sampled_from(range(len(OWNERS))), st.integers(2024, 2025),
    ),
    max_size=25,
)  # fmt: skip


@both
@given(acts=ACTS)
@settings(
    max_examples=examples(40), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_was_sent_confirmed_and_withdrawn_the_newest_of_each_department_stands(
    centre: RunningCentre, acts: list[Act]
) -> None:
    """Against a plain list of confirmations."""
    state = centre.services.state
    with state.begin() as connection:
        connection.execute(sa.delete(SET))
    confirmed_: dict[tuple[str, int], list[int]] = defaultdict(list)
    drafts: list[int] = []
    for act, number, owner, year in acts:
        name, unit = OWNERS[owner]
        chosen = drafts[number % len(drafts)] if drafts else 0
        held = [of for some in confirmed_.values() for of in some]
        with state.begin() as connection:
            if act == "send":
                drafts.append(
                    repository.add(
                        connection, CONTENTS[number % 3], Proposed(), Checked(), (), (), ("x", 1)
                    )
                )
            elif act == "confirm":
                origin = Proposed(name, unit, year, "budget")
                done = repository.confirm(connection, chosen, origin, "x", 1)
                assert done is bool(chosen)
                if done:
                    drafts.remove(chosen)
                    confirmed_[name, year].append(chosen)
            elif act == "drop":
                assert repository.drop(connection, chosen) is bool(chosen)
                drafts = [of for of in drafts if of != chosen]
            elif held:
                gone = held[number % len(held)]
                assert repository.withdraw(connection, gone, "x", "x", 1)
                assert not repository.withdraw(connection, gone, "x", "x", 1)
                for some in confirmed_.values():
                    some[:] = [of for of in some if of != gone]
    with state.read() as connection:
        stands = {of.id for of in repository.standing(connection)}
        assert {of.id for of in repository.drafts(connection)} == set(drafts)
    assert stands == {some[-1] for some in confirmed_.values() if some}


def test_the_list_has_departments_in_order_with_what_is_due_by_law(
    clerk: httpx.Client, deputy: httpx.Client, water: httpx.Client
) -> None:
    """The term runs from the day on which departments were told (预算法 art. 14)."""
    number = confirmed(clerk, BROKEN, stage="budget")
    confirmed(clerk, sheets_of(3), department="区某某中心", stage="budget")
    told_on = {"occasion": "notified", "day": "2025-02-10", "note": ""}
    assert clerk.post("/api/v1/budget/year/days", json=told_on).status_code == 201
    found = deputy.get(API, params={"year": 2025}).json()
    names = [of["department"] for of in found["departments"]]
    assert names[-1] == "区某某中心"
    lines = {of["unit"]: of["publications"] for of in found["departments"]}
    budget, accounts_ = lines["water"]
    assert (budget["set"]["id"], budget["set"]["breaks"], budget["due"]) == (
        number, 1, "2025-03-03",
    )  # fmt: skip
    assert (accounts_["set"], accounts_["due"]) == (None, None)
    page = deputy.get("/budget/published?year=2025").text
    assert "8 张表，有 1 处数字不符" in page
    assert "还没有收到，法定公开期限 2025-03-03 已过" in page
    assert "/budget/published" in deputy.get("/budget/").text
    assert "区水利局,预算,8,1," in deputy.get("/budget/published.csv?year=2025").text
    assert water.get("/budget/published").status_code == 403


def test_given_figures_that_disagree_when_rules_run_then_the_department_is_asked_until_withdrawn(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """A question that the office has sent goes with its tables, and says why; a newer set that
    adds up leaves it to the office.
    """
    number = confirmed(clerk, BROKEN)
    assert run(centre) == (1, 0)
    assert run(centre) == (0, 0)
    (one,) = findings(clerk)
    assert (one["unit"], one["rule"]) == ("water", "published-does-not-add-up")
    assert "C6" in one["question"]
    assert f"/budget/published/{number}" in clerk.get(f"/budget/findings/{one['id']}").text
    assert step(clerk, one["id"], "select").is_success
    assert step(clerk, one["id"], "send", question="请说明").is_success
    newer = confirmed(clerk, sheets_of(7))
    assert run(centre) == (0, 0)
    assert clerk.post(f"{API}/{newer}/withdraw", json={"why": "重复"}).is_success
    assert run(centre) == (0, 0)
    assert clerk.post(f"{API}/{number}/withdraw", json={"why": "不是这个部门的"}).is_success
    assert run(centre) == (0, 1)
    (gone,) = findings(clerk)
    assert gone["state"] == "withdrawn"
    assert "涉及的公开表已撤回" in clerk.get(f"/budget/findings/{one['id']}").text


def test_a_final_account_stands_beside_the_payments_of_its_units(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """With each difference; without some months nothing is compared, and the page says so."""
    number = confirmed(clerk, sheets_of(7))
    path = f"/budget/published/{number}/payments"
    assert "数据里找不到这个部门" in clerk.get(path).text
    rows = [
        f"{n},105{'001' if n % 2 else ''},{'区水文站' if n % 2 else '区水利局'},店,{1000 + n}.00,"
        f"2025-{n:02}-10,2130301,30217,一般公共预算资金"
        for n in range(1, 13)
    ]
    for some, held in ((rows[:11], True), (rows, False)):
        answer = clerk.post(
            "/api/v1/imports/budget.payments",
            params={"source": "财政局国库", "name": "支付.csv"},
            content="\n".join([HEAD, *some]).encode(),
        )
        assert answer.is_success, answer.text
        found = clerk.get(f"{API}/{number}/payments").json()
        assert ("12 月没有支付数据" in clerk.get(path).text) is held
    by_means = {of["means"]: of for of in found["figures"]}
    reception = by_means["three-public/reception"]
    assert (found["head"], reception["other_fen"]) == ("105", 1_207_800)
    assert reception["published_fen"] == figures_of(7).reception
    assert by_means["class/213"]["other_fen"] == 1_207_800
    assert run(centre)[0] == len({(of["group"], of["basis"]) for of in found["figures"]})


def test_files_that_are_none_are_refused_with_the_remedy_and_nothing_is_kept(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A PDF, a workbook without a table of this kind, and nothing at all."""
    other = workbook([Sheet("名单", (("姓名", "电话"), ("甲", "1"), ("乙", "2")))])
    for name, content, said in (
        ("预算.pdf", b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF", "另存为 xlsx"),
        ("名单.xlsx", other, "没有认出公开表"),
        ("全套.zip", b"Rar!\x1a\x07\x01\x00", "压缩包请先解开"),
        ("空.xlsx", b"", "请选择文件"),
    ):
        answer = clerk.post("/budget/published/new", files=[("file", (name, content))])
        assert (answer.status_code, said in answer.text) == (422, True), name
        assert clerk.post(API, files=[("file", (name, content))]).status_code == 422
    assert clerk.get(API).json()["drafts"] == []
    good = [("file", (f"{sheet.name}.xlsx", workbook([sheet]))) for sheet in sheets_of(7)]
    assert deputy.post("/budget/published/new", files=good).status_code == 403
    led = clerk.post("/budget/published/new", files=good)
    assert led.status_code == 303
    page = clerk.get(led.headers["location"]).text
    assert page.count("<details><summary>") >= 8
    assert "没有发现数字不符" in page
