"""Readers of messages: people, and group chats of a role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from alerting.channels.protocol import AddressKind
from alerting.notify.wishes import Wishes
from config.catalogue.words import LanguageTag
from config.settings import ChannelKind, ChannelSettings

Role = Literal["deputy", "officer"]
CHAT = "@"
"""Before the name of a channel whose group chat reads by itself."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be told. ``reachable`` are the kinds of confirmed addresses."""

    username: str
    name: str
    language: LanguageTag
    roles: frozenset[str]
    reachable: frozenset[AddressKind]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An address that is to be confirmed, and the code for it."""

    kind: AddressKind
    address: str
    code: str


class Directory(Protocol):
    """The people of the site, whom alerting does not keep."""

    def people(self, now_ms: int) -> Sequence[Person]:
        """Everybody who can sign in now and holds a role of the environment."""
        ...

    def person(self, username: str, now_ms: int) -> Person | None:
        """One person; None where nobody is called so or may sign in."""
        ...

    def addresses(self, username: str, kind: AddressKind) -> tuple[str, ...]:
        """Confirmed addresses of a person, the oldest first."""
        ...

    def to_confirm(
        self, username: str, contact: int, nonce: str, now_ms: int
    ) -> Confirmation | None:
        """The address and the code that was asked for; None where it is good no more."""
        ...

    def forget(self, addresses: Collection[str]) -> None:
        """Take out addresses behind which there is nobody any more."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """A person or a group chat, and how it is reached: names of channels in order."""

    id: str
    name: str
    language: LanguageTag
    role: Role
    channels: tuple[str, ...]
    wishes: Wishes
    on_duty: bool = False


def reader_of(
    person: Person,
    wishes: Wishes,
    channels: Mapping[str, AddressKind],
    *,
    on_duty: bool,
) -> Reader:
    """A person as a reader; ``channels`` are those that tell persons, in the settings' order."""
    reached = [
        name for name, kind in channels.items() if kind == "screen" or kind in person.reachable
    ]
    wished = [name for name in wishes.channels if name in reached]
    role: Role = "officer" if "officer" in person.roles else "deputy"
    return Reader(
        person.username,
        person.name,
        person.language,
        role,
        tuple(wished or reached),
        wishes,
        on_duty,
    )


REACHES: Mapping[ChannelKind, AddressKind] = {
    "mail": "mail",
    "sms-aliyun": "mobile",
    "sms-tencent": "mobile",
    "wecom-robot": "wecom",
    "wecom-app": "wecom",
    "dingtalk": "dingtalk",
    "feishu": "feishu",
    "push": "push",
    "webhook": "screen",
    "apprise": "screen",
    "console": "screen",
}
"""The address that a kind of channel needs of a person."""


def personal(settings: Sequence[ChannelSettings]) -> dict[str, AddressKind]:
    """The channels of a site that tell persons, by name, with what they must know of one."""
    return {each.name: REACHES[each.kind] for each in settings if not each.reads}


def readers_of(
    people: Iterable[Person],
    wishes: Mapping[str, Wishes],
    channels: Mapping[str, AddressKind],
    duty: Collection[str],
) -> list[Reader]:
    """People as readers, with the wishes of those who have any, by username."""
    return [
        reader_of(
            person,
            wishes.get(person.username, Wishes()),
            channels,
            on_duty=person.username in duty,
        )
        for person in people
    ]


def chats(settings: Sequence[ChannelSettings], language: LanguageTag) -> list[Reader]:
    """The group chats of a site."""
    return [
        Reader(CHAT + each.name, each.name, language, each.reads, (each.name,), Wishes())
        for each in settings
        if each.reads
    ]


def of_role(role: Role, language: LanguageTag) -> Reader:
    """A reader of a role who wishes nothing."""
    return Reader(role, role, language, role, (), Wishes())
