"""Publish figures by hand or out of a spreadsheet, and list them with their changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.accounts.records import Account, Secrecy
from api.platforms.duty.figures import repository, wording
from api.platforms.duty.figures.procedure import PROCEDURE
from api.platforms.duty.figures.records import (
    TOPICS,
    Figure,
    compared,
    order_of,
    plain_number,
)
from api.platforms.duty.figures.wording import FaultySheet, Line, Mistake
from api.platforms.duty.permission import DutyPermission
from api.ports import Json
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.procedures.taking import Acting
from api.services import Services

_NUMBERS = ("year", "value", "before", "year_before")
_VALUES = ("value", "before", "year_before", "source", "note")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of a spreadsheet: new figures, corrected ones, and those that were the same."""

    new: int
    corrected: int
    same: int


def figures(services: Services, account: Account, topic: str) -> Sequence[Figure]:
    """The figures of a topic, or of all: by topic and indicator in the order of its newest period,
    of each the newest first.
    """
    with services.state.read() as connection:
        rows = repository.published(connection, account, topic)
    newest: dict[tuple[str, str, str | None], tuple[int, int, int]] = {}
    for row in rows:
        key = (row["topic"], row["name"], row["measure"])
        newest[key] = max(newest.get(key, (0, 0, 0)), order_of(row["year"], row["span"]))

    def order(figure: Figure) -> tuple[object, ...]:
        row = figure.row
        key = (row["topic"], row["name"], row["measure"])
        last = tuple(-of for of in newest[key])
        own = tuple(-of for of in order_of(row["year"], row["span"]))
        return TOPICS.index(row["topic"]), last, row["name"], row["measure"] or "", own

    return sorted(compared(rows), key=order)


def latest(services: Services, account: Account, topic: str) -> Sequence[Line]:
    """Of each indicator the newest figure, in words."""
    found: dict[tuple[str, str, str | None], Figure] = {}
    for figure in figures(services, account, topic):
        row = figure.row
        found.setdefault((row["topic"], row["name"], row["measure"]), figure)
    return [wording.line(services.words, of) for of in found.values()]


def series(services: Services, account: Account, item_id: str) -> tuple[Row, Sequence[Line]]:
    """A figure, and all of its indicator in words, the newest first.

    Raises:
        UnknownThing
    """
    row = figure(services, account, item_id)
    names = ("topic", "name", "measure")
    found = [
        wording.line(services.words, of)
        for of in figures(services, account, row["topic"])
        if all(of.row[name] == row[name] for name in names)
    ]
    return row, found


def figure(services: Services, account: Account, item_id: str) -> Row:
    """A figure that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(
            connection, PROCEDURE, item_id, account, DutyPermission.SEE_BRIEFING
        )
    if row is None:
        raise UnknownThing(f"unknown figure {item_id[:40]}")
    return row


def publish(services: Services, account: Account, given: Mapping[str, str]) -> str:
    """Publish a figure; its id.

    Raises:
        Incomplete, NotYours
        FigureRefused: a field does not hold, or the figure of this period is there.
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        return _publish(acting, given)


def correct(services: Services, account: Account, item_id: str, given: Mapping[str, str]) -> None:
    """Give a figure other values, and say why; the earlier ones stay in its history.

    Raises:
        UnknownThing, NotFromHere, Incomplete, NotYours, FigureRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "correct", _plain(given))


def load(services: Services, account: Account, file: str, content: bytes, why: str) -> Loaded:
    """Publish the figures of a spreadsheet, all or none. One that is there with other values is
    corrected, for the reason that is given.

    Raises:
        FaultySheet: with every mistake of the rows, or those that need a reason.
    """
    rows = wording.read(services.words, file, content)
    counts = {"new": 0, "corrected": 0, "same": 0}
    mistakes: list[Mistake] = []
    with taking.acts(services, PROCEDURE, account) as acting:
        seen: set[tuple[str, ...]] = set()
        for number, given in rows:
            key = tuple(given[of] for of in ("topic", "name", "measure", "year", "span"))
            if key in seen:
                mistakes.append(Mistake("twice", number))
                continue
            seen.add(key)
            there = repository.same(acting.connection, given)
            values = {of: given[of] for of in _VALUES}
            if there is None:
                _publish(acting, given)
                counts["new"] += 1
            elif all((there[of] or "") == values[of] for of in _VALUES):
                counts["same"] += 1
            elif why.strip():
                taking.take(acting, str(there["id"]), "correct", {**values, "why": why})
                counts["corrected"] += 1
            else:
                mistakes.append(Mistake("reason", number, given=given["name"]))
        if mistakes:
            raise FaultySheet(mistakes)  # and nothing of the transaction stands
    return Loaded(**counts)


def content(services: Services, row: Row) -> Json:
    """A figure as other platforms copy it."""
    names = ("name", "measure", "value", "before", "year_before", "source", "note")
    return {**{of: row[of] for of in names}, "period": wording.period(services.words, row)}


def _publish(acting: Acting, given: Mapping[str, str]) -> str:
    item_id, _ = taking.begin(acting, _plain(given), secrecy=int(Secrecy.INTERNAL))
    return item_id


def _plain(given: Mapping[str, str]) -> Mapping[str, str]:
    return {of: plain_number(said) if of in _NUMBERS else said for of, said in given.items()}
