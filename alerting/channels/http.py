"""One request to a provider: bounded in time and size, to an address that we may ask, and the
meaning of its answer for a retry.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from urllib.parse import SplitResult, parse_qsl, urlsplit

from alerting.channels.connecting import (
    ForbiddenAddressError,
    connection,
    explained,
    is_public,
)
from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import TIMEOUT_S, Later, Never
from config.settings import ChannelSettings

MOST_ANSWERED_BYTES = 65536
LONGEST_WHY = 200
LONGEST_WAIT_S = 86400.0
_SHORTEST_SECRET = 8
_PRIVATE = "set private = true if the provider is one of your own"


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer: status, body, and headers with names in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    """Of the request, which a provider may repeat."""

    def cleaned(self, text: str) -> str:
        """Words of the answer in one line that may be shown: short and without our secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        shown = "".join(each if each.isprintable() else " " for each in text)
        return " ".join(shown.split())[:LONGEST_WHY]


class Provider:
    """Asks one provider. ``ca`` is a file of authorities of one's own; ``private`` allows this
    machine and private networks, and only there an address without TLS.

    Raises:
        WrongChannelError: the file holds no authority.
    """

    def __init__(
        self, ca: str = "", timeout_s: float = TIMEOUT_S, *, private: bool = False
    ) -> None:
        self._tls, self._timeout_s, self._private = trusting(ca), timeout_s, private

    def ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer | Later:
        """The answer, whatever its status; ``Later`` where there was none."""
        until = time.monotonic() + self._timeout_s
        try:
            return self._asked(method, urlsplit(url), body, headers, until)
        except (OSError, HTTPException, ValueError) as error:
            return Later(explained(error))

    def _asked(
        self,
        method: str,
        url: SplitResult,
        body: bytes | None,
        headers: Mapping[str, str],
        until: float,
    ) -> Answer:
        host, plain = url.hostname or "", url.scheme == "http"
        if not host or url.scheme not in ("http", "https"):
            raise ForbiddenAddressError("is no http address")
        port = url.port or (80 if plain else 443)
        check = partial(_why_not, private=self._private, plain=plain)
        asking = HTTPConnection(host, port) if plain else HTTPSConnection(host, port)
        given = {"user-agent": "qingyuan", "connection": "close", **headers}
        target = url._replace(scheme="", netloc="", path=url.path or "/", fragment="").geturl()
        with (
            connection(host, port, until, check) as link,
            link if plain else self._tls.wrap_socket(link, server_hostname=host) as line,
        ):
            asking.sock = line
            asking.request(method, target, body, given)
            with asking.getresponse() as found:
                text = found.read(MOST_ANSWERED_BYTES)
                if found.length and len(text) < MOST_ANSWERED_BYTES:
                    raise IncompleteRead(text, found.length)
        named = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, text, named, _secrets(url, headers))


@cache  # reading the system's authorities takes long
def trusting(ca: str) -> ssl.SSLContext:
    """Trusts the authorities of a file, or else those of the system.

    Raises:
        WrongChannelError: the file holds none.
    """
    try:
        return ssl.create_default_context(cafile=ca or None)
    except OSError as error:
        what = f"{ca} holds no certificate that can be read"
        remedy = "name the authority's file in PEM form, and let us read it"
        raise WrongChannelError("ca", what, remedy) from error


def provider_url(channel: ChannelSettings) -> SplitResult:
    """The address of a channel, where it is one that may be asked.

    Raises:
        WrongChannelError: it is none.
    """
    try:
        found = urlsplit(channel.url)
        host, _ = found.hostname or "", found.port
    except ValueError:
        host = ""
    if not host or not _is_plain_text(channel.url) or found.scheme not in ("http", "https"):
        raise WrongChannelError("url", "is no http address", "write https://host/path")
    if "@" in found.netloc:
        remedy = "write the secret into secret or secret_file"
        raise WrongChannelError("url", "has a user name or a password", remedy)
    plain = found.scheme == "http"
    if plain and not channel.private:
        remedy = f"write https, or {_PRIVATE} and near by"
        raise WrongChannelError("url", "is not protected by TLS", remedy)
    try:
        why = _why_not(host, private=channel.private, plain=plain)
    except ValueError:  # a name: where it leads is looked at each time
        why = ""
    if why:
        raise WrongChannelError("url", why, f"write a public https address, or {_PRIVATE}")
    return found


def _is_plain_text(url: str) -> bool:
    """Whether nothing in an address could be taken for a part of the request around it."""
    return url.isascii() and url.isprintable() and " " not in url


def _why_not(address: str, *, private: bool, plain: bool) -> str:
    if is_public(address):
        return "leads to a public address without TLS" if plain else ""
    return "" if private else f"leads to this machine or a private network; {_PRIVATE}"


def _secrets(url: SplitResult, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Whatever of a request may be one, the longest first: paths and parameters hold keys."""
    values = [value for _, value in parse_qsl(url.query)]
    given = [text for name, text in headers.items() if name.lower() == "authorization"]
    parts = [url.path, url.query, *url.path.split("/"), *url.query.split("&"), *values, *given]
    return tuple(sorted({each for each in parts if len(each) >= _SHORTEST_SECRET}, key=len))[::-1]


def refusal(answer: Answer) -> Later | Never | None:
    """The meaning of a status for a retry; None: it was taken."""
    if 200 <= answer.status < 300:
        return None
    why = f"{answer.status} {answer.cleaned(answer.body.decode(errors='replace'))}".strip()
    if answer.status in (408, 425, 429) or answer.status >= 500:
        return Later(why, _wait_s(answer.headers.get("retry-after", "")))
    if answer.status < 400 or answer.status in (401, 403, 404, 405, 407):
        return Later(why)  # a matter of the settings, not of the message
    return Never(why)


def _wait_s(retry_after: str) -> float:
    """Of RFC 9110: seconds, or a date."""
    try:
        if retry_after.isdecimal():
            return min(float(retry_after), LONGEST_WAIT_S)
        at = parsedate_to_datetime(retry_after).timestamp()
    except (ValueError, TypeError):
        return 0.0
    return min(max(0.0, at - time.time()), LONGEST_WAIT_S)
