"""What is to be put right in a case: the evidence is set at the start, two people strike off."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from api.cases.rectification import actions
from api.roster import ROSTER
from config.vocabulary.time import DAY_MS, day_of
from tests.api.cases.conftest import settled
from tests.api.cases.test_cases import API, opened, step
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.deadline_rules import core_of

DUE = "2027-01-20"
POINT = {"title": "出水达标", "text": "氨氮稳定在Ⅲ类以内", "unit": "water", "due_day": DUE}
IN_RANGE = {
    "platform": "environment",
    "kind": "in-range",
    "parameters": {
        "station": "tonglv-pingchao",
        "indicator": "w21003",
        "days": 2,
        "target": "III",
    },
}


def listed(client: httpx.Client, case: int, evidence: object = None) -> int:
    """The id of a point on the list."""
    body = POINT if evidence is None else POINT | {"evidence": evidence}
    answer = client.post(f"{API}/{case}/rectifications", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def taken(client: httpx.Client, point: int, name: str, **given: str) -> httpx.Response:
    """A step of a point."""
    return client.post(f"{API}/rectifications/{point}/steps/{name}", json={"given": given})


RULES = """通政规〔2024〕{number}号

通州区{name}办法

第一条 排水户应当安装计量设备。

第二条 本办法自2024年5月1日起施行。
"""


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_point_when_the_body_reports_with_a_paper_then_two_people_strike_it_off(
    clerk: httpx.Client, supervisor: httpx.Client, water: httpx.Client, housing: httpx.Client
) -> None:
    """Nobody strikes off alone, and a case with an open point is not concluded."""
    case = opened(clerk)
    point = listed(clerk, case)
    assert housing.get(f"{API}/rectifications/{point}").status_code == 404
    assert step(supervisor, case, "choose", means="report", means_why="听取报告").is_success
    over = step(supervisor, case, "conclude", outcome="完")
    assert over.json()["against"] == "rectifications"
    path = f"/cases/rectifications/{point}"
    files = {"file": ("验收.txt", "已验收".encode(), "text/plain")}
    assert water.post(f"{path}/files", files=files, data={"title": "验收单"}).is_redirect
    assert housing.post(f"{path}/files", files=files).status_code == 404
    (paper,) = re.findall(r'href="/files/(\d+)"', water.get(path).text)
    assert taken(water, point, "report", report="已达标", paper=paper).is_success
    assert taken(water, point, "confirm", confirmation="好").status_code == 403
    assert taken(clerk, point, "confirm", confirmation="现场看过").is_success
    assert taken(clerk, point, "strike-off").status_code == 403
    assert path not in clerk.get("/api/v1/workbench").text
    assert path in supervisor.get("/api/v1/workbench").text
    assert taken(supervisor, point, "strike-off").is_success
    settled(clerk, case)
    assert step(supervisor, case, "conclude", outcome="达标").is_success
    assert "已销号" in supervisor.get(f"/cases/{case}").text


def test_given_an_indicator_to_watch_when_it_stays_in_range_then_the_centre_reports(
    centre: RunningCentre, supervisor: httpx.Client
) -> None:
    """Days before the point was listed prove nothing."""
    point = listed(supervisor, opened(supervisor), IN_RANGE)
    page = supervisor.get(f"/cases/rectifications/{point}").text
    assert "通吕运河平潮断面的氨氮日均值连续 2 天不劣于Ⅲ类" in page
    core = replace(core_of(centre), roster=ROSTER)
    actions.watch(core)
    assert supervisor.get(f"{API}/rectifications/{point}").json()["state"] == "open"
    centre.clock.now_ms = NOW_MS + 4 * DAY_MS
    centre.measured_days("tonglv-pingchao/w21003", 3, 0.4)
    actions.watch(core)
    found = entered(supervisor, "daigongwei").get(f"{API}/rectifications/{point}").json()
    assert (found["state"], "连续 2 天" in found["report"]) == ("reported", True)


def test_given_evidence_without_its_fields_then_it_is_refused_and_the_form_keeps_what_was_written(
    supervisor: httpx.Client,
) -> None:
    """The fault stands at its field."""
    case = opened(supervisor)
    written = {**POINT, "evidence": "environment/in-range", "environment/in-range/days": "2"}
    answer = supervisor.post(f"/cases/{case}/rectifications/new", data=written)
    assert answer.status_code == 422
    assert "请把所选证据的各项填完整" in answer.text
    assert POINT["text"] in answer.text
    assert supervisor.get(f"{API}/{case}/rectifications").json() == []


PAID = "支付凭证号,预算单位编码,预算单位名称,收款人名称,支付金额,支付日期,资金用途"


def load(client: httpx.Client, name: str, *rows: str) -> None:
    """Payments, as the treasury sends them."""
    answer = client.post(
        "/api/v1/imports/budget.payments",
        params={"source": "财政局国库", "name": name},
        content="\n".join([PAID, *rows]).encode("gb18030"),
    )
    assert answer.json()["state"] == "in-force", answer.text


def watched(platform: str, kind: str, **parameters: object) -> dict[str, object]:
    """Evidence as programs name it."""
    return {"platform": platform, "kind": kind, "parameters": parameters}


def state_of(centre: RunningCentre, client: httpx.Client, point: int) -> tuple[str, str]:
    """How a point stands once the centre has looked."""
    actions.watch(replace(core_of(centre), roster=ROSTER))
    found = client.get(f"{API}/rectifications/{point}").json()
    return found["state"], found["report"]


def test_given_money_to_return_when_all_of_it_is_back_then_the_centre_reports(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """What came back before the point was listed, or to another unit, is nothing of it."""
    row = "101,区水利局,清河环保有限公司"
    load(
        clerk, "3.csv",
        f"V1,{row},900.00,2026-03-02,管网养护",
        f"V2,{row},-900.00,2026-04-02,另一笔退款",
    )  # fmt: skip
    point = listed(clerk, opened(clerk), watched("budget", "returned", voucher="V1"))
    part = watched("budget", "returned", voucher="V1", yuan=300)
    less = listed(clerk, opened(clerk), part)
    day = day_of(NOW_MS)
    load(clerk, "12.csv", f"V3,{row},-400.00,{day},退回", f"V4,{row},100.00,{day},管网养护")
    load(clerk, "13.csv", f"V5,102,区住建局,清河环保有限公司,-500.00,{day},退回")
    assert state_of(centre, clerk, point)[0] == "open"
    assert state_of(centre, clerk, less) == ("reported", "凭证 V1 支付的资金已退回 300.00 元")
    load(clerk, "14.csv", f"V6,{row},-500.00,{day},退回")
    assert state_of(centre, clerk, point) == ("reported", "凭证 V1 支付的资金已全部退回")


def test_given_a_document_to_amend_when_a_new_version_is_kept_or_it_is_repealed_then_the_centre_reports(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Named by its 文号 or by its title."""
    texts = "/api/v1/documents/texts"
    facts = {"maker": "water", "kind": "department"}

    def kept(path: str, text: str, **more: str) -> int:
        files = {"file": ("办法.txt", text.encode())}
        answer = clerk.post(path, data=facts | more, files=files)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    first = kept(texts, RULES.format(number=3, name="排水"))
    second = kept(texts, RULES.format(number=4, name="节水"))
    by_number = watched("documents", "amended", document="通政规〔2024〕3号")
    amended = listed(clerk, opened(clerk), by_number)
    repealed = listed(
        clerk, opened(clerk), watched("documents", "amended", document="通州区节水办法")
    )
    assert state_of(centre, clerk, amended)[0] == "open"
    centre.clock.now_ms += 60_000
    milder = RULES.format(number=3, name="排水").replace("应当", "可以")
    kept(f"{texts}/{first}/versions", milder, after="1")
    body = {"repealed": day_of(NOW_MS), "why": "由新办法代替"}
    assert clerk.post(f"{texts}/{second}/repeal", json=body).is_success
    report = "《通政规〔2024〕3号》已修改或者废止"
    assert state_of(centre, clerk, amended) == ("reported", report)
    assert state_of(centre, clerk, repealed)[0] == "reported"


def test_given_evidence_about_what_nobody_has_then_it_is_refused_by_its_name(
    clerk: httpx.Client,
) -> None:
    """A point that could never be struck off is not listed."""
    case = opened(clerk)
    written = {**POINT, "evidence": "budget/returned", "budget/returned/voucher": "V9"}
    answer = clerk.post(f"/cases/{case}/rectifications/new", data=written)
    assert answer.status_code == 422
    assert "没有找到“V9”" in answer.text
    assert clerk.get(f"{API}/{case}/rectifications").json() == []
