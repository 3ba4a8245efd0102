"""Every list goes out as CSV and as a workbook: the rows that are seen, with real dates."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_type_hints

import httpx
import openpyxl
import pytest
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.web.tables import Form
from config.vocabulary.refusals import Details, Reason
from ingest.journal.deadletters import DeadLetters
from ingest.journal.refusal import Refusal
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.test_access_walk import VALUES

LISTS = [
    ("officer", "/environment/alerts", "触发", 1),
    ("officer", "/environment/events", "开始", 1),
    ("deputy", "/environment/stations", "时间", 10),
    ("officer", "/environment/duty", "从", 0),
    ("officer", "/environment/deliveries", "时间", 0),
    ("officer", "/environment/operations/refusals", "收到", 1),
    ("officer", "/environment/stations/tonglv-pingchao/reviews", "决定时间", 1),
    ("deputy", "/budget/findings", "发现日期", 0),
    ("deputy", "/documents/texts", "登记时间", 0),
    ("deputy", "/judicial/matters", "立项时间", 0),
    ("deputy", "/judicial/advice", "录入时间", 0),
    ("deputy", "/documents/filings", "报送时间", 0),
    ("deputy", "/documents/filings/returns", "退回时间", 0),
    ("deputy", "/documents/reviews", "启动日期", 0),
    ("deputy", "/duty/suggestions", "提交日期", 0),
    ("deputy", "/duty/opinions", "收到日期", 0),
    ("administrator", "/administration/people", "最近登录", 5),
    ("administrator", "/administration/sign-ins", "时间", 3),
    ("administrator", "/administration/audit", "时间", 1),
]
"""Who asks, where the list is, a column of instants, and at least how many rows it has."""


@pytest.fixture
def full(centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client) -> RunningCentre:
    """Something in most lists, with a text that looks like a formula where there is one."""
    centre.measured("tonglv-pingchao/w21003", [1.0, 2.0])
    one = centre.put(spill())
    officer.post(f"/environment/alerts/{one.id}/acknowledge")
    body = {"verdict": "true-alarm", "note": "=1+1"}
    assert officer.post(f"/api/v1/alerts/{one.id}/review", json=body).is_success
    answer = officer.post(
        "/environment/stations/tonglv-pingchao/reviews",
        data={
            "code": "w21003",
            "begin": "2026-11-24T11:00:00",
            "end": "2026-11-24T12:00:00",
            "decision": "bad",
            "why": "=2+2",
        },
    )
    assert answer.status_code == 303
    letters = centre.services.deadletters.deadletters  # type: ignore[attr-defined]
    assert isinstance(letters, DeadLetters)
    details = Details(Reason.UNREADABLE, fault="=3+3")
    letters.refuse([Refusal(NOW_MS, "t", "tonglv-pingchao", "", 0, details, b"x")])
    return centre


def table(client: httpx.Client, path: str) -> list[list[str]]:
    """The CSV of a list, its heads first."""
    answer = client.get(f"{path}.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def cells(client: httpx.Client, path: str) -> list[Sequence[Any]]:
    """The cells of its workbook."""
    answer = client.get(f"{path}.xlsx")
    assert answer.status_code == 200, answer.text
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    assert sheet.freeze_panes == "A2"
    return list(sheet.iter_rows())


@pytest.mark.parametrize(("role", "path", "instants", "least"), LISTS)
def test_a_workbook_has_the_rows_of_the_table_with_instants_as_dates_and_no_formula(
    full: RunningCentre,
    request: pytest.FixtureRequest,
    role: str,
    path: str,
    instants: str,
    least: int,
) -> None:
    """Read back cell by cell."""
    client: httpx.Client = request.getfixturevalue(role)
    heads, *rows = cells(client, path)
    plain_heads, *plain = table(client, path)
    assert [cell.value for cell in heads] == plain_heads
    # The audit has who exported it: the second time there is one row more.
    assert len(rows) >= least
    assert len(plain) - len(rows) in (0, 1)
    at = plain_heads.index(instants)
    for row in rows:
        assert row[at].value is None or isinstance(row[at].value, datetime)
        assert all(cell.data_type != "f" for cell in row)
    assert not [cell for row in plain for cell in row if cell.startswith("=")]


def test_an_export_has_the_filters_of_its_list(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Here days, a kind and a rule, of alerts at two stations."""
    day_ms = 24 * 3_600_000
    for n in range(4):
        changes = {"station": "tonglv-jinsha"} if n % 2 else {}
        centre.put(spill(id=f"{n:020}", fired_ms=NOW_MS - n * day_ms, **changes))
    path = "/environment/alerts"
    for query, count in (
        ("from_day=2026-11-23&until_day=2026-11-23", 1),
        ("from_day=2026-11-22", 3),
        ("station=tonglv-jinsha", 2),
        ("river=tonglv", 4),
        ("river=none", 0),
        ("about=maintenance", 0),
        ("rule=ammonia-over-class", 4),
    ):
        assert f"共 {count} 条" in deputy.get(f"{path}?{query}").text, query
        text = deputy.get(f"{path}.csv?{query}").text.removeprefix("\ufeff")
        assert len(list(csv.reader(io.StringIO(text)))) == count + 1, query


def test_every_table_goes_out_beside_its_list(centre: RunningCentre) -> None:
    """Its address is that of the list with the form behind it, and nothing else chooses a form."""
    found = set()
    for route in iter_route_contexts(create_app(centre.services).routes):
        hints = get_type_hints(route.endpoint) if route.endpoint else {}
        for name in (name for name, hint in hints.items() if hint == Form):
            assert str(route.path).endswith(f".{{{name}}}"), route.path
            found.add(str(route.path).removesuffix(f".{{{name}}}").format(**VALUES))
    others = {
        "/imports/1/faults",
        "/imports/1/report",
        "/budget/assets",
        "/budget/changes",
        "/budget/debt",
        "/budget/classifications",
        "/budget/departments",
        "/budget/departments/none/rows",
        "/budget/chain",
        "/budget/chain/rows",
        "/budget/comparison",
        "/budget/drafts/lines",
        "/budget/payments",
        "/budget/projects",
        "/budget/rectification",
        "/judicial/figures/court",
        "/cases/cases",
        "/cases/views/none",
        "/cases/views/none/rows",
        "/documents/catalogue",
        "/judicial/letters",
        "/judicial/suits/none",
        "/cases/questions",
        "/cases/shared",
        "/exchange/asked",
        "/exchange/sent",
        "/budget/published",
        "/budget/published/1/figures",
        "/budget/totals",
        "/budget/year",
        "/documents/checks/penalty/trials/1",
        "/documents/laws",
        "/documents/proposals",
        "/documents/proposals/statistics",
        "/duty/figures",
        "/duty/meetings/none/list",
        "/duty/statistics",
        "/duty/surveys/none/answers",
        "/duty/surveys/none/results",
        "/environment/stations/tonglv-pingchao/table",
    }
    assert found == {path for _, path, _, _ in LISTS} | others


def test_a_form_that_is_none_is_refused(deputy: httpx.Client) -> None:
    """CSV or a workbook."""
    assert deputy.get("/environment/alerts.pdf").status_code == 422
