"""A clerk acts for a deputy: with the deputy's permissions, and both names in every record."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from api.accounts.changes import grant
from api.audit import OPERATOR
from api.tables import ACCOUNT, AUDIT, DELEGATION, SESSION
from config.vocabulary.time import DAY_MS, HOUR_MS, day_of
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, entered, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)
DEPUTY = {"deputy": "daibiao"}
BANNER = "您正在代 陈明 办理"


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """王芳, who may act for 陈明, signed in."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


@pytest.fixture
def acting(clerk: httpx.Client) -> httpx.Client:
    """王芳, who acts for 陈明."""
    assert clerk.post("/api/v1/session/act-for", json=DEPUTY).status_code == 204
    return clerk


def audited(centre: RunningCentre, action: str) -> list[tuple[str, str, str]]:
    """Who acted, for whom, and on what."""
    rows = sa.select(AUDIT.c.who, AUDIT.c.on_behalf, AUDIT.c.subject)
    with centre.services.state.read() as connection:
        found = connection.execute(rows.where(AUDIT.c.action == action).order_by(AUDIT.c.id))
        return [(row.who, row.on_behalf, row.subject) for row in found]


def put(centre: RunningCentre, table: sa.Table, **values: object) -> None:
    """Change every row of a table, as an administrator's page does with one."""
    with centre.services.state.begin() as connection:
        connection.execute(sa.update(table).values(values))


def test_given_a_clerk_then_the_workbench_leads_to_the_choice_of_a_deputy(
    clerk: httpx.Client,
) -> None:
    """Each deputy has a button; the choice leads to where the deputy begins."""
    assert "有代表委托您代办" in clerk.get("/").text
    assert "代陈明办理" in clerk.get("/acting").text
    begun = clerk.post("/act-for", data=DEPUTY)
    assert (begun.status_code, begun.headers["location"]) == (303, "/")
    assert "您正在代 陈明 办理" in clerk.get("/").text


def test_given_nobody_when_a_clerk_signs_in_at_the_start_then_no_page_is_refused(
    stranger: httpx.Client,
) -> None:
    """The way back leads over the workbench."""
    assert stranger.get("/").headers["location"] == "/sign-in?to=/"
    entry = {"username": "lianluo", "password": PASSWORDS["lianluo"], "to": "/"}
    assert stranger.post("/sign-in", data=entry).headers["location"] == "/"
    assert "有代表委托您代办" in stranger.get("/").text


def test_given_a_clerk_who_acts_then_every_page_says_so_and_ends_it_by_one_button(
    acting: httpx.Client,
) -> None:
    """Pages of a platform, one that is refused, one that is not there, and the choice itself."""
    for path in ("/environment/", "/environment/rules", "/environment/alerts/none", "/acting"):
        page = acting.get(path).text
        assert BANNER in page
        assert "结束代办" in page
    assert "陈明（王芳代）" in acting.get("/environment/").text
    ended = acting.post("/act-for", data={"deputy": ""})
    assert ended.headers["location"] == "/acting"
    for path in ("/acting", "/environment/"):
        assert BANNER not in acting.get(path).text


def test_what_is_done_carries_both_names_and_the_audit_both_accounts(
    centre: RunningCentre, acting: httpx.Client
) -> None:
    """An alert that was acknowledged: 陈明（王芳代）."""
    alert = centre.put(spill())
    assert acting.post(f"/environment/alerts/{alert.id}/acknowledge").status_code == 303
    state = acting.get(f"/api/v1/alerts/{alert.id}").json()
    assert (state["acknowledged_by"], state["acknowledged_account"]) == (
        "陈明（王芳代）",
        "daibiao",
    )
    assert audited(centre, "alert.acknowledge") == [("lianluo", "daibiao", alert.id)]
    assert audited(centre, "act-for") == [("lianluo", "daibiao", "daibiao")]


def test_beginning_and_ending_each_give_a_new_token(clerk: httpx.Client) -> None:
    """A change of rights: the token of before opens nothing."""
    for deputy in ("daibiao", ""):
        (name, before), *_ = clerk.cookies.items()
        assert clerk.post("/api/v1/session/act-for", json={"deputy": deputy}).status_code == 204
        (after,) = clerk.cookies.values()
        assert after != before
        old = httpx.Client(base_url=clerk.base_url, cookies={name: before})
        with old:
            assert old.get("/api/v1/session").status_code == 401


