"""Whether two senders speak under one MN. Pure.

A logger that calls anew never speaks again on the connection before. Two that take turns, with the
same codes and instants near each other, are two: a copied configuration, or a box that was
replaced and stayed on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

MOST_SENDERS = 8
TURNS = 2
"""So often each of two connections has to take the word back."""
TURNS_OF_HOSTS = 3
"""The same of two addresses, between which a mobile network may move a logger once."""


@dataclass(slots=True)
class _Sender:
    caller: str
    heard_s: float
    taken_ms: int
    codes: frozenset[str]
    turns: int = 0


class Senders:
    """Those who brought data for one MN. ``near_ms`` is how far apart two live instants lie,
    ``window_s`` how long a sender is remembered.
    """

    def __init__(self, near_ms: int, window_s: float) -> None:
        self._near_ms, self._window_s = near_ms, window_s
        self._by: list[tuple[int, dict[str, _Sender]]] = [(TURNS, {}), (TURNS_OF_HOSTS, {})]
        self._noticed: tuple[float, tuple[str, ...]] = (0.0, ())

    def heard(self, caller: str, taken_ms: int, codes: Collection[str], now_s: float) -> bool:
        """Data came from ``host:port``; whether two senders are noticed by it."""
        known = self.known(now_s)
        for turns, senders in self._by:
            key = caller if turns == TURNS else caller.rpartition(":")[0]
            one = _Sender(caller, now_s, taken_ms, frozenset(codes))
            two = self._turned(senders, key, one, turns)
            if two:
                self._noticed = (now_s, two)
        return bool(self.known(now_s)) and not known

    def known(self, now_s: float) -> tuple[str, ...]:
        """The addresses of the two; nothing where one alone speaks."""
        noticed_s, callers = self._noticed
        return callers if callers and now_s - noticed_s <= self._window_s else ()

    def _turned(
        self, senders: dict[str, _Sender], key: str, one: _Sender, turns: int
    ) -> tuple[str, ...]:
        """Note that one has the word; the two that have taken it from each other often enough."""
        if len(senders) == 1 and key in senders:
            senders[key] = one
            return ()
        for gone in [k for k, of in senders.items() if one.heard_s - of.heard_s > self._window_s]:
            del senders[gone]
        last_key = next(reversed(senders), key)
        last, before = senders.get(last_key), senders.pop(key, None)
        one.turns = before.turns if before else 0
        senders[key] = one
        if len(senders) > MOST_SENDERS:
            del senders[next(iter(senders))]
        if last is None or before is None or last_key == key:
            return ()
        if abs(one.taken_ms - last.taken_ms) > self._near_ms or not one.codes & last.codes:
            return ()
        one.turns += 1
        # The second of two has taken it once less.
        return (last.caller, one.caller) if min(one.turns, last.turns + 1) >= turns else ()
