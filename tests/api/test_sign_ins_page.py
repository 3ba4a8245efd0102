"""The log of sign-ins: searched, counted, exported; an administrator of a unit sees its people's."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import OWN, Account, Grant, Reach
from api.accounts.repositories.people import People
from api.accounts.repositories.sign_ins import Outcome, SignIns
from api.accounts.visibility import of_people
from api.administration.permission import AdministrationPermission
from api.administration.sign_ins import repository
from api.administration.sign_ins.records import Asked
from api.tables import AUDIT, MEMBERSHIP, SIGN_IN
from config.settings import Settings
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.state.database import State, open_state
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, enrolled_now
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI"
)
DESK = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)


@pytest.fixture
def kept(centre: RunningCentre) -> RunningCentre:
    """Attempts of two days, before those of the test itself."""
    log = SignIns(centre.services.state)
    log.note("signed-in", "daibiao", "10.0.0.1", PHONE, NOW_MS - DAY_MS)
    for n in range(3):
        log.note("wrong-password", "daibiao", "10.0.0.2", DESK, NOW_MS - 10 * MINUTE_MS + n)
    log.note("disabled", "huanbao", "10.0.0.1", DESK, NOW_MS - 9 * MINUTE_MS)
    log.note("wrong-password", "=nobody", "10.0.0.3", "", NOW_MS - 8 * MINUTE_MS)
    return centre


def listed(client: httpx.Client, **asked: object) -> list[tuple[str, str]]:
    """Usernames and outcomes of the API, the newest first; those of the test itself left out."""
    answer = client.get("/api/v1/administration/sign-ins", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    return [(of["username"], of["outcome"]) for of in rows if of["address"] != "127.0.0.1"]


ALL = [
    ("=nobody", "wrong-password"),
    ("huanbao", "disabled"),
    ("daibiao", "wrong-password"),
    ("daibiao", "signed-in"),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({}, ALL, id="all"),
        pytest.param({"username": "daibiao"}, ALL[2:], id="of a username"),
        pytest.param({"address": "10.0.0.1"}, [ALL[1], ALL[3]], id="from an address"),
        pytest.param({"q": "BODY"}, ALL[:1], id="a part of the username"),
        pytest.param({"q": "0.0.2"}, ALL[2:3], id="a part of the address"),
        pytest.param({"q": "%"}, [], id="no sign stands for others"),
        pytest.param({"outcome": "disabled"}, ALL[1:2], id="of an outcome"),
        pytest.param({"outcome": "refused"}, ALL[:3], id="all that came to nothing"),
        pytest.param({"until_day": "2026-11-23"}, ALL[3:], id="until a day"),
        pytest.param({"from_day": "2026-11-24"}, ALL[:3], id="from a day on"),
        pytest.param({"from_day": "9999-12-31"}, [], id="from the last day on"),
        pytest.param({"until_day": "0001-01-01"}, [], id="until the first day"),
    ],
)
def test_the_log_shows_what_is_asked_for(
    kept: RunningCentre,
    administrator: httpx.Client,
    asked: dict[str, object],
    found: list[tuple[str, str]],
) -> None:
    """The newest first."""
    assert listed(administrator, **asked) == found


@pytest.mark.parametrize("asked", ["outcome=none", "from_day=tomorrow", "before=-1", "who=x"])
def test_given_a_search_that_cannot_be_then_it_is_refused(
    administrator: httpx.Client, asked: str
) -> None:
    """On the page in words."""
    assert administrator.get(f"/api/v1/administration/sign-ins?{asked}").status_code == 422
    assert administrator.get(f"/administration/sign-ins?{asked}").status_code == 422


def test_the_page_says_name_outcome_device_and_how_often(
    kept: RunningCentre, administrator: httpx.Client
) -> None:
    """In plain words; the same attempt within a minute is one row."""
    page = re.sub(r"\s+", " ", administrator.get("/administration/sign-ins?q=10.0.0").text)
    rows = re.findall(r'<li class="row">(.*?)</li>', page)
    assert len(rows) == 4
    assert "没有这个账号 · =nobody" in rows[0]
    assert "陈明 · daibiao" in rows[2]
    assert "用户名或密码不对 × 3" in rows[2]
    assert "Windows 电脑上的Edge 浏览器" in rows[2]
    assert "登录成功<" in rows[3]
    assert "iPhone上的微信" in rows[3]


def test_a_long_log_comes_in_pages_that_leave_none_out(
    kept: RunningCentre, administrator: httpx.Client
) -> None:
    """Each begins behind the last row of the one before, whatever enters meanwhile."""
    found, before = [], 0
    while before is not None:
        body = administrator.get(
            "/api/v1/administration/sign-ins", params={"most": 2, "before": before}
        ).json()
        found += [row["id"] for row in body["rows"]]
        before = body["next"]
    assert len(found) == len(set(found)) == body["total"]
    assert found == sorted(found, reverse=True)
    for n in range(60):
        SignIns(kept.services.state).note("slowed", f"u{n}", "10.1.1.1", "", NOW_MS)
    first = administrator.get("/administration/sign-ins?q=10.1.1.1").text
    (older,) = re.findall(r'href="\?(q=10.1.1.1&amp;before=\d+)"', first)
    second = administrator.get(f"/administration/sign-ins?{older.replace('&amp;', '&')}").text
    shown = [re.findall(r"没有这个账号 · (u\d+)<", page) for page in (first, second)]
    assert [len(of) for of in shown] == [50, 10]
    assert shown[0] + shown[1] == [f"u{n}" for n in reversed(range(60))]


def test_the_table_has_every_row_no_formula_and_the_audit_who_took_it(
    kept: RunningCentre, administrator: httpx.Client
) -> None:
    """A name that a spreadsheet would reckon stays text."""
    answer = administrator.get("/administration/sign-ins.csv?q=10.0.0")
    assert answer.headers["content-disposition"] == 'attachment; filename="sign-ins.csv"'
    head, *rows = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert head[:4] == ["时间", "用户名", "姓名", "结果"]
    assert [row[1] for row in rows] == ["'=nobody", "huanbao", "daibiao", "daibiao"]
    assert rows[2][:5] == ["2026-11-24 11:50:00", "daibiao", "陈明", "用户名或密码不对", "3"]
    with kept.services.state.read() as connection:
        (row,) = connection.execute(sa.select(AUDIT).where(AUDIT.c.action == "sign-in.export"))
    assert (row.who, json.loads(row.detail)) == ("guanli", {"q": "10.0.0"})


def test_given_an_administrator_of_a_unit_then_only_its_peoples_sign_ins_are_there(
    kept: RunningCentre, stranger: httpx.Client
) -> None:
    """In list, count and table; a name that nobody has is nobody's of the unit."""
    enrolled_now(kept, Newcomer("fenguan", "孙立"), "right for the unit")
    with kept.services.state.begin() as connection:
        grant = Grant("administrator", unit="government")
        People(kept.services.state).grant(connection, "fenguan", grant)
    body = {"username": "fenguan", "password": "right for the unit"}
    assert stranger.post("/api/v1/session", json=body).status_code == 204
    answer = stranger.get("/api/v1/administration/sign-ins").json()
    assert [row["username"] for row in answer["rows"]] == ["huanbao"]
    assert answer["total"] == 1
    table = stranger.get("/administration/sign-ins.csv").text
    assert "huanbao" in table
    assert "daibiao" not in table


