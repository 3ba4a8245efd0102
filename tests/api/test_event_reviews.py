"""One review of an event is one of each of its alerts that nobody has reviewed."""

from __future__ import annotations

import json
import re

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Alert, Level, State, Verdict
from api import audit
from api.accounts.records import Account
from api.platforms.environment import acts
from api.tables import AUDIT
from tests.api.conftest import BOTH, RunningCentre, spill
from tests.api.telling import Core
from tests.api.test_alerts import text_of
from tests.phrases import has

pytestmark = pytest.mark.parametrize("kind", BOTH)

TRUE = {"verdict": "true-alarm", "note": "上游泵站排水"}
FOULED = {"verdict": "sensor-fault", "note": "电极结垢"}
PLACES = ("tonglv-pingchao", "tonglv-jinsha")


@pytest.fixture
def core(centre: RunningCentre) -> Core:
    return Core(centre)


def one_of(n: int, **changes: object) -> Alert:
    """An alert of one spill."""
    station = PLACES[n % len(PLACES)]
    return spill(**({"id": "abcdef"[n] * 20, "station": station} | changes))


def raised(core: Core, *alerts: Alert) -> str:
    """Their event, of which people were told."""
    for alert in alerts[:-1]:
        core.centre.put(alert)
    return core.raised(alerts[-1])


def verdicts(centre: RunningCentre) -> dict[str, tuple[str, str] | None]:
    """By first letter of the alert: verdict and account."""
    found = centre.services.alerts.listing()
    return {
        of.alert.id[0]: (str(of.review.verdict), str(of.review.account)) if of.review else None
        for of in found
    }


def audited(centre: RunningCentre) -> list[tuple[str, str, dict[str, str]]]:
    query = sa.select(AUDIT).where(AUDIT.c.action == "alert.review").order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        rows = connection.execute(query).all()
    return [(row.who, row.subject[0], json.loads(row.detail)) for row in rows]


def sent_by(client: httpx.Client, event: str, **written: str) -> dict[str, str]:
    """The form of a review as the page gives it, filled in."""
    html = client.get(f"/environment/events/{event}").text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', html)
    return {"seen": seen, **written}


def test_one_review_says_it_of_every_alert_that_waits_for_it(
    core: Core, officer: httpx.Client
) -> None:
    """Given alerts that stand, are over, were reviewed by somebody and were withdrawn, when the
    event is reviewed, then the first two have the verdict and the others what they had; each has
    its own row of the audit.
    """
    reviewed, gone = one_of(2), one_of(3)
    event = raised(core, one_of(0), one_of(1), reviewed, gone)
    officer.post(f"/api/v1/alerts/{reviewed.id}/review", json=FOULED)
    core.over(one_of(1))
    core.centre.put(one_of(3, state=State.WITHDRAWN))

    answer = officer.post(f"/api/v1/events/{event}/review", json=TRUE)

    own, other = ("true-alarm", "huanbao"), ("sensor-fault", "huanbao")
    assert verdicts(core.centre) == {"a": own, "b": own, "c": other, "d": None}
    assert [row[1:] for row in audited(core.centre)] == [("c", FOULED), ("a", TRUE), ("b", TRUE)]
    state = answer.json()
    assert [(of["verdict"], of["alerts"]) for of in state["reviews"]] == [
        ("true-alarm", 2),
        ("sensor-fault", 1),
    ]
    assert state["unreviewed"] == 0


def test_a_second_review_of_the_event_finds_nothing_to_say(
    core: Core, officer: httpx.Client
) -> None:
    """The first stands, and the audit has no more rows; one alert by itself takes another."""
    event = raised(core, one_of(0), one_of(1))
    officer.post(f"/api/v1/events/{event}/review", json=TRUE)
    assert officer.post(f"/api/v1/events/{event}/review", json=FOULED).status_code == 200
    assert len(audited(core.centre)) == 2
    officer.post(f"/api/v1/alerts/{'a' * 20}/review", json=FOULED)
    assert verdicts(core.centre) == {
        "a": ("sensor-fault", "huanbao"),
        "b": ("true-alarm", "huanbao"),
    }


def test_an_alert_that_comes_later_waits_for_its_own_review(
    core: Core, officer: httpx.Client
) -> None:
    """Of what nobody had seen nothing was said; the page asks for the rest."""
    event = raised(core, one_of(0))
    officer.post(f"/api/v1/events/{event}/review", json=TRUE)
    core.raised(one_of(1))
    assert officer.get(f"/api/v1/events/{event}").json()["unreviewed"] == 1
    text = text_of(officer.get(f"/environment/events/{event}"))
    assert has(text, "review.left", n=1)
    assert has(text, "review.again")


def test_a_form_of_another_state_than_now_is_not_taken(core: Core, officer: httpx.Client) -> None:
    """Given a page that an officer reads, when one more alert joins before it is sent, then
    nothing is kept, and the answer shows what came with all that was written.
    """
    event = raised(core, one_of(0))
    form = sent_by(officer, event, **TRUE)
    core.raised(one_of(1))

    answer = officer.post(f"/environment/events/{event}/review", data=form)

    assert answer.status_code == 409
    assert has(text_of(answer), "review.changed")
    assert f">{TRUE['note']}</textarea>" in answer.text
    assert verdicts(core.centre) == {"a": None, "b": None}
    anew = sent_by(officer, event, **TRUE)
    assert officer.post(f"/environment/events/{event}/review", data=anew).is_redirect
    assert None not in verdicts(core.centre).values()


