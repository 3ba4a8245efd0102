"""The sheet of a shared case, its receipt and its result, and the rows of them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from api.accounts.records import Secrecy
from api.cases.records import LONGEST_TEXT, LONGEST_TITLE, LONGEST_WHY, MOST_JOINED
from api.ports import Json, canonical
from api.web.declared import Declared
from config.catalogue.words import Words
from config.vocabulary.time import day_of

Level = Literal["city", "town"]
"""市 and 乡镇街道: the congresses above and below that of a district."""
LEVELS: tuple[Level, ...] = get_args(Level)
LONGEST_NAME, LONGEST_WAY = 60, 200
"""Characters."""
A_PAGE = 50
SHEET, RECEIPT, RESULT = "share.json", "receipt.json", "result.json"
SCHEMA: Literal["qingyuan.case-share"] = "qingyuan.case-share"
RECEIPT_SCHEMA: Literal["qingyuan.case-receipt"] = "qingyuan.case-receipt"
RESULT_SCHEMA: Literal["qingyuan.case-result"] = "qingyuan.case-result"
VERSION: Literal[1] = 1
MOST_RECEIPT, MOST_RESULT = 4000, 400_000
"""Bytes."""
MOST_DECISIONS = 30
"""Of one result."""
MOST_FILES = MOST_JOINED + 3
"""Beside the sheet: the frozen items, the report in two forms, and the manifest."""
Back = TypeVar("Back")
_PLAIN = r"^[^\x00]*$"
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Sha = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=_PLAIN)]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE, pattern=_PLAIN)]
Number = Annotated[str, Meta(min_length=1, max_length=20, pattern=_PLAIN)]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=_PLAIN)]
Why = Annotated[str, Meta(min_length=1, max_length=LONGEST_WHY, pattern=_PLAIN)]
Instant = Annotated[int, Meta(ge=0, le=2**53)]
Openness = Literal["open", "internal"]
Ended = Literal["concluded", "not-taken-up"]


class Receiver(Struct, frozen=True):
    """A congress that gets a case."""

    name: Name
    level: Level


class SharedCase(Struct, frozen=True):
    """The case itself, as its centre numbers it."""

    number: Number
    title: Title
    matter: Text


class SharedFile(Struct, frozen=True):
    """A file of the package: bytes and SHA-256."""

    path: Annotated[str, Meta(max_length=100)]
    size: Annotated[int, Meta(ge=0)]
    sha256: Sha


class Sheet(Struct, frozen=True):
    """share.json: who shares which case with whom, and every other file. ``secrecy`` says how far
    it may be known, ``day`` is that of sharing.
    """

    schema: Literal["qingyuan.case-share"]
    version: Literal[1]
    id: Key
    number: Number
    sender: Name
    receiver: Receiver
    day: date
    reason: Why
    secrecy: Openness
    case: SharedCase
    files: Annotated[tuple[SharedFile, ...], Meta(max_length=MOST_FILES)]


class Receipt(Struct, frozen=True):
    """receipt.json: who took a package when, UTC epoch ms; ``sha256`` is that of share.json."""

    schema: Literal["qingyuan.case-receipt"]
    version: Literal[1]
    id: Key
    sha256: Sha
    taken_ms: Instant
    taker: Name
    centre: Name


class Decision(Struct, frozen=True):
    """A decision of a meeting on the case at its receiver."""

    meeting: Title
    day: date
    result: Text


class Result(Struct, frozen=True):
    """result.json: how it ended with a shared case at its receiver. ``made_ms`` is UTC epoch ms,
    ``text`` the outcome, or why the case was not taken up; ``secrecy`` says how far both may be
    known.
    """

    schema: Literal["qingyuan.case-result"]
    version: Literal[1]
    id: Key
    sha256: Sha
    made_ms: Instant
    centre: Name
    secrecy: Openness
    state: Ended
    text: Text
    decisions: Annotated[tuple[Decision, ...], Meta(max_length=MOST_DECISIONS)] = ()


class SharedItem(Struct, frozen=True):
    """A frozen item of a package."""

    title: Annotated[str, Meta(max_length=1000)]
    content: dict[str, Any]
    platform: str
    kind: str


class ListedItem(Struct, frozen=True):
    """An item as the manifest of a package lists it: its file, and why it belongs."""

    file: str
    why: str


class Manifest(Struct, frozen=True):
    """The manifest that every package of a case has."""

    items: tuple[ListedItem, ...]


class Refused(Declared):
    """Something that does not hold: the field, why, and the remedy. ``key`` ends the key of its
    words.
    """

    status = 422

    def __init__(self, field: str, why: str, key: str, **values: object) -> None:
        super().__init__(f"{field}: {why}", field=field)
        self.field, self.key, self.values = field, key, values

    def said(self, words: Words) -> str:
        """With the remedy."""
        return words(f"cases.sharing.wrong-{self.key}", **self.values)


@dataclass(frozen=True, slots=True)
class Packed:
    """A package to keep: its sheet, the SHA-256 of that, and a zip."""

    sheet: Sheet
    hash: str
    files: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """A receiver of the office's list; ``way`` says how a file comes there."""

    id: int
    name: str
    level: Level
    way: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A receipt that was entered: who took the package at which centre, and when."""

    taken_ms: int
    taker: str
    centre: str


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A result that was made or entered, by whom, by username, and when, UTC epoch ms;
    ``internal_why`` says why internal things went along, where they did.
    """

    id: int
    result: Result
    who: str
    at_ms: int
    internal_why: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A case that was packed for a receiver, by whom, by username, and when, UTC epoch ms."""

    id: int
    case_id: int
    sheet: Sheet
    hash: str
    internal_why: str | None
    who: str
    at_ms: int
    signed: Signed | None


@dataclass(frozen=True, slots=True)
class Received:
    """A package that came, by whom it was taken in, and the case that was opened of it."""

    id: int
    sheet: Sheet
    hash: str
    taker: str
    at_ms: int
    case_id: int | None


def written(of: Struct) -> bytes:
    """A sheet or a receipt as its file: canonical JSON."""
    plain: Json = msgspec.to_builtins(of)
    return canonical(plain)


def hash_of(body: bytes) -> str:
    """SHA-256."""
    return hashlib.sha256(body).hexdigest()


def sheet_of(body: bytes) -> Sheet:
    """A sheet that was kept."""
    return msgspec.json.decode(body, type=Sheet)


def result_of(body: str) -> Result:
    """A result that was kept."""
    return msgspec.json.decode(body, type=Result)


def secrecy_of(openness: Openness) -> Secrecy:
    """How far something may be known that came."""
    return Secrecy.OPEN if openness == "open" else Secrecy.INTERNAL


def openness_of(secrecy: Secrecy) -> Openness:
    """How far something may be known that is shared: nothing restricted is."""
    return "open" if secrecy == Secrecy.OPEN else "internal"


def returned(body: bytes, kind: type[Back], name: Literal["receipt", "result"], most: int) -> Back:
    """A receipt or a result as its file says it.

    Raises:
        Refused: it is none.
    """
    if len(body) > most:
        raise Refused(name, f"is too large; send {name}.json as it came", name)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        why = f"is no {name} ({error}); send {name}.json as it came"
        raise Refused(name, why, name) from error


def check_fits(of: Share, back: Receipt | Result, at_ms: int) -> None:
    """Hold a receipt or a result against its share.

    Raises:
        Refused: it is of another package, of another content, or of an impossible day; with the
            field.
    """
    name = "receipt" if isinstance(back, Receipt) else "result"
    if back.id != of.sheet.id:
        raise Refused("id", f"is of another package; send the {name} of this one", f"{name}-id")
    if back.sha256 != of.hash:
        raise Refused("sha256", "is not that of share.json; ask for another", f"{name}-hash")
    field = "taken_ms" if isinstance(back, Receipt) else "made_ms"
    if not day_of(of.at_ms) <= day_of(getattr(back, field)) <= day_of(at_ms):
        raise Refused(field, "is before the sharing or ahead; ask for another", f"{name}-day")


def text(field: str, given: str, most: int) -> str:
    """A text of a form.

    Raises:
        Refused: it is missing or long, or cannot be kept.
    """
    given = given.strip()
    if not given or len(given) > most or "\0" in given:
        raise Refused(field, f"is missing or long; give 1 to {most} signs", "text", most=most)
    return given
