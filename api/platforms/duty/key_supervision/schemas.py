"""Key supervisions over the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.duty.key_supervision.wording import SupervisionLine
from api.web.forms import LONGEST_WHY


class ProposalGiven(BaseModel):
    """A committee proposes a suggestion."""

    model_config = ConfigDict(extra="forbid")
    committee: Annotated[str, Field(max_length=40)]
    why: Annotated[str, Field(max_length=LONGEST_WHY)]


class SupervisionState(BaseModel):
    """A key supervision; ``meeting`` and ``decided_day`` name the decision, null before it."""

    id: int
    suggestion: int
    title: str
    state: str
    committee: str
    unit: str | None
    meeting: str | None
    decided_day: str | None
    head: str | None


class SupervisionsState(BaseModel):
    """Those that the caller sees, the newest first."""

    supervisions: list[SupervisionState]


def supervision_state(line: SupervisionLine) -> SupervisionState:
    """A key supervision."""
    row = line.row
    day = row["decided_day"]
    return SupervisionState(
        id=row["id"],
        suggestion=row["suggestion"],
        title=row["title"],
        state=row["state"],
        committee=row["committee"],
        unit=row["unit"],
        meeting=row["meeting"],
        decided_day=day.isoformat() if day else None,
        head=row["head"],
    )
