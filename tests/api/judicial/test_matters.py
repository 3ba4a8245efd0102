"""Matters of bodies: reports with their days before a meeting, inspections, classes of cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from api.deadlines.records import Standing
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.manifest import PLATFORM
from api.platforms.judicial.matters import actions, wording
from api.platforms.judicial.matters.procedure import MatterRefused
from api.procedures.refusals import (
    Incomplete,
    NotAllowed,
    NotFromHere,
    NotYours,
    StepRefused,
    UnknownThing,
)
from api.procedures.taking import acts, withdraw
from api.web.tables import MOST
from tests.api.conftest import BOTH, RunningCentre
from tests.api.judicial.matter_hands import (
    COURT,
    DEPUTY,
    HEAD,
    HOUSING,
    MEETING,
    OFFICE,
    Judicial,
    password_of,
)

PAGES, API = "/judicial/matters", "/api/v1/judicial/matters"
MEETING_DAY = {"meeting": MEETING, "meeting_day": "2026-12-25"}
TO_HEARD = ("schedule", "send-draft", "send-final", "hand-out", "hear")


@pytest.fixture
def work(centre: RunningCentre) -> Judicial:
    """Nothing is begun yet."""
    return Judicial(centre)


@contextmanager
def signed_in(address: str, *usernames: str) -> Iterator[list[httpx.Client]]:
    """Clients of people who have signed in."""
    with ExitStack() as stack:
        clients = []
        for name in usernames:
            client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
            body = {"username": name, "password": password_of(name)}
            assert client.post("/api/v1/session", json=body).status_code == 204
            clients.append(client)
        yield clients


def running(work: Judicial, item_id: str, kind: str = "report") -> dict[str, tuple[str, ...]]:
    """Of each rule whose term runs, the due day and who must act."""
    return {
        of.rule.id: (of.reckoned.due.isoformat(), *work.owners(of))
        for of in work.terms(kind, item_id)
        if of.open
    }


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_meeting_then_the_report_is_owed_20_and_10_days_before_and_sent_out_7_before(
    work: Judicial,
) -> None:
    """Each day is somebody's; what is done meets it; deputies see it once it was heard."""
    item_id = work.begun("report")
    assert work.listed(COURT) == [], "the body hears of it when there is a meeting"
    work.go("report", item_id, "schedule", **MEETING_DAY)
    assert running(work, item_id) == {
        "rpt.draft": ("2026-12-05", COURT),
        "rpt.final": ("2026-12-15", COURT),
        "rpt.members": ("2026-12-18", HEAD, OFFICE),
    }
    with pytest.raises(Incomplete):
        work.take(COURT, "report", item_id, "send-draft")
    with pytest.raises(UnknownThing):
        work.take(HOUSING, "report", item_id, "send-draft")
    with pytest.raises(NotYours):
        work.take(OFFICE, "report", item_id, "send-draft", draft="1")
    work.go("report", item_id, "send-draft")
    assert set(running(work, item_id)) == {"rpt.final", "rpt.members"}
    work.go("report", item_id, "send-final", "hand-out")
    assert running(work, item_id) == {}
    assert work.listed(DEPUTY) == []
    work.go("report", item_id, "hear")
    (row,) = work.listed(DEPUTY)
    assert (row["decided_meeting"], row["decided_day"].isoformat()) == (MEETING, work.today)
    many = [row] * 2**16
    assert len(many) < MOST["csv"]
    assert len(list(wording.table(work.services, many).rows)) == len(many), "too many for an IN"


def test_given_opinions_then_the_answer_has_the_term_of_the_resolution_and_none_where_it_set_none(
    work: Judicial,
) -> None:
    """An answer that does not do goes back with a day of its own; an evaluation names its meeting."""
    item_id = work.begun("report")
    work.go("report", item_id, *TO_HEARD)
    work.go("report", item_id, "send-opinions")
    assert running(work, item_id) == {}, "nothing is invented"
    work.go("report", item_id, "ask-comments", "comment", "answer")
    again = {"answer_day": "2027-02-01", "rating": "dissatisfied"}
    work.go("report", item_id, "return-answer", **again)
    assert running(work, item_id) == {"jud.matter.date": ("2027-02-01", COURT)}
    work.go("report", item_id, "answer", "accept")
    row = work.row("report", item_id)
    assert row["state"] == "closed"
    assert row["rating"] is None, "no vote was held"
    assert row["evaluated_meeting"].endswith("第三十二次会议")
    last = work.terms("report", item_id)[-1]
    assert last.standing is Standing.ENDED


def test_given_a_meeting_that_is_moved_then_only_what_is_still_owed_is_reckoned_anew(
    work: Judicial,
) -> None:
    """Back from the new day."""
    item_id = work.begun("report")
    work.go("report", item_id, "schedule", **MEETING_DAY)
    work.go("report", item_id, "send-draft")
    work.go("report", item_id, "move-meeting", meeting_day="2027-01-25")
    found = {name: due for name, (due, *_) in running(work, item_id).items()}
    assert found == {"rpt.final": "2027-01-15", "rpt.members": "2027-01-18"}


