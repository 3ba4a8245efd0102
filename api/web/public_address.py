"""The address under which people reach the pages: hosts, origin and cookie follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Scheme and host, in small letters and without a path. Empty: nobody said, and the Host of
    each request is believed.
    """

    url: str = ""

    @property
    def over_tls(self) -> bool:
        """Whether people come by https only."""
        return self.url.startswith("https:")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie."""
        return self.cookie_of("session")

    def cookie_of(self, purpose: str) -> str:
        """The name of a cookie. A browser takes one with this prefix only over TLS, from this very
        host and for all of its paths: no neighbour can plant another.
        """
        return f"__Host-qingyuan_{purpose}" if self.over_tls else f"qingyuan_{purpose}"

    def give(
        self, request: Request, answer: Response, purpose: str, value: str, lasts_s: int
    ) -> None:
        """A cookie that scripts and other sites never have; over TLS it stays on TLS. The way back
        from an identity provider begins at another site, so it is not strict.
        """
        answer.set_cookie(
            self.cookie_of(purpose),
            value,
            max_age=lasts_s,
            httponly=True,
            samesite="lax",
            secure=self.over_tls or request.url.scheme == "https",
        )

    def take(self, answer: Response, purpose: str) -> None:
        """Have the browser forget a cookie."""
        answer.delete_cookie(self.cookie_of(purpose), secure=self.over_tls)

    def names(self, host: str) -> bool:
        """Whether a request's Host is ours; this machine's own names are, for what watches it."""
        if not self.url:
            return True
        scheme = urlsplit(self.url).scheme
        asked = _apart(f"{scheme}://{host}")
        return asked is not None and (asked[0] in LOOPBACK or asked == _apart(self.url))

    def is_origin(self, origin: str, host: str) -> bool:
        """Whether an Origin is that of our own pages, asked for under a Host."""
        return origin == self.url if self.url else origin.partition("://")[2] == host


def _apart(url: str) -> tuple[str, int] | None:
    """Host and port of an address, None where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and not parts.path else None
