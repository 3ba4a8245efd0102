"""Presentations: the text of their slides, and what they hide."""

from __future__ import annotations

from collections.abc import Iterator

from api.files.inspection.findings import Finding, sample
from api.files.inspection.office import of_package
from api.files.inspection.packed import Packed, attribute, every, text_of

_SLIDES = "ppt/slides/slide"


def text(packed: Packed) -> Iterator[str]:
    """Paragraphs of the slides that are shown, in the order of their files."""
    for name in packed.below(_SLIDES, ".xml"):
        root = packed.xml(name)
        if root is not None and attribute(root, "show") not in ("0", "false"):
            yield from (text_of(of, "t") for of in every(root, "p"))


def hidden(packed: Packed) -> Iterator[Finding]:
    """Slides, speakers' notes, comments, properties."""
    for name in packed.below(_SLIDES, ".xml"):
        root = packed.xml(name)
        if root is not None and attribute(root, "show") in ("0", "false"):
            yield Finding("hidden-slides", _number(name), sample(text_of(root, "t")))
    for name in packed.below("ppt/notesSlides/notesSlide", ".xml"):
        said = text_of(packed.xml(name), "t")
        if said.strip():
            yield Finding("notes", _number(name), sample(said))
    for name in packed.below("ppt/comments/", ".xml"):
        for of in every(packed.xml(name), "cm"):
            yield Finding("comments", name.rpartition("/")[2], sample(text_of(of, "text", "t")))
    yield from of_package(packed, "ppt/")


def _number(name: str) -> str:
    """Of a slide, out of the name of its part."""
    return "".join(of for of in name.rpartition("/")[2] if of.isdigit())
