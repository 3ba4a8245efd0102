"""Word files: their text in tables, headers, footers and footnotes too, and what they hide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.files.inspection.findings import Finding, sample
from api.files.inspection.office import of_package
from api.files.inspection.packed import Element, Packed, attribute, every, local, text_of

_BODY = "word/document.xml"
_SKIPPED = ("Fallback", "del", "moveFrom", "delText", "instrText")
"""Elements that are there twice, were taken out, or are no text."""
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def text(packed: Packed) -> Iterator[str]:
    """Paragraphs: those of the body, then of headers, footers, notes and comments apart."""
    parts = [_BODY]
    for part in ("header", "footer", "footnotes", "endnotes"):
        parts += packed.below(f"word/{part}", ".xml")
    for name in parts:
        root = packed.xml(name)
        if root is not None:
            yield from _paragraphs(root)


def _paragraphs(root: Element) -> Iterator[str]:
    """Each paragraph once; those of a box in a paragraph follow it."""
    for paragraph in every(root, "p"):
        if not any(local(of) in _SKIPPED for of in paragraph.iterancestors()):
            yield "".join(_pieces(paragraph))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in ("p", *_SKIPPED) and not _vanishes(child):
            yield from _pieces(child)


def _vanishes(run: Element) -> bool:
    """Whether a run is text that Word does not show."""
    if local(run) != "r":
        return False
    properties = next((of for of in run if local(of) == "rPr"), None)
    marks = every(properties, "vanish")
    return any(attribute(of, "val") not in ("0", "false", "off") for of in marks)


def hidden(packed: Packed) -> Iterator[Finding]:
    """Comments, revisions, hidden runs, properties, and what else lies in the package."""
    for comment in every(packed.xml("word/comments.xml"), "comment"):
        yield Finding("comments", attribute(comment, "author"), sample(text_of(comment, "t")))
    parts = [_BODY, *packed.below("word/header", ".xml"), *packed.below("word/footer", ".xml")]
    parts += ["word/footnotes.xml", "word/endnotes.xml"]
    for name in parts:
        root = packed.xml(name)
        for author, found in _revisions(root, ("ins", "moveTo"), "t"):
            yield Finding("insertions", author, sample(" ".join(found)), len(found))
        for author, found in _revisions(root, ("del", "moveFrom"), "delText", "t"):
            yield Finding("deletions", author, sample(" ".join(found)), len(found))
        runs = [text_of(of, "t") for of in every(root, "r") if _vanishes(of)]
        if any(runs):
            yield Finding("hidden-text", "", sample("".join(runs)), len(runs))
    yield from of_package(packed, "word/")


def _revisions(
    root: Element | None, marks: Iterable[str], *texts: str
) -> Iterable[tuple[str, list[str]]]:
    """The texts of revisions by their author."""
    by_author: dict[str, list[str]] = {}
    for mark in every(root, *marks):
        by_author.setdefault(attribute(mark, "author"), []).append(text_of(mark, *texts))
    return by_author.items()
