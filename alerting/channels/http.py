"""One request to a provider: bounded in time and size, and what its answer means for a retry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError

from alerting.channels.protocol import TIMEOUT_S, Later, Never

MOST_ANSWERED_BYTES = 65536
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer: status, body and headers."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Provider:
    """Asks one provider; connections are kept. ``ca`` is a file of authorities of one's own."""

    def __init__(self, ca: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=4,
            retries=False,
            timeout=urllib3.Timeout(total=timeout_s),
            ca_certs=ca or None,
        )

    def ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer | Later:
        """The answer, whatever its status; ``Later`` where there was none."""
        try:
            found = self._pool.request(
                method,
                url,
                body=body,
                headers=dict(headers),
                redirect=False,
                preload_content=False,
            )
            with found:
                text = found.read(MOST_ANSWERED_BYTES)
            found.release_conn()
        except HTTPError as error:
            return Later(f"{type(error).__name__}: {error}"[:LONGEST_WHY])
        return Answer(found.status, text, found.headers)


def refusal(answer: Answer) -> Later | Never | None:
    """The meaning of a status for a retry; None: it was taken."""
    if 200 <= answer.status < 300:
        return None
    why = f"{answer.status} {answer.body[:200].decode(errors='replace')}".strip()
    if answer.status in (408, 425, 429) or answer.status >= 500:
        after = answer.headers.get("retry-after", "")
        return Later(why, float(after) if after.isdigit() else 0.0)
    if answer.status in (401, 403):
        return Later(why)  # we are not known there: a matter of the settings, not of the message
    return Never(why)
