"""Questions about payments, and a payment. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from api.platforms.budget.ledger.records import By, Narrowing, Sum, day_number, narrowed
from budget.ledger import Ledger, Mask, holding
from budget.persons import is_person, masked_in

A_PAGE = 50
PERSONS = "\ue000"
"""The value of the line of natural persons, which no payee has."""
Yuan = Annotated[
    Annotated[Decimal, Field(ge=-(10**12), le=10**12, decimal_places=2)] | None,
    # A form sends a field that nobody filled as an empty text.
    BeforeValidator(lambda typed: typed or None),
]


def _of_calendar(text: str) -> str:
    if text:
        day_number(text.partition(".")[0])
    return text


Day = Annotated[
    str,
    StringConstraints(pattern=r"^(|(19|20|21)\d\d-(0[1-9]|1[0-2])-[0-3]\d)$"),
    AfterValidator(_of_calendar),
]
Behind = Annotated[
    str,
    StringConstraints(pattern=r"^(|\d{4}-\d\d-\d\d\.\d{1,10})$"),
    AfterValidator(_of_calendar),
]


class AskedTotals(Narrowing):
    """A question for totals: ``by`` which values they are grouped."""

    by: By = "unit"

    def rows(self, **changes: str) -> str:
        """The question for the payments themselves, as part of an address."""
        return urlencode(self.model_dump(exclude={"by"}, exclude_defaults=True) | changes)


class Asked(Narrowing):
    """A question for payments. ``q``: words that each are part of payee or use, in any
    case; amounts in yuan,
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

    def query(self, **changes: str) -> str:
        """As part of an address, from the newest on."""
        return urlencode(self.model_dump(exclude={"before"}, exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that stands; the amount in fen, the day as ISO text."""

    id: int
    number: str
    application: str | None
    unit_code: str | None
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
    """Some payments, and the sum of all of them; ``following`` is where it goes on, empty at the
    end.
    """

    payments: tuple[Payment, ...]
    whole: Sum
    following: str


def allowed(ledger: Ledger, asked: Narrowing, *, persons: bool) -> Mask:
    """The payments of which everything holds; none for a natural person as payee, but where
    somebody may ask for ``persons``: how much somebody got is theirs as the name is.
    """
    if asked.payee and not persons and is_person(asked.payee):
        return np.zeros(len(ledger), dtype=bool)
    return narrowed(ledger, asked)


def chosen(ledger: Ledger, asked: Asked, *, persons: bool) -> Mask:
    """The payments that a question is for; ``persons``: words find names of natural persons."""
    mask = allowed(ledger, asked, persons=persons)
    if asked.least is not None:
        mask &= ledger.cents >= int(asked.least * 100)
    if asked.most is not None:
        mask &= ledger.cents <= int(asked.most * 100)
    if asked.from_day:
        mask &= ledger.days >= day_number(asked.from_day)
    if asked.until_day:
        mask &= ledger.days <= day_number(asked.until_day)
    for word in asked.q.casefold().split():
        in_use = holding(ledger.texts["use"], _with(word, persons=True))
        if not persons:
            in_use &= ~_hidden_in_use(ledger, in_use, word)
        mask &= in_use | holding(ledger.texts["payee"], _with(word, persons=persons))
    return mask


def _hidden_in_use(ledger: Ledger, in_use: Mask, word: str) -> Mask:
    """Of payments whose use has a word, those that have it no more once their own natural person
    is masked.
    """
    uses, payees = ledger.texts["use"], ledger.texts["payee"]
    hidden = np.zeros(len(ledger), dtype=bool)
    rows = np.flatnonzero(in_use & holding(payees, is_person))
    if len(rows):
        both = np.stack([uses.codes[rows], payees.codes[rows]])
        pairs, of_row = np.unique(both, axis=1, return_inverse=True)
        left = [
            word in masked_in(uses.values[use], payees.values[payee]).casefold()
            for use, payee in pairs.T
        ]
        hidden[rows] = ~np.array(left)[of_row.reshape(-1)]
    return hidden


def _with(word: str, *, persons: bool) -> Callable[[str], bool]:
    return lambda text: word in text.casefold() and (persons or not is_person(text))


def behind(ledger: Ledger, mask: Mask, before: str, most: int) -> list[int]:
    """Ids of the first chosen payments behind the last one that was seen."""
    if before:
        day, _, number = before.partition(".")
        last = day_number(day)
        seen = (ledger.days > last) | ((ledger.days == last) & (ledger.ids >= int(number)))
        mask = mask & ~seen
    return [int(of) for of in ledger.ids[np.flatnonzero(mask)[:most]]]
