"""Occasions, who is to have a seat, and comments. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from pydantic import BaseModel, Field

from api.meetings.records import Host
from api.platforms.judicial import free_text
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.refusals import FieldRefused
from api.procedures.procedure import Given, Row, instant_ms
from config.files import read_toml
from config.vocabulary.time import HOUR_MS, day_of

_DATA = Path(__file__).parent / "data"
A_PAGE = 50
MOST_SEATS = 30
LONGEST_TITLE = 100
LONGEST_TEXT = 1000
LONGEST_COMMENT = 1000
LEAST_COMMENTS = 5
"""Unsigned comments reach others from so many on: fewer would tell who wrote them."""
CONFLICTS = ("party", "lawyer", "employer", "relative", "other")
OUTCOMES = ("judgment", "mediation", "decision", "dropped", "ended")
"""The form of what followed, never its content."""
HOLDS = ("granted", "confirmed")
"""States of a seat that counts against the quota."""
LASTS_MS = 4 * HOUR_MS
"""An occasion of which nobody said how long it lasts."""
PATH = "/judicial/hearings"
NOTICES = ("hearing.notice", "hearing.notice.own")
OUTCOME = "hearing.outcome"
_TEXTS = ("title", "matter", "location", "closed_why", "why")
HOST = Host(
    "judicial",
    JudicialPermission.SUBMIT,
    JudicialPermission.ATTEND,
    PATH,
    ("activity",),
)
"""The body keeps the list at the door."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of occasion: who may announce it, the rule by which participants are told before it,
    and what may follow.
    """

    id: str
    bodies: tuple[str, ...]
    notice: str
    outcomes: tuple[str, ...]


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of a comment, which all have the same values."""

    questions: tuple[str, ...]
    values: tuple[str, ...]


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds by id, in the order of the file."""
    rows = read_toml(_DATA / "kinds.toml", "mend the file")["kind"]
    return {of.id: of for of in msgspec.convert(rows, tuple[Kind, ...])}


@cache
def form() -> Form:
    """The form of a comment."""
    return msgspec.convert(read_toml(_DATA / "comment.toml", "mend the file"), Form)


class Asked(BaseModel):
    """A question to the list as the addresses of its answers write it: a state, or all."""

    show: Annotated[str, Field(max_length=20)] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and how many there are."""

    rows: Sequence[Row]
    total: int

    @property
    def pages(self) -> int:
        """At least one."""
        return max(1, -(-self.total // A_PAGE))


class HearingRefused(FieldRefused):
    """Something that an occasion, a seat or a comment does not take."""

    words = "judicial.hearings.wrong-"


def day(row: Row) -> date:
    """The day of an occasion, by the district's calendar."""
    return date.fromisoformat(day_of(row["from_ms"]))


def notice_day(row: Row) -> date:
    """The last day on which participants are told in time."""
    return day(row) - timedelta(days=row["notice_days"])


def ends_ms(row: Row) -> int:
    """When an occasion is over."""
    until: int = row["until_ms"] or row["from_ms"] + LASTS_MS
    return until


def is_late(row: Row, at_ms: int) -> bool:
    """Whether participants who are told at an instant are told too late."""
    return date.fromisoformat(day_of(at_ms)) > notice_day(row)


def check_texts(given: Given) -> None:
    """Hold the texts of a step against the rule of names and cases alone: an announcement says
    what cases of its kind are about.

    Raises:
        TextRefused
    """
    free_text.check({name: given[name] for name in _TEXTS if name in given})


def check(row: Row, given: Given) -> None:
    """Whether what was given agrees.

    Raises:
        HearingRefused
    """
    if link := given.get("link"):
        _check_link(link)
    if "until" in given and instant_ms(given["until"]) <= instant_ms(given["from"]):
        raise HearingRefused("until", "until", "is not after the beginning", "give a later time")
    if "outcome" in given:
        if given["outcome"] not in kinds()[row["kind"]].outcomes:
            raise HearingRefused("outcome", "outcome", "does not follow this kind", "give another")
        if given["day"] < day(row).isoformat():
            raise HearingRefused("day", "day", "lies before the occasion", "give a later day")


def _check_link(link: str) -> None:
    try:
        parts = urlsplit(link)
        good = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise HearingRefused("link", "link", "is no safe address", "give one that begins https://")


def incomplete(row: Row, at_ms: int) -> str:
    """The name of what is missing before an occasion is announced; empty: nothing."""
    if row["from_ms"] <= at_ms:
        return "began"
    if not (row["location"] or row["link"]):
        return "location"
    return "closed-why" if row["openness"] == "closed" and not row["closed_why"] else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who asks for a seat: how many seats they had before on the platform, and the day of
    the last one as ISO text, empty for none.
    """

    username: str
    had: int
    last_day: str


def lot(seed: str, username: str) -> str:
    """The lot of somebody: 64 hexadecimal digits of SHA-256 over the seed, a bar and the name by
    which they sign in. The lower one goes first. Anyone who has the seed reckons the same.
    """
    return hashlib.sha256(f"{seed}|{username}".encode()).hexdigest()


def ordered(seed: str, asking: Sequence[Candidate]) -> Sequence[Candidate]:
    """Whoever had fewest seats goes first, of these whoever had theirs longest ago, of these the
    lower lot.
    """
    return sorted(asking, key=lambda of: (of.had, of.last_day, lot(seed, of.username)))


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at an occasion, as far as the order goes. ``batch`` is 1 for those who were there
    when the seats were allotted, more for whoever came later; ``turn`` is the number in the whole
    order, from 1. Both are None before. ``had`` and ``last_day`` stay as they were then.
    """

    id: int
    state: str
    username: str
    batch: int | None = None
    turn: int | None = None
    had: int = 0
    last_day: str = ""

    @property
    def candidate(self) -> Candidate:
        """The reasons of the turn."""
        return Candidate(self.username, self.had, self.last_day)


@dataclass(frozen=True, slots=True)
class Move:
    """A step that the centre takes with a seat, and its values."""

    seat: int
    step: str
    given: Mapping[str, str]


def moves(
    state: str, quota: int, seed: str, seats: Sequence[Seat], before: Mapping[str, Candidate]
) -> Sequence[Move]:
    """All that the centre does with the seats of an occasion as it stands; nothing where all is in
    order. ``before`` has those who ask, by username, as their seats of before are now.
    """
    waits = [of for of in seats if of.state in ("proposed", "asked", "waiting")]
    if state in ("held", "decided"):
        return [Move(of.id, "lapse", {}) for of in waits]
    if state == "cancelled":
        return [Move(of.id, "cancel", {}) for of in seats if of in waits or of.state in HOLDS]
    if state != "allotted":
        return []
    free = quota - sum(of.state in HOLDS for of in seats)
    queue = sorted((of for of in seats if of.state == "waiting"), key=lambda of: of.turn or 0)
    found = [Move(of.id, "move-up", {}) for of in queue[: max(free, 0)]]
    free -= len(found)
    asking = {of.username: of for of in seats if of.state == "asked"}
    batch = max((of.batch or 0 for of in seats), default=0) + 1
    turn = max((of.turn or 0 for of in seats), default=0)
    for one in ordered(seed, [before[name] for name in asking]):
        turn += 1
        given = {"turn": str(turn), "batch": str(batch), "had": str(one.had)}
        given |= {"last": one.last_day} if one.last_day else {}
        found.append(Move(asking[one.username].id, "seat" if free > 0 else "queue", given))
        free -= 1
    return found


def replayed(seed: str, seats: Sequence[Seat]) -> Sequence[str]:
    """The order once more out of what is shown of it: usernames, batch by batch."""
    found: list[str] = []
    for batch in sorted({of.batch for of in seats if of.batch is not None}):
        asking = [of.candidate for of in seats if of.batch == batch]
        found += [of.username for of in ordered(seed, asking)]
    return found


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``signed`` is the name that its author wished to stand, empty: none."""

    answers: Mapping[str, str]
    text: str
    signed: str


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments on an occasion as others read them. While ``hidden`` there are fewer than
    :data:`LEAST_COMMENTS`: no counts, and the signed ones alone.
    """

    number: int
    counts: Mapping[str, Mapping[str, int]]
    texts: Sequence[Comment]
    hidden: bool


def summed(comments: Sequence[Comment]) -> Comments:
    """Counts by question and value, and texts in an order that tells nothing of when they came.
    Unsigned ones are left out of both while they are few: beside the counts of all, the signed
    ones would tell them.
    """
    signed = [of for of in comments if of.signed]
    unsigned = [of for of in comments if not of.signed]
    hidden = 0 < len(unsigned) < LEAST_COMMENTS
    shown = signed if hidden else [*signed, *unsigned]
    counts = {
        name: {value: counted[value] for value in form().values}
        for name in form().questions
        for counted in (Counter(of.answers.get(name, "") for of in shown),)
    }
    texts = [of for of in shown if of.text]
    texts.sort(key=lambda of: hashlib.sha256(of.text.encode()).digest())
    return Comments(len(comments), counts if shown else {}, texts, hidden)


def checked_answers(given: Mapping[str, str]) -> Mapping[str, str]:
    """The values of a form by question.

    Raises:
        HearingRefused: a question has none, or one that is not offered.
    """
    found: dict[str, str] = {}
    for name in form().questions:
        value: Any = given.get(name, "").strip()
        if value not in form().values:
            raise HearingRefused(name, "answer", "has no value", f"give one of {form().values}")
        found[name] = value
    return found
