"""Proposals and demands for review, and who made them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from api.open_forms import personal
from api.open_forms.sending import FormMeter, TooMany
from api.web.declared import Declared
from api.web.forms import MOST_ID

Kind = Literal["proposal", "demand"]
"""审查建议 of anybody; 审查要求 of an organ that the law entitles (立法法 art. 110), which must be
opened.
"""
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND = "proposal"
"""Of the item, of both kinds."""
Proposer = Literal["citizen", "organisation", "organ"]
PROPOSERS: tuple[Proposer, ...] = get_args(Proposer)
WAYS = ("page", "paper", "phone", "visit")
BY_OFFICE = WAYS[1:]
TOLD = ("page", "letter", "phone", "visit")
"""How somebody was told: 书面或者口头."""
GROUNDS = ("no-document", "no-grounds", "reviewed", "changed", "promised", "other")
"""Why no review is opened: 北京市…规范性文件备案审查条例 (2024) articles 24 and 25."""
RESULTS = ("sound", "corrected", "promised", "annulled", "passed-up", "other")
"""Of the review, as the proposer is told."""
LONGEST_DOCUMENT, LONGEST_CLAUSE, LONGEST_LAW = 200, 200, 300
LONGEST_REASON, LONGEST_SUPPLEMENT, LONGEST_REPLY = 4000, 2000, 4000
LONGEST_NAME, LONGEST_CONTACT, LONGEST_ORGAN = 40, 100, 100
"""Characters."""
FEWEST_OF_CONTACT = 5
LONGEST_CODE = 100
NUMBER_GROUPS = 3
"""Of a number: 60 bits, so that none tells of another."""
TEXT = ("document", "clause", "law", "reason")
"""Fields in the words of whoever writes."""
CLOSED = ("answered", "passed", "declined", "withdrawn")
Show = Literal["open", "closed", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
A_PAGE, MOST_FOUND = 50, 20
Year = Annotated[int, Field(ge=1990, le=2999)]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who proposes: a name, how to be reached (phone, mail or address), and for whom."""

    name: str = ""
    contact: str = ""
    organisation: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.contact or self.organisation)


@dataclass(frozen=True, slots=True)
class Written:
    """A proposal as a form sends it. ``key`` is that of the form: sent twice it is one."""

    fields: Mapping[str, str]
    identity: Identity
    key: str


@dataclass(frozen=True, slots=True)
class Own:
    """The district's own: days after which identities go, and kinds of units that may demand."""

    forget_identity: int
    entitled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Handed out once: a number, which anybody may know, and the secret of the proposer."""

    number: str
    secret: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A text of the centre that a proposal may be about."""

    id: int
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All that whoever has number and secret is shown. ``steps`` are days with what was done,
    ``terms`` until when what follows; ``said`` is what the centre wrote to the proposer.
    """

    number: str
    state: str
    kind: Kind
    steps: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]
    missing: str = ""
    why_declined: str = ""
    organ: str = ""
    result: str = ""
    said: str = ""
    supplements: bool = False
    retracts: bool = False


class Asked(BaseModel):
    """A question to the list; ``text`` is the id of a kept text, 0 for all, ``before`` that of the
    last line that was seen.
    """

    show: Show = "open"
    kind: Literal["", Kind] = ""
    by: Literal["", Proposer] = ""
    state: Annotated[str, Field(max_length=20)] = ""
    year: Year | Literal[""] = ""
    text: Annotated[int, Field(ge=0, le=MOST_ID)] = 0
    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0

    def query(self, **changes: str) -> str:
        """As part of an address, without the line that was seen last."""
        return urlencode(self.model_dump(exclude={"before"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal in a list; nothing of whoever wrote it."""

    id: int
    number: str
    state: str
    kind: Kind
    by: Proposer
    way: str
    document: str
    received: date
    result: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many were received within a year, of a kind and a proposer, that stand in a state."""

    kind: Kind
    by: Proposer
    state: str
    count: int


class NotReceived(Declared):
    """A proposal does not hold: ``wrong`` has the words of each field."""

    status = 422
    words = "documents.proposals.wrong"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        faults = [{"field": name, "fault": said} for name, said in wrong.items()]
        super().__init__(f"these fields do not hold: {', '.join(wrong)}", faults=faults)
        self.wrong = wrong


class TooManyProposals(TooMany):
    """Too many came from an address."""

    words = "documents.proposals.many"


class TooManyVisits(TooMany):
    """An address asks too often."""

    words = "documents.proposals.often"


class NotIdentified(Declared):
    """Nobody left a name, or it was removed in time."""

    status = 404
    words = "documents.proposals.identity-none"


class NotLinked(Declared):
    """The review is none of the text, or is over; or the text is not kept."""

    status = 409
    words = "documents.proposals.not-linked"


class ProposalMeter(FormMeter):
    """How many proposals came from each address of late."""


def identity_faults(identity: Identity, *, needed: bool) -> Mapping[str, str]:
    """The fields of an identity that do not hold, with the end of their words. Who proposes says
    name and contact (北京市…条例 art. 24); on paper that lacks them the office asks for them.
    """
    wrong = {}
    longest = {"name": LONGEST_NAME, "contact": LONGEST_CONTACT, "organisation": LONGEST_ORGAN}
    for field, most in longest.items():
        said: str = getattr(identity, field)
        if len(said) > most or "\0" in said:
            wrong[field] = field
    if needed and not identity.name:
        wrong["name"] = "name"
    known = len(unicodedata.normalize("NFKC", identity.contact).strip()) >= FEWEST_OF_CONTACT
    if (needed or identity.contact) and not known:
        wrong["contact"] = "contact"
    return wrong


def apart(text: str, identity: Identity) -> str:
    """Words without name, contact and organisation, which the proposer left in fields apart."""
    found = personal.apart(text, identity.organisation, "")
    if len(identity.contact) >= FEWEST_OF_CONTACT:
        found = personal.apart(found, identity.contact, identity.contact)
    return personal.apart(found, identity.name, "")


def without_identity(text: str, identity: Identity) -> str:
    """The same without long numbers: what goes on to others says nothing of who wrote."""
    return personal.without_numbers(apart(text, identity))
