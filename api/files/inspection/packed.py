"""Parts of an Office file: a zip of XML, read with bounds and without following entities."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from docx.oxml.parser import parse_xml

MOST_OF_A_PART = 100_000_000
Element = Any
"""Of lxml, which has no types here."""


class Packed:
    """An Office file; parts that are not there are empty."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self.names = sorted(self._zip.namelist())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._zip.close()

    def below(self, folder: str, end: str = "") -> list[str]:
        """Parts of a folder, those with numbers by their number."""
        found = [of for of in self.names if of.startswith(folder) and of.endswith(end)]
        return sorted(found, key=lambda of: (len(of), of))

    def xml(self, name: str) -> Element | None:
        """The root of a part.

        Raises:
            ValueError: it is larger than any that people write.
        """
        if name not in self.names:
            return None
        if self._zip.getinfo(name).file_size > MOST_OF_A_PART:
            raise ValueError(name)
        return parse_xml(self._zip.read(name))

    def targets(self, name: str) -> dict[str, str]:
        """The parts that a part points at, by the ids that it has for them."""
        folder, _, file = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{file}.rels")
        return {
            of.get("Id", ""): _absolute(folder, of.get("Target", ""))
            for of in (root if root is not None else ())
            if of.get("TargetMode") != "External"
        }


def _absolute(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def local(element: Element) -> str:
    """The name of an element without its namespace; empty of a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def every(root: Element | None, *names: str) -> Iterator[Element]:
    """Elements of some names, in their order, whatever their namespace."""
    if root is not None:
        yield from (of for of in root.iter() if local(of) in names)


def attribute(element: Element, name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def text_of(element: Element, *names: str) -> str:
    """All text below an element that stands in elements of some names."""
    return "".join(of.text or "" for of in every(element, *names))
