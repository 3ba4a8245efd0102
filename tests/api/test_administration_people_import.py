"""People out of a spreadsheet: checked with every fault in the reader's words, then loaded whole."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from urllib.parse import unquote

import httpx
import pytest
import xlsxwriter

from api.accounts.records import Grant
from api.accounts.staffing import accounts
from api.administration.importing.records import MOST_BYTES
from tests.api import administering
from tests.api.administering import API, UNIT_ADMINISTRATOR, signed_in
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
IMPORTS, PAGE = f"{API}/imports", "/administration/imports"
HEAD = ("序号", "姓名", "用户名", "角色", "单位")
Row = tuple[object, ...]


def forty() -> list[Row]:
    """A delegation's list."""
    return [(n, f"代表{n}", f"daibiao{n:02}", "人大代表", "平潮镇代表团") for n in range(1, 41)]


def workbook(rows: list[Row]) -> bytes:
    """An xlsx with a title above its header."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "平潮镇代表团名单")
        for number, row in enumerate((HEAD, *rows), start=1):
            sheet.write_row(number, 0, row)
    return kept.getvalue()


def sent(client: httpx.Client, path: str, content: bytes, **params: object) -> httpx.Response:
    """The answer to a file."""
    return client.post(path, files={"file": ("名单.xlsx", content)}, params=params)  # type: ignore[arg-type]


def test_given_forty_people_with_three_faults_when_they_are_mended_then_all_are_loaded(
    centre: RunningCentre, administrator: httpx.Client, address: str
) -> None:
    """The faults in Chinese with row, column and remedy; first passwords on the page, once, and as
    a table to download; each is good for a sign-in.
    """
    rows = forty()
    wrong = [*rows]
    wrong[4] = (5, "代表5", "Dai Biao", "人大代表", "平潮镇代表团")
    wrong[9] = (10, "代表10", "daibiao10", "局长", "平潮镇代表团")
    wrong[19] = (20, "代表20", "daibiao19", "人大代表", "平潮镇代表团")
    answer = sent(administrator, f"{PAGE}/check", workbook(wrong))
    assert answer.status_code == 422
    for text in (
        *("名单.xlsx: 表格里有 3 处错误", "第 7 行，用户名", "“Dai Biao”不符合要求", "以字母开头"),
        *("第 12 行，角色", "没有“局长”这个角色", "第 22 行，用户名", "“daibiao19”重复"),
    ):
        assert text in answer.text
    assert 'id="ready"' not in answer.text
    ready = sent(administrator, f"{PAGE}/check", workbook(rows)).text
    assert "核对无误：40 人将得到账号" in ready
    assert administrator.get(f"{API}/people?q=daibiao").json()["total"] == 1
    (people,) = re.findall(r'name="people" value="([^"]*)"', ready)
    loaded = administrator.post(f"{PAGE}/load", data={"people": html.unescape(people)}).text
    assert "已创建 40 个账号" in loaded
    (table,) = re.findall(r'href="data:text/csv;charset=utf-8,([^"]*)"', loaded)
    rows_of_table = list(csv.reader(io.StringIO(unquote(table))))
    assert len(rows_of_table) == 41
    username, _, password = rows_of_table[17]
    assert password in loaded
    with httpx.Client(base_url=address) as client:
        body = {"username": username, "password": password}
        assert client.post("/api/v1/session", json=body).is_success
    found = administrator.get(f"{API}/people?unit=pingchao-delegation").json()
    assert found["total"] == 42
    assert {of["role"] for one in found["people"] for of in one["roles"]} == {"deputy"}


def test_given_the_same_file_again_then_everybody_stays_as_they_are(
    administrator: httpx.Client,
) -> None:
    """Also where the file has another role by now."""
    first = sent(administrator, IMPORTS, workbook(forty()), dry_run=False).json()
    assert len(first["first_passwords"]) == 40
    other = [(*row[:3], "officer", row[4]) for row in forty()]
    again = sent(administrator, IMPORTS, workbook(other), dry_run=False).json()
    assert (again["new"], len(again["known"]), again["first_passwords"]) == ([], 40, {})
    person = administrator.get(f"{API}/people/daibiao07").json()
    assert [of["role"] for of in person["roles"]] == ["deputy"]
    assert "都已有账号" in sent(administrator, f"{PAGE}/check", workbook(other)).text


def test_given_a_dry_run_then_the_api_tells_who_is_new_and_changes_nothing(
    administrator: httpx.Client,
) -> None:
    """It is what a program gets that asks for nothing else."""
    body = sent(administrator, IMPORTS, workbook(forty()[:2])).json()
    assert body["new"][0] == {
        "username": "daibiao01",
        "name": "代表1",
        "roles": ["deputy"],
        "units": ["pingchao-delegation"],
    }
    assert administrator.get(f"{API}/people/daibiao01").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 broken", "文件无法读取"),
        (b"\xff\x00\xfe", "文件无法读取"),
        (b"", "文件里没有表格"),
        ("姓名,用户名,单位\n陈,chen,平潮镇\n".encode("gb18030"), "缺少“角色”列"),
        ("姓名,用户名,角色,单位\n陈,chen,,平潮镇\n".encode(), "没有填写角色"),
        ("姓名,用户名,角色,单位\n陈,token-1,officer,平潮镇\n".encode(), "“token-1”不符合要求"),
        ("姓名,用户名,角色,单位\n,chen,officer,月球\n".encode(), "没有“月球”这个单位"),
    ],
)
def test_given_a_file_that_does_not_hold_then_it_is_said_in_words_and_nobody_is_loaded(
    administrator: httpx.Client, content: bytes, said: str
) -> None:
    """On the page, and over the API with row and column."""
    answer = sent(administrator, f"{PAGE}/check", content)
    assert answer.status_code == 422
    assert said in answer.text
    answer = sent(administrator, IMPORTS, content, dry_run=False)
    assert answer.status_code == 422
    body = answer.json()
    assert body["faults"]
    assert (body["new"], body["first_passwords"]) == ([], {})


def test_given_too_many_people_then_the_file_is_to_be_parted(administrator: httpx.Client) -> None:
    """Before any of them is looked at."""
    rows = [(n, "某", f"name{n}", "deputy", "npc") for n in range(501)]
    answer = sent(administrator, f"{PAGE}/check", workbook(rows))
    assert "人数超过 500 人" in answer.text


def test_given_a_file_beyond_two_megabytes_then_it_is_refused_unread(
    administrator: httpx.Client,
) -> None:
    """In words; a usual form is bound more tightly still."""
    answer = sent(administrator, f"{PAGE}/check", b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text
    large = sent(administrator, f"{PAGE}/check", b"x," * 100_000)
    assert large.status_code == 422
    name = {"name": "x" * 100_000}
    assert administrator.post("/administration/people/daibiao/name", data=name).status_code == 413


@pytest.mark.parametrize(
    "people",
    [
        "",
        "[1]",
        '[{"username":"Bad Name","name":"x"}]',
        json.dumps([{"username": "anna", "name": "A"}] * 2),
        json.dumps([{"username": f"a{n}", "name": "A"} for n in range(501)]),
    ],
)
def test_given_what_was_never_checked_when_it_is_to_be_loaded_then_it_is_refused(
    administrator: httpx.Client, people: str
) -> None:
    """The page asks for the file again."""
    answer = administrator.post(f"{PAGE}/load", data={"people": people})
    assert answer.status_code == 422
    assert administrator.get(f"{API}/people").json()["total"] == 10


@pytest.mark.parametrize("changes", [{"roles": ["king"]}, {"units": ["moon"]}])
def test_given_a_role_or_unit_that_is_gone_meanwhile_then_nobody_is_loaded(
    administrator: httpx.Client, changes: dict[str, list[str]]
) -> None:
    """Not the ones before it either."""
    anna = {"username": "anna", "name": "A", "roles": ["deputy"], "units": ["npc"]}
    people = json.dumps([anna, {**anna, "username": "bert", **changes}])
    answer = administrator.post(f"{PAGE}/load", data={"people": people})
    assert answer.status_code == 422
    assert administrator.get(f"{API}/people/anna").status_code == 404


def test_given_a_fault_of_the_database_half_way_then_nobody_is_loaded(
    centre: RunningCentre, administrator: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half done."""
    people = [accounts.NewPerson("anna", "A"), accounts.NewPerson("bert", "B", (Grant("deputy"),))]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(accounts.audit, "record_all", fail)
    with pytest.raises(RuntimeError):
        accounts.create(administering.authority(centre, "guanli"), people)
    assert administrator.get(f"{API}/people/anna").status_code == 404


