"""The office enters the notice of a year: checked like a file, and due dates follow."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from api.audit import search
from api.deadlines.opening import deadlines_of
from api.deadlines.repository import Deadlines
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import rules_instead, started

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/deadlines/holidays", "/api/v1/deadlines/holidays"
FORM: dict[str, object] = {
    "year": "2027",
    "notice": "国务院办公厅关于2027年部分节假日安排的通知",
    "published": "2026-11-23",
    "name": ["元旦", "春节", "清明节"],
    "begin": ["2027-01-01", "2027-02-22", ""],
    "until": ["2027-01-03", "2027-02-26", ""],
    "make_up": "2月20日（周六）、2027-02-28",
}


@pytest.fixture
def deadlines(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    """Of the site, with the rules of the tests."""
    rules_instead(monkeypatch)
    return deadlines_of(centre.services)


def test_given_a_notice_when_entered_then_due_dates_follow_and_everything_says_so(
    centre: RunningCentre, deadlines: Deadlines, officer: httpx.Client
) -> None:
    """The page, the deadline's page, the audit, and whoever asks for working days."""
    key = started(deadlines, "note.answer", date(2026, 11, 24))
    assert "2027年调休未公布" in officer.get(PAGE).text
    assert "录入2027年放假安排" in officer.get(f"{PAGE}/new", params={"year": 2027}).text
    answer = officer.post(PAGE, data=FORM)
    assert answer.headers["location"] == f"{PAGE}?moved=1"
    page = officer.get(answer.headers["location"]).text
    assert "1 个期限的日期有变化" in page
    assert "李岚" in page
    assert "2027-02-20、2027-02-28" in page
    assert "2027年调休未公布" not in page
    found = deadlines.one(key)
    assert (str(found.reckoned.due), found.reckoned.provisional) == ("2027-02-28", False)
    assert deadlines.history(key)[-1].why == "因2027年放假安排公布"
    assert centre.services.working_days.day(date(2027, 2, 20)).working
    (row,) = search(deadlines.state, action="deadline.notice")
    assert (row.who, row.subject) == ("huanbao", "2027")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"notice": ""}, "请填写通知标题"),
        ({"published": "昨天"}, "请填写正确的日期"),
        ({"begin": ["", "", ""], "until": ["", "", ""]}, "请至少填写一个节日"),
        ({"make_up": "2027-02-23"}, "调休上班的日期不对"),
        ({"make_up": "2027-02-30"}, "调休上班的日期不对"),
        ({"until": ["2026-12-30", "2027-02-26", ""]}, "放假日期不对"),
        ({"until": ["2027-01-03", "2027-09-26", ""]}, "不会超过一个月"),
    ],
)
def test_given_a_notice_that_does_not_hold_then_the_field_says_what_is_wrong(
    deadlines: Deadlines, officer: httpx.Client, changed: dict[str, object], said: str
) -> None:
    """By the same checks as a year's file; what was written stays in the form."""
    answer = officer.post(PAGE, data=FORM | changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "2027-02-22" in answer.text or "begin" in changed
    assert 2027 not in deadlines.calendar.working_days().notices


def test_given_the_api_then_it_takes_the_fields_of_a_years_file(
    deadlines: Deadlines, officer: httpx.Client
) -> None:
    """And names the fault of one that does not hold."""
    given = {
        "notice": FORM["notice"],
        "published": "2026-11-23",
        "holiday": [{"name": "春节", "from": "2027-02-22", "to": "2027-02-26"}],
        "make_up": ["2027-02-28"],
    }
    assert officer.put(f"{API}/2027", json=given).json() == {"moved": 0}
    newest = officer.get(API).json()[0]
    assert (newest["year"], newest["entered_by"]) == (2027, "huanbao")
    assert newest["notice"]["make_up"] == ["2027-02-28"]
    refused = officer.put(f"{API}/2027", json={**given, "make_up": ["2027-02-24"]})
    assert refused.status_code == 422
    assert "2027-02-24" in refused.json()["detail"]


def test_given_a_mistake_when_corrected_then_the_form_has_what_was_entered(
    deadlines: Deadlines, officer: httpx.Client
) -> None:
    """The newest entry wins."""
    officer.post(PAGE, data=FORM)
    page = officer.get(f"{PAGE}/new", params={"year": 2027}).text
    assert 'value="2027-02-22"' in page
    officer.post(PAGE, data=FORM | {"make_up": ""})
    assert deadlines.calendar.working_days().notices[2027].make_up == ()
