"""Somebody with an account learns nothing of a thing that is not for them, not even that it is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.accounts import visibility
from api.accounts.enrolment.people import Newcomer
from tests.api.conftest import PASSWORDS, RunningCentre, enrolled_now, entered
from tests.api.test_access_walk import VALUES, WHO, outcome, written

HIDDEN, ABSENT = "7654321", "7654322"
"""Ids: of things of others, and of none."""
EVERY_STEP = Newcomer(
    "zhulin",
    "朱琳",
    units=("pingchao",),
    unit_roles=("deputy", "officer", "handler", "clerk", "supervisor"),
)
"""May do whatever anybody may, for one town alone."""
ENTERED = PASSWORDS | {EVERY_STEP.username: "right for everything"}
IDS = {"item_id", "case_id", "number", "copy_id", "deadline_id", "snapshot_id", "attachment_id"}
FILLED: Mapping[str, object] = {"id": int(HIDDEN), "secrecy": 2, "unit": "court", "public": 0}
ENDLESS = ("/api/v1/live", "/openapi.json")
"""Streams of events, and what says the same to everybody at length."""
DRAWN = re.compile(r'(?<=value=")[^"]{20,}(?=")')
"""What forms are known by, anew for each."""
Answer = tuple[int, list[tuple[str, str]], bytes]


def hide(folder: Path) -> set[str]:
    """In each table of things that have a secrecy a restricted one of the court; but for surveys,
    each of which needs a poll as well. The names of the tables.
    """
    found = set()
    with closing(sqlite3.connect(folder / "state.sqlite")) as raw, raw:
        names = raw.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in names:
            columns = {of[1]: of[2] for of in raw.execute(f'pragma table_info("{table}")')}
            if columns.get("id") == "INTEGER" and "secrecy" in columns and table != "duty_survey":
                values = [_filled(name, kind) for name, kind in columns.items()]
                marks = ", ".join("?" * len(values))
                raw.execute(f'insert into "{table}" values ({marks})', values)
                found.add(table)
    return found


def _filled(name: str, kind: str) -> object:
    if kind == "DATE":
        return "2026-11-20"
    return FILLED.get(name, "[]" if kind.startswith(("VARCHAR", "TEXT")) else 1)


def come(client: httpx.Client, username: str) -> None:
    """Sign somebody in."""
    body = {"username": username, "password": ENTERED[username]}
    assert client.post("/api/v1/session", json=body).status_code == 204


def addresses() -> Iterator[tuple[str, str]]:
    """Method and address of each route that names a thing, with room for the id."""
    for method, path in sorted(written()):
        names = set(re.findall(r"{(\w+)", path))
        if names & IDS:
            values = {name: "{id}" if name in IDS else VALUES[name] for name in names}
            yield method, path.replace(":path}", "}").format(**values)


def answered(client: httpx.Client, method: str, address: str, number: str) -> Answer:
    """All that somebody is answered, without the id that they asked for."""
    given = {"json": {"given": {}}} if address.startswith("/api") else {"data": {"note": "x"}}
    path = address.replace("{id}", number)
    answer = client.request(method, path, **({} if method == "GET" else given))
    headers = [
        (name, value.replace(number, "{id}"))
        for name, value in answer.headers.multi_items()
        if name != "date"
    ]
    return answer.status_code, headers, answer.content.replace(number.encode(), b"{id}")


def differing(client: httpx.Client, username: str, end: str = "") -> tuple[int, list[str]]:
    """How many addresses somebody asked, and those that tell what is there from what is not."""
    come(client, username)
    asked = [of for of in addresses() if of[1].endswith(end)]
    found = [
        f"{method} {path}"
        for method, path in asked
        if answered(client, method, path, HIDDEN) != answered(client, method, path, ABSENT)
    ]
    return len(asked), found


@pytest.mark.parametrize("username", [EVERY_STEP.username, "xuhui"])
def test_given_things_of_others_then_no_address_tells_them_from_things_that_are_not_there(
    centre: RunningCentre, stranger: httpx.Client, tmp_path: Path, username: str
) -> None:
    """Status, headers and body, of pages and of the API, whatever is asked of whichever part:
    neither who may do everything for another unit is told, nor a deputy whom it is kept from.
    """
    enrolled_now(centre, EVERY_STEP, ENTERED[EVERY_STEP.username])
    things = hide(tmp_path)

    asked, found = differing(stranger, username)

    assert len(things) > 20
    assert asked > 300
    assert found == []


def test_given_units_and_secrecy_were_not_looked_at_then_the_same_walk_finds_it(
    centre: RunningCentre,
    stranger: httpx.Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise the test before would pass on anything."""
    enrolled_now(centre, EVERY_STEP, ENTERED[EVERY_STEP.username])
    hide(tmp_path)
    monkeypatch.setattr(visibility, "_covers", lambda *_: sa.true())

    _, found = differing(stranger, EVERY_STEP.username, "/procedure")

    assert len(found) > 15


def test_given_a_clerk_who_acts_for_a_deputy_then_nothing_that_the_office_alone_may_is_open(
    stranger: httpx.Client,
) -> None:
    """What the clerk may otherwise stays behind: on no page and over no API."""
    acting = entered(stranger, "lianluo")
    assert acting.post("/api/v1/session/act-for", json={"deputy": "daibiao"}).is_success
    asked = {
        (method, path)
        for (method, path), answers in written().items()
        if (answers[WHO.index("deputy")], answers[WHO.index("clerk")]) == ("403", "yes")
    }
    assert len(asked) > 200
    assert [of for of in sorted(asked) if outcome(acting, *of) != "403"] == []
    assert acting.get("/api/v1/session").json()["acting"] == "lianluo"


def read(client: httpx.Client) -> Mapping[str, tuple[int, str]]:
    """All that pages, tables and the API say without being asked for one thing."""
    found = {}
    for method, path in sorted(written()):
        names = set(re.findall(r"{(\w+)", path))
        if method == "GET" and not names & {*IDS, "token"} and path not in ENDLESS:
            answer = client.get(path.replace(":path}", "}").format(**VALUES))
            found[path] = answer.status_code, DRAWN.sub("", answer.text)
    return found


@pytest.mark.parametrize("username", [EVERY_STEP.username, "xuhui"])
def test_given_things_of_others_then_no_list_number_table_or_search_says_more_than_before(
    centre: RunningCentre, stranger: httpx.Client, tmp_path: Path, username: str
) -> None:
    """Of a reader of one town, and of a deputy whom they are kept from."""
    enrolled_now(centre, EVERY_STEP, ENTERED[EVERY_STEP.username])
    come(stranger, username)
    before = read(stranger)
    hide(tmp_path)

    after = read(stranger)

    assert sum(status == httpx.codes.OK for status, _ in before.values()) > 100
    assert [path for path in before if after[path] != before[path]] == []
