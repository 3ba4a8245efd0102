"""Looks over how a site tells people: its channels hold, and what a person may not expect."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from alerting.channels import making, registry
from alerting.channels.protocol import AddressKind
from api.accounts.enrolment.people import Newcomer
from api.accounts.repositories.readers import ROLES
from config import settings as configuration
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import ChannelSettings, Settings

_NO_KEY = bytes(32)
"""Stands for the site's: nothing is sent."""


def notes(file: Path, catalogue: Catalogue, people: Sequence[Newcomer]) -> list[str]:
    """Of a settings file all that holds and may surprise all the same, a line each.

    Raises:
        FaultyInput: with every setting that does not hold.
    """
    settings = configuration.load(file, os.environ)
    reached = _reached(settings, catalogue)
    return [*_of_settings(settings), *_of_people(people, reached)]


def _reached(settings: Settings, catalogue: Catalogue) -> set[AddressKind]:
    """By what kinds of addresses persons are told. The console is not made: it has a file."""
    providers = [of for of in settings.channel if of.kind != "console"]
    around = making.Surroundings(
        site_name=catalogue.site.name,
        source=f"urn:qingyuan:{catalogue.site.id}",
        data_dir=settings.data_dir,
        words=Words.load(settings.language),
        key=lambda _purpose: _NO_KEY,
        screen=sys.stdout,
    )
    made = registry.made(providers, around)
    found = {made[of.name].reaches for of in providers if not of.reads}
    return found if len(providers) == len(settings.channel) > 0 else found | {"screen"}


def _of_settings(settings: Settings) -> Iterator[str]:
    if not settings.public_url:
        yield "public_url is not set, so messages carry no link; write the address of the pages"
    if not settings.channel:
        yield "no channel is set, so messages go to the console and a file alone"
    for each in settings.channel:
        if _stays_here(each):
            yield f"channel {each.name} leads to this machine, so its messages do not leave it"


def _of_people(people: Sequence[Newcomer], reached: set[AddressKind]) -> Iterator[str]:
    """Those of the environment whom no channel reaches; browsers register by themselves."""
    if reached & {"screen", "push"}:
        return
    for person in people:
        if set(person.roles) & set(ROLES) and not reached & person.contacts.keys():
            wanted = " or ".join(sorted(reached)) or "a channel that reaches persons"
            yield f"{person.username} has no address for any channel; give {wanted}"


def _stays_here(channel: ChannelSettings) -> bool:
    host = urlsplit(channel.url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
