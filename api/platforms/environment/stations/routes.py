"""Stations over the API. Instants are UTC epoch ms, values in the indicator's unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice, starmap
from os import fstat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, Literal

from fastapi import APIRouter, HTTPException, Query, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from api.accounts.records import Account
from api.authentication.costs import CHART, costs
from api.authentication.requests import require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations import actions
from api.platforms.environment.stations.records import Overview
from api.platforms.environment.stations.schemas import Geography, geography
from api.platforms.environment.stations.wording import causes
from api.services import Services, ServicesOf
from api.web.tables import saved_as
from config.catalogue.shapes import Station
from config.vocabulary.detection import limit_of
from config.vocabulary.indicators import Indicator
from config.vocabulary.time import DAY_MS, day_of
from ingest.store.csv_lines import HEADER, lines
from ingest.store.parquet import Table
from ingest.store.protocol import Track

LONGEST_MS = 400 * DAY_MS
PART_BYTES = 1 << 16
PARQUET = "application/vnd.apache.parquet"
Instant = Annotated[int, Query(ge=0, le=253_402_300_799_000)]
Code = Annotated[str, InPath(max_length=20)]

router = APIRouter(prefix="/stations", tags=["stations"])
district = APIRouter(tags=["stations"])
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_STATIONS)]


class StationState(BaseModel):
    """A station with its judgement."""

    id: str
    name: str
    kind: str
    position: tuple[float, float]
    label: str
    word: str
    basis: str
    latest_ms: int | None
    late: bool
    firing: int


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
    below: list[float | None] = Field(
        description="Of a reading below detection (cause 14) the detection limit, shown to "
        "people as <0.02; null of every other. Its value is half of the limit, for means."
    )
    lines: list[dict[str, str | float | None]]
    changes: list[dict[str, str | int]]
    flags: dict[int, str]
    """Each quality flag in a word; so that live readings find theirs, all of them."""
    causes: dict[int, str]


@router.get("")
def stations(services: ServicesOf, _who: Viewer) -> list[StationState]:
    """Every station with its judgement."""
    return [_state(row) for row in actions.overview(services)]


@district.get("/map")
def map_of_district(services: ServicesOf, _who: Viewer) -> Geography:
    """Rivers, towns and stations as GeoJSON, WGS 84. It changes with the catalogue alone; how the
    stations stand is no part of it.
    """
    return geography(services.catalogue)


class GeoJson(JSONResponse):
    """RFC 7946."""

    media_type = "application/geo+json"


@router.get(".geojson", response_class=GeoJson, response_model=None)
def stations_on_a_map(services: ServicesOf, _who: Viewer) -> GeoJson:
    """Every station as a point of GeoJSON (WGS 84) with its judgement."""
    found = [_state(row).model_dump() for row in actions.overview(services)]
    features = [
        {
            "type": "Feature",
            "id": state["id"],
            "geometry": {"type": "Point", "coordinates": state.pop("position")},
            "properties": state,
        }
        for state in found
    ]
    return GeoJson({"type": "FeatureCollection", "features": features})


@router.get("/{station_id}")
def station(station_id: str, services: ServicesOf, _who: Viewer) -> StationState:
    """One station with its judgement."""
    known = _station(services, station_id)
    return next(_state(row) for row in actions.overview(services) if row.station.id == known.id)


@router.get("/{station_id}/series/{code}")
@costs(CHART)
def series(
    station_id: str,
    code: Code,
    services: ServicesOf,
    _who: Viewer,
    from_ms: Instant | None = None,
    to_ms: Instant | None = None,
    points: Annotated[int, Query(ge=10, le=5000)] = 800,
) -> Series:
    """One indicator of a station, thinned for drawing; by default the last day."""
    known = _station(services, station_id)
    indicator = _indicator(services, known, code)
    end = to_ms if to_ms is not None else services.now_ms() + 1
    begin = from_ms if from_ms is not None else max(end - DAY_MS, 0)
    if not 0 < end - begin <= LONGEST_MS:
        raise HTTPException(422, "from_ms must lie before to_ms, by at most 400 days")
    track = services.store.drawing(f"{known.id}/{code}", begin, end, points)
    values = [None if value != value else value for value in track.value.tolist()]  # noqa: PLR0124
    causes_of = track.cause.tolist()
    return Series(
        station=known.id,
        indicator=code,
        name=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        late_after_ms=known.late_after_ms,
        t=track.t.tolist(),
        value=values,
        quality=track.quality.tolist(),
        cause=causes_of,
        below=list(map(limit_of, values, causes_of)),
        lines=actions.lines(services, known, code),
        changes=actions.new_standards(services, code, begin, end),
        flags=causes.flags(services),
        causes=causes.causes(services),
    )


@router.get(
    "/{station_id}/series/{code}/readings.{form}",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {}}, PARQUET: {"schema": {}}}}},
)
def readings(
    station_id: str,
    code: Code,
    form: Literal["csv", "parquet"],
    services: ServicesOf,
    _who: Viewer,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Response:
    """Every reading of an indicator as judged and corrected, as a file for other programs. Both
    days are in it, by the district's calendar; by default it is the last 30.
    """
    known = _station(services, station_id)
    _indicator(services, known, code)
    last = to_day or date.fromisoformat(day_of(services.now_ms()))
    first = from_day or last - timedelta(days=29)
    if not timedelta(0) <= last - first < timedelta(milliseconds=LONGEST_MS):
        raise HTTPException(422, "from_day must lie before to_day, by less than 400 days")
    found = actions.tracks(services, f"{known.id}/{code}", first, last)
    name = saved_as(f"{known.id}-{code}.{form}")
    if form == "csv":
        text = chain([HEADER], chain.from_iterable(starmap(_written, found)))
        return StreamingResponse(text, media_type="text/csv", headers=name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "readings"
        with Table(path) as table:
            for series, track in found:
                table.add(series, track)
        # Without a name it is gone with the answer, however that ends.
        file = path.open("rb")
    size = {"Content-Length": str(fstat(file.fileno()).st_size)}
    return StreamingResponse(_parts(file), media_type=PARQUET, headers={**name, **size})


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(PART_BYTES):
            yield part


def _written(series: str, track: Track) -> Iterator[str]:
    """Some lines at once: each part of an answer costs the same."""
    rows = lines(series, track)
    while some := "".join(islice(rows, 1000)):
        yield some


def _indicator(services: Services, station: Station, code: str) -> Indicator:
    found = next((of for of in services.catalogue.indicators(station.id) if of.code == code), None)
    if found is None:
        codes = ", ".join(services.catalogue.plans[station.id])
        raise HTTPException(404, f"code {code!r} is not measured here; use one of {codes}")
    return found


def _station(services: Services, station_id: str) -> Station:
    found = services.catalogue.stations.get(station_id)
    if found is None:
        raise HTTPException(404, f"unknown station {station_id!r}; see /api/v1/stations")
    return found


def _state(row: Overview) -> StationState:
    return StationState(
        id=row.station.id,
        name=row.station.name,
        kind=row.station.kind,
        position=row.station.position,
        label=row.judged.label,
        word=row.judged.word,
        basis=row.judged.basis,
        latest_ms=row.latest_ms,
        late=row.late,
        firing=row.firing,
    )
