"""The parts that tell people, joined: channels, notifier, dispatcher."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Sized
from dataclasses import dataclass

from alerting.alert import Alert, Level
from alerting.channels import making, registry
from alerting.channels.protocol import Channel
from alerting.duty.repository import DutyRepository
from alerting.escalation.repository import Policies
from alerting.events.event import Grouping, doubted
from alerting.events.repository import Events
from alerting.notify.digests import WeeklyDigests
from alerting.notify.dispatcher import Dispatcher, Sender
from alerting.notify.entries import Entry, Note
from alerting.notify.links import Links
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.picturing import picture
from alerting.notify.readers import CHAT, personal
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Messages
from alerting.silences.repository import Silences
from alerting.watching.core_watch import CoreWatch
from alerting.watching.watchman import Watchman
from api.accounts.credentials import contact_codes
from api.accounts.repositories.readers import Readers
from api.audit_chain.links import Head
from api.notifications.live import MESSAGE
from config.settings import ChannelSettings, Settings
from config.site_key import SiteKey
from config.vocabulary.bounds import cut
from config.vocabulary.reports import ChannelPulse
from config.vocabulary.time import DAY_MS, day_of
from qingyuan.runtime.site import SharedResources, now_ms

CONSOLE = (ChannelSettings("console", "console"),)
"""The channel of a site whose settings name none."""
GAPS_AHEAD_MS = 14 * DAY_MS
"""So far ahead people are told that nobody is on duty."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The running parts."""

    notifier: Notifier
    dispatcher: Dispatcher
    watchman: Watchman


def channels_of(shared: SharedResources) -> dict[str, tuple[ChannelSettings, Channel]]:
    """The channels of a site by name, with their settings.

    Raises:
        FaultyInput: with every setting that does not hold.
    """
    settings = shared.settings.channel or CONSOLE
    made = registry.made(settings, _around(shared))
    return {each.name: (each, made[each.name]) for each in settings}


def core_watch(shared: SharedResources, heard_ms: Callable[[], int]) -> CoreWatch:
    """Who tells officers that the core is silent, from a process beside it. The console takes no
    part: its file is the core's.

    Raises:
        FaultyInput: with every setting of a channel that does not hold.
    """
    settings, site = shared.settings, shared.catalogue.site
    providers = [of for of in settings.channel if of.kind != "console"]
    made = registry.made(providers, _around(shared))
    return CoreWatch(
        heard_ms,
        Readers(shared.state, settings.language),
        {of.name: (of, made[of.name]) for of in providers},
        shared.words,
        site.name,
        settings.language,
        links_of(settings, shared.site_key).page("/environment/operations"),
        now_ms,
    )


def _around(shared: SharedResources) -> making.Surroundings:
    return making.Surroundings(
        site_name=shared.catalogue.site.name,
        source=f"urn:qingyuan:{shared.catalogue.site.id}",
        data_dir=shared.settings.data_dir,
        words=shared.words,
        key=shared.site_key.of_channel,
        screen=sys.stdout,
    )


def links_of(settings: Settings, key: SiteKey, own_address: str = "") -> Links:
    """Links of messages; ``own_address`` is where the pages are where the settings do not say."""
    return Links(key.of("event-link"), settings.public_url or own_address)


def made(
    shared: SharedResources,
    known_ms: Callable[[], int],
    news: threading.Event,
    failpoint: Callable[[str], None],
    publish: Callable[[bytes], object],
    own_address: str = "",
) -> Notification:
    """Everything that tells people; ``known_ms`` is how far the silence of stations is known,
    ``news`` is set when the record has news; ``publish`` sends a live event to open pages.
    """
    settings, state = shared.settings, shared.state
    channels = channels_of(shared)
    events, messages = Events(state), Messages(state)
    readers = Readers(state, settings.language, shared.site_key.of(contact_codes.PURPOSE))
    duty = DutyRepository(state)
    grouping = shared.grouping
    renderer = _renderer(shared, events, grouping, own_address)
    senders = {
        name: Sender(
            each, channel, messages, readers, renderer, settings.language, now_ms, failpoint
        )
        for name, (each, channel) in channels.items()
    }
    dispatcher = Dispatcher(senders)

    def handed() -> None:
        dispatcher.hand()
        MESSAGE.tell(publish, {})

    around = Surroundings(
        catalogue=shared.catalogue,
        grouping=grouping,
        directory=readers,
        settings=settings.notify,
        channel_settings=[each for each, _ in channels.values()],
        channels=personal([each for each, _ in channels.values()]),
        language=settings.language,
        on_duty=_on_duty(duty, readers),
        known_ms=known_ms,
        doubted=doubted,
    )
    notifier = Notifier(
        shared.repository,
        events,
        messages,
        Silences(state),
        Policies(state),
        around,
        now_ms,
        news,
        handed,
        failpoint,
        WeeklyDigests(events, messages, grouping, shared.wording),
    )
    watchman = _watchman(settings, notifier, dispatcher, _gaps(duty, readers))
    return Notification(notifier, dispatcher, watchman)


def _renderer(
    shared: SharedResources, events: Events, grouping: Grouping, own_address: str
) -> Renderer:
    links = links_of(shared.settings, shared.site_key, own_address)

    def drawn(alert: Alert) -> bytes | None:
        return picture(shared.store, shared.wording, alert, now_ms())

    return Renderer(shared.wording, events, links, grouping, now_ms, drawn)


def _watchman(
    settings: Settings,
    notifier: Notifier,
    dispatcher: Dispatcher,
    gaps: Callable[[int], Sized],
) -> Watchman:
    return Watchman(
        lambda: [notifier.loop, *dispatcher.loops],
        lambda: dispatcher.states,
        notifier.messages,
        gaps,
        settings.data_dir,
        settings.notify.heartbeat_url,
        now_ms,
    )


def pulses(dispatcher: Dispatcher) -> list[ChannelPulse]:
    """How each channel does, for the pages."""
    return [
        ChannelPulse(
            of.name,
            of.kind,
            of.circuit,
            of.failures,
            of.failing_since_ms,
            cut(of.error),
            of.sent_ms,
        )
        for of in dispatcher.states
    ]


def post_head(shared: SharedResources, head: Head) -> None:
    """Send the audit's head to every webhook, whose owner then knows what must not be cut off."""
    now = now_ms()
    for each in shared.settings.channel:
        if each.kind != "webhook":
            continue
        text = f"{each.name}|{head.position}|{head.chain}"
        key = hashlib.sha256(f"audit-head|{text}|{day_of(now)}".encode()).hexdigest()[:32]
        note = Note("audit head", f"{head.position} {head.chain}", urgent=True)
        entry = Entry(key, "audit-head", Level.NOTICE, now, note, reader=CHAT + each.name)
        with shared.state.begin() as connection:
            Messages(shared.state).post(connection, entry)


def _on_duty(duty: DutyRepository, readers: Readers) -> Callable[[int], dict[str, str]]:
    """Who is on duty at an instant, by position; whoever left is no one's."""

    def present(at_ms: int) -> dict[str, str]:
        able = {person.username for person in readers.people(at_ms)}
        return duty.present(at_ms, lambda username, _at_ms: username in able)

    return present


def _gaps(duty: DutyRepository, readers: Readers) -> Callable[[int], Sized]:
    """The times of the next days in which nobody is on duty; whoever left is nobody."""

    def gaps(now_ms: int) -> Sized:
        able = {person.username for person in readers.people(now_ms)}
        return duty.gaps(now_ms, now_ms + GAPS_AHEAD_MS, lambda username, _at_ms: username in able)

    return gaps
