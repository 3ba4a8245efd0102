"""Make the papers of periods that have ended, by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, cast

import msgspec

from api.accounts.records import Secrecy
from api.audit import CENTRE
from api.kinds.reports import Paper, ReportKind
from api.platforms.environment.days.records import Medium
from api.platforms.environment.period_report.actions.papers import (
    AIR,
    WATER,
    YEAR,
    counted,
    paper,
)
from api.platforms.environment.period_report.records.periods import (
    Chosen,
    ChosenYear,
    Period,
    Span,
    ended_before,
)
from api.platforms.environment.period_report.wording import congress
from api.reports.actions import keep
from api.reports.records import CENTRE_NAME, Draft, Extent, Offered
from api.reports.repository import Reports
from api.shape import CoreServices
from config.vocabulary.time import day_of

Due = tuple[ReportKind[Any], msgspec.Struct, Callable[[], Paper | None]]


def make_due(core: CoreServices) -> None:
    """The job: of each span of ``report_periods`` the paper of the period that ended last, once.
    None is made of a period in which nothing was measured.
    """
    today = date.fromisoformat(day_of(core.now_ms()))
    for span in filter(None, core.report_periods.split(",")):
        for kind, chosen, freeze in _due(core, ended_before(cast(Span, span), today)):
            _make(core, Offered("environment", kind), chosen, freeze)


def _due(core: CoreServices, period: Period) -> Iterator[Due]:
    chosen = Chosen(period.code)
    yield WATER, chosen, lambda: _measured(core, period, "water")
    yield AIR, chosen, lambda: _measured(core, period, "air")
    if period.span == "year":
        yield YEAR, ChosenYear(period.first.year), lambda: _year(core, period)


def _measured(core: CoreServices, period: Period, medium: Medium) -> Paper | None:
    found = counted(core, medium, period)
    return paper(core, found) if any(of.days for of in found.now) else None


def _year(core: CoreServices, period: Period) -> Paper | None:
    both = counted(core, "water", period), counted(core, "air", period)
    if not any(of.days for one in both for of in one.now):
        return None
    return congress.paper(core, ChosenYear(period.first.year), *both)


def _make(
    core: CoreServices,
    offered: Offered,
    chosen: msgspec.Struct,
    freeze: Callable[[], Paper | None],
) -> None:
    parameters = msgspec.json.encode(chosen, order="sorted").decode()
    with core.state.read() as connection:
        if Reports(core.state).made(connection, offered, parameters, CENTRE_NAME) is not None:
            return
    if (found := freeze()) is None:
        return
    extents = frozenset({Extent("", Secrecy.OPEN)})
    with core.state.begin() as connection:
        keep(core, connection, Draft(offered, parameters, found, extents), CENTRE)
