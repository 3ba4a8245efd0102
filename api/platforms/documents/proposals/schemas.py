"""Proposals over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.documents.proposals.records import (
    LONGEST_CLAUSE,
    LONGEST_CONTACT,
    LONGEST_DOCUMENT,
    LONGEST_LAW,
    LONGEST_NAME,
    LONGEST_ORGAN,
    LONGEST_REASON,
    TEXT,
    Identity,
    Kind,
    Line,
    Proposer,
    Receipt,
    Written,
)
from api.platforms.documents.proposals.wording import Sum
from api.web.forms import RowId

Key = Annotated[
    str,
    StringConstraints(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]


class ProposalGiven(BaseModel):
    """A proposal or demand that the office was given. ``key`` is a UUID of whoever sends it, with
    which it may be sent again; ``text`` the id of a published text instead of its title; ``body``
    the unit that demands.
    """

    model_config = ConfigDict(extra="forbid")
    key: Key
    kind: Kind = "proposal"
    proposer: Proposer = "citizen"
    body: Annotated[str, Field(max_length=40)] = ""
    way: Literal["paper", "phone", "visit"]
    received: date
    document: Annotated[str, Field(max_length=LONGEST_DOCUMENT)] = ""
    text: Annotated[str, Field(max_length=10)] = ""
    clause: Annotated[str, Field(max_length=LONGEST_CLAUSE)] = ""
    law: Annotated[str, Field(max_length=LONGEST_LAW)] = ""
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    contact: Annotated[str, Field(max_length=LONGEST_CONTACT)] = ""
    organisation: Annotated[str, Field(max_length=LONGEST_ORGAN)] = ""

    @property
    def written(self) -> Written:
        """As a form writes it."""
        names = ("kind", "proposer", "body", "way", "text", *TEXT)
        said = {name: getattr(self, name) for name in names}
        identity = Identity(self.name.strip(), self.contact.strip(), self.organisation.strip())
        return Written(said | {"received": self.received.isoformat()}, identity, self.key)


class ProposalMade(BaseModel):
    """A proposal that was entered; number and secret are shown this once."""

    id: str
    number: str
    secret: str


class ProposalState(BaseModel):
    """A proposal in the list, without whoever wrote it."""

    id: int
    number: str
    state: str
    kind: Kind
    proposer: Proposer
    way: str
    document: str
    received: date
    result: str | None


class ProposalsState(BaseModel):
    """A page of proposals, the newest first; ``following`` is sent as ``before`` for the next one,
    0 at the end.
    """

    proposals: list[ProposalState]
    count: int
    following: int


class ProposerState(BaseModel):
    """Who wrote a proposal."""

    name: str
    contact: str
    organisation: str


class Opening(BaseModel):
    """The text whose review is opened; ``version`` of the proposal that was seen."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(max_length=10)]
    version: RowId | None = None


class Opened(BaseModel):
    """The review that was opened, or joined."""

    review: int


class SumState(BaseModel):
    """How many of a kind and a proposer were received within the year, and what came of them."""

    kind: Kind
    proposer: Proposer
    count: int
    outcomes: dict[str, int]


class StatisticsState(BaseModel):
    """Sums of a year, without names."""

    year: int
    sums: list[SumState]


def made(item_id: str, receipt: Receipt) -> ProposalMade:
    """A proposal that was entered."""
    return ProposalMade(id=item_id, number=receipt.number, secret=receipt.secret)


def proposal_state(of: Line) -> ProposalState:
    """A proposal in the list."""
    return ProposalState(
        id=of.id,
        number=of.number,
        state=of.state,
        kind=of.kind,
        proposer=of.by,
        way=of.way,
        document=of.document,
        received=of.received,
        result=of.result,
    )


def proposer_state(of: Identity) -> ProposerState:
    """Who wrote a proposal."""
    return ProposerState(name=of.name, contact=of.contact, organisation=of.organisation)


def sum_state(of: Sum) -> SumState:
    """A row of the sums."""
    return SumState(kind=of.kind, proposer=of.by, count=of.count, outcomes=dict(of.outcomes))
