"""create_app: joins the rooms of the pages and decides nothing."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    StreamingResponse,
)
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from starlette.types import ASGIApp, Scope

from api import errors, items, metrics
from api.accounts.attempt_log import MinuteLog, of_requests
from api.accounts.limits import SignInLimits
from api.accounts.repositories.sign_ins import SignIns
from api.authentication import acting, oidc_pages, step_pages, step_routes
from api.authentication import pages as sign_in_pages
from api.authentication import routes as sign_in_routes
from api.authentication.costs import Spending, WithinAllowance
from api.authentication.refusals import Refusals
from api.authentication.requests import (
    FOR_ALL,
    SignedIn,
    TooManyTokens,
    language_of,
    recognised,
)
from api.bodies import BodyLimit, HeldTexts, WithinLimit
from api.live import ALL, NONE
from api.open_forms.sending import address_of
from api.platforms.environment.permission import EnvironmentPermission
from api.roster import ROSTER
from api.services import Services, ServicesOf
from api.shape import Platform
from api.web import assets
from api.web.guard import POLICY, Guard
from api.web.rendering import environment
from config.vocabulary.time import MINUTE_MS

log = logging.getLogger(__name__)
_BY_PROXIES = ("forwarded", "via", "x-forwarded-", "x-real-ip")
"""Headers that show that somebody else asks."""
_FOR_PEOPLE = ("/api/v1/administration/", "/api/v1/account/", "/api/v1/notifications")
"""Of the API, where a machine's token opens nothing."""
SAID_EACH_S = 20.0
STREAM_LATER_S = "60"
"""A page without a stream asks by itself meanwhile."""
COMPRESSION = 5
"""Of zlib: a page of 20 kB takes about a millisecond."""


class _Guarded(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        paths = {route.endpoint: route.path for route in iter_route_contexts(self.routes)}
        state = self.state

        def refused(scope: Scope, status: int) -> None:
            # Of what was asked no more than the route: an address may hold a secret.
            route = scope.get("route")
            asked = f" {scope['method']} {paths[route.endpoint]}" if route else ""
            address, now_ms = address_of(Request(scope)), state.services.now_ms()
            state.refused_requests.note(address, f"{status}{asked}", now_ms)

        services: Services = state.services
        app = super().build_middleware_stack()
        return Guard(app, services.public, refused, services.map.origin)

    def openapi(self) -> dict[str, Any]:
        """The API's description, with the two ways in and every refusal."""
        described = super().openapi()
        cookie = self.state.services.public.cookie
        described["components"]["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": cookie},
            "token": {"type": "http", "scheme": "bearer"},
        }
        described["security"] = [{"session": []}, {"token": []}]
        for path, methods in described["paths"].items():
            for operation in methods.values() if path.startswith(_FOR_PEOPLE) else ():
                operation["security"] = [{"session": []}]
        errors.describe(described)
        return described


