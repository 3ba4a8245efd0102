"""Every page, table, API route, item, search result and report as every role, with a treasury that
pays natural persons: no name and no account but by unmasking, which the audit records.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import reduce
from urllib.parse import quote

import httpx
import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.platforms.budget.execution.actions import KIND as REPORT
from tests.api.budget.finding_hands import findings, run, step
from tests.api.conftest import USERNAMES, RunningCentre, entered
from tests.api.test_access_walk import VALUES, routes

NAME, ACCOUNT = "张小凡", "622202111122223333"
UNPAID = {NAME: "张大山", ACCOUNT: "622202119922223333"}
"""Of somebody who was paid nothing, for what stands in the payments."""
SECRETS = (NAME, ACCOUNT, *(json.dumps(NAME)[1:-1].replace("\\", mark) for mark in ("\\", "\\\\")))
"""Also as JSON escapes them, and JSON in JSON."""
HEAD = (
    "支付凭证号,单位编码,预算单位,收款人全称,收款人账号,支付金额,支付日期,用途,部门经济分类,"
    "项目编码,项目名称,发票号码"
)
ROWS = (
    f"1,102,住房和城乡建设局,{NAME},{ACCOUNT},3187.65,2026-01-05,{NAME}陪餐招待（{ACCOUNT}）,30201 办公费,P1,危房改造,F1",
    f"2,102,住房和城乡建设局,{NAME},{ACCOUNT},3187.65,2026-01-20,{NAME}陪餐招待（{ACCOUNT}）,30201 办公费,P1,危房改造,F1",
    "3,102,住房和城乡建设局,清河环保有限公司,6333,80.20,2026-01-31,河道保洁,30227 委托业务费,P1,危房改造,",
)
SEES_PERSONS = ("clerk", "supervisor")
ASKED = (
    *("/", "/notifications/", "/api/v1/notifications", "/deadlines/", "/search/?q=陪餐"),
    *("/api/v1/search?q=陪餐", "/budget/?by=payee", "/budget/totals.csv?by=payee"),
    *("/budget/totals.xlsx?by=payee", "/api/v1/budget/totals?by=payee"),
    *("/budget/payments?q=陪餐", "/api/v1/budget/payments?q=陪餐", "/budget/findings?show=all"),
    *("/budget/payments.xlsx", "/budget/findings.xlsx?show=all", "/budget/projects.xlsx"),
    *("/api/v1/budget/findings?show=all", "/budget/projects?year=2026", "/reports/"),
    *("/api/v1/items/budget/project/P1", "/imports/", "/api/v1/imports"),
)


@pytest.fixture
def values(centre: RunningCentre, clerk: httpx.Client, housing: httpx.Client) -> Mapping[str, str]:
    """Parts of addresses: of a payment to a person, and a finding about it that deputies see too."""
    answer = clerk.post(
        "/api/v1/imports/budget.payments",
        params={"source": "财政局国库", "name": "支付.csv"},
        content="\n".join([HEAD, *ROWS]).encode(),
    )
    assert answer.is_success, answer.text
    run(centre)
    found = findings(clerk)
    assert {of["kind"] for of in found} >= {"duplicate-payment", "three-expenses-misbooked"}
    for one in found:
        number = one["id"]
        assert step(clerk, number, "select").is_success
        assert step(clerk, number, "send").is_success
        assert step(housing, number, "explain", explanation="已核对").is_success
        assert step(clerk, number, "rectify", verdict="应追回", due_day="2027-03-01").is_success
    misbooked = next(of["id"] for of in found if of["kind"] == "three-expenses-misbooked")
    body = {"kind": f"budget.{REPORT.name}", "parameters": {"year": 2026, "month": 1}}
    report = clerk.post("/api/v1/reports", json=body)
    assert report.status_code == 201, report.text
    (payment, _) = clerk.get("/api/v1/budget/payments", params={"q": NAME}).json()["payments"]
    return VALUES | {
        "payment_id": str(payment["id"]),
        "item_id": str(misbooked),
        "code": "P1",
        "rule_id": "duplicate-payment",
        "snapshot_id": str(report.json()["id"]),
        "load_id": str(answer.json()["id"]),
    }


def addresses(centre: RunningCentre, values: Mapping[str, str]) -> Iterator[str]:
    """Everything that is to be seen of the platform, and where else its things are shown."""
    for method, path in sorted(routes(centre)):
        if method == "GET" and path.startswith(("/budget", "/api/v1/budget")):
            yield path.replace(":path}", "}").format(**values)
    yield from ASKED
    yield f"/api/v1/items/budget/finding/{values['item_id']}"
    report = values["snapshot_id"]
    yield from (f"/reports/{report}", f"/api/v1/reports/{report}")
    yield from (f"/reports/{report}/paper.{form}" for form in ("docx", "xlsx"))
    load = values["load_id"]
    yield from (f"/imports/{load}", f"/imports/{load}/columns", f"/imports/{load}/report.csv")
    yield from (f"/imports/{load}/faults.csv", f"/api/v1/imports/loads/{load}")


def said(answer: httpx.Response) -> str:
    """All text of an answer, also in the parts of a workbook or paper."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def walked(centre: RunningCentre, client: httpx.Client, values: Mapping[str, str]) -> list[str]:
    """What somebody is shown; in nothing of it a name or account stands."""
    shown = []
    for path in addresses(centre, values):
        answer = client.get(path)
        if answer.is_success:
            shown.append(path)
            assert not any(of in said(answer) for of in SECRETS), path
    return shown


