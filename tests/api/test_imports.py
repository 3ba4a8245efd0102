"""Files that offices send: checked row by row, loaded, told of, and withdrawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import xlsxwriter

from api import audit
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of
from api.audit import Actor
from api.imports.actions import parts_of
from api.imports.loading import checker
from api.imports.standing import standing
from api.roster import ROSTER
from api.shape import CoreServices, Platform
from config.vocabulary.time import DAY_MS
from qingyuan.runtime.scheduler import platform_jobs
from tabular.sheets import parsed
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.payments import HEARD, PAYMENT
from tests.conftest import wait_until

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/imports"
HEAD = "支付凭证号,预算单位,收款人,支付日期,支付金额"
GOOD = f"""{HEAD}
001,教体局,新华书店,2026-01-05,1200.50
002,教体局,建工集团,2026-01-31,80000
003,卫健委,医药公司,2026-03-02,"1,000.05"
"""
FAULTY = f"""{HEAD}
001,教体局,新华书店,2026-02-30,1200.50
002,,建工集团,2026-01-31,80000
003,卫健委,医药公司,2026-03-02,约一千
004,卫健委,医药公司,2026-03-02,7
005,卫健委,医药公司,2026-03-03,8
005,卫健委,医药公司,2026-03-03,9
"""


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


def sent(client: httpx.Client, text: str, **asked: Any) -> httpx.Response:
    """A csv over the API."""
    query = {"source": "财政局", "name": "支付.csv"} | asked
    return client.post(f"{API}/toy.payments", params=query, content=text.encode())


def stands(centre: RunningCentre) -> dict[str, int]:
    """Payments by number, fen."""
    query = sa.select(PAYMENT.c.number, PAYMENT.c.amount).where(standing(PAYMENT))
    with centre.services.state.read() as connection:
        return {row.number: row.amount for row in connection.execute(query)}


def test_when_a_file_is_sent_then_it_is_loaded_to_the_fen_and_again_changes_nothing(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Codes keep their zeros; a month without a row is named."""
    first = sent(officer, GOOD)
    assert first.status_code == 200, first.text
    told = first.json()
    assert (told["state"], told["fresh"], told["faults"]) == ("in-force", 3, 0)
    assert told["totals"] == {"amount": 120050 + 8000000 + 100005}
    assert told["report"]["missing"] == ["2026-02"]
    assert told["report"]["months"]["2026-01"] == {"amount": 8120050}
    assert stands(centre) == {"001": 120050, "002": 8000000, "003": 100005}

    again = sent(officer, GOOD).json()
    assert (again["state"], again["fresh"], again["changed"], again["same"]) == (
        "unchanged", 0, 0, 3,
    )  # fmt: skip
    assert HEARD[-1] == told["id"]


