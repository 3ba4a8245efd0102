"""Monthly figures: checked on entry, accepted or returned, in versions, cut at breaks."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account, Reach
from api.platforms.judicial.figures import actions
from api.platforms.judicial.figures.records import (
    FLOW,
    LEAST,
    Month,
    hidden,
    month_before,
    runs,
    templates,
    year_before,
)
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.permission import JudicialPermission
from tests.api.conftest import BOTH, RunningCentre, enrolled_now
from tests.api.duty.meeting_hands import hands
from tests.conftest import examples

OFFICE = Account(
    "office",
    "人大",
    reaches=(Reach(frozenset({JudicialPermission.SEE, JudicialPermission.CHECK})),),
)
COURT = Account(
    "court-clerk",
    "书记员",
    reaches=(Reach(frozenset({JudicialPermission.SEE, JudicialPermission.SUBMIT}), "court"),),
)
DEPUTY = Account("deputy", "代表", reaches=(Reach(frozenset({JudicialPermission.SEE})),))
TABLE = {
    "month": "2026-10",
    "old": "560",
    "new": "1234",
    "closed": "1300",
    "pending": "494",
    "civil": "1000",
    "criminal": "200",
    "administrative": "34",
}


def accepted(centre: RunningCentre, **fields: str) -> None:
    actions.send(centre.services, COURT, "court", TABLE | fields)
    newest = actions.series(centre.services, OFFICE, "court").versions
    waiting = next(of for of in newest if of["state"] == "sent")
    actions.decide(centre.services, OFFICE, waiting["id"], accept=True, reason="")


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_wrong_sum_then_the_clerk_is_told_which_and_mends_it(
    centre: RunningCentre,
) -> None:
    services = centre.services
    with pytest.raises(actions.TableRefused) as refused:
        actions.send(services, COURT, "court", TABLE | {"pending": "500", "civil": "999"})
    assert [(of.field, of.expected, of.given) for of in refused.value.wrong] == [
        ("pending", 494, 500),
        ("new", 1233, 1234),
    ]
    assert actions.send(services, COURT, "court", TABLE) == 1
    with pytest.raises(actions.UnknownBody):
        actions.send(services, COURT, "procuratorate", TABLE)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_table_when_returned_and_sent_again_then_each_version_stays_with_who_and_why(
    centre: RunningCentre,
) -> None:
    services = centre.services
    actions.send(services, COURT, "court", TABLE)
    (row,) = actions.series(services, OFFICE, "court").versions
    with pytest.raises(actions.TableRefused):
        actions.decide(services, OFFICE, row["id"], accept=False, reason=" ")
    actions.decide(services, OFFICE, row["id"], accept=False, reason="行政案件数请核对")
    assert actions.series(services, DEPUTY, "court").months == []
    again = TABLE | {"civil": "990", "administrative": "44"}
    with pytest.raises(actions.TableRefused):
        actions.send(services, COURT, "court", again)
    with pytest.raises(TextRefused):
        actions.send(services, COURT, "court", again | {"why": "(2024)苏0612民初123号重复"})
    accepted(centre, **again, why="民事多计10件")
    rows = actions.series(services, COURT, "court").versions
    said = [(of["version"], of["state"], of["why"], of["reason"]) for of in rows]
    assert said == [
        (2, "accepted", "民事多计10件", ""),
        (1, "returned", "", "行政案件数请核对"),
    ]
    (month,) = actions.series(services, DEPUTY, "court").months
    assert month.values["administrative"] == 44


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_break_then_old_need_not_match_and_nothing_is_compared_over_it(
    centre: RunningCentre,
) -> None:
    services = centre.services
    accepted(centre)
    later = {"month": "2026-11", "old": "400", "closed": "1200", "pending": "434"}
    with pytest.raises(actions.TableRefused) as refused:
        actions.send(services, COURT, "court", TABLE | later)
    assert [(of.field, of.expected) for of in refused.value.wrong] == [("old", 494)]
    actions.mark(services, OFFICE, "court", "2026-11", "指标口径调整")
    accepted(centre, **later)
    found = actions.series(services, OFFICE, "court").runs
    assert [[of.month for of in run] for run in found] == [["2026-10"], ["2026-11"]]


def test_years_are_compared_only_where_both_count_alike() -> None:
    months = [Month(of, {}) for of in ("2025-10", "2025-11", "2026-10", "2026-11")]
    assert {of: to.month for of, to in year_before(months, []).items()} == {
        "2026-10": "2025-10",
        "2026-11": "2025-11",
    }
    assert year_before(months, ["2026-03"]) == {}
    assert len(runs(months, ["2026-03", "2030-01"])) == 2


@st.composite
def petitions(draw: st.DrawFn) -> list[Month]:
    """Two years of small counts that hold."""
    count, old, month, found = st.integers(0, 9), draw(st.integers(0, 9)), "2026-12", []
    names = [month := month_before(month) for _ in range(6)][::-1]
    for name in names:
        parts = {of: draw(count) for of in templates()["petitions"].parts}
        new = sum(parts.values())
        closed = draw(st.integers(0, old + new))
        flow = dict(zip(FLOW, (old, new, closed, old + new - closed), strict=True))
        found.append(Month(name, flow | parts))
        old = flow["pending"]
    return found


@settings(max_examples=examples(200), deadline=None)
@given(petitions())
def test_no_low_count_of_petitions_is_shown_or_reckoned_from_one_sum(months: list[Month]) -> None:
    template = templates()["petitions"]
    kept = hidden(template, months)
    for of in months:
        for name in template.columns:
            assert (of.month, name) in kept or not 0 < of.values[name] < LEAST
        for names in (FLOW, ("new", *template.parts)):
            assert len([name for name in names if (of.month, name) in kept]) != 1
        before = (month_before(of.month), "pending")
        if any(one.month == before[0] for one in months):
            assert (before in kept) == ((of.month, "old") in kept)


def test_when_the_pages_are_asked_then_bodies_stand_in_the_official_order_without_figures(
    deputy: httpx.Client, centre: RunningCentre
) -> None:
    accepted(centre)
    listed = deputy.get("/judicial/figures").text
    places = [listed.index(f"/judicial/figures/{of}") for of in templates()]
    assert places == sorted(places)
    assert "1234" not in listed
    page = deputy.get("/judicial/figures/court")
    assert page.status_code == 200
    assert "1234" in page.text


def test_journey_of_a_court_clerk_who_sends_a_wrong_sum_and_mends_it(
    address: str, centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The form comes again with all that was written and says which sum; the office returns it
    with a reason and then accepts.
    """
    person = Newcomer("shuji", "周宁", units=("court",), unit_roles=("handler",))
    enrolled_now(centre, person, "right for the court")
    path = "/judicial/figures/court"
    with hands(address, "lianluo") as (office,), httpx.Client(base_url=address) as court:
        signed = {"username": "shuji", "password": "right for the court"}
        assert court.post("/sign-in", data=signed).status_code == 303
        bad = court.post(f"{path}/send", data=TABLE | {"pending": "500"})
        assert bad.status_code == 422
        assert "未结应为494（旧存+新收-已结），填的是500" in bad.text
        assert 'value="1300"' in bad.text
        named = court.post(f"{path}/send", data=TABLE | {"why": "原告张三多次来电"})
        assert named.status_code == 422
        assert "不写姓名" in named.text
        assert court.post(f"{path}/send", data=TABLE).status_code == 303
        assert court.post("/judicial/figures/police/send", data=TABLE).status_code == 404
        assert "494" not in deputy.get(path).text
        (row,) = actions.series(centre.services, OFFICE, "court").versions
        decided = {"id": str(row["id"]), "decision": "return"}
        assert office.post(f"{path}/decide", data=decided).status_code == 422
        decided["reason"] = "请核对行政案件"
        assert office.post(f"{path}/decide", data=decided).status_code == 303
        assert "请核对行政案件" in court.get(path).text
        assert court.post(f"{path}/send", data=TABLE | {"why": "核对无误"}).status_code == 303
        second = {"id": str(row["id"] + 1), "decision": "accept"}
        assert office.post(f"{path}/decide", data=second).status_code == 303
    assert "494" in deputy.get(path).text
