"""The bound of a request's body: the limit holds before anything is parsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 65_536
"""Of a route that declares no ``max_body_size`` of its own."""
MOST_DISCARDED = 1_048_576
"""Read and dropped of a body that is refused, beyond its limit: a connection closed on what its
client still sends is reset, and the answer lost. A larger one is not that of a form.
"""

F = TypeVar("F", bound=Callable[..., object])
_DECLARED = "most_body_bytes"


class BodyTooLarge(HTTPException):
    """413 of RFC 9110, 15.5.14. The rest is not read, so the connection ends."""

    def __init__(self, limit: int) -> None:
        said = f"the body is larger than {limit} bytes; send less"
        super().__init__(413, said, headers={"Connection": "close"})


class BodyLimit:
    """ASGI layer that counts what is read of a body, with a length or in chunks.

    The framework's own limit answers in plain text and after the action; only its declaration,
    ``max_body_size`` of a route, is used.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on.

        Raises:
            BodyTooLarge: out of ``receive``, to whoever reads the body.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read, answered = 0, False

        async def bounded() -> Message:
            nonlocal read
            limit = await _limit(scope)
            if not answered and _length(scope) > limit:
                await _discard(receive, limit)
                raise BodyTooLarge(limit)
            message = await receive()
            read += len(message.get("body", b""))
            if read <= limit:
                return message
            if answered:
                return {"type": "http.disconnect"}
            await _discard(receive, limit, message)
            raise BodyTooLarge(limit)

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        await self._app(scope, bounded, noted)


def larger(most: int | Callable[[Request], int]) -> Callable[[F], F]:
    """Declare another bound for the bodies of a route's function, or how it follows from who asks.
    ``max_body_size`` of the route does so too, but then the framework refuses what is larger, in
    plain text.
    """

    def declared(function: F) -> F:
        setattr(function, _DECLARED, most)
        return function

    return declared


async def _limit(scope: Scope) -> int:
    route = scope.get("route")
    own = getattr(getattr(route, "endpoint", None), _DECLARED, None)
    if callable(own):
        own = await run_in_threadpool(own, Request(scope))
    declared: int | None = getattr(route, "max_body_size", None) if own is None else own
    return MAX_BODY_BYTES if declared is None else declared


def _length(scope: Scope) -> int:
    return int(Headers(scope=scope).get("content-length", 0))


async def _discard(receive: Receive, limit: int, message: Message | None = None) -> None:
    dropped = 0
    while dropped < MOST_DISCARDED + limit and (message is None or message.get("more_body")):
        message = await receive()
        dropped += len(message.get("body", b""))


async def _of_unread(request: Request) -> None:
    """Refuse a body that the route would not even read, before it acts."""
    if _length(request.scope) > await _limit(request.scope):
        await request.receive()


WithinLimit = Depends(_of_unread)
