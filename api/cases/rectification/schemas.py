"""Points on the list of rectification over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.procedures.procedure import Row
from api.web.forms import Number, Typed


class ProofGiven(BaseModel):
    """A kind of evidence of a platform with its parameters."""

    model_config = ConfigDict(extra="forbid")
    platform: Annotated[str, Field(max_length=20)]
    kind: Annotated[str, Field(max_length=40)]
    parameters: Annotated[dict[str, str | Number | float], Field(max_length=20)]


class NewRectification(BaseModel):
    """A point for the list: what one body puts right until when, and what will prove it."""

    model_config = ConfigDict(extra="forbid")
    title: Typed
    text: Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)]
    unit: Typed
    due_day: Typed
    evidence: ProofGiven | None = None

    def given(self) -> dict[str, str]:
        """As a form gives it."""
        texts = self.model_dump(exclude={"evidence"})
        if self.evidence is None:
            return texts
        kind = f"{self.evidence.platform}/{self.evidence.kind}"
        fields = {f"{kind}/{name}": str(of) for name, of in self.evidence.parameters.items()}
        return {**texts, "evidence": kind, **fields}


class RectificationState(BaseModel):
    """A point; ``evidence`` is JSON of platform, kind, parameters; ``paper`` the id of a file."""

    id: int
    version: int
    case_id: int
    state: str
    title: str
    text: str
    unit: str
    due_day: date
    evidence: str | None
    report: str | None
    paper: str | None
    confirmation: str | None
    reason: str | None


def rectification_state(row: Row) -> RectificationState:
    """A point."""
    values: dict[str, Any] = {name: row[name] for name in RectificationState.model_fields}
    return RectificationState(**values)
