"""A search of sign-ins as its form and the pages of its answer write it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import ConfigDict, StringConstraints

from api.accounts.repositories.sign_ins import Outcome
from api.web.forms import Period

WELL: tuple[Outcome, ...] = ("signed-in", "begun")
"""All others came to nothing."""
Text = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class Asked(Period):
    """Every one that is given must hold. ``q`` is a part of username or address."""

    model_config = ConfigDict(extra="forbid")
    q: Text = ""
    username: Text = ""
    address: Text = ""
    outcome: Outcome | Literal["", "refused"] = ""
    """``refused``: all that came to nothing."""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"before"}, exclude_defaults=True))

    def query(self) -> str:
        """As part of an address, without the row that it begins behind."""
        return urlencode(self.model_dump(exclude={"before"}, exclude_defaults=True))


@dataclass(frozen=True, slots=True)
class SignIn:
    """An attempt to sign in, or ``count`` of the same within a minute from ``at_ms`` on."""

    id: int
    at_ms: int
    username: str
    address: str
    browser: str
    outcome: Outcome
    count: int
