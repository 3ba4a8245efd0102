"""The outermost layer of HTTP: what every answer carries, and no answer under a foreign name."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.public_address import PublicAddress

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
    " object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
"""A year, during which a browser that was here once comes by https only."""
REFUSED = frozenset({403, 413, 421, 429})
"""Each tells of an attempt to get round a bound; a slip in a form is 422."""
_ELSEWHERE = "no such host here; use the address of public_url, or of this machine"


class Guard:
    """Stands around the framework's own layers too: their answer to a fault of ours carries the
    same headers. ``refused`` hears of each request that was, and its status. Pages may load images
    from the origin ``images`` too, where one is named.
    """

    def __init__(
        self,
        app: ASGIApp,
        public: PublicAddress,
        refused: Callable[[Scope, int], None],
        images: str = "",
    ) -> None:
        self._app, self._public, self._refused = app, public, refused
        self._policy = POLICY.replace("img-src 'self'", f"img-src 'self' {images}".rstrip())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or answer 421 (RFC 9110, 15.5.20)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._complete(headers, f"{scope['scheme']}://{host}/")
                if message["status"] == 500:
                    # The server hangs up behind it; who is not told asks again on this connection.
                    headers["Connection"] = "close"
                if message["status"] in REFUSED:
                    self._refused(scope, message["status"])
            await send(message)

        ours = self._public.names(host)
        app = self._app if ours else JSONResponse({"detail": _ELSEWHERE}, 421)
        await app(scope, receive, guarded)

    def _complete(self, headers: MutableHeaders, asked: str) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "same-origin")
        # After signing out nothing may be read back from a cache.
        headers.setdefault("Cache-Control", "no-store")
        if self._public.over_tls:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        # The framework's redirect to a path with or without its last slash repeats the Host that
        # it was given, and knows no scheme that a proxy did not tell.
        if (to := headers.get("location", "")).startswith(asked):
            headers["location"] = "/" + to.removeprefix(asked).lstrip("/")