def test_the_api_says_who_acts_for_whom(acting: httpx.Client) -> None:
    """The account is the deputy's, and the clerk stands beside it."""
    who = acting.get("/api/v1/session").json()
    assert (who["username"], who["roles"], who["acting"]) == ("daibiao", ["deputy"], "lianluo")
    assert acting.post("/api/v1/session/act-for", json={"deputy": ""}).status_code == 204
    who = acting.get("/api/v1/session").json()
    assert (who["username"], who["roles"], who["acting"]) == ("lianluo", ["clerk"], None)


@pytest.mark.parametrize("deputy", ["huanbao", "guanli", "lianluo", "nobody"])
def test_nobody_acts_for_whom_no_delegation_names(
    centre: RunningCentre, clerk: httpx.Client, deputy: str
) -> None:
    """The answer names the remedy, on the page too."""
    refused = clerk.post("/api/v1/session/act-for", json={"deputy": deputy})
    assert refused.status_code == 403
    assert "ask the administrator" in refused.json()["detail"]
    page = clerk.post("/act-for", data={"deputy": deputy})
    assert page.status_code == 403
    assert "请联系系统管理员设置后再试" in page.text
    assert audited(centre, "act-for") == []


def test_whoever_has_no_delegation_is_offered_none(deputy: httpx.Client) -> None:
    """Neither in the head of a page nor on the page of the choice."""
    assert 'href="/acting"' not in deputy.get("/environment/").text
    assert "目前没有代表委托您代办" in deputy.get("/acting").text


def test_given_a_clerk_who_may_do_more_then_pages_offer_the_choice(
    centre: RunningCentre, address: str
) -> None:
    """In the head of each; on the start their own work stands."""
    grant(centre.services.state, OPERATOR, "lianluo", "officer", NOW_MS)
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        assert "等您办理" in client.get("/").text
        assert 'href="/acting"' in client.get("/environment/").text


def test_given_a_deputy_who_administers_when_a_clerk_acts_then_administration_stays_closed(
    centre: RunningCentre, acting: httpx.Client, deputy: httpx.Client
) -> None:
    """Nobody hands those permissions on."""
    services = centre.services
    administers = services.roles.by_id["administrator"].permissions
    assert {of.slug for of in administers} >= {"administration"}
    grant(services.state, OPERATOR, "daibiao", "administrator", NOW_MS)
    entered(acting, "lianluo")
    acting.post("/api/v1/session/act-for", json=DEPUTY)
    assert acting.get("/api/v1/operations").status_code == 200
    assert acting.get("/api/v1/session").json()["roles"] == ["deputy", "administrator"]
    assert "/administration/" not in acting.get("/environment/").text


@pytest.mark.parametrize("end", ["its last day", "the administrator", "the deputy is disabled"])
def test_given_a_clerk_who_acts_when_the_delegation_ends_then_the_next_request_is_their_own(
    centre: RunningCentre, acting: httpx.Client, end: str
) -> None:
    """And stays so though it should hold again, until the clerk says so anew."""
    if end == "its last day":
        put(centre, DELEGATION, until_day=day_of(centre.clock.now_ms))
        centre.clock.now_ms += 11 * HOUR_MS
        assert BANNER in acting.get("/environment/").text
        centre.clock.now_ms += HOUR_MS
    elif end == "the administrator":
        put(centre, DELEGATION, until_day=day_of(centre.clock.now_ms - DAY_MS))
    else:
        with centre.services.state.begin() as connection:
            gone = sa.update(ACCOUNT).where(ACCOUNT.c.username == "daibiao")
            connection.execute(gone.values(disabled_ms=NOW_MS))
    assert BANNER not in acting.get("/environment/").text
    who = acting.get("/api/v1/session").json()
    assert (who["username"], who["acting"]) == ("lianluo", None)
    assert audited(centre, "act-for-oneself") == [("lianluo", "", "lianluo")]
    put(centre, DELEGATION, until_day=None)
    put(centre, ACCOUNT, disabled_ms=None)
    assert acting.get("/api/v1/session").json()["username"] == "lianluo"


def test_given_a_clerk_who_acts_when_the_deputys_rights_change_then_the_clerk_signs_in_anew(
    centre: RunningCentre, acting: httpx.Client
) -> None:
    """As the deputy must."""
    grant(centre.services.state, OPERATOR, "daibiao", "officer", NOW_MS)
    assert acting.get("/api/v1/session").status_code == 401


def test_a_session_that_ends_takes_acting_with_it(
    centre: RunningCentre, acting: httpx.Client
) -> None:
    """After signing in again the clerk is the clerk."""
    assert acting.post("/sign-out").status_code == 303
    with centre.services.state.read() as connection:
        assert connection.execute(sa.select(SESSION)).first() is None
    entered(acting, "lianluo")
    assert acting.get("/api/v1/session").json()["acting"] is None
