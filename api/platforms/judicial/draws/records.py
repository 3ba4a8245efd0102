"""The draw of closed files: a seed that nobody chose, and the numbers that follow from it. Pure.

The body gives the number of its list's lines and the SHA-256 of the list before a public number
is known. seed = SHA-256("{list hash}:{day}:{public number}"), in lower hexadecimal. Line i of the
list has the digest SHA-256("{seed}:{i}"); the lines with the smallest digests are drawn. Neither
the body nor the office can choose, and everybody can repeat it.
"""

from __future__ import annotations

import hashlib
import heapq
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from api.platforms.judicial.refusals import FieldRefused
from api.web.declared import Declared
from config.files import read_toml

KIND = "draw"
MOST_FILES, MOST_DRAWN = 100_000, 1000
LONGEST_TITLE, LONGEST_SCOPE, LONGEST_SOURCE, LONGEST_NUMBER = 100, 300, 200, 60
"""Characters."""
A_PAGE = 200
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Za-z.+-]{1,60}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The result of a draw: the seed, and by number of the list's line its digest."""

    seed: str
    digests: Mapping[int, str]

    @property
    def numbers(self) -> Sequence[int]:
        """The lines that were drawn, in the order of the list."""
        return sorted(self.digests)


@dataclass(frozen=True, slots=True)
class Commands:
    """All that a draw follows from, in one form, as a command line takes it."""

    list_hash: str
    day: str
    number: str
    count: int
    size: int


class Repeated(BaseModel):
    """All that a draw follows from, to repeat it."""

    list_hash: Annotated[str, Field(max_length=100)] = ""
    day: Annotated[str, Field(max_length=10)] = ""
    number: Annotated[str, Field(max_length=LONGEST_NUMBER)] = ""
    count: Annotated[str, Field(max_length=10)] = ""
    size: Annotated[str, Field(max_length=10)] = ""

    def drawn(self) -> Drawn:
        """The lines that these give.

        Raises:
            NotDrawn: a field does not hold.
        """
        wrong = {}
        if not _HASH.fullmatch(list_hash(self.list_hash)):
            wrong["list_hash"] = "hash"
        if not _is_day(self.day):
            wrong["day"] = "day"
        if not is_number(self.number):
            wrong["number"] = "number"
        count, size = whole(self.count, MOST_FILES), whole(self.size, MOST_DRAWN)
        if not count:
            wrong["count"] = "count"
        if not size or (count and size > count):
            wrong["size"] = "size"
        if wrong:
            raise NotDrawn(wrong)
        return draw(seed_of(list_hash(self.list_hash), self.day, self.number), count, size)


def commands(asked: Repeated) -> Commands:
    """The values of a draw that holds, for a command line."""
    return Commands(
        list_hash(asked.list_hash),
        asked.day,
        plain(asked.number),
        whole(asked.count, MOST_FILES),
        whole(asked.size, MOST_DRAWN),
    )


class NotDrawn(Declared):
    """A draw does not hold: ``wrong`` has the end of the words of each field."""

    status = 422
    words = "judicial.draws.wrong"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        faults = [{"field": name, "fault": said} for name, said in wrong.items()]
        super().__init__(f"these fields do not hold: {', '.join(wrong)}", faults=faults)
        self.wrong = wrong


class DrawRefused(FieldRefused):
    """A field of a step does not hold."""

    words = "judicial.draws.wrong-"


@cache
def findings() -> tuple[str, ...]:
    """The kinds of findings, as the product has them."""
    path = Path(__file__).parent / "data" / "draws.toml"
    return tuple(read_toml(path, "restore the file of the product")["findings"])


def seed_of(hash_of_list: str, day: str, number: str) -> str:
    """The seed that follows from the list and a public number of a day, as hexadecimal."""
    return _digest(f"{hash_of_list}:{day}:{plain(number)}")


def draw(seed: str, count: int, size: int) -> Drawn:
    """The ``size`` lines of a list of ``count`` whose digests are the smallest."""
    every = ((_digest(f"{seed}:{line}"), line) for line in range(1, count + 1))
    return Drawn(seed, {line: digest for digest, line in heapq.nsmallest(size, every)})


def plain(number: str) -> str:
    """A public number in one form: half-width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", number).split())


def list_hash(said: str) -> str:
    """A SHA-256 in one form: lower case, without blanks; programs put the file's name behind."""
    return (unicodedata.normalize("NFKC", said).lower().split() or [""])[0]


def is_hash(said: str) -> bool:
    """Whether a text is a SHA-256 as hexadecimal."""
    return bool(_HASH.fullmatch(list_hash(said)))


def is_number(said: str) -> bool:
    """Whether a text is a public number: digits, letters, and signs that no command line reads."""
    return bool(_NUMBER.fullmatch(plain(said)))


def whole(said: str, most: int) -> int:
    """A whole number from 1 to the most; 0 where it is none."""
    found = int(said.strip()) if _WHOLE.fullmatch(said.strip()) else 0
    return found if found <= most else 0


def counted(given: Mapping[str, str], size: int) -> Mapping[str, int]:
    """By kind in how many of the drawn files something was found.

    Raises:
        DrawRefused: a number is none, or more than were drawn.
    """
    found = {}
    for kind in findings():
        said = given.get(kind, "0")
        if not _WHOLE.fullmatch(said) or int(said) > size:
            raise DrawRefused(kind, "finding", f"give a whole number from 0 to {size}")
        found[kind] = int(said)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False
