"""The bounds of a request: how large its body may be, and which texts nothing here can keep."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, ImmutableMultiDict, UploadFile
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 65_536
"""Of a route that declares no ``max_body_size`` of its own."""
MOST_DISCARDED = 1_048_576
"""Read and dropped of a body that is refused, beyond its limit: a connection closed on what its
client still sends is reset, and the answer lost. A larger one is not that of a form.
"""

_Where = tuple[str | int, ...]
F = TypeVar("F", bound=Callable[..., object])
_DECLARED = "most_body_bytes"
_NOWHERE = re.compile("[\0\ud800-\udfff]")
"""PostgreSQL has no text with U+0000, and no half of a surrogate pair is written as UTF-8: either
fails where it is only asked for.
"""
_REMEDY = "Text with U+0000 or half a surrogate pair is kept nowhere; take it out"


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


async def _of_text(request: Request) -> None:
    """Refuse a text that nothing can hold: in the address, and in a body that was parsed for the
    parameters of a route. Where a route reads its form itself, ``form_of`` does so.
    """
    if _NOWHERE.search(request.scope["path"]):
        raise HTTPException(404, "nothing has a name with U+0000")
    _hold(_by_name(request.query_params), "query")
    # Both are the framework's memory of what it has read by now; nothing else is read here.
    _hold(getattr(request, "_json", None), "body")
    form: FormData | None = getattr(request, "_form", None)
    if form is not None:
        _hold(_by_name(form), "body")


HeldTexts = Depends(_of_text)


@asynccontextmanager
async def form_of(request: Request) -> AsyncIterator[FormData]:
    """The form of a request, for a route that takes more than declared fields.

    Raises:
        RequestValidationError: a field has a text that nothing can hold.
    """
    try:
        form = await request.form()
    except UnicodeError as error:
        raise HTTPException(400, "the form is not what its charset says; send UTF-8") from error
    try:
        _hold(_by_name(form), "body")
        yield form
    finally:
        await form.close()


def _by_name(fields: ImmutableMultiDict[str, Any]) -> dict[str, list[Any]]:
    return {name: fields.getlist(name) for name in fields}


def _hold(given: Any, *where: str | int) -> None:
    faults = [
        {"type": "text_not_held", "loc": at, "msg": _REMEDY, "input": text}
        for at, text in _texts(given, where)
        if _NOWHERE.search(text)
    ]
    if faults:
        raise RequestValidationError(faults)


def _texts(
    given: Any, where: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a parsed document or of the fields of a form, names as well."""
    waiting = [(where, given)]
    while waiting:
        at, value = waiting.pop()
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, UploadFile):
            waiting.append((at, value.filename))
        elif isinstance(value, dict):
            for name, of in value.items():
                waiting += [((*at, name), name), ((*at, name), of)]
        elif isinstance(value, list):
            waiting += [((*at, number), of) for number, of in enumerate(value)]
