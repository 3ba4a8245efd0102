"""A town that files, and a document of its own, for tests of filings and of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from api.accounts.enrolment.people import Newcomer
from config.vocabulary.time import DAY_MS, day_of
from tests.api.conftest import NOW_MS, RunningCentre, enrolled_now

API = "/api/v1/documents/filings"
PASSWORD = "right for the town 1"
TOWN = Newcomer("pingchao", "朱琳", units=("pingchao",), unit_roles=("handler",))
TODAY = day_of(NOW_MS)
PUBLISHED = day_of(NOW_MS - 10 * DAY_MS)
FORCE = day_of(NOW_MS + 30 * DAY_MS)


def said(day: str) -> str:
    """A day as documents write it."""
    year, month, of = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{of}日"


def text(number: str = "平政规〔2026〕1号", more: str = "") -> str:
    """The official text of a town's document."""
    return f"""平潮镇农村河道保洁办法

{number}

第一条 为了加强农村河道保洁，根据《中华人民共和国水法》，制定本办法。

第二条 村民委员会组织河道保洁。
{more}
第三条 本办法自{said(FORCE)}起施行，有效期五年。

平潮镇人民政府
{said(PUBLISHED)}
"""


FACTS = {
    "maker": "pingchao",
    "kind": "town",
    "title": "平潮镇农村河道保洁办法",
    "number": "平政规〔2026〕1号",
    "published": PUBLISHED,
    "in_force": FORCE,
    "valid_until": f"{int(FORCE[:4]) + 5}{FORCE[4:]}",
}
PAPERS = ("report", "explanation", "basis", "legality", "collective")


@pytest.fixture
def town(centre: RunningCentre, address: str) -> Iterator[httpx.Client]:
    """朱琳 of the town, signed in."""
    enrolled_now(centre, TOWN, PASSWORD)
    with httpx.Client(base_url=address, timeout=60) as client:
        yield of_town(client)


def of_town(client: httpx.Client) -> httpx.Client:
    """The client after 朱琳 signed in."""
    body = {"username": TOWN.username, "password": PASSWORD}
    assert client.post("/api/v1/session", json=body).status_code == 204
    return client


def put(client: httpx.Client, filing: int, paper: str, content: str, name: str = "") -> Any:
    """A paper at a filing; how it stands then."""
    answer = client.post(
        f"{API}/{filing}/papers",
        data={"paper": paper},
        files={"file": (name or f"{paper}.txt", content.encode())},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def begun(client: httpx.Client, content: str = "", **facts: str) -> Mapping[str, Any]:
    """A filing with every paper, as it stands before it is sent."""
    answer = client.post(API, json=FACTS | facts)
    assert answer.status_code == 201, answer.text
    filing = answer.json()["id"]
    for paper in PAPERS:
        put(client, filing, paper, "见纸质材料")
    state: Mapping[str, Any] = put(client, filing, "text", content or text(), "办法.txt")
    return state


def step(client: httpx.Client, path: str, name: str, **given: str) -> httpx.Response:
    """Take a step over the API."""
    return client.post(f"{path}/steps/{name}", json={"given": given})


def taken(client: httpx.Client, filing: int, name: str, **given: str) -> Any:
    """A step of a filing that is taken; how it stands then."""
    answer = step(client, f"{API}/{filing}", name, **given)
    assert answer.status_code == 200, answer.text
    return answer.json()


def registered(town: httpx.Client, clerk: httpx.Client, content: str = "", **facts: str) -> Any:
    """A filing that was registered."""
    filing = begun(town, content, **facts)["id"]
    taken(town, filing, "send")
    answer = clerk.post(f"{API}/{filing}/register", json={})
    assert answer.status_code == 200, answer.text
    return answer.json()
