"""A year of monthly figures: the court fills in a form, the petitions office hands over files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from api.imports import actions as imports
from api.imports.loading.worker import Worker
from api.platforms.judicial.figures.actions import reading, sending
from api.platforms.judicial.figures.actions.loading import KIND
from api.platforms.judicial.figures.records.templates import FLOW, TOTAL, cell, templates
from api.roster import ROSTER
from api.services import Services
from qingyuan.demo.hands import CLERK, COURT, account, on_day, today
from simulators.judicial.flows import YEARS, Body, bodies
from simulators.judicial.records import Sheet
from simulators.judicial.simulation import faultless
from simulators.judicial.writing import lines

SEED, MONTHS = 7, 12
_SOURCE = "区信访局送来的月报"
_SENT_AFTER, _DECIDED_AFTER = timedelta(days=5), timedelta(days=6)
"""From the first day of the month after."""


def begin_figures(services: Services) -> None:
    """Send and accept twelve months of both, unless that was done before. The court's last one
    waits for the office.
    """
    if reading.series(services, account(services, CLERK), "court").versions:
        return
    *decided, last = _year("court", today(services))
    for sheet in decided:
        _send(services, sheet)
        _accept(services, sheet)
    _send(services, last)
    for sheet in _year("petitions", today(services)):
        _load(services, sheet)


def _year(body: str, day: date) -> Sequence[Sheet]:
    """Sheets of the last months that ended: the season is that of the same month."""
    made = faultless(SEED, body)
    ended = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    last = (YEARS - 1) * 12 + ended.month
    found = []
    for back, sheet in enumerate(reversed(made[last - MONTHS : last])):
        years, month = divmod(ended.year * 12 + ended.month - 1 - back, 12)
        first = date(years, month + 1, 1)
        found.append(replace(sheet, month=first, sent_on=_after(first) + _SENT_AFTER))
    return found[::-1]


def _named(body: str) -> Body:
    return next(of for of in bodies() if of.id == body)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _send(services: Services, sheet: Sheet) -> None:
    then = on_day(services, sheet.sent_on)
    given = {"month": f"{sheet.month:%Y-%m}", **_cells(sheet)}
    sending.send(then, account(then, COURT), sheet.body, given)


def _cells(sheet: Sheet) -> Mapping[str, str]:
    template = templates()[sheet.body]
    columns = (*FLOW, *template.parts)
    rows = {row: of.figures for row, of in zip(template.rows, sheet.rows, strict=True)}
    rows[TOTAL] = sheet.total
    return {
        cell(row, column): str(count)
        for row, counts in rows.items()
        for column, count in zip(columns, counts, strict=True)
    }


def _accept(services: Services, sheet: Sheet) -> None:
    then = on_day(services, _after(sheet.month) + _DECIDED_AFTER)
    office = account(then, CLERK)
    versions = reading.series(then, office, sheet.body).versions
    waiting = next(of for of in versions if of["state"] == "sent")
    sending.decide(then, office, waiting["id"], accept=True, reason="")


def _load(services: Services, sheet: Sheet) -> None:
    """The file as the petitions office hands it over, loaded and thereby accepted."""
    then = on_day(services, sheet.sent_on)
    parts, by = imports.parts_of(then, ROSTER), account(then, CLERK).actor
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines(sheet, _named(sheet.body)))
    content, name = io.BytesIO(text.getvalue().encode()), f"信访{sheet.month:%Y年%m月}.csv"
    load = imports.send(parts, by, parts.kinds[KIND.name], _SOURCE, name, content)
    imports.load_at_once(Worker(), parts, by, load, good_rows=True, dry_run=False)
