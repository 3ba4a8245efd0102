"""Stations over the API. Instants are UTC epoch ms, values in the indicator's unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice, starmap
from os import fstat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, Literal

from fastapi import APIRouter, HTTPException, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.environment.charted import LONGEST_MS, measured
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations import actions
from api.platforms.environment.stations.records import Overview
from api.platforms.environment.stations.schemas import Geography, geography
from api.services import Services, ServicesOf
from api.web.tables import saved_as
from config.catalogue.shapes import Station
from config.vocabulary.time import day_of
from ingest.store.csv_lines import HEADER, lines
from ingest.store.parquet import Table
from ingest.store.protocol import Track

PART_BYTES = 1 << 16
PARQUET = "application/vnd.apache.parquet"
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
    known, _ = measured(services, station_id, code)
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
