"""What every store behind HTTP needs: one address, asked with one kind of error."""

from __future__ import annotations

from collections.abc import Mapping

import urllib3

from ingest.store.protocol import StoreAway

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