def test_given_a_meeting_too_soon_then_the_days_before_it_are_late_at_once(work: Judicial) -> None:
    """Nothing is silent about it."""
    item_id = work.begun("report")
    work.go("report", item_id, "schedule", meeting_day="2026-12-08")
    now_ms = work.services.now_ms()
    lamps = {of.rule.id: of.lamp(now_ms).value for of in work.terms("report", item_id)}
    assert lamps == {"rpt.draft": "red", "rpt.final": "green", "rpt.members": "green"}


def test_given_an_inspection_then_findings_name_a_clause_and_a_wrong_line_is_taken_back(
    work: Judicial,
) -> None:
    """No group, no inspection."""
    item_id = work.begun("inspection", title="家庭教育促进法执法检查")
    work.go("inspection", item_id, "plan", until_day="2026-12-20")
    assert running(work, item_id, "inspection")["jud.matter.date"][0] == "2026-12-20"
    with pytest.raises(NotAllowed):
        work.take(OFFICE, "inspection", item_id, "begin")
    work.go("inspection", item_id, "add-group", "begin", "add-finding")
    with pytest.raises(MatterRefused) as refused:
        work.go("inspection", item_id, "add-finding", clause="有关规定")
    assert set(refused.value.wrong(work.services.words)) == {"clause"}
    work.go("inspection", item_id, "add-finding", clause="第三十条第二款")
    with acts(work.services, work.procedure("inspection"), work.people[OFFICE]) as acting:
        withdraw(acting, item_id, "误记")
    lines = actions.seen(work.services, work.row("inspection", item_id)).lines
    assert [(of.sort, of.label) for of in lines][1:] == [("finding", "第十二条")]
    work.go("inspection", item_id, "finish")
    assert running(work, item_id, "inspection") == {}


def test_given_a_class_that_the_office_alone_knows_then_it_is_dropped_and_its_body_never_sees_it(
    work: Judicial,
) -> None:
    """Only what was put to a body is called off, of which it hears."""
    item_id = work.begun("class", title="民间借贷案件保全")
    work.go("class", item_id, "describe")
    with pytest.raises(NotFromHere):
        work.go("class", item_id, "call-off")
    work.go("class", item_id, "drop")
    assert work.listed(COURT, show="all") == work.listed(DEPUTY, show="all") == []
    assert work.row("class", item_id)["state"] == "dropped"


@pytest.mark.parametrize(
    ("given", "field", "error"),
    [
        ({"cases": "1"}, "cases", MatterRefused),
        ({"cases": "2"}, "cases", MatterRefused),
        ({"cases": "若干"}, "cases", MatterRefused),
        ({"class_of": "(2026)苏0612民初123号一案"}, "class_of", TextRefused),
        ({"problem": "原告张三多次来电反映"}, "problem", TextRefused),
    ],
)
def test_given_one_case_or_somebody_named_then_no_class_is_supervised(
    work: Judicial, given: dict[str, str], field: str, error: type[StepRefused]
) -> None:
    """With the reason at its field; nothing of it is kept."""
    item_id = work.begun("class", title="民间借贷案件保全")
    with pytest.raises(error) as refused:
        work.go("class", item_id, "describe", **given)
    assert set(refused.value.wrong(work.services.words)) == {field}
    row = work.row("class", item_id)
    assert (row["state"], row["version"], row["cases"]) == ("planned", 1, None)


def test_given_a_body_of_which_nobody_can_answer_then_no_matter_is_begun_with_it(
    work: Judicial,
) -> None:
    """No term is without an owner."""
    with pytest.raises(MatterRefused) as refused:
        work.begun("report", unit="supervision")
    assert set(refused.value.wrong(work.services.words)) == {"unit"}
    with pytest.raises(TextRefused):
        work.begun("report", title="被告人李四案情况")
    with pytest.raises(NotYours):
        actions.begin(
            work.services, work.people[COURT], "major", {"title": "审判工作", "unit": "court"}
        )
    assert work.listed(OFFICE, show="all") == []


def test_given_a_paper_then_it_is_put_by_whose_turn_it_is_and_out_again_until_a_step_names_it(
    work: Judicial,
) -> None:
    """Its name is held against the rule of names as well."""
    item_id = work.begun("report")
    work.go("report", item_id, "schedule", **MEETING_DAY)
    wrong, right = (work.attached(COURT, "report", item_id, f"{of}.txt") for of in ("错稿", "稿"))
    with pytest.raises(TextRefused):
        work.attached(COURT, "report", item_id, "原告张三材料.txt")
    work.take(COURT, "report", item_id, "send-draft", draft=right)
    services, court = work.services, work.people[COURT]
    row = work.row("report", item_id)
    assert [str(of.id) for of in actions.removable(services, court, row)] == [wrong]
    actions.detach(services, court, "report", item_id, int(right), "误传")
    actions.detach(services, court, "report", item_id, int(wrong), "误传")
    assert [str(of.id) for of in actions.seen(services, row).papers] == [right]
    work.go("report", item_id, "send-final")
    with pytest.raises(NotYours):
        work.attached(COURT, "report", item_id)
    work.go("report", item_id, "call-off")
    with pytest.raises(NotFromHere):
        work.attached(OFFICE, "report", item_id)


