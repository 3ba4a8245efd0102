"""The list of alerts: searched, narrowed, ordered, a page at a time, and as a table."""

from __future__ import annotations

import csv
import re

import httpx
import pytest

from alerting.alert import Level, State
from api.platforms.environment.alerts.pages import A_PAGE
from tests.api.conftest import NOW_MS, RunningCentre, spill

MINUTE_MS = 60_000


@pytest.fixture
def four(centre: RunningCentre) -> RunningCentre:
    """Of two stations, each with one that stands and one that is over."""
    for n, (station, level, state) in enumerate(
        [
            ("tonglv-pingchao", Level.ALARM, State.FIRING),
            ("tonglv-pingchao", Level.CRITICAL, State.RESOLVED),
            ("tonglv-jinsha", Level.CRITICAL, State.FIRING),
            ("tonglv-jinsha", Level.WARNING, State.RESOLVED),
        ]
    ):
        fired_ms = NOW_MS - n * MINUTE_MS
        ended = NOW_MS if state is State.RESOLVED else None
        centre.put(
            spill(
                id=str(n) * 20,
                station=station,
                level=level,
                state=state,
                fired_ms=fired_ms,
                resolved_ms=ended,
            )
        )
    return centre


def listed(client: httpx.Client, query: str) -> list[str]:
    """First digits of the ids, in the order of the page."""
    return re.findall(r'data-key="(\d)\d{19}"', client.get(f"/environment/alerts{query}").text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", "0213", id="standing ones first, then the newest"),
        pytest.param("?order=newest", "0123", id="the newest first"),
        pytest.param("?order=level", "1203", id="the highest level first"),
        pytest.param("?show=firing", "02", id="those that stand"),
        pytest.param("?q=平潮", "01", id="a part of the station's name"),
        pytest.param("?q=氨氮超标", "0213", id="a part of the rule's name"),
        pytest.param("?q=nothing", "", id="a word that none has"),
        pytest.param("?station=tonglv-jinsha", "23", id="of a station"),
        pytest.param("?level=critical", "21", id="of a level"),
        pytest.param("?level=critical&show=firing&q=", "2", id="all of it at once"),
    ],
)
def test_the_list_shows_what_is_asked_for(
    four: RunningCentre, deputy: httpx.Client, query: str, found: str
) -> None:
    """In the order that is asked for."""
    assert listed(deputy, query) == list(found)


def test_one_that_was_acknowledged_comes_after_those_that_wait_for_it(
    four: RunningCentre, deputy: httpx.Client
) -> None:
    """Of those that stand."""
    deputy.post(f"/environment/alerts/{'0' * 20}/acknowledge")
    assert listed(deputy, "?show=firing") == ["2", "0"]


def test_a_long_list_comes_in_pages_that_leave_none_out(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The second page is linked with what was asked for."""
    for n in range(A_PAGE + 3):
        centre.put(spill(id=f"{n:020}", fired_ms=NOW_MS - n))
    first = deputy.get("/environment/alerts?level=alarm").text
    assert f"共 {A_PAGE + 3} 条报警" in first
    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = deputy.get(f"/environment/alerts{onward.replace('&amp;', '&')}").text
    keys = re.findall(r'data-key="(\d{20})"', first + second)
    assert keys == [f"{n:020}" for n in range(A_PAGE + 3)]


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?level=worst", "?order=random"])
def test_what_no_form_asks_is_refused_in_words(deputy: httpx.Client, query: str) -> None:
    """An address that somebody wrote by hand."""
    assert deputy.get(f"/environment/alerts{query}").status_code == 422


def test_the_table_has_every_alert_of_the_search_and_no_formula(
    four: RunningCentre, officer: httpx.Client
) -> None:
    """A note that begins as a formula stays text; spreadsheets know the encoding by its mark."""
    review = {"verdict": "true-alarm", "note": '=HYPERLINK("http://x")'}
    assert officer.post(f"/api/v1/alerts/{'0' * 20}/review", json=review).is_success
    answer = officer.get("/environment/alerts.csv?station=tonglv-pingchao")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("\ufeff")
    heads, *rows = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
    assert len(rows) == 2
    assert all(len(row) == len(heads) for row in rows)
    row = dict(zip(heads, rows[0], strict=True))
    assert row["站点"] == "通吕运河平潮断面"
    assert row["触发"] == "2026-11-24 12:00:00"
    assert row["复核说明"].startswith("'=")


def test_the_table_is_for_those_who_signed_in(stranger: httpx.Client) -> None:
    """Nobody else is given it."""
    assert stranger.get("/environment/alerts.csv").status_code == 303
