"""Proposals over the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.cases.joins.actions import Proposed
from api.cases.joins.wording import Line, ordered
from api.items import Pointed
from api.ports import Reference


class Dismissing(BaseModel):
    """A thing that does not belong to a case, and why."""

    model_config = ConfigDict(extra="forbid")
    item: Pointed
    why: Annotated[str, Field(max_length=1000, pattern=WITHOUT_NUL)]


class ReasonState(BaseModel):
    """Something that two things share. ``why`` is an axis or time, ``said`` tells it. How rare it
    is stays unsaid: that counts things which the reader may not see.
    """

    why: str
    said: str


class ProposalState(BaseModel):
    """A thing that may belong to ``source``, which belongs to the case. ``why`` are the reasons as
    one text, for the join.
    """

    item: Pointed
    title: str
    address: str
    source: Pointed
    reasons: list[ReasonState]
    why: str


def proposal_state(of: Proposed, line: Line) -> ProposalState:
    """A proposal with its reasons in words."""
    proposal = of.proposal
    return ProposalState(
        item=_pointed(proposal.reference),
        title=of.item.title,
        address=line.path,
        source=_pointed(proposal.source),
        reasons=[
            ReasonState(why=reason.why, said=said)
            for reason, said in zip(ordered(proposal), line.reasons, strict=True)
        ],
        why=line.why,
    )


def _pointed(of: Reference) -> Pointed:
    return Pointed(platform=of.platform, kind=of.kind, id=of.id)
