"""Tokens of machines: made and ended by an administrator, good for their scope and nothing else."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.accounts.enrolment.people import Newcomer
from api.accounts.limits import FAILURE_SPAN_MS, MOST_OF_ADDRESS
from api.accounts.records import Grant
from api.accounts.repositories.people import People
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of
from api.administration.tokens.records import MOST_DAYS
from api.tables import AUDIT, TOKEN
from config.vocabulary.time import DAY_MS, MINUTE_MS
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, enrolled_now, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)

TODAY = date(2026, 11, 24)
STATIONS, ALERTS = "environment.see-stations", "environment.see-alerts"
ACKNOWLEDGE = "environment.acknowledge-alerts"
ADDRESS = "/api/v1/administration/tokens"


def asked(**changes: object) -> dict[str, object]:
    """A token that may be made."""
    body: dict[str, object] = {
        "name": "大屏",
        "permissions": [STATIONS],
        "until_day": str(TODAY + timedelta(days=30)),
    }
    return body | changes


def made(administrator: httpx.Client, **changes: object) -> dict[str, Any]:
    """A new token, with its secret."""
    answer = administrator.post(ADDRESS, json=asked(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def bearer(secret: str) -> dict[str, str]:
    """The header by which a machine asks."""
    return {"Authorization": f"Bearer {secret}"}


def audited(centre: RunningCentre, action: str) -> list[sa.Row[Any]]:
    """Rows of the audit, the oldest first."""
    query = sa.select(AUDIT).where(AUDIT.c.action == action).order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        return list(connection.execute(query))


def test_given_a_token_then_it_reads_what_its_scope_says_and_nothing_else(
    administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """Over the API."""
    by = bearer(made(administrator)["secret"])
    assert stranger.get("/api/v1/stations", headers=by).status_code == 200
    refused = stranger.get("/api/v1/alerts", headers=by)
    assert refused.status_code == 403
    assert ALERTS in refused.json()["detail"]
    assert stranger.get("/api/v1/administration/sign-ins", headers=by).status_code == 403
    assert stranger.get("/api/v1/session", headers=by).json()["username"] == "token-1"


@pytest.mark.parametrize("path", ["/environment/", "/administration/tokens", "/docs"])
def test_given_a_token_then_no_page_opens(
    administrator: httpx.Client, stranger: httpx.Client, path: str
) -> None:
    """They are for people, who have a session."""
    answer = stranger.get(path, headers=bearer(made(administrator)["secret"]))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_when_a_token_is_ended_then_its_event_stream_ends_at_once(
    administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """Like that of a session."""
    token = made(administrator)
    with stranger.stream("GET", "/api/v1/live", headers=bearer(token["secret"])) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        administrator.delete(f"{ADDRESS}/{token['id']}")
        assert "event: signed-out" in list(lines)


def test_given_the_last_day_of_a_token_then_it_is_good_to_the_end_of_that_day(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """In the district's time; NOW is noon of a day."""
    by = bearer(made(administrator, until_day=str(TODAY))["secret"])
    centre.clock.now_ms = NOW_MS + DAY_MS // 2 - 1
    assert stranger.get("/api/v1/stations", headers=by).status_code == 200
    centre.clock.now_ms += 1
    assert stranger.get("/api/v1/stations", headers=by).status_code == 401


