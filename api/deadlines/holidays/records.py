"""The notice of a year as somebody writes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.web.forms import NotAccepted, Typed
from config.vocabulary.errors import Fault
from config.working_days import Notice, faults_of

FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
ROWS = len(FESTIVALS) + 1
"""Of the form: one more, where two festivals are apart that the form has as one."""
FIRST_YEAR, LAST_YEAR = 2024, 2099
_DAYS = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?")
_LEAST = 7
"""Characters of the title of a notice."""


class Written(BaseModel):
    """The form: a row of each festival, and the weekends that are worked as people write them."""

    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    notice: Typed = ""
    published: Typed = ""
    name: Annotated[list[Typed], Field(max_length=ROWS)] = Field(default_factory=list)
    begin: Annotated[list[Typed], Field(max_length=ROWS)] = Field(default_factory=list)
    until: Annotated[list[Typed], Field(max_length=ROWS)] = Field(default_factory=list)
    make_up: Typed = ""

    def read(self) -> Notice:
        """The notice, after the same checks as a file.

        Raises:
            NotAccepted: with the first thing that does not hold.
        """
        if len(self.notice.strip()) < _LEAST:
            raise NotAccepted(Fault("notice", "has no title", "write it"), "notice")
        values = {
            "notice": self.notice.strip(),
            "published": _day("published", self.published),
            "mark": "read",
            "holiday": list(self._holidays()),
            "make_up": self._make_up(),
        }
        if not values["holiday"]:
            raise NotAccepted(Fault("holiday", "there is none", "write them"), "holiday")
        found = msgspec.convert(values, Notice)
        for fault in faults_of(self.year, found):
            where = "make_up" if fault.where.startswith("make_up") else "holiday"
            raise NotAccepted(
                Fault(where, f"{fault.where} {fault.what}", fault.remedy),
                "days-off" if where == "holiday" else "make-up",
                which=fault.where.removeprefix("make_up ").removeprefix("holiday"),
            )
        return found

    def _holidays(self) -> Iterator[dict[str, object]]:
        for name, begin, until in zip(self.name, self.begin, self.until, strict=False):
            if name.strip() and (begin or until):
                first, last = _day("holiday", begin), _day("holiday", until)
                if abs((last - first).days) > 31:
                    raise NotAccepted(Fault("holiday", f"{name} is long", "mend it"), "long")
                yield {"name": name.strip(), "from": first, "to": last}

    def _make_up(self) -> Sequence[date]:
        try:
            return sorted(
                {
                    date(int(year or self.year), int(month), int(of))
                    for year, month, of in _DAYS.findall(self.make_up)
                }
            )
        except ValueError as error:
            fault = Fault("make_up", "has no day of the calendar", "write 2027-02-14")
            raise NotAccepted(fault, "make-up", which=self.make_up) from error

    def rows(self) -> list[tuple[str, str, str]]:
        """The rows as they were filled in, and empty ones."""
        rows = list(zip(self.name, self.begin, self.until, strict=False))
        return rows or [*((name, "", "") for name in FESTIVALS), ("", "", "")]


def _day(where: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise NotAccepted(Fault(where, f"{text!r} is no day", "write it"), "day") from error
    if not FIRST_YEAR - 1 <= found.year <= LAST_YEAR:
        raise NotAccepted(Fault(where, f"{found} is far away", "mend it"), "day")
    return found


class Given(BaseModel):
    """The notice as programs give it: the fields of a year's file."""

    model_config = ConfigDict(extra="forbid")

    notice: Annotated[str, Field(min_length=_LEAST, max_length=200)]
    published: date
    holiday: Annotated[list[GivenHoliday], Field(min_length=1, max_length=ROWS)]
    make_up: Annotated[list[date], Field(max_length=40)] = Field(default_factory=list)

    def written(self, year: int) -> Written:
        """The same as the form has it."""
        return Written(
            year=year,
            notice=self.notice,
            published=self.published.isoformat(),
            name=[of.name for of in self.holiday],
            begin=[of.begin.isoformat() for of in self.holiday],
            until=[of.to.isoformat() for of in self.holiday],
            make_up=" ".join(of.isoformat() for of in self.make_up),
        )


class GivenHoliday(BaseModel):
    """A festival, and the days from and to which people are off."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40)]
    begin: Annotated[date, Field(alias="from")]
    to: date


Given.model_rebuild()
