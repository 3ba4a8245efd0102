"""Things in the index, the question, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.accounts.permission import Permission
from api.accounts.records import Secrecy
from api.ports import Reference

LONGEST = 50_000
"""Characters of an entry; a longer text is to be put in several parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A thing as it is found, or a ``part`` of one: the id of an attachment. ``permission``,
    ``unit``, ``secrecy``, ``public`` and ``concerned``, further units, decide who finds it, as
    they decide on lists; beside them ``people`` find it, by username. ``path`` is the whole one of
    its page, ``words`` the key of the name of its kind, ``at_ms`` its date.
    """

    subject: Reference
    part: str = ""
    permission: Permission
    words: str
    title: str
    path: str
    paragraphs: Sequence[str] = ()
    unit: str | None = None
    secrecy: Secrecy = Secrecy.INTERNAL
    public: bool = False
    concerned: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    at_ms: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: words, and where somebody narrows it a platform, a kind, a span of time with
    its end left out, and a unit with those below it.
    """

    text: str
    platform: str = ""
    kind: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it was put; ``marked`` where a word of the question stands."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class KindOf:
    """A kind of things of a platform, with the key of its name."""

    platform: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that has every word of a question. ``paragraph`` counts from 1; it is None where the
    words stand in the title alone.
    """

    subject: Reference
    part: str
    words: str
    title: str
    path: str
    titled: Sequence[Piece]
    snippet: Sequence[Piece]
    paragraph: int | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: some hits, and how many there are of each platform and kind. ``bounded``: there
    are more, of which the newest were counted.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    bounded: bool = False
    platforms: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[KindOf, int] = field(default_factory=dict)
