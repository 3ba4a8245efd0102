"""Stores behind HTTP: an address, a durable mark, and the form of a reading."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import urllib3

from ingest.journal.columns import Columns
from ingest.store import line_protocol
from ingest.store.downsampling import drawn
from ingest.store.durability import DurableMark
from ingest.store.protocol import Good, Retention, StoreAway, Track

TIMEOUT_S = 30.0


class Server:
    """A time-series server; ``name`` is what people call it."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url.rstrip("/")
        self._http = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False, maxsize=8)

    def ask(
        self, path: str, parameters: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> bytes:
        """Its answer; parameters are those of a form, or of the address beside a ``body``.

        Raises:
            StoreAway: there is none, or it is no success.
        """
        url = self.url + path
        try:
            if body is None:
                answer = self._http.request(
                    "POST", url, fields=dict(parameters or {}), encode_multipart=False
                )
            else:
                answer = self._http.request("POST", url, body=body)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self.away(error) from error
        if answer.status >= 300:
            raise self.away(f"{answer.status} {answer.data[:200]!r}")
        return answer.data

    def away(self, why: object) -> StoreAway:
        """One line with the address and the remedy."""
        text = f"store_url {self.url}: {self.name} does not answer as it should ({why}); start it"
        return StoreAway(text)

    def close(self) -> None:
        """Hang up."""
        self._http.clear()


class ServerStore(ABC):
    """The half of a store that is the same on every server."""

    def __init__(self, server: Server, site: str, durable_mark: DurableMark) -> None:
        self._server, self._site, self._durable_mark = server, site, durable_mark
        self._retention: Retention | None = None

    def retention(self) -> Retention | None:
        """See the protocol; it is asked whenever the server is asked which life this is."""
        return self._retention

    def position(self) -> int:
        """See the protocol."""
        return self._durable_mark.taken()

    def firm(self) -> int:
        """See the protocol."""
        return self._durable_mark.firm()

    def append(self, n: int, columns: Columns) -> None:
        """See the protocol."""
        self._durable_mark.check_incarnation()
        self.put(columns)
        self._durable_mark.take(n)

    def put(self, columns: Columns) -> None:
        """See the protocol."""
        for body in line_protocol.bodies(self._site, columns):
            try:
                self._write(body)
            except StoreAway:
                self._durable_mark.doubt()
                raise

    def tracks(self, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Track]:
        """See the protocol."""
        return {name: self.track(name, from_ms, to_ms) for name in series}

    def good(self, series: str, from_ms: int, to_ms: int) -> Good:
        """See the protocol."""
        return self.track(series, from_ms, to_ms).good()

    def drawing(self, series: str, from_ms: int, to_ms: int, points: int) -> Track:
        """See the protocol."""
        return drawn(self.track(series, from_ms, to_ms), from_ms, to_ms, points)

    def tidy(self, stop: threading.Event | None = None) -> None:  # noqa: B027 - all there is to do
        """See the protocol: a server does so by itself."""

    @abstractmethod
    def track(self, series: str, from_ms: int, to_ms: int) -> Track:
        """See the protocol."""

    @abstractmethod
    def _write(self, body: bytes) -> None:
        """Send lines; StoreAway where they were not taken."""
