"""A reply over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.promises.records import LONGEST_MEASURE, MOST
from api.platforms.duty.suggestions.records import LONGEST_ANSWER
from api.web.forms import MOST_ID


class ProofGiven(BaseModel):
    """Evidence that the centre shall watch: platform and kind, and the parameters of that kind."""

    model_config = ConfigDict(extra="forbid")
    platform: Annotated[str, Field(max_length=40)]
    kind: Annotated[str, Field(max_length=40)]
    parameters: dict[Annotated[str, Field(max_length=40)], Any]


class PromiseGiven(BaseModel):
    """A promise of a reply."""

    model_config = ConfigDict(extra="forbid")
    measure: Annotated[str, Field(min_length=1, max_length=LONGEST_MEASURE)]
    due_day: date
    evidence: ProofGiven | None = None


class ReplyGiven(BaseModel):
    """A reply with its promises; ``version`` as with every step."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(max_length=LONGEST_ANSWER)]
    paper: Annotated[str, Field(max_length=60)]
    signer: Annotated[str, Field(max_length=40)]
    result: Annotated[str, Field(max_length=10)]
    day: date
    promises: Annotated[list[PromiseGiven], Field(max_length=MOST)] = []
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


class Replied(BaseModel):
    """The suggestion after it: its state, and how many replies it has."""

    state: str
    round: int


def row_of(promise: PromiseGiven) -> dict[str, str]:
    """A promise as the form sends it."""
    row = {"measure": promise.measure, "due_day": promise.due_day.isoformat()}
    if promise.evidence is None:
        return row
    kind = f"{promise.evidence.platform}/{promise.evidence.kind}"
    fields = {f"{kind}/{name}": str(of) for name, of in promise.evidence.parameters.items()}
    return {**row, "evidence": kind, **fields}
