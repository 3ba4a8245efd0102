"""The kinds of channels, and those of a site made out of its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alerting.channels import push
from alerting.channels.making import Maker, Surroundings, WrongChannelError
from alerting.channels.protocol import Channel
from config.settings import ChannelKind, ChannelSettings
from config.vocabulary.errors import Fault, FaultyInput

MAKERS: Mapping[ChannelKind, Maker] = {"push": push.make}


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
