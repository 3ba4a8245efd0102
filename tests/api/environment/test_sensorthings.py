"""OGC SensorThings 1.1, read: stations, series and readings as other programs ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from msgspec.structs import replace

from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality, quality_of
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.journal.columns import Columns
from tests.api.conftest import NOW_MS, RunningCentre
from tests.conftest import SOAK

BASE = "/api/v1/sensorthings/v1.1"
SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
ACTIONS = "api.platforms.environment.sensorthings.actions"
STATION, CODE = "tonglv-pingchao", "w21003"
STREAM = f"{STATION}:{CODE}"
EVERY_MS = MINUTE_MS if SOAK else HOUR_MS
FIRST = "2026-11-24T03:10:00Z"
"""Of six readings by ten minutes, the last of them at noon."""


def got(client: httpx.Client, path: str, **options: str) -> dict[str, Any]:
    """An answer that must be one."""
    answer = client.get(BASE + path, params={f"${n}": v for n, v in options.items()})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    """Of a page."""
    return [row["@iot.id"] for row in found["value"]]


def pages(client: httpx.Client, path: str, **options: str) -> Iterator[dict[str, Any]]:
    """Every entity, page by page, as the links lead."""
    page = got(client, path, **options)
    yield from page["value"]
    while "@iot.nextLink" in page:
        link = urlsplit(page["@iot.nextLink"])
        page = client.get(f"{link.path}?{link.query}").raise_for_status().json()
        yield from page["value"]


def a_year(centre: RunningCentre) -> None:
    """Readings of a year, some of them suspect and one in fifty missing."""
    t = np.arange(NOW_MS - 365 * DAY_MS, NOW_MS, EVERY_MS, dtype=np.int64)
    rows = np.arange(len(t))
    cause = np.where(rows % 7 == 0, Cause.SPIKE, Cause.NORMAL).astype(np.uint8)
    value = np.where(rows % 50 == 0, np.nan, rows % 1000 / 100)
    flags = np.array([quality_of(Cause(of)) for of in cause.tolist()], np.uint8)
    columns = Columns(
        names=(f"{STATION}/{CODE}",),
        series=np.zeros(len(t), np.uint32),
        t=t,
        value=value,
        quality=flags,
        cause=cause,
        received=t + 1000,
        boots=("0" * 32,),
        boot=np.zeros(len(t), np.uint16),
        seq=rows.astype(np.int64),
    )
    centre.services.store.append(1, columns)


@pytest.fixture
def six(centre: RunningCentre) -> list[float]:
    """Readings of an hour."""
    values = [0.1, 0.2, 0.3, 1.4, 1.5, 0.6]
    centre.measured(f"{STATION}/{CODE}", [*values])
    return values


def test_the_service_names_its_collections_and_the_requirements_that_hold(
    deputy: httpx.Client,
) -> None:
    """Each address answers."""
    found = got(deputy, "")
    addresses = [urlsplit(row["url"]).path for row in found["value"]]
    assert [path.rpartition("/")[2] for path in addresses] == [
        "Things",
        "Locations",
        "HistoricalLocations",
        "Datastreams",
        "Sensors",
        "ObservedProperties",
        "Observations",
        "FeaturesOfInterest",
    ]
    assert {deputy.get(path).status_code for path in addresses} == {200}
    named = found["serverSettings"]["conformance"]
    assert f"{SPEC}/request-data/filter" in named
    assert not [one for one in named if "create-update-delete" in one]


@pytest.mark.parametrize("kind", ["Things", "Locations", "FeaturesOfInterest"])
def test_every_station_stands_in_three_collections_page_by_page(
    deputy: httpx.Client, catalogue: Catalogue, kind: str
) -> None:
    """Each once, in the catalogue's order."""
    found = list(pages(deputy, f"/{kind}", top="3"))
    assert [row["@iot.id"] for row in found] == list(catalogue.stations)
    for row, station in zip(found, catalogue.stations.values(), strict=True):
        assert row["name"] == station.name
        for geometry in ("location", "feature"):
            if geometry in row:
                assert row[geometry]["coordinates"] == list(station.position)
                assert row["properties"]["datum"] == "WGS 84"
                assert row["encodingType"] == "application/geo+json"


