"""A machine's token as somebody writes it, and the choices there are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.accounts.permission import Permission
from api.accounts.repositories.tokens import Token
from api.accounts.sign_in import NEVER_FOR_OTHERS, SENDS
from api.kinds.tables import TableKind
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_DAYS = 400
"""A token ends after so many days at most: a year, and time to exchange it."""
LONGEST_NAME = 100
TokenState = Literal["stands", "ended", "expired"]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


@dataclass(frozen=True, slots=True)
class Offer:
    """The choices of an administrator: permissions by name, names of units by id; ``everywhere``:
    a token may be for all of them. Things of the platforms ``by_unit`` belong to units. ``tables``
    are kinds of tables by name.
    """

    permissions: Mapping[str, Permission]
    units: Mapping[str, str]
    everywhere: bool
    by_unit: frozenset[str]
    tables: Mapping[str, TableKind]


class NewToken(BaseModel):
    """A token: its name, permissions by their names, and its last day. ``unit`` limits it to
    things of that unit and of those below it; empty: of every unit. ``tables`` binds it to kinds
    of tables: it sends these for the sources that name it, reads their receipts and does nothing
    else.
    """

    model_config = ConfigDict(extra="forbid")
    name: _Text = ""
    permissions: Annotated[list[_Text], Field(max_length=200)] = []
    tables: Annotated[list[_Text], Field(max_length=200)] = []
    unit: _Text = ""
    until_day: date | Literal[""] = ""

    def last_day(self, offer: Offer, today: date) -> date:
        """The last day of a token that may be made.

        Raises:
            NotAccepted: something does not hold.
        """
        for refused in self._refusals(offer):
            raise refused
        latest = today + timedelta(days=MOST_DAYS)
        if not self.until_day or not today <= self.until_day <= latest:
            fault = Fault("until_day", "is no day to come", f"give one from {today} to {latest}")
            raise NotAccepted(fault, "until")
        return self.until_day

    def _refusals(self, offer: Offer) -> Iterator[NotAccepted]:
        if not 0 < len(self.name) <= LONGEST_NAME or "\0" in self.name:
            remedy = f"give 1 to {LONGEST_NAME} characters"
            yield NotAccepted(Fault("name", "is none", remedy), "name")
        for name in self.permissions:
            if name.partition(".")[0] == NEVER_FOR_OTHERS:
                remedy = "let a person with a second factor do that"
                yield NotAccepted(
                    Fault("permissions", f"{name} is never a machine's", remedy), "administration"
                )
        if self.tables:
            yield from self._refusals_of_tables(offer)
        elif not self.permissions or not offer.permissions.keys() >= set(self.permissions):
            remedy = f"give some of {', '.join(offer.permissions)}"
            yield NotAccepted(Fault("permissions", "are none that there are", remedy), "none")
        yield from self._refusals_of_unit(offer)

    def _refusals_of_tables(self, offer: Offer) -> Iterator[NotAccepted]:
        if not offer.tables.keys() >= set(self.tables):
            remedy = f"give some of {', '.join(offer.tables)}"
            yield NotAccepted(Fault("tables", "are none that there are", remedy), "tables")
        if not {SENDS} >= set(self.permissions):
            fault = Fault("permissions", "go beyond sending tables", f"give {SENDS} or none")
            yield NotAccepted(fault, "beyond-tables")

    def _refusals_of_unit(self, offer: Offer) -> Iterator[NotAccepted]:
        if not self.unit and not offer.everywhere:
            fault = Fault("unit", "is missing", "give one that you administrate")
            yield NotAccepted(fault, "unit")
        if self.unit and self.unit not in offer.units:
            fault = Fault("unit", f"{self.unit!r} is unknown", "give one that you administrate")
            yield NotAccepted(fault, "unit")
        slugs = {
            name.partition(".")[0] for name in ((SENDS,) if self.tables else self.permissions)
        }
        if self.unit and not slugs <= offer.by_unit:
            without = ", ".join(sorted(slugs - offer.by_unit))
            remedy = "leave the unit out, or those permissions"
            fault = Fault("unit", f"things of {without} belong to no unit", remedy)
            yield NotAccepted(fault, "without-units")


def state_of(token: Token, now_ms: int) -> TokenState:
    """Whether a token may still be used."""
    if token.ended_ms is not None:
        return "ended"
    return "stands" if token.expires_ms > now_ms else "expired"
