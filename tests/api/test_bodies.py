"""Bodies are limited before they are parsed; what a route takes beyond it declares itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request

from api.app import create_app
from api.bodies import MAX_BODY_BYTES, MOST_DISCARDED
from tests.api.conftest import RunningCentre

HUGE = b" " * (MAX_BODY_BYTES + 1)
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def whole(body: bytes) -> bytes:
    """Sent with its length."""
    return body


def in_chunks(body: bytes) -> Iterator[bytes]:
    """Sent without one."""
    for at in range(0, len(body), 8192):
        yield body[at : at + 8192]


EITHER = pytest.mark.parametrize("sent", [whole, in_chunks])
Sent = Callable[[bytes], bytes | Iterator[bytes]]


@EITHER
@pytest.mark.parametrize("path", ["/api/v1/session", "/api/v1/alerts/x/review"])
def test_a_program_without_a_session_is_refused_in_json(
    stranger: httpx.Client, path: str, sent: Sent
) -> None:
    """Before anybody asks who sends it."""
    answer = stranger.post(path, content=sent(HUGE), headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/json")
    assert "larger than 65536 bytes" in answer.json()["detail"]


@EITHER
@pytest.mark.parametrize("path", ["/sign-in", "/environment/alerts/x/review"])
def test_a_person_reads_words(stranger: httpx.Client, path: str, sent: Sent) -> None:
    """On a page with a way back, under the policy of every page."""
    answer = stranger.post(path, content=sent(b"note=" + HUGE), headers=FORM)
    assert answer.status_code == 413
    assert "提交的内容过大" in answer.text
    assert "content-security-policy" in answer.headers


@EITHER
def test_the_largest_body_that_is_taken_is_parsed(stranger: httpx.Client, sent: Sent) -> None:
    """It fails for its own sake."""
    body = b" " * (MAX_BODY_BYTES - 2) + b"{}"
    assert stranger.post("/api/v1/session", content=sent(body), headers=JSON).status_code == 422


def test_a_route_that_reads_no_body_does_not_act_on_one(deputy: httpx.Client) -> None:
    """The session is still there."""
    assert deputy.post("/sign-out", content=HUGE, headers=FORM).status_code == 413
    assert deputy.get("/api/v1/session").status_code == 200


def test_a_refused_body_is_not_read_to_its_end(stranger: httpx.Client) -> None:
    """A client that sends without end is cut off."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while taken < 100 * MOST_DISCARDED:
            taken += 65_536
            yield b" " * 65_536

    try:
        answer = stranger.post("/api/v1/session", content=endless(), headers=JSON)
        assert answer.status_code == 413
    except httpx.TransportError:  # the connection was closed while it sent
        pass
    assert taken < 100 * MOST_DISCARDED


@pytest.mark.parametrize("chunked", [False, True])
def test_a_route_may_declare_more(centre: RunningCentre, *, chunked: bool) -> None:
    """On itself, and only for itself."""
    router = APIRouter()

    @router.post("/api/v1/large", max_body_size=3 * MAX_BODY_BYTES)
    async def large(request: Request) -> int:
        return len(await request.body())

    @router.post("/api/v1/usual")
    async def usual(request: Request) -> int:
        return len(await request.body())

    app = create_app(centre.services)
    app.include_router(router)
    statuses = asyncio.run(
        posted(
            app,
            [
                ("large", 2 * MAX_BODY_BYTES),
                ("large", 3 * MAX_BODY_BYTES + 1),
                ("usual", MAX_BODY_BYTES),
                ("usual", MAX_BODY_BYTES + 1),
            ],
            chunked=chunked,
        )
    )
    assert statuses == [200, 413, 200, 413]


async def posted(app: FastAPI, asked: list[tuple[str, int]], *, chunked: bool) -> list[int]:
    """What is answered to bodies of so many bytes."""

    async def pieces(size: int) -> AsyncIterator[bytes]:
        for piece in in_chunks(b"a" * size):
            yield piece

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        answers = [
            await client.post(f"/api/v1/{path}", content=pieces(size) if chunked else b"a" * size)
            for path, size in asked
        ]
    return [answer.status_code for answer in answers]