def test_given_payments_to_a_person_when_each_role_walks_everything_then_no_name_and_no_account_is_seen(
    centre: RunningCentre, address: str, values: Mapping[str, str]
) -> None:
    """Those who may see persons are shown one by asking for it, and all others cannot even find
    out by asking whether and how much a person was paid.
    """
    one = f"/budget/payments/{values['payment_id']}"
    for who, username in USERNAMES.items():
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, username)
            sees = one in walked(centre, client, values)
            assert sees == (who in ("deputy", *SEES_PERSONS))
            unmasked = client.post(f"{one}/unmask")
            assert (NAME in unmasked.text) == (who in SEES_PERSONS)
            assert (unmasked.status_code == 403) == (who not in SEES_PERSONS)
            if not sees:
                continue
            assert "张**陪餐招待" in client.get("/budget/payments?q=陪餐").text
            count = 2 if who in SEES_PERSONS else 0
            for question in ({"q": NAME}, {"q": ACCOUNT}, {"payee": NAME}):
                found = client.get("/api/v1/budget/payments", params=question).json()
                assert found["count"] == count
            summed = client.get("/api/v1/budget/totals", params={"payee": NAME}).json()
            assert summed["payments"] == count
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, USERNAMES["administrator"])
        asked = {"action": "budget.unmask"}
        rows = client.get("/api/v1/administration/audit", params=asked).json()["rows"]
    assert sorted(of["who"] for of in rows) == sorted(USERNAMES[who] for who in SEES_PERSONS)


def test_given_a_trial_of_a_rule_then_its_questions_name_no_person(
    values: Mapping[str, str], clerk: httpx.Client
) -> None:
    """Before and after the change."""
    path = f"/api/v1/budget/rules/{values['rule_id']}/trial"
    tried = clerk.post(path, json={"year": "2026", "on": False})
    assert tried.is_success, tried.text
    assert "张**" in tried.text
    assert not any(of in tried.text for of in SECRETS)


def guesses(centre: RunningCentre) -> Iterator[tuple[str, str]]:
    """Each address of the platform with each text by which rows are looked for."""
    yield from (("/search/", "q"), ("/api/v1/search", "q"))
    for route in iter_route_contexts(create_app(centre.services).routes):
        dependant, path = getattr(route, "dependant", None), str(route.path)
        asked = path.startswith(("/budget", "/api/v1/budget")) and "{form}" not in path
        if dependant is not None and asked and "GET" in (route.methods or ()):
            names = {field.alias for field in get_flat_params(dependant)}
            yield from ((path, name) for name in sorted(names & {"q", "payee", "project"}))


def without(answer: httpx.Response, asked: str) -> str:
    """The text of an answer but for what was asked, however it is written there."""
    escaped = json.dumps(asked)[1:-1]
    return reduce(
        lambda text, of: text.replace(of, ""), (asked, quote(asked), escaped), answer.text
    )


def test_given_a_name_to_guess_then_whether_somebody_was_paid_is_told_by_no_address(
    centre: RunningCentre, values: Mapping[str, str], deputy: httpx.Client
) -> None:
    """The answer on a person who was paid is that on one who was not, but for the name itself."""
    tried, differ = 0, []
    for path, name in guesses(centre):
        address = path.replace(":path}", "}").format(**values)
        for paid, unpaid in UNPAID.items():
            one, other = (deputy.get(address, params={name: of}) for of in (paid, unpaid))
            assert one.status_code != httpx.codes.TOO_MANY_REQUESTS, path
            tried += one.is_success
            if (one.status_code, without(one, paid)) != (
                other.status_code,
                without(other, unpaid),
            ):
                differ.append(f"{path}?{name}={paid}")

    assert tried > 20
    assert differ == []