def test_when_a_file_has_faults_then_each_is_named_by_row_and_remedy_and_nothing_is_loaded(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Rows of one key are refused, both of them."""
    answer = sent(officer, FAULTY)
    assert answer.status_code == 422
    told = answer.json()
    assert told["state"] == "checked"
    assert [(of["row"], of["column"], of["key"]) for of in told["listed"]] == [
        (2, "支付日期", "calendar"),
        (3, "预算单位", "missing"),
        (4, "支付金额", "number"),
        (6, "支付凭证号", "twice"),
        (7, "支付凭证号", "twice"),
    ]
    assert all(of["what"] and of["remedy"] for of in told["listed"])
    assert "第 7 行" in told["listed"][3]["what"]
    assert stands(centre) == {}


def test_when_only_good_rows_are_wanted_then_these_are_loaded_and_the_faults_stay(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The choice of whoever sends."""
    told = sent(officer, FAULTY, good_rows=True).json()
    assert (told["state"], told["rows"], told["refused"], told["fresh"]) == ("in-force", 6, 5, 1)
    assert len(officer.get(f"{API}/loads/{told['id']}").json()["listed"]) == 5
    assert stands(centre) == {"004": 700}


def test_when_it_is_a_dry_run_then_nothing_is_loaded(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """All is said as if."""
    told = sent(officer, GOOD, dry_run=True).json()
    assert (told["state"], told["totals"]) == ("checked", {"amount": 8220055})
    assert stands(centre) == {}


def test_when_a_load_is_withdrawn_then_a_reason_is_needed_and_stands_in_the_audit(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Once only."""
    load = sent(officer, GOOD).json()["id"]
    address = f"{API}/loads/{load}/withdraw"
    assert officer.post(address, json={"why": " "}).status_code == 422
    assert officer.post(address, json={"why": "发错年份"}).json()["state"] == "withdrawn"
    assert stands(centre) == {}
    (row,) = audit.search(centre.services.state, action="imports.withdrawn")
    assert (row.who, row.subject) == ("huanbao", str(load))
    assert "发错年份" in row.detail
    assert officer.post(address, json={"why": "再来"}).status_code == 409


@pytest.mark.parametrize("unit", ["单位：万元", "单位：元"])
def test_a_unit_above_the_table_counts(
    centre: RunningCentre, officer: httpx.Client, unit: str
) -> None:
    """Exactly."""
    rows = "单位名称,凭证号,日期,金额\n教体局,A1,2026-01-05,1.2345\n教体局,A2,2026-01-06,2\n"
    told = sent(officer, f"支付明细表\n{unit}\n{rows}").json()
    if "万" in unit:
        assert told["totals"] == {"amount": 3234500}
    else:
        assert [of["key"] for of in told["listed"]] == ["fen"], "1.2345 yuan is no whole fen"


def test_a_total_line_that_the_rows_do_not_make_is_a_fault(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """To the penny; one that they make is told."""
    right = sent(officer, GOOD + "合计,,,,82200.55\n").json()
    assert right["report"]["total_lines"] == [
        {"row": 5, "field": "amount", "says": 8220055, "sums": 8220055}
    ]
    wrong = sent(officer, GOOD.replace("001,", "009,") + "合计,,,,82200.56\n").json()
    (fault,) = wrong["listed"]
    assert (fault["row"], fault["key"]) == (5, "total")
    assert "82,200.56" in fault["what"]
    assert "82,200.55" in fault["what"]


def test_when_rows_are_no_data_then_the_report_says_each_with_its_number_and_the_reason(
    officer: httpx.Client,
) -> None:
    """On the page, over the API and in the table to download; a sum that parts do not make stops
    the load.
    """
    rows = (
        f"{HEAD}\n,教体局,,,30\n1,　一中,甲,2026-01-05,10\n2,　二中,乙,2026-01-06,20\n"
        ",卫健委,,,9\n3,　一院,丙,2026-01-07,3\n4,　二院,丁,2026-01-08,5\n"
        ",水利局,,,7\n5,　水文站,戊,2026-01-08,7\n合计,,,,45\n"
    )
    answer = sent(officer, rows)
    assert answer.status_code == 422
    load = answer.json()
    out = [(of["row"], of["kind"]) for of in load["report"]["left_out"]]
    assert out == [(2, "class"), (5, "class"), (8, "class"), (10, "total")]
    assert [(of["row"], of["key"]) for of in load["listed"]] == [(5, "class")]
    page = officer.get(f"/imports/{load['id']}").text
    assert "第 2 行：这是下面几行的汇总。教体局 30" in page
    assert "它写的是 9.00 元，下面几行相加是 8.00 元" in page
    report = officer.get(f"/imports/{load['id']}/report.csv").text
    assert "没有导入：第 10 行,,,这是合计行。 合计 45" in report


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", "没有表格".encode(), b"\xff\xfe\x00"])
def test_a_file_without_a_table_is_refused_and_leaves_nothing(
    centre: RunningCentre, officer: httpx.Client, content: bytes
) -> None:
    """Whatever it is named."""
    query = {"source": "财政局", "name": "a.xlsx"}
    answer = officer.post(f"{API}/toy.payments", params=query, content=content)
    assert answer.status_code == 422
    assert officer.get(API).json() == []
    folder = centre.services.files.parent / "imports"
    assert list(folder.iterdir()) == []


def test_who_may_not_see_the_kind_sees_none_of_its_loads(
    centre: RunningCentre, officer: httpx.Client, address: str
) -> None:
    """A clerk may load, but sees no payments of the toy; a deputy sees payments and no loads."""
    load = sent(officer, GOOD).json()["id"]
    with httpx.Client(base_url=address, timeout=60) as client:
        clerk = entered(client, "lianluo")
        assert clerk.get(API).json() == []
        assert "toy.payments" not in {of["name"] for of in clerk.get(f"{API}/kinds").json()}
        assert clerk.get(f"{API}/loads/{load}").status_code == 404
        assert clerk.get(f"/imports/{load}").status_code == 404
        assert clerk.get(f"/imports/{load}/report.csv").status_code == 404
        assert sent(clerk, GOOD).status_code == 404
        assert "新华书店" not in clerk.get("/imports/").text
        withdrawn = clerk.post(f"{API}/loads/{load}/withdraw", json={"why": "x"})
        assert withdrawn.status_code == 404
    with httpx.Client(base_url=address, timeout=60) as client:
        assert entered(client, "daibiao").get(f"{API}/loads/{load}").status_code == 403


def test_a_machine_loads_with_its_token(centre: RunningCentre, stranger: httpx.Client) -> None:
    """As a form with a file, too."""
    with centre.services.state.begin() as connection:
        Tokens(centre.services.state).add(
            connection, hash_of("s"), "财政", ("imports.load", "imports.see-loads", "toy.read"),
            "", "guanli", NOW_MS, NOW_MS + DAY_MS,
        )  # fmt: skip
    headers = {"Authorization": "Bearer s"}
    answer = stranger.post(
        f"{API}/toy.payments", params={"source": "国库"}, headers=headers,
        files={"file": ("支付.csv", GOOD.encode("gb18030"))},
    )  # fmt: skip
    told = answer.json()
    assert (told["state"], told["file"]) == ("in-force", "支付.csv")
    assert stranger.get(API, headers=headers).json()[0]["id"] == told["id"]


def book(path: Path, rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet."""
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet("明细")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path.read_bytes()


ROWS: list[list[object]] = [
    ["编号", "部门", "付款日", "数额"],
    ["A1", "教体局", "2026-01-05", 1.5],
]


def uploaded(client: httpx.Client, content: bytes, name: str = "明细.xlsx") -> str:
    """The address of the page that follows on a file."""
    form = {"kind": "toy.payments", "source": "财政局"}
    answer = client.post("/imports/new", data=form, files={"file": (name, content)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def selects(page: str) -> dict[str, str]:
    """By name of a field the column that the page proposes."""
    found = {}
    for part in page.split('name="fields" value="')[1:]:
        field = part.partition('"')[0]
        columns = part.partition("</select>")[0]
        chosen = re.search(r'<option value="[^"]*" selected>([^<]+)', columns)
        found[field] = chosen[1] if chosen else ""
    return found


def form_of(columns: dict[str, str], unit: str = "万元", control: str = "") -> dict[str, Any]:
    """The form of the columns."""
    return {
        "sheet": "明细",
        "header": "1",
        "fields": list(columns),
        "columns": list(columns.values()),
        "units": [unit if name == "amount" else "" for name in columns],
        "orders": ["" for _ in columns],
        "controls": [control if name == "amount" else "" for name in columns],
    }


CHOSEN = {"number": "编号", "unit": "部门", "payee": "", "paid": "付款日", "amount": "数额"}


def settled(client: httpx.Client, address: str) -> str:
    """The page of a load once nothing works on it any more."""
    wait_until(lambda: "处理会继续" not in client.get(address).text)
    return client.get(address).text


def test_when_columns_have_other_names_then_a_person_chooses_and_the_next_file_knows(
    centre: RunningCentre, officer: httpx.Client, tmp_path: Path
) -> None:
    """The unit too, which is told as that of the last time."""
    columns = uploaded(officer, book(tmp_path / "a.xlsx", ROWS))
    page = officer.get(columns).text
    assert selects(page)["paid"] == ""
    assert "前 1 行" in page
    address = columns.removesuffix("/columns")

    refused = officer.post(f"{address}/check", data=form_of(CHOSEN | {"amount": ""}))
    assert refused.status_code == 422
    assert "这些必填项还没有对应的列：支付金额" in refused.text
    refused = officer.post(f"{address}/check", data=form_of(CHOSEN | {"payee": "部门"}))
    assert "“部门”这一列选了两次" in refused.text
    assert selects(refused.text)["paid"] == "付款日", "nothing that was chosen is lost"
    assert '<option value="万元" selected>' in refused.text

    assert officer.post(f"{address}/check", data=form_of(CHOSEN)).headers["location"] == address
    assert "15,000.00" in settled(officer, address)
    officer.post(f"{address}/load")
    assert "新增 1 行" in settled(officer, address)
    assert stands(centre) == {"A1": 1500000}

    following = [*ROWS, ["A2", "卫健委", "2026-02-05", 2]]
    page = officer.get(uploaded(officer, book(tmp_path / "b.xlsx", following))).text
    assert selects(page) | {"payee": "", "progress": ""} == CHOSEN | {"progress": ""}
    assert "沿用此来源上次的单位" in page
    assert sent(officer, "编号,部门,付款日,数额\nA3,局,2026-03-01,3\n").json()["totals"] == {
        "amount": 3000000
    }


def test_when_the_rows_of_a_check_are_gone_then_they_are_read_again_to_be_loaded(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """A restored backup has the file and not its rows."""
    told = sent(officer, FAULTY, dry_run=True).json()
    (rows,) = centre.services.files.parent.glob("imports/*.rows")
    rows.unlink()
    address = f"/imports/{told['id']}"
    officer.post(f"{address}/load")
    assert "新增 1 行" in settled(officer, address)
    assert stands(centre) == {"004": 700}


def test_what_a_workbook_hides_is_named_and_what_was_never_computed_is_a_fault(
    centre: RunningCentre, officer: httpx.Client, tmp_path: Path
) -> None:
    """The row of an empty cell that need not be filled is refused for it."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet("明细")
        sheet.write_row(0, 0, [*HEAD.split(",")])
        for row in range(1, 4):
            sheet.write_row(row, 0, [f"A{row}", "教体局", "新华书店", "2026-01-05", row * 1.5])
        sheet.write_formula(2, 2, "=C2", None, "")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    columns = uploaded(officer, path.read_bytes())
    page = officer.get(columns).text
    assert "表里隐藏的 1 行也会读取：第 2 行" in page
    assert "表里隐藏的列也会读取：收款人" in page
    query = {"source": "教体局", "name": "a.xlsx"}
    answer = officer.post(f"{API}/toy.payments", params=query, content=path.read_bytes())
    assert answer.status_code == 422
    assert [(of["row"], of["column"], of["key"]) for of in answer.json()["listed"]] == [
        (3, "收款人", "formula")
    ]
    assert stands(centre) == {}


def test_a_control_total_that_the_rows_do_not_make_stops_the_load(
    officer: httpx.Client, tmp_path: Path
) -> None:
    """It is typed in yuan."""
    columns = uploaded(officer, book(tmp_path / "a.xlsx", ROWS))
    address = columns.removesuffix("/columns")
    wrong = officer.post(f"{address}/check", data=form_of(CHOSEN, control="一万五"))
    assert "不是金额" in wrong.text
    officer.post(f"{address}/check", data=form_of(CHOSEN, control="15001"))
    page = settled(officer, address)
    assert "对账总数是 15,001.00 元，各行相加是 15,000.00 元" in page
    assert "只导入没有问题的 1 行" in page
    officer.post(f"{address}/check", data=form_of(CHOSEN, control="15,000"))
    assert "导入 1 行" in settled(officer, address)


def test_faults_and_report_are_tables_to_download(officer: httpx.Client) -> None:
    """Cells that a spreadsheet would reckon as a formula stay text."""
    load = sent(officer, FAULTY.replace("约一千", "=1+1")).json()["id"]
    faults = officer.get(f"/imports/{load}/faults.csv").text.splitlines()
    assert faults[0].endswith("行,列,问题,怎么改")
    assert len(faults) == 6
    assert faults[1].startswith("2,支付日期,“2026-02-30”在日历上不存在")
    workbook = officer.get(f"/imports/{load}/faults.xlsx").content
    (sheet,) = parsed(Path("faults.xlsx"), workbook)
    assert list(sheet.rows[1][:2]) == [2, "支付日期"]
    report = officer.get(f"/imports/{load}/report.csv").text
    assert "有问题的行,5" in report
    assert officer.get(f"/imports/{load}/report.xlsx").content.startswith(b"PK")


def test_the_list_is_narrowed_by_kind_source_and_state(officer: httpx.Client) -> None:
    """Each names what it has loaded."""
    sent(officer, GOOD, source="教体局")
    sent(officer, FAULTY, source="财政局")
    whole = officer.get("/imports/").text
    assert "教体局" in whole
    assert "82,200.55" in whole
    narrowed = officer.get("/imports/", params={"state": "in-force"}).text
    assert narrowed.count('class="row"') == 1
    assert officer.get("/imports/", params={"source": "nobody"}).text.count('class="row"') == 0
    assert [of["source"] for of in officer.get(API, params={"state": "checked"}).json()] == [
        "财政局"
    ]


def test_a_file_that_waits_for_a_decision_stands_on_the_workbench_of_whoever_sent_it(
    officer: httpx.Client, address: str
) -> None:
    """Until it is loaded."""
    load = sent(officer, FAULTY, name="四月支付.csv").json()["id"]
    assert f'href="/imports/{load}"' in officer.get("/").text
    with httpx.Client(base_url=address, timeout=60) as client:
        assert "四月支付.csv" not in entered(client, "lianluo").get("/").text
    officer.post(f"/imports/{load}/load")
    settled(officer, f"/imports/{load}")
    assert "四月支付.csv" not in officer.get("/").text


def test_a_file_that_is_not_to_be_loaded_goes_with_its_content(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """One that was loaded is withdrawn instead."""
    load = sent(officer, FAULTY).json()["id"]
    assert officer.post(f"/imports/{load}/drop").headers["location"] == "/imports/"
    assert officer.get(API).json() == []
    assert list((centre.services.files.parent / "imports").iterdir()) == []
    (row,) = audit.search(centre.services.state, action="imports.dropped")
    assert row.subject == str(load)
    load = sent(officer, GOOD).json()["id"]
    assert officer.post(f"/imports/{load}/drop").status_code == 409
    assert len(stands(centre)) == 3


def test_a_load_that_was_done_is_no_more_checked_or_loaded(officer: httpx.Client) -> None:
    """Two browsers, or a page that stood open."""
    load = sent(officer, GOOD).json()["id"]
    assert officer.get(f"/imports/{load}/columns").headers["location"] == f"/imports/{load}"
    again = officer.post(f"/imports/{load}/load")
    assert again.status_code == 409
    assert "状态已经变了" in again.text
    assert officer.post(f"/imports/{load}/check", data=form_of(
        {"number": "支付凭证号", "unit": "预算单位", "paid": "支付日期", "amount": "支付金额"}
    )).status_code == 409  # fmt: skip


def test_a_form_without_kind_source_or_content_says_what_is_lacking(
    officer: httpx.Client,
) -> None:
    """And keeps nothing."""
    for form, content, said in (
        ({"kind": "nobody", "source": "a"}, b"x", "请选择一个数据种类"),
        ({"kind": "toy.payments", "source": " "}, b"x", "请写明数据来源"),
        ({"kind": "toy.payments", "source": "a"}, b"", "请选择一份有内容的文件"),
        ({"kind": "toy.payments", "source": "a\0"}, b"x", "请求的内容不完整"),
    ):
        answer = officer.post("/imports/new", data=form, files={"file": ("a.csv", content)})
        assert answer.status_code == 422
        assert said in answer.text
    assert officer.get(API).json() == []


def test_the_core_ends_what_nobody_works_on_any_more(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """As after a kill; the file may be checked again."""
    load = sent(officer, GOOD, dry_run=True).json()["id"]
    parts = parts_of(centre.services, (*ROSTER, TOY))
    found = parts.loads.one(load)
    assert found is not None
    checker.claim(parts, found, found.mapping, Actor("huanbao"))
    assert "正在逐行核对" in officer.get(f"/imports/{load}").text
    centre.clock.now_ms += 61_000
    services = centre.services
    core = CoreServices(
        services.state, services.store, services.catalogue, services.now_ms, lambda _: None,
        services.words, services.roles, services.working_days, services.files, services.district,
        services.wording, services.grouping, (*ROSTER, TOY),
    )  # fmt: skip
    jobs = {job.name: job for job in platform_jobs(core.roster, core)}
    assert jobs["imports: sweep"].every_minutes == 1
    jobs["imports: sweep"].work()
    jobs["imports: forget"].work()
    assert "处理中途中断" in officer.get(f"/imports/{load}").text
    assert officer.get(f"/imports/{load}/columns").status_code == 200
