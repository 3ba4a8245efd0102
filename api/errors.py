"""Our errors as answers over HTTP: JSON for programs, a page in plain words for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from alerting.record.repository import AlreadyAcknowledged
from api.accounts.authentication import FromElsewhere, SignInFirst, address_of, page_before
from api.accounts.records import COOKIE
from api.services import services_of
from api.web.rendering import page
from ingest.store.protocol import StoreAway

log = logging.getLogger(__name__)
_FOR_PROGRAMS = ("/api/", "/lib/", "/static/", "/openapi.json", "/healthz", "/metrics")


def install(app: FastAPI) -> None:
    """Hang the handlers into the application."""
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(AlreadyAcknowledged, _already)
    app.add_exception_handler(StoreAway, _away)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)


def _sign_in_first(request: Request, _error: Exception) -> Response:
    to = address_of(str(request.url)) if request.method == "GET" else page_before(request)
    expired = COOKIE in request.cookies
    why = ("&why=unsaved" if request.method != "GET" else "&why=expired") if expired else ""
    return RedirectResponse(f"/sign-in?to={quote(to)}{why}", 303)


def _already(_request: Request, error: Exception) -> Response:
    assert isinstance(error, AlreadyAcknowledged)
    body = {"detail": str(error), "by": error.by, "at_ms": error.at_ms}
    return JSONResponse(body, 409)


def _away(request: Request, error: Exception) -> Response:
    log.warning("%s", error)
    if request.url.path.startswith(_FOR_PROGRAMS):
        return JSONResponse({"detail": "the store is away; nothing is lost, try again"}, 503)
    return _page(request, 503)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(_FOR_PROGRAMS):
        return await http_exception_handler(request, error)
    key = "error.elsewhere" if isinstance(error, FromElsewhere) else "error.officers"
    return await run_in_threadpool(_page, request, error.status_code, key, error.headers)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith(_FOR_PROGRAMS):
        # What was sent is told back, and may be no JSON: NaN is read, but never written, and half
        # a surrogate pair is written as an escape.
        faults = json.loads(json.dumps(jsonable_encoder(error.errors())), parse_constant=str)
        return Response(json.dumps({"detail": faults}), 422, media_type="application/json")
    return await run_in_threadpool(_page, request, 422)


def _page(
    request: Request,
    status: int,
    forbidden: str = "error.officers",
    headers: Mapping[str, str] | None = None,
) -> Response:
    words = services_of(request).words
    known = {
        403: forbidden,
        404: "error.unknown",
        413: "error.too-large",
        503: "error.store-away",
    }
    said = words(known.get(status, "error.unreadable"))
    answer = page(request, words, "error.html", said=said)
    answer.status_code = status
    answer.headers.update(headers or {})
    return answer
