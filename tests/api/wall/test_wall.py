"""The wall: everybody's numbers, nobody's name, and no word of calm that is not so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Level
from api.accounts.records import Account
from api.cases.tables import COPY
from api.deadlines.repository import Deadlines
from api.platforms.judicial.letters.tables import LETTER
from api.platforms.judicial.low_counts import LEAST
from api.ports import Figure, Reference
from api.roster import ROSTER
from api.services import Services
from api.shape import Platform, no_figures
from api.wall.manifest import PLATFORM as WALL
from config.vocabulary.time import DAY_MS
from config.working_days import load
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered, spill
from tests.api.deadline_rules import CLERK, LAW, started
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note, write
from tests.api.toy_second.manifest import PLATFORM as SECOND

API = "/api/v1/wall"
FIVE = ("environment", "duty", "budget", "judicial", "documents")
SECRET = "某案卷的题目"
HOLDERS = ("daibiao", "huanbao", "lianluo", "daigongwei")
"""Somebody of each role that sees the wall."""


def counted(_services: Services, account: Account) -> Sequence[Figure]:
    """A number that officers alone may know."""
    if "officer" not in account.roles:
        return []
    return [Figure("toy.title", 37, "wall.unit-thing", "/toy/")]


def fails(_services: Services, _account: Account) -> Sequence[Figure]:
    """No database answers."""
    raise OSError


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """A sixth platform, and a seventh that fails."""
    return (*ROSTER, replace(TOY, figures=counted), replace(SECOND, figures=fails))


@pytest.fixture
def supervisor(address: str) -> Iterator[httpx.Client]:
    """Somebody who sees restricted things, too."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "daigongwei")


def part(client: httpx.Client, name: str) -> str:
    """The text of a part of the page."""
    page = client.get("/wall/").text
    found = re.search(rf'<(\w+)\b[^>]*id="{name}"(.*?)</\1>', page, re.DOTALL)
    assert found
    return re.sub(r"<[^>]*>|\s+", " ", found[2])


def calm(centre: RunningCentre) -> None:
    """Every station is heard."""
    values = {"water": {"w01001": 7.5, "w01009": 7.0}, "air": {"a34004": 40.0}}
    for station in centre.services.catalogue.stations.values():
        for code, value in values[station.kind].items():
            centre.measured(f"{station.id}/{code}", [value] * 12)


def test_given_stations_that_nobody_hears_then_the_wall_claims_no_calm(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Silence is no news; calm is said when all are heard and no alert stands."""
    assert "10 个站点情况不明" in part(deputy, "wall-state")
    assert deputy.get(API).json()["tone"] == "unknown"
    calm(centre)
    centre.clock.now_ms += 1
    assert "现在没有报警" in part(deputy, "wall-state")
    centre.put(spill(about="maintenance"))
    assert "没有污染报警，有 1 条其他报警" in part(deputy, "wall-state")
    assert deputy.get(API).json()["tone"] == "unknown"


def test_given_alerts_then_a_station_bears_the_gravest_and_the_list_begins_with_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Six stand, four are told, and how many more is told as well."""
    for number, level in enumerate((Level.NOTICE, Level.CRITICAL, Level.ALARM) * 2):
        began_ms = NOW_MS - 1000 * number
        centre.put(spill(id=str(number) * 20, level=level, began_ms=began_ms))
    found = deputy.get(API).json()
    marks = {one["station"]: one["mark"] for one in found["stations"]}
    assert (marks["tonglv-pingchao"], marks["tonglv-erjia"]) == ("critical", "unknown")
    assert (found["tone"], found["alerts"], found["polluted"]) == ("bad", 6, 1)
    listed = part(deputy, "wall-alerts")
    assert re.findall("严重|警告|关注|提示", listed) == ["严重", "严重", "警告", "警告"]
    assert "另有 2 条" in listed
    row = re.search(r'data-key="tonglv-pingchao"(.*?)</tr>', deputy.get("/wall/").text, re.DOTALL)
    assert row
    assert "严重" in row[1]


@pytest.mark.usefixtures("no_alerts_for_clerks")
def test_given_somebody_who_may_not_open_an_alert_then_no_link_leads_there(
    centre: RunningCentre, deputy: httpx.Client, address: str
) -> None:
    """Who has nothing to do with alerts sees on the wall that one stands."""
    alert = centre.put(spill())
    link = f'href="/environment/alerts/{alert.id}"'
    assert link in deputy.get("/wall/").text
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        assert link not in client.get("/wall/").text
        assert "通吕运河平潮断面" in part(client, "wall-alerts")


def test_every_platform_of_the_five_tells_numbers_and_each_opens_what_it_counts(
    address: str,
) -> None:
    """For whoever sees the number; the words are there in the page."""
    assert {of.slug for of in ROSTER if of.figures is not no_figures} == set(FIVE)
    for username in HOLDERS:
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, username)
            shown = client.get(API).json()["figures"]
            assert shown
            for one in shown:
                assert client.get(one["path"]).status_code == 200, (username, one)
            if username == "daigongwei":
                assert {one["platform"] for one in shown} == set(FIVE)


