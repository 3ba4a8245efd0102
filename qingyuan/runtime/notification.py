"""The parts that tell people, joined: channels, notifier, dispatcher."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerting.alert import Alert, Level
from alerting.channels import making, registry
from alerting.channels.protocol import AddressKind, Channel
from alerting.duty.repository import DutyRepository
from alerting.escalation.repository import Policies
from alerting.events.event import Grouping
from alerting.events.repository import Events
from alerting.notify.dispatcher import Dispatcher, Sender
from alerting.notify.entries import Entry, Note
from alerting.notify.links import Links
from alerting.notify.notifier import Notifier, Surroundings
from alerting.notify.picturing import picture
from alerting.notify.readers import CHAT
from alerting.notify.rendering import Renderer
from alerting.notify.repository import Messages
from alerting.silences.repository import Silences
from alerting.wording.sentences import CLOCK_OFF, TWO_AGENTS
from api.accounts.repositories.readers import Readers
from api.audit_chain.links import Head
from config.settings import ChannelSettings, Settings
from config.site_key import SiteKey
from config.vocabulary.time import MINUTE_MS, day_of
from qingyuan.runtime.site import SharedResources, now_ms

CONSOLE = (ChannelSettings("console", "console"),)
"""The channel of a site whose settings name none."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The running parts."""

    notifier: Notifier
    dispatcher: Dispatcher


def channels_of(shared: SharedResources) -> dict[str, tuple[ChannelSettings, Channel]]:
    """The channels of a site by name, with their settings.

    Raises:
        FaultyInput: with every setting that does not hold.
    """
    settings = shared.settings.channel or CONSOLE
    around = making.Surroundings(
        site_name=shared.catalogue.site.name,
        source=f"urn:qingyuan:{shared.catalogue.site.id}",
        data_dir=shared.settings.data_dir,
        words=shared.words,
        key=shared.site_key.of_channel,
        screen=sys.stdout,
    )
    made = registry.made(settings, around)
    return {each.name: (each, made[each.name]) for each in settings}


def links_of(settings: Settings, key: SiteKey, own_address: str = "") -> Links:
    """Links of messages; ``own_address`` is where the pages are where the settings do not say."""
    return Links(key.of("event-link"), settings.public_url or own_address)


def grouping_of(shared: SharedResources) -> Grouping:
    """When alerts belong together on a site."""
    notify = shared.settings.notify
    spans = notify.together_minutes * MINUTE_MS, notify.again_minutes * MINUTE_MS
    return Grouping.of(shared.kinds, *spans)


def made(
    shared: SharedResources,
    known_ms: Callable[[], int],
    news: threading.Event,
    failpoint: Callable[[str], None],
    own_address: str = "",
) -> Notification:
    """Everything that tells people; ``known_ms`` is how far the silence of stations is known,
    ``news`` is set when the record has news.
    """
    settings, state = shared.settings, shared.state
    channels = channels_of(shared)
    events, messages = Events(state), Messages(state)
    readers, duty = Readers(state, settings.language), DutyRepository(state)
    links = links_of(settings, shared.site_key, own_address)
    grouping = grouping_of(shared)
    renderer = Renderer(
        shared.wording,
        events,
        links,
        grouping,
        now_ms,
        lambda alert: picture(shared.store, shared.wording, alert, now_ms()),
    )
    senders = {
        name: Sender(
            each, channel, messages, readers, renderer, settings.language, now_ms, failpoint
        )
        for name, (each, channel) in channels.items()
    }
    dispatcher = Dispatcher(senders)
    around = Surroundings(
        catalogue=shared.catalogue,
        grouping=grouping,
        directory=readers,
        settings=settings.notify,
        channel_settings=[each for each, _ in channels.values()],
        channels=_personal(channels),
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
        dispatcher.hand,
        failpoint,
    )
    return Notification(notifier, dispatcher)


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


def _personal(
    channels: dict[str, tuple[ChannelSettings, Channel]],
) -> dict[str, AddressKind]:
    """Those that tell persons, by name, with what they must know of one."""
    return {name: channel.reaches for name, (each, channel) in channels.items() if not each.reads}


def doubted(alert: Alert, standing: Sequence[Alert]) -> bool:
    """Whether the data of an alert of pollution are in doubt while these alerts of maintenance
    stand at its station: of its clock, of its agents, or of the very indicator.
    """
    return alert.about == "pollution" and any(
        other.station == alert.station
        and (
            other.rule_id in (TWO_AGENTS, CLOCK_OFF)
            or (other.indicator and other.indicator == alert.indicator)
        )
        for other in standing
    )