def test_every_series_is_a_datastream_with_station_property_and_sensor(
    deputy: httpx.Client, catalogue: Catalogue
) -> None:
    """With the unit of its indicator."""
    found = list(pages(deputy, "/Datastreams", expand="Thing,Sensor,ObservedProperty"))
    assert [(row["Thing"]["@iot.id"], row["ObservedProperty"]["@iot.id"]) for row in found] == [
        (station, code) for station, codes in catalogue.plans.items() for code in codes
    ]
    for row in found:
        indicator = catalogue.known[row["ObservedProperty"]["@iot.id"]]
        assert row["unitOfMeasurement"]["symbol"] == (indicator.unit or "pH")
        model = catalogue.instruments.get(row["Sensor"]["@iot.id"])
        assert model is None or indicator.code in model.codes


def test_a_year_of_one_series_by_pages_is_what_the_store_holds(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Each reading once, with value, flag and both instants."""
    a_year(centre)
    path = f"/Datastreams('{STREAM}')/Observations"
    track = centre.services.store.track(f"{STATION}/{CODE}", 0, NOW_MS + 1)
    found = list(pages(deputy, path, top="10000" if SOAK else "1000"))
    assert [row["@iot.id"] for row in found] == [f"{STREAM}:{t}" for t in track.t.tolist()]
    values = [None if v != v else v for v in track.value.tolist()]  # noqa: PLR0124
    assert [row["result"] for row in found] == values
    flags = [Quality(of).name.lower() for of in track.quality.tolist()]
    assert [row["resultQuality"]["flag"] for row in found] == flags
    stamps = np.datetime_as_string(track.t.astype("datetime64[ms]"), unit="ms").tolist()
    assert [row["phenomenonTime"] for row in found] == [f"{at}Z" for at in stamps]
    assert got(deputy, path, top="0", count="true")["@iot.count"] == len(track)
    good = f"resultQuality/flag eq 'good' and phenomenonTime ge {stamps[100]}Z"
    assert got(deputy, path, top="0", count="true", filter=good)["@iot.count"] == int(
        np.count_nonzero(track.quality[100:] == Quality.GOOD)
    )
    backwards = [row["@iot.id"] for row in pages(deputy, path, orderby="phenomenonTime desc")]
    assert backwards == [row["@iot.id"] for row in reversed(found)]
    span = got(deputy, f"/Datastreams('{STREAM}')")["phenomenonTime"]
    assert span == f"{stamps[0]}Z/{stamps[-1]}Z"


OF_VALUES: list[tuple[str, list[float]]] = [
    ("result gt 0.25 and result lt 1", [0.3, 0.6]),
    ("result le 0.1 or result ge 1.5", [0.1, 1.5]),
    ("not (result ge 0.3)", [0.1, 0.2]),
    ("result mul 10 add 1 eq 16", [1.5]),
    ("round(result) eq 1", [1.4, 0.6]),
    (f"phenomenonTime gt {FIRST}", [0.2, 0.3, 1.4, 1.5, 0.6]),
    (f"phenomenonTime le {FIRST}", [0.1]),
    (f"phenomenonTime eq {FIRST} and result gt 1", []),
    ("resultTime ge 2026-11-24T11:50:00+08:00", [1.5, 0.6]),
    (f"phenomenonTime lt {FIRST} or result eq 1.4", [1.4]),
    ("minute(phenomenonTime) eq 20", [0.2]),
    (f"Datastream/id eq '{STREAM}' and result eq 0.3", [0.3]),
    ("Datastream/id eq 'tonglv-jinsha:w21003'", []),
    ("Datastream/Thing/properties/river eq 'tonglv' and result eq 0.3", [0.3]),
    ("startswith(Datastream/ObservedProperty/id, 'a')", []),
    ("resultQuality/cause ne 'normal'", []),
    ("result eq null", []),
    ("result ne null and result gt 1.4", [1.5]),
    ("result gt 'x'", []),
]


@pytest.mark.parametrize(("filter_", "values"), OF_VALUES)
def test_a_filter_chooses_observations(
    six: list[float], deputy: httpx.Client, filter_: str, values: list[float]
) -> None:
    """Of all series, counted alike."""
    found = got(deputy, "/Observations", filter=filter_, count="true")
    assert [row["result"] for row in found["value"]] == values
    assert found["@iot.count"] == len(values)
    assert set(values) <= set(six)


@pytest.mark.parametrize(
    ("filter_", "wanted"),
    [
        ("name eq '通吕运河平潮断面'", lambda of: of.id == STATION),
        ("properties/kind eq 'air'", lambda of: of.kind == "air"),
        (
            "substringof('tonglv', id) and properties/order ge 2",
            lambda of: "tonglv" in of.id and of.order >= 2,
        ),
        (
            "endswith(name, '断面') or contains(id, 'air')",
            lambda of: of.name[-2:] == "断面" or "air" in of.id,
        ),
        ("tolower(concat(id, 'X')) eq 'tonglv-pingchaox'", lambda of: of.id == STATION),
        ("length(trim(id)) gt 12", lambda of: len(of.id) > 12),
        ("indexof(id, 'pingchao') eq 7", lambda of: of.id == STATION),
        ("substring(id, 7, 4) eq 'ping'", lambda of: of.id == STATION),
    ],
)
def test_a_filter_chooses_stations(
    deputy: httpx.Client, catalogue: Catalogue, filter_: str, wanted: Any
) -> None:
    """As the catalogue says."""
    expected = [of.id for of in catalogue.stations.values() if wanted(of)]
    assert [row["@iot.id"] for row in pages(deputy, "/Things", filter=filter_)] == expected


def test_a_filter_reaches_through_collections(deputy: httpx.Client, catalogue: Catalogue) -> None:
    """It holds where it does for one of them."""
    found = pages(deputy, "/Things", filter=f"Datastreams/ObservedProperty/id eq '{CODE}'")
    expected = [station for station, codes in catalogue.plans.items() if CODE in codes]
    assert [row["@iot.id"] for row in found] == expected


def test_options_are_nested_in_an_expansion(six: list[float], deputy: httpx.Client) -> None:
    """The newest reading of a station's ammonia in one request."""
    newest = "Observations($top=1;$orderby=phenomenonTime desc;$select=result;$count=true)"
    inner = f"Datastreams($filter=ObservedProperty/id eq '{CODE}';$select=name;$expand={newest})"
    found = got(deputy, f"/Things('{STATION}')", expand=f"{inner},Locations/Things")
    (stream,) = found["Datastreams"]
    assert set(stream) == {
        "name",
        "Observations",
        "Observations@iot.count",
        "Observations@iot.nextLink",
    }
    assert stream["Observations"] == [{"result": six[-1]}]
    assert stream["Observations@iot.count"] == len(six)
    link = urlsplit(stream["Observations@iot.nextLink"])
    following = deputy.get(f"{link.path}?{link.query}").json()
    assert following["value"] == [{"result": six[-2]}]
    assert found["Locations"][0]["Things"][0]["@iot.id"] == STATION


def test_a_page_with_large_expansions_is_shorter_and_leads_on(
    six: list[float], deputy: httpx.Client, catalogue: Catalogue
) -> None:
    """No request reads more than some series, and none is left out."""
    options = {"expand": "Datastreams($expand=Observations($top=500;$select=result);$select=id)"}
    assert len(got(deputy, "/Things", **options)["value"]) < len(catalogue.stations)
    found = list(pages(deputy, "/Things", **options))
    assert [row["@iot.id"] for row in found] == list(catalogue.stations)
    first = {row["@iot.id"]: row for row in found[0]["Datastreams"]}
    assert [row["result"] for row in first[STREAM]["Observations"]] == six


def test_observations_are_sorted_by_what_is_asked(six: list[float], deputy: httpx.Client) -> None:
    """Also by a value, with pages."""
    path = f"/Datastreams('{STREAM}')/Observations"
    down = pages(deputy, path, orderby="result desc", top="2")
    assert [row["result"] for row in down] == sorted(six, reverse=True)
    up = got(deputy, path, orderby="result asc", top="2", skip="1")
    assert [row["result"] for row in up["value"]] == sorted(six)[1:3]
    by_time = got(deputy, path, orderby="phenomenonTime desc", skip="4")
    assert [row["result"] for row in by_time["value"]] == six[1::-1]
    names = [row["name"] for row in pages(deputy, "/Things", orderby="name desc,id")]
    assert names == sorted(names, reverse=True)


def test_an_entity_its_properties_and_its_links_have_addresses(
    six: list[float], deputy: httpx.Client
) -> None:
    """Each leads back to itself, however it was reached."""
    found = got(deputy, f"/FeaturesOfInterest('{STATION}')/Observations", top="1")["value"][0]
    link = urlsplit(found["@iot.selfLink"]).path
    assert deputy.get(link).json() == found
    leading = f"/Things('{STATION}')/Datastreams('{STREAM}')/Observations('{found['@iot.id']}')"
    assert got(deputy, leading) == found
    assert got(deputy, f"{leading}/Datastream/Thing")["@iot.id"] == STATION
    assert got(deputy, f"{leading}/result") == {"result": six[0]}
    assert deputy.get(f"{BASE}{leading}/result/$value").text == str(six[0])
    assert got(deputy, f"{leading}/Datastream/Sensor/name")["name"]
    references = got(deputy, f"/Things('{STATION}')/Locations/$ref")["value"]
    assert urlsplit(references[0]["@iot.selfLink"]).path == f"{BASE}/Locations('{STATION}')"
    assert got(deputy, f"/Things('{STATION}')/HistoricalLocations")["value"] == []
    for name in ("Datastreams", "Locations", "HistoricalLocations"):
        thing = got(deputy, f"/Things('{STATION}')")
        assert deputy.get(thing[f"{name}@iot.navigationLink"]).status_code == 200


def test_a_reading_below_detection_names_its_limit_and_a_missing_one_has_no_result(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """As the series of the API has them."""
    centre.measured(f"{STATION}/{CODE}", [0.01], cause=Cause.UNDETECTED)
    centre.clock.now_ms += 1000
    centre.measured(f"{STATION}/{CODE}", [None], cause=Cause.TIMEOUT)
    low, missing = got(deputy, f"/Datastreams('{STREAM}')/Observations")["value"]
    assert (low["result"], low["parameters"]["below"]) == (0.01, 0.02)
    assert (missing["result"], missing["resultQuality"]["flag"]) == (None, "missing")
    assert "below" not in missing["parameters"]
    address = f"{BASE}/Observations('{missing['@iot.id']}')/result"
    assert deputy.get(address).status_code == 204


@pytest.mark.parametrize(
    ("path", "options", "status", "said"),
    [
        ("/Stations", {}, 404, "Things"),
        ("/Things('none')", {}, 404, "none"),
        ("/Things(1)", {}, 404, "single quotes"),
        (f"/Things('tonglv-jinsha')/Datastreams('{STREAM}')", {}, 404, STREAM),
        (f"/Observations('{STREAM}:1')", {}, 404, "no"),
        (f"/Things('{STATION}')/colour", {}, 404, "description"),
        ("/Things/name", {}, 404, "id"),
        ("/Things/$value", {}, 404, "$value"),
        ("/Things", {"$filter": "colour eq 1"}, 400, "description"),
        ("/Things", {"$filter": "name eq"}, 400, "value is wanted"),
        ("/Things", {"$filter": "(name eq 'a'"}, 400, "parenthesis"),
        ("/Things", {"$filter": "name eq 'a' name"}, 400, "operator"),
        ("/Things", {"$filter": "Datastreams eq 1"}, 400, "Datastreams/id"),
        ("/Things", {"$filter": "startswith(name)"}, 400, "2 values"),
        ("/Things", {"$filter": "(" * 21 + "1" + ")" * 21}, 400, "flatter"),
        ("/Things", {"$filter": " and ".join(["1 eq 1"] * 60)}, 400, "parts"),
        ("/Things", {"$filter": "x" * 2001}, 400, "2000"),
        ("/Observations", {"$filter": "phenomenonTime gt 2026-11-24T00:00:00"}, 400, "offset"),
        ("/Things", {"$filter": "st_within(name, 'x')"}, 501, "comparisons"),
        ("/Things", {"$filter": "Datastreams/Observations/result gt 1"}, 501, "Observations"),
        ("/Sensors", {"$filter": "Datastreams/Thing/Locations/id eq 'x'"}, 501, "second"),
        ("/Datastreams", {"$orderby": "phenomenonTime"}, 501, "Observations"),
        ("/Observations", {"$orderby": "phenomenonTime"}, 501, "one Datastream"),
        ("/Things", {"$orderby": "name up"}, 400, "desc"),
        ("/Things", {"$expand": "Observations"}, 400, "Datastreams"),
        ("/Things", {"$expand": "!"}, 400, "cannot be read"),
        ("/Things", {"$expand": "Datastreams/Thing/" * 2 + "Datastreams"}, 400, "deeper"),
        ("/Things", {"$select": "colour"}, 400, "description"),
        ("/Things", {"$top": "-1"}, 400, "whole number"),
        ("/Things", {"$skip": "many"}, 400, "whole number"),
        ("/Things", {"$count": "yes"}, 400, "true or false"),
        ("/Things", {"$resultFormat": "dataArray"}, 400, "$filter"),
        ("/Things", {"limit": "1"}, 400, "$top"),
        ("/Observations", {"$skiptoken": "none"}, 400, "nextLink"),
        (f"/Things('{STATION}')", {"$top": "1"}, 400, "$expand"),
        (f"/Things('{STATION}')/name", {"$select": "name"}, 400, "leave it out"),
    ],
)
def test_a_refusal_names_the_option_and_the_remedy(
    deputy: httpx.Client, path: str, options: dict[str, str], status: int, said: str
) -> None:
    """Whatever does not hold."""
    answer = deputy.get(BASE + path, params=options)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    if status != 404:
        assert [answer.json()["option"]] == [*options]


def test_an_option_that_stands_twice_is_refused(deputy: httpx.Client) -> None:
    """One of the two would be forgotten."""
    answer = deputy.get(f"{BASE}/Things?$top=1&$top=2")
    assert (answer.status_code, answer.json()["option"]) == (400, "$top")


def test_no_request_reads_readings_without_end(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter that nothing fits is answered all the same, or asks for a shorter span."""
    centre.measured_days(f"{STATION}/{CODE}", 2, 0.5)
    monkeypatch.setattr(f"{ACTIONS}.observations.MOST_READ", 2000)
    nothing = {"$filter": "result gt 1"}
    refused = deputy.get(f"{BASE}/Observations", params=nothing)
    assert refused.status_code == 400
    assert "narrow phenomenonTime" in refused.json()["detail"]
    shorter = nothing["$filter"] + " and phenomenonTime ge 2026-11-23T00:00:00Z"
    assert ids(got(deputy, "/Observations", filter=shorter)) == []


def test_no_request_reads_series_without_end(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many series one is to be named."""
    centre.measured(f"{STATION}/{CODE}", [0.5])
    centre.measured(f"{STATION}/w01009", [7.0])
    monkeypatch.setattr(f"{ACTIONS}.observations.MOST_SERIES", 1)
    refused = deputy.get(f"{BASE}/Observations")
    assert refused.status_code == 400
    assert "Datastream/id" in refused.json()["detail"]
    found = got(deputy, "/Observations", filter=f"Datastream/id eq '{STREAM}'")
    assert [row["result"] for row in found["value"]] == [0.5]


def test_the_newest_of_many_readings_are_few_to_read(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a series began long ago and others have gaps."""
    centre.measured_days(f"{STATION}/{CODE}", 30, 0.5)
    centre.measured(f"{STATION}/{CODE}", [0.75])
    monkeypatch.setattr(f"{ACTIONS}.observations.MOST_READ", 500)
    newest = "Observations($top=1;$orderby=phenomenonTime desc)"
    found = got(deputy, f"/Datastreams('{STREAM}')", expand=newest)
    assert [row["result"] for row in found["Observations"]] == [0.75]
    first = got(deputy, f"/Datastreams('{STREAM}')/Observations", top="50")
    assert len(first["value"]) == 50


def test_one_entity_that_would_show_thousands_is_refused(
    deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the remedy."""
    monkeypatch.setattr(f"{ACTIONS}.answers.MOST_WEIGHT", 5)
    for path in (f"/Things('{STATION}')", "/Things"):
        answer = deputy.get(BASE + path, params={"$expand": "Datastreams"})
        assert answer.status_code == 400
        assert "$top" in answer.json()["detail"]


def test_four_hundred_stations_are_listed_with_their_series(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """All of them, by pages."""
    stations = centre.services.catalogue.stations
    one = stations[STATION]
    stations |= {of: replace(one, id=of) for of in (f"more-{n}" for n in range(400))}
    centre.services.wording.catalogue.__dict__.pop("plans")
    found = list(pages(deputy, "/Things", expand="Datastreams($select=id)", select="id"))
    assert [row["@iot.id"] for row in found] == list(stations)
    assert all(row["Datastreams"] for row in found)
