"""Every route as every role and as nobody, against ``access.txt``: a new route needs a row there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from api.app import create_app
from tests.api.conftest import USERNAMES, RunningCentre, entered

TABLE = Path(__file__).with_name("access.txt")
WHO = ("nobody", *USERNAMES)
VALUES = {
    "station_id": "tonglv-pingchao",
    "day": "2026-11-20",
    "code": "w21003",
    "rule_id": "ammonia-over-class",
    "alert_id": "none",
    "event_id": "none",
    "policy_id": "none",
    "proposal_id": "1",
    "token": "none",
    "correction_id": "1",
    "attachment_id": "1",
    "silence_id": "1",
    "channel_name": "none",
    "platform": "environment",
    "kind": "station",
    "item_id": "none",
    "payment_id": "1",
    "entry": "1",
    "contact_id": "1",
    "case_id": "none",
    "copy_id": "1",
    "deputy_id": "1",
    "subscription_id": "1",
    "token_id": "1",
    "digest": "none",
    "name": "none",
    "role": "none",
    "username": "none",
    "number": "1",
    "session_id": "none",
    "unit_id": "none",
    "position": "none",
    "load_id": "1",
    "source_id": "1",
    "form": "csv",
    "check_id": "penalty",
    "key": "none",
    "snapshot_id": "1",
    "kind_id": "none",
    "version": "1",
    "deadline_id": "1",
    "act": "pause",
    "subject": "none",
    "year": "2027",
    "step": "none",
    "word": "confirm",
    "question": "none",
    "body": "court",
    "resource": "Things",
}
"""Of addresses; what is not there is let through to its 404."""


def written() -> dict[tuple[str, str], tuple[str, ...]]:
    """Of each method and path what nobody and each role is answered."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    head, *rows = (line.split() for line in lines if line and not line.startswith("#"))
    assert head == ["method", "path", *WHO]
    found = {(method, path): tuple(answers) for method, path, *answers in rows}
    assert len(found) == len(rows), "a row stands twice"
    return found


def routes(centre: RunningCentre) -> Iterator[tuple[str, str]]:
    """Method and path of each route of the application; of files one stands for all."""
    for route in iter_route_contexts(create_app(centre.services).routes):
        path = str(route.path)
        methods = route.methods or {"GET"}
        for method in methods - {"HEAD"}:
            yield method, path


def outcome(client: httpx.Client, method: str, path: str) -> str:
    """Whether somebody is led to the sign-in page, refused by a status, or let through; the body
    is not waited for, as that of a stream never ends.
    """
    with client.stream(method, path.replace(":path}", "}").format(**VALUES)) as answer:
        if answer.headers.get("location", "").startswith("/sign-in?"):
            return "sign-in"
        refused = answer.status_code in (401, 403, 500)
        return str(answer.status_code) if refused else "yes"


def test_given_the_application_then_each_of_its_routes_has_a_row_and_each_row_a_route(
    centre: RunningCentre,
) -> None:
    """Whoever adds a route says who may use it."""
    assert set(routes(centre)) == set(written())


@pytest.mark.parametrize("who", WHO)
def test_when_somebody_asks_for_each_route_then_the_answer_is_that_of_the_table(
    address: str, who: str
) -> None:
    """Refused, or let through to what the route says of the request itself."""
    found = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        gone = True
        for method, path in written():
            # Anew after each change: some of them end the session.
            if gone:
                client.cookies.clear()
            if gone and who != "nobody":
                entered(client, USERNAMES[who])
            found[method, path] = outcome(client, method, path)
            gone = method != "GET" or who == "nobody"
    assert found == {row: answers[WHO.index(who)] for row, answers in written().items()}