def test_when_a_token_is_ended_then_it_is_good_no_more_and_the_audit_has_both(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """By whom it was made and ended, and its scope; never the secret."""
    token = made(administrator)
    assert administrator.delete(f"{ADDRESS}/{token['id']}").status_code == 204
    answer = stranger.get("/api/v1/stations", headers=bearer(token["secret"]))
    assert answer.status_code == 401
    assert administrator.delete(f"{ADDRESS}/{token['id']}").status_code == 404
    (begun,), (ended,) = audited(centre, "token.create"), audited(centre, "token.end")
    assert (begun.who, begun.subject) == (ended.who, ended.subject) == ("guanli", "token-1")
    assert json.loads(begun.detail)["permissions"] == [STATIONS]
    assert token["secret"] not in begun.detail


def test_given_a_token_then_only_the_hash_of_its_secret_is_kept_and_it_is_shown_once(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """On the page that makes it."""
    form = asked() | {"permissions": STATIONS}
    shown = administrator.post("/administration/tokens", data=form).text
    (secret,) = set(re.findall(r"qy_[\w-]{43}", shown))
    assert secret not in administrator.get("/administration/tokens").text
    assert secret not in administrator.get(ADDRESS).text
    with centre.services.state.read() as connection:
        (row,) = connection.execute(sa.select(TOKEN)).all()
    assert row.secret_hash == hash_of(secret)
    assert secret not in map(str, row)


def test_when_a_token_is_used_then_that_is_noted_once_a_minute_at_most(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """A machine may ask many times a second."""
    by = bearer(made(administrator)["secret"])

    def used_ms() -> object:
        return administrator.get(ADDRESS).json()[0]["used_ms"]

    assert used_ms() is None
    stranger.get("/api/v1/stations", headers=by)
    assert used_ms() == NOW_MS
    centre.clock.now_ms += MINUTE_MS - 1
    stranger.get("/api/v1/stations", headers=by)
    assert used_ms() == NOW_MS
    centre.clock.now_ms += 1
    stranger.get("/api/v1/stations", headers=by)
    assert used_ms() == NOW_MS + MINUTE_MS


def test_when_a_machine_changes_something_then_the_audit_names_its_token(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """No person has such a username."""
    alert = centre.put(spill())
    token = made(administrator, permissions=[ALERTS, ACKNOWLEDGE])
    address = f"/api/v1/alerts/{alert.id}/acknowledge"
    answer = stranger.post(address, headers=bearer(token["secret"]))
    assert answer.json()["acknowledged_by"] == "大屏"
    (row,) = audited(centre, "alert.acknowledge")
    assert (row.who, row.on_behalf, row.subject) == (f"token-{token['id']}", "", alert.id)


def test_given_many_wrong_tokens_then_their_address_is_slowed_and_a_right_one_is_not(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """A machine with an old token keeps neither another one nor a person out."""
    right = bearer(made(administrator)["secret"])
    for _ in range(MOST_OF_ADDRESS):
        wrong = stranger.get("/api/v1/stations", headers=bearer("qy_wrong"))
        assert wrong.status_code == 401
    slowed = stranger.get("/api/v1/stations", headers=bearer("qy_wrong"))
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["retry-after"]) <= FAILURE_SPAN_MS // 1000
    assert stranger.get("/api/v1/stations", headers=right).status_code == 200
    body = {"username": "guanli", "password": PASSWORDS["guanli"]}
    assert stranger.post("/api/v1/session", json=body).status_code == 204
    centre.clock.now_ms += FAILURE_SPAN_MS
    wrong = stranger.get("/api/v1/alerts", headers=bearer("qy_wrong"))
    assert wrong.status_code == 401


REFUSED = [
    pytest.param({"name": " "}, "name", "请填写名称", id="no name"),
    pytest.param({"name": "x" * 101}, "name", "请填写名称", id="a long name"),
    pytest.param({"permissions": []}, "permissions", "至少勾选", id="no scope"),
    pytest.param({"permissions": ["environment.fly"]}, "permissions", "至少勾选", id="unknown"),
    pytest.param(
        {"permissions": [STATIONS, "administration.see-audit"]},
        "permissions",
        "本人登录",
        id="administration",
    ),
    pytest.param({"unit": "nowhere"}, "unit", "您管理的单位", id="an unknown unit"),
    pytest.param({"unit": "environment"}, "unit", "不分单位", id="a unit where there are none"),
    pytest.param({"until_day": ""}, "until_day", f"{MOST_DAYS} 天以内", id="no end"),
    pytest.param(
        {"until_day": str(TODAY - timedelta(days=1))}, "until_day", "天以内", id="yesterday"
    ),
    pytest.param(
        {"until_day": str(TODAY + timedelta(days=MOST_DAYS + 1))},
        "until_day",
        "天以内",
        id="too far",
    ),
]


@pytest.mark.parametrize(("changes", "field", "said"), REFUSED)
def test_given_a_token_that_may_not_be_made_then_field_fault_and_remedy_are_named(
    centre: RunningCentre,
    administrator: httpx.Client,
    changes: dict[str, object],
    field: str,
    said: str,
) -> None:
    """On the page beside the field, over the API in a sentence; nothing is kept."""
    answer = administrator.post(ADDRESS, json=asked(**changes))
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(field)
    page = administrator.post("/administration/tokens", data=asked(**changes))  # type: ignore[arg-type]
    assert page.status_code == 422
    complaint = re.search(rf'id="wrong-{field}" role="alert">([^<]+)<', page.text)
    assert complaint
    assert said in complaint[1]
    assert administrator.get(ADDRESS).json() == []
    assert audited(centre, "token.create") == []


def test_given_a_token_with_a_permission_of_administration_in_its_row_then_it_has_none(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Whoever wrote it there."""
    tokens = Tokens(centre.services.state)
    scope = [STATIONS, "administration.see-sign-ins"]
    with centre.services.state.begin() as connection:
        tokens.add(connection, hash_of("qy_x"), "x", scope, "", "guanli", NOW_MS, NOW_MS + DAY_MS)
    by = bearer("qy_x")
    assert stranger.get("/api/v1/stations", headers=by).status_code == 200
    assert stranger.get("/api/v1/administration/sign-ins", headers=by).status_code == 403


def test_given_an_administrator_of_a_unit_then_tokens_of_others_are_neither_seen_nor_ended(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """And none is made for every unit."""
    other = made(administrator)
    enrolled_now(centre, Newcomer("fenguan", "孙立"), "right for the unit")
    state = centre.services.state
    with state.begin() as connection:
        People(state).grant(connection, "fenguan", Grant("administrator", unit="npc"))
    body = {"username": "fenguan", "password": "right for the unit"}
    assert stranger.post("/api/v1/session", json=body).status_code == 204
    assert stranger.get(ADDRESS).json() == []
    assert stranger.delete(f"{ADDRESS}/{other['id']}").status_code == 404
    refused = stranger.post(ADDRESS, json=asked())
    assert refused.json()["detail"].startswith("unit: is missing")
    refused = stranger.post(ADDRESS, json=asked(unit="court"))
    assert refused.json()["detail"].startswith("unit: 'court' is unknown")


def test_given_the_page_then_it_shows_each_token_with_its_state(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Standing, ended, run out."""
    made(administrator, name="甲")
    ended = made(administrator, name="乙")
    made(administrator, name="丙", until_day=str(TODAY))
    administrator.post(f"/administration/tokens/{ended['id']}/end")
    centre.clock.now_ms += DAY_MS
    body = {"username": "guanli", "password": PASSWORDS["guanli"]}
    administrator.post("/api/v1/session", json=body)
    page = administrator.get("/administration/tokens").text
    states = re.findall(
        r"<b>([甲乙丙])</b>.*?<span class=\"tag[^>]*>([^<]+)</span>", page, re.DOTALL
    )
    assert states == [("丙", "已到期"), ("乙", "已停用"), ("甲", "有效")]


def test_the_description_of_the_api_names_both_ways_in(administrator: httpx.Client) -> None:
    """The session's cookie and the bearer token; neither is asked for where one signs in."""
    found = administrator.get("/openapi.json").json()
    schemes = found["components"]["securitySchemes"]
    assert schemes["session"] == {
        "type": "apiKey",
        "in": "cookie",
        "name": "qingyuan_session",
    }
    assert schemes["token"] == {"type": "http", "scheme": "bearer"}
    assert found["security"] == [{"session": []}, {"token": []}]
    paths = found["paths"]
    assert paths["/api/v1/session"]["post"]["security"] == []
    assert "security" not in paths["/api/v1/stations"]["get"]
    assert paths[ADDRESS]["post"]["security"] == [{"session": []}]
