"""A webhook: each message as a CloudEvent, signed by the form of Standard Webhooks.

The envelope is CloudEvents 1.0 in the structured mode of its HTTP binding, the signature that of
Standard Webhooks 1.0.0 with a shared secret (``v1``).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from alerting.channels.http import Provider, provider_url, refusal
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.protocol import Later, Outcome, Outgoing, Taken
from config.settings import ChannelSettings

PREFIX = "whsec_"
KEY_BYTES = range(24, 65)
_DRAW = f"write {PREFIX} and what `openssl rand -base64 32` gives, here and at the receiver"


class Webhook:
    """A channel to a program, which reads what a group chat would."""

    reaches: Final = "screen"
    limit: Final = None

    def __init__(
        self, url: str, key: bytes, provider: Provider, source: str, now_ms: Callable[[], int]
    ) -> None:
        self._url, self._key, self._provider = url, key, provider
        self._source, self._now_ms = source, now_ms

    def send(self, outgoing: Outgoing) -> Outcome:
        """Post it; whatever is not 2xx means that the receiver does not have it."""
        body = msgspec.json.encode(self._event(outgoing))
        sent_s = str(self._now_ms() // 1000)
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": outgoing.key,
            "webhook-timestamp": sent_s,
            "webhook-signature": signature(self._key, outgoing.key, sent_s, body),
        }
        answer = self._provider.ask("POST", self._url, body, headers)
        if isinstance(answer, Later):
            return answer
        return refusal(answer) or Taken()

    def _event(self, outgoing: Outgoing) -> dict[str, object]:
        at = datetime.fromtimestamp(outgoing.at_ms / 1000, UTC)
        event: dict[str, object] = {
            "specversion": "1.0",
            "id": outgoing.key,
            "source": self._source,
            "type": f"qingyuan.{outgoing.kind}",
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": {
                **outgoing.data,
                "title": outgoing.title,
                "text": outgoing.text,
                "link": outgoing.link,
                "language": outgoing.language,
            },
        }
        subject = _subject(outgoing.data)
        return event | {"subject": subject} if subject else event


def _subject(data: Mapping[str, object]) -> str:
    """The alert event that a message tells of first; empty where it tells of none."""
    match data:
        case {"entries": [{"event": str(event)}, *_]}:
            return event
    return ""


def signature(key: bytes, identity: str, sent_s: str, body: bytes) -> str:
    """Of identity, time and body together: none of them can be another's."""
    signed = f"{identity}.{sent_s}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def made(channel: ChannelSettings, around: Surroundings) -> Webhook:
    """A channel out of its settings.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    url = provider_url(channel).geturl()
    provider = Provider(channel.ca, private=channel.private)
    return Webhook(url, _key(channel.secret), provider, around.source, around.now_ms)


def _key(secret: str) -> bytes:
    if not secret:
        raise WrongChannelError("secret", "is missing", _DRAW)
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise WrongChannelError("secret", "is no base64", _DRAW) from None
    if len(key) not in KEY_BYTES:
        raise WrongChannelError("secret", "has fewer than 24 or more than 64 bytes", _DRAW)
    return key
