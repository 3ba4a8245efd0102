"""Questions about payments, and a payment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from api.platforms.budget.totals.records import By, Narrowing, Sum

A_PAGE = 50
PERSONS = "\ue000"
"""The value of the line of natural persons, which no payee has."""
Yuan = Annotated[Decimal | None, Field(ge=-(10**12), le=10**12, decimal_places=2)]
Day = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d-(0[1-9]|1[0-2])-[0-3]\d)$")]
Behind = Annotated[str, StringConstraints(pattern=r"^(|\d{4}-\d\d-\d\d\.\d{1,10})$")]


class AskedTotals(Narrowing):
    """A question for totals: ``by`` which values they are grouped."""

    by: By = "unit"

    def rows(self, **changes: str) -> str:
        """The question for the payments themselves, as part of an address."""
        return urlencode(self.model_dump(exclude={"by"}, exclude_defaults=True) | changes)


class Asked(Narrowing):
    """A question for payments. ``q``: words that each are part of payee or use; amounts in yuan,
    ``least`` and ``most`` included, days too. ``before`` is day and id of the last one seen.
    """

    q: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    least: Yuan = None
    most: Yuan = None
    from_day: Day = ""
    until_day: Day = ""
    before: Behind = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.model_dump(exclude={"before"}, exclude_defaults=True))

    @property
    def in_totals(self) -> bool:
        """Whether totals answer it, so that every payment is counted."""
        rest = {"q", "least", "most", "from_day", "until_day"}
        return not self.model_dump(include=rest, exclude_defaults=True)

    def query(self, **changes: str) -> str:
        """As part of an address, from the newest on."""
        return urlencode(self.model_dump(exclude={"before"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that stands; the amount in fen, the day as ISO text."""

    id: int
    number: str
    application: str | None
    unit: str
    payee: str | None
    payee_account: str | None
    payer: str | None
    payer_account: str | None
    amount: int
    paid: str
    use: str | None
    function: str | None
    economic: str | None
    project_code: str | None
    project: str | None
    fund: str | None
    settlement: str | None
    indicator: str | None
    contract: str | None
    invoice: str | None
    load: int
    row: int


@dataclass(frozen=True, slots=True)
class Found:
    """Some payments, and the sum of all of them; ``counted`` tells whether that is exact, or what
    was counted before counting ended. ``following`` is where it goes on, empty at the end.
    """

    payments: tuple[Payment, ...]
    whole: Sum
    counted: bool
    following: str


QUESTIONS: tuple[tuple[str, str], ...] = (
    ("largest", "least=1000000"),
    ("receptions", "q=接待"),
    ("vehicles", "q=公务用车"),
    ("consulting", "q=咨询"),
    ("training", "q=培训"),
    ("water", "q=污水"),
)
"""Questions in plain words, by name, with what they ask of the list."""
