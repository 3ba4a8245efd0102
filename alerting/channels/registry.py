"""The kinds of channels, and those of a site made out of its settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from alerting.channels.console import Console
from alerting.channels.protocol import Channel
from config.catalogue.words import Words
from config.settings import ChannelKind, ChannelSettings
from config.vocabulary.errors import Fault, FaultyInput


class WrongChannelError(ValueError):
    """A setting of a channel does not hold: ``field`` of it, what is wrong, and the remedy."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(f"{field} {what}")
        self.field, self.what, self.remedy = field, what, remedy


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The means of every channel. ``key`` gives the site's secret key for a purpose, 32 bytes;
    ``source`` names the site to machines.
    """

    site_name: str
    source: str
    data_dir: Path
    words: Words
    key: Callable[[str], bytes]
    screen: TextIO


Maker = Callable[[ChannelSettings, Surroundings], Channel]
"""Makes a channel of its kind.

Raises:
    WrongChannelError: a setting does not hold.
"""
MAKERS: Mapping[ChannelKind, Maker] = {
    "console": lambda _, around: Console(around.data_dir, around.screen, around.words),
}


def made(settings: Sequence[ChannelSettings], around: Surroundings) -> dict[str, Channel]:
    """The channels by name, in the order of the settings.

    Raises:
        FaultyInput: with every setting that does not hold.
    """
    found, faults = {}, []
    for at, each in enumerate(settings):
        try:
            found[each.name] = MAKERS[each.kind](each, around)
        except WrongChannelError as wrong:
            faults.append(Fault(f"channel[{at}].{wrong.field}", wrong.what, wrong.remedy))
    if faults:
        raise FaultyInput(faults)
    return found
