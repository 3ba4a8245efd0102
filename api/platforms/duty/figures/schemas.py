"""Figures over the API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from api.platforms.duty.figures.records import Change, Figure

Text = Annotated[str, StringConstraints(max_length=600)]


class FigureGiven(BaseModel):
    """A figure: ``span`` as ``GET …/figures`` names it, numbers as digits with a point before
    decimals. Earlier values may be left to earlier figures.
    """

    model_config = ConfigDict(extra="forbid")
    topic: Text
    name: Text
    measure: Text = ""
    year: Text
    span: Text
    value: Text
    before: Text = ""
    year_before: Text = ""
    source: Text
    note: Text = ""


class ChangeState(BaseModel):
    """From an earlier value: the difference, and the part of it, null where it is none above
    zero. Decimals as text.
    """

    earlier: str
    difference: str
    part: str | None


class FigureState(BaseModel):
    """A figure with its changes since the period before and since the same of the year before;
    ``version`` counts its values.
    """

    id: int
    topic: str
    name: str
    measure: str | None
    year: str
    span: str
    value: str
    source: str
    note: str | None
    version: int
    before: ChangeState | None
    year_before: ChangeState | None


def figure_state(of: Figure) -> FigureState:
    """A figure."""
    names = ("id", "topic", "name", "measure", "year", "span", "value", "source", "note")
    return FigureState(
        **{name: of.row[name] for name in names},
        version=of.row["version"],
        before=_change(of.before),
        year_before=_change(of.year_before),
    )


def _change(of: Change | None) -> ChangeState | None:
    if of is None:
        return None
    part = None if of.part is None else f"{of.part:.6f}"
    return ChangeState(earlier=f"{of.earlier:f}", difference=f"{of.difference:f}", part=part)
