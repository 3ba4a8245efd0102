"""The centre's own state, for people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from alerting.notify.readers import CHAT
from alerting.notify.routing import TOLD
from api import audit
from api.accounts.records import Account
from api.platforms.environment.operations.records import ChannelLine, Running, Tested
from api.services import Services
from config.settings import ChannelSettings
from config.vocabulary.reports import Pulse

_SILENT = Pulse(v=1, t=0, journal=0, stored=0, judged=0)


def running(services: Services) -> Running:
    """By the core's own last word, with every station of the catalogue."""
    centre = services.centre
    waiting, waiting_since_ms = services.messages.waiting()
    pulse = centre.pulse or _SILENT
    return Running(
        present=centre.present,
        at_ms=centre.pulse.t if centre.pulse else None,
        unstored=max(pulse.journal - pulse.stored, 0),
        unjudged=max(pulse.journal - pulse.judged, 0),
        store_away=pulse.store_away,
        turned_away=pulse.turned_away,
        deadletters=pulse.deadletters,
        refusals=tuple(pulse.refusals),
        passed_over=tuple(pulse.passed_over),
        stations=tuple(
            (station, centre.station(name))
            for name, station in services.catalogue.stations.items()
        ),
        attempts=tuple(reversed(pulse.attempts)),
        failing=tuple(pulse.failing),
        held_ms=max(pulse.held_ms, services.state.holds.longest_ms),
        held_over=max(pulse.held_over, services.state.holds.over),
        audit=pulse.audit,
        channels=tuple(_channels(services)),
        waiting=waiting,
        waiting_since_ms=waiting_since_ms,
    )


def test(services: Services, account: Account, channel: ChannelSettings) -> str:
    """Send a test message over one channel alone: to oneself, or to its group chat; its id."""
    now, t = services.now_ms(), services.words
    reader = CHAT + channel.name if channel.reads else account.username
    body = Note(
        t("channels.test-title", site=services.catalogue.site.name),
        t("channels.test-text", who=account.signed, channel=channel.name),
        urgent=True,
    )
    entry = Entry(secrets.token_hex(16), "test", Level.NOTICE, now, body, reader=reader)
    messages = services.messages
    with services.state.begin() as connection:
        messages.post(connection, entry)
        messages.route(connection, entry, {reader: TOLD}, now)
        message = messages.bundle(connection, reader, "test", [entry], [channel.name], now)
        audit.record(
            connection,
            by=account.actor,
            action="channel.test",
            subject=channel.name,
            detail="",
            at_ms=now,
        )
    return message.id


def tested(services: Services, message_id: str) -> Tested | None:
    """The outcome of a test message; None where there is none of this id."""
    with services.state.read() as connection:
        message = services.messages.messages(connection, [message_id]).get(message_id)
        found = services.messages.deliveries(connection, [message_id]).get(message_id)
    if message is None or message.kind != "test" or not found:
        return None
    return Tested(found[0].channel, found[0].state, found[0].why)


def _channels(services: Services) -> Iterator[ChannelLine]:
    """Those of the settings, with what the core says of each."""
    said = {of.name: of for of in services.centre.channels}
    for of in services.channels:
        yield ChannelLine(of.name, of.kind, of.reads, said.get(of.name))
