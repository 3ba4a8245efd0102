"""Tells officers that the core is silent, from a process beside it: nobody else can then."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from alerting.channels.protocol import Channel, Outgoing, Taken
from alerting.notify.masking import masked
from alerting.notify.readers import Directory, Person
from alerting.notify.rendering import SHORT, cut
from config.catalogue.words import LanguageTag, Words
from config.settings import ChannelSettings
from config.vocabulary.time import MINUTE_MS
from ingest.loops import Loop

SILENT_MS = 3 * MINUTE_MS
EVERY_S = 15.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class CoreWatch:
    """``heard_ms`` is when the core spoke last, or this process began; ``link`` leads to the page
    of operations. Each silence is told once, by the first channel that takes it.
    """

    heard_ms: Callable[[], int]
    directory: Directory
    channels: Mapping[str, tuple[ChannelSettings, Channel]]
    words: Words
    site: str
    language: LanguageTag
    link: str
    now_ms: Callable[[], int]
    loop: Loop = field(default_factory=lambda: Loop("core watch"))
    _said_ms: int | None = None
    """Since when the silence lasts of which officers were told."""

    def run(self, stop: threading.Event) -> None:
        """Watch until told to stop."""
        self.loop.run(stop, lambda: None if stop.wait(EVERY_S) else self.step())

    def step(self) -> None:
        """Tell officers where the core has been silent for long."""
        now, since_ms = self.now_ms(), self.heard_ms()
        if now - since_ms < SILENT_MS or since_ms == self._said_ms:
            return
        self._said_ms = since_ms
        log.error("the core is silent since %d; officers are told", since_ms)
        for person in self.directory.people(now):
            if "officer" in person.roles:
                self._tell(person, since_ms)
        for settings, channel in self.channels.values():
            if settings.reads == "officer":
                self._send(channel, self._outgoing(settings.name, (), self.language, since_ms))

    def _tell(self, person: Person, since_ms: int) -> None:
        for settings, channel in self.channels.values():
            kind = channel.reaches
            addresses = self.directory.addresses(person.username, kind)
            if settings.reads or not addresses:
                continue
            if kind != "push":
                addresses = addresses[:1]
            outgoing = self._outgoing(person.username, addresses, person.language, since_ms)
            if self._send(channel, outgoing):
                return
        log.error("%s cannot be told that the core is silent", person.username)

    def _send(self, channel: Channel, outgoing: Outgoing) -> bool:
        try:
            outcome = channel.send(outgoing)
        except Exception as raised:  # noqa: BLE001 - whatever a provider's library may raise
            log.warning("a channel failed: %s", masked(f"{type(raised).__name__}: {raised}"))
            return False
        return isinstance(outcome, Taken)

    def _outgoing(
        self, reader: str, addresses: tuple[str, ...], language: LanguageTag, since_ms: int
    ) -> Outgoing:
        t = self.words.into(language)
        title = t("message.core-silent", site=t.name(self.site))
        return Outgoing(
            key=hashlib.sha256(f"core silent|{since_ms}|{reader}".encode()).hexdigest()[:32],
            addresses=addresses,
            kind="trouble",
            title=title,
            text=f"{title}\n{t('message.core-silent-means')}",
            short=cut(title, SHORT),
            link=self.link,
            at_ms=self.now_ms(),
            language=language,
            data={},
        )
