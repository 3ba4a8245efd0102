"""The promises of a channel: it makes one attempt and tells what became of it; whoever calls it
does the trying, the waiting and the remembering.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from config.catalogue.words import LanguageTag

AddressKind = Literal["mail", "mobile", "wecom", "dingtalk", "feishu", "push", "screen"]
"""The knowledge of a person that a channel needs; ``screen``: none, whoever watches reads it."""
TIMEOUT_S = 10.0
"""So long at most one attempt may take."""


def no_picture() -> bytes | None:
    """There is none."""
    return None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one reader, in the reader's language.

    ``key`` is the same at each attempt. ``addresses`` are those of the reader by the channel's
    kind, never none: of ``push`` every browser, else one; a message ``to_chat`` goes to the
    channel's own group chat and has none. ``text`` has whole sentences in lines;
    ``short`` is the same in one line of about 60 characters. ``link`` leads to it, empty where
    there is none. ``data`` is the same for a machine, in JSON.
    """

    key: str
    addresses: tuple[str, ...]
    kind: str
    title: str
    text: str
    short: str
    link: str
    at_ms: int
    language: LanguageTag
    data: Mapping[str, object]
    picture: Callable[[], bytes | None] = no_picture
    """Draws a PNG of the readings around it; None where there is nothing to draw."""

    @property
    def to_chat(self) -> bool:
        """Whether a group chat reads it, and no one person."""
        return not self.addresses

    @property
    def with_link(self) -> str:
        """The text, and below it the link where the text does not have it."""
        return self.text if self.link in self.text else f"{self.text}\n\n{self.link}"


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it; ``provider_id`` is its name there. ``delivered``: and the reader's
    device as well. Addresses that are ``gone`` reach nobody from now on.
    """

    provider_id: str = ""
    delivered: bool = False
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: the provider is away, slow, full, or does not know us. ``after_s``: not before.
    ``of_reader``: it has had enough for this reader alone, or is a service that this reader named,
    and the channel does well.
    """

    why: str
    after_s: float = 0.0
    of_reader: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """The message is refused for good; others may go through."""

    why: str
    gone: tuple[str, ...] = ()


Outcome = Taken | Later | Never


@dataclass(frozen=True, slots=True)
class Limit:
    """So many messages at most within so many seconds, as the provider allows."""

    most: int
    within_s: float


class Channel(Protocol):
    """A way by which a message reaches somebody. What it raises counts as ``Later``."""

    @property
    def reaches(self) -> AddressKind:
        """The knowledge of a reader that it needs."""
        ...

    @property
    def limit(self) -> Limit | None:
        """The provider's limit."""
        ...

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt, within ``TIMEOUT_S``."""
        ...


@runtime_checkable
class Receipts(Protocol):
    """A channel whose provider tells whether a device has it."""

    @property
    def reaches(self) -> AddressKind:
        """As of the channel."""
        ...

    def delivered(self, provider_id: str, address: str, sent_ms: int) -> bool | None:
        """Whether it arrived, False where it never will; None while that is not known."""
        ...
