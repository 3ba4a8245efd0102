"""Reviews and corrections over the API; instants in UTC epoch ms, values in the indicator's unit.

A review gives the readings of a span another flag, a correction gives one reading another value.
The originals stay, and are back when the decision is withdrawn.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.reviews import actions
from api.platforms.environment.reviews.records import FLAGS
from api.services import Services, ServicesOf
from api.web.forms import LONGEST_WHY
from config.vocabulary.errors import FaultyInput
from ingest.annotations.corrections import AlreadyWithdrawn, Correction

LAST_MS = 253_402_300_799_000
router = APIRouter(tags=["reviews"], dependencies=[SameOrigin])

Flag = Literal["good", "suspect", "bad"]
Code = Annotated[str, Path(max_length=20)]
Instant = Annotated[int, Field(ge=0, le=LAST_MS)]
Why = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_WHY, pattern="^[^\0]*$"
    ),
]
Most = Annotated[int, Query(ge=1, le=1000)]


class Review(BaseModel):
    """Readings of ``from_ms <= t < to_ms`` get another flag."""

    model_config = ConfigDict(strict=True, extra="forbid")
    from_ms: Instant
    to_ms: Instant
    quality: Flag
    why: Why


class Correcting(BaseModel):
    """The reading of one instant gets another value."""

    model_config = ConfigDict(strict=True, extra="forbid")
    at_ms: Instant
    value: Annotated[float, Field(allow_inf_nan=False)]
    why: Why


class CorrectionState(BaseModel):
    """A decision, by whom and why. Of a review ``value`` is null. ``account`` is the username of
    ``by``, who was called so then; ``withdrawn_account`` likewise.
    """

    id: int
    kind: Literal["review", "correction"]
    station: str
    indicator: str
    from_ms: int
    to_ms: int
    value: float | None
    quality: str
    by: str
    account: str | None
    why: str
    at_ms: int
    withdrawn_by: str | None
    withdrawn_account: str | None
    withdrawn_ms: int | None


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]
Reviewer = Annotated[Account, require(EnvironmentPermission.REVIEW_READINGS)]


@router.post("/stations/{station_id}/series/{code}/reviews", status_code=201)
def review(
    station_id: str, code: Code, body: Review, who: Reviewer, services: ServicesOf
) -> CorrectionState:
    """Review the flags of a span: good, suspect or bad. The originals stay."""
    series = _series(services, station_id, code)
    try:
        made = actions.review(
            services, who, series, body.from_ms, body.to_ms, FLAGS[body.quality], body.why
        )
    except FaultyInput as fault:
        raise HTTPException(422, str(fault)) from fault
    return _state(made)


@router.post("/stations/{station_id}/series/{code}/corrections", status_code=201)
def correct(
    station_id: str, code: Code, body: Correcting, who: Reviewer, services: ServicesOf
) -> CorrectionState:
    """Correct the value of one reading, which is good then. The original stays."""
    series = _series(services, station_id, code)
    try:
        span = (body.at_ms, body.at_ms + 1)
        made = actions.correct(services, who, series, *span, body.value, body.why)
    except FaultyInput as fault:
        raise HTTPException(422, str(fault)) from fault
    return _state(made)


@router.get("/stations/{station_id}/series/{code}/corrections")
def of_series(
    station_id: str,
    code: Code,
    services: ServicesOf,
    _who: Viewer,
    from_ms: Annotated[int, Query(ge=0, le=LAST_MS)] = 0,
    to_ms: Annotated[int | None, Query(ge=0, le=LAST_MS)] = None,
    most: Most = 200,
) -> list[CorrectionState]:
    """The decisions about a series that touch a span, withdrawn or not; the newest first."""
    series = _series(services, station_id, code)
    found = services.corrections.listing(series=series, from_ms=from_ms, to_ms=to_ms, most=most)
    return [_state(row) for row in found]


@router.get("/corrections")
def corrections(
    services: ServicesOf, _who: Viewer, station: str | None = None, most: Most = 200
) -> list[CorrectionState]:
    """Everything that was decided, withdrawn or not; the newest first."""
    return [_state(row) for row in services.corrections.listing(station=station, most=most)]


@router.delete("/corrections/{correction_id}")
def withdraw(
    correction_id: Annotated[int, Path(ge=1, le=2**63 - 1)], who: Reviewer, services: ServicesOf
) -> CorrectionState:
    """Take back a review or a correction; 409 with the name of the person who was first."""
    try:
        gone = actions.withdraw(services, who, correction_id)
    except AlreadyWithdrawn as first:
        raise HTTPException(409, f"{first}; nothing is left to do") from first
    if gone is None:
        raise HTTPException(404, f"unknown correction {correction_id}; see /api/v1/corrections")
    return _state(gone)


def _series(services: Services, station_id: str, code: str) -> str:
    if station_id not in services.catalogue.stations:
        raise HTTPException(404, f"unknown station {station_id!r}; see /api/v1/stations")
    codes = services.catalogue.plans[station_id]
    if code not in codes:
        known = ", ".join(codes)
        raise HTTPException(404, f"code {code!r} is not measured here; use one of {known}")
    return f"{station_id}/{code}"


def _state(row: Correction) -> CorrectionState:
    station, _, code = row.series.partition("/")
    return CorrectionState(
        id=row.id,
        kind="review" if row.value is None else "correction",
        station=station,
        indicator=code,
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        value=row.value,
        quality=row.quality.name.lower(),
        by=row.by,
        account=row.account,
        why=row.why,
        at_ms=row.at_ms,
        withdrawn_by=row.withdrawn_by,
        withdrawn_account=row.withdrawn_account,
        withdrawn_ms=row.withdrawn_ms,
    )
