"""A station's part of the catalogue as the centre sends it to the field, and how it is read there.

JSON of the catalogue's own shapes, with a number that grows: of two the greater one counts.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from config.catalogue import checks
from config.catalogue.shapes import Catalogue, Instrument, River, Site, Station
from config.vocabulary.bounds import Instant
from config.vocabulary.errors import Fault, FaultyInput

VERSION = 1


class Sent(Struct, frozen=True, forbid_unknown_fields=True):
    """One station with the makes of its instruments; ``n`` is its number."""

    v: int
    n: Instant
    station: Station
    instruments: list[Instrument]


def packed(catalogue: Catalogue, station_id: str, n: int) -> bytes:
    """A station's part of a catalogue that holds together."""
    station = catalogue.stations[station_id]
    makes = dict.fromkeys(place.instrument for place in station.instruments)
    return msgspec.json.encode(
        Sent(VERSION, n, station, [catalogue.instruments[make] for make in makes])
    )


def number_of(payload: bytes) -> int:
    """The number of a sent catalogue, 0 where it has none that can be read."""
    try:
        return msgspec.json.decode(payload, type=_Numbered).n
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0


class _Numbered(Struct):
    n: Instant = 0


def unpacked(payload: bytes, site: Site, station_id: str) -> Catalogue:
    """A catalogue of the one station.

    Raises:
        FaultyInput: with every fault at once; it is another station's, or does not hold.
    """
    try:
        sent = msgspec.json.decode(payload, type=Sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        fault = Fault("config", f"does not decode ({error})", "send it again from the centre")
        raise FaultyInput([fault]) from error
    station, makes = sent.station, {make.id: make for make in sent.instruments}
    faults: list[Fault] = []
    if sent.v != VERSION:
        faults.append(
            Fault("config.v", f"is {sent.v}, not {VERSION}", "bring the agent up to date")
        )
    if station.id != station_id:
        what = f"is {station.id!r}, and this is {station_id!r}"
        faults.append(Fault("station.id", what, "send it to the other station"))
    rivers = {station.river} if station.river else set()
    faults += checks.of_station(station, "station", rivers)
    faults += checks.of_placements(station, "station", makes, makes)
    faults += checks.of_neighbours([("station", station)])
    for make in sent.instruments:
        faults += checks.of_instrument(make, f"{make.id}:")
    if faults:
        raise FaultyInput(faults)
    streams = {name: River(name, name, [station.position] * 2) for name in rivers}
    return Catalogue(site, streams, {station.id: station}, makes)
