"""Remarks that people write beside an event. Pure."""

from __future__ import annotations

from pydantic import BaseModel

from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault


class Remark(BaseModel):
    """The form of an event as it was sent."""

    note: str = ""

    def optional(self) -> str:
        """The note that it gives; it may be empty.

        Raises:
            NotAccepted: it is too long.
        """
        found = self.note.strip()
        if len(found) > LONGEST_WHY or "\0" in found:
            remedy = f"write at most {LONGEST_WHY} characters"
            raise NotAccepted(Fault("note", "is too long", remedy), "note")
        return found

    def needed(self) -> str:
        """The same, where there must be one.

        Raises:
            NotAccepted: it is empty, or too long.
        """
        found = self.optional()
        if not found:
            raise NotAccepted(Fault("note", "is empty", "write something"), "comment")
        return found
