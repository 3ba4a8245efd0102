"""What is to be put right in a case: the evidence is set at the start, two people strike off."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from api.cases.rectification import actions
from api.roster import ROSTER
from config.vocabulary.time import DAY_MS
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
