"""Web push: a notification in each browser in which a person allowed it, over the push service
that the browser named (RFC 8030).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import msgspec

from alerting.channels.http import Answer, Provider, refusal
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.protocol import AddressKind, Later, Never, Outcome, Outgoing, Taken
from alerting.channels.push_encryption import Receiver, Sender, encrypted, to_text
from config.settings import ChannelSettings

PURPOSE = "push"
"""Names the key of the site out of which the pair of keys is derived."""
MOST_PAYLOAD_BYTES = 3000
KEPT_S = 86_400
"""So long a push service keeps a message for a device that is off."""
PROVEN_S = 12 * 3600
AWAY_MS = 60_000
"""So long a push service that gave no answer is not asked: some never do in some countries, and
whoever uses another must not wait for them.
"""
_MOST_TITLE, _MOST_LINK, _MOST_KEY = 100, 900, 200
_URGENT = ("alarm", "critical")
_GONE, _UNKNOWN = (404, 410), (401, 403)
_SUBJECT = re.compile(r"mailto:[^\s@]+@[^\s@]+|https://\S+")


class Subscription(msgspec.Struct, frozen=True):
    """A browser's address, as it is kept and given in JSON: where its push service takes messages,
    its public key, and the secret that it shares with us.
    """

    endpoint: str
    p256dh: str
    auth: str


def made(settings: ChannelSettings, around: Surroundings) -> Push:
    """The channel of a site.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    if not _SUBJECT.fullmatch(settings.url):
        remedy = "write whom push services may ask about us, such as mailto:admin@example.org"
        raise WrongChannelError("url", f"{settings.url!r} names nobody", remedy)
    if settings.reads:
        remedy = "remove it: each person allows it in the own browsers"
        raise WrongChannelError("reads", "is for group chats, which have no browser", remedy)
    provider = Provider(settings.ca, private=settings.private)
    sender = Sender(around.key(PURPOSE))
    return Push(provider, sender, settings.url, private=settings.private, now_ms=around.now_ms)


def public_key(settings: Sequence[ChannelSettings], key: Callable[[str], bytes]) -> str:
    """The key for browsers that subscribe, out of the site's keys by purpose; empty where the site
    has no such channel.
    """
    sends = any(each.kind == "push" for each in settings)
    return Sender(key(PURPOSE)).public if sends else ""


class Push:
    """Sends one message to every browser of a person at once.

    The message is taken where one browser's service took it: a repeat would come twice there. A
    service that is away or full says nothing of the others, nor of the channel; one that does not
    know us does.
    """

    reaches: AddressKind = "push"
    limit = None

    def __init__(
        self,
        provider: Provider,
        sender: Sender,
        subject: str,
        *,
        private: bool = False,
        now_ms: Callable[[], int],
    ) -> None:
        self._provider, self._sender, self._subject = provider, sender, subject
        self._private, self._now_ms = private, now_ms
        self._away_ms: dict[str, int] = {}

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt at each browser."""
        topic = _topic(outgoing)
        attempt = partial(self._attempt, payload(outgoing, topic), _headers(outgoing, topic))
        with ThreadPoolExecutor(max(1, len(outgoing.addresses))) as at_once:
            return _together(list(at_once.map(attempt, outgoing.addresses)))

    def _attempt(self, said: bytes, headers: Mapping[str, str], address: str) -> Outcome:
        try:
            to = msgspec.json.decode(address, type=Subscription)
            receiver, at = Receiver.read(to.p256dh, to.auth), urlsplit(to.endpoint)
        except ValueError as error:
            return Never(f"a browser's address cannot be read: {error}", (address,))
        if at.scheme != "https" and not self._private:
            return Never(f"{at.hostname}: no https address", (address,))
        answer = self._asked(
            to.endpoint, f"{at.scheme}://{at.netloc}", encrypted(said, receiver), headers
        )
        if isinstance(answer, Later):
            return answer
        if answer.status in _GONE:
            return Never(f"{at.hostname}: {answer.status}, the browser takes none", (address,))
        refused = refusal(answer)
        if isinstance(refused, Later) and answer.status not in _UNKNOWN:
            return replace(refused, of_reader=True)
        return refused or Taken()

    def _asked(
        self, endpoint: str, origin: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer | Later:
        """The answer of a push service, unless it gave none a moment ago."""
        now_ms = self._now_ms()
        left_ms = self._away_ms.get(origin, 0) - now_ms
        if 0 < left_ms <= AWAY_MS:
            return Later(f"{origin} gave no answer", left_ms / 1000, of_reader=True)
        until_s = now_ms // 1000 + PROVEN_S
        proof = {"Authorization": self._sender.authorization(origin, self._subject, until_s)}
        answer = self._provider.ask("POST", endpoint, body, {**headers, **proof})
        if isinstance(answer, Later):
            self._away_ms[origin] = now_ms + AWAY_MS
            return replace(answer, of_reader=True)
        self._away_ms.pop(origin, None)
        return answer


def _together(found: Sequence[Outcome]) -> Outcome:
    """One outcome for the person."""
    gone = tuple(address for of in found if not isinstance(of, Later) for address in of.gone)
    later = [of for of in found if isinstance(of, Later)]
    if any(isinstance(of, Taken) for of in found):
        return Taken(gone=gone)
    if later:
        return min(later, key=lambda of: of.after_s)
    whys = sorted({of.why for of in found if isinstance(of, Never)})
    return Never("; ".join(whys) or "there is no browser", gone)


def _topic(outgoing: Outgoing) -> str:
    """The same for all messages of one event, in 32 characters: a newer one takes the place of one
    that the device has not got yet (RFC 8030, 5.4), or has not read.
    """
    match outgoing.data:
        case {"entries": [{"event": str(event)}]} if event:
            about = event
        case _:
            about = outgoing.key
    return to_text(hashlib.sha256(about.encode()).digest()[:24])


def _headers(outgoing: Outgoing, topic: str) -> dict[str, str]:
    return {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_S),
        "Urgency": "high" if outgoing.data.get("level") in _URGENT else "normal",
        "Topic": topic,
    }


def payload(outgoing: Outgoing, topic: str) -> bytes:
    """The notification as our service worker reads it; a long text is cut."""
    said = {
        "title": outgoing.title[:_MOST_TITLE],
        "body": outgoing.short,
        "link": outgoing.link if len(outgoing.link) <= _MOST_LINK else "",
        "tag": topic,
        "key": outgoing.key[:_MOST_KEY],
    }
    while len(found := msgspec.json.encode(said)) > MOST_PAYLOAD_BYTES:
        said["body"] = said["body"][: len(said["body"]) // 2]
    return found
