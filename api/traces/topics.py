"""Topics, and the words by which a text is of one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from api.traces.names import Dictionary
from api.traces.records import Name
from config.files import read_toml

LEAST_WORDS = 2
"""Different words of a topic in a text beside its title: one alone is said by the way."""
_DATA = Path(__file__).parent / "data"
_REMEDY = "install Qingyuan anew"


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic with its words; ``under`` is the wider one that it is part of, ``also`` are its
    names in lists of platforms.
    """

    id: str
    words: tuple[str, ...]
    under: str = ""
    also: tuple[str, ...] = ()


class _Topics(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: tuple[Topic, ...]


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that look like names, regions by which names of firms begin, and how people shorten
    names of bodies.
    """

    namesakes: tuple[str, ...]
    regions: tuple[str, ...]
    short: dict[str, tuple[str, ...]]


@cache
def topics() -> tuple[Topic, ...]:
    """All of them, the narrower ones first."""
    return msgspec.convert(read_toml(_DATA / "topics.toml", _REMEDY), _Topics).topic


@cache
def known() -> Known:
    """Words about names that hold in every district."""
    return msgspec.convert(read_toml(_DATA / "names.toml", _REMEDY), Known)


@cache
def named(code: str) -> str:
    """The topic that a platform's list means, by id; empty where none is meant."""
    return next((of.id for of in topics() if code == of.id or code in of.also), "")


@cache
def wider(topic: str) -> str:
    """The topic that one is part of; empty where it is part of none."""
    return next((of.under for of in topics() if of.id == topic), "")


@cache
def dictionary() -> Dictionary:
    """The words of all topics."""
    return Dictionary(
        Name(word, tuple(("topic", of.id) for of in topics() if word in of.words))
        for topic in topics()
        for word in topic.words
    )


def said_of(text: str) -> Mapping[str, tuple[str, ...]]:
    """The words of each topic that stand in a text."""
    found: dict[str, list[str]] = {}
    for name in dictionary().found(text):
        for _, topic in name.marks:
            found.setdefault(topic, []).append(name.text)
    return {topic: tuple(words) for topic, words in found.items()}
