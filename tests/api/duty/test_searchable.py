"""Meetings and surveys in the search: for the office, and for those who are invited or asked."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.platforms.duty.searchable.actions import fill, follow
from api.search.index import SearchIndex
from config.vocabulary.time import HOUR_MS
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import details, hands, own, sent, step

SURVEY = {"title": "污水厂满意度", "intro": "请谈异味", "last_day": "2026-12-10"}


@pytest.fixture
def people(address: str) -> Iterator[list[httpx.Client]]:
    """The clerk, and deputies of two delegations."""
    with hands(address, "lianluo", "daibiao", "xuhui") as clients:
        yield clients


def found(client: httpx.Client, text: str) -> list[str]:
    """The addresses of what somebody finds."""
    return [
        hit["address"] for hit in client.get("/api/v1/search", params={"q": text}).json()["hits"]
    ]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_meeting_then_those_invited_and_the_office_find_it_and_each_comes_to_the_own_page(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """Not as a draft; and nobody whose invitation was taken back."""
    clerk, deputy, other = people
    core = core_of(centre)
    clerk.post("/duty/meetings/new", data=details(title="草拟的座谈"))
    meeting = sent(clerk, units=["jinsha-delegation"])
    follow(core)
    path = f"/duty/found/meeting/{meeting}"
    assert found(clerk, "座谈") == [path]
    assert found(deputy, "着便装") == [path]
    assert found(other, "着便装") == []
    invitation = own(deputy, meeting)
    led = deputy.get(path)
    assert led.headers["location"] == f"/duty/meetings/invitations/{invitation}"
    assert clerk.get(path).headers["location"] == f"/duty/meetings/{meeting}"
    assert other.get(path).status_code == 404
    assert step(clerk, f"/guests/{invitation}", "revoke", reason="名单有误").status_code == 200
    follow(core)
    assert found(deputy, "着便装") == []
    assert found(clerk, "着便装") == [path]


def test_given_a_survey_then_those_who_are_asked_find_it_from_its_opening_on(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """Also when the search is written anew, long after anything was done with it."""
    clerk, deputy, other = people
    core = core_of(centre)
    made = clerk.post("/duty/surveys/new", data=SURVEY | {"units": "jinsha-delegation"})
    survey = made.headers["location"].partition("?")[0]
    asked = {"kind": "text", "text": "哪里还有怪味", "longest": "200", "required": "true"}
    clerk.post(f"{survey}/questions/new", data=asked)
    follow(core)
    assert found(clerk, "怪味") == []
    assert clerk.post(f"{survey}/steps/open").status_code == 303
    centre.clock.now_ms += 2 * HOUR_MS
    SearchIndex(centre.services.state).empty("duty")
    follow(core)
    assert found(clerk, "怪味") == []
    fill(core)
    number = survey.rpartition("/")[2]
    path = f"/duty/found/survey/{number}"
    assert (found(clerk, "怪味"), found(deputy, "怪味"), found(other, "怪味")) == (
        [path],
        [path],
        [],
    )
    assert deputy.get(path).headers["location"] == f"/duty/my-surveys/{number}"
