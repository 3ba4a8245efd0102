"""Sign-ins as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from api.accounts.repositories.people import People
from api.accounts.repositories.sign_ins import Outcome
from api.administration.sign_ins.records import WELL, SignIn
from api.services import Services
from api.web.devices import device
from api.web.tables import Heads, Sheet, Value

COLUMNS = ("at", "username", "name", "outcome", "count", "address", "device", "browser")
HEADS = Heads("administration.sign-ins.column", COLUMNS, {"at": "instant", "count": "count"})
Filter = tuple[str, str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """An attempt with the ``name`` of the person, empty where nobody has the username, and the
    device in words.
    """

    row: SignIn
    name: str
    outcome: str
    well: bool
    device: str


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    outcomes = [(of, t(f"administration.sign-ins.outcome-{of}")) for of in get_args(Outcome)]
    some = [
        ("", t("administration.sign-ins.every-outcome")),
        ("refused", t("administration.sign-ins.refused")),
    ]
    return [("outcome", t("administration.sign-ins.outcome"), [*some, *outcomes])]


def lines(services: Services, rows: Iterable[SignIn]) -> list[Line]:
    """Attempts with names and words."""
    found, t = list(rows), services.words
    names = People(services.state).names(sorted({of.username for of in found}))
    return [
        Line(
            of,
            names.get(of.username, ""),
            t(f"administration.sign-ins.outcome-{of.outcome}"),
            of.outcome in WELL,
            device(t, of.browser) if of.browser else "",
        )
        for of in found
    ]


def table(services: Services, slices: Iterable[list[SignIn]]) -> Sheet:
    """Attempts for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("administration.sign-ins.title"), _rows(services, slices))


def _rows(services: Services, slices: Iterable[list[SignIn]]) -> Iterator[list[Value]]:
    for line in (line for some in slices for line in lines(services, some)):
        row = line.row
        yield [
            *(row.at_ms, row.username, line.name, line.outcome, row.count),
            *(row.address, line.device, row.browser),
        ]
