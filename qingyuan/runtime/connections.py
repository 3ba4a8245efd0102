"""Connections of strangers: how many there may be, and for how long one may say nothing.

A page that is open, or a stream of events that is heard, waits for us and is never hung up on. Who
has not said whole what is wanted waits for nobody: it is hung up on after a while, and first where
there is no room for another.
"""

from __future__ import annotations

import asyncio
import ipaddress
import resource
from dataclasses import dataclass
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 4096
"""Each that comes is held against all others, so there is an end to them."""
RESERVED_FILES = 256
"""Open files that are no connections: databases, readings, the broker."""
ACCEPTED_AT_ONCE = 128
"""Fewer than are reserved: they are let in before they are counted."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Bounds:
    """``most`` connections, of which ``most_of_one`` may come from one address that is no proxy's;
    a head must be whole within ``head_s``, and no part of a body later than ``body_s`` behind the
    one before.
    """

    most: int
    most_of_one: int = 256
    head_s: float = 20.0
    body_s: float = 30.0
    proxies: tuple[Network, ...] = ()

    @classmethod
    def of_process(cls, trusted_proxies: str) -> Bounds:
        """As many as this process may open files, whose limit is raised for them as far as it may
        be; ``trusted_proxies`` are addresses and networks apart by commas.
        """
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST + RESERVED_FILES
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        proxies = (ipaddress.ip_network(one.strip()) for one in trusted_proxies.split(","))
        return cls(max(wanted - RESERVED_FILES, ACCEPTED_AT_ONCE), proxies=tuple(proxies))

    @property
    def streams(self) -> int:
        """Of events, which are never cut: the rest stays for whatever else is asked."""
        return self.most * 3 // 4

    def is_proxy(self, address: str) -> bool:
        """Whether many people may stand behind an address."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.proxies)


class Bounded(H11Protocol):
    """One connection of uvicorn's."""

    bounds: ClassVar[Bounds]
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, where there is room; else who waits for nothing goes, or it does."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._await_client()
        if not self._has_room():
            self._hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a head or of a body."""
        super().data_received(data)
        self._await_client()

    @property
    def _lacks_head(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _await_client(self) -> None:
        if self._lacks_head:
            if self._timer is None:
                self._timer = self.loop.call_later(self.bounds.head_s, self._hang_up)
            return
        self._stop_waiting()
        if self.cycle.more_body:
            self._timer = self.loop.call_later(self.bounds.body_s, self._give_up)

    def _give_up(self) -> None:
        """A body that nobody reads at the moment is not its sender's fault."""
        self._timer = None
        if self.flow.read_paused:
            self._await_client()
        elif not self.cycle.response_complete:
            self._hang_up()

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hang_up(self) -> None:
        self._stop_waiting()
        self.transport.abort()

    def _has_room(self) -> bool:
        bounds = self.bounds
        others = [
            one
            for one in self.connections
            if one is not self and isinstance(one, Bounded) and not one.transport.is_closing()
        ]
        if self.client and not bounds.is_proxy(self.client[0]):
            same = [one for one in others if one.client and one.client[0] == self.client[0]]
            if len(same) >= bounds.most_of_one and not _one_less(same):
                return False
        return len(others) < bounds.most or _one_less(others)


def _one_less(among: list[Bounded]) -> bool:
    """Hang up on the one that has owed its head for longest, if any does."""
    owing = [one for one in among if one._lacks_head and one._timer is not None]  # noqa: SLF001
    if not owing:
        return False
    min(owing, key=lambda one: one._timer.when() if one._timer else 0.0)._hang_up()  # noqa: SLF001
    return True


def protocol(bounds: Bounds) -> type[Bounded]:
    """The class of connections of one server."""
    return type("BoundedHere", (Bounded,), {"bounds": bounds})
