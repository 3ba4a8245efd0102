"""A motion and its levels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.procedures.refusals import StepRefused
from api.web.declared import Declared
from config.catalogue.words import Words

KIND = "motion"
LEVELS = ("district", "town")
SIGNED_IN = ("draft",)
"""States in which deputies sign: submitted it stands as they signed it."""
LONGEST_TEXT = 6000
LONGEST_REPORT = 4000
TEXT = ("title", "basis", "plan")
"""案由, 案据 and 方案 (代表法 art. 15): the three parts that signatures bind to."""
BEFORE_VOTE = ("submitted", "committee", "reported", "agenda")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of congress; a motion there needs so many deputies, the leading one among them."""

    id: str
    deputies: int


class NotLinked(Declared):
    """A motion becomes a suggestion that was made of it, and no other."""

    status = 409
    words = "duty.motions.not-linked"


class OtherCongress(StepRefused):
    """The session is one of another level of congress than the motion's."""

    status = 422
    words = "duty.motions.other-congress"

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At the field."""
        return {"session": words(self.words)}


class UnknownLevel(Declared):
    """The district's data know no such level of congress."""

    status = 422
    words = "duty.motions.unknown-level"
