"""Curves over the API. Instants are UTC epoch ms, values in the indicator's unit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath
from pydantic import BaseModel, Field

from api.accounts.records import Account
from api.authentication.costs import CHART, costs
from api.authentication.requests import require
from api.platforms.environment.charted import LONGEST_MS, Drawn, Wish, measured
from api.platforms.environment.charts import actions, wording
from api.platforms.environment.charts.records import thinned
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations.actions import new_standards
from api.platforms.environment.stations.wording import causes
from api.services import ServicesOf
from api.web.forms import LAST_MS
from config.vocabulary.detection import limit_of
from config.vocabulary.time import DAY_MS

Instant = Annotated[int, Query(ge=0, le=LAST_MS)]

router = APIRouter(prefix="/stations", tags=["stations"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]


class AlertOnCurve(BaseModel):
    """An alert that stood within the span; ``until`` is null while it stands."""

    t: int
    until: int | None
    level: str
    words: str
    path: str


class Series(BaseModel):
    """One series in columns, with the lines that a chart draws beside it."""

    station: str
    indicator: str
    name: str
    unit: str
    decimals: int
    late_after_ms: int
    """How long the station may be silent; a chart draws no line across a longer time."""
    t: list[int]
    value: list[float | None]
    quality: list[int]
    cause: list[int]
    drawn: Drawn
    share: list[float] = Field(
        description="Of each mean how much of its hour or day was measured, 0 to 1; of readings "
        "nothing."
    )
    enough: list[bool] = Field(
        description="Of each mean whether that is enough for a judgement; of readings nothing."
    )
    below: list[float | None] = Field(
        description="Of a reading below detection (cause 14) the detection limit, shown to "
        "people as <0.02; null of every other. Its value is half of the limit, for means."
    )
    lines: list[dict[str, str | float | None]]
    changes: list[dict[str, str | int]]
    flags: dict[int, str]
    """Each quality flag in a word; so that live readings find theirs, all of them."""
    causes: dict[int, str]
    words: str
    """Of what is drawn."""
    summary: list[str]
    """Sentences on the whole span, before it was thinned."""
    alerts: list[AlertOnCurve]


@router.get("/{station_id}/series/{code}")
@costs(CHART)
def series(
    station_id: str,
    code: Annotated[str, InPath(max_length=20)],
    services: ServicesOf,
    account: Viewer,
    from_ms: Instant | None = None,
    to_ms: Instant | None = None,
    points: Annotated[int, Query(ge=10, le=5000)] = 800,
    drawn: Wish = "readings",
) -> Series:
    """One indicator of a station, thinned for drawing; by default the last day. ``drawn`` asks for
    means of hours or days instead of readings; ``auto`` chooses by the span.
    """
    known, indicator = measured(services, station_id, code)
    end = to_ms if to_ms is not None else services.now_ms() + 1
    begin = from_ms if from_ms is not None else max(end - DAY_MS, 0)
    if not 0 < end - begin <= LONGEST_MS:
        raise HTTPException(422, "from_ms must lie before to_ms, by at most 400 days")
    whole = actions.curve(services, known, code, drawn, begin, end)
    lines = actions.lines(services, known, code, whole.drawn)
    curve = thinned(whole, begin, end, points)
    values = [None if value != value else value for value in curve.value.tolist()]  # noqa: PLR0124
    causes_of = curve.cause.tolist()
    means = curve.drawn != "readings"
    sees_alerts = account.may(EnvironmentPermission.SEE_ALERTS)
    return Series(
        station=known.id,
        indicator=code,
        name=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        late_after_ms=known.late_after_ms,
        t=curve.t.tolist(),
        value=values,
        quality=curve.quality.tolist(),
        cause=causes_of,
        drawn=curve.drawn,
        share=curve.share.round(4).tolist(),
        enough=curve.counted.tolist() if means else [],
        below=list(map(limit_of, values, causes_of)),
        lines=lines,
        changes=new_standards(services, code, begin, end),
        flags=causes.flags(services),
        causes=causes.causes(services),
        words=wording.drawn(services, code, curve.drawn),
        summary=wording.summary(services, known, indicator, whole, lines, (begin, end)),
        alerts=[
            AlertOnCurve(
                t=kept.alert.began_ms,
                until=kept.alert.resolved_ms,
                level=kept.alert.level.name.lower(),
                words=wording.alert(services, kept.alert),
                path=f"/environment/alerts/{kept.alert.id}",
            )
            for kept in (actions.alerts(services, known, code, begin, end) if sees_alerts else ())
        ],
    )
