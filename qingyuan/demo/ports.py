"""Ports for a demonstration beside whatever else runs on the machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Refused

# Below the ephemeral ports, where a client that tries again may meet itself.
BROKER_PORTS = range(18_830, 18_850)
CLAIM_PORTS = range(18_850, 18_870)
PORT_OFFSETS = range(0, 400, 20)


@contextmanager
def claimed(catalogue: Catalogue) -> Iterator[tuple[int, Catalogue]]:
    """A free port for a broker and the catalogue with all its instruments and loggers on free
    ports: as they stand, or all moved up alike where some are taken.

    Demonstrations that begin at the same moment find different ones: each listens on the claim
    port of its own from the search to its end.

    Raises:
        Refused: all that were tried are taken.
    """
    wanted = sorted(_ports(catalogue))
    for claim, broker, offset in zip(CLAIM_PORTS, BROKER_PORTS, PORT_OFFSETS, strict=True):
        try:
            held = socket.create_server(("127.0.0.1", claim))
        except OSError:
            continue
        with held:
            if all(map(_is_free, (broker, *(port + offset for port in wanted)))):
                yield broker, _moved(catalogue, offset)
                return
    places = f"{wanted[0]} to {wanted[-1]} and {BROKER_PORTS[0]}"
    what = "are in use, and those above"
    raise Refused(f"ports {places} (Modbus, HJ 212, broker)", what, "free some of them")


def _ports(catalogue: Catalogue) -> set[int]:
    found = set()
    for station in catalogue.stations.values():
        found |= {place.port for place in station.instruments if place.serial is None}
        found |= {logger.port for logger in station.loggers}
    return found


def _moved(catalogue: Catalogue, offset: int) -> Catalogue:
    stations = {}
    for name, station in catalogue.stations.items():
        places = [
            place if place.serial else replace(place, port=place.port + offset)
            for place in station.instruments
        ]
        loggers = [replace(logger, port=logger.port + offset) for logger in station.loggers]
        stations[name] = replace(station, instruments=places, loggers=loggers)
    return replace(catalogue, stations=stations)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
