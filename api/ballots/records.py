"""A poll: a form that somebody opens for people to answer until a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

import msgspec

from api.ballots.questions import Answers, Form

Design = Literal["named", "anonymous"]
"""Two designs of storage: answers with who gave them, or ballots that nobody can tell apart."""
DESIGNS: tuple[Design, ...] = get_args(Design)
Audience = Literal["deputies", "staff", "public"]
"""Deputies, people of units, or whoever has the link."""
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
PollState = Literal["draft", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Poll:
    """One version of a form with how it is answered. ``units`` bounds the audience; none: every
    one. ``last_day`` is the last on which answers are taken, ISO text. ``token`` is the end of the
    address for the public. ``asked`` and ``answered`` count people as of the closing.
    """

    id: int
    series: int
    version: int
    state: PollState
    design: Design
    audience: Audience
    units: tuple[str, ...]
    last_day: str
    form: Form
    token: str = ""
    asked: int = 0
    answered: int = 0

    @property
    def anonymous(self) -> bool:
        """Whether nobody shall know who gave which answer."""
        return self.design == "anonymous"

    @property
    def hash(self) -> str:
        """SHA-256 of the form: the same for all who answered this version."""
        return hashlib.sha256(msgspec.json.encode(self.form)).hexdigest()

    def takes_answers(self, day: str) -> bool:
        """Whether it does on a day."""
        return self.state == "open" and day <= self.last_day


@dataclass(frozen=True, slots=True)
class Response:
    """The named answers of a person as they stand: ``number`` counts how often they were given."""

    username: str
    signed: str
    number: int
    at_ms: int
    answers: Answers
