"""A search of the audit as its form and the pages of its answer write it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from pydantic import ConfigDict, StringConstraints

from api.audit import Row
from api.audit_chain.links import Head
from api.web.forms import Period
from config.vocabulary.reports import AuditPulse

Text = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class Asked(Period):
    """Every one that is given must hold. ``q`` is a part of any column; ``who`` a username or the
    whole name of a person who did it, or for whom it was done.
    """

    model_config = ConfigDict(extra="forbid")
    q: Text = ""
    who: Text = ""
    action: Text = ""
    subject: Text = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.chosen())

    def chosen(self) -> dict[str, str]:
        """All that was chosen, as text."""
        return self.model_dump(mode="json", exclude={"before", "most"}, exclude_defaults=True)

    def query(self) -> str:
        """As part of an address, without the row that it begins behind."""
        return urlencode(self.chosen())


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one page, how many there are on all of them, None where that was not counted, and
    where the next one begins.
    """

    rows: list[Row]
    total: int | None
    following: int | None


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain as it stands: its head, how many rows wait for a place, and what the core's last
    check found; None before the first.
    """

    head: Head
    waiting: int
    checked: AuditPulse | None
