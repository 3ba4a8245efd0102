"""SensorThings by a client that others use: FROST's, over a socket, with a machine's token."""

from __future__ import annotations

from typing import Any

import frost_sta_client as frost
import httpx
import pytest
import requests
from requests.auth import AuthBase

from config.catalogue.shapes import Catalogue
from tests.api.conftest import RunningCentre
from tests.api.test_tokens import made

# The client asks its library for an address in an older way.
pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated:DeprecationWarning")

STATION, CODE = "tonglv-pingchao", "w21003"
VALUES = [n / 10 for n in range(250)]


class Bearer(AuthBase):
    """A token in the header."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        """With the header."""
        asked.headers["Authorization"] = f"Bearer {self._secret}"
        return asked


class ByToken(frost.AuthHandler):  # type: ignore[misc]
    """The client knows passwords only; a token is any other authentication of its library."""

    def add_auth_header(self) -> AuthBase:
        """See the client."""
        return Bearer(self.password)


@pytest.fixture
def service(
    centre: RunningCentre, address: str, administrator: httpx.Client
) -> frost.SensorThingsService:
    """With 250 readings of a series."""
    centre.measured(f"{STATION}/{CODE}", [*VALUES])
    by = ByToken("", made(administrator)["secret"])
    return frost.SensorThingsService(f"{address}/api/v1/sensorthings/v1.1", auth_handler=by)


def test_the_client_walks_from_all_stations_to_the_readings_of_one(
    service: Any, catalogue: Catalogue
) -> None:
    """Pages are followed by the client itself."""
    things = list(service.things().query().top(3).list())
    assert [thing.id for thing in things] == list(catalogue.stations)
    thing = service.things().find(STATION)
    assert thing.name == catalogue.stations[STATION].name
    (location,) = thing.get_locations().query().list()
    assert tuple(location.location["coordinates"]) == catalogue.stations[STATION].position
    streams = thing.get_datastreams().query().expand("ObservedProperty,Sensor").list()
    (ammonia,) = [of for of in streams if of.observed_property.id == CODE]
    assert ammonia.unit_of_measurement.symbol == "mg/L"
    assert ammonia.sensor.metadata
    found = list(ammonia.get_observations().query().list())
    assert [one.result for one in found] == VALUES
    assert {one.result_quality["flag"] for one in found} == {"good"}
    assert len({one.id for one in found}) == len(VALUES)


def test_the_client_filters_orders_and_expands(service: Any) -> None:
    """What its query builder writes."""
    stream = service.datastreams().find(f"{STATION}:{CODE}")
    newest = stream.get_observations().query().orderby("phenomenonTime").top(1)
    first = newest.expand("FeatureOfInterest").list().entities[0]
    assert (first.result, first.feature_of_interest.id) == (VALUES[-1], STATION)
    span = stream.phenomenon_time.split("/")
    assert first.phenomenon_time == span[1] == "2026-11-24T04:00:00.000Z"
    asked = stream.get_observations().query()
    high = list(asked.filter(f"result ge 20 and phenomenonTime ge {span[0]}").list())
    assert [one.result for one in high] == [value for value in VALUES if value >= 20]
    with pytest.raises(requests.HTTPError):
        service.things().query().filter("colour eq 'red'").list()


def test_without_a_token_the_client_gets_nothing(service: Any) -> None:
    """Stations are not for everybody."""
    service.auth_handler = None
    with pytest.raises(requests.HTTPError):
        service.things().query().list()
