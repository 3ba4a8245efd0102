"""People of meetings, and a meeting that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx

from api.meetings.wording import local
from config.vocabulary.time import HOUR_MS
from tests.api.conftest import NOW_MS, RunningCentre, entered

PAGES, API = "/duty/meetings", "/api/v1/duty/meetings"
BEGINS_MS = NOW_MS + HOUR_MS
"""13:00 of a Tuesday; codes are taken from 9:00 on."""


@contextmanager
def hands(address: str, *usernames: str) -> Iterator[list[httpx.Client]]:
    """Clients of people who have signed in."""
    with ExitStack() as stack:
        clients = [
            stack.enter_context(httpx.Client(base_url=address, timeout=60)) for _ in usernames
        ]
        yield [entered(of, name) for of, name in zip(clients, usernames, strict=True)]


def details(**changes: object) -> dict[str, object]:
    """A meeting of the deputies of two delegations, as a form gives it."""
    given: dict[str, object] = {
        "title": "视察平潮污水处理厂",
        "kind": "activity",
        "wants": "attend",
        "text": "请着便装。",
        "from": local(BEGINS_MS),
        "until": local(BEGINS_MS + 2 * HOUR_MS),
        "location": "平潮镇政府",
        "link": "",
        "agenda": "看现场；座谈",
        "units": ["jinsha-delegation", "pingchao-delegation"],
        "people": [],
    }
    return given | changes


def sent(clerk: httpx.Client, **changes: object) -> int:
    """The id of a meeting that was made and sent on the pages."""
    answer = clerk.post(f"{PAGES}/new", data=details(**changes))
    assert answer.status_code == 303, answer.text
    meeting = int(answer.headers["location"].partition("?")[0].rpartition("/")[2])
    assert clerk.post(f"{PAGES}/{meeting}/send").status_code == 303
    return meeting


def own(client: httpx.Client, meeting: int) -> int:
    """The id of somebody's invitation to a meeting."""
    found = client.get(f"{API}/invitations").json()
    return next(int(of["invitation"]) for of in found if of["meeting"]["id"] == meeting)


def step(client: httpx.Client, path: str, name: str, **given: str) -> httpx.Response:
    """A step over the API."""
    return client.post(f"{API}{path}/steps/{name}", json={"given": given})


def said(centre: RunningCentre, username: str) -> list[str]:
    """The texts of the notes that wait for somebody in the outbox, the first one first."""
    with centre.services.state.read() as connection:
        entries = centre.services.messages.unrouted(connection)
    return [of.body.text for of in entries if of.reader == username and hasattr(of.body, "text")]
