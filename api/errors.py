"""Our errors as answers over HTTP: status and words."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from alerting.repository import AlreadyAcknowledged
from api.accounts.door import SignInFirst


def install(app: FastAPI) -> None:
    """Hang the handlers into the application."""

    @app.exception_handler(SignInFirst)
    async def _sign_in_first(request: Request, _error: Exception) -> Response:
        return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)

    @app.exception_handler(AlreadyAcknowledged)
    async def _already(_request: Request, error: Exception) -> Response:
        assert isinstance(error, AlreadyAcknowledged)
        body = {"detail": str(error), "by": error.by, "at_ms": error.at_ms}
        return JSONResponse(body, 409)