def create_app(services: Services, roster: Sequence[Platform] = ROSTER) -> FastAPI:
    """The whole of HTTP over these parts, in the order of the roster.

    Raises:
        Refused: the pages' libraries are not installed.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        saying = asyncio.create_task(_say_attempts(app))
        yield
        services.live.close()
        saying.cancel()

    app = _Guarded(
        title="Qingyuan 清源",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[WithinLimit, HeldTexts, WithinAllowance],
    )
    app.state.services = services
    app.state.language_of = language_of
    app.state.sign_in_limits = SignInLimits()
    app.state.refused_requests = MinuteLog(of_requests)
    app.state.spending = Spending()
    app.state.refusals = Refusals(services.state)
    app.state.roster = roster
    app.state.templates = environment({each.slug: each.folder for each in roster})
    app.state.caches = {kind: kind() for each in roster for kind in each.caches}
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, compresslevel=COMPRESSION)
    errors.install(app)
    for room in (sign_in_routes, sign_in_pages, step_routes, step_pages, oidc_pages, acting):
        app.include_router(room.router)
    for platform in roster:
        _include(app, platform)
    app.include_router(items.router)
    assets.mount(app, services.libraries)
    app.get("/api/v1/live", tags=["live"], response_class=StreamingResponse)(live)
    app.get(
        "/healthz", tags=["health"], openapi_extra=FOR_ALL, responses={503: {"model": Health}}
    )(healthz)
    app.get("/metrics", tags=["health"], response_class=PlainTextResponse, openapi_extra=FOR_ALL)(
        metrics_text
    )
    app.get("/openapi.json", include_in_schema=False)(openapi)
    app.get("/docs", include_in_schema=False, response_class=HTMLResponse)(docs)
    return app


def _include(app: FastAPI, platform: Platform) -> None:
    def asked(request: Request) -> None:
        request.state.platform = platform

    own = [Depends(asked)]
    for router in platform.api:
        app.include_router(router, prefix=platform.api_address, dependencies=own)
    for router in platform.pages:
        app.include_router(router, prefix=platform.address, dependencies=own)
    for router in platform.at_root:
        app.include_router(router)


async def _say_attempts(app: FastAPI) -> None:
    noted_ms = 0
    while True:
        await asyncio.sleep(SAID_EACH_S)
        services: Services = app.state.services
        attempts, now_ms = app.state.sign_in_limits.log, services.now_ms()
        attempts.flush(now_ms)
        app.state.refused_requests.flush(now_ms)
        if not 0 <= now_ms - noted_ms < MINUTE_MS:
            noted_ms, note = now_ms, SignIns(services.state).note_slowed
            try:
                await asyncio.to_thread(note, attempts.refused(), now_ms)
            except Exception as error:  # noqa: BLE001 - whatever a database may raise
                log.warning("slowed sign-ins of a minute are not kept: %s", error)


async def live(
    request: Request, services: ServicesOf, who: SignedIn, readings: str = ALL
) -> StreamingResponse:
    """Alerts and readings as they come, as server-sent events; ``readings`` of ``all`` stations,
    of one by its id, or ``none``; of both those that one may see. A stream ends with its session
    or its machine's token, and where either may do something else from now on.
    """
    address = address_of(request)
    if status := services.live.refusal(address):
        said = "too many streams are open; close some, or try again as Retry-After says"
        raise HTTPException(status, said, headers={"Retry-After": STREAM_LATER_S})
    rights = (who.username, who.clerk, who.reaches)
    if not who.may(EnvironmentPermission.SEE_STATIONS):
        readings = NONE

    def stands() -> bool:
        try:
            found = recognised(request, services)
        except TooManyTokens:  # it has ended, and others like it were tried
            return False
        return found is not None and (found.username, found.clerk, found.reaches) == rights

    return StreamingResponse(
        services.live.events(
            services.now_ms,
            readings,
            alerts=who.may(EnvironmentPermission.SEE_ALERTS),
            session=who.session.id if who.session else who.username,
            username=who.clerk.username if who.clerk else who.username,
            address=address,
            stands=stands,
        ),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class Health(BaseModel):
    """Whether the core speaks, and how much of the journal is stored."""

    core: bool
    stored: int


def healthz(services: ServicesOf, answer: Response) -> Health:
    """Whether the core speaks (503 where it does not), and the journal entries that are stored."""
    if not services.centre.present:
        answer.status_code = 503
    stored = services.centre.pulse.stored if services.centre.pulse else 0
    return Health(core=services.centre.present, stored=stored)


def metrics_text(request: Request, services: ServicesOf) -> PlainTextResponse:
    """Figures for a monitoring system: from this machine, or with the token of the settings."""
    given = request.headers.get("authorization", "")
    known = f"Bearer {services.metrics_token}"
    if services.metrics_token:
        allowed = hmac.compare_digest(given.encode(), known.encode())
    else:
        here = request.client is not None and request.client.host in ("127.0.0.1", "::1")
        allowed = here and not any(name.startswith(_BY_PROXIES) for name in request.headers)
    if not allowed:
        raise HTTPException(403, "ask from this machine, or with metrics_token as bearer token")
    centre = services.centre
    return PlainTextResponse(
        metrics.text(centre.pulse, present=centre.present, holds=services.state.holds)
    )


def openapi(request: Request, _who: SignedIn) -> JSONResponse:
    """The API's own description, for programs."""
    return JSONResponse(request.app.openapi())


def docs(request: Request, _who: SignedIn) -> HTMLResponse:
    """The same for people, with libraries of this house."""
    address = request.app.state.assets.address
    answer = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=request.app.title,
        swagger_js_url=address("swagger-ui-bundle.js"),
        swagger_css_url=address("swagger-ui.css"),
        swagger_favicon_url=address("icon.svg"),
        # With links each call would be one inside of a button; a closed list has room on a screen.
        swagger_ui_parameters={"deepLinking": False, "docExpansion": "none"},
    )
    own = f'<script type="module" src="{address("swagger.js")}"></script></body>'.encode()
    body = bytes(answer.body).replace(b"<html>", b'<html lang="en">')
    answer.body = body.replace(b"</body>", own)
    answer.headers["Content-Length"] = str(len(answer.body))
    # Swagger's starter is an inline script: this one is allowed here, and no other anywhere.
    starter = answer.body.partition(b"<script>")[2].partition(b"</script>")[0]
    digest = base64.b64encode(hashlib.sha256(starter).digest()).decode()
    answer.headers["Content-Security-Policy"] = f"{POLICY}; script-src 'self' 'sha256-{digest}'"
    return answer