def test_given_an_administrator_of_one_unit_then_rows_beyond_it_are_faults(
    centre: RunningCentre, address: str
) -> None:
    """Of each row the column."""
    administering.given(centre, "renda", UNIT_ADMINISTRATOR, units=("npc-office",))
    with signed_in(address, "renda") as client:
        body = sent(
            client, IMPORTS, workbook([(1, "周", "zhou", "administrator", "finance")])
        ).json()
    assert [(of["row"], of["column"]) for of in body["faults"]] == [(3, "角色")]


def test_given_the_template_when_people_are_written_into_it_then_it_is_taken(
    administrator: httpx.Client,
) -> None:
    """In either language."""
    for language in ("zh-CN", "en"):
        headers = {"Accept-Language": language}
        text = administrator.get(f"{PAGE}/template.csv", headers=headers).text
        heads = text.strip("\ufeff\r\n").split(",")
        line = ",".join(
            {"name": "陈", "username": "chen", "role": "deputy", "unit": "npc"}[
                {"姓名": "name", "用户名": "username", "角色": "role", "单位": "unit"}.get(of, of)
            ]
            for of in heads
        )
        body = sent(administrator, IMPORTS, f"{text}{line}\n".encode()).json()
        assert [of["username"] for of in body["new"]] == ["chen"], language
