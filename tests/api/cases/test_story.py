"""All that came of a case on one axis of time, its report and its package."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import httpx
import pytest

from alerting.alert import State
from api.cases.story.actions import REPORT
from scripts.paper_template import case_report
from tests.api.cases.conftest import settled
from tests.api.cases.test_cases import API, MATTER, answered, asked, joined, opened, step
from tests.api.cases.test_measures import chosen
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.api.papers import text_of_word

WHY, ANSWER, MEETING, OUTCOME = "同一河段", "已完成八成", "主任会议", "水质回到三类"


@pytest.fixture
def case(centre: RunningCentre, supervisor: httpx.Client, water: httpx.Client) -> int:
    """A case with an alert, a question that was answered, and a decision."""
    item = centre.put(spill(state=State.RESOLVED, resolved_ms=NOW_MS - 1000)).id
    case = opened(supervisor)
    assert joined(supervisor, case, item, WHY).status_code == 201
    centre.clock.now_ms += 60_000
    question = int(asked(supervisor, case).json()["id"])
    centre.clock.now_ms += 60_000
    assert answered(water, question, "answer", answer=ANSWER).is_success
    assert answered(supervisor, question, "accept").is_success
    assert chosen(supervisor, case, "inquiry").is_success
    settled(supervisor, case)
    centre.clock.now_ms += 60_000
    given = {"meeting": MEETING, "day": "2026-11-20", "result": "督办"}
    assert step(supervisor, case, "decide", **given).is_success
    assert step(supervisor, case, "conclude", outcome=OUTCOME).is_success
    return case


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_case_over_platforms_then_its_story_runs_on_one_axis_of_time(
    case: int, centre: RunningCentre, supervisor: httpx.Client
) -> None:
    """The alert began before the case, and all that followed stands in its order."""
    story = supervisor.get(f"{API}/{case}/story").json()
    at = [of["at_ms"] for of in story["entries"]]
    assert (at, story["hidden"]) == (sorted(at), 0)
    assert at[0] == NOW_MS - 90_000
    assert {of["platform"] for of in story["entries"]} == {"environment", "cases"}
    titles = [of["title"] for of in story["entries"]]
    order = [
        "开始",
        "恢复正常",
        "立案",
        "并入案卷",
        "提出问题",
        "作了答复",
        "记录了会议决定",
        "办结",
    ]
    assert [of for of in titles if of in order] == order
    assert ANSWER in json.dumps(story, ensure_ascii=False)
    page = supervisor.get(f"/cases/{case}/story")
    assert page.status_code == 200
    for said in (ANSWER, MEETING, centre.services.words("environment.title")):
        assert said in page.text


@pytest.mark.usefixtures("no_alerts_for_clerks")
def test_given_a_thing_that_a_reader_may_not_see_then_the_story_counts_it_and_says_nothing(
    case: int, clerk: httpx.Client, supervisor: httpx.Client
) -> None:
    """Clerks of a district see no alerts: neither when one began, nor why it belongs."""
    story = clerk.get(f"{API}/{case}/story").json()
    assert story["hidden"] == 1
    assert {of["platform"] for of in story["entries"]} == {"cases"}
    assert WHY not in json.dumps(story, ensure_ascii=False)
    assert WHY not in clerk.get(f"/cases/{case}/story").text
    made = supervisor.post(f"{API}/{case}/report").json()["report"]
    assert clerk.get(f"/api/v1/reports/{made}").status_code == 404
    assert clerk.get(f"/reports/{made}/paper.docx").status_code == 404
    own = clerk.post(f"{API}/{case}/report").json()["report"]
    assert WHY not in clerk.get(f"/api/v1/reports/{own}").text
    assert supervisor.get(f"/api/v1/reports/{own}").status_code == 200


def test_given_a_concluded_case_then_its_report_says_all_of_it_and_stays(
    case: int, centre: RunningCentre, supervisor: httpx.Client, deputy: httpx.Client
) -> None:
    """Frozen and numbered; out of the product's template in Word."""
    assert REPORT.template.read_bytes() == case_report()
    made = supervisor.post(f"/cases/{case}/report")
    assert made.status_code == 303
    number = made.headers["location"].rpartition("/")[2]
    paper = supervisor.get(f"/api/v1/reports/{number}").json()
    (item,) = supervisor.get(f"{API}/{case}/items").json()
    word = text_of_word(supervisor.get(f"/reports/{number}/paper.docx").content)
    for said in (MATTER, WHY, item["copy"]["hash"], ANSWER, MEETING, OUTCOME, "监督法第50条"):
        assert said in word
    centre.put(spill(state=State.FIRING))
    assert supervisor.get(f"/api/v1/reports/{number}").json() == paper
    assert supervisor.get(f"/reports/{number}").status_code == 200
    assert deputy.post(f"{API}/{case}/report").status_code == 403
    none = {"kind": "cases.case", "case": "999"}
    assert supervisor.post("/reports/", data=none).status_code == 422


@pytest.mark.usefixtures("no_alerts_for_clerks")
def test_given_a_case_then_its_package_has_every_frozen_item_with_its_hash(
    case: int, supervisor: httpx.Client, clerk: httpx.Client
) -> None:
    """Each file by the manifest; what the reader may not see is counted and nothing more."""
    (item,) = supervisor.get(f"{API}/{case}/items").json()
    whole = supervisor.post(f"/cases/{case}/package")
    assert whole.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(whole.content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {name: hashlib.sha256(of).hexdigest() for name, of in files.items()} == manifest[
        "sha256"
    ]
    (one,) = manifest["items"]
    assert manifest["hidden"] == 0
    assert manifest["sha256"][one["file"]] == item["copy"]["hash"]
    assert files[one["file"]].decode() == item["copy"]["frozen"]
    assert OUTCOME in text_of_word(files["report.docx"])
    with zipfile.ZipFile(io.BytesIO(clerk.post(f"{API}/{case}/package").content)) as packed:
        left = json.loads(packed.read("manifest.json"))
        assert sorted(packed.namelist()) == ["manifest.json", "report.docx", "report.json"]
    assert (left["items"], left["hidden"]) == ([], 1)
