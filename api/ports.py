"""The four ports through which platforms meet without importing each other.

An *item* is a thing of one platform that others may point at, show and copy. *Evidence* is a
condition in one platform that another waits for. A *draft* is a paper that one platform begins out
of items of others. A *series* are rows of one platform that stand beside those of others.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeVar

import msgspec

from api.accounts.permission import Permission
from api.accounts.records import Account, Secrecy
from api.services import Services
from config.catalogue.words import Words

Json = Mapping[str, Any]
_EXACT = 2**53
"""Whole numbers up to here are the same as float and as int."""


class Reference(msgspec.Struct, frozen=True):
    """Points at a thing: the slug of its platform, its kind, and its id there."""

    platform: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Item:
    """A thing as one account may see it now. ``path`` is that of its page, ``content`` explains
    itself where nothing else is at hand: numbers with their units, names beside ids. A paper that
    keeps a copy of it is as secret as it is.
    """

    title: str
    path: str
    content: Json
    secrecy: Secrecy = Secrecy.OPEN


class Frozen(msgspec.Struct, frozen=True):
    """A copy that stays as it is. ``body`` is canonical JSON of reference, title and content, and
    ``hash`` the SHA-256 of it: the same content has the same hash, any change another.
    ``secrecy`` is the item's when the copy was made.
    """

    reference: Reference
    body: bytes
    hash: str
    secrecy: Secrecy = Secrecy.OPEN


def freeze(reference: Reference, item: Item) -> Frozen:
    """Copy an item as it is now.

    Raises:
        ValueError: the content holds NaN or an infinite number.
        TypeError: it holds what JSON has not.
    """
    whole = {**msgspec.structs.asdict(reference), "title": item.title, "content": item.content}
    body = canonical(whole)
    return Frozen(reference, body, hashlib.sha256(body).hexdigest(), item.secrecy)


def canonical(content: Json) -> bytes:
    """One writing of JSON: names sorted, nothing between tokens, ASCII, whole numbers whole.

    Raises:
        ValueError, TypeError: see ``freeze``.
    """
    text = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("a name in JSON is text")
        return {name: _plain(of) for name, of in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(of) for of in value]
    if isinstance(value, float) and math.isfinite(value) and abs(value) <= _EXACT:
        return int(value) if value.is_integer() else value
    return value


Copies = Literal["never", "seen", "permitted"]
"""Who of those with a kind's permission reads a copy that is kept with a paper: nobody, so that
none is kept; whoever sees the thing itself now; everybody, also when the thing is gone.
"""
Said = Sequence[tuple[str, str]]
"""Names and values of a content, as people read them."""


def nothing_said(_words: Words, _content: Json) -> Said:
    """Of a kind whose copies are a sentence alone."""
    return ()


@dataclass(frozen=True, slots=True)
class ItemKind:
    """Declares a kind of item, and the permission to see any of it. ``read`` gives None where
    there is no such thing or the account may not see it. Only a kind whose content is the same for
    everybody who sees it has ``copies``; ``said`` tells the figures of such a content.
    """

    name: str
    permission: Permission
    read: Callable[[Services, Account, str], Item | None]
    copies: Copies = "never"
    said: Callable[[Words, Json], Said] = nothing_said


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """How a condition stands at an instant, UTC epoch ms. ``since_ms`` is when what is watched
    began to hold without a break, None while it does not; ``until_ms`` how long it must go on
    holding to be ``true``.
    """

    true: bool
    since_ms: int | None = None
    until_ms: int | None = None


P = TypeVar("P", bound=msgspec.Struct)


def all_known(_services: Services, _parameters: object) -> str:
    """Of a condition whose parameters name nothing that may be missing."""
    return ""


@dataclass(frozen=True, slots=True)
class EvidenceKind(Generic[P]):
    """Declares a condition. ``parameters`` is the shape of what the watcher keeps with it;
    ``check`` is asked again until it is true, ``said`` tells it in a sentence, and ``unknown``
    gives a name among the parameters that nothing has, so that the condition could never be true.
    """

    name: str
    parameters: type[P]
    check: Callable[[Services, P, int], EvidenceState]
    said: Callable[[Services, P], str]
    unknown: Callable[[Services, P], str] = all_known


@dataclass(frozen=True, slots=True)
class DraftKind:
    """Declares a paper. ``begin`` writes a first version out of frozen items in the account's
    name, and gives the reference of what it made. Whoever has the ``permission`` reaches the
    ``form`` of one from the page of an item, by a button that the key ``words`` names; the form is
    a path below the platform that takes the item as ``source``. Without a form there is no button.
    """

    name: str
    begin: Callable[[Services, Account, Sequence[Frozen]], Reference]
    permission: Permission | None = None
    form: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SeriesAsked:
    """The rows of a series that are asked for: of days from ``first`` to ``last``, both included.
    ``unit`` and ``station`` are ids, ``words`` a part of a name; a series that is chosen by one of
    them narrows itself, all others leave that to whoever asks.
    """

    first: date
    last: date
    unit: str = ""
    station: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a series. ``path`` is the whole one of the page where the reader sees it. ``unit``,
    ``town`` and ``station`` are ids, ``topic`` an id of the platform's own list or the code of a
    classification; None: such rows say nothing of it, empty: this one does not. ``amount`` is
    whole fen. ``number`` says for how many things a row stands; None: so few that it is hidden.
    ``period`` is the month, quarter or year that a row is of, as people write it, where it is not
    of the one ``day``, which then begins it.
    """

    title: str
    path: str
    day: date
    state: str = ""
    unit: str | None = None
    town: str | None = None
    topic: str | None = None
    station: str | None = None
    amount: int | None = None
    number: int | None = 1
    period: str = ""


@dataclass(frozen=True, slots=True)
class SeriesKind:
    """Declares a series, and the permission to see any of it. ``rows`` gives those that the
    account may open and no others; nothing is added up before, for sums differ with what somebody
    sees, but for counts that nobody may see one by one. The words ``{slug}.series.{name}`` name it
    and ``{slug}.series.{name}-source`` say how its rows come in, on the page ``path`` for whoever
    has the permission ``fills``.
    """

    name: str
    permission: Permission
    rows: Callable[[Services, Account, SeriesAsked], Sequence[Fact]]
    path: str
    fills: Permission


Lamp = Literal["green", "yellow", "red", "unconfirmed"]
"""Of a term: over a quarter left, a quarter or less, overdue from the day after; unconfirmed where
its rule is, which never drives red.
"""


@dataclass(frozen=True, slots=True)
class Todo:
    """A thing that waits for one person. ``path`` is the whole one of its page; ``due_ms`` the
    instant or the end of the day until when, None without a term; ``note`` says how it stands.
    """

    title: str
    path: str
    since_ms: int
    due_ms: int | None = None
    lamp: Lamp | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a platform for the wall, as far as one account may know it. ``words`` and
    ``unit`` are keys of the words, ``path`` the whole one of the page that shows what is counted.
    A ``number`` of None stays hidden: it is below ``least``, and low counts point at persons.
    """

    words: str
    number: int | None
    unit: str
    path: str
    least: int = 0


Tone = Literal["calm", "unknown", "worse", "bad"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A sentence of how things stand on a platform for one person, and the whole path of the page
    that shows it.
    """

    text: str
    path: str
    tone: Tone