def test_when_it_waits_for_the_court_then_its_workbench_says_so_and_nobody_elses(
    work: Judicial,
) -> None:
    """What has a term is there by its deadline."""
    item_id = work.begun("report")
    work.go("report", item_id, *TO_HEARD)
    work.go("report", item_id, "send-opinions")

    def waiting(who: str) -> list[tuple[str, str]]:
        found = PLATFORM.todos(work.services, work.people[who])
        return [(of.path, of.note) for of in found]

    assert waiting(COURT) == [(f"/judicial/matters/report/{item_id}", "书面答复")]
    assert waiting(HOUSING) == waiting(OFFICE) == waiting(DEPUTY) == []
    work.go("report", item_id, "answer")
    assert waiting(HEAD) == [(f"/judicial/matters/report/{item_id}", "评价答复")]
    (kind,) = [of for of in PLATFORM.items if of.name == "matter"]
    item = kind.read(work.services, work.people[DEPUTY], item_id)
    assert item is not None
    assert (item.content["body"], item.content["decided_meeting"]) == ("区人民法院", MEETING)
    assert kind.read(work.services, work.people[HOUSING], item_id) is None


def test_journey_of_a_report_on_the_pages_and_over_the_api(work: Judicial, address: str) -> None:
    """The office begins it, the court attaches and sends; the page says what waits for whom."""
    with signed_in(address, OFFICE, COURT, DEPUTY, HOUSING) as (office, court, deputy, housing):
        bad = office.post(f"{PAGES}/new", data={"kind": "report", "title": "执行工作", "unit": ""})
        assert bad.status_code == 422
        assert 'value="执行工作"' in bad.text
        given = {"kind": "report", "title": "执行工作", "unit": "court"}
        made = office.post(f"{PAGES}/new", data=given)
        path = made.headers["location"]
        item_id = path.rpartition("/")[2]
        steps = f"{API}/report/{item_id}/steps"
        done = office.post(f"{path}/steps/schedule", data=MEETING_DAY)
        assert done.status_code == 303
        shown = court.get(path).text
        assert "区人民法院：送报告征求意见" in shown
        assert 'aria-current="step"><b>起草报告' in shown
        draft = {"file": ("征求意见稿.txt", "报告".encode(), "text/plain")}
        sent = court.post(f"{API}/report/{item_id}/files", files=draft)
        assert sent.status_code == 201, sent.text
        taken = court.post(
            f"{steps}/send-draft", json={"given": {"draft": str(sent.json()["id"])}}
        )
        assert taken.json()["state"] == "finalizing"
        assert deputy.get(path).status_code == housing.get(path).status_code == 404
        assert deputy.get(f"{API}/major/{item_id}").status_code == 404
        whole = office.get(f"{API}/report/{item_id}").json()
        assert [of["progress"] for of in whole["way"]][:4] == ["done", "done", "now", "to-come"]
        assert whole["waits"] == [
            {"step": "send-final", "title": "送交修改后的报告", "who": "区人民法院"}
        ]
        assert whole["lamp"] == "green"
        listed = office.get(API, params={"kind": "report", "unit": "court", "q": "执行"}).json()
        assert [of["id"] for of in listed["matters"]] == [int(item_id)]
        assert office.get(API, params={"kind": "class"}).json()["total"] == 0
        assert "执行工作" in office.get(f"{PAGES}.csv").text
        assert "执行工作" not in housing.get(f"{PAGES}.csv").text
        refused = office.post(f"{steps}/call-off", json={"given": {"why": "议题调整"}})
        assert refused.status_code == 403, "it is the committee's"


def test_when_a_head_calls_it_off_with_a_name_then_the_page_says_why_not_and_keeps_the_words(
    work: Judicial, address: str
) -> None:
    """Every text of every step is held against the rule."""
    item_id = work.begun("report")
    work.go("report", item_id, "schedule", **MEETING_DAY)
    with signed_in(address, HEAD) as (head,):
        path = f"{PAGES}/report/{item_id}/steps/call-off"
        answer = head.post(path, data={"why": "原告张三来信反映"})
        assert answer.status_code == 422
        assert "原告张三来信反映</textarea>" in answer.text
        assert "不写姓名" in answer.text
        work.go("report", item_id, "call-off")
        back = head.post(f"{PAGES}/report/{item_id}/steps/withdraw", data={"why": "原告李四来信"})
        assert back.status_code == 422
        assert "原告李四来信</textarea>" in back.text
        assert "不写姓名" in back.text
