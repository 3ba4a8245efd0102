"""A file that somebody sends: bounded, known by its content, cleaned, scanned, read and kept."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from api.files import names
from api.files.contents import Contents, TooLarge, write
from api.files.inspection import clamd, process
from api.files.inspection.findings import FAILED, VERSION, Inspection, Parsed
from api.files.inspection.kinds import EXTENSIONS, PICTURES, Kind, NotTaken, Unfit, kind_of
from api.files.repository import Stored, Verdict
from api.web.declared import Declared
from config.catalogue.words import Words
from config.settings import AttachmentSettings
from config.vocabulary.errors import Fault, FaultyInput
from documents.text.records import Document

log = logging.getLogger(__name__)
Wrong = Literal[Unfit, "large", "pixels", "room", "busy"]
ROOM = 2_000_000_000
"""Bytes that stay free on the disk, which is that of the journal too."""
_KNOWN = frozenset(chain.from_iterable(EXTENSIONS.values()))
_REMEDIES: dict[Wrong, tuple[str, str]] = {
    "empty": ("is empty", "send it again"),
    "large": ("is larger than files may be", "send it in parts, or make its pictures smaller"),
    "kind": ("is of a kind that is not taken", "save it as pdf, docx, xlsx, jpg or png"),
    "packed": ("is an archive", "unpack it and send each file"),
    "macros": ("holds macros", "save it without them"),
    "password": ("is protected by a password", "save it without one"),
    "bomb": ("unpacks to more than files may hold", "send it in parts"),
    "outside": ("loads something from another machine", "save it without links to templates"),
    "two-kinds": ("is of two kinds at once", "save it anew"),
    "broken": ("cannot be read", "save it anew and send it again"),
    "room": ("finds no room on the disk", "tell whoever runs the centre"),
    "busy": ("has to wait behind too many others", "send it again in a minute"),
    "pixels": ("has too many pixels", "make the picture smaller"),
}


class FileRefused(Declared):
    """A file that is not taken: field, fault and remedy."""

    status = 422

    def __init__(self, why: Wrong, **values: object) -> None:
        what, remedy = _REMEDIES[why]
        super().__init__(f"file: {what}; {remedy}", field="file", why=why)
        self.why, self.values = why, values

    def said(self, words: Words) -> str:
        """With the remedy."""
        return words(f"files.wrong-{self.why}", **self.values)


@dataclass(frozen=True, slots=True)
class Receiver:
    """The parts that receiving a file needs."""

    contents: Contents
    settings: AttachmentSettings
    now_ms: Callable[[], int]

    def received(self, sent_as: str, source: BinaryIO) -> Stored:
        """Keep what comes; nothing names it yet.

        Raises:
            FileRefused
        """
        name = names.cleaned(sent_as)
        self._check_room()
        with self.contents.coming() as part, self.contents.coming() as drawn:
            self._write(source, part)
            kind = _kind(part, names.extension(name))
            verdict = self.verdict(part)
            redrawn = kind in PICTURES and verdict.scan != "infected"
            if redrawn:
                _draw(part, drawn, kind)
            sha256, size = self.contents.keep(drawn if redrawn else part)
        fits = names.extension(name) in EXTENSIONS[kind]
        named = name if fits else names.with_extension(name, EXTENSIONS[kind][0], _KNOWN)
        hides = verdict.scan != "infected" and bool(self.inspection(sha256, kind).hidden)
        return Stored(sha256, size, kind, named, "" if fits else name, hides, verdict)

    def _check_room(self) -> None:
        self.contents.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(self.contents.folder).free
        if free < ROOM + self.settings.most_bytes:
            log.error("no room for files: %d bytes are free", free)
            raise FileRefused("room")

    def _write(self, source: BinaryIO, part: Path) -> None:
        try:
            write(source, part, self.settings.most_bytes)
        except TooLarge as error:
            raise FileRefused("large", most=self.settings.most_mb) from error

    def verdict(self, path: Path) -> Verdict:
        """The answer of a scan; a daemon that is away leaves it open."""
        if not self.settings.clamd:
            return Verdict("unscanned")
        try:
            with path.open("rb") as file:
                scan, virus = clamd.scanned(self.settings.clamd, file)
        except clamd.NotScanned as error:
            log.warning("a file is not scanned yet: %s", error)
            return Verdict("unscanned")
        return Verdict(scan, virus, self.now_ms())

    def inspection(self, sha256: str, kind: str) -> Inspection:
        """The reading of a content: the one that lies beside it, or made anew."""
        found = self.contents.found(sha256)
        try:
            kept = msgspec.json.decode(found.read_bytes(), type=Inspection)
            if kept.version == VERSION:
                return kept
        except (OSError, msgspec.DecodeError):
            pass
        try:
            made = _read(self.contents.path(sha256), kind)
        except process.ReadingBusy:
            return FAILED  # not kept: the next who asks may find a turn
        with self.contents.coming() as part:
            part.write_bytes(msgspec.json.encode(made))
            part.replace(found)
        return made

    def document(self, stored: Stored) -> Document:
        """A file that was received, as a normative document; not kept beside it.

        Raises:
            FileRefused: too many others wait to be read.
            FaultyInput: it cannot be read as one; the fault names the file and the remedy.
        """
        path = process.path_of(self.contents.path(stored.sha256))
        try:
            parsed = msgspec.json.decode(process.answer_of("document", path), type=Parsed)
        except process.ReadingBusy as error:
            raise FileRefused("busy") from error
        except (process.ReadingFailed, msgspec.DecodeError) as error:
            log.warning("a document could not be read: %s", error)
            fault = Fault(stored.name, "takes too long to read", "send it in parts, or as docx")
            raise FaultyInput([fault]) from error
        if parsed.document is None:
            raise FaultyInput([Fault(stored.name, parsed.what, parsed.remedy)])
        return parsed.document


def _kind(part: Path, extension: str) -> Kind:
    try:
        return kind_of(part, extension)
    except NotTaken as refused:
        raise FileRefused(refused.why) from refused


def _draw(part: Path, target: Path, kind: str) -> None:
    """A picture anew, without what it does not show."""
    words = (process.path_of(part), process.path_of(target), kind)
    try:
        fault = process.answer_of("picture", *words)
    except process.ReadingFailed as error:
        busy = isinstance(error, process.ReadingBusy)
        raise FileRefused("busy" if busy else "broken") from error
    if fault:
        raise FileRefused("pixels" if fault == b"pixels" else "broken")


def _read(path: Path, kind: str) -> Inspection:
    try:
        answer = process.answer_of("read", process.path_of(path), kind)
        return msgspec.json.decode(answer, type=Inspection)
    except process.ReadingBusy:
        raise
    except (process.ReadingFailed, msgspec.DecodeError) as error:
        log.warning("a file could not be read: %s", error)
        return FAILED
