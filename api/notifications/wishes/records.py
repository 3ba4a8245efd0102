"""Wishes of a person as a form writes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from alerting.escalation.policy import LevelName
from alerting.notify.wishes import Quiet, Wishes
from api.web.forms import NotAccepted, Typed
from config.vocabulary.errors import Fault

Quietness = Literal["role", "own", "none"]
Names = Annotated[list[Typed], Field(max_length=1000)]
NEVER_QUIET = Quiet("00:00", "00:00", "notice")
"""Hours that never come."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Choices:
    """All that can be wished for, by id, with its name. ``channels`` are those that reach the
    person; ``missing`` are those that would with an address of a kind.
    """

    rivers: Mapping[str, str]
    areas: Mapping[str, str]
    stations: Mapping[str, str]
    kinds: Mapping[str, str]
    channels: Mapping[str, str]
    missing: Mapping[str, str]


class Wished(BaseModel):
    """The wishes; empty lists and an empty ``least`` as the role has it. ``quiet`` are hours as
    the ``role`` has them, one's ``own``, or ``none``; ``channels`` in the order in which they are
    tried.
    """

    model_config = ConfigDict(extra="forbid")
    rivers: Names = []
    areas: Names = []
    stations: Names = []
    kinds: Names = []
    least: Literal["", "notice", "warning", "alarm", "critical"] = ""
    quiet: Quietness = "role"
    quiet_from: Typed = ""
    quiet_until: Typed = ""
    quiet_least: LevelName = "alarm"
    channels: Names = []
    weekly: bool = False

    def wishes(self, choices: Choices) -> Wishes:
        """As they are kept.

        Raises:
            NotAccepted: with the field that does not hold.
        """
        return Wishes(
            rivers=_known("rivers", self.rivers, choices.rivers),
            areas=_known("areas", self.areas, choices.areas),
            stations=_known("stations", self.stations, choices.stations),
            kinds=_known("kinds", self.kinds, choices.kinds),
            least=self.least or None,
            quiet=self._quiet(),
            channels=_known("channels", [of for of in self.channels if of], choices.channels),
            weekly=self.weekly,
        )

    def _quiet(self) -> Quiet | None:
        if self.quiet != "own":
            return NEVER_QUIET if self.quiet == "none" else None
        for field, given in (("quiet_from", self.quiet_from), ("quiet_until", self.quiet_until)):
            if not _CLOCK.fullmatch(given):
                fault = Fault(field, f"{given!r} is no time of day", "write it like 22:00")
                raise NotAccepted(fault, "clock")
        if self.quiet_from == self.quiet_until:
            fault = Fault("quiet_until", "is when they begin", "give another time, or none")
            raise NotAccepted(fault, "same")
        return Quiet(self.quiet_from, self.quiet_until, self.quiet_least)


def written(wishes: Wishes, night: Quiet) -> Wished:
    """Wishes as the form shows them; ``night`` are the hours as the role has them."""
    own = wishes.quiet or night
    quiet: Quietness = "role"
    if wishes.quiet:
        quiet = "none" if wishes.quiet == NEVER_QUIET else "own"
    shown = night if quiet == "none" else own
    return Wished(
        rivers=list(wishes.rivers),
        areas=list(wishes.areas),
        stations=list(wishes.stations),
        kinds=list(wishes.kinds),
        least=wishes.least or "",
        quiet=quiet,
        quiet_from=shown.begin,
        quiet_until=shown.until,
        quiet_least=shown.least,
        channels=list(wishes.channels),
        weekly=wishes.weekly,
    )


def _known(field: str, given: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    unknown = [of for of in given if of not in known]
    if unknown:
        remedy = f"choose among {', '.join(known) or 'nothing: there is none'}"
        raise NotAccepted(Fault(field, f"has no {unknown[0]!r}", remedy), "unknown")
    if len(set(given)) < len(given):
        raise NotAccepted(Fault(field, "has one twice", "give each once"), "twice")
    return tuple(given)
