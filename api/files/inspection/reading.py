"""The text of a file by its kind, and what it hides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from api.files.inspection import pdf, presentations, sheets, word
from api.files.inspection.findings import (
    MOST_CHARACTERS,
    MOST_FINDINGS,
    UNREAD,
    Finding,
    Inspection,
    Note,
)
from api.files.inspection.kinds import PICTURES
from api.files.inspection.packed import Packed, every
from api.files.inspection.plain import text_of

Found = TypeVar("Found")


def read(source: Path, kind: str) -> Inspection:
    """A whole reading. A parser that gives up on a file is one of its findings."""
    text, note = _text(source, kind)
    return Inspection(text, note, _hidden(source, kind))


def _text(source: Path, kind: str) -> tuple[tuple[str, ...], Note]:
    if kind in PICTURES:
        return (), "picture"
    if kind not in _TEXTS:
        return (), "old"
    try:
        paragraphs, cut = _cut(_TEXTS[kind](source))
    except Exception:  # noqa: BLE001 - whatever a parser may raise on a hostile file
        return (), "failed"
    if cut:
        return paragraphs, "long"
    return paragraphs, "" if paragraphs else "scanned" if kind == "pdf" else "none"


def _hidden(source: Path, kind: str) -> tuple[Finding, ...]:
    try:
        found = _HIDDEN[kind](source) if kind in _HIDDEN else ()
        return tuple(of for _, of in zip(range(MOST_FINDINGS), found, strict=False))
    except Exception:  # noqa: BLE001 - likewise
        return (UNREAD,)


def _cut(text: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """Paragraphs that are not blank, up to a bound; whether there are more."""
    kept: list[str] = []
    room = MOST_CHARACTERS
    for paragraph in text:
        plain = paragraph.replace("\0", "").strip()
        room -= len(plain) + 1
        if room < 0:
            return tuple(kept), True
        if plain:
            kept.append(plain)
    return tuple(kept), False


def _unpacked(of: Callable[[Packed], Iterable[Found]]) -> Callable[[Path], Iterator[Found]]:
    """A reader of a packed file, for its path."""

    def opened(source: Path) -> Iterator[Found]:
        with Packed(source) as packed:
            yield from of(packed)

    return opened


def _ofd(packed: Packed) -> Iterator[str]:
    """Runs of text of GB/T 33190, each where it stands on its page."""
    pages = [of for of in packed.names if of.endswith("/Content.xml") and "/Pages/" in of]
    for page in sorted(pages, key=lambda of: (len(of), of)):
        yield from (of.text or "" for of in every(packed.xml(page), "TextCode"))


def _plain(source: Path) -> Iterable[str]:
    return text_of(source.read_bytes()).splitlines()


def _unread(_source: Path) -> Iterable[Finding]:
    return (UNREAD,)


_TEXTS: Mapping[str, Callable[[Path], Iterable[str]]] = {
    "docx": _unpacked(word.text),
    "xlsx": sheets.text,
    "xls": sheets.text,
    "csv": sheets.text,
    "pptx": _unpacked(presentations.text),
    "ofd": _unpacked(_ofd),
    "pdf": pdf.text,
    "txt": _plain,
}
_HIDDEN: Mapping[str, Callable[[Path], Iterable[Finding]]] = {
    "docx": _unpacked(word.hidden),
    "xlsx": _unpacked(sheets.hidden),
    "xls": sheets.hidden_of_old,
    "pptx": _unpacked(presentations.hidden),
    "pdf": pdf.hidden,
    **dict.fromkeys(("doc", "ppt", "ofd"), _unread),
}
"""Kinds that hide nothing have no reader."""
