"""The table of laws: which law a title means, what version held on a day, what it contains."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from documents.citing.records import Point
from documents.laws import texts
from documents.laws.records import Law, Version
from documents.laws.titles import plain
from documents.text.records import Article

FILE = Path(__file__).with_name("data") / "laws.toml"
Presence = Literal["there", "missing", "unknown"]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    laws: tuple[Law, ...]


class Table:
    """Laws by every title that they are cited by."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self.laws = tuple(laws)
        self._by_title: dict[str, Law] = {}
        for law in self.laws:
            self._by_title[plain(law.title)] = law
        for law in self.laws:
            for title in law.short:
                self._by_title.setdefault(plain(title), law)

    def find(self, title: str) -> Law | None:
        """The law of a title, be it full, short, without the name of the state, or of before."""
        return self._by_title.get(plain(title))

    def known(self) -> frozenset[str]:
        """Titles by which laws are seen in a text that leaves out 《》."""
        return frozenset(
            title
            for law in self.laws
            for of in (law.title, *law.short)
            for title in (of, plain(of))
            if len(title) > 1
        )


def load(folder: Path | None = None) -> Table:
    """The table that comes with the product, with the texts of a folder where one is given.

    Raises:
        FaultyInput: the table does not hold, or the folder cannot be read.
    """
    try:
        laws = msgspec.convert(read_toml(FILE, "mend that file"), _File).laws
    except msgspec.ValidationError as error:
        raise FaultyInput([Fault(FILE.name, str(error), "mend that field")]) from error
    return Table(texts.joined(laws, folder) if folder else laws)


def contains(version: Version, point: Point) -> Presence:
    """Whether a version has a place; unknown where its text would be needed and was not read."""
    if point.article is None:
        return "there"
    if version.text is None:
        return _counted(version, point.article)
    found = [
        of for of in version.text if (of.number, of.inserted) == (point.article, point.inserted)
    ]
    if not found:
        return _absent(version, version.text, point.article)
    return _within(found[0], point)


def _counted(version: Version, article: int) -> Presence:
    if version.articles is not None and article > version.articles:
        return "missing"
    return "unknown"


def _absent(version: Version, text: tuple[Article, ...], article: int) -> Presence:
    """A text that ends before the articles that were counted is cut off: there it is unknown."""
    cut_off = text[-1].number < article <= (version.articles or 0)
    return "unknown" if cut_off else "missing"


def _within(article: Article, point: Point) -> Presence:
    paragraphs = article.paragraphs
    if point.paragraph is not None:
        paragraphs = tuple(of for of in paragraphs if of.number == point.paragraph)
    if not paragraphs:
        return "missing"
    if point.item is None:
        return "there"
    items = {item.number for of in paragraphs for item in of.items}
    return "there" if point.item in items else "missing"
