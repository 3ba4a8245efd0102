"""Styles of paragraphs: their headings and their lists, along the styles they are based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.text.word.package import Element, child, children, value, whole

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_CONTENTS = re.compile(r"toc\b|toc\s*\d|目录", re.IGNORECASE)
_TITLES = ("title", "标题")


@dataclass(frozen=True, slots=True)
class Listed:
    """A paragraph's list: its w:num, its level, and the styles that may say the level."""

    list: str
    level: int | None
    styles: tuple[str, ...] = ()


class Styles:
    """The styles of a document."""

    def __init__(self, root: Element | None) -> None:
        self._styles = dict[str, Element]()
        self.list_of_style = dict[str, str]()
        self._usual = ""
        for style in children(root, "style"):
            name, kind = value(style, name="styleId") or "", value(style, name="type")
            if kind == "paragraph":
                self._styles[name] = style
                if value(style, name="default") in ("1", "true", "on"):
                    self._usual = name
            elif kind == "numbering" and (num := value(style, "pPr", "numPr", "numId")):
                self.list_of_style[name] = num

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph is an entry of a table of contents."""
        name = self._style(paragraph)
        return bool(_CONTENTS.match(value(self._styles.get(name), "name") or name))

    def level(self, paragraph: Element) -> int:
        """The level of a heading, 1 the highest, 0 of none."""
        outline = whole(value(paragraph, "pPr", "outlineLvl"))
        for name, style in self._chain(self._style(paragraph)):
            if outline is not None:
                break
            named = value(style, "name") or name
            if found := _HEADING.match(named):
                return int(found[1])
            if named.lower() in _TITLES:
                return 1
            outline = whole(value(style, "pPr", "outlineLvl"))
        return outline + 1 if outline is not None and 0 <= outline < 9 else 0

    def listed(self, paragraph: Element) -> Listed | None:
        """The list of a paragraph by itself or by its style, None where it has no number."""
        own = child(paragraph, "pPr", "numPr")
        level, list_ = whole(value(own, "ilvl")), value(own, "numId")
        styles = tuple[str, ...]()
        if list_ is None:
            list_, by_style, styles = self._list_of(self._style(paragraph))
            level = by_style if level is None else level
            styles = () if value(own, "ilvl") is not None else styles
        elif level is None:
            level = 0
        return None if list_ in (None, "0") else Listed(str(list_), level, styles)

    def _list_of(self, name: str) -> tuple[str | None, int | None, tuple[str, ...]]:
        level: int | None = None
        passed = list[str]()
        for style_id, style in self._chain(name):
            passed.append(style_id)
            if level is None:
                level = whole(value(style, "pPr", "numPr", "ilvl"))
            if list_ := value(style, "pPr", "numPr", "numId"):
                return list_, level, tuple(passed)
        return None, level, ()

    def _style(self, paragraph: Element) -> str:
        return value(paragraph, "pPr", "pStyle") or self._usual

    def _chain(self, name: str) -> Iterator[tuple[str, Element]]:
        """A style and those that it is based on, which may go in a circle."""
        passed = set[str]()
        while name in self._styles and name not in passed:
            passed.add(name)
            yield name, self._styles[name]
            name = value(self._styles[name], "basedOn") or ""
