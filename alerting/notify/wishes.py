"""Wishes of a person: of what, from which level on, when and by what to be told. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from alerting.escalation.policy import LevelName
from config.vocabulary.time import ZONE

Clock = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Quiet(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of the day, Asia/Shanghai, in which only ``least`` and what is graver is told."""

    begin: Clock
    until: Clock
    least: LevelName

    def ends_ms(self, at_ms: int) -> int | None:
        """When the quiet hours end in which an instant lies; None outside of them."""
        at = datetime.fromtimestamp(at_ms / 1000, ZONE)
        begin, until = _minutes(self.begin), _minutes(self.until)
        now = at.hour * 60 + at.minute
        inside = begin <= now < until if begin <= until else now >= begin or now < until
        if not inside:
            return None
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        end = day + timedelta(minutes=until)
        return int((end if end > at else end + timedelta(days=1)).timestamp() * 1000)


class Wishes(Struct, frozen=True, forbid_unknown_fields=True):
    """Empty: as the person's role has it. Of places those are told that are named in any of the
    first three.
    """

    rivers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of events: rules, or named kinds of pollution."""
    least: LevelName | None = None
    quiet: Quiet | None = None
    channels: tuple[str, ...] = ()
    """Names of channels in the order in which they are tried; others are not used."""
    weekly: bool = True
    """Whether to be told on Monday of the week before."""

    def of_location(
        self, rivers: Collection[str], areas: Collection[str], stations: Collection[str]
    ) -> bool:
        """Whether any of these places is wished for."""
        pairs = ((self.rivers, rivers), (self.areas, areas), (self.stations, stations))
        if not any(wished for wished, _ in pairs):
            return True
        return any(set(wished) & set(given) for wished, given in pairs)

    def of_kind(self, kind: str) -> bool:
        """Whether events of a kind are wished for."""
        return not self.kinds or kind in self.kinds


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
