"""Monthly figures: checked on entry, accepted or returned, in versions, cut at breaks."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
import sqlalchemy as sa

from api import audit
from api.accounts.enrolment.people import Newcomer
from api.deadlines.opening import deadlines_of
from api.items import read
from api.platforms.judicial.figures.actions import reading, sending, terms
from api.platforms.judicial.figures.actions.sending import TableRefused
from api.platforms.judicial.figures.records import ranges
from api.platforms.judicial.figures.records.series import Month, make_up, runs, year_before
from api.platforms.judicial.figures.records.templates import templates
from api.platforms.judicial.figures.tables import TABLE
from api.platforms.judicial.free_text import TextRefused
from api.ports import Reference
from api.roster import ROSTER
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, enrolled_now
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import hands, said
from tests.api.judicial.figure_hands import (
    COURT,
    DEPUTY,
    OFFICE,
    PETITIONS,
    accepted,
    counted,
    court,
    form,
    nested,
)

PAGE, API = "/judicial/figures", "/api/v1/judicial/figures"
MANY = (50, 60, 55)


@pytest.mark.parametrize("kind", BOTH)
def test_given_wrong_sums_then_the_clerk_is_told_each_cell_and_mends_it(
    centre: RunningCentre,
) -> None:
    services = centre.services
    broken = court() | {"civil.pending": "340", "total.new": "1230", "criminal.judged": "399"}
    with pytest.raises(TableRefused) as refused:
        sending.send(services, COURT, "court", broken)
    assert [(of.field, of.key, of.expected, of.given) for of in refused.value.wrong] == [
        ("criminal.closed", "parts", 399, 400),
        ("civil.pending", "pending", 334, 340),
        ("total.new", "total", 1234, 1230),
        ("total.pending", "total", 500, 494),
        ("total.judged", "total", 1299, 1300),
    ]
    assert sending.send(services, COURT, "court", court())["version"] == 1
    with pytest.raises(reading.UnknownBody):
        sending.send(services, COURT, "procuratorate", court())
    with pytest.raises(TableRefused) as ahead:
        sending.send(services, COURT, "court", court("2027-01"))
    assert [of.key for of in ahead.value.wrong] == ["ahead"]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_reason_without_end_or_a_number_of_no_table_then_it_is_refused_and_nothing_kept(
    address: str, centre: RunningCentre
) -> None:
    """On both databases: one has no room for such a number, nor for such a sign."""
    services = centre.services
    for why in ("x" * 501, "更正\0"):
        with pytest.raises(TableRefused) as refused:
            sending.send(services, COURT, "court", court(why=why))
        assert [(of.field, of.key) for of in refused.value.wrong] == [("why", "long")]
    row = sending.send(services, COURT, "court", court())
    with hands(address, "lianluo") as (office,):
        given = {"id": str(row["id"]), "decision": "return", "reason": "请核对" * 200}
        long = office.post(f"{PAGE}/court/decide", data=given)
        assert long.status_code == 422
        assert given["reason"] in long.text
        given |= {"id": "2" * 11, "reason": "请核对"}
        assert office.post(f"{PAGE}/court/decide", data=given).status_code == 404
    assert reading.series(services, OFFICE, "court").versions[0]["state"] == "sent"


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_table_when_returned_and_sent_again_then_each_version_stays_with_who_and_why(
    centre: RunningCentre,
) -> None:
    services = centre.services
    sending.send(services, COURT, "court", court())
    (row,) = reading.series(services, OFFICE, "court").versions
    with pytest.raises(TableRefused):
        sending.decide(services, OFFICE, row["id"], accept=False, reason=" ")
    with pytest.raises(reading.UnknownBody):
        sending.decide(services, COURT, row["id"], accept=True, reason="")
    sending.decide(services, OFFICE, row["id"], accept=False, reason="民商事件数请核对")
    assert reading.series(services, DEPUTY, "court").months == []
    again = court(civil=(400, 824, 900))
    with pytest.raises(TableRefused):
        sending.send(services, COURT, "court", again)
    with pytest.raises(TextRefused):
        sending.send(services, COURT, "court", again | {"why": "(2024)苏0612民初123号重复"})
    accepted(centre, COURT, "court", again | {"why": "民事多计10件"})
    rows = reading.series(services, COURT, "court").versions
    assert [(of["version"], of["state"], of["why"], of["reason"]) for of in rows] == [
        (2, "accepted", "民事多计10件", ""),
        (1, "returned", "", "民商事件数请核对"),
    ]
    (month,) = reading.series(services, DEPUTY, "court").months
    assert month.values["civil.new"] == 824
    assert said(centre, "court-clerk") == [
        "第1次报送的月度数据已退回。原因：民商事件数请核对",
        "第2次报送的月度数据已采用。",
    ]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_break_then_old_need_not_match_and_nothing_is_compared_over_it(
    centre: RunningCentre,
) -> None:
    services = centre.services
    accepted(centre, COURT, "court", court())
    later = court("2026-11", civil=(300, 800, 800)) | {}
    with pytest.raises(TableRefused) as refused:
        sending.send(services, COURT, "court", later)
    assert [(of.field, of.expected) for of in refused.value.wrong] == [("civil.old", 334)]
    sending.mark(services, OFFICE, "court", "2026-11", "指标口径调整")
    accepted(centre, COURT, "court", later)
    found = reading.series(services, OFFICE, "court").runs
    assert [[of.month for of in run] for run in found] == [["2026-10"], ["2026-11"]]


def test_years_are_compared_only_where_both_count_alike() -> None:
    months = [Month(of, {}) for of in ("2025-10", "2025-11", "2026-10", "2026-11")]
    assert {of: to.month for of, to in year_before(months, []).items()} == {
        "2026-10": "2025-10",
        "2026-11": "2025-11",
    }
    assert year_before(months, ["2026-03"]) == {}
    assert len(runs(months, ["2026-03", "2030-01"])) == 2


def test_the_make_up_of_a_month_is_told_but_where_low_counts_are_hidden() -> None:
    shares = make_up(templates()["court"], Month("2026-10", counted("court", {"civil": MANY})))
    assert shares["civil"] == 100
    petitions = make_up(templates()["petitions"], Month("2026-10", counted("petitions", {})))
    assert set(petitions.values()) == {None}


@pytest.mark.parametrize("kind", BOTH)
def test_the_month_that_ended_has_a_term_which_a_table_meets_and_a_return_begins_again(
    centre: RunningCentre,
) -> None:
    """Ten days from its last day, moved to a working day; the job starts each only once."""
    core = core_of(centre)
    terms.follow(core)
    terms.follow(core)
    deadlines, subject = deadlines_of(centre.services), reading.reference("court", "2026-10")
    (of,) = deadlines.of_subject(subject)
    assert (of.reckoned.due.isoformat(), of.responsible.unit) == ("2026-11-10", "court")
    assert [(one.month, one.kind) for one in terms.lacking(centre.services, "court")] == [
        ("2026-10", "missing")
    ]
    row = sending.send(centre.services, COURT, "court", court())
    (met,) = deadlines.of_subject(subject)
    assert (met.met_ms, met.late) == (NOW_MS, True)
    assert terms.lacking(centre.services, "court")[0].kind == "late"
    assert terms.lacking(centre.services, "police")[0].kind == "missing"
    sending.decide(centre.services, OFFICE, row["id"], accept=False, reason="请核对")
    (again,) = deadlines.of_subject(subject)
    assert again.open
    assert [of.note for of in terms.todos(centre.services, COURT)] == ["已退回"]


@pytest.mark.parametrize("kind", BOTH)
def test_the_office_sees_low_counts_of_a_table_that_waits_and_that_is_recorded_and_nobody_else(
    centre: RunningCentre,
) -> None:
    services = centre.services
    rows = {"letters": (12, 33, 43), "visits": MANY, "online": MANY, "mailbox": MANY}
    row = sending.send(services, PETITIONS, "petitions", form("petitions", "2026-10", rows))
    whole = reading.series(services, OFFICE, "petitions")
    assert not reading.sees_counts(OFFICE, whole)
    assert reading.sees_counts(PETITIONS, whole)
    for stranger in (DEPUTY, COURT):
        with pytest.raises(reading.UnknownBody):
            reading.inspect(services, stranger, "petitions", row["id"])
    seen = reading.inspect(services, OFFICE, "petitions", row["id"])
    assert seen["values"]["letters.pending"] == 2
    recorded = audit.search(services.state, action="judicial.see-counts")
    assert [(of.who, of.subject) for of in recorded] == [
        ("office", "judicial/table/petitions/2026-10/1")
    ]
    sending.decide(services, OFFICE, row["id"], accept=True, reason="")
    with pytest.raises(reading.UnknownBody):
        reading.inspect(services, OFFICE, "petitions", row["id"])
    month = reading.series(services, OFFICE, "petitions").months[0]
    assert month.shown("letters", "pending") is None
    assert month.shown("total", "pending") == 167


@pytest.mark.parametrize("kind", BOTH)
def test_a_range_of_the_office_has_a_source_and_says_whether_a_month_lies_in_it(
    centre: RunningCentre,
) -> None:
    services = centre.services
    assert ranges.shipped() == []
    accepted(centre, COURT, "court", court())
    given = {
        "measure": "clearance",
        "low": "95",
        "high": "105.5",
        "source": "",
        "day": "2026-13-01",
    }
    with pytest.raises(TableRefused) as refused:
        sending.enter_range(services, OFFICE, "court", given)
    assert [of.field for of in refused.value.wrong] == ["source", "day"]
    given |= {"source": "南通中院通报的参考区间", "day": "2026-03-01"}
    sending.enter_range(services, OFFICE, "court", given)
    found = reading.series(services, DEPUTY, "court")
    (of,) = reading.ranged(found, found.months[0])
    assert (of.value, of.within) == (1053, True)
    sending.enter_range(services, OFFICE, "court", given | {"low": "90", "high": "100"})
    found = reading.series(services, DEPUTY, "court")
    (of,) = reading.ranged(found, found.months[0])
    assert of.within is False


def test_a_month_is_an_item_of_its_body_and_one_that_waits_is_its_own_and_the_office_s(
    centre: RunningCentre,
) -> None:
    services, of = centre.services, Reference("judicial", "figure", "court-2026-10")
    sending.send(services, COURT, "court", court())
    assert read(ROSTER, services, DEPUTY, of) is None
    waiting = read(ROSTER, services, OFFICE, of)
    assert waiting is not None
    assert waiting.content["figures"] is None
    (row,) = reading.series(services, OFFICE, "court").versions
    sending.decide(services, OFFICE, row["id"], accept=True, reason="")
    item = read(ROSTER, services, DEPUTY, of)
    assert item is not None
    assert item.content["figures"]["合计"]["新收"] == 1234
    for wrong in ("court", "court-2026-1", "mayor-2026-10", "court-2026-13", ""):
        assert read(ROSTER, services, DEPUTY, Reference("judicial", "figure", wrong)) is None


def test_when_the_pages_are_asked_then_bodies_stand_in_the_official_order_without_figures(
    deputy: httpx.Client, centre: RunningCentre
) -> None:
    accepted(centre, COURT, "court", court("2025-10"))
    accepted(centre, COURT, "court", court(civil=(400, 900, 977)))
    listed = deputy.get(PAGE).text
    places = [listed.index(f"{PAGE}/{of}") for of in templates()]
    assert places == sorted(places)
    assert "1300" not in listed
    page = deputy.get(f"{PAGE}/court")
    assert page.status_code == 200
    assert "1300" in page.text
    assert "69.2%" in page.text
    earlier = deputy.get(f"{PAGE}/court", params={"month": "2025-10"}).text
    assert "2025-10的构成" in earlier
    rows = list(csv.reader(io.StringIO(deputy.get(f"{PAGE}/court.csv").text.lstrip("\ufeff"))))
    total = next(of for of in rows if of[:2] == ["2026-10", "合计"])
    assert (total[3], total[-1]) == ("1300", "1234")
    assert deputy.get(f"{PAGE}/court.xlsx").is_success
    assert deputy.get(f"{PAGE}/mayor").status_code == 404


def test_a_body_sends_its_month_over_the_api_and_is_told_as_on_the_form(
    address: str, centre: RunningCentre, deputy: httpx.Client
) -> None:
    person = Newcomer("shuji", "周宁", units=("court",), unit_roles=("handler",))
    enrolled_now(centre, person, "right for the court")
    counts = {name: int(of) for name, of in court().items() if name not in ("month", "why")}
    given = {"month": "2026-10", "figures": nested(counts)}
    with hands(address, "lianluo") as (office,), httpx.Client(base_url=address) as clerk:
        clerk.post("/sign-in", data={"username": "shuji", "password": "right for the court"})
        bad = {"month": "2026-10", "figures": nested(counts | {"civil.pending": 340})}
        answer = clerk.post(f"{API}/court", json=bad)
        assert answer.status_code == 422
        told = answer.json()["detail"]
        assert [(of["row"], of["column"]) for of in told] == [
            ("civil", "pending"),
            ("total", "pending"),
        ]
        assert told[0]["said"] == "未结应为334（旧存+新收-已结），填的是340。请核对这四个数。"
        assert clerk.post(f"{API}/police", json=given).status_code == 404
        sent = clerk.post(f"{API}/court", json=given)
        assert sent.status_code == 201, sent.text
        number = sent.json()["id"]
        assert deputy.get(f"{API}/court").json() == []
        assert deputy.get(f"{API}/court/versions").json() == []
        decided = f"{API}/court/versions/{number}/decide"
        assert clerk.post(decided, json={"accept": True}).status_code == 403
        assert office.post(decided, json={"accept": False}).status_code == 422
        assert office.post(decided, json={"accept": True}).status_code == 204
        marked = {"month": "2026-11", "reason": "口径调整"}
        assert office.post(f"{API}/court/breaks", json=marked).status_code == 204
        asked = {"measure": "pending-share", "low": "20", "high": "30", "source": "本院年报",
                 "day": "2026-01-09"}  # fmt: skip
        assert office.post(f"{API}/court/ranges", json=asked).status_code == 204
    (month,) = deputy.get(f"{API}/court").json()
    assert month["figures"]["civil"]["pending"] == 334
    assert deputy.get(f"{API}/court/breaks").json() == [marked]
    assert deputy.get(f"{API}/court/ranges").json()[0]["within"] is True
    assert deputy.get(f"{API}/court/behind").json()[0]["kind"] == "late"


def test_journey_of_a_court_clerk_who_sends_a_wrong_sum_and_mends_it(
    address: str, centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The form comes again with all that was written and says which sum; the office returns it
    with a reason and then accepts.
    """
    person = Newcomer("shuji", "周宁", units=("court",), unit_roles=("handler",))
    enrolled_now(centre, person, "right for the court")
    path = f"{PAGE}/court"
    with hands(address, "lianluo") as (office,), httpx.Client(base_url=address) as clerk:
        signed = {"username": "shuji", "password": "right for the court"}
        assert clerk.post("/sign-in", data=signed).status_code == 303
        bad = clerk.post(f"{path}/send", data=court() | {"civil.pending": "340"})
        assert bad.status_code == 422
        assert "未结应为334（旧存+新收-已结），填的是340" in bad.text
        assert "民商事一审 · 未结" in bad.text
        assert 'value="834"' in bad.text
        named = clerk.post(f"{path}/send", data=court() | {"why": "原告张三多次来电"})
        assert named.status_code == 422
        assert "不写姓名" in named.text
        assert clerk.post(f"{path}/send", data=court()).status_code == 303
        assert clerk.post(f"{PAGE}/police/send", data=court()).status_code == 404
        assert "1234" not in deputy.get(path).text
        assert "等待审核" in office.get("/").text
        with centre.services.state.read() as connection:
            first = connection.execute(sa.select(TABLE.c.id)).scalar_one()
        decided = {"id": str(first), "decision": "return"}
        assert office.post(f"{path}/decide", data=decided).status_code == 422
        decided["reason"] = "请核对行政案件"
        assert office.post(f"{path}/decide", data=decided).status_code == 303
        assert "请核对行政案件" in clerk.get(path).text
        assert clerk.post(f"{path}/send", data=court(why="核对无误")).status_code == 303
        second = {"id": str(first + 1), "decision": "accept"}
        assert office.post(f"{path}/decide", data=second).status_code == 303
    assert "1234" in deputy.get(path).text
