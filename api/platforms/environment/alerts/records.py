"""A review of an alert, as the form of its page writes it. Pure."""

from __future__ import annotations

from pydantic import BaseModel

from alerting.alert import Verdict
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault


class Written(BaseModel):
    """The form as it was sent."""

    verdict: str = ""
    note: str = ""

    def found(self) -> Verdict:
        """The verdict that it gives.

        Raises:
            NotAccepted: nothing was chosen.
        """
        if self.verdict not in set(Verdict):
            fault = Fault("verdict", f"{self.verdict!r} is none", "choose one")
            raise NotAccepted(fault, "verdict")
        return Verdict(self.verdict)

    def remark(self) -> str:
        """The note that it gives; it may be empty.

        Raises:
            NotAccepted: it is too long.
        """
        found = self.note.strip()
        if len(found) > LONGEST_WHY or "\0" in found:
            remedy = f"write at most {LONGEST_WHY} characters"
            raise NotAccepted(Fault("note", "is too long", remedy), "note")
        return found
