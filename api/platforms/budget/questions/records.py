"""A saved question: the question of a page, read and checked, under a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl

import msgspec
from pydantic import ValidationError

from api.platforms.budget.comparison.records import Asked as AskedComparison
from api.platforms.budget.ledger.records import Narrowing
from api.platforms.budget.payments.records import Asked, AskedTotals
from budget.persons import is_person

PageName = Literal["totals", "payments", "comparison"]
PAGES: Sequence[PageName] = get_args(PageName)
ASKED: Mapping[PageName, tuple[type[Narrowing], str]] = {
    "totals": (AskedTotals, "/"),
    "payments": (Asked, "/payments"),
    "comparison": (AskedComparison, "/comparison"),
}
"""The question that a page takes, and the address of the page below the platform's."""
LONGEST_NAME = 40
LONGEST_QUERY = 2000
MOST_OWN = 50
MOST_SHARED = 30
SHARED = ""
"""The owner of what everybody sees."""
_PAGES_OF_LIST = {"before", "page"}

PROPOSED: Mapping[str, Mapping[str, Any]] = {
    "largest": {"least": "1000000"},
    "receptions": {"q": "接待"},
    "vehicles": {"q": "公务用车"},
    "consulting": {"q": "咨询"},
    "training": {"q": "培训"},
    "water": {"q": "污水"},
}
"""Questions for the list of payments that are shared until the office changes one of the shared
ones: by name, which words of the product have, and what they ask.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """``key`` is its number, or its name among :data:`PROPOSED` while nothing was written;
    ``name`` is empty while ``proposed`` names it. ``asked`` are the values that were saved.
    """

    key: str
    owner: str
    name: str
    proposed: str
    page: str
    asked: Mapping[str, Any]

    @property
    def shared(self) -> bool:
        """Whether everybody sees it."""
        return self.owner == SHARED

    @property
    def path(self) -> str:
        """Where it leads below the platform's address; empty where its page understands it no
        more.
        """
        page = next((of for of in PAGES if of == self.page), None)
        found = checked(page, self.asked) if page else None
        if page is None or found is None:
            return ""
        return f"{ASKED[page][1]}?{found.query()}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's own questions and the shared ones, each in its order."""

    own: tuple[Question, ...]
    shared: tuple[Question, ...]

    @property
    def every(self) -> tuple[Question, ...]:
        """First the own ones."""
        return (*self.own, *self.shared)


def proposed() -> tuple[Question, ...]:
    """Those of the product, which no one has written."""
    return tuple(
        Question(name, SHARED, "", name, "payments", asked) for name, asked in PROPOSED.items()
    )


def read(page: PageName, query: str) -> Mapping[str, Any] | None:
    """The values of a question as its page has them in its address, as far as they are chosen;
    None where the page does not understand them.
    """
    values = dict(parse_qsl(query.removeprefix("?")))
    found = checked(page, {name: of for name, of in values.items() if name not in _PAGES_OF_LIST})
    if found is None:
        return None
    return found.model_dump(mode="json", exclude_defaults=True, exclude=_PAGES_OF_LIST)


def checked(page: PageName, values: Mapping[str, Any]) -> Narrowing | None:
    """The question of a page; None where the page does not understand it."""
    try:
        return ASKED[page][0].model_validate(dict(values))
    except ValidationError:
        return None


def names_person(values: Mapping[str, Any]) -> bool:
    """Whether a question asks for a payee who may be a natural person."""
    return is_person(str(values.get("payee", "")))


def moved(ids: Sequence[int], number: int, step: Literal[-1, 1]) -> list[int]:
    """The order in which one has gone a step; at the end it stays."""
    found = list(ids)
    at = found.index(number)
    to = min(max(at + step, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found


def written(asked: Mapping[str, Any]) -> str:
    """The values as JSON, the same for the same."""
    return msgspec.json.encode(asked, order="sorted").decode()