def test_a_sixth_platform_shows_its_number_and_one_that_fails_is_named(
    officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Nothing else was touched; whoever may not know the number is not told a 0."""
    page = officer.get("/wall/").text
    assert re.search(r"<b>37</b>\s*件", page)
    assert "文件柜现在没有回答" in page
    assert "正常上数的站点" in page
    assert "toy" not in {one["platform"] for one in deputy.get(API).json()["figures"]}
    assert "37" not in part(deputy, "wall-figures")


@pytest.mark.parametrize("count", [LEAST - 1, LEAST])
def test_given_few_letters_then_their_number_stays_hidden(
    centre: RunningCentre, supervisor: httpx.Client, count: int
) -> None:
    """Low counts point at persons."""
    row = {
        "state": "received",
        "version": 1,
        "received_day": date(2026, 11, 20),
        "registered_day": date(2026, 11, 20),
        "way": "letter",
        "kind": "complaint",
        "topic": "court",
        "summary": "要求公开",
        "secrecy": 1,
    }
    with centre.services.state.begin() as connection:
        for _letter in range(count):
            connection.execute(sa.insert(LETTER).values(**row))
    found = supervisor.get(API).json()["figures"]
    (letters,) = [one for one in found if one["path"] == "/judicial/letters"]
    assert letters["number"] == (None if count < LEAST else count)
    assert (f"不足 {LEAST}" in supervisor.get("/wall/").text) == (count < LEAST)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_case_that_not_everybody_may_know_then_the_wall_only_counts_it(
    centre: RunningCentre, supervisor: httpx.Client, deputy: httpx.Client
) -> None:
    """Nobody reads its title there, not even who keeps it; what is joined to a case counts too."""
    made = []
    for title, openness in (
        ("公开的", "internal"),
        (SECRET, "restricted"),
        (f"{SECRET}二", "open"),
    ):
        body = {"title": title, "matter": "事由", "openness": openness}
        made.append(supervisor.post("/api/v1/cases", json=body).json()["id"])
    joined = {
        "case_id": int(made[-1]),
        "platform": "toy",
        "kind": "note",
        "item": "1",
        "body": "{}",
        "hash": "0" * 64,
        "secrecy": 2,
        "why": "同一河段",
        "who": "daigongwei",
        "at_ms": NOW_MS,
    }
    with centre.services.state.begin() as connection:
        connection.execute(sa.insert(COPY).values(**joined))
    for client, hidden in ((supervisor, 2), (deputy, 0)):
        assert SECRET not in client.get("/wall/").text
        assert "公开的" in part(client, "wall-case")
        assert ("有 2 件不公开的案卷" in part(client, "wall-case")) == bool(hidden)
        found = client.get(API).json()
        assert (found["case"]["title"], found["hidden_cases"]) == ("公开的", hidden)


@pytest.mark.parametrize("kind", BOTH)
def test_given_terms_that_are_over_then_they_are_counted_and_never_named(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """One that pauses is not late, nor is one of a rule that nobody stands for; the day on which
    it is due is still in time.
    """
    deadlines = Deadlines(centre.services.state, LAW, load())
    said = Note("河边有异味", public=True)
    note = Reference("toy", "note", str(write(centre.services, said)))
    week_ago = date(2026, 11, 17)
    started(deadlines, "note.fixed", week_ago, subject=note)
    started(deadlines, "note.local", week_ago, subject=note)
    paused = started(deadlines, "note.answer", date(2026, 8, 25), subject=note)
    with centre.services.state.begin() as connection:
        deadlines.pause(connection, paused, "等鉴定", actor=CLERK, at_ms=NOW_MS)
    assert deputy.get(API).json()["overdue"] == []
    assert "没有逾期的事项" in part(deputy, "wall-overdue")
    centre.clock.now_ms += 3 * DAY_MS
    (late,) = deputy.get(API).json()["overdue"]
    assert late == {"platform": "toy", "count": 1, "first_due": "2026-11-24"}
    assert "最久的已超过 3 天" in part(deputy, "wall-overdue")
    assert "河边有异味" not in deputy.get("/wall/").text


def test_given_terms_of_hidden_things_then_nobody_reads_of_them_in_a_number(
    centre: RunningCentre, deputy: httpx.Client, supervisor: httpx.Client
) -> None:
    """Neither how many there are, nor since when the first is over."""
    deadlines = Deadlines(centre.services.state, LAW, load())
    for openness, day in (("restricted", 10), ("open", 13)):
        body = {"title": "案卷", "matter": "事由", "openness": openness}
        case = str(supervisor.post("/api/v1/cases", json=body).json()["id"])
        subject = Reference("cases", "case", case)
        started(deadlines, "note.fixed", date(2026, 11, day), subject=subject)
    (few,), (all_of_them,) = (of.get(API).json()["overdue"] for of in (deputy, supervisor))
    assert few == {"platform": "cases", "count": 1, "first_due": "2026-11-20"}
    assert all_of_them == {"platform": "cases", "count": 2, "first_due": "2026-11-17"}


def test_the_map_is_made_of_the_catalogues_own_coordinates(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """As GeoJSON, longitude first; nothing of how the stations stand."""
    centre.put(spill())
    found = deputy.get(f"{API}/map").json()
    by_id = {one["id"]: one for one in found["features"]}
    catalogue = centre.services.catalogue
    pingchao = catalogue.stations["tonglv-pingchao"]
    assert by_id["water/tonglv-pingchao"] == {
        "type": "Feature",
        "id": "water/tonglv-pingchao",
        "properties": {"kind": "water", "id": "tonglv-pingchao", "name": pingchao.name},
        "geometry": {"type": "Point", "coordinates": list(pingchao.position)},
    }
    river = by_id["river/tonglv"]["geometry"]
    assert river["type"] == "LineString"
    assert river["coordinates"] == [list(of) for of in catalogue.rivers["tonglv"].line]
    kinds = [one["properties"]["kind"] for one in found["features"]]
    assert (kinds.count("town"), kinds.count("river")) == (10, 2)
    assert len(kinds) == 12 + len(catalogue.stations)


def test_the_wall_hears_of_every_platform(deputy: httpx.Client) -> None:
    """It shows numbers of all of them, and is found by its name beside the platforms."""
    page = deputy.get("/wall/").text
    assert "toy.written" in page.partition("data-events=")[2].partition('"data')[0]
    assert 'href="/wall/"' in deputy.get("/").text
    assert WALL.beside
