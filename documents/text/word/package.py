"""Parts of a Word file: a zip of XML, read with bounds and without following entities."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.oxml.parser import parse_xml

from documents.text.files import MOST_OF_A_PART, TROUBLES, fault

Element = Any
"""Of lxml, which has no types here."""
_MAIN, _PARTS = "/officeDocument", {"styles": "/styles", "numbering": "/numbering"}
_REMEDY = "open it in Word or WPS, and save it again as docx"


class Package:
    """The parts of a Word file that make up its text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with zipfile.ZipFile(path) as packed:
                self._packed = packed
                main = self._target("", _MAIN) or "word/document.xml"
                self.body = _first(self._xml(main), "body")
                parts = {
                    name: self._xml(self._target(main, end) or f"word/{name}.xml")
                    for name, end in _PARTS.items()
                }
        except (*TROUBLES, SyntaxError) as error:
            raise fault(path, f"is damaged ({str(error)[:80]})", _REMEDY) from error
        if self.body is None:
            raise fault(path, "is no document of Word", _REMEDY)
        self.styles, self.numbering = parts["styles"], parts["numbering"]

    def _xml(self, name: str) -> Element | None:
        """The root of a part, None where there is none.

        Raises:
            FaultyInput: it is larger than any that people write.
        """
        if name not in self._packed.namelist():
            return None
        with self._packed.open(name) as part:
            content = part.read(MOST_OF_A_PART + 1)
        if len(content) > MOST_OF_A_PART:
            what = f"has a part of more than {MOST_OF_A_PART >> 20} MB"
            raise fault(self._path, what, "save its text in a new docx")
        return parse_xml(content)

    def _target(self, name: str, end: str) -> str | None:
        """The part to which another one points by a relation that ends so."""
        folder, _, file = name.rpartition("/")
        root = self._xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        for of in root if root is not None else ():
            if of.get("Type", "").endswith(end) and of.get("TargetMode") != "External":
                target = posixpath.join("/", folder, of.get("Target", ""))
                return posixpath.normpath(target).lstrip("/")
        return None


def local(element: Element) -> str:
    """The name of an element without its namespace; empty of a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Elements of some names right below another."""
    if element is not None:
        yield from (of for of in element if local(of) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The element at a path below another, None where there is none."""
    for name in path:
        element = next(children(element, name), None)
    return element


def value(element: Element | None, *path: str, name: str = "val") -> str | None:
    """An attribute of the element at a path, None where it is not there."""
    element = child(element, *path)
    if element is None:
        return None
    for key, found in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(found)
    return None


def is_on(element: Element | None, *path: str) -> bool:
    """Whether a switch is there, and not off."""
    found = child(element, *path)
    return found is not None and value(found) not in ("0", "false", "off")


def whole(text: str | None) -> int | None:
    """A whole number out of an attribute."""
    plain = (text or "").strip()
    return int(plain) if plain.lstrip("-").isdigit() and len(plain) < 10 else None


def _first(root: Element | None, name: str) -> Element | None:
    return child(root, name)
