"""Checking in over the API; instants are UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.meetings.check_ins import MOST_MARKS
from api.meetings.records import Mark, Outcome, Way
from api.web.forms import LAST_MS, MOST_ID


class PassState(BaseModel):
    """The pass of a device for a meeting. ``key`` is base64 of the key for HMAC-SHA256; the text
    in the picture is made of it as ``api/meetings/passes.py`` says.
    """

    meeting: int
    number: int
    serial: int
    key: str
    now_ms: int


class PassStanding(BaseModel):
    """How many devices were given a pass: the last one's counts. ``now_ms`` is the centre's clock,
    by which a device that goes wrong makes its codes.
    """

    serial: int
    now_ms: int


class CheckInGuest(BaseModel):
    """Somebody whom a desk may enter. ``key`` verifies the person's codes of this meeting."""

    number: int
    name: str
    unit: str
    answer: str
    key: str
    present_ms: int | None


class CheckInList(BaseModel):
    """All that a desk needs without network; it takes codes from ``opens_ms`` to ``closes_ms``."""

    meeting: int
    title: str
    now_ms: int
    opens_ms: int
    closes_ms: int
    step_ms: int
    steps_around: int
    guests: list[CheckInGuest]


class MarkGiven(BaseModel):
    """Something that a desk noted. ``key`` is drawn by the desk, so that sending twice changes
    nothing; ``code`` is what was read or typed, of the way code.
    """

    model_config = ConfigDict(extra="forbid")
    key: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    number: Annotated[int, Field(ge=1, le=MOST_ID)]
    present: bool
    way: Way
    at_ms: Annotated[int, Field(ge=0, le=LAST_MS)]
    code: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] = ""

    def mark(self) -> Mark:
        """As the room takes it."""
        return Mark(self.key, self.number, self.present, self.way, self.at_ms, self.code)


class MarksGiven(BaseModel):
    """Marks in the order in which the desk noted them."""

    model_config = ConfigDict(extra="forbid")
    marks: Annotated[list[MarkGiven], Field(max_length=MOST_MARKS)]


class MarkOutcome(BaseModel):
    """The fate of a mark: ``entered``, ``again`` and ``already`` are as good as each other; all
    others say why it was refused.
    """

    key: str
    outcome: Outcome
