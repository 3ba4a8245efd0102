"""A question for totals, and a line of its answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints

By = Literal["unit", "month", "project", "function", "economic", "fund", "payee"]
BYS: tuple[By, ...] = get_args(By)
Text = Annotated[str, StringConstraints(max_length=200)]
Month = Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d(-(0[1-9]|1[0-2]))?)$")]


class Narrowing(BaseModel):
    """Values that payments have: each given one must hold. ``period`` is a year or a month."""

    model_config = ConfigDict(extra="forbid")
    period: Month = ""
    unit: Text = ""
    project: Text = ""
    function: Text = ""
    economic: Text = ""
    fund: Text = ""
    payee: Text = ""

    def query(self, **changes: str) -> str:
        """As part of an address."""
        return urlencode(self.model_dump(exclude_defaults=True) | changes)


@dataclass(frozen=True, slots=True)
class Sum:
    """Payments of one value: their sum in fen, and how many there are."""

    value: str
    amount: int
    payments: int
