"""People are told of alerts as in a running centre: a real notifier and a real sender, which a test
lets act, over a channel that keeps what it hears.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from alerting.alert import Alert, Change, State
from alerting.channels.protocol import AddressKind, Limit, Outcome, Outgoing, Taken
from alerting.events.event import SETTLE_MS, doubted
from alerting.notify.dispatcher import Sender
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.rendering import Renderer
from api.accounts.repositories.readers import Readers
from config.settings import ChannelSettings, NotifySettings
from tests.api.conftest import RunningCentre, spill

CHANNEL = ChannelSettings("console", "console")


@dataclass
class Ear:
    """A channel whose provider takes everything."""

    heard: list[Outgoing] = field(default_factory=list)
    reaches: AddressKind = "screen"
    limit: Limit | None = None

    def send(self, outgoing: Outgoing) -> Outcome:
        self.heard.append(outgoing)
        return Taken()


class Core:
    """The parts of a core that tell people, over the state database of a centre."""

    def __init__(self, centre: RunningCentre, on_duty: Mapping[str, str] | None = None) -> None:
        services, clock = centre.services, centre.clock
        self.centre, self.ear = centre, Ear()
        readers = Readers(services.state, "zh-CN")
        around = Surroundings(
            services.catalogue,
            services.grouping,
            readers,
            NotifySettings(),
            services.channels,
            {CHANNEL.name: "screen"},
            "zh-CN",
            on_duty=lambda _: on_duty or {},
            known_ms=clock,
            doubted=doubted,
        )
        self._notifier = Notifier(
            services.alerts,
            services.events,
            services.messages,
            services.silences,
            services.policies,
            around,
            clock,
            threading.Event(),
            lambda: None,
        )
        renderer = Renderer(
            services.wording, services.events, services.links, services.grouping, clock
        )
        self._sender = Sender(
            CHANNEL, self.ear, services.messages, readers, renderer, "zh-CN", clock
        )

    def tell(self, after_ms: int = SETTLE_MS) -> list[Outgoing]:
        """All that people are told from now until a while later."""
        before = len(self.ear.heard)
        self._turn()
        self.centre.clock.now_ms += after_ms
        self._turn()
        return self.ear.heard[before:]

    def _turn(self) -> None:
        for _ in range(3):
            self._notifier.step()
        while self._sender.step():
            pass

    def raised(self, alert: Alert) -> str:
        """An alert is raised and told of; the id of its event."""
        self.centre.put(alert)
        self.tell()
        kept = self.centre.services.alerts.get(alert.id)
        assert kept is not None
        assert kept.event is not None
        return kept.event

    def over(self, alert: Alert) -> list[Outgoing]:
        """An alert ends, and people are told."""
        now = self.centre.clock.now_ms
        ended = spill(
            **{name: getattr(alert, name) for name in alert.__slots__}
            | {"state": State.RESOLVED, "resolved_ms": now}
        )
        self.centre.put(ended, Change.RESOLVED)
        return self.tell()

    def link_of(self, username: str) -> str:
        """Path of the link in the newest message to somebody."""
        found = [of.link for of in self.ear.heard if of.addresses == (username,)]
        return "/" + found[-1].split("/", 3)[3]
