"""Announce a draw and read draws; pages and routes both call these."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from api.accounts.records import Account, Secrecy
from api.platforms.judicial import unit_names
from api.platforms.judicial.draws import repository
from api.platforms.judicial.draws.procedure import PROCEDURE
from api.platforms.judicial.draws.records import (
    A_PAGE,
    MOST_DRAWN,
    DrawRefused,
    Repeated,
    whole,
)
from api.ports import Json
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from config.vocabulary.time import day_of


def announce(services: Services, account: Account, given: Mapping[str, str], size: str) -> str:
    """Announce a draw of ``size`` files by a public number of a day that is still to come; its id.

    Raises:
        DrawRefused: the number or the day does not hold.
        StepRefused: see :func:`api.procedures.taking.begin`; TextRefused, ConclusionRefused.
    """
    many = whole(size, MOST_DRAWN)
    if not many:
        raise DrawRefused("size", "size", f"give a whole number from 1 to {MOST_DRAWN}")
    with taking.acts(services, PROCEDURE, account) as acting:
        made, event = taking.begin(acting, given, size=many, secrecy=int(Secrecy.INTERNAL))
        if event.given["number_day"] <= day_of(acting.at_ms):
            raise DrawRefused("number_day", "day", "give a day that is still to come")
    return made


def listed(services: Services, account: Account) -> Sequence[Row]:
    """Draws that an account sees, the newest first."""
    with services.state.read() as connection:
        return repository.listed(connection, account, A_PAGE)


def repeated(row: Row) -> Repeated:
    """All that a draw follows from, as far as it is known."""
    day: date = row["number_day"]
    return Repeated(
        list_hash=row["list_hash"] or "",
        day=day.isoformat(),
        number=row["number"] or "",
        count=str(row["count"] or ""),
        size=str(row["size"]),
    )


def numbers(row: Row) -> Sequence[int]:
    """The lines of the list that were drawn; none before the draw."""
    return json.loads(row["drawn"]) if row["drawn"] else []


def found(row: Row) -> Mapping[str, int]:
    """By kind in how many files something was found; none before the review."""
    return json.loads(row["findings"]) if row["findings"] else {}


def content(services: Services, row: Row) -> Json:
    """A draw as an item: it explains itself."""
    words = services.words
    return {
        "title": row["title"],
        "body": unit_names.every(services).get(row["unit"], row["unit"]),
        "scope": row["scope"],
        "seed": row["seed"],
        "drawn": list(numbers(row)),
        "findings": {words(f"judicial.draw.need-{of}"): n for of, n in found(row).items()},
        **repeated(row).model_dump(),
    }
