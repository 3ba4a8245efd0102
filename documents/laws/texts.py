"""Texts of laws out of a folder: several versions of a law stand in files of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from config.vocabulary.errors import Fault, FaultyInput
from documents.laws.dates import days
from documents.laws.records import Law, LawKind, Version
from documents.laws.titles import plain
from documents.text.reading import read
from documents.text.records import Document

_SUFFIXES = (".md", ".txt", ".docx", ".pdf")
_IN_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_IN_FORCE = re.compile(r"自([^，。；]{8,20}?日)起(?:施行|实施|生效)")
_LOCAL = re.compile(r"^[^《]{2,8}?(?:省|市|自治区|自治州|县)")
_SAME = 400
"""Days within which a version of the table and a text are the same version: a law is seldom
amended twice within a year, and seldom waits longer to come into force.
"""


def joined(laws: Iterable[Law], folder: Path) -> tuple[Law, ...]:
    """Laws with the texts of a folder; a text of a law that is not there yet adds it.

    Raises:
        FaultyInput: there is no such folder, or a file in it cannot be read.
    """
    if not folder.is_dir():
        raise FaultyInput([Fault(str(folder), "is no folder", "give the folder of the laws")])
    found = {plain(law.title): law for law in laws}
    for path in sorted(of for of in folder.iterdir() if of.suffix.lower() in _SUFFIXES):
        document = read(path)
        if document.articles:
            law = found.get(plain(document.title)) or _new(document)
            found[plain(document.title)] = _with(law, _version(document, path))
    return tuple(found.values())


def _new(document: Document) -> Law:
    kind: LawKind = "law" if document.title.endswith("法") else "administrative"
    if _LOCAL.match(document.title):
        kind = "local"
    return Law(title=document.title, kind=kind, source="文本", mark="read")


def _version(document: Document, path: Path) -> Version:
    passed = _passed(document, path)
    match = _IN_FORCE.search(document.articles[-1].text)
    said = next(iter(days(match[1])), None) if match else None
    since = said.day if said and said.day else passed
    return Version(
        since=max(since, passed),
        passed=passed,
        articles=max(of.number for of in document.articles),
        text=document.articles,
    )


def _passed(document: Document, path: Path) -> date:
    """The day in the file's name, else the last one of the history under the title."""
    match = _IN_NAME.search(path.name)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3]))
    named = [of.day for text in document.preamble for of in days(text) if of.day]
    return max(named, default=date.min)


def _with(law: Law, version: Version) -> Law:
    """A law with a text in its version, which keeps what the table says of its day."""
    versions = list(law.versions)
    same = next((of for of in versions if _is(of, version)), None)
    if same is not None:
        versions.remove(same)
        most = max(same.articles or 0, version.articles or 0)
        version = msgspec.structs.replace(version, since=same.since, articles=most)
    versions.append(version)
    return msgspec.structs.replace(law, versions=tuple(sorted(versions, key=lambda of: of.since)))


def _is(known: Version, text: Version) -> bool:
    if known.passed and text.passed:
        return known.passed == text.passed
    return abs((known.since - (text.passed or text.since)).days) < _SAME
