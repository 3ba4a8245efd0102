"""Writes documents as Markdown and Word, and their labels as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from simulators.documents.records import Document, Library, Paragraph
from simulators.documents.word import word_file


def markdown(made: Document) -> str:
    """The text of a document, a blank line between its paragraphs."""
    return "\n\n".join(_blocks(made.paragraphs)) + "\n"


def _blocks(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    for tabular, run in groupby(paragraphs, lambda one: one.style == "row"):
        if tabular:
            yield _table([one.text.split("\t") for one in run])
        else:
            yield from map(_block, run)


def _block(one: Paragraph) -> str:
    if one.style == "title":
        return f"# {one.text}"
    if one.style == "chapter":
        return f"## {one.text}"
    if one.style == "article":
        return f"**{one.part}**　{one.text}"
    return one.text


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def write(made: Library, folder: Path) -> None:
    """All documents, those they replaced, ``versions.json`` and ``labels.json``.

    Args:
        made: what to write.
        folder: made where it is not there; files of these names are overwritten.

    Raises:
        OSError: the disk does not take them.
    """
    (folder / "earlier").mkdir(parents=True, exist_ok=True)
    for one in (*made.documents, *made.earlier):
        content = word_file(one) if one.word else markdown(one).encode()
        (folder / one.file).write_bytes(content)
    _json(folder / "labels.json", made.labels)
    _json(folder / "versions.json", made.successions)


def _json(path: Path, rows: Sequence[Any]) -> None:
    lines = (json.dumps(asdict(row), ensure_ascii=False) for row in rows)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
