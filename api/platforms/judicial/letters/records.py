"""Letters and petitions, who wrote them, and how they are counted. Pure."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.platforms.judicial.low_counts import Shown
from api.platforms.judicial.refusals import FieldRefused
from api.web.declared import Declared
from api.web.forms import MOST_ID
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

KIND = "letter"
LONGEST_SUMMARY, LONGEST_ANSWER = 300, 1000
LONGEST_NAME, LONGEST_PHONE, LONGEST_ADDRESS = 40, 30, 100
"""Characters."""
Show = Literal["open", "closed", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
A_PAGE = 50
ELSEWHERE = ""
"""The town of letters that concern the whole district, or say nothing of one."""
QUARTER = re.compile(r"(20[0-9]{2})-([1-4])", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s()-]+")
_FEWEST_DIGITS = 5
_SHIPPED = Path(__file__).parent / "data" / "letters.toml"
_OWN = Path("judicial") / "letters.toml"
"""Below the folder of the district."""
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Sorting:
    """The lists of the data file; ``kinds`` by name have the bodies that they go to, none: any."""

    ways: tuple[str, ...]
    topics: tuple[str, ...]
    outcomes: tuple[str, ...]
    refusals: tuple[str, ...]
    reviews: tuple[str, ...]
    kinds: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Petitioner:
    """The person who wrote, as far as they say."""

    name: str = ""
    phone: str = ""
    address: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.address)


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in a list; nothing of whoever wrote it."""

    id: int
    state: str
    kind: str
    topic: str
    way: str
    summary: str
    town: str | None
    unit: str | None
    received: date
    repeat_of: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Letters that were registered in a quarter that has ended, low counts hidden: rows by topic
    and by town in the order of the names, columns by month, the last of each being the sums.
    """

    quarter: str
    months: Sequence[str]
    topics: Sequence[str]
    towns: Sequence[str]
    by_topic: Shown
    by_town: Shown


class Asked(BaseModel):
    """A question to the list; ``before`` is the id of the last line that was seen."""

    show: Show = "open"
    topic: Annotated[str, Field(max_length=40)] = ""
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0

    def query(self, **changes: str) -> str:
        """As part of an address, without the line that was seen last."""
        return urlencode(self.model_dump(exclude={"before"}) | changes)


class NotRegistered(Declared):
    """A letter does not hold: ``wrong`` has the end of the words of each field."""

    status = 422
    words = "judicial.letters.wrong"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        faults = [{"field": name, "fault": said} for name, said in wrong.items()]
        super().__init__(f"these fields do not hold: {', '.join(wrong)}", faults=faults)
        self.wrong = wrong


class NoPetitioner(Declared):
    """Nobody left a name, or it was removed."""

    status = 404
    words = "judicial.letters.petitioner-none"


class NotEnded(Declared):
    """A quarter is none, or has not ended: what is not over yet would tell of single letters."""

    status = 422
    words = "judicial.letters.not-ended"


class WrongBody(FieldRefused):
    """The letter goes to other bodies by its kind, or comes from the one that it would go to."""

    words = "judicial.letters.wrong-body"

    def __init__(self, fault: str) -> None:
        super().__init__("unit", "", fault)


class WriterNamed(FieldRefused):
    """A text has the name or number of whoever wrote the letter."""

    words = "judicial.letters.wrong-summary"

    def __init__(self, field: str) -> None:
        super().__init__(field, "", "names who wrote", "say it without")


class DayBefore(FieldRefused):
    """A step happened before the one that precedes it: ``earliest`` is the first day in order."""

    words = "judicial.letters.wrong-day"

    def __init__(self, field: str, earliest: date) -> None:
        day = earliest.isoformat()
        super().__init__(field, "", "is too early", f"give {day} or later", day=day)


@cache
def sorting() -> Sorting:
    """The lists by which letters are sorted, as the product has them."""
    found = read_toml(_SHIPPED, "restore the file of the product")
    return Sorting(
        ways=tuple(found["ways"]),
        topics=tuple(found["topics"]),
        outcomes=tuple(found["outcomes"]),
        refusals=tuple(found["refusals"]),
        reviews=tuple(found["reviews"]),
        kinds=found["kinds"],
    )


@cache
def forgets_after(district: Path) -> int:
    """The days after the last answer or the closing at which it is forgotten who wrote: the
    product's, or those of the district where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or its number is none.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    days: Any = read_toml(path, "write it like that of the product").get("forget_petitioner")
    if not (isinstance(days, int) and 1 <= days <= _MOST_DAYS):
        remedy = f"give forget_petitioner as 1 to {_MOST_DAYS} days"
        raise FaultyInput([Fault(path.name, "does not hold", remedy)])
    return days


def petitioner_faults(petitioner: Petitioner) -> Mapping[str, str]:
    """The fields of a petitioner that do not hold, with the end of their words."""
    wrong = {}
    if len(petitioner.name) > LONGEST_NAME or "\0" in petitioner.name:
        wrong["name"] = "name"
    if len(petitioner.address) > LONGEST_ADDRESS or "\0" in petitioner.address:
        wrong["address"] = "address"
    said = unicodedata.normalize("NFKC", petitioner.phone)
    fits = _PHONE.fullmatch(said) and len(petitioner.phone) <= LONGEST_PHONE
    if said and not (fits and len(_digits(said)) >= _FEWEST_DIGITS):
        wrong["phone"] = "phone"
    return wrong


def person_mark(key: bytes, petitioner: Petitioner) -> str | None:
    """A keyed hash that is the same for letters of the same person: of the telephone number, or
    else of name and address. None where neither is whole: a name alone is that of many people.
    """
    digits = _digits(petitioner.phone).removeprefix("0086").removeprefix("86")
    if digits:
        said = f"phone\0{digits}"
    elif petitioner.name and petitioner.address:
        said = f"name\0{_plain(petitioner.name)}\0{_plain(petitioner.address)}"
    else:
        return None
    return hmac.digest(key, said.encode(), "sha256").hex()


def names(text: str, petitioner: Petitioner) -> bool:
    """Whether a text has the petitioner's name or number in it."""
    plain, digits = _plain(text), _digits(petitioner.phone)
    named = len(petitioner.name) > 1 and _plain(petitioner.name) in plain
    return named or (bool(digits) and digits in re.sub(r"[\s()-]", "", plain))


def quarter_of(day: date) -> str:
    """The quarter of a day, as 2026-4."""
    return f"{day.year}-{(day.month + 2) // 3}"


def last_ended(today: date) -> str:
    """The quarter before that of a day."""
    year, number = map(int, quarter_of(today).split("-"))
    return f"{year}-{number - 1}" if number > 1 else f"{year - 1}-4"


def months_of(quarter: str, today: date) -> Sequence[str]:
    """The three months of a quarter that has ended, as 2026-10.

    Raises:
        NotEnded
    """
    if not QUARTER.fullmatch(quarter) or quarter > last_ended(today):
        raise NotEnded(
            f"quarter {quarter[:20]!r} has not ended; give {last_ended(today)} or before"
        )
    year, number = map(int, quarter.split("-"))
    return [f"{year}-{month:02}" for month in range(3 * number - 2, 3 * number + 1)]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _digits(text: str) -> str:
    return "".join(of for of in unicodedata.normalize("NFKC", text) if of in "0123456789")
