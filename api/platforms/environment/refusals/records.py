"""Which dead letters a person means."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.bounds import MOST
from config.vocabulary.errors import Fault
from config.vocabulary.refusals import Reason
from ingest.journal.refusal import Chosen

PAGE = 20
NO_STATION = "-"
"""Stands for letters whose topic names no station."""
Station = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9-]*$")]
ReasonGiven = Reason | Literal[""]
Number = Annotated[int, Field(ge=0, le=MOST)]
Ids = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]], Field(max_length=500)
]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_WHY)]


class View(BaseModel):
    """The choice of the list; empty or 0: all."""

    model_config = ConfigDict(extra="forbid")
    station: Station = ""
    reason: ReasonGiven = ""
    before: Number = 0
    """Number of a letter: only those that were entered before it."""

    def chosen(self, ids: tuple[str, ...] = ()) -> Chosen:
        """As the dead letters take it."""
        return Chosen(
            station={"": None, NO_STATION: ""}.get(self.station, self.station),
            reason=self.reason or None,
            ids=ids,
            before=self.before or None,
        )


class Picked(View):
    """The letters of these ids, or all of a station, of a reason, or of both."""

    ids: Ids = []

    def picked(self) -> Chosen:
        """As the dead letters take it.

        Raises:
            NotAccepted: nothing is named; not everything is meant by that.
        """
        if not (self.ids or self.station or self.reason):
            fault = Fault("ids", "no letter is named", "give ids, a station or a reason")
            raise NotAccepted(fault, "none")
        return self.chosen(tuple(self.ids))


class Forgotten(Picked):
    """Letters that are let go of for good, and why."""

    why: Why = ""

    def reasoned(self) -> str:
        """The words of the person.

        Raises:
            NotAccepted: there are none.
        """
        if not self.why or "\0" in self.why:
            raise NotAccepted(Fault("why", "is empty", "say why they are not needed"), "why")
        return self.why


class Ticked(Forgotten):
    """The form of the page."""

    every: Literal["", "yes"] = ""
    """All that the list is about, not only those that are ticked."""

    def meant(self) -> Chosen:
        """As the dead letters take it.

        Raises:
            NotAccepted: nothing is ticked.
        """
        if self.every:
            return self.model_copy(update={"ids": []}).picked()
        if not self.ids:
            raise NotAccepted(Fault("ids", "no letter is ticked", "tick some"), "none")
        return Chosen(ids=tuple(self.ids))


def text_of(payload: bytes) -> str:
    """A body as people read it: JSON on several lines, other bytes as escapes."""
    try:
        text = json.dumps(json.loads(payload), ensure_ascii=False, indent=1)
        return text.encode(errors="backslashreplace").decode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return payload.decode(errors="backslashreplace")
