"""Opinions of voters, and who wrote them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.open_forms import personal
from api.open_forms.sending import FormMeter, TooMany
from api.web.declared import Declared
from api.web.forms import MOST_ID

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
_PHONE = re.compile(r"\+?[\d\s()-]+")


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


class TooManyOpinions(TooMany):
    """Too many came from an address."""

    words = "duty.opinions.many"


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


class OpinionMeter(FormMeter):
    """How many opinions came from each address of late."""


def identity_faults(identity: Identity) -> Mapping[str, str]:
    """The fields of an identity that do not hold, with the end of their words."""
    wrong = {}
    if len(identity.name) > LONGEST_NAME or "\0" in identity.name:
        wrong["name"] = "name"
    said = unicodedata.normalize("NFKC", identity.phone)
    digits = sum(of.isdigit() for of in said)
    if said and not (
        _PHONE.fullmatch(said)
        and digits >= personal.FEWEST_DIGITS
        and len(identity.phone) <= LONGEST_PHONE
    ):
        wrong["phone"] = "phone"
    return wrong


def apart(text: str, identity: Identity) -> str:
    """A voter's words without the name and number that they left in fields of their own."""
    return personal.apart(text, identity.name, identity.phone)


def without_identity(text: str, identity: Identity) -> str:
    """The same without long numbers too: what goes on to others says nothing of who wrote."""
    return personal.without_numbers(apart(text, identity))
