"""Opinions of voters, the code of a receipt, and how often the public may write. Pure."""

from __future__ import annotations

import hmac
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.accounts.limits import FailureMeter
from api.web.declared import Declared
from api.web.forms import MOST_ID
from config.vocabulary.time import MINUTE_MS

KIND = "opinion"
WAYS = ("page", "paper", "phone", "station")
"""How it came: by the deputy's page, on paper, by phone, at a station of deputies 人大代表之家."""
BY_OFFICE = WAYS[1:]
LONGEST_TITLE, LONGEST_BODY, LONGEST_LOCATION = 60, 2000, 100
LONGEST_NAME, LONGEST_PHONE = 40, 30
LONGEST_ANSWER, LONGEST_NUMBER = 2000, 60
LONGEST_CODE = 8
"""Characters."""
TEXT = ("title", "body", "location")
UNANSWERED = ("received", "unassigned", "passing", "passed", "returned", "suggested")
CLOSED = ("closed", "dismissed")
Show = Literal["open", "answered", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
A_PAGE = 50
MOST_OF_ADDRESS, ADDRESS_SPAN_MS = 30, 10 * MINUTE_MS
"""Opinions of one address, behind which a whole village or a station of deputies may sit."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: none that is taken for another."""
_MISREAD = str.maketrans("OILU", "011V")
_GROUPS, _OF_GROUP = 4, 4
_PHONE = re.compile(r"\+?[\d\s()-]+")
_NUMBERS = re.compile(r"(?<!\d)(?:\d{7,18}|(?:\d[ -]?){10,18})[\dXx](?!\d)")
"""Of phones, identity papers and bank cards, as people write them; a day with hyphens is none."""
_LEFT_OUT = "＊＊"
"""No longer than the shortest name that is left out: a text never grows by it."""
_FEWEST_DIGITS = 5
"""Of a phone."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The voter who wrote, as far as they say; ``for_office``: the office may see it too."""

    name: str = ""
    phone: str = ""
    for_office: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.phone)


@dataclass(frozen=True, slots=True)
class Written:
    """An opinion as a form sends it. ``key`` is that of the form: sent twice it is one."""

    fields: Mapping[str, str]
    identity: Identity
    key: str


@dataclass(frozen=True, slots=True)
class Retention:
    """The district's own terms, in days: answered opinions are closed, and identities of closed
    ones are removed.
    """

    close_answered: int
    forget_identity: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """A deputy as the public page names them; ``takes``: whether opinions are taken today."""

    username: str
    name: str
    delegation: str
    constituency: str
    code: str
    takes: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """All that whoever has the receipt is shown: the state, and the deputy's answer."""

    state: str
    answer: str


class Asked(BaseModel):
    """A question to the list; ``before`` is the id of the last line that was seen."""

    show: Show = "open"
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0

    def query(self, **changes: str) -> str:
        """As part of an address, without the line that was seen last."""
        return urlencode(self.model_dump(exclude={"before"}) | changes)


@dataclass(frozen=True, slots=True)
class Line:
    """An opinion in a list; nothing of whoever wrote it."""

    id: int
    state: str
    deputy: str
    way: str
    title: str
    location: str | None
    received: date
    number: str | None


class NotReceived(Declared):
    """An opinion does not hold: ``wrong`` has the end of the words of each field."""

    status = 422
    words = "duty.opinions.wrong"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        faults = [{"field": name, "fault": said} for name, said in wrong.items()]
        super().__init__(f"these fields do not hold: {', '.join(wrong)}", faults=faults)
        self.wrong = wrong


class NotTaken(Declared):
    """The deputy is in no term today."""

    status = 410
    words = "duty.opinions.not-taken"


class TooManyOpinions(Declared):
    """Too many came from an address."""

    status = 429
    words = "duty.opinions.many"

    def __init__(self, wait_ms: int) -> None:
        wait_s = math.ceil(wait_ms / 1000)
        super().__init__(f"too many opinions from this address; wait {wait_s} s")
        self.headers = {"Retry-After": str(wait_s)}


class NotForYou(Declared):
    """The voter's identity is for the deputy alone, or nobody left one."""

    status = 403
    words = "duty.opinions.identity-not-yours"


class NotColleague(Declared):
    """An opinion goes to another deputy of those who stand for the same voters."""

    status = 422
    words = "duty.opinions.not-colleague"


class NotLinked(Declared):
    """An opinion becomes a suggestion that was made of it, and no other."""

    status = 409
    words = "duty.opinions.not-linked"


class OpinionMeter(FailureMeter):
    """How many opinions came from each address of late, in the memory of a process."""

    def __init__(self) -> None:
        super().__init__(MOST_OF_ADDRESS, ADDRESS_SPAN_MS)


def identity_faults(identity: Identity) -> Mapping[str, str]:
    """The fields of an identity that do not hold, with the end of their words."""
    wrong = {}
    if len(identity.name) > LONGEST_NAME or "\0" in identity.name:
        wrong["name"] = "name"
    said = unicodedata.normalize("NFKC", identity.phone)
    digits = sum(of.isdigit() for of in said)
    if said and not (
        _PHONE.fullmatch(said)
        and digits >= _FEWEST_DIGITS
        and len(identity.phone) <= LONGEST_PHONE
    ):
        wrong["phone"] = "phone"
    return wrong


def receipt(key: bytes, seed: str) -> str:
    """The code of a receipt, 80 bits: of the same seed always the same, and guessed by nobody who
    has no site key.
    """
    number = int.from_bytes(hmac.digest(key, seed.encode(), "sha256")[:10])
    signs = [_LETTERS[number >> 5 * at & 31] for at in range(_GROUPS * _OF_GROUP)]
    return grouped("".join(signs))


def receipt_hash(key: bytes, code: str) -> str:
    """A code as it is kept: whatever its case, blanks and hyphens, and an O for a 0. The tables
    alone, without the site key, tell no code.
    """
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", code)).upper()
    return hmac.digest(key, plain.translate(_MISREAD).encode(), "sha256").hex()


def grouped(code: str) -> str:
    """A code as one types it, by four."""
    return "-".join(code[at : at + _OF_GROUP] for at in range(0, len(code), _OF_GROUP))


def apart(text: str, identity: Identity) -> str:
    """A voter's words without the name and number that they left in fields of their own: these
    are kept apart, and go in time.
    """
    found = text.replace(identity.name, _LEFT_OUT) if len(identity.name) > 1 else text
    digits = [unicodedata.digit(of) for of in identity.phone if of.isdigit()]
    if len(digits) < _FEWEST_DIGITS:
        return found
    number = r"[\s-]*".join(f"[{of}{chr(ord('０') + of)}]" for of in digits)
    return re.sub(rf"(?<!\d){number}(?!\d)", _LEFT_OUT, found)


def without_identity(text: str, identity: Identity) -> str:
    """The same without long numbers too: what goes on to others says nothing of who wrote."""
    return _NUMBERS.sub(_LEFT_OUT, apart(text, identity))