@pytest.mark.parametrize(
    ("written", "field"),
    [({"verdict": ""}, "verdict"), ({"verdict": "true-alarm", "note": "长" * 501}, "note")],
)
def test_what_does_not_hold_stands_at_its_field(
    core: Core, officer: httpx.Client, written: dict[str, str], field: str
) -> None:
    """In words, and nothing is kept."""
    event = raised(core, one_of(0))
    form = sent_by(officer, event, **written)
    answer = officer.post(f"/environment/events/{event}/review", data=form)
    assert answer.status_code == 422
    assert f'aria-describedby="wrong-review-{field}"' in answer.text
    assert has(text_of(answer), f"alert.wrong-{field}")
    assert audited(core.centre) == []


def test_after_it_is_over_and_reviewed_the_page_says_so_to_everybody(
    core: Core, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """What it was found to be, by whom and when, on the event's page and each alert's; nobody is
    asked any more to verify, nor to review.
    """
    alerts = one_of(0), one_of(1, level=Level.CRITICAL)
    event = raised(core, *alerts)
    for alert in alerts:
        core.over(alert)
    assert has(text_of(officer.get(f"/environment/events/{event}")), "message.next-over-officer")

    officer.post(f"/environment/events/{event}/review", data=sent_by(officer, event, **TRUE))

    for client in (officer, deputy):
        for path in (f"events/{event}", f"alerts/{alerts[0].id}"):
            page = client.get(f"/environment/{path}")
            assert has(text_of(page), "review.resolved", verdict="属实", who="李岚")
            assert not has(page.text, "message.next-over-officer")
            assert not has(page.text, "message.next-over-deputy")
            assert TRUE["note"] in text_of(page)
        assert "/review" not in client.get(f"/environment/events/{event}").text
    history = deputy.get(f"/api/v1/events/{event}/timeline").json()
    assert has(history[-1]["title"], "review.of-event", who="李岚", verdict="属实", n=2)


def test_what_is_reviewed_while_it_stands_is_still_to_be_watched(
    core: Core, officer: httpx.Client
) -> None:
    """The page does not call it over."""
    event = raised(core, one_of(0))
    officer.post(f"/api/v1/events/{event}/review", json=TRUE)
    assert has(text_of(officer.get(f"/environment/events/{event}")), "review.firing")


def test_events_are_reviewed_by_officers(
    core: Core, officer: httpx.Client, deputy: httpx.Client, stranger: httpx.Client
) -> None:
    """Whoever else tries, or comes from another site, changes nothing; a deputy finds no form."""
    event = raised(core, one_of(0))
    page, api = f"/environment/events/{event}/review", f"/api/v1/events/{event}/review"
    form = sent_by(officer, event, **TRUE)
    assert page not in deputy.get(f"/environment/events/{event}").text
    elsewhere = {"origin": "http://evil"}
    answers = [
        deputy.post(page, data=form),
        deputy.post(api, json=TRUE),
        officer.post(page, data=form, headers=elsewhere),
        officer.post(api, json=TRUE, headers=elsewhere),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert stranger.post(api, json=TRUE).status_code == 401
    assert audited(core.centre) == []


def test_an_event_that_was_withdrawn_asks_for_no_review(core: Core, officer: httpx.Client) -> None:
    """Late readings showed that there is nothing to review."""
    event = raised(core, one_of(0))
    core.centre.put(one_of(0, state=State.WITHDRAWN))
    page = officer.get(f"/environment/events/{event}").text
    assert f"/environment/events/{event}/review" not in page
    assert officer.post(f"/api/v1/events/{event}/review", json=TRUE).status_code == 200
    assert verdicts(core.centre) == {"a": None}


def test_all_alerts_are_reviewed_or_none(
    core: Core, officer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given an audit that takes no rows, when an event is reviewed, then no alert has a verdict."""

    class Halted(Exception):
        pass

    def halt(*_args: object, **_named: object) -> None:
        raise Halted

    raised(core, one_of(0), one_of(1))
    somebody = Account("huanbao", "李岚", ("officer",))
    monkeypatch.setattr(audit, "record_all", halt)
    with pytest.raises(Halted):
        acts.review_all(core.centre.services, somebody, ["a" * 20, "b" * 20], Verdict.TRUE, "")
    assert verdicts(core.centre) == {"a": None, "b": None}


def test_open_pages_hear_of_a_review(core: Core, officer: httpx.Client) -> None:
    """They ask for what changed, and are told nothing of what only some may know."""
    event = raised(core, one_of(0))
    told = list[bytes]()
    object.__setattr__(core.centre.services, "publish", told.append)
    officer.post(f"/api/v1/events/{event}/review", json=TRUE)
    assert told == [b'{"name":"environment.event","data":{}}']
