"""Our errors as answers over HTTP: JSON for programs, a page in plain words for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.accounts.records import Account
from api.accounts.sign_in import SessionEnded
from api.authentication.requests import (
    SignInFirst,
    StepMissing,
    StepPassed,
    address_of,
    inside,
    page_before,
    token_of,
)
from api.services import services_of
from api.web.declared import Declared
from api.web.rendering import page
from config.catalogue.words import Words
from ingest.store.protocol import StoreAway

log = logging.getLogger(__name__)
_FOR_PROGRAMS = ("/api/", "/static/", "/openapi.json", "/healthz", "/metrics")
_PLAIN = {404: "error.unknown", 413: "error.too-large"}
"""The words for an error that declares none."""
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "required": ["detail"],
    "properties": {
        "detail": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "object"}]}},
            ],
            "description": "What does not hold and what to do; of a request that cannot be read a"
            " list, each fault with its place in loc.",
        }
    },
}
"""Of every refusal; some say more in fields of their own."""
_SHAPE = {"$ref": "#/components/schemas/Problem"}
_REFUSALS = {
    "400": "The body cannot be read",
    "401": "Nobody has signed in, or the password or code is wrong",
    "403": "Not for this account, or asked for by another site",
    "404": "There is no such thing, or not for this account",
    "409": "It has changed, or somebody was first",
    "413": "The body is too large",
    "422": "Something in it does not hold",
    "429": "Too often; wait as long as Retry-After says",
    "501": "A standard knows it, this service does not",
    "503": "A part of the centre is away; nothing is lost, try again",
}


def install(app: FastAPI) -> None:
    """Hang the handlers into the application."""
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(SessionEnded, _session_ended)
    app.add_exception_handler(StepMissing, _step_missing)
    app.add_exception_handler(StepPassed, _step_passed)
    app.add_exception_handler(Declared, _declared)
    app.add_exception_handler(StoreAway, _away)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)


def describe(described: dict[str, Any]) -> None:
    """Add the refusals that an operation may answer with to the API's description."""
    components = described["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    components["schemas"]["Problem"] = _PROBLEM
    components["responses"] = {
        status: {"description": said, "content": _json(_SHAPE)}
        for status, said in _REFUSALS.items()
    }
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            _add_refusals(operation["responses"], _refusals_of(path, method, operation))


def _add_refusals(responses: dict[str, Any], statuses: set[str]) -> None:
    for status in statuses | (responses.keys() & _REFUSALS.keys()):
        of = responses.get(status, {}).get("content", {}).get("application/json", {})
        own = of.get("schema", {}).get("$ref", "")
        if own and not own.endswith("/HTTPValidationError"):
            shapes = [of["schema"], _SHAPE] if status in statuses else [of["schema"]]
            responses[status]["content"] = _json({"anyOf": shapes})
        elif not of.get("schema", {}).get("anyOf"):
            responses[status] = {"$ref": f"#/components/responses/{status}"}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _refusals_of(path: str, method: str, operation: Mapping[str, Any]) -> set[str]:
    if not path.startswith("/api/"):
        return {"403", "422"} if path == "/metrics" else {"422"}
    found = {"404", "422", "429", "503"}
    if operation.get("security") != []:
        found |= {"401", "403"}
    if method != "get":
        found |= {"403", "409"}
    if "requestBody" in operation:
        found |= {"400", "413"}
    return found


def _sign_in_first(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(_FOR_PROGRAMS):
        return _declared(request, error)
    to = address_of(str(request.url)) if request.method == "GET" else page_before(request)
    expired = token_of(request)
    why = ("&why=unsaved" if request.method != "GET" else "&why=expired") if expired else ""
    return RedirectResponse(f"/sign-in?to={quote(to)}{why}", 303)


def _session_ended(request: Request, _error: Exception) -> Response:
    return _sign_in_first(request, SignInFirst())


def _step_missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, StepMissing)
    if request.url.path.startswith(_FOR_PROGRAMS):
        return _declared(request, error)
    to = address_of(str(request.url)) if request.method == "GET" else page_before(request)
    return RedirectResponse(f"/sign-in/{error.stage}?to={quote(to)}", 303)


def _step_passed(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(_FOR_PROGRAMS):
        return _declared(request, error)
    to = request.query_params.get("to", "/") if request.method == "GET" else page_before(request)
    return RedirectResponse(inside(to), 303)


class _StoreIsAway(Declared):
    status = 503
    words = "error.store-away"


def _away(request: Request, error: Exception) -> Response:
    log.warning("%s", error)
    return _declared(request, _StoreIsAway("the store is away; nothing is lost, try again"))


def _declared(request: Request, error: Exception) -> Response:
    assert isinstance(error, Declared)
    if request.url.path.startswith(_FOR_PROGRAMS):
        return JSONResponse({"detail": error.detail, **error.more}, error.status, error.headers)
    words = _words(request)
    return _page(request, words, error.status, error.said(words), error.headers)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(_FOR_PROGRAMS):
        return await http_exception_handler(request, error)
    words = await run_in_threadpool(_words, request)
    said = words(_PLAIN.get(error.status_code, "error.unreadable"))
    return _page(request, words, error.status_code, said, error.headers)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith(_FOR_PROGRAMS):
        # What was sent is told back, and may be no JSON: NaN is read, but never written, and half
        # a surrogate pair is written as an escape.
        faults = json.loads(json.dumps(jsonable_encoder(error.errors())), parse_constant=str)
        return Response(json.dumps({"detail": faults}), 422, media_type="application/json")
    words = await run_in_threadpool(_words, request)
    return _page(request, words, 422, words("error.unreadable"))


def _words(request: Request) -> Words:
    return services_of(request).words


def _page(
    request: Request,
    words: Words,
    status: int,
    said: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    # Nobody is looked for here: the session may be what could not be read.
    account: Account | None = getattr(request.state, "account", None)
    acting = account.name if account and account.clerk else ""
    answer = page(request, words, "error.html", said=said, acting=acting)
    answer.status_code = status
    answer.headers.update(headers or {})
    return answer