OUTCOMES = get_args(Outcome)
USERNAMES = ("ann", "bob", "cai")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "fd00::")
PLACES = ("npc", "npc-office", "government")
ATTEMPT = st.tuples(
    st.sampled_from(OUTCOMES),
    st.sampled_from(USERNAMES),
    st.sampled_from(ADDRESSES),
    st.integers(0, 5).map(lambda days: NOW_MS - days * DAY_MS),
)
DAYS = st.just("") | st.dates().filter(lambda day: day.year in range(2020, 2030))
ASKED = st.builds(
    Asked,
    q=st.sampled_from(["", "a", "0.0", "::", "zz"]),
    username=st.sampled_from(["", *USERNAMES]),
    address=st.sampled_from(["", *ADDRESSES]),
    outcome=st.sampled_from(["", "refused", *OUTCOMES]),
    from_day=DAYS | st.sampled_from(["2026-11-20", "2026-11-22"]),
    until_day=DAYS | st.sampled_from(["2026-11-20", "2026-11-22"]),
)


@pytest.fixture
def log(settings: Settings) -> Iterator[State]:
    """A state database with three people in three units."""
    state = open_state(settings)
    people = People(state)
    with state.begin() as connection:
        for username, unit in zip(USERNAMES, PLACES, strict=True):
            people.add(connection, username, username, "", OWN)
            connection.execute(sa.insert(MEMBERSHIP).values(username=username, unit=unit, post=""))
    yield state
    state.close()


@tries(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    attempts=st.lists(ATTEMPT, max_size=12),
    asked=ASKED,
    reached=st.lists(st.sampled_from(["", *PLACES]), max_size=2),
)
def test_the_count_is_that_of_the_rows_and_the_rows_are_those_of_a_plain_reading(
    log: State, attempts: list[tuple[Any, str, str, int]], asked: Asked, reached: list[str]
) -> None:
    """For every search and every administrator; in pages as at once."""
    with log.begin() as connection:
        connection.execute(sa.delete(SIGN_IN))
    for attempt in attempts:
        SignIns(log).note(*attempt[:3], "", attempt[3])
    permission = AdministrationPermission.SEE_SIGN_INS
    reaches = tuple(Reach(frozenset({permission}), unit) for unit in reached)
    people = of_people(Account("x", "x", reaches=reaches), permission, "2026-11-24")
    with log.read() as connection:
        every = connection.execute(sa.select(SIGN_IN).order_by(SIGN_IN.c.id.desc())).all()
    below = {"npc": {"ann", "bob"}, "npc-office": {"bob"}, "government": {"cai"}}
    seen = set(USERNAMES) if "" in reached else set().union(*(below[of] for of in reached))
    expected = [
        row.id
        for row in every
        if row.username in seen
        and (not asked.q or asked.q in row.username or asked.q in row.address)
        and asked.username in ("", row.username)
        and asked.address in ("", row.address)
        and (
            asked.outcome in ("", row.outcome)
            or (asked.outcome == "refused" and row.outcome not in ("signed-in", "begun"))
        )
        and (asked.from_ms is None or row.at_ms >= asked.from_ms)
        and (asked.until_ms is None or row.at_ms < asked.until_ms)
    ]
    assert [of.id for some in repository.slices(log, asked, people) for of in some] == expected
    assert repository.count(log, asked, people) == len(expected)
    assert [of.id for of in repository.search(log, asked, people, before=0, most=3)] == (
        expected[:3]
    )
