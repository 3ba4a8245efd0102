"""The list of alerts goes by events, and many alerts are reviewed at once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import httpx
import pytest

from alerting.alert import Alert, Change, Level, State, Transition
from api.platforms.environment.alerts.actions import MOST_REVIEWED
from api.platforms.environment.alerts.pages import A_PAGE
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.api.telling import Core
from tests.api.test_alerts import text_of
from tests.api.test_event_reviews import audited, verdicts
from tests.phrases import has

PAGE = "/environment/alerts"
TRUE = {"verdict": "true-alarm", "note": "已现场核查"}
both = pytest.mark.parametrize("kind", BOTH)


def ended(letter: str, **changes: object) -> Alert:
    """An alert that is over and of no event."""
    return spill(**({"id": letter * 20, "state": State.RESOLVED, "resolved_ms": NOW_MS} | changes))


def put_all(centre: RunningCentre, alerts: Iterable[Alert]) -> None:
    """On record at once."""
    rows = [Transition(Change.FIRED, of, of.fired_ms, "") for of in alerts]
    with centre.services.state.begin() as connection:
        centre.services.alerts.record(connection, 1, rows)


def cards(client: httpx.Client, query: str = "") -> dict[str, str]:
    """By first letter of each card its value in the form."""
    text = client.get(PAGE + query).text
    return {of[0]: of for of in re.findall(r'name="chosen" value="([^"]+)"', text)}


def state_of(client: httpx.Client, query: str) -> str:
    """The state of all that the filter finds, as the form has it."""
    (found,) = re.findall(r'name="state" value="([^"]+)"', client.get(PAGE + query).text)
    return str(found)


def sent(client: httpx.Client, query: str = "", /, **written: object) -> httpx.Response:
    return client.post(f"{PAGE}/review{query}", data=TRUE | written)


@both
def test_alerts_of_one_event_are_one_card_with_its_stations_and_levels(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Given two stations of a river, one of them at two levels, when the list is read, then there
    is one card that leads to the event, names both stations and leads to each alert.
    """
    core = Core(centre)
    centre.put(spill())
    centre.put(spill(id="b" * 20, level=Level.CRITICAL))
    event = core.raised(spill(id="c" * 20, station="tonglv-jinsha"))
    centre.put(ended("d"))

    answer = deputy.get(PAGE)

    assert has(text_of(answer), "alerts.found", n=4, events=2)
    assert answer.text.count(f'class="card alert critical firing" href="{PAGE[:-7]}/events') == 1
    assert f'href="/environment/events/{event}"' in answer.text
    text = text_of(answer)
    assert "通吕运河平潮断面" in text
    assert "通吕运河金沙断面" in text
    for letter in "abcd":
        assert f'href="{PAGE}/{letter * 20}"' in answer.text


@both
@pytest.mark.parametrize(
    ("query", "events", "alerts"),
    [
        ("?show=firing", 1, 2),
        ("?show=all&level=critical", 1, 1),
        ("?show=all&order=level", 2, 3),
        ("?show=all&order=newest&hours=24", 1, 2),
        ("?show=waiting", 1, 1),
    ],
)
def test_the_list_counts_what_the_filter_finds(
    centre: RunningCentre, deputy: httpx.Client, query: str, events: int, alerts: int
) -> None:
    """By alerts and by events. What somebody of one's role acknowledged waits no more."""
    core = Core(centre)
    centre.put(spill())
    event = core.raised(spill(id="b" * 20, level=Level.CRITICAL))
    centre.put(ended("c", fired_ms=NOW_MS - 2 * DAY_MS))
    deputy.post(f"/api/v1/events/{event}/acknowledge")
    assert has(text_of(deputy.get(PAGE + query)), "alerts.found", n=alerts, events=events)


