"""Monthly figures over the API: of one body in each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.judicial.figures import wording
from api.platforms.judicial.figures.actions.reading import Ranged, Row, Series
from api.platforms.judicial.figures.actions.terms import Lacking
from api.platforms.judicial.figures.records.checks import Wrong
from api.platforms.judicial.figures.records.ranges import Measure
from api.platforms.judicial.figures.records.series import Month, make_up
from api.platforms.judicial.figures.records.templates import Template, cell
from api.web.forms import LONGEST_WHY
from config.catalogue.words import Words

Text = Annotated[str, StringConstraints(max_length=LONGEST_WHY)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]


class BodyState(BaseModel):
    """A body, by name alone."""

    id: str
    name: str


class MonthState(BaseModel):
    """A month that counts: by row and column, null is hidden or was never sent; what came in by
    row in the same month a year before, where that counts alike; the shares of what came in, in
    percent.
    """

    month: str
    figures: dict[str, dict[str, int | None]]
    new_year_before: dict[str, int | None] | None
    share: dict[str, float | None]


class VersionState(BaseModel):
    """A version that was sent; ``figures`` null where its counts are not for the account."""

    id: int
    month: str
    version: int
    state: Literal["sent", "accepted", "returned", "withdrawn"]
    why: str
    reason: str
    sent_by: str
    sent_ms: int
    load: int | None
    figures: dict[str, dict[str, int | None]] | None


class FaultState(BaseModel):
    """A field that does not hold, with what should stand there and what to do."""

    field: str
    row: str
    column: str
    key: str
    expected: int
    given: int
    said: str


class MonthGiven(BaseModel):
    """A month: whole numbers by row and column, the row of sums ``total`` among them; ``why`` for
    a further version.
    """

    model_config = ConfigDict(extra="forbid")
    month: Annotated[str, StringConstraints(max_length=7)]
    figures: dict[str, dict[str, Count]]
    why: Text = ""

    def written(self) -> Mapping[str, str]:
        """As the form gives it."""
        cells = {
            cell(row, column): str(count)
            for row, counts in self.figures.items()
            for column, count in counts.items()
        }
        return cells | {"month": self.month, "why": self.why}


class DecisionGiven(BaseModel):
    """Accept a version, or return it with a reason."""

    model_config = ConfigDict(extra="forbid")
    accept: bool
    reason: Text = ""


class BreakGiven(BaseModel):
    """The first month that counts otherwise."""

    model_config = ConfigDict(extra="forbid")
    month: Annotated[str, StringConstraints(max_length=7)]
    reason: Text


class BreakState(BaseModel):
    """The first month that counts otherwise, and why."""

    month: str
    reason: str


class LackingState(BaseModel):
    """A month that came late, or is missing; its due day as ISO text."""

    month: str
    kind: Literal["late", "missing"]
    due: str


class RangeGiven(BaseModel):
    """A reference range in percent with one decimal, its source and the source's day."""

    model_config = ConfigDict(extra="forbid")
    measure: Measure
    low: Annotated[str, StringConstraints(max_length=10)]
    high: Annotated[str, StringConstraints(max_length=10)]
    source: Text
    day: Annotated[str, StringConstraints(max_length=10)]


class RangeState(BaseModel):
    """A range with the measure of the newest month beside it, all in percent; null is hidden or
    cannot be reckoned.
    """

    measure: Measure
    low: float
    high: float
    source: str
    day: str
    value: float | None
    within: bool | None


def by_row(template: Template, month: Month) -> dict[str, dict[str, int | None]]:
    """Counts by row and column, null where hidden."""
    return {
        row: {column: month.shown(row, column) for column in template.columns}
        for row in template.lines
    }


def month_state(found: Series, of: Month) -> MonthState:
    """A month over the API."""
    template, then = found.template, found.earlier.get(of.month)
    return MonthState(
        month=of.month,
        figures=by_row(template, of),
        new_year_before={row: then.shown(row, "new") for row in template.lines} if then else None,
        share={
            row: None if share is None else round(share, 1)
            for row, share in make_up(template, of).items()
        },
    )


def version_state(template: Template, row: Row, *, counts: bool) -> VersionState:
    """A version over the API, with all of its counts or none."""
    whole = Month(row["month"], row["values"])
    figures = by_row(template, whole) if counts else None
    names = ("id", "month", "version", "state", "why", "reason", "sent_by", "sent_ms", "load")
    return VersionState(**{name: row[name] for name in names}, figures=figures)


def faults(words: Words, wrong: Sequence[Wrong]) -> list[FaultState]:
    """Faults over the API, in the words of the form."""
    return [
        FaultState(
            field=of.field,
            row=of.row,
            column=of.column,
            key=of.key,
            expected=of.expected,
            given=of.given,
            said=wording.fault(words, of),
        )
        for of in wrong
    ]


def lacking_state(of: Lacking) -> LackingState:
    """A month that is behind, over the API."""
    return LackingState(month=of.month, kind=of.kind, due=of.due)


def range_state(of: Ranged) -> RangeState:
    """A range over the API."""
    value = None if of.value is None else of.value / 10
    return RangeState(
        measure=of.range.measure,
        low=of.range.low / 10,
        high=of.range.high / 10,
        source=of.range.source,
        day=of.range.day,
        value=value,
        within=of.within,
    )
