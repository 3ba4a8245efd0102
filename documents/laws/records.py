"""A law, its versions, and whether it still holds."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from documents.text.records import Article

Mark = Literal["read", "secondary", "unverified"]
"""How sure we are: its text was read; somebody reports it; it is generally known, unchecked."""
LawKind = Literal["law", "administrative", "local", "rule"]
"""法律, 行政法规, 地方性法规, 规章."""


class Version(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A version: in force from ``since`` on, till the next one or the repeal of its law.

    ``passed`` is the day of its adoption or amendment, by whose year people call it (2021年修订).
    ``articles`` is its number of articles, None where nobody counted; ``text`` its articles where
    they were read.
    """

    since: date
    passed: date | None = None
    articles: int | None = None
    text: tuple[Article, ...] | None = None

    @property
    def year(self) -> int:
        """The year by which the version is called."""
        return (self.passed or self.since).year


class Moved(Struct, frozen=True, forbid_unknown_fields=True):
    """What an article of an older text was about, and the article where that stands now."""

    article: int
    words: tuple[str, ...]
    now: int


class Law(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A law by its full title; ``short`` are further titles by which it is cited, such as those it
    had before. Versions are in the order of their days, empty where no day is known.
    """

    title: str
    kind: LawKind = "law"
    short: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    repealed: date | None = None
    repealed_by: str = ""
    """The law that took its place; empty where none did."""
    moved: tuple[Moved, ...] = ()
    source: str
    mark: Mark = "unverified"

    def at(self, on: date) -> Version | None:
        """The version in force on a day, None before the first and where none is known."""
        held = [version for version in self.versions if version.since <= on]
        return held[-1] if held else None

    def is_repealed(self, on: date) -> bool:
        """Whether the law had ended by a day."""
        return self.repealed is not None and self.repealed <= on
