"""The audit on its page: searched, counted, exported, in words, with the state of its chain."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from api import audit
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import OWN, Account, Grant, Reach
from api.accounts.repositories.people import People
from api.accounts.repositories.tokens import Tokens
from api.accounts.visibility import of_people
from api.administration.permission import AdministrationPermission
from api.audit import CENTRE, OPERATOR, Actor
from api.audit_chain.links import chain
from api.tables import MEMBERSHIP
from api.web.forms import Period
from config.settings import Settings
from config.vocabulary.reports import AuditPulse
from config.vocabulary.time import DAY_MS
from ingest.state.database import State, open_state
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, enrolled_now
from tests.api.recorded_actions import recorded
from tests.api.test_operations import PULSE
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)
ADDRESS = "/api/v1/administration/audit"


def put(
    state: State, by: Actor, action: str, subject: str = "", detail: str = "", at_ms: int = NOW_MS
) -> None:
    """A row."""
    with state.begin() as connection:
        audit.record(connection, by=by, action=action, subject=subject, detail=detail, at_ms=at_ms)


@pytest.fixture
def deeds(centre: RunningCentre) -> RunningCentre:
    """Of two days, before the sign-in of the test itself."""
    state = centre.services.state
    put(state, CENTRE, "audit.seal", "0", at_ms=NOW_MS - DAY_MS)
    put(state, OPERATOR, "person.reset", "daibiao", at_ms=NOW_MS - DAY_MS)
    put(state, Actor("lianluo", "daibiao"), "alert.acknowledge", "a1")
    put(state, Actor("huanbao"), "rule.save", "=rule", '{"why": "太敏感"}')
    put(state, Actor("token-7"), "of.before", "%")
    return centre


ALL = ["of.before", "rule.save", "alert.acknowledge", "person.reset", "audit.seal"]


def listed(client: httpx.Client, **asked: object) -> list[str]:
    """Actions of the API, the newest first, without the sign-in of the test itself."""
    answer = client.get(ADDRESS, params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["total"] == len(body["rows"])
    return [row["action"] for row in body["rows"] if row["action"] != "sign-in"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ALL, id="all"),
        pytest.param({"who": "huanbao"}, ALL[1:2], id="of a username"),
        pytest.param({"who": "李岚"}, ALL[1:2], id="of a person by name"),
        pytest.param({"who": "陈明"}, ALL[2:3], id="done for a person"),
        pytest.param({"who": "王芳"}, ALL[2:3], id="done by a clerk"),
        pytest.param({"who": "李"}, [], id="a part of a name is none"),
        pytest.param({"action": "rule.save"}, ALL[1:2], id="an action"),
        pytest.param({"subject": "daibiao"}, ALL[3:4], id="a subject"),
        pytest.param({"q": "敏感"}, ALL[1:2], id="a text of the detail"),
        pytest.param({"q": "TOKEN"}, ALL[:1], id="a text of who, in any case"),
        pytest.param({"q": "%"}, ALL[:1], id="no sign stands for others"),
        pytest.param({"until_day": "2026-11-23"}, ALL[3:], id="until a day"),
        pytest.param({"from_day": "2026-11-24"}, ALL[:3], id="from a day on"),
        pytest.param({"from_day": "2026-11-24", "who": OPERATOR.who}, [], id="both"),
    ],
)
def test_the_audit_shows_what_is_asked_for(
    deeds: RunningCentre,
    administrator: httpx.Client,
    asked: dict[str, object],
    found: list[str],
) -> None:
    """The newest first."""
    assert listed(administrator, **asked) == found


@pytest.mark.parametrize("asked", ["from_day=soon", "before=x", "most=3", "nothing=x"])
def test_given_a_search_that_cannot_be_then_the_page_refuses_it_in_words(
    administrator: httpx.Client, asked: str
) -> None:
    """An unknown field too: its answer would be taken for that of a narrower search."""
    assert administrator.get(f"/administration/audit?{asked}").status_code == 422


def rows_of(page: str) -> list[str]:
    """Rows of the page as text."""
    found = re.findall(r'<li class="row">(.*?)</li>', page, re.DOTALL)
    return [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", row))) for row in found]


def test_the_page_says_who_did_what_for_whom(
    deeds: RunningCentre, administrator: httpx.Client
) -> None:
    """Names beside usernames; the centre, the command line and a machine by what they are."""
    with deeds.services.state.begin() as connection:
        Tokens(deeds.services.state).add(
            connection, "0" * 64, "大屏", ["environment.see-stations"], "", "guanli", 0, 1
        )
    put(deeds.services.state, Actor("token-1"), "alert.review", "a2")
    machine, own, gone, officer, clerk, operator, itself = rows_of(
        administrator.get("/administration/audit").text
    )
    assert "登录 · guanli" in own
    assert "周平（guanli）" in own
    assert "复核报警 · a2" in machine
    assert "大屏（token-1）" in machine
    assert "of.before · %" in gone
    assert "token-7" in gone
    assert "修改报警规则" in officer
    assert '"why": "太敏感"' in officer
    assert "王芳（lianluo） 代 陈明（daibiao）" in clerk
    assert "服务器命令行" in operator
    assert "系统" in itself


def test_given_any_action_of_the_code_then_it_has_words(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """As the page shows it, in both languages."""
    for action in recorded():
        put(centre.services.state, Actor("huanbao"), action)
    for language in ("zh-CN", "en"):
        headers = {"Accept-Language": language}
        page = administrator.get("/administration/audit", headers=headers).text
        shown = {row.split(" · ")[0].strip() for row in rows_of(page)}
        assert not shown & recorded()


def test_a_long_audit_comes_in_pages_that_leave_none_out(
    deeds: RunningCentre, administrator: httpx.Client
) -> None:
    """Whatever enters meanwhile."""
    for n in range(120):
        put(deeds.services.state, Actor("huanbao"), "try", f"s{n}")
    shown, address = [], "/administration/audit?action=try"
    while address:
        page = administrator.get(address).text
        shown += re.findall(r"try · (s\d+)<", page)
        put(deeds.services.state, Actor("huanbao"), "try", "later")
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/administration/audit{html.unescape(older[1])}" if older else ""
    assert shown == [f"s{n}" for n in reversed(range(120))]


def test_the_table_has_every_row_no_formula_and_the_audit_who_took_it(
    deeds: RunningCentre, administrator: httpx.Client
) -> None:
    """With names beside usernames."""
    answer = administrator.get("/administration/audit.csv?until_day=2026-11-24&q=a")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    head, *rows = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert head[:3] == ["编号", "时间", "用户名"]
    assert [row[6] for row in rows[2:]] == ["rule.save", *ALL[2:]]
    saved, acknowledged = rows[2], rows[3]
    assert saved[8] == "'=rule"
    assert acknowledged[1:6] == ["2026-11-24 12:00:00", "lianluo", "王芳", "daibiao", "陈明"]
    (taken,) = administrator.get(ADDRESS, params={"action": "audit.export"}).json()["rows"]
    assert taken["who"] == "guanli"
    assert json.loads(taken["detail"]) == {"until_day": "2026-11-24", "q": "a"}


@pytest.mark.parametrize(
    ("checked", "said"),
    [
        pytest.param(None, "尚未核对", id="not yet"),
        pytest.param(AuditPulse(NOW_MS, 31), "审计链完整，已核对 31 条", id="whole"),
        pytest.param(AuditPulse(NOW_MS, 30, "row 31 is not as it was"), "row 31", id="broken"),
    ],
)
def test_the_page_says_whether_the_chain_is_whole_and_its_head(
    centre: RunningCentre, administrator: httpx.Client, checked: AuditPulse | None, said: str
) -> None:
    """As the core has checked it last."""
    pulse = msgspec.structs.replace(PULSE, audit=checked)
    centre.services.centre.hear("qy/v1/tongzhou/pulse", msgspec.json.encode(pulse))
    head = chain(centre.services.state, b"key")
    assert head is not None
    page = administrator.get("/administration/audit").text
    assert said in page
    assert str(head) in page
    found = administrator.get(ADDRESS).json()["chain"]
    assert (found["position"], found["head"]) == (head.position, head.chain)
    assert found["fault"] == (checked.fault if checked else None)


def test_given_an_administrator_of_a_unit_then_only_its_peoples_deeds_are_there(
    deeds: RunningCentre, stranger: httpx.Client
) -> None:
    """By them or for them; in list, count and table."""
    enrolled_now(deeds, Newcomer("fenguan", "孙立"), "right for the unit")
    with deeds.services.state.begin() as connection:
        grant = Grant("administrator", unit="government")
        People(deeds.services.state).grant(connection, "fenguan", grant)
    body = {"username": "fenguan", "password": "right for the unit"}
    assert stranger.post("/api/v1/session", json=body).status_code == 204
    assert listed(stranger) == ["rule.save"]
    table = stranger.get("/administration/audit.csv").text
    assert "rule.save" in table
    assert "alert.acknowledge" not in table


USERNAMES = ("ann", "bob", "cai")
PLACES = ("npc", "npc-office", "government")
BELOW = {"": set(USERNAMES), "npc": {"ann", "bob"}, "npc-office": {"bob"}, "government": {"cai"}}
DEED = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["", *USERNAMES, "token-1"]),
        "on_behalf": st.sampled_from(["", "", *USERNAMES]),
        "action": st.sampled_from(["one", "two"]),
        "subject": st.sampled_from(["", "x", "Y%"]),
        "detail": st.sampled_from(["", '{"why": "水"}', "100%"]),
        "at_ms": st.integers(0, 4).map(lambda days: NOW_MS - days * DAY_MS),
    }
)
DAYS = st.sampled_from(["", "2026-11-20", "2026-11-22", "2026-11-24", "2027-01-01"])
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "who": st.lists(st.sampled_from([*USERNAMES, "token-1"]), max_size=2),
        "action": st.sampled_from(["", "one"]),
        "subject": st.sampled_from(["", "x"]),
        "text": st.sampled_from(["", "y%", "水", "o", "_"]),
    },
)


@pytest.fixture
def empty(settings: Settings) -> Iterator[State]:
    """A state database with three people in three units."""
    state = open_state(settings)
    with state.begin() as connection:
        for username, unit in zip(USERNAMES, PLACES, strict=True):
            People(state).add(connection, username, username, "", OWN)
            row = {"username": username, "unit": unit, "post": ""}
            connection.execute(sa.insert(MEMBERSHIP).values(row))
    yield state
    state.close()


def holds(row: audit.Row, asked: Mapping[str, Any], period: Period, seen: set[str]) -> bool:
    """The rule in plain words."""
    people, text = {row.who, row.on_behalf}, asked.get("text", "").lower()
    columns = (row.who, row.on_behalf, row.action, row.subject, row.detail)
    return (
        bool(people & seen)
        and (not asked.get("who") or bool(people & set(asked["who"])))
        and asked.get("action", "") in ("", row.action)
        and asked.get("subject", "") in ("", row.subject)
        and any(text in of.lower() for of in columns)
        and (period.from_ms is None or row.at_ms >= period.from_ms)
        and (period.until_ms is None or row.at_ms < period.until_ms)
    )


@tries(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(DEED, max_size=6),
    asked=ASKED,
    days=st.tuples(DAYS, DAYS),
    reached=st.lists(st.sampled_from(["", *PLACES]), max_size=2),
)
def test_the_count_is_that_of_the_rows_and_the_rows_are_those_of_a_plain_reading(
    empty: State,
    rows: list[dict[str, Any]],
    asked: dict[str, Any],
    days: tuple[str, str],
    reached: list[str],
) -> None:
    """For every search and every administrator; rows of earlier tries are among them."""
    for row in rows:
        given_by = Actor(row.pop("who"), row.pop("on_behalf"))
        put(empty, given_by, **row)
    permission = AdministrationPermission.SEE_AUDIT
    reaches = tuple(Reach(frozenset({permission}), unit) for unit in reached)
    people = of_people(Account("x", "x", reaches=reaches), permission, "2026-11-24")
    seen = set().union(*(BELOW[unit] for unit in reached))
    seen |= {"", "token-1"} if "" in reached else set()
    period = Period.model_validate({"from_day": days[0], "until_day": days[1]})
    chosen = audit.Asked(**asked, among=people, from_ms=period.from_ms, until_ms=period.until_ms)
    expected = [of for of in audit.rows(empty) if holds(of, asked, period, seen)]
    assert list(audit.rows(empty, **chosen)) == expected
    assert audit.count(empty, **chosen) == len(expected)
    assert audit.search(empty, most=2, **chosen) == expected[:2]