@both
def test_chosen_cards_are_reviewed_and_no_others(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """With all their alerts that nobody had reviewed, and a row of the audit for each."""
    core = Core(centre)
    centre.put(spill())
    core.raised(spill(id="b" * 20, station="tonglv-jinsha"))
    put_all(centre, [ended("c"), ended("d")])
    found = cards(officer)

    answer = sent(officer, "?show=all&page=1", chosen=[found["a"], found["d"]])

    assert answer.is_redirect
    assert has(text_of(officer.get(answer.headers["location"])), "alerts.reviewed", n=3)
    own = ("true-alarm", "huanbao")
    assert verdicts(centre) == {"a": own, "b": own, "c": None, "d": own}
    assert [row[:2] for row in audited(centre)] == [("huanbao", of) for of in "abd"]


@both
def test_all_that_match_are_those_of_the_filter(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """On other pages too; withdrawn ones and those of another level are left alone."""
    put_all(
        centre,
        [
            ended("a"),
            ended("b", level=Level.WARNING),
            ended("c", state=State.WITHDRAWN),
            ended("d"),
        ],
    )
    query = "?show=all&level=alarm"
    assert sent(officer, query, which="all", state=state_of(officer, query)).is_redirect
    own = ("true-alarm", "huanbao")
    assert verdicts(centre) == {"a": own, "b": None, "c": None, "d": own}


@both
@pytest.mark.parametrize(
    ("written", "status", "key"),
    [
        ({}, 422, "alerts.wrong-none"),
        ({"chosen": ["nonsense"]}, 422, "alerts.wrong-none"),
        ({"chosen": ["a" * 20 + ":1-5"]}, 409, "alerts.wrong-changed"),
        ({"chosen": ["z" * 20 + ":1-5"]}, 409, "alerts.wrong-changed"),
        ({"which": "all", "state": "1-5"}, 409, "alerts.wrong-changed"),
        ({"which": "all"}, 409, "alerts.wrong-changed"),
    ],
)
def test_what_is_not_as_it_was_seen_is_refused_whole(
    centre: RunningCentre,
    officer: httpx.Client,
    written: dict[str, object],
    status: int,
    key: str,
) -> None:
    """In words, with all that was written; and nothing is kept."""
    centre.put(ended("a"))
    answer = sent(officer, **written)
    assert answer.status_code == status
    assert has(text_of(answer), key)
    assert f">{TRUE['note']}</textarea>" in answer.text
    assert audited(centre) == []


@both
def test_a_verdict_is_needed_and_the_choice_stays(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Whoever forgets it finds what was ticked still ticked."""
    centre.put(ended("a"))
    value = cards(officer)["a"]
    answer = sent(officer, chosen=[value], verdict="")
    assert answer.status_code == 422
    assert has(text_of(answer), "alert.wrong-verdict")
    assert f'value="{value}" checked' in answer.text


@both
def test_many_are_reviewed_by_officers_alone(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """A deputy finds neither boxes nor form, and is refused; so is a page of another site."""
    centre.put(ended("a"))
    value = cards(officer)["a"]
    assert "chosen" not in deputy.get(PAGE).text
    assert sent(deputy, chosen=[value]).status_code == 403
    elsewhere = {"origin": "http://evil"}
    data = TRUE | {"chosen": [value]}
    assert officer.post(f"{PAGE}/review", data=data, headers=elsewhere).status_code == 403
    assert audited(centre) == []


def test_five_thousand_alerts_come_by_pages_and_are_reviewed_in_bounds(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Given 5,000 alerts, when they are read page by page, then each stands on one page; when all
    are to be reviewed at once, then the bound is said, and a narrower filter lets it.
    """
    many = 5000
    put_all(
        centre,
        (
            ended(
                "",
                id=f"{n:020}",
                level=Level.CRITICAL if n < MOST_REVIEWED else Level.ALARM,
                fired_ms=NOW_MS - n * HOUR_MS,
            )
            for n in range(many)
        ),
    )
    first = officer.get(PAGE)
    last = officer.get(f"{PAGE}?page={-(-many // A_PAGE)}")
    assert has(text_of(first), "alerts.found", n=many, events=many)
    keys = [re.findall(r'data-key="(\d{20})"', of.text) for of in (first, last)]
    assert keys[0] == [f"{n:020}" for n in range(A_PAGE)]
    assert keys[1] == [f"{n:020}" for n in range(many - many % A_PAGE, many)]
    assert has(text_of(first), "alerts.wrong-many", most=MOST_REVIEWED)

    refused = sent(officer, which="all", state=state_of(officer, ""))
    assert refused.status_code == 422
    assert audited(centre) == []

    grave = "?level=critical"
    done = sent(officer, grave, which="all", state=state_of(officer, grave))
    assert has(
        text_of(officer.get(html.unescape(done.headers["location"]))),
        "alerts.reviewed",
        n=MOST_REVIEWED,
    )
    assert len(audited(centre)) == MOST_REVIEWED


def test_the_overview_keeps_the_last_day_for_each_role(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Given alerts of which a deputy acknowledged one event and an officer reviewed another, when
    they are all over, then the overview still counts them, and leads to them.
    """
    assert has(text_of(deputy.get("/environment/")), "overview.quiet-day")
    core = Core(centre)
    event = core.raised(spill())
    put_all(centre, [ended("b"), ended("c"), ended("d", fired_ms=NOW_MS - 2 * DAY_MS)])
    deputy.post(f"/api/v1/events/{event}/acknowledge")
    core.over(spill())
    officer.post(f"/api/v1/alerts/{'b' * 20}/review", json=TRUE)
    for client, waiting in ((deputy, 1), (officer, 2)):
        page = client.get("/environment/")
        assert has(text_of(page), "overview.last-day", n=3, waiting=waiting)
        assert f'href="{PAGE}?hours=24"' in page.text
        assert has(text_of(client.get(f"{PAGE}?hours=24")), "alerts.found", n=3, events=3)
