"""One body over time, as somebody may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.judicial.figures import repository
from api.platforms.judicial.figures.records.ranges import Range, measured, shipped
from api.platforms.judicial.figures.records.series import Month, runs, year_before
from api.platforms.judicial.figures.records.templates import MONTH, TOTAL, Template, templates
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Item, ItemKind, Reference
from api.services import Services
from api.web.declared import Declared
from config.vocabulary.time import day_of

Row = Mapping[str, Any]
KIND = "figure"


class UnknownBody(Declared):
    """There is no such body, or nothing of it for this account."""

    status = 404
    words = "judicial.figures.unknown"


@dataclass(frozen=True, slots=True)
class Series:
    """One body over time: every version that is seen, the months that count, those of a year
    before that may be compared, the runs between breaks, and ranges with their sources.
    """

    body: str
    template: Template
    name: str
    versions: Sequence[Row]
    breaks: Sequence[Row]
    months: Sequence[Month]
    earlier: Mapping[str, Month]
    runs: Sequence[Sequence[Month]]
    ranges: Sequence[Range]

    def month(self, wanted: str) -> Month | None:
        """A month that counts; the newest where none is wanted."""
        return next((of for of in self.months if wanted in ("", of.month)), None)


@dataclass(frozen=True, slots=True)
class Ranged:
    """A range with the measure of a month beside it, in tenths of a percent point; None: it is
    hidden, or there is nothing to divide by.
    """

    range: Range
    value: int | None

    @property
    def within(self) -> bool | None:
        """Whether it lies in the range."""
        return None if self.value is None else self.range.low <= self.value <= self.range.high


def bodies(services: Services) -> Sequence[tuple[str, str]]:
    """Ids and names of the bodies, in the official order."""
    units = Units(services.state)
    found = [unit for body in templates() if (unit := units.get(body))]
    return [(of.id, of.name) for of in found]


def series(services: Services, account: Account, body: str) -> Series:
    """One body over time. What was not accepted is its own and the office's.

    Raises:
        UnknownBody
    """
    name = dict(bodies(services)).get(body)
    if name is None:
        raise UnknownBody(f"there is no body {body}")
    with services.state.read() as connection:
        rows = repository.versions(connection, account, body)
        marked = repository.breaks(connection, body)
        own = repository.ranges(connection, body)
    if not (may_send(account, body) or account.may(JudicialPermission.CHECK)):
        rows = [row for row in rows if row["state"] == "accepted"]
    counts: dict[str, Month] = {}
    for row in rows:
        if row["state"] == "accepted":
            counts.setdefault(row["month"], repository.month_of(row))
    months, cuts = list(counts.values()), [of["month"] for of in marked]
    entered = {of.measure for of in own}
    ranges = [*own, *(of for of in shipped() if of.body == body and of.measure not in entered)]
    earlier = year_before(months, cuts)
    return Series(
        body,
        templates()[body],
        name,
        rows,
        marked,
        months,
        earlier,
        runs(months, cuts),
        ranges,
    )


def ranged(found: Series, month: Month) -> Sequence[Ranged]:
    """The ranges of a body with the measures of a month."""
    return [Ranged(of, measured(month, of.measure)) for of in found.ranges]


def may_send(account: Account, body: str) -> bool:
    """Whether somebody sends a body's figures: its own people alone."""
    return any(
        JudicialPermission.SUBMIT in of.permissions and of.unit in ("", body)
        for of in account.reaches
    )


def sees_counts(account: Account, found: Series) -> bool:
    """Whether somebody sees every count of every version: the body itself, and of bodies without
    low counts whoever sees the version.
    """
    return not found.template.small or may_send(account, found.body)


def inspect(services: Services, account: Account, body: str, table_id: int) -> Row:
    """A version of a body with low counts that waits for the account's decision, with all its
    counts; that somebody saw them is recorded.

    Raises:
        UnknownBody: nothing of this id waits for the account.
    """
    with services.state.begin() as connection:
        row = repository.waits(connection, account, table_id)
        if row is None or row["body"] != body:
            raise UnknownBody(f"no table {table_id} of {body} waits")
        audit.record(
            connection,
            by=account.actor,
            action="judicial.see-counts",
            subject=subject(row),
            detail="",
            at_ms=services.now_ms(),
        )
    return row


def subject(row: Row) -> str:
    """A version as the audit names it."""
    return f"judicial/table/{row['body']}/{row['month']}/{row['version']}"


def reference(body: str, month: str) -> Reference:
    """A body's month as others point at it."""
    return Reference("judicial", KIND, f"{body}-{month}")


def title(services: Services, name: str, month: str) -> str:
    """A body's month in words."""
    return services.words("judicial.figures.of", name=name, month=month)


def last_day(month: str) -> date:
    """The last day of a month."""
    year, number = int(month[:4]), int(month[5:])
    after = date(year + number // 12, number % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def this_month(services: Services) -> str:
    """The district's month."""
    return day_of(services.now_ms())[:7]


def _read_item(services: Services, account: Account, item: str) -> Item | None:
    body, month = item[:-8], item[-7:]
    name = dict(bodies(services)).get(body)
    if name is None or not MONTH.fullmatch(month) or item != f"{body}-{month}":
        return None
    found = series(services, account, body)
    one = found.month(month)
    if one is None and not (may_send(account, body) or account.may(JudicialPermission.CHECK)):
        return None
    words = services.words
    content: dict[str, Any] = {"body": name, "month": month, "figures": None}
    if one is not None:
        named = {**found.template.rows, TOTAL: words("judicial.figures.row-total")}
        content["figures"] = {
            named[row]: {
                words(f"judicial.figures.column-{of}"): one.shown(row, of)
                for of in found.template.columns
            }
            for row in found.template.lines
        }
        content["unit"] = words("judicial.figures.unit")
    path = f"/figures/{body}?month={month}"
    return Item(title(services, name, month), path, content)


ITEM = ItemKind(KIND, JudicialPermission.SEE, _read_item)
